r"""Exact temperature without a vector over the vocabulary (ours).

At temperature T = 1/b the weight of a whole row is, over its listed words alone,

.. math:: Z_k(h) = \sum_w [P_k^b - (\gamma_k P_{k-1})^b] + \gamma_k^b Z_{k-1}(h')

and no bracket is negative: a tempered model is again a listed part and a part that is left to the
level below. One pass over the tables does it, for any temperature. Next: `sampler`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from closedloop_core.learners.levels import Level
from closedloop_core.learners.smoothing import Beliefs
from closedloop_core.measures import Array


@dataclass(frozen=True)
class Tempered:
    """One level at one temperature.

    Attributes
    ----------
    whole : (m,) float, probability of each listed word after its context
    listed : (m,) float, the part of it that does not come from the level below
    back : (rows,) float, probability that the level below decides
    log_weight : (rows,) float, ln Z
    """

    whole: Array
    listed: Array
    back: Array
    log_weight: Array


def temper_levels(
    levels: list[Level], beliefs: list[Beliefs], temperature: float
) -> list[Tempered]:
    """Return every level at a temperature, the lowest first."""
    found: list[Tempered] = []
    # Below e^-700 a share is 0 in effect, and ln 0 is minus infinity: both are meant.
    with np.errstate(divide="ignore", under="ignore", invalid="ignore"):
        for level, belief in zip(levels, beliefs, strict=True):
            below = found[-1] if found else None
            found.append(_tempered(level, belief, below, 1.0 / temperature))
    return found


def _tempered(level: Level, belief: Beliefs, below: Tempered | None, b: float) -> Tempered:
    logs = np.log(belief.p)
    largest = b * np.maximum.reduceat(logs, level.edges[:-1])
    if below is None or level.lower_row is None:
        back_log = np.full(level.rows, -np.inf)
    else:
        back_log = b * np.log(belief.gamma) + below.log_weight[level.lower_row]
        largest = np.maximum(largest, back_log)
    # Relative to the largest term of the row: no power overflows.
    weight = np.exp(b * logs - largest[level.row])
    listed, back = weight, np.exp(back_log - largest)
    if below is not None and level.lower is not None:
        # (gamma P_{k-1})^b is gamma^b Z_{k-1} times the share of the word in the row below.
        low = back[level.row] * below.whole[level.lower]
        listed = np.maximum(weight - low, 0.0)
        listed[belief.p == belief.low] = 0.0  # exactly: equal words stay equal
    total = level.row_sums(listed) + back
    share = 1.0 / total[level.row]
    return Tempered(weight * share, listed * share, back / total, largest + np.log(total))


def next_word_entropies(
    levels: Sequence[Level],
    beliefs: Sequence[Beliefs],
    tempered: Sequence[Tempered],
    temperature: float,
) -> list[Array]:
    """Return the entropy of the next word in each row of each level, in nats: (rows,) each.

    A row's is ln Z minus 1/T times the mean of ln P over next words, P untempered.
    """
    found: list[Array] = []
    mean = np.empty(0)
    with np.errstate(divide="ignore", under="ignore", invalid="ignore"):
        for level, belief, now in zip(levels, beliefs, tempered, strict=True):
            means = _times_log(now.whole, belief.p)
            if level.lower_row is None:
                mean = level.row_sums(means)
            else:
                below = np.log(belief.gamma) + mean[level.lower_row]
                means -= _times_log(now.whole - now.listed, belief.low)
                mean = level.row_sums(means) + np.where(now.back > 0, now.back * below, 0.0)
            found.append(np.maximum(now.log_weight - mean / temperature, 0.0))
    return found


def _times_log(shares: Array, p: Array) -> Array:
    """Return ``shares * ln p``, 0 where the share is 0: (m,)."""
    return np.where(shares > 0, shares * np.log(p), 0.0)
