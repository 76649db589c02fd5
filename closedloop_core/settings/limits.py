"""The range of every numeric setting, once: for the library, the app's controls, links and errors.

Next: `laws`, the distributions of the data.
"""

import math
from dataclasses import dataclass
from typing import Any

from closedloop_core.checks import limits, one_number
from closedloop_core.quoting import quoted, shortened


class ParameterError(ValueError):
    """A refused setting, as a ValueError whose sentence names the field, the rule and the value.

    Parameters
    ----------
    field : str, the name of the setting; kept as an attribute
    message : str, the sentence
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field

    def __reduce__(self) -> tuple[Any, ...]:
        return (ParameterError, (self.field, str(self)))


@dataclass(frozen=True)
class Limit:
    """The range of a numeric setting.

    Attributes
    ----------
    low, high : float, the smallest and the largest value that is allowed
    whole : bool, whether the value must be a whole number
    """

    low: float
    high: float
    whole: bool

    def rule(self) -> str:
        """Return the rule in words: ``between 0.02 and 50``."""
        return limits(self.low, self.high)


LIMITS: dict[str, Limit] = {
    "temperature": Limit(0.02, 50.0, whole=False),
    "external_fraction": Limit(0.0, 1.0, whole=False),
    "sample_size": Limit(1, 10**9, whole=True),
    "initial_size": Limit(1, 10**9, whole=True),
    "growth": Limit(1e-6, 1e9, whole=False),
    "subsample_size": Limit(1, 10**9, whole=True),
    "generations": Limit(1, 100_000, whole=True),
    "seed": Limit(0, 2**32 - 1, whole=True),
}


def checked(name: str, value: Any, limit: Limit | None = None) -> float:
    """Return a setting's value after checking it against the setting's limit.

    Parameters
    ----------
    name : str, a setting
    value : a number of Python or NumPy
    limit : Limit, its range; None: that of ``LIMITS``

    Returns
    -------
    int where the setting is a whole number, else float

    Raises
    ------
    ValueError
        If the value is not a number of the setting's kind or beyond its limit (a
        `ParameterError`).
    """
    limit = limit or LIMITS[name]
    words = f"{name} must be {limit.rule()}, got "
    try:
        return one_number(name, value, limit.low, limit.high, limit.whole)
    except ValueError as error:
        message = str(error)
        if name in ("temperature", "growth") and message.startswith(words) and value <= 0:
            message = message.replace(words, f"{name} must be > 0, got ", 1)
        raise ParameterError(name, message) from None


def read_number(name: str, text: str, limit: Limit | None = None) -> tuple[float, str | None]:
    """Read the number of a setting from a link; one beyond its limit is moved to the limit.

    Parameters
    ----------
    name : str, a setting
    text : str
    limit : Limit, its range; None: that of ``LIMITS``

    Returns
    -------
    value : int where the setting is a whole number, else float
    complaint : str, a sentence for the reader of the link; None if the number was not moved

    Raises
    ------
    ValueError
        If ``text`` is not a number of the setting's kind.
    """
    limit = limit or LIMITS[name]
    kind = "a whole number" if limit.whole else "a number"
    try:
        value = float_of(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (limit.whole and value != int(value)):
        raise ValueError(f"{name} must be {kind}, got {quoted(text)}")
    moved = min(max(value, limit.low), limit.high)
    complaint = None
    if moved != value:
        complaint = f"{name} must be {limit.rule()}, got {shortened(text)}; {moved:,.10g} is used."
    return (int(moved) if limit.whole else moved), complaint


def float_of(text: str) -> float:
    """Return the number in a text; ValueError also for ``1_0``, which Python reads as ten."""
    if "_" in text:
        raise ValueError(f"a number must have no underscore, got {quoted(text)}")
    return float(text)


def written(value: object) -> str:
    """Return a setting's value as a link writes it: ``0.5``, ``2``, ``replace``."""
    return str(value).removesuffix(".0")
