"""Labels: composed, on one line, without control characters; and how foreign text is quoted."""

import re
import unicodedata
from collections.abc import Iterable

MAX_LABEL = 100  # characters
MAX_QUOTED = 40  # characters of foreign text in a message

# What orders or hides text without being seen: marks of direction, soft hyphens, order marks.
_UNSEEN = dict.fromkeys(
    [0xAD, 0x61C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
_SPACES = re.compile(r"\s+")  # line ends and the separators of lines and paragraphs included
_UNWANTED = {"Cc", "Cs", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"


def clean_label(text: str) -> str:
    """Return ``text`` as a label: composed (NFC), stripped, on one line; it may be empty.

    Line ends and runs of white space become one space; control characters, marks of direction
    and zero-width spaces go; joiners stay where they join; a lone surrogate becomes U+FFFD.
    Spelling and case stay as they are. The length is not bounded here (see `bounded_labels`).
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


def bounded_labels(labels: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """Return labels of at most 100 characters, still all different, and how many were cut."""
    bounded, seen, cut = [], set(), 0
    for label in labels:
        short = label
        if len(label) > MAX_LABEL:
            cut += 1
            short = label[: MAX_LABEL - 1].rstrip() + "…"
            while short in seen:  # two long labels that begin alike stay two
                number = int(short.rpartition("… ")[2] or 1) + 1 if "… " in short else 2
                short = f"{label[: MAX_LABEL - 10].rstrip()}… {number}"
        seen.add(short)
        bounded.append(short)
    return tuple(bounded), cut


def quoted(text: str, limit: int = MAX_QUOTED) -> str:
    """Return foreign text for a message: one line, inert, bounded, in quotation marks."""
    return f"“{shortened(text, limit)}”"


def shortened(text: str, limit: int = MAX_QUOTED) -> str:
    """Return ``text`` cleaned as a label, cut to ``limit`` characters with an ellipsis."""
    plain = clean_label(text[: 4 * limit].replace("\t", " "))
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"
