"""What the columns of a table are: which are filled, which hold numbers, what they are called.

The first lines without a number in any column of numbers are a heading, and titles above it. Next:
`choosing`, which of the columns are meant.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from closedloop_core.quoting import quoted, shortened
from closedloop_core.settings.reading.headings import COUNT, INDEX, LABEL, SHARE, named_as
from closedloop_core.settings.reading.numerals import both_ways, plain
from closedloop_core.settings.reading.options import (
    MAX_COLUMNS,
    NO_COUNTS,
    ReadingError,
)
from closedloop_core.settings.reading.records import Cell, Row, Table

_SAMPLE = 500
_MOST_TITLES = 5
_LISTED = 8  # columns that a sentence names
_NUMBER_LIKE = re.compile(r"[+-]?(\d|[.,]\d|(nan|inf|infinity|na|n/a|null|none)$)", re.IGNORECASE)
_NAME = 20  # characters of a column's name


@dataclass(frozen=True)
class Columns:
    """The columns of a table; they are numbered from 0 here, and from 1 in every option.

    ``first`` is the index of the first row of data, ``heading`` the row of names, if there is
    one, ``filled`` the columns that could be meant, ``numeric`` those of them with numbers, and
    ``names`` what a reader knows each by: its heading, or else its first cell.
    """

    rows: Sequence[Row]
    first: int
    heading: Row | None
    filled: tuple[int, ...]
    numeric: tuple[int, ...]
    names: tuple[str, ...]

    def title(self, j: int) -> str:
        """Return the heading of a column, or an empty text."""
        return "" if self.heading is None else text_of(self.heading, j)

    def listed(self) -> str:
        """Name the columns for a sentence: ``1 “word”, 2 “count”``."""
        return ", ".join(f"{j + 1} {quoted(self.names[j], _NAME)}" for j in self.filled[:_LISTED])

    def example(self, j: int) -> str:
        """Return a column's number and first cells: ``column 2: 72, 70``."""
        cells = [text_of(row, j) for row in self.rows[self.first : self.first + 2]]
        return f"column {j + 1}: " + ", ".join(shortened(cell, _NAME) for cell in cells)

    def numbers_lines(self, j: int) -> bool:
        """Say whether a column numbers the lines: by its heading, or as the first with 1, 2, 3."""
        if named_as(self.title(j), INDEX):
            return True
        cells = [text_of(row, j) for row in self.rows[self.first :][:_SAMPLE]]
        if j != self.filled[0] or len(cells) < 2 or cells[0] not in ("0", "1"):
            return False
        return all(cell == str(int(cells[0]) + i) for i, cell in enumerate(cells))

    def numbered(self, option: int | str, field: str) -> int:
        """Return the column that an option names by its number from 1 or by its heading.

        Raises
        ------
        ReadingError
            (A ValueError.) If there is no such column.
        """
        if isinstance(option, int) and option <= len(self.names):
            return option - 1
        if isinstance(option, str) and self.heading is not None:
            wanted = option.strip().casefold()
            for j in range(len(self.heading)):
                if text_of(self.heading, j).casefold() == wanted:
                    return j
        raise ReadingError(
            field, f"{field} must be one of {self.listed()}, got {quoted(str(option))}"
        )


