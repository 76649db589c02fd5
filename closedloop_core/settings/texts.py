"""Reading what people bring: a text, a file, a list of counts."""

import csv
import io
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

MAX_UPLOAD_BYTES = 5_000_000
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_COUNT_HEADINGS = {
    *("count", "counts", "weight", "weights", "frequency", "n", "share", "probability"),
    *("anzahl", "häufigkeit", "nombre", "fréquence", "cuenta", "frecuencia", "conteggio"),
}


def words(text: str) -> list[str]:
    """Split a text into words, in lower case: letters, and apostrophes between letters.

    Single letters other than "a" and "i" are dropped (they are names of variables and remains of
    abbreviations more often than words).
    """
    # Normal form C joins a letter and its accent; an accent by itself would not count as a letter.
    plain = (
        unicodedata.normalize("NFC", text).lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    )
    return [word for word in _WORD.findall(plain) if len(word) > 1 or word in "ai"]


def most_frequent(tokens: Iterable[str]) -> list[tuple[str, int]]:
    """Return (word, count) pairs, the most frequent first, equally frequent ones by alphabet."""
    return sorted(Counter(tokens).items(), key=lambda item: (-item[1], item[0]))


def decode_upload(data: bytes) -> str:
    """Return the text of an uploaded file.

    Raises
    ------
    ValueError
        If the file is larger than 5 MB, empty, or not UTF-8.
    """
    if len(data) > MAX_UPLOAD_BYTES:
        raise ValueError(f"a file may hold at most 5 MB, got {len(data) / 1e6:.1f} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"a file must be UTF-8 text, got byte {error.start} that is not") from None
    if not text.strip():
        raise ValueError("a file must not be empty, got no text")
    return text


def csv_totals(text: str) -> dict[str, float]:
    """Add up the counts of each label in lines of ``label,count``.

    Comma, semicolon or tab separate; a first line such as ``word,count`` is a heading.

    Returns
    -------
    dict of label to float >= 0, in the order of first appearance

    Raises
    ------
    ValueError
        If a line cannot be read; the sentence says which.
    """
    totals: dict[str, float] = {}
    reader = csv.reader(io.StringIO(text.strip()), delimiter=_separator(text))
    try:
        for row in reader:
            if not row or not any(cell.strip() for cell in row):
                continue
            if not totals and _is_heading(row):
                continue
            label, count = _csv_row(row, reader.line_num)
            totals[label] = totals.get(label, 0.0) + count
    except csv.Error as error:
        raise ValueError(f"a CSV must be readable, line {reader.line_num}: {error}") from None
    return totals


def _separator(text: str) -> str:
    """Return the separator that gives the first lines two cells each; the comma if none does."""
    lines = text.strip().splitlines()[:20]
    for mark in ",;\t":
        try:
            if all(len(row) == 2 for row in csv.reader(lines, delimiter=mark)):
                return mark
        except csv.Error:
            continue
    return ","


def _is_heading(row: list[str]) -> bool:
    return row[-1].strip().lower() in _COUNT_HEADINGS


def _csv_row(row: list[str], line: int) -> tuple[str, float]:
    if len(row) != 2:
        raise ValueError(f"a CSV line must be label,count; line {line} has {len(row)} cell(s)")
    label = row[0].strip()
    try:
        count = float(row[1].replace("_", "?"))  # Python would read 1_0 as ten
    except ValueError:
        raise ValueError(
            f"a count must be a number >= 0, got {row[1][:40]!r} in line {line}"
        ) from None
    if not (math.isfinite(count) and count >= 0):
        raise ValueError(f"a count must be a number >= 0, got {row[1][:40]!r} in line {line}")
    return label, count
