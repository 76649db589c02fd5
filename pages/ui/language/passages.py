"""What a model wrote, in pieces: passages that stand there again are marked. Pure."""

from collections import Counter
from collections.abc import Sequence

from closedloop_core.learners.tokens import readable

LENGTH = 3  # words and marks of a passage that counts as repeated
AGAIN, OFTEN = 2, 3  # times that a passage stands there: shaded a little, shaded
MARKS_OFTEN = 6  # the same for a passage of marks, with less than two words: those are common
MILD, STRONG = 1, 2
Piece = tuple[str, int]  # a text, and 0, `MILD` or `STRONG`
_PARAGRAPH = " ¶ "
_CLOSING = {",", ".", ";", ":", "!", "?", ")", "\n"}


def pieces(tokens: Sequence[str], unit: str) -> list[Piece]:
    """Return a text in pieces as it is read, each with how often its passages stand there.

    Parameters
    ----------
    tokens : words and marks, or characters
    unit : "word" or "character"
    """
    found: list[Piece] = []
    before = ""
    for level, group in _runs(levels(tokens, unit)):
        text = readable(tokens[:group], unit)
        piece = text[len(before) :].replace("\n\n", _PARAGRAPH).replace("\n", _PARAGRAPH)
        before = text
        # What parts a marked passage from the text before it is not part of it.
        for gap in (_PARAGRAPH, " "):
            if level and piece.startswith(gap):
                found.append((gap, 0))
                piece = piece.removeprefix(gap)
        if piece:
            found.append((piece, level))
    return found


def levels(tokens: Sequence[str], unit: str) -> list[int]:
    """Return for every token 0, `MILD` or `STRONG`: the most often repeated passage it is in."""
    length = LENGTH if unit == "word" else 4 * LENGTH
    passages = [tuple(tokens[i : i + length]) for i in range(len(tokens) - length + 1)]
    times = Counter(passages)
    found = [0] * len(tokens)
    for start, passage in enumerate(passages):
        if times[passage] < (AGAIN if _says_something(passage, unit) else MARKS_OFTEN):
            continue
        level = STRONG if times[passage] >= OFTEN else MILD
        for place in range(start, start + length):
            found[place] = max(found[place], level)
    # A passage does not begin with the comma before it.
    for place, token in enumerate(tokens):
        if found[place] and not (place and found[place - 1]) and token in _CLOSING:
            found[place] = 0
    return found


def _says_something(passage: Sequence[str], unit: str) -> bool:
    """Say whether a passage is more than marks: it holds two words."""
    return unit == "character" or sum(token[0].isalnum() for token in passage) > 1


def _runs(marks: Sequence[int]) -> list[tuple[int, int]]:
    """Return runs of equal marks: the mark, and where the run ends."""
    ends = [i for i in range(1, len(marks)) if marks[i] != marks[i - 1]] + [len(marks)]
    return [(marks[end - 1], end) for end in ends if end]
