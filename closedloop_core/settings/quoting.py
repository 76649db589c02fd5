"""How text that others wrote is quoted: bounded, on one line, and without what acts unseen.

Every sentence about a link, a file, an option or an argument quotes through `quoted`. Next:
`limits`, the ranges of the settings.
"""

import re
import reprlib
import unicodedata

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


class _Writing(reprlib.Repr):
    """Python's writing of a value: of a long one the beginning, of a deep one two levels."""

    def repr_instance(self, x: object, level: int) -> str:
        """Return the writing of a value of any other type: of dictionaries, like them."""
        return self.repr_dict(x, level) if isinstance(x, dict) else super().repr_instance(x, level)


_writing = _Writing()
_writing.maxlevel = 2
_writing.maxstring = _writing.maxother = 2 * MAX_QUOTED


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
    """Return a foreign value for a message: at most ``limit`` characters, clean and inert.

    A text stands in quotation marks, a number as it is (one too long to be shown is described),
    anything else as Python writes it.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        return f"“{shortened(value, limit)}”"
    if isinstance(value, int) and value.bit_length() > 3 * limit:
        return f"a whole number of more than {3 * limit // 4} digits"
    if isinstance(value, int | float):
        return shortened(str(value), limit)
    return shortened(_writing.repr(value), limit)
