r"""Cutting a text into words or characters, and joining them again for a reader.

Words are in lower case; punctuation marks are words of their own and a paragraph's end is the word
``"\n"``, so that what a model writes can be read. Next: `source`.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

PARAGRAPH = "\n"
UNKNOWN = "<unk>"  # stands for all words beyond the most frequent ones
MAX_WORD = 100  # characters; longer ones are cut
_DASH = "\N{EM DASH}"
_OPEN, _CLOSE = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"
_QUOTES = str.maketrans(_OPEN + _CLOSE + "\N{RIGHT SINGLE QUOTATION MARK}", '""\'')
_GLUED = ",.;:!?)]}-" + _CLOSE + _DASH  # follow without a space
_GLUES = "([{-" + _OPEN + _DASH  # what follows them does so without a space


def words_of(text: str) -> list[str]:
    """Split a text into lower-case words, numbers, punctuation marks and ends of paragraphs.

    An emoji of several code points is one word; runs of two or more hyphens are a dash; signs of
    emphasis (underscores) are dropped.
    """
    plain = unicodedata.normalize("NFC", text).lower().translate(_QUOTES)
    found = _word_pattern(plain.isascii()).findall(plain.strip())
    return [_word(token) for token in found]


def characters_of(text: str) -> list[str]:
    """Split a text into characters as they are seen; spaces are one, paragraphs end in a line."""
    text = unicodedata.normalize("NFC", text).strip()
    plain = re.sub(r"\s+", lambda gap: PARAGRAPH if gap[0].count("\n") > 1 else " ", text)
    return list(plain) if plain.isascii() else _cluster_pattern().findall(plain)


def readable(tokens: Iterable[str], unit: str = "word") -> str:
    """Join what a model wrote into text: spaces, capitals at the start of sentences, quotes."""
    if unit == "character":
        return "".join(tokens)
    text, is_open, starts = "", False, True
    for token in tokens:
        if token == PARAGRAPH:
            text, is_open, starts = text.rstrip() + "\n\n", False, True
            continue
        if token == '"':
            is_open = not is_open
            token = _OPEN if is_open else _CLOSE
        if token == "i" or (starts and token[0].isalpha()):
            token = token[0].upper() + token[1:]
        starts = (starts and not token[0].isalnum()) or token in ".!?"
        if token[0] in _GLUED:
            text = text.removesuffix(" ")
        text += token if token[0] in _GLUES else token + " "
    return text.strip()


def numbered(
    words: Sequence[str], held: Sequence[str], most: int
) -> tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.int64]]:
    """Return the kinds of words, most frequent first, and both parts of a text as their numbers.

    Of more than ``most`` kinds the rarest are one word, "<unk>"; ties go alphabetically. Numbers
    are (words,) each.
    """
    ranked = sorted(Counter([*words, *held]).items(), key=lambda item: (-item[1], item[0]))
    kinds = [word for word, _ in ranked]
    if len(kinds) > most:
        kinds = [*[word for word in kinds if word != UNKNOWN][: most - 1], UNKNOWN]
    numbers = {word: number for number, word in enumerate(kinds)}
    unknown = numbers.get(UNKNOWN, 0)
    parts = [
        np.fromiter((numbers.get(word, unknown) for word in part), np.int64, len(part))
        for part in (words, held)
    ]
    return tuple(kinds), parts[0], parts[1]


def _word(token: str) -> str:
    if token.isspace():
        return PARAGRAPH
    return _DASH if token.startswith("--") else token[:MAX_WORD]


@cache
def _word_pattern(is_ascii: bool) -> re.Pattern[str]:
    letter, others = r"[^\W\d_]", r"\n\s*\n|\d+|--+"
    if is_ascii:
        return re.compile(rf"{letter}+(?:'{letter}+)*|{others}|[^\w\s]")
    # Signs that combine are no letters to Python: a word goes on after them.
    word = rf"{letter}+(?:(?:[{_marks()}]+|'(?={letter})){letter}*)*"
    return re.compile(rf"{word}|{others}|{_sign()}")


@cache
def _cluster_pattern() -> re.Pattern[str]:
    return re.compile(rf"[\w\s][{_marks()}]*|{_sign()}")


def _sign() -> str:
    """Return a pattern of a mark or an emoji: with what modifies it and what is joined to it."""
    flag, skin = "[\U0001f1e6-\U0001f1ff]{2}", "\U0001f3fb-\U0001f3ff"
    return rf"{flag}|[^\w\s](?:[{_marks()}]|[{skin}]|\N{{ZERO WIDTH JOINER}}[^\w\s])*"


@cache
def _marks() -> str:
    """Return the characters that combine with the one before, for a class of a pattern."""
    # Of the plane that a pattern tests at once; the others are of scripts that are seldom written.
    marks = (c for c in range(0x300, 0x10000) if unicodedata.category(chr(c)).startswith("M"))
    return "".join(map(chr, marks))
