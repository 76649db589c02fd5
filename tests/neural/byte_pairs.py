"""Byte pairs: frequent neighbours are joined again and again (Sennrich, Haddow and Birch 2016)."""

import re
from collections import Counter
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r" ?[^\W\d_]+|\n|[^\w\s]|\s")


class BytePairs:
    """Pieces of words, learned once from a text.

    Parameters
    ----------
    text : str
    kinds : int, how many kinds of pieces there shall be
    """

    def __init__(self, text: str, kinds: int) -> None:
        words = Counter(_WORD.findall(text))
        spelled = {word: list(word) for word in words}
        self.pieces = sorted({letter for word in words for letter in word})
        self.rank: dict[tuple[str, str], int] = {}
        pairs: Counter[tuple[str, str]] = Counter()
        for word, pieces in spelled.items():
            _count(pairs, pieces, words[word])
        while len(self.pieces) < kinds and pairs:
            # Ties go alphabetically, so that the same text gives the same pieces.
            best = min(pairs, key=lambda pair: (-pairs[pair], pair))
            self.rank[best] = len(self.rank)
            self.pieces.append(best[0] + best[1])
            for word in [word for word in words if self.pieces[-1] in word]:
                _count(pairs, spelled[word], -words[word])
                spelled[word] = _joined(spelled[word], best)
                _count(pairs, spelled[word], words[word])
            pairs = +pairs
        self.numbers = {piece: number for number, piece in enumerate(self.pieces)}

    def encode(self, text: str) -> NDArray[np.int64]:
        """Return a text as numbers of pieces, (tokens,)."""
        known: dict[str, list[int]] = {}
        found: list[int] = []
        for word in _WORD.findall(text):
            if word not in known:
                known[word] = [self.numbers[piece] for piece in self._split(word)]
            found += known[word]
        return np.array(found, dtype=np.int64)

    def decode(self, tokens: NDArray[np.int64]) -> str:
        """Return the text of numbers of pieces, (tokens,)."""
        return "".join(self.pieces[token] for token in tokens)

    def _split(self, word: str) -> list[str]:
        pieces = [letter for letter in word if letter in self.numbers]
        while pairs := [pair for pair in pairwise(pieces) if pair in self.rank]:
            pieces = _joined(pieces, min(pairs, key=self.rank.__getitem__))
        return pieces


def _count(pairs: Counter[tuple[str, str]], pieces: list[str], often: int) -> None:
    for pair in pairwise(pieces):
        pairs[pair] += often


def _joined(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(pieces):
        if tuple(pieces[at : at + 2]) == pair:
            found.append(pair[0] + pair[1])
            at += 2
        else:
            found.append(pieces[at])
            at += 1
    return found
