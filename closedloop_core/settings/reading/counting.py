"""From rows to labels and weights: one decimal mark for a column, sums, refusals with their line.

Next: `understanding`, which keeps the most frequent and says what was read.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from closedloop_core.settings.reading.columns import Columns, cell_of
from closedloop_core.settings.reading.labels import clean_label, quoted
from closedloop_core.settings.reading.numerals import (
    BothWays,
    both_ways,
    decimal_question,
)
from closedloop_core.settings.reading.options import Question, ReadingError
from closedloop_core.settings.reading.records import Cell, Table, count_of

LARGEST = 1e300  # so that a sum of a file's counts stays finite
_TOTALS = frozenset("total totals sum summe gesamt insgesamt somme suma totale итого всего".split())
_GROUP_NAMES = {",": "commas", ".": "points", " ": "spaces", "'": "apostrophes"}


@dataclass(frozen=True)
class Counted:
    """Labels and their weights in the order of the file; remarks for the sentence.

    ``decimal`` is the mark that was used, or "." where no number has one.
    """

    totals: dict[str, float]
    decimal: Literal[".", ","] = "."
    remarks: tuple[str, ...] = ()
    question: Question | None = None


def count(
    table: Table, columns: Columns, label: int | None, number: int | None, decimal: str
) -> Counted:
    """Add up the weights of each label; without a column of numbers every line counts once.

    Parameters
    ----------
    label, number : the columns of labels and of counts, from 0, or None.
    decimal : "auto", "." or ",".

    Raises
    ------
    ReadingError
        (A ValueError.) Naming line and value, if a count is no number >= 0, or two counts use
        different decimal marks.
    """
    data = range(columns.first, len(table.rows))
    mark: Literal[".", ","] = "."
    if number is None:
        weights: Sequence[float] = [float(table.times[i]) for i in data]
        remarks: list[str] = []
    else:
        cells = [cell_of(table.rows[i], number) for i in data]
        ways = _ways_of(table, columns, label, cells)
        decided = decimal if decimal != "auto" else _decimal_of(table, columns, cells, ways)
        if isinstance(decided, Question):
            return Counted({}, question=decided)
        mark = "," if decided == "," else "."
        values = _values(table, columns, cells, ways, mark)
        weights = [values[cell] * table.times[i] for cell, i in zip(cells, data, strict=True)]
        remarks = _marks(ways, mark)
    if label is None:
        names = [str(k + 1) for k in range(len(weights))]
        if any(table.times[i] > 1 for i in data):
            raise ReadingError("list", "counts without labels must stand in lines of their own")
        return Counted(dict(zip(names, weights, strict=True)), mark, tuple(remarks))
    totals, more = _added_up(table, columns, label, weights, number is not None)
    return Counted(totals, mark, (*remarks, *more))


def _wrong(table: Table, columns: Columns, k: int, rule: str) -> ReadingError:
    return ReadingError("count", f"{rule} in {table.where(columns.first + k)}")


def _ways_of(
    table: Table, columns: Columns, label: int | None, cells: Sequence[Cell]
) -> dict[Cell, BothWays]:
    """Read every different cell both ways; refuse the first that is no number."""
    ways = {
        cell: both_ways(cell) if isinstance(cell, str) else BothWays(cell, cell)
        for cell in set(cells)
    }
    if all(way.point is not None or way.comma is not None for way in ways.values()):
        return ways
    for k, cell in enumerate(cells):
        if ways[cell].is_number:
            continue
        if cell != "":
            raise _wrong(
                table, columns, k, f"a count must be a number >= 0, got {quoted(str(cell))}"
            )
        name = "" if label is None else str(cell_of(table.rows[columns.first + k], label))
        if name:
            raise ReadingError(
                "count",
                f"every label must have a count, and {quoted(name)} has none in"
                f" {table.where(columns.first + k)}",
            )
    # Neither label nor count: such a line is left out with its label.
    return {**ways, "": BothWays(0.0, 0.0)}


def _decimal_of(
    table: Table, columns: Columns, cells: Sequence[Cell], ways: dict[Cell, BothWays]
) -> str | Question:
    """Return the decimal mark that some number proves, or the question if none does."""
    proofs = {
        cell: "." if way.comma is None else ","
        for cell, way in ways.items()
        if way.comma is None or way.point is None
    }
    marks = set(proofs.values())
    if len(marks) == 2:
        one = next(k for k, cell in enumerate(cells) if cell in proofs)
        other = next(
            k
            for k, cell in enumerate(cells)
            if proofs.get(cell, proofs[cells[one]]) != proofs[cells[one]]
        )
        raise _wrong(
            table,
            columns,
            other,
            "the counts must use one decimal mark, got"
            f" {quoted(str(cells[one]))} in {table.where(columns.first + one)} and"
            f" {quoted(str(cells[other]))}",
        )
    if marks:
        return marks.pop()
    k = next((k for k, cell in enumerate(cells) if ways[cell].is_open), None)
    if k is None:
        return "."
    return decimal_question(str(cells[k]), f" in {table.where(columns.first + k)}")


def _values(
    table: Table,
    columns: Columns,
    cells: Sequence[Cell],
    ways: dict[Cell, BothWays],
    decimal: str,
) -> dict[Cell, float]:
    """Return each cell's value; refuse what is none, negative, too large, or mixes percentages."""
    way_of = 1 if decimal == "," else 0
    read = {cell: way[way_of] for cell, way in ways.items()}
    values = {
        cell: value for cell, value in read.items() if value is not None and 0 <= value <= LARGEST
    }
    bad = read.keys() - values.keys()
    if bad:
        k = next(k for k, cell in enumerate(cells) if cell in bad)
        value = read[cells[k]]
        rule = "a number >= 0"
        if value is None:
            rule = f"a number with a decimal {'comma' if decimal == ',' else 'point'}"
        elif value > LARGEST:
            rule = f"a number up to {LARGEST:g}"
        raise _wrong(table, columns, k, f"a count must be {rule}, got {quoted(str(cells[k]))}")
    percent = {cell for cell, way in ways.items() if way.is_percent}
    plain = {cell for cell, value in values.items() if value} - percent if percent else set()
    if plain:
        k = next(k for k, cell in enumerate(cells) if cell in plain)
        raise _wrong(
            table,
            columns,
            k,
            f"counts must be all percentages or none, got {quoted(str(cells[k]))} without %",
        )
    return values


