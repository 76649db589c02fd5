r"""The exact theory of n-gram loops without smoothing: many simplexes, one budget (ours).

With joint law J(h, w), pi(h) its contexts and P_h its next words, one generation's text follows

.. math:: B = (1 - a)\,\pi_T(h)\,E_T(P_h) + a\,\pi_q(h)\,Q_h

where pi_T is how often a long text at temperature T comes to h. So each context is a loop of its
own, with its own external share a_h = a pi_q / (a pi_q + (1 - a) pi_T), and the budget is
sum_h B(h) a_h = a: what is visited more than in the source is starved. Next: `settled_text`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from closedloop_core.checks import of_kind
from closedloop_core.learners.levels import Level, top_level
from closedloop_core.learners.products import inner
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.stationary import Arcs, stationary
from closedloop_core.measures import Array
from closedloop_core.quoting import quoted
from closedloop_core.settings.limits import ParameterError, checked
from closedloop_core.settings.params import REGIMES, Regime


@dataclass(frozen=True)
class Contexts:
    """The contexts of a source, as a walk and as the rows of its joint law (ngrams,)."""

    level: Level
    arcs: Arcs
    joint: Array

    @classmethod
    def of(cls, source: NGrams) -> "Contexts":
        """Return the contexts of a source, whose joint law is its counts as shares."""
        level = top_level(source.table)
        arcs = Arcs(level.row, level.goes, level.rows)
        return cls(level, arcs, source.counts / source.counts.sum())

    def marginal(self, joint: Array) -> Array:
        """Return how often each context stands in a joint law: (m,) to (h,)."""
        return self.level.row_sums(joint)

    def next_words(self, joint: Array) -> Array:
        """Return P_h of a joint law, (m,); that of a context that is gone is all 0."""
        total = self.marginal(joint)[self.level.row]
        return np.divide(joint, total, out=np.zeros_like(joint), where=total > 0)

    def tempered(self, words: Array, temperature: float) -> Array:
        """Return E_T of every context's next words, (m,)."""
        with np.errstate(divide="ignore", under="ignore", invalid="ignore"):
            logs = np.log(words)
            largest = np.maximum.reduceat(logs, self.level.edges[:-1])
            present = np.isfinite(largest)[self.level.row]
            weight = np.exp((logs - largest[self.level.row]) / temperature)
            weight = np.where(present, weight, 0.0)
            total = self.marginal(weight)[self.level.row]
        return np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)

    def text(self, joint: Array, temperature: float) -> Array:
        """Return the joint law of a long text that is written at a temperature, (m,)."""
        words = self.tempered(self.next_words(joint), temperature)
        visits = stationary(self.arcs, words, self.marginal(joint))
        return visits[self.level.row] * words

    def entropy_rate(self, joint: Array, temperature: float = 1.0) -> float:
        """Return the entropy of the next word of a long text written at a temperature, in nats.

        ``joint`` is (ngrams,).
        """
        text = self.text(joint, temperature)
        words = self.next_words(text)
        return -inner(text, np.log(np.where(words > 0, words, 1.0)))


def ngram_mean_field(
    source: NGrams,
    temperature: float,
    external_fraction: float,
    generations: int,
    regime: Regime = "replace",
    sample_size: int | None = None,
) -> Iterator[Array]:
    """Yield the joint laws of the infinite-sample loop without smoothing, generation by generation.

    Parameters
    ----------
    source : NGrams
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]
    generations : int in [1, 100,000]
    regime : "replace", "accumulate" or "subsample" (the same without noise)
    sample_size : int or None, n-grams that each generation adds where data accumulate; None: as
        many as the source has

    Yields
    ------
    generations + 1 arrays (m,) float, shares of the source's n-grams; the first are the source's

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours; at T = 1 the loop is that of Riis 2026.

    Examples
    --------
    >>> from closedloop_core import NGrams, ngram_mean_field
    >>> source = NGrams.from_text('a rose is a rose is a rose and a daisy is no rose ' * 9, order=2)
    >>> len(list(ngram_mean_field(source, 0.7, 0.2, generations=3)))  # the source, and three steps
    4
    """
    temperature, a = checked_setting(temperature, external_fraction)
    generations = int(checked("generations", generations))
    if not isinstance(regime, str) or regime not in REGIMES:
        raise ParameterError(
            "regime", f"regime must be one of {', '.join(REGIMES)}, got {quoted(regime)}"
        )
    of_kind("source", source, NGrams, "NGrams")
    added = source.size if sample_size is None else int(checked("sample_size", sample_size))
    return _generations(Contexts.of(source), temperature, a, generations, regime, added)


def _generations(
    contexts: Contexts, temperature: float, a: float, generations: int, regime: Regime, added: int
) -> Iterator[Array]:
    joint, size = contexts.joint, float(contexts.level.counts.sum())
    yield joint
    for _ in range(generations):
        batch = image_of_text(contexts, joint, temperature, a)
        size += added
        step = 1.0 if regime == "replace" else added / size
        joint = joint + step * (batch - joint)
        yield joint


def image_of_text(contexts: Contexts, joint: Array, temperature: float, a: float) -> Array:
    """Return B: the joint law of a generation's new n-grams, (ngrams,), from that learned."""
    own = contexts.text(joint, temperature) if a < 1 else 0.0
    return np.asarray((1 - a) * own + a * contexts.joint)


def own_shares(contexts: Contexts, visits: Array, a: float) -> Array:
    """Return a_h: the share of each context's new words that is external, (h,).

    1 where only external text comes; 0 where none comes at all.
    """
    external = a * contexts.marginal(contexts.joint)
    total = external + (1 - a) * visits
    return np.divide(external, total, out=np.zeros_like(total), where=total > 0)


def own_steps(contexts: Contexts, joint: Array, batch: Array, step: float) -> Array:
    """Return gamma_h: how far each context moves when the dataset moves by ``step``, (h,).

    gamma B(h) / ((1 - gamma) pi(h) + gamma B(h)): where data accumulate, contexts that are visited
    move faster.
    """
    new = step * contexts.marginal(batch)
    total = (1 - step) * contexts.marginal(joint) + new
    return np.divide(new, total, out=np.zeros_like(total), where=total > 0)


def checked_setting(temperature: float, external_fraction: float) -> tuple[float, float]:
    """Return temperature and external share as floats; a `ParameterError` outside their ranges."""
    a = checked("external_fraction", external_fraction)
    return float(checked("temperature", temperature)), float(a)
