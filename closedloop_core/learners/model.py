"""An n-gram language model: what it believes, says and knows.

Next: `protocol`, the loop in which it learns from what it wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from closedloop_core.checks import of_kind, one_number, texts_of
from closedloop_core.learners.layout import Whole
from closedloop_core.learners.levels import Level, back_off_levels, top_level
from closedloop_core.learners.products import inner
from closedloop_core.learners.sampler import Sampler
from closedloop_core.learners.scoring import probabilities_of_ends, row_of
from closedloop_core.learners.smoothing import (
    Beliefs,
    Smoothing,
    check_smoothing,
    frequencies,
    kneser_ney,
)
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.stationary import Arcs, stationary
from closedloop_core.learners.table import Keys, NGramTable, keys_of, words_in
from closedloop_core.learners.tempering import next_word_entropies, temper_levels
from closedloop_core.learners.tokens import UNKNOWN
from closedloop_core.learners.truncation import Truncation
from closedloop_core.learners.visits import visits
from closedloop_core.learners.writing import Starts, draw_uniforms, write
from closedloop_core.measures import Array
from closedloop_core.quoting import quoted
from closedloop_core.settings.limits import ParameterError, checked

NO_TRUNCATION = Truncation()

MAX_WORDS = 10_000_000  # that a model writes at once


def fit_ngrams(
    source: NGrams | NGramTable,
    smoothing: Smoothing = "kneser_ney",
    discount: float | None = None,
    uniform_base: bool = True,
) -> "NGramModel":
    """Fit an n-gram model to a source, or to a dataset of n-gram counts.

    Parameters
    ----------
    source : NGrams or NGramTable
    smoothing : "kneser_ney" (interpolated, with what is left at last spread evenly over the
        vocabulary) or "none"
    discount : float in [0.001, 1] or None: estimated; how much the model believes in the unseen
    uniform_base : bool; False: a word that was never seen keeps probability 0 with smoothing too

    Raises
    ------
    ValueError
        Naming the argument, the rule and the value; also if there is nothing to learn from.

    Notes
    -----
    Source: Kneser and Ney 1995, interpolated as in Chen and Goodman 1999, from counts of n-grams
    alone.

    Examples
    --------
    >>> from closedloop_core import NGrams, fit_ngrams
    >>> source = NGrams.from_text('a rose is a rose is a rose and a daisy is no rose ' * 9, order=2)
    >>> fit_ngrams(source, smoothing='none').order
    2
    """
    check_smoothing(smoothing, discount)
    if not isinstance(uniform_base, bool):
        raise ParameterError(
            "uniform_base", f"uniform_base must be True or False, got {quoted(uniform_base)}"
        )
    of_kind("source", source, (NGrams, NGramTable), "NGrams or an NGramTable")
    table = source.table if isinstance(source, NGrams) else source
    if not len(table.keys):
        raise ParameterError("source", "source must hold at least one n-gram, got none")
    if smoothing == "none":
        level = top_level(table)
        return NGramModel(table, smoothing, [level], [frequencies(level)])
    levels = back_off_levels(table)
    return NGramModel(table, smoothing, levels, kneser_ney(levels, discount, uniform_base))


@dataclass(frozen=True, eq=False)
class NGramModel:
    """What a dataset of n-grams teaches. Made by `fit_ngrams`.

    Attributes
    ----------
    table : NGramTable, the dataset as it was learned
    smoothing : "kneser_ney" or "none"
    levels, beliefs : lists from the shortest contexts up; without smoothing of one
    """

    table: NGramTable
    smoothing: Smoothing
    levels: list[Level] = field(repr=False)
    beliefs: list[Beliefs] = field(repr=False)

    @property
    def order(self) -> int:
        """Words of an n-gram."""
        return self.table.order

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The kinds of words, by number."""
        return self.table.vocabulary

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each word."""
        return {word: number for number, word in enumerate(self.vocabulary)}

    @cached_property
    def _samplers(self) -> dict[tuple[float, Truncation], Sampler]:
        return {}

    def sampler(self, temperature: float, truncation: Truncation = NO_TRUNCATION) -> Sampler:
        """Return what says words at a temperature; the last one is kept."""
        key = (float(checked("temperature", temperature)), truncation)
        if key not in self._samplers:
            self._samplers.clear()
            kinds = self.table.kinds
            self._samplers[key] = Sampler.of(self.levels, self.beliefs, kinds, *key)
        return self._samplers[key]

    def next_word(
        self,
        context: Sequence[str],
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        min_p: float | None = None,
    ) -> Array:
        """Return the law of the next word.

        Parameters
        ----------
        context : sequence of words, of which the last ``order - 1`` count; where they are not known
            together, a model with smoothing takes fewer
        temperature : float in [0.02, 50]
        top_k, top_p, min_p : see `Truncation`

        Returns
        -------
        (V,) float, by number in the vocabulary

        Raises
        ------
        ValueError
            If an argument is outside its range, or the context was never seen by a model without
            smoothing.
        """
        sampler = self.sampler(temperature, Truncation(top_k, top_p, min_p))
        return np.asarray(sampler.laws(np.array([self.row_of(context)]))[0])

    def sample(
        self,
        chains: int,
        steps: int,
        temperature: float,
        rng: np.random.Generator,
        start: Sequence[str] | None = None,
        top_k: int | None = None,
        top_p: float | None = None,
        min_p: float | None = None,
    ) -> NDArray[np.int64]:
        """Write texts side by side.

        Parameters
        ----------
        chains, steps : int >= 1, number of texts, and words of each; chains x steps at most 10^7
        temperature : float in [0.02, 50]
        rng : numpy.random.Generator
        start : sequence of words that every text goes on from, or None: each goes on from a context
            drawn from the dataset
        top_k, top_p, min_p : see `Truncation`

        Returns
        -------
        (chains, steps) int, word numbers; without what the texts go on from

        Raises
        ------
        ValueError
            As `next_word`.
        """
        chains = int(one_number("chains", chains, 1, MAX_WORDS, whole=True))
        steps = int(one_number("steps", steps, 1, MAX_WORDS // chains, whole=True))
        of_kind("rng", rng, np.random.Generator, "a numpy.random.Generator")
        sampler = self.sampler(temperature, Truncation(top_k, top_p, min_p))
        starts, shares = self.starts(sampler), rng.random(chains)
        if start is None:
            rows = starts.draw(shares)
        else:
            rows = np.full(chains, self.row_of(texts_of("start", start)))
        uniforms = draw_uniforms(rng, steps, chains, len(self.levels))
        laws = sampler.truncated_laws()
        if laws is not None:
            return laws.write(rows, uniforms)[0].T
        entries, _ = write(sampler.layout, rows, uniforms, starts)
        return sampler.layout.words[entries].T

    def starts(self, sampler: Sampler) -> Starts:
        """Return where texts begin: contexts of the dataset, each as often as it stands there."""
        return Starts.of(self.levels[-1], sampler.layout)

    def row_of(self, context: Sequence[str]) -> int:
        """Return the row of the longest known end of a context; ValueError if there is none."""
        unknown = self.numbers.get(UNKNOWN, -1)
        context = texts_of("context", context)
        last = context[max(0, len(context) - self.order + 1) :]
        ids = [self.numbers.get(word, unknown) for word in last]
        row = row_of(self.levels, ids, self.table.kinds)
        if row < 0:
            raise ValueError(
                f"context must be {self.order - 1} word(s) that were seen together, without"
                f" smoothing, got {quoted(' '.join(context))}"
            )
        return row

    def entropy_rate(self, temperature: float = 1.0) -> float:
        """Return the entropy of the next word in a long text, in nats: exact, not sampled.

        Parameters
        ----------
        temperature : float in [0.02, 50], at which the text is written

        Notes
        -----
        The mean over contexts, each as often as the text comes to it, from the dataset's on.
        """
        sampler = self.sampler(temperature)
        return inner(self.visits(sampler), sampler.entropy)

    def learned_entropy(self) -> float:
        """Return the mean entropy of the next word, untempered, after the dataset's contexts."""
        top = self.levels[-1]
        as_learned = temper_levels(self.levels, self.beliefs, 1.0)
        entropy = next_word_entropies(self.levels, self.beliefs, as_learned, 1.0)[-1]
        return inner(top.row_sums(top.counts), entropy) / float(top.counts.sum())

    def visits(self, sampler: Sampler) -> Array:
        """Return how often a long text is in each row: (rows,) float, sums to 1."""
        if len(self.levels) > 1:
            return visits(self.levels, sampler.tempered)
        level = self.levels[0]
        arcs = Arcs(level.row, level.goes, level.rows)
        start = level.row_sums(level.counts) / level.counts.sum()
        return stationary(arcs, sampler.tempered[0].whole, start)

    def probabilities(self, held: NGrams) -> Array:
        """Return the probability of the last word of each n-gram after the others, untempered.

        Parameters
        ----------
        held : NGrams of the same order; a word that the model has no number for is "<unk>" to it

        Returns
        -------
        (m,) float, in the order of ``held.keys``; 0 where the model calls it impossible

        Raises
        ------
        ValueError
            If the orders differ.
        """
        of_kind("held", held, NGrams, "NGrams")
        if held.order != self.order:
            raise ValueError(f"held must be of order {self.order}, got order {held.order}")
        if held.vocabulary is self.vocabulary or held.vocabulary == self.vocabulary:
            return probabilities_of_ends(self.levels, self.beliefs, held.ends, self.table.kinds)
        # Other words have other numbers: each n-gram by itself, by the words that are known.
        unknown = self.numbers.get(UNKNOWN, -1)
        ids = np.array([self.numbers.get(word, unknown) for word in held.vocabulary])[held.ngrams]
        rows = np.array([row_of(self.levels, row[:-1], self.table.kinds) for row in ids.tolist()])
        p, known = np.zeros(len(rows)), (rows >= 0) & (ids[:, -1] >= 0)
        sampler = self.sampler(1.0)
        for row in np.unique(rows[known]).tolist():
            ours = known & (rows == row)
            p[ours] = sampler.laws(np.array([row]))[0][ids[ours, -1]]
        return p

    def scores(self, held: NGrams) -> tuple[float, float]:
        """Return `perplexity` and `impossible_share` at once."""
        p = self.probabilities(held)
        impossible = float(held.counts[p == 0].sum() / held.counts.sum())
        if impossible > 0:
            return float("inf"), impossible
        return float(np.exp(-inner(held.counts, np.log(p)) / held.counts.sum())), 0.0

    def perplexity(self, held: NGrams) -> float:
        """Return how many words the model is as unsure as between, on text that is not its own.

        Parameters
        ----------
        held : NGrams of the same order

        Returns
        -------
        float, exp of the mean surprise in nats; inf if it calls something impossible
        """
        return self.scores(held)[0]

    def impossible_share(self, held: NGrams) -> float:
        """Return the share of a text's n-grams that the model calls impossible."""
        return self.scores(held)[1]

    def context_keys(self, rows: Whole) -> Keys:
        """Return the keys of contexts, by their rows, which are of the top level."""
        first = sum(level.rows for level in self.levels[:-1])
        return self.levels[-1].contexts[rows - first]

    def keys_written(self, before: Keys, words: Whole) -> tuple[Keys, Keys]:
        """Return the n-grams of texts, and the keys of the contexts that they end with.

        Parameters
        ----------
        before : (chains,) int64, keys of the contexts that the texts go on from
        words : (steps, chains) int
        """
        given = words_in(before, self.order - 1, self.table.kinds).T
        texts = np.concatenate([given, words])
        keys = keys_of(texts.T, self.order, self.table.kinds).T
        return keys, keys[-1] % self.table.kinds ** (self.order - 1)
