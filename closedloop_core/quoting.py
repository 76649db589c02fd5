"""How text that others wrote is quoted: bounded, on one line, and without what acts unseen.

Every sentence about a link, a file, an option or an argument quotes through `quoted`. Next:
`checks`, what is said of an argument.
"""

import math
import re
import unicodedata
from collections.abc import Collection

import numpy as np

MAX_QUOTED = 40  # characters of foreign text in a message
MAX_SENTENCE = 600  # characters of a message; none of ours is longer

# What orders or hides text without being seen: marks of direction, soft hyphens, order marks.
_UNSEEN = dict.fromkeys(
    [0xAD, 0x61C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
_SPACES = re.compile(r"\s+")  # line ends and the separators of lines and paragraphs included
_UNWANTED = {"Cc", "Cs", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"


def clean_label(text: str) -> str:
    """Return ``text`` composed (NFC), stripped and on one line; it may be empty.

    Line ends and runs of white space become one space; control characters, marks of direction
    and zero-width spaces go; joiners stay where they join; a lone surrogate becomes U+FFFD.
    Spelling and case stay as they are. The length is not bounded here (see `shortened`).
    """
    if text.isprintable():  # then white space is spaces, and nothing unseen is there
        text = text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()
        return _SPACES.sub(" ", text) if "  " in text else text
    text = _SPACES.sub(" ", text.translate(_UNSEEN))
    if not text.isprintable():
        text = _SPACES.sub(" ", "".join(map(_seen, text)))
    return unicodedata.normalize("NFC", text).strip(" " + _JOINERS)


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    # U+FFFE and its like are no characters; other unassigned ones may be of a newer Unicode.
    is_none = category == "Cn" and (ord(character) & 0xFFFE) == 0xFFFE
    return "" if category in _UNWANTED or is_none else character


def shortened(text: str, limit: int = MAX_QUOTED) -> str:
    """Return ``text`` clean and cut to ``limit`` characters, with an ellipsis where it was cut."""
    plain = clean_label(text[: 4 * limit].replace("\t", " "))
    if len(plain) <= limit and len(text) <= 4 * limit:
        return plain
    return plain[: limit - 1].rstrip() + "…"


def quoted(value: object, limit: int = MAX_QUOTED) -> str:
    """Return a foreign value for a message: bounded, on one line, clean and inert.

    A text stands in quotation marks, a number as it is (one too long to be shown is described),
    of an array its shape, of a long collection its length; anything else as Python writes it.
    """
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}" if value.ndim < 5 else "an array"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        return f"“{shortened(value, limit)}”"
    if isinstance(value, int) and value.bit_length() > 63:
        return f"a whole number of {int(value.bit_length() * math.log10(2)) + 1} digits"
    kind = type(value).__name__.strip("_").lower()
    if isinstance(value, Collection) and not isinstance(value, bytes) and len(value) > 5:
        return f"a {kind} of {len(value):,}"
    try:
        return shortened(repr(value[:limit] if isinstance(value, bytes) else value), limit)
    except Exception:  # what cannot be written, or its parts cannot: its kind must do
        return f"a {kind}"
