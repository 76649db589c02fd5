"""The numbers of a column of counts: one decimal mark for all, and refusals with their line.

Next: `counting`, which adds them up for each label.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from closedloop_core.quoting import quoted
from closedloop_core.settings.reading.columns import Columns, cell_of, text_of
from closedloop_core.settings.reading.numerals import both_ways, decimal_question
from closedloop_core.settings.reading.options import Question, ReadingError
from closedloop_core.settings.reading.records import Cell, Table

LARGEST = 1e300  # so that a sum of a file's counts stays finite
Decimal = Literal[".", ","]
_GROUP_NAMES = {",": "commas", ".": "points", " ": "spaces", "'": "apostrophes"}


@dataclass(frozen=True)
class Amounts:
    """The values of a column, one for each row of data; the mark that was used; remarks."""

    values: Sequence[float]
    decimal: Decimal = "."
    remarks: tuple[str, ...] = ()


def amounts_in(
    table: Table, columns: Columns, label: int | None, number: int, decimal: str
) -> Amounts | Question:
    """Return the values of column ``number``, or the question which mark is the decimal mark.

    Raises
    ------
    ReadingError
        (A ValueError.) Naming line and value, if a count is no number >= 0, two counts use
        different decimal marks, or only some are percentages.
    """
    cells = [cell_of(row, number) for row in table.rows[columns.first :]]
    column = _Column(table, columns, label, cells)
    column.read()
    decided = column.decided() if decimal == "auto" else decimal
    if isinstance(decided, Question):
        return decided
    mark: Decimal = "," if decided == "," else "."
    values = column.checked(mark)
    return Amounts([values[cell] for cell in cells], mark, column.remarks(mark))


@dataclass(frozen=True)
class _Column:
    """A column's cells, and each different one read with a point and with a comma.

    Two plain dictionaries rather than one of records: a file may have half a million.
    """

    table: Table
    columns: Columns
    label: int | None
    cells: Sequence[Cell]
    point: dict[Cell, float | None] = field(default_factory=dict)
    comma: dict[Cell, float | None] = field(default_factory=dict)
    percent: set[Cell] = field(default_factory=set)

    def wrong(self, k: int, rule: str) -> ReadingError:
        """Return the refusal of the cell in data row k: ``rule, got “many” in line 2``."""
        cell = quoted(self.text(k))
        return ReadingError("count", f"{rule}, got {cell} in {self.line(k)}")

    def text(self, k: int) -> str:
        """Return the cell in data row k as text."""
        return text_of((self.cells[k],), 0)

    def line(self, k: int) -> str:
        """Say where data row k stands."""
        return self.table.where(self.columns.first + k)

    def read(self) -> None:
        """Read every different cell both ways; refuse the first that is no number."""
        for cell in set(self.cells):
            if isinstance(cell, str):
                self.point[cell], self.comma[cell], is_percent = both_ways(cell)
                if is_percent:
                    self.percent.add(cell)
            else:
                self.point[cell] = self.comma[cell] = cell
        bad = {cell for cell, value in self.point.items() if value is None}
        bad = {cell for cell in bad if self.comma[cell] is None}
        for k, cell in enumerate(self.cells if bad else ()):
            if cell in bad and cell != "":
                raise self.wrong(k, "a count must be a number >= 0")
            row = self.table.rows[self.columns.first + k]
            name = "" if self.label is None else text_of(row, self.label)
            if cell in bad and name:
                raise ReadingError(
                    "count",
                    f"every label must have a count, and {quoted(name)} has none in {self.line(k)}",
                )
        if bad:  # neither label nor count: such a line is left out with its label
            self.point[""] = self.comma[""] = 0.0

    def decided(self) -> str | Question:
        """Return the decimal mark that some number proves, or the question if none does."""
        points = {cell for cell, value in self.comma.items() if value is None}
        commas = {cell for cell, value in self.point.items() if value is None}
        if points and commas:
            one, other = sorted(
                next(k for k, cell in enumerate(self.cells) if cell in proofs)
                for proofs in (points, commas)
            )
            used = f"{quoted(self.text(one))} in {self.line(one)} and"
            raise ReadingError(
                "decimal",
                f"all counts must use one decimal mark, got {used}"
                f" {quoted(self.text(other))} in {self.line(other)}",
            )
        if points or commas:
            return "." if points else ","
        open_ones = {cell for cell, value in self.point.items() if value != self.comma[cell]}
        if not open_ones:
            return "."
        k = next(k for k, cell in enumerate(self.cells) if cell in open_ones)
        return decimal_question(self.text(k), f" in {self.line(k)}")

    def checked(self, decimal: Decimal) -> dict[Cell, float]:
        """Return each cell's value; refuse what is none, negative or too large under this mark."""
        read = self.comma if decimal == "," else self.point
        values = {
            cell: value
            for cell, value in read.items()
            if value is not None and 0 <= value <= LARGEST
        }
        bad = read.keys() - values.keys()
        if bad:
            k = next(k for k, cell in enumerate(self.cells) if cell in bad)
            value = read[self.cells[k]]
            rule = "a number >= 0"
            if value is None:
                rule = f"a number with a decimal {'comma' if decimal == ',' else 'point'}"
            elif value > LARGEST:
                rule = f"a number up to {LARGEST:g}"
            raise self.wrong(k, f"a count must be {rule}")
        plain = {cell for cell, value in values.items() if value} if self.percent else set()
        plain -= self.percent
        if plain:
            k = next(k for k, cell in enumerate(self.cells) if cell in plain)
            raise self.wrong(k, "counts must all be percentages, or none")
        return values

    def remarks(self, decimal: Decimal) -> tuple[str, ...]:
        """Say which marks the numbers hold: decimal comma, points at thousands, percentages."""
        texts = "\n".join(cell for cell in self.point if isinstance(cell, str))
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
        return (*said, "percentages") if self.percent else tuple(said)
