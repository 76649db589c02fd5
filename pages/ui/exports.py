"""Tables as CSV that is safe to open in a spreadsheet. Pure."""

import csv
import io
from typing import Any


def table_csv(rows: list[list[Any]]) -> str:
    """Return rows as CSV that is safe to open in a spreadsheet."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[_cell(x) for x in row] for row in rows])
    return text.getvalue()


def _cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
