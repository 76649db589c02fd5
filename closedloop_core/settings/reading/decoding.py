"""From bytes to text: Unicode where the bytes are, or else an older encoding, said or asked.

Next: `understanding`, from text to labels and weights.
"""

import codecs
import re
from dataclasses import dataclass

from closedloop_core.settings.reading.encodings import ENCODINGS, guess_encoding, name_of
from closedloop_core.settings.reading.options import MAX_BYTES, Question, ReadingError
from closedloop_core.settings.reading.records import count_of

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_TEXT = (
    (
        b"PK\x03\x04",
        "a spreadsheet, document or archive (.xlsx, .ods, .docx, .zip): save it as CSV",
    ),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet or document (.xls, .doc): save it as CSV"),
    (b"%PDF-", "a PDF: copy its text and paste it"),
    (b"{\\rtf", "an RTF document: save it as plain text"),
    (b"\x1f\x8b", "a compressed file: unpack it first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_LOOKED_AT = 200_000  # characters
_MOSTLY = 10  # sequences of UTF-8 for each byte that is none: then it is UTF-8 with damage


@dataclass(frozen=True)
class Decoded:
    """A file's text.

    Parameters
    ----------
    text : the text, without a byte order mark, each line end written as a line feed.
    encoding : the option that reads it again: ``utf-8``, ``windows-1252`` and so on.
    note : a sentence to show, empty for plain UTF-8.
    question : which encoding it is, where the bytes do not tell; ``text`` is then a mere guess.
    """

    text: str
    encoding: str
    note: str = ""
    question: Question | None = None


def decode(data: bytes, encoding: str = "auto") -> Decoded:
    """Return the text of a file.

    UTF-8 and UTF-16 are recognised by their mark, UTF-8 also by being valid, UTF-16 also by the
    zero bytes of its spaces, digits and line ends. What is left is an older encoding of one or two
    bytes a character: taken where it is plain, with a note; otherwise asked.

    Parameters
    ----------
    data : at most 5,000,000 bytes.
    encoding : "auto", or the declared encoding, a key of `ENCODINGS` or an alias (``latin-1``).

    Raises
    ------
    ReadingError
        (A ValueError.) If the file is too large, empty or no text, or is not in the declared
        encoding.
    """
    if len(data) > MAX_BYTES:
        raise ReadingError("file", f"a file may hold at most 5 MB, got {len(data) / 1e6:.7g} MB")
    for start, what in _NO_TEXT:
        if data.startswith(start):
            raise ReadingError("file", f"a file must be text, got {what}")
    if encoding != "auto":
        decoded = _declared(data, name_of(encoding))
    else:
        decoded = _detected(data)
    text = decoded.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    checked_text(text)
    return Decoded(text, decoded.encoding, decoded.note, decoded.question)


def checked_text(text: str) -> None:
    """Refuse a text that is too long, empty or binary.

    Raises
    ------
    ReadingError
        (A ValueError.) One sentence.
    """
    if len(text) > MAX_BYTES:
        raise ReadingError(
            "text", f"a text may hold at most 5,000,000 characters, got {len(text):,}"
        )
    if not text or text.isspace() or text == "\ufeff":
        raise ReadingError("file", "a file must not be empty, got no text")
    position = text.find("\0")
    if position >= 0:
        raise ReadingError(
            "file",
            f"a file must be text, got a zero byte at character {position + 1:,} (binary data)",
        )
    start = text[:_LOOKED_AT]
    n_controls = len(_CONTROLS.findall(start))
    if n_controls > 1 + len(start) // 100:
        raise ReadingError(
            "file", f"a file must be text, got {count_of(n_controls, 'control character')}"
        )


def _declared(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        damaged = _damaged_utf_8(data) if encoding == "utf-8" else None
        if damaged is not None:
            return damaged
        raise ReadingError(
            "encoding",
            f"a file read as {ENCODINGS[encoding]} must be so throughout, got byte"
            f" {error.start + 1:,} that is not",
        ) from None


def _detected(data: bytes) -> Decoded:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            decoded = _declared(data, encoding)
            note = "" if encoding == "utf-8" else f"Read as {ENCODINGS[encoding]}."
            return Decoded(decoded.text, encoding, note)
    if b"\0" in data:
        return _utf_16_without_mark(data) or Decoded(data.decode("latin-1"), "latin-1")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    return _damaged_utf_8(data) or Decoded(*guess_encoding(data))


def _utf_16_without_mark(data: bytes) -> Decoded | None:
    """Return UTF-16 whose zero bytes all stand on one side: a fifth of its signs or more."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 or min(even, odd) or 10 * max(even, odd) < len(data):
        return None
    encoding = "utf-16-le" if odd else "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return Decoded(text, encoding, f"Read as {ENCODINGS[encoding]}.")


def _damaged_utf_8(data: bytes) -> Decoded | None:
    """Return UTF-8 in which few bytes are wrong, as where a file was cut off or patched."""
    text = data.decode("utf-8", errors="replace")
    n_wrong = text.count("\ufffd")
    n_right = sum(map(text.count, set(text[:_LOOKED_AT]) - set(map(chr, range(128))))) - n_wrong
    if n_right < _MOSTLY * n_wrong:
        return None
    note = f"Read as UTF-8; {count_of(n_wrong, 'byte')} that cannot be read became \ufffd."
    return Decoded(text, "utf-8", note)
