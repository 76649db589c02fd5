"""A dataset of a language model: how often each n-gram stands in it.

An n-gram of word numbers w_1 .. w_n is the whole number sum_i w_i V^(n-i), its *key*: keys are in
the order of their words, an n-gram's context (its first n - 1 words) is ``key // V`` and what is
left when the first word goes is ``key % V^(n-1)``. Next: `levels`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.loop.draws import draw_positions, draw_subsamples
from closedloop_core.measures import Array

Keys = NDArray[np.int64]
MAX_ORDER = 5
# A key must fit 63 bits: the fifth power of a number of kinds of words does so up to 6,208.
MAX_KINDS = {1: 10_000, 2: 10_000, 3: 10_000, 4: 10_000, 5: 6_208}
_FEW = 100_000  # items that are drawn one by one


@dataclass
class NGramTable:
    """N-grams and their counts; what the regimes act on.

    Attributes
    ----------
    order : int, words of an n-gram
    vocabulary : tuple of str, the V kinds of words, by number
    keys : (m,) int64, rising
    counts : (m,) float > 0
    """

    order: int
    vocabulary: tuple[str, ...]
    keys: Keys
    counts: Array

    @classmethod
    def of(
        cls, order: int, vocabulary: tuple[str, ...], keys: Keys, counts: Array | None = None
    ) -> "NGramTable":
        """Count keys (ngrams,) given in any order, each once or ``counts`` times."""
        if counts is None:
            ordered = keys[rising_order(keys, len(vocabulary) ** order)]
            first = np.flatnonzero(starts(ordered))
            edges = np.append(first, len(ordered))
            return cls(order, vocabulary, ordered[first], np.diff(edges).astype(np.float64))
        # Stable: two rising rows one after the other are merged in one pass.
        places = np.argsort(keys, kind="stable")
        ordered = keys[places]
        first = np.flatnonzero(starts(ordered))
        sums = np.add.reduceat(counts[places], first) if len(first) else counts[:0]
        return cls(order, vocabulary, ordered[first], sums)

    @property
    def kinds(self) -> int:
        """The number of kinds of words, V."""
        return len(self.vocabulary)

    @property
    def size(self) -> int:
        """The number of n-grams, each as often as it stands."""
        return round(float(self.counts.sum()))

    @property
    def ngrams(self) -> NDArray[np.int64]:
        """The n-grams as word numbers, (m, order) int."""
        return words_in(self.keys, self.order, self.kinds)

    def join(self, batch: "NGramTable") -> None:
        """Add a batch to what is there."""
        if len(batch.keys):
            both = np.concatenate([self.keys, batch.keys])
            counts = np.concatenate([self.counts, batch.counts])
            merged = NGramTable.of(self.order, self.vocabulary, both, counts)
            self.keys, self.counts = merged.keys, merged.counts

    def replace(self, batch: "NGramTable") -> None:
        """Put a batch in the place of what is there."""
        self.keys, self.counts = batch.keys, batch.counts

    def drawn(self, rng: np.random.Generator, size: int, wanted: int) -> "NGramTable":
        """Return ``wanted`` of the ``size`` n-grams, drawn without replacement."""
        if wanted == size:
            return self
        if wanted <= _FEW:
            counts = draw_positions(rng, self.counts, size, wanted)
        else:
            counts = draw_subsamples(rng, self.counts[None, :], size, wanted)[0]
        return self.only(counts)

    def only(self, counts: Array) -> "NGramTable":
        """Return the same n-grams with other counts, (m,), without those that count 0."""
        left = counts > 0
        return NGramTable(self.order, self.vocabulary, self.keys[left], counts[left])


def keys_of(texts: Keys, order: int, kinds: int) -> Keys:
    """Return the key of every n-gram of each text: (texts, N) to (texts, N - order + 1)."""
    last = texts.shape[1] - order + 1
    keys = texts[:, :last].astype(np.int64)
    for place in range(1, order):
        keys *= kinds
        keys += texts[:, place : place + last]
    return keys


def words_in(keys: Keys, order: int, kinds: int) -> NDArray[np.int64]:
    """Return the word numbers of each key, (m, order) int."""
    powers = np.array([kinds**place for place in reversed(range(order))], dtype=np.int64)
    return np.asarray(keys[:, None] // powers % kinds)


def key_of(ids: Sequence[int], kinds: int) -> int:
    """Return the key of one row of word numbers; 0 of none."""
    key = 0
    for word in ids:
        key = key * kinds + word
    return key


def find(keys: Keys, wanted: Keys) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return where each wanted key would stand among rising keys (m,), and whether it does."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.intp), np.zeros(len(wanted), dtype=np.bool_)
    places = keys.searchsorted(wanted)
    np.minimum(places, len(keys) - 1, out=places)
    return places, keys[places] == wanted


def rising_order(keys: Keys, limit: int) -> NDArray[np.intp]:
    """Return the places of keys (m,) in rising order, equal ones as they stand.

    ``limit`` is a whole number that is larger than every key. Sixteen bits after the other, the
    lowest first: NumPy sorts so short numbers without comparing them, and a few passes take about
    half the time of one sort of whole keys.
    """
    bits = range(0, max((limit - 1).bit_length(), 1), 16)
    return np.lexsort([(keys >> bit).astype(np.uint16) for bit in bits])


def starts(ordered: Keys) -> NDArray[np.bool_]:
    """Say where a value of a rising row (m,) stands first."""
    is_first = np.empty(len(ordered), dtype=np.bool_)
    is_first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return is_first
