"""From a text to records: the lines of a list, each cut into cells.

A line is cut by the standard `csv`, one line at a time, so that a stray quotation mark cannot
swallow the lines below it. Equal lines are cut once. `separators` finds out where to cut, `columns`
what the cells are.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from closedloop_core.settings.reading.numerals import both_ways
from closedloop_core.settings.reading.options import MAX_COLUMNS, ReadingError
from closedloop_core.settings.reading.spaces import cut_at_spaces

Cell = str | float  # a number where the file's format has numbers (JSON), else a text
Row = tuple[Cell, ...]

_LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_MOST_LINES_OF_A_CELL = 20
_MOST_JOINS = 500  # of lines with an open quotation mark; beyond, such a mark is a sign like others
_MOST_JOINED = 2_000  # characters of a cell with line ends


@dataclass(frozen=True)
class Table:
    """Different rows of cells in the order of their first line, and how often each stands there.

    ``raw`` holds the lines as they were written; ``where(i)`` says in words where row i stands
    first (``line 3``), and ``order()`` lists the row of every line, in the order of the file.
    ``remarks`` are said when it is told what was understood.
    """

    rows: Sequence[Row]
    times: Sequence[int]
    raw: Sequence[str]
    where: Callable[[int], str]
    order: Callable[[], Sequence[int]]
    remarks: tuple[str, ...] = ()


def split_lines(text: str) -> list[str]:
    """Return the lines of a text, whatever ends them; a byte order mark is no part of them."""
    text = text.removeprefix("\ufeff")
    if "\r" in text or not text.isascii():
        text = _LINE_ENDS.sub("\n", text)
    return text.split("\n")


def cut_lines(lines: list[str], separator: str) -> Table:
    """Cut the lines of a list into cells at ``separator``, a key of `SEPARATORS` or a sign."""
    is_sign = separator not in (" ", "none", "first comma")
    numbers = None
    if is_sign:
        lines, numbers = _join_open_quotes(lines, separator)
    lines, remarks = _without_comments(lines, separator)
    different = Counter(lines)
    empty = separator + " \t" if is_sign else " \t"
    if separator == "|":
        empty += ":-+"  # the line below the heading of a Markdown table
    for blank in [line for line in different if not line.strip(empty) or line.isspace()]:
        del different[blank]
    raw = list(different)
    if separator == " ":
        rows: list[Row] = [tuple(cells) for cells in cut_at_spaces(raw)]
    elif separator == "none":
        rows = [(_unquoted(line),) for line in raw]
    elif separator == "first comma":
        rows = [tuple(map(str.strip, line.rstrip(", ").split(",", 1))) for line in raw]
    else:
        rows, stray = _cut_at_sign(raw, separator)
        if stray:
            remarks = (*remarks, count_of(stray, "line", "with stray quotation marks"))

    def where(i: int) -> str:
        index = lines.index(raw[i])
        return f"line {index + 1 if numbers is None else numbers[index]:,}"

    def order() -> list[int]:
        row_of = {line: i for i, line in enumerate(raw)}
        return [row_of[line] for line in lines if line in row_of]

    return Table(rows, list(different.values()), raw, where, order, remarks)


def count_of(count: int, what: str, more: str = "") -> str:
    """Return ``1 line`` or ``1,234 lines``, and what is said of them."""
    return f"{count:,} {what}{'' if count == 1 else 's'} {more}".rstrip()


def _cut_at_sign(lines: list[str], sign: str) -> tuple[list[Row], int]:
    rows: list[Row] = []
    stray = 0
    ends = sign + " "  # trailing separators are no columns: spreadsheets leave dozens of them
    for line in lines:
        line = line.rstrip(ends)
        cells = cells_in_quotes(line, sign) if '"' in line else None
        if cells is None:
            stray += '"' in line and _opens_a_quote(line, sign)
            if line.count(sign) >= MAX_COLUMNS:
                columns = line.count(sign) + 1
                raise ReadingError(
                    "list",
                    f"a list may have at most {MAX_COLUMNS} columns, got {columns:,} in a line",
                )
            cells = line.split(sign)
        rows.append(tuple(map(str.strip, cells)))
    return rows, stray


def _opens_a_quote(line: str, sign: str) -> bool:
    return line.lstrip().startswith('"') or sign + '"' in line.replace(" ", "")


def cells_in_quotes(line: str, sign: str) -> list[str] | None:
    """Cut a line in which cells may stand in quotation marks; None if the marks do not pair up."""
    # A mark by itself opens a cell that never ends, or is a sign like others: no cell is quoted.
    if line.count('"') == 1 or line.count(sign) > 10 * MAX_COLUMNS:
        return None
    try:
        reader = csv.reader([line], delimiter=sign, strict=True, skipinitialspace=True)
        rows = list(reader)
    except csv.Error:
        return None
    return rows[0] if rows and len(rows[0]) <= MAX_COLUMNS else None


def _unquoted(line: str) -> str:
    line = line.strip()
    if len(line) > 2 and line[0] == line[-1] == '"' and line.count('"') == 2:
        return line[1:-1]
    return line


def makes_a_row(cells: Sequence[str]) -> bool:
    """Say whether cells are a label and a number."""
    return len(cells) > 1 and any(both_ways(cell).is_number for cell in cells)


def _without_comments(lines: list[str], separator: str) -> tuple[list[str], tuple[str, ...]]:
    """Blank the lines that begin with # and are no data; one that names the columns stays."""
    marked = [i for i, line in enumerate(lines) if line.startswith("#")]
    filled = sum(1 for line in lines if line and not line.isspace()) if marked else 0
    if not marked or 2 * len(marked) > filled:
        return lines, ()
    if separator == "none":
        comments = [i for i in marked if lines[i].startswith(("# ", "##")) or lines[i] == "#"]
    else:
        sign = None if separator == " " else "," if separator == "first comma" else separator
        comments = [i for i in marked if not makes_a_row(lines[i].split(sign, MAX_COLUMNS))]
    lines = list(lines)
    left_out = set(comments)
    first_data = next(i for i, line in enumerate(lines) if line.strip() and i not in left_out)
    before = [i for i in comments if i < first_data]
    if before and separator in lines[before[-1]] and separator not in (" ", "none", "first comma"):
        if lines[before[-1]].count(separator) == lines[first_data].count(separator):
            lines[before[-1]] = lines[before[-1]].lstrip("# ")
            comments.remove(before[-1])
    for i in comments:
        lines[i] = ""
    return lines, (count_of(len(comments), "comment line", "left out"),) if comments else ()


def _join_open_quotes(lines: list[str], sign: str) -> tuple[list[str], list[int] | None]:
    """Join the lines of a cell in quotation marks that holds line ends, as spreadsheets write.

    Only where the first line makes no row by itself and the joined one does; other open marks
    are stray. Returns the lines and, if any were joined, the number of each one's first line.
    """
    ends: dict[int, int] = {}
    last = -1
    odd = [i for i, line in enumerate(lines) if '"' in line and line.count('"') % 2]
    for start in odd[:_MOST_JOINS]:
        if start <= last or makes_a_row(lines[start].split(sign, MAX_COLUMNS)):
            continue
        for end in range(start + 1, min(start + _MOST_LINES_OF_A_CELL, len(lines))):
            if lines[end].count('"') % 2:
                text = "\n".join(lines[start : end + 1])
                cells = cells_in_quotes(text, sign) if len(text) <= _MOST_JOINED else None
                if cells is not None and makes_a_row(cells):
                    ends[start] = last = end
                break
    if not ends:
        return lines, None
    records, numbers, i = [], [], 0
    while i < len(lines):
        end = ends.get(i, i)
        records.append("\n".join(lines[i : end + 1]))
        numbers.append(i + 1)
        i = end + 1
    return records, numbers