def columns_of(table: Table, heading: str) -> Columns:
    """Look at a table's columns; ``heading`` is the option "auto", "yes" or "no"."""
    rows = table.rows
    width = max(len(row) for row in rows)
    if width > MAX_COLUMNS:
        raise ReadingError("list", f"a list may have at most {MAX_COLUMNS} columns, got {width:,}")
    _refuse_ragged(table)
    sample = rows[1 :: max(1, len(rows) // _SAMPLE)]
    filled = [j for j in range(width) if _data_cells(rows[0], sample, j)]
    numeric = [j for j in filled if _is_numeric(_data_cells(rows[0], sample, j))]
    if heading != "auto":
        first = 0
        if heading == "yes" and len(rows) > 1:
            first = max(1, _first_with_number(rows, numeric))
    elif numeric:
        first = _first_with_number(rows, numeric)
    else:
        first = int(len(rows) > 1 and table.times[0] == 1 and _names_columns(rows[0]))
    titles = rows[first - 1] if first else None
    names = titles or rows[0]
    found = Columns(
        rows,
        first,
        titles,
        tuple(filled),
        tuple(numeric),
        tuple(shortened(text_of(names, j), _NAME) for j in range(width)),
    )
    return found if titles is None else _without_unnamed(found)


def _refuse_ragged(table: Table) -> None:
    """Refuse a line with more cells than most have, and than a heading has."""
    widths = Counter(map(len, table.rows))
    if len(widths) == 1:
        return
    several = {width: n for width, n in widths.items() if width > 1}
    usual = min(several, key=lambda width: (-several[width], width))
    if not any(map(is_number, table.rows[0])):
        usual = max(usual, len(table.rows[0]))
    for i, row in enumerate(table.rows):
        if len(row) > usual:
            raise ReadingError(
                "list",
                f"every line must have as many cells, got {len(row)} in {table.where(i)} and"
                f" {usual} in others (quotation marks keep a label in one cell)",
            )


def cell_of(row: Row, j: int) -> Cell:
    """Return a cell, an empty text where the row is too short."""
    return row[j] if j < len(row) else ""


def text_of(row: Row, j: int) -> str:
    """Return a cell as text: a number of the file's format without an empty fraction."""
    cell = cell_of(row, j)
    return cell if isinstance(cell, str) else plain(cell)


def is_number(cell: Cell) -> bool:
    """Say whether a cell is a number, with a decimal point or with a decimal comma."""
    return not isinstance(cell, str) or both_ways(cell).is_number


def _data_cells(first: Row, others: Sequence[Row], j: int) -> list[Cell]:
    """Return a column's cells without the first, where that is a text above others."""
    cells = [cell for row in others if (cell := cell_of(row, j)) != ""]
    cell = cell_of(first, j)
    is_data = not others or (cell != "" and _is_meant_as_number(cell))
    return [cell, *cells] if is_data and cell != "" else cells


def _is_meant_as_number(cell: Cell) -> bool:
    """Say whether a cell is a number or tries to be one: 1_0, nan and 5 kg head no column."""
    return not isinstance(cell, str) or is_number(cell) or bool(_NUMBER_LIKE.match(cell))


def _is_numeric(cells: Sequence[Cell]) -> bool:
    return 2 * sum(map(is_number, cells)) >= len(cells) > 0


def _first_with_number(rows: Sequence[Row], numeric: list[int]) -> int:
    """Return the index of the first row of data, behind a heading and the titles above it."""
    for i, row in enumerate(rows[: _MOST_TITLES + 1]):
        if any(_is_meant_as_number(cell) for j in numeric if (cell := cell_of(row, j)) != ""):
            has_titles = all(sum(cell != "" for cell in row) == 1 for row in rows[: max(0, i - 1)])
            return i if has_titles else 1
    return int(len(rows) > 1)


def _names_columns(row: Row) -> bool:
    """Say whether every cell of a row is a word for a kind of column."""
    kinds = (LABEL, COUNT, SHARE, INDEX)
    return all(isinstance(cell, str) and any(named_as(cell, k) == 2 for k in kinds) for cell in row)


def _without_unnamed(found: Columns) -> Columns:
    """Leave out unnamed columns beside named ones of their kind, and those that number lines."""

    def is_named(j: int) -> bool:
        return found.title(j) != ""

    texts = [j for j in found.filled if j not in found.numeric]
    has_named = any(map(is_named, found.numeric))
    numeric = [
        j
        for j in found.numeric
        if is_named(j) or not (has_named or (texts and found.numbers_lines(j)))
    ]
    texts = [j for j in texts if is_named(j)] or texts
    return Columns(
        found.rows,
        found.first,
        found.heading,
        tuple(sorted([*texts, *numeric])),
        tuple(numeric),
        found.names,
    )


def no_counts(option: int | str | None) -> bool:
    """Say whether an option says that there is no column of counts."""
    return option == NO_COUNTS and not isinstance(option, str)
