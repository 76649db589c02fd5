"""How the words of the built-in real text were counted; what people bring is read by `reading`.

The stored table belongs to this rule, so that it can be counted again.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


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
