"""JSON: settings saved by the dashboard, or a list of labels in one of the forms people have.

Read are {label: count}, [[label, count], ...], [{"label": ..., "count": ...}, ...] with any names,
[label, ...] and {"labels": [...], "counts": [...]}.
"""

import json
import math
from collections.abc import Sequence
from typing import Any

from closedloop_core.quoting import quoted
from closedloop_core.settings.reading.headings import COUNT, LABEL, SHARE, named_as
from closedloop_core.settings.reading.options import MAX_COLUMNS, ReadingError
from closedloop_core.settings.reading.records import Cell, Row, Table

_FORMS = (
    "a JSON file must hold saved settings, an object of label and count, or a list of labels or of"
    " labels with counts"
)


class _Object(dict[str, Any]):
    """An object that remembers all its pairs: a label may stand in it twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


def parse(text: str) -> Any:
    """Parse JSON; numbers that JSON does not know (NaN, Infinity) are refused.

    Raises
    ------
    ReadingError
        (A ValueError.) If the text is no JSON, or is nested too deeply.
    """

    def refuse(name: str) -> float:
        raise ReadingError("file", f"a count must be a number >= 0, got {name}")

    try:
        return json.loads(text, object_pairs_hook=_Object, parse_constant=refuse)
    except ReadingError:
        raise
    except json.JSONDecodeError as error:
        raise ReadingError(
            "file", f"a JSON file must be whole, got an error in line {error.lineno:,}"
        ) from None
    except (ValueError, RecursionError):
        raise ReadingError(
            "file", "a JSON file must be plain, got numbers or levels beyond all use"
        ) from None


def settings_in(value: Any) -> dict[str, Any] | None:
    """Return a settings file's values, or None if this is none: it has a format and a version."""
    if isinstance(value, dict) and isinstance(value.get("format"), str) and "version" in value:
        return dict(value)
    return None


def table_in(value: Any) -> tuple[Table, bool]:
    """Return the rows of a JSON list, and whether the first row holds names of columns.

    Raises
    ------
    ReadingError
        (A ValueError.) Naming what was found, if it has none of the forms above.
    """
    has_names = False
    if isinstance(value, _Object):
        columns = _parallel(value)
        pairs = value.pairs if columns is None else columns
        rows: list[Row] = [
            (_cell(label, i), _cell(count, i)) for i, (label, count) in enumerate(pairs)
        ]
    elif not isinstance(value, list):
        raise ReadingError("file", f"{_FORMS}, got {_what(value)}")
    elif value and isinstance(value[0], dict):
        rows, has_names = _of_objects(value), True
    elif value and isinstance(value[0], list):
        rows = [_of_list(item, i) for i, item in enumerate(value)]
    else:
        rows = [(_cell(item, i),) for i, item in enumerate(value)]
    if not rows:
        raise ReadingError("file", f"{_FORMS}, got an empty one")

    def where(i: int) -> str:
        return f"item {i + 1 - has_names:,}"

    raw = [", ".join(map(str, rows[0])), *[""] * (len(rows) - 1)]
    return Table(rows, [1] * len(rows), raw, where, lambda: range(len(rows))), has_names


def _parallel(value: _Object) -> list[tuple[Any, Any]] | None:
    """Return pairs of {"labels": [...], "counts": [...]}, else None."""
    lists = {name: one for name, one in value.items() if isinstance(one, list)}
    labels = [name for name in lists if named_as(name, LABEL) == 2]
    counts = [name for name in lists if named_as(name, COUNT) or named_as(name, SHARE)]
    if len(labels) != 1 or len(counts) != 1 or labels == counts:
        return None
    one, other = lists[labels[0]], lists[counts[0]]
    if len(one) != len(other):
        raise ReadingError(
            "file", f"labels and counts must be as many, got {len(one):,} and {len(other):,}"
        )
    return list(zip(one, other, strict=True))


def _of_objects(items: list[Any]) -> list[Row]:
    names = list(items[0])[:MAX_COLUMNS]
    rows: list[Row] = [tuple(names)]
    for i, item in enumerate(items):
        if not isinstance(item, dict):
            raise ReadingError("file", f"{_FORMS}, got {_what(item)} as item {i + 1:,}")
        rows.append(tuple(_cell(item.get(name, ""), i) for name in names))
    return rows


def _of_list(item: Any, i: int) -> Row:
    if not isinstance(item, list) or len(item) > MAX_COLUMNS:
        raise ReadingError("file", f"{_FORMS}, got {_what(item)} as item {i + 1:,}")
    return tuple(_cell(cell, i) for cell in item)


def _cell(value: Any, i: int) -> Cell:
    """Return a text or a number; anything else is refused with the number of its item."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    raise ReadingError("file", f"{_FORMS}, got {_what(value)} as item {i + 1:,}")


def _what(value: Any) -> str:
    """Return what a JSON value is, in words."""
    if isinstance(value, dict):
        return "an object" if not value else f"an object with {quoted(next(iter(value)))}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"a list of {len(value):,}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return quoted(str(value)) if isinstance(value, str | float) else "a number beyond every range"
