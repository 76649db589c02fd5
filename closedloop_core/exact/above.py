"""The fixed point above T = 1, where all is monotone and there is but one (ours).

Next: `sums`, the branches below T = 1.
"""

import numpy as np
from numpy.typing import NDArray

from closedloop_core.exact.curve import MAX_LOGIT, excess_of, hot_roots, log_odds_at, root_equation
from closedloop_core.exact.groups import OutcomeGroups, group_outcomes
from closedloop_core.exact.searches import ENOUGH, newton_inside
from closedloop_core.measures import Array


def hot_places(
    groups: OutcomeGroups, t: Array, odds: Array, absent: int = 0, enough: float = ENOUGH
) -> tuple[Array, Array]:
    """Return y of every group, (m, groups), at log odds above T = 1, and ln v of absent ones.

    So many outcomes that q does not know are alive: v - kappa v^b = 0.
    """
    excess, log_q = excess_of(t), groups.log_q
    roots: list[Array] = []

    def height(leader: Array) -> tuple[Array, Array]:
        guess = None
        if roots:
            last, pull = roots[0], roots[1]
            guess = last[:, 1:] + (leader - last[:, 0])[:, None] * pull[:, 1:]
        y = hot_roots(groups, excess, leader, guess)
        value, slopes, _ = root_equation(y, excess[:, None])
        free = (value[:, 0] - excess * log_q[0]) / -excess
        pull = slopes[:, :1] / slopes
        roots[:] = [y, pull, free]
        terms, pulls = log_q + np.log(groups.sizes) + y, pull
        if absent:
            terms = np.column_stack([terms, free + np.log(absent)])
            pulls = np.column_stack([pull, slopes[:, 0] / -excess])
        top = terms.max(axis=1, keepdims=True)
        weights = np.exp(terms - top)
        total = weights.sum(axis=1)
        return top[:, 0] + np.log(total), (weights * pulls).sum(axis=1) / total

    # p = a q (1 + e^y) of the least is at most 1/n; and of all y its own is the largest.
    high = np.logaddexp(0.0, odds) - log_q[0] - np.log(groups.sizes.sum())
    low = np.full(len(t), -MAX_LOGIT) if absent else np.minimum(odds, high)
    height(newton_inside(height, odds, low, high, enough))
    return roots[0], roots[2]


def hot_values(groups: OutcomeGroups, y: Array) -> Array:
    """Return states but for a factor from y of every group, (m, groups) both."""
    logs = groups.log_q + np.logaddexp(0.0, y)
    return np.asarray(np.exp(logs - logs.max(axis=1, keepdims=True)))


def hot_state(q: Array, temperature: float, a: float, alive: NDArray[np.bool_]) -> Array:
    """Return the one fixed point above T = 1 with these outcomes alive, (n,); 0 < a < 1."""
    present = q > 0
    groups = group_outcomes(q[present], cold=False, ties_broken=False)
    others = alive & ~present
    odds, t = log_odds_at(np.array([a])), np.array([temperature])
    y, free = hot_places(groups, t, odds, int(np.count_nonzero(others)))
    logs = np.full(len(q), -np.inf)
    logs[present] = (groups.log_q + np.logaddexp(0.0, y[0]))[groups.members]
    logs[others] = free[0]
    p = np.exp(logs - logs.max())
    return np.asarray(p / p.sum())
