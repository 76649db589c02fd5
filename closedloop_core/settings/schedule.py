"""Interventions: settings that change while a run is under way.

In a link a schedule reads ``30:external_fraction:0,60:temperature:1.2``. Next: `params`.
"""

from collections.abc import Iterable, Sized
from dataclasses import dataclass
from itertools import islice
from typing import Any

from closedloop_core.quoting import quoted
from closedloop_core.settings.limits import ParameterError, checked, read_number, written

CHANGEABLE = ("temperature", "external_fraction", "sample_size", "subsample_size")
MAX_CHANGES = 50
_MAX_COMPLAINTS = 5
_MAX_TOKENS = 1_000


@dataclass(frozen=True, order=True)
class Change:
    """A setting that changes: from the step after ``generation`` on, ``field`` has ``value``.

    Parameters
    ----------
    generation : int in [1, 100,000]; at or past the end of a run it has no effect
    field : "temperature", "external_fraction", "sample_size" or "subsample_size"
    value : float, within the field's limits

    Raises
    ------
    ValueError
        Naming the field, the rule and the value (a `ParameterError`).
    """

    generation: int
    field: str
    value: float

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "generation", checked("generations", self.generation))
        except ParameterError as error:
            rule = str(error).removeprefix("generations")
            raise ParameterError("schedule", f"generation of a change{rule}") from None
        if not isinstance(self.field, str) or self.field not in CHANGEABLE:
            raise ParameterError(
                "schedule",
                f"field of a change must be one of {', '.join(CHANGEABLE)},"
                f" got {quoted(self.field)}",
            )
        object.__setattr__(self, "value", checked(self.field, self.value))

    def to_token(self) -> str:
        """Return the change as a link writes it: ``30:external_fraction:0``."""
        return f"{self.generation}:{self.field}:{written(self.value)}"


def ordered(changes: Any) -> tuple[Change, ...]:
    """Return a schedule in the order of time.

    Parameters
    ----------
    changes : iterable of Change, at most 50

    Returns
    -------
    tuple of Change

    Raises
    ------
    ValueError
        If it is not an iterable of Change, has two changes of one field at one generation, or more
        than 50 changes (a `ParameterError`).
    """
    if not isinstance(changes, Iterable) or isinstance(changes, str | bytes):
        raise ParameterError(
            "schedule", f"schedule must be a tuple of Change, got {quoted(changes)}"
        )
    try:
        found = list(islice(changes, MAX_CHANGES + 1))
        count = len(changes) if isinstance(changes, Sized) else len(found)
    except TypeError:  # an array of no dimension says that it can be gone through
        found, count = [changes], 1
    for change in found:
        if not isinstance(change, Change):
            raise ParameterError(
                "schedule", f"schedule must be a tuple of Change, got {quoted(change)}"
            )
    if count > MAX_CHANGES:
        raise ParameterError(
            "schedule", f"schedule must hold at most {MAX_CHANGES} changes, got {count:,}"
        )
    found.sort()
    for one, next_one in zip(found, found[1:], strict=False):
        if (one.generation, one.field) == (next_one.generation, next_one.field):
            raise ParameterError(
                "schedule",
                f"schedule must change {one.field} only once at generation {one.generation},"
                f" got {one.value} and {next_one.value}",
            )
    return tuple(found)


def to_text(schedule: tuple[Change, ...]) -> str:
    """Return a schedule as a link writes it: ``30:external_fraction:0,60:temperature:1.2``."""
    return ",".join(change.to_token() for change in schedule)


def from_text(text: str) -> tuple[tuple[Change, ...], list[str]]:
    """Read what `to_text` wrote; a change that cannot be read is left out. Never raises.

    Parameters
    ----------
    text : str

    Returns
    -------
    schedule : tuple of at most 50 Change, in the order of time
    complaints : list of str, a sentence for each change that was left out or altered, at most five
        and one that says how many more there are
    """
    changes: dict[tuple[int, str], Change] = {}
    complaints = []
    for token in text.split(",", _MAX_TOKENS)[:_MAX_TOKENS]:
        try:
            change, notes = _read_change(token)
        except ValueError as error:
            complaints.append(f"{error}; this change is left out.")
            continue
        complaints += notes
        key = (change.generation, change.field)
        if key in changes:
            complaints.append(
                f"schedule must change {change.field} only once at generation"
                f" {change.generation}; the last one is used."
            )
        changes[key] = change
    found = sorted(changes.values())
    if len(found) > MAX_CHANGES:
        complaints.append(
            f"schedule must hold at most {MAX_CHANGES} changes, got {len(found)};"
            " the first ones are used."
        )
    more = len(complaints) - _MAX_COMPLAINTS
    if more > 0:
        complaints[_MAX_COMPLAINTS:] = [f"schedule holds {more:,} more changes like these."]
    return tuple(found[:MAX_CHANGES]), complaints


def _read_change(token: str) -> tuple[Change, list[str]]:
    parts = token.strip().split(":")
    if len(parts) != 3 or parts[1] not in CHANGEABLE:
        raise ValueError(
            f"a change must read generation:field:value with field one of {', '.join(CHANGEABLE)},"
            f" got {quoted(token)}"
        )
    generation, late = read_number("generations", parts[0])
    value, beyond = read_number(parts[1], parts[2])
    notes = [late.replace("generations", "generation of a change", 1)] if late else []
    return Change(int(generation), parts[1], value), notes + ([beyond] if beyond else [])
