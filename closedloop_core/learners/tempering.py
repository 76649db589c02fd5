r"""Exact temperature without a vector over the vocabulary (ours).

At temperature T = 1/b the weight of a whole row is, over its listed words alone,

.. math:: Z_k(h) = \sum_w [P_k^b - (\gamma_k P_{k-1})^b] + \gamma_k^b Z_{k-1}(h')

and no bracket is negative: a tempered model is again a listed part and a part that is left to the
level below. One pass over the tables does it, for any temperature. Next: `walk`.
"""

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
    mean_log : (rows,) float, mean over next words of ln P, P untempered
    entropy : (rows,) float, of the next word, in nats
    """

    whole: Array
    listed: Array
    back: Array
    log_weight: Array
    mean_log: Array
    entropy: Array


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
        gamma_log = np.log(belief.gamma)
        back_log = b * gamma_log + below.log_weight[level.lower_row]
        largest = np.maximum(largest, back_log)
    # Relative to the largest term of the row: no power overflows.
    weight = np.exp(b * logs - largest[level.row])
    mean = weight * np.where(weight > 0, logs, 0.0)
    listed, back = weight, np.exp(back_log - largest)
    if below is not None and level.lower_row is not None:
        low_logs = np.log(belief.low)
        low = np.exp(b * low_logs - largest[level.row])
        listed = np.maximum(weight - low, 0.0)
        mean = mean - low * np.where(low > 0, low_logs, 0.0)
    total = level.row_sums(listed) + back
    mean_log = level.row_sums(mean)
    if below is not None and level.lower_row is not None:
        from_below = gamma_log + below.mean_log[level.lower_row]
        mean_log = mean_log + back * np.where(back > 0, from_below, 0.0)
    mean_log = mean_log / total
    log_weight = largest + np.log(total)
    share = 1.0 / total[level.row]
    return Tempered(
        whole=weight * share,
        listed=listed * share,
        back=back / total,
        log_weight=log_weight,
        mean_log=mean_log,
        entropy=np.maximum(log_weight - b * mean_log, 0.0),
    )
