"""What every public function says of an argument that it cannot use: field, rule, value.

One sentence, of bounded length, whatever was handed in. Next: `measures`.
"""

import math
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from closedloop_core.quoting import quoted

_INTEGERS = 2**63

T = TypeVar("T")


def one_number(
    name: str, value: Any, low: float = -math.inf, high: float = math.inf, whole: bool = False
) -> float:
    """Return a number within limits as int or float.

    Raises
    ------
    ValueError
        If it is no number (a text, a truth value, an array with an axis, nothing), not finite
        unless a limit is, not whole where that is asked for, or outside its limits.
    """
    kind = "a whole number" if whole else "a number"
    if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "iuf":
        value = value[()]  # what measures of one law return
    if isinstance(value, bool | np.bool_) or not isinstance(
        value, int | float | np.integer | np.floating
    ):
        raise ValueError(f"{name} must be {kind}, got {quoted(value)}")
    # `not (low <= value <= high)` refuses NaN too.
    if not low <= value <= high:
        raise ValueError(f"{name} must be {limits(low, high)}, got {short_number(value)}")
    if whole:
        if isinstance(value, float | np.floating) and not float(value).is_integer():
            raise ValueError(f"{name} must be a whole number, got {short_number(value)}")
        return int(value)
    try:
        return float(value)
    except OverflowError:
        raise ValueError(f"{name} must be a finite number, got {quoted(value)}") from None


def limits(low: float, high: float) -> str:
    """Return a rule in words: ``between 0.02 and 50``, ``>= 0``."""
    if math.isinf(high):
        return f">= {low:,.10g}" if math.isfinite(low) else "a number"
    return f"between {low:,.10g} and {high:,.10g}"


def short_number(value: Any) -> str:
    """Return a number for a message as a reader writes it."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _INTEGERS:
        return quoted(value)
    return str(value)


def numbers(name: str, values: Any) -> NDArray[np.float64]:
    """Return an array of real numbers as (...) float64; a copy only where it must be.

    Raises
    ------
    ValueError
        If it holds anything but real numbers, or rows of different lengths.
    """
    rule = f"{name} must be numbers, got {quoted(values)}"
    if values is None or isinstance(values, str | bytes | bytearray | dict | set | frozenset):
        raise ValueError(rule)
    try:
        found = np.asarray(values)
    except Exception:  # rows of different lengths, and what refuses to be an array at all
        raise ValueError(rule) from None
    if found.dtype.kind == "O" and found.ndim > 0:
        found = _whole_numbers(found, rule)
    if found.dtype.kind not in "iuf":
        raise ValueError(f"{name} must be numbers, got {_kind_of(found, values)}")
    with np.errstate(over="ignore"):
        return found.astype(np.float64, copy=False)


def _whole_numbers(found: NDArray[Any], rule: str) -> NDArray[Any]:
    """Return whole numbers beyond 64 bits as floats; leave anything else as it is."""
    flat = found.ravel().tolist()
    if not all(isinstance(x, int | float) and not isinstance(x, bool) for x in flat):
        raise ValueError(rule)
    try:
        return np.array([float(x) for x in flat]).reshape(found.shape)
    except OverflowError:
        raise ValueError(rule) from None


def _kind_of(found: NDArray[Any], values: Any) -> str:
    if found.size == 0 or found.ndim == 0:
        return quoted(values)
    kinds = {"b": "truth values", "c": "complex numbers", "U": "texts", "S": "bytes"}
    return kinds.get(found.dtype.kind, quoted(values))


def of_kind(name: str, value: T, kind: type | tuple[type, ...], words: str) -> T:
    """Return a value of a kind; TypeError unless it is one. ``words`` say which: ``a Law``."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {words}, got {quoted(value)}")
    return value


def texts_of(name: str, values: Any) -> list[str]:
    """Return a sequence of texts as a list.

    Raises
    ------
    ValueError
        If it is anything else; a single text is one too.
    """
    if isinstance(values, np.ndarray):
        values = values.tolist()
    if not isinstance(values, Sequence) or isinstance(values, str | bytes | bytearray):
        raise ValueError(f"{name} must be a list of texts, got {quoted(values)}")
    for value in values:
        if not isinstance(value, str):
            raise ValueError(f"{name} must be a list of texts, got {quoted(value)} in it")
    return list(values)
