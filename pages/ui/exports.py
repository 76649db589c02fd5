"""Tables as CSV that is safe to open in a spreadsheet, and the bytes of saved files. Pure."""

import csv
import io
from typing import Any

BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets read UTF-8 as Windows-1252


def table_csv(rows: list[list[Any]]) -> str:
    """Return rows as CSV that is safe to open in a spreadsheet."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[_cell(x) for x in row] for row in rows])
    return text.getvalue()


def file_bytes(text: str, ending: str) -> bytes:
    """Return a file's bytes: UTF-8, and for spreadsheets (``csv``) with a byte order mark."""
    return ((BYTE_ORDER_MARK if ending == "csv" else "") + text).encode()


def _cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
