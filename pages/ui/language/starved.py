"""It starves what it visits: each context's own external share, in a bigram model. Pure.

The exact theory is of models without smoothing (6b of the theory); of a model that sees more words
at once, the bigrams of the same text stand for it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from closedloop_core import Law, LearnerParams, LoopParams, NGrams
from closedloop_core.learners.tokens import PARAGRAPH
from closedloop_core.measures import Array

SHOWN, _STARVED = 9, 6  # contexts in the list, and of them the most starved
MOST_NEXT = 40  # next words that go into the playground; the rest is one outcome
REST = "(other words)"
_LEAST_NEXT = 2  # next words of a context that is worth opening
_COMMON = 200  # of the most frequent contexts the list is made


@dataclass(frozen=True)
class Starved:
    """The contexts of a source's bigrams, and how much external text reaches them.

    Attributes
    ----------
    source : NGrams of order 2
    shares : (h,) float, a_h in the settled state
    original : (h,) float, how often each context stands in the source
    """

    source: NGrams
    shares: Array
    original: Array

    @classmethod
    def of(cls, source: NGrams, shares: Array) -> "Starved":
        """Return what `effective_external` says of a source of order 2, ``shares`` (h,)."""
        first = source.keys // len(source.vocabulary)
        rows = np.unique(first, return_inverse=True)[1]
        return cls(source, shares, np.bincount(rows, weights=source.counts) / source.counts.sum())

    def word(self, context: int) -> str:
        """Return a context's word."""
        return self.source.vocabulary[int(self.source.contexts[context, 0])]

    @property
    def median(self) -> float:
        """The external share of the median context."""
        return float(np.median(self.shares))

    def listed(self) -> list[int]:
        """Return contexts worth showing, the most starved first: of the frequent ones."""
        many = np.bincount(self._rows, minlength=len(self.shares))
        often = np.argsort(-self.original, kind="stable")[:_COMMON]
        often = often[many[often] >= _LEAST_NEXT]
        ranked = often[np.argsort(self.shares[often], kind="stable")]
        if len(ranked) <= SHOWN:
            return [int(h) for h in ranked]
        # The most starved ones, and how the others fare.
        rest = np.linspace(_STARVED, len(ranked) - 1, SHOWN - _STARVED + 1).round().astype(int)[1:]
        return [int(h) for h in [*ranked[:_STARVED], *ranked[rest]]]

    @property
    def _rows(self) -> Any:
        first = self.source.keys // len(self.source.vocabulary)
        return np.unique(first, return_inverse=True)[1]

    def next_words(self, context: int) -> tuple[list[str], list[float]]:
        """Return the next words of a context and their counts, most frequent first."""
        kinds = len(self.source.vocabulary)
        mine = self._rows == context
        counts = self.source.counts[mine]
        words = self.source.keys[mine] % kinds
        order = np.argsort(-counts, kind="stable")
        labels = [shown_word(self.source.vocabulary[int(words[i])]) for i in order[:MOST_NEXT]]
        weights = [float(counts[i]) for i in order[:MOST_NEXT]]
        rest = float(counts.sum() - sum(weights))
        if rest > 0:
            labels, weights = [*labels, REST], [*weights, rest]
        return labels, weights


def bigrams(source: NGrams) -> NGrams | None:
    """Return the bigrams of a source; None where it holds single words alone."""
    if source.order == 1:
        return None
    if source.order == 2:
        return source
    if source.name.startswith("novel"):
        return NGrams.novel(2)
    kinds = len(source.vocabulary)
    keys, places = np.unique(source.keys % kinds**2, return_inverse=True)
    counts = np.bincount(places, weights=source.counts)
    name = source.name
    if name.startswith("reference"):
        return NGrams.reference(2, source.unit)
    return NGrams(2, source.unit, source.vocabulary, keys, counts.astype(np.float64), name)


def shown_word(word: str) -> str:
    """Return a word as it is named: the end of a paragraph by its name."""
    return "(new paragraph)" if word == PARAGRAPH else word


def playground_run(found: Starved, context: int, params: LearnerParams) -> LoopParams:
    """Return a context as a run of the playground: its next words, and its own external share.

    Parameters
    ----------
    found : Starved
    context : int
    params : LearnerParams, of the language model
    """
    labels, weights = found.next_words(context)
    private = not found.source.fits_link
    visited = max(1, round(params.sample_size * float(found.original[context])))
    return LoopParams(
        initial=Law.from_weights(weights, labels, private),
        temperature=params.temperature,
        external_fraction=float(np.clip(found.shares[context], 0, 1)),
        sample_size=min(visited, 10**9),
        initial_size=max(1, round(sum(weights))),
        regime=params.regime,
        generations=max(params.generations, 30),
        seed=params.seed,
    )
