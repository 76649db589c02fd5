r"""What a model believes: probabilities of the listed words, and what is left for the others.

Interpolated Kneser-Ney (Kneser and Ney 1995; Chen and Goodman 1999), level by level:

.. math:: P_k(w|h) = \max(c - D_k, 0)/c(h) + \gamma_k(h) P_{k-1}(w|h'), \quad
   \gamma_k(h) = D_k n(h)/c(h)

with n(h) the number of different words seen after h, and h' the context without its first word.
Next: `tempering`.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from closedloop_core.learners.levels import Level
from closedloop_core.measures import Array
from closedloop_core.quoting import quoted
from closedloop_core.settings.limits import Limit, ParameterError, checked

Smoothing = Literal["kneser_ney", "none"]
SMOOTHINGS: tuple[Smoothing, ...] = get_args(Smoothing)
DISCOUNTS = Limit(0.001, 1.0, whole=False)
LEAST_DISCOUNT = 0.05  # estimated ones are not smaller: after a collapse they would be 0


def check_smoothing(smoothing: object, discount: object) -> None:
    """Refuse what is no smoothing, or no discount of it, with a `ParameterError` (a ValueError)."""
    if not isinstance(smoothing, str) or smoothing not in SMOOTHINGS:
        raise ParameterError(
            "smoothing",
            f"smoothing must be one of {', '.join(SMOOTHINGS)}, got {quoted(smoothing)}",
        )
    if discount is None:
        return
    checked("discount", discount, DISCOUNTS)
    if smoothing == "none":
        raise ParameterError(
            "discount", f"discount must be None without smoothing, got {quoted(discount)}"
        )


@dataclass(frozen=True)
class Beliefs:
    """Probabilities of one level.

    Attributes
    ----------
    p : (m,) float, of each listed word after its context
    low : (m,) float, the part of it that comes from the level below
    gamma : (rows,) float, the weight of the level below
    discount : float
    """

    p: Array
    low: Array
    gamma: Array
    discount: float


def frequencies(level: Level) -> Beliefs:
    """Return what a model without smoothing believes: how often each word followed."""
    p = level.counts / level.row_sums(level.counts)[level.row]
    return Beliefs(p, np.zeros_like(p), np.zeros(level.rows), 0.0)


def kneser_ney(
    levels: list[Level], discount: float | None, uniform_base: bool = True
) -> list[Beliefs]:
    """Return what a model with smoothing believes, from level 1 up.

    Parameters
    ----------
    levels : list of Level, from level 1 up
    discount : float in (0, 1] or None: estimated for each level as n1 / (n1 + 2 n2), at least
        0.05, where n1 and n2 k-grams count 1 and 2
    uniform_base : bool; False: words alone are not discounted, so that unseen ones have
        probability 0, as in some descriptions of the method

    Returns
    -------
    list of Beliefs
    """
    found: list[Beliefs] = []
    for level in levels:
        amount = estimated_discount(level.counts) if discount is None else discount
        if level.k == 1 and not uniform_base:
            amount = 0.0
        total = level.row_sums(level.counts)
        seen = np.diff(level.edges).astype(np.float64)
        if not level.counts.all():
            seen = level.row_sums((level.counts > 0).astype(np.float64))
        # A context that nothing was seen after believes what the level below does.
        empty = total == 0
        total[empty] = 1.0
        gamma = amount * seen / total
        gamma[empty] = 1.0
        own = np.maximum(level.counts - amount, 0.0) / total[level.row]
        if level.lower is None:
            low = np.full(len(own), gamma[0] / len(own))
        else:
            low = gamma[level.row] * found[-1].p[level.lower]
        found.append(Beliefs(own + low, low, gamma, amount))
    return found


def estimated_discount(counts: Array) -> float:
    """Return n1 / (n1 + 2 n2) of counts (ngrams,), at least 0.05.

    Source: Ney, Essen and Kneser 1994; the floor is ours.
    """
    n1, n2 = np.count_nonzero(counts == 1), np.count_nonzero(counts == 2)
    return max(n1 / (n1 + 2.0 * n2) if n1 else 0.0, LEAST_DISCOUNT)
