"""The range of every numeric setting, once: for the library, the dials, the link and the errors.

Next: `schedule`, changes during a run.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np


class ParameterError(ValueError):
    """A refused setting: the sentence names field, rule and value; ``field`` is the field."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field

    def __reduce__(self) -> tuple[Any, ...]:
        return (ParameterError, (self.field, str(self)))


@dataclass(frozen=True)
class Limit:
    """The range of a numeric setting, and whether it is a whole number."""

    low: float
    high: float
    whole: bool

    def rule(self) -> str:
        """Return the rule in words: ``between 0.02 and 50``."""
        return f"between {self.low:,.10g} and {self.high:,.10g}"


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
    """Return a setting's value as int or float; ParameterError if it breaks the setting's rule.

    ``limit`` is for settings of others than a `LoopParams`, which are not in ``LIMITS``.
    """
    limit = limit or LIMITS[name]
    kind = "a whole number" if limit.whole else "a number"
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise ParameterError(name, f"{name} must be {kind}, got {short(value)}")
    # `not (low <= value <= high)` refuses NaN too.
    if not limit.low <= value <= limit.high:
        rule = "> 0" if name in ("temperature", "growth") and value <= 0 else limit.rule()
        raise ParameterError(name, f"{name} must be {rule}, got {value}")
    if limit.whole and value != int(value):
        raise ParameterError(name, f"{name} must be a whole number, got {value}")
    return int(value) if limit.whole else float(value)


def read_number(name: str, text: str, limit: Limit | None = None) -> tuple[float, str | None]:
    """Return a link's number, moved to its limit where it is beyond, and then a complaint.

    Raises
    ------
    ValueError
        If ``text`` is not a number of the setting's kind.
    """
    limit = limit or LIMITS[name]
    kind = "a whole number" if limit.whole else "a number"
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (limit.whole and value != int(value)):
        raise ValueError(f"{name} must be {kind}, got {text[:40]!r}")
    moved = min(max(value, limit.low), limit.high)
    complaint = None
    if moved != value:
        complaint = f"{name} must be {limit.rule()}, got {text[:40]}; {moved:,.10g} is used."
    return (int(moved) if limit.whole else moved), complaint


def written(value: object) -> str:
    """Return a setting's value as a link writes it: ``0.5``, ``2``, ``replace``."""
    return str(value).removesuffix(".0")


def short(value: object) -> str:
    """Return a value for a message, cut to what a reader can take in."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