def _marks(ways: dict[Cell, BothWays], decimal: str) -> list[str]:
    """Say which marks the numbers hold: decimal comma, points at thousands, percentages."""
    texts = "\n".join(cell for cell in ways if isinstance(cell, str))
    texts = texts.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    said = []
    if decimal in texts:
        said.append("decimal comma" if decimal == "," else "decimal point")
    texts = texts.replace(" %", "%")
    said += [
        f"{name} at thousands"
        for group, name in _GROUP_NAMES.items()
        if group in texts and group != decimal
    ]
    if any(way.is_percent for way in ways.values()):
        said.append("percentages")
    return said


def _added_up(
    table: Table, columns: Columns, label: int, weights: Sequence[float], has_counts: bool
) -> tuple[dict[str, float], list[str]]:
    """Add up the weights of equal labels; say what was added up and what was left out."""
    totals: dict[str, float] = {}
    n_lines = unlabelled = 0
    name = ""
    for k, weight in enumerate(weights):
        i = columns.first + k
        row = table.rows[i]
        name = clean_label(str(row[label])) if label < len(row) else ""
        if not name:
            unlabelled += table.times[i]
            continue
        n_lines += table.times[i]
        totals[name] = totals.get(name, 0.0) + weight
    remarks = []
    if has_counts and n_lines > len(totals):
        remarks.append(count_of(n_lines - len(totals), "repeated label", "added up"))
    if unlabelled:
        remarks.append(count_of(unlabelled, "line", "without a label left out"))
    if has_counts and len(totals) > 2 and name.casefold() in _TOTALS:
        rest = math.fsum(totals.values()) - totals[name]
        if rest > 0 and math.isclose(totals[name], rest, rel_tol=1e-6):
            del totals[name]
            remarks.append(f"the sum in the last line, {quoted(name)}, left out")
    return totals, remarks
