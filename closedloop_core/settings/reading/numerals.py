"""Numbers as people write them: 12.5, 12,5, 1,234, 1.234, 1 234, 1'234, 1,00,000, 1e3, 12 %.

A mark can be the decimal mark or group the thousands, so every number is read both ways; where
both ways give a number and the numbers differ, nothing is guessed. `read_number` asks;
`read_typed`, for a field in a form, refuses in one sentence that says how to write it.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from closedloop_core.quoting import quoted
from closedloop_core.settings.reading.options import (
    Choice,
    Question,
    ReadingError,
    refuse_unless,
)

LONGEST_NUMBER = 60  # characters; no count and no dial needs more
_SPACES = re.compile(r"[\u00a0\u2007\u2009\u202f]")  # that do not break, and thin ones
_PERCENT = re.compile(r"\s*[%\N{ARABIC PERCENT SIGN}\N{FULLWIDTH PERCENT SIGN}]$")
_PLAIN = re.compile(r"[+-]?\d+")
_SIMPLE = re.compile(r"([0-9]+)([.,])([0-9]{1,2}|[0-9]{4,})")
_EXPONENT = re.compile(r"(.+?)[eE]([+-]?\d{1,4})")
_LOOK_ALIKES = str.maketrans(
    {"\N{MINUS SIGN}": "-", "\N{RIGHT SINGLE QUOTATION MARK}": "'", "\u066c": "'"}
)
# Groups of three after a first that does not begin with 0 (0,123 is a fraction), all with one
# mark; in India the groups before the last have two digits.
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,' ])\d{3})(?:\1\d{3})*")
_INDIAN = re.compile(r"[1-9]\d?(?:,\d{2})+,\d{3}")
_OTHER = {".": ",", ",": "."}


@dataclass(frozen=True)
class Number:
    """A number that was read.

    Parameters
    ----------
    value : the number as written; a percentage is not divided by 100.
    decimal : the decimal mark that its writing proves, or None if it proves none.
    is_percent : whether a percent sign stood behind it.
    """

    value: float
    decimal: str | None = None
    is_percent: bool = False


class BothWays(NamedTuple):  # a tuple: a large file makes a million of them
    """A number read with a decimal point and with a decimal comma; None where it is none."""

    point: float | None
    comma: float | None
    is_percent: bool = False

    @property
    def is_number(self) -> bool:
        """Whether at least one way gives a number."""
        return self.point is not None or self.comma is not None

    @property
    def is_open(self) -> bool:
        """Whether both ways give a number, and not the same."""
        return self.point != self.comma and self.point is not None and self.comma is not None

    def under(self, decimal: str) -> float | None:
        """Return the value under a decimal mark, or None."""
        return self.comma if decimal == "," else self.point


_NO_NUMBER = BothWays(None, None)


def both_ways(text: str) -> BothWays:
    """Read ``text`` with a decimal point and with a decimal comma."""
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
        value = float(text)
        return BothWays(value, value)
    body = text.strip()
    simple = _SIMPLE.fullmatch(body)
    if simple and len(body) <= LONGEST_NUMBER:
        # Almost every number of a large file; 1.234 is left to the rules below.
        value = float(f"{simple[1]}.{simple[3]}")
        return BothWays(value, None) if simple[2] == "." else BothWays(None, value)
    if not body or len(body) > LONGEST_NUMBER:
        return _NO_NUMBER
    if not body.isascii():
        body = _in_ascii(body)
    body, n_percent = _PERCENT.subn("", body)
    is_percent = bool(n_percent)
    if not body:
        return _NO_NUMBER
    if _PLAIN.fullmatch(body):
        return BothWays(float(body), float(body), is_percent)
    body = _SPACES.sub(" ", body)
    return BothWays(_value(body, "."), _value(body, ","), is_percent)


def _in_ascii(text: str) -> str:
    """Return digits of every script as 0-9, and the look-alikes of signs and marks."""
    text = text.translate(_LOOK_ALIKES)
    if "\u066b" in text:  # the Arabic decimal mark is never anything else
        text = text.replace("\u066b", "." if "." not in text and "," not in text else "?")
    return "".join(
        str(unicodedata.decimal(one)) if unicodedata.category(one) == "Nd" else one for one in text
    )


def _value(body: str, decimal: str) -> float | None:
    sign = -1.0 if body[0] == "-" else 1.0
    body = body.lstrip("+-") if body[:2] not in ("+-", "-+", "--", "++") else ""
    power = ""
    exponent = _EXPONENT.fullmatch(body)
    if exponent:
        body, power = exponent[1], "e" + exponent[2]
    whole, _, fraction = body.partition(decimal)
    if not whole and not fraction or fraction and not _is_digits(fraction):
        return None
    if whole and not _is_digits(whole):
        is_grouped = _GROUPS.fullmatch(whole) or (decimal == "." and _INDIAN.fullmatch(whole))
        if not is_grouped or power:
            return None
        whole = re.sub(r"[.,' ]", "", whole)
    return sign * float(f"{whole or '0'}.{fraction or '0'}{power}")


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def shifted(value: float, places: int) -> float:
    """Return a number with its decimal point moved, as a pencil would do it.

    ``0.7 / 100`` is 0.006999999999999999 to a computer; ``shifted(0.7, -2)`` is 0.007.

    Parameters
    ----------
    value : a number, as someone wrote it: its shortest decimal form is what is moved.
    places : how far to the right; -2 turns per cent into a share, 2 a share into per cent.
    """
    return float(Decimal(repr(float(value))).scaleb(places))


def written(value: float) -> str:
    """Return a number for a sentence: ``50.5``, ``12,345``, ``1e+20``."""
    return f"{value + 0.0:,.10g}"


def plain(value: float) -> str:
    """Return a number without marks for thousands: ``12345``, ``12.345``."""
    return f"{value + 0.0:.15g}"


def decimal_question(cell: str, where: str = "") -> Question:
    """Return the question which mark of an open number is the decimal mark.

    ``where`` follows the number in the sentence: `` in line 3``.
    """
    ways = both_ways(cell)
    assert ways.point is not None and ways.comma is not None
    point, comma = plain(ways.point), plain(ways.comma)
    return Question(
        "decimal",
        f"{quoted(cell)}{where} could be {point} or {comma}.",
        (
            Choice(".", f"decimal point: {quoted(cell)} is {point}"),
            Choice(",", f"decimal comma: {quoted(cell)} is {comma}"),
        ),
    )


def read_number(text: str, decimal: str = "auto") -> Number | Question:
    """Read one number; where its mark can mean two things, return the question.

    Parameters
    ----------
    text : a number such as ``12.5``, ``12,5``, ``1,234``, ``1.234.567``, ``1 234``, ``1'234``,
        ``1,00,000``, ``1e3``, ``12 %``, ``-3``; digits of any script. ``1_0``, ``nan`` and
        ``inf`` are no numbers.
    decimal : "auto", or the decimal mark "." or ",".

    Returns
    -------
    A `Number`, or, under "auto", a `Question` for a text such as ``1.234`` or ``1,000``.

    Raises
    ------
    ValueError
        If ``text`` is no number (under that decimal mark), or is beyond every float.
    """
    refuse_unless(decimal in ("auto", ".", ","), "decimal", "auto, “.” or “,”", decimal)
    ways = both_ways(text)
    if decimal == "auto" and ways.is_open:
        return decimal_question(text)
    if decimal == "auto":
        value = ways.point if ways.point is not None else ways.comma
    else:
        value = ways.under(decimal)
    if value is None or not math.isfinite(value):
        example = "1.234,5" if decimal == "," else "1,234.5"
        raise ReadingError("number", f"a number must be like {example}, got {quoted(text)}")
    proved = None
    if ways.point is None or ways.comma is None:
        proved = "." if ways.comma is None else ","
    return Number(value, proved, ways.is_percent)


def read_typed(
    field: str,
    text: str,
    *,
    whole: bool = False,
    low: float = -math.inf,
    high: float = math.inf,
    share: bool = False,
) -> float:
    """Read what someone typed into a numeric field; a doubtful number is refused, never changed.

    The marks are read as in `read_number`. Two rules settle what would be open there: a reading
    outside [low, high] is not meant where the other lies inside; and in a field of whole numbers
    ``1,000`` is 1000, as this dashboard writes it. ``1.000`` and ``1.234`` stay open in a field of
    whole numbers that reaches to 1000.

    Parameters
    ----------
    field : name of the field, for the sentence.
    text : what was typed.
    whole : whether only whole numbers are allowed.
    low, high : the limits of the field; they help to decide, and are not enforced.
    share : whether the field is a share in [0, 1] that may be typed as ``30 %``.

    Raises
    ------
    ReadingError
        (A ValueError.) If the text is no number, is not whole where it must be, is a percentage
        where none is expected, or could be two numbers.
    """
    ways = both_ways(text)
    kind = "a whole number" if whole else "a number"
    wrong = ReadingError(field, f"{field} must be {kind}, got {quoted(text)}")
    places = -2 if ways.is_percent else 0
    if not ways.is_number or (ways.is_percent and not share):
        raise wrong
    values = [shifted(way, places) for way in (ways.point, ways.comma) if way is not None]
    if ways.is_open:
        inside = [value for value in values if low <= value <= high]
        is_settled = whole and "," in text and "." not in text  # 1,000, as the dashboard writes it
        values = values[:1] if is_settled else inside or values
        if len(values) == 2:
            both = " or ".join(plain(value) for value in values)
            usable = " or ".join(plain(v) for v in values if not whole or v == int(v))
            raise ReadingError(
                field,
                f"{field} must be {kind} that is clear, and {quoted(text)} could be {both}:"
                f" write {usable}",
            )
    value = values[0]
    if not math.isfinite(value) or (whole and value != int(value)):
        raise wrong
    return value
