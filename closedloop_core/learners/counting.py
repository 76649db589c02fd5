"""Counting a text: its words by number, its n-grams, and the fingerprints of its passages.

Next: `source`, which keeps what is counted here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.learners.table import MAX_KINDS, Keys, NGramTable, keys_of
from closedloop_core.learners.tokens import characters_of, numbered, words_of

PASSAGE = 8  # words of a passage that counts as copied
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
Progress = Callable[[int, int], object]
STAGES = 4  # cut, numbered, counted, fingerprinted


@dataclass(frozen=True)
class CountedText:
    """A text whose last part is held out.

    Attributes
    ----------
    learned, held_out : NGramTable, the second None where nothing is held out
    passages : (p,) uint64, rising, fingerprints of the passages of what is learned
    """

    learned: NGramTable
    held_out: NGramTable | None
    passages: NDArray[np.uint64]


def cut(text: str, unit: str) -> list[str]:
    """Cut a text into words or characters."""
    return words_of(text) if unit == "word" else characters_of(text)


def count(
    words: Sequence[str], held: Sequence[str], order: int, progress: Progress | None = None
) -> CountedText:
    """Count what is learned of a text, and what is held out of it.

    Parameters
    ----------
    words, held : sequences of words; the first at least ``order`` long, the second too or empty
    order : int in [1, 5]
    progress : callable or None, called as ``progress(stages done, stages)``; if it raises, the
        exception goes through
    """
    tell = progress or (lambda done, total: None)
    tell(1, STAGES)
    vocabulary, *parts = numbered(words, held, MAX_KINDS[order])
    tell(2, STAGES)
    learned, rest = (
        NGramTable.of(order, vocabulary, keys_of(ids[None, :], order, len(vocabulary))[0])
        if len(ids)
        else None
        for ids in parts
    )
    assert learned is not None  # a text that is too short was refused
    tell(3, STAGES)
    passages = np.unique(fingerprints(parts[0][None, :])[0])
    tell(4, STAGES)
    return CountedText(learned, rest, passages)


def fingerprints(texts: Keys) -> NDArray[np.uint64]:
    """Return a fingerprint of every passage of eight words: (texts, N) to (texts, N - 7)."""
    last = max(texts.shape[1] - PASSAGE + 1, 0)
    found = np.zeros((texts.shape[0], last), dtype=np.uint64)
    words = (texts + 1).astype(np.uint64)
    for place in range(PASSAGE):
        # Whole numbers that run over: equal passages have equal fingerprints, others all but never.
        found = (found + words[:, place : place + last]) * _MULTIPLIER
        found ^= found >> np.uint64(29)
    return found
