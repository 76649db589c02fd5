"""The least external share that keeps the settled state near the reference (ours).

Lower the external share a slowly from 1: the settled state moves along the curve of fixed points
(`curve`), and where the leader's branch folds back (`thresholds`) it jumps to the next part of it.
On the parts that it moves along, the distance to the reference grows: so the tolerance is passed
once, before the fold, in the jump, or after it. Next: `cure`.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.exact.arguments import checked_reference, checked_settings, checked_tolerance
from closedloop_core.exact.curve import (
    BLOCK,
    MAX_LOGIT,
    OutcomeGroups,
    group_outcomes,
    group_roots,
    log_odds_of,
    log_state_of,
    root_equation,
)
from closedloop_core.exact.thresholds import leaders_fold
from closedloop_core.measures import Array
from closedloop_core.settings.laws import Law


def least_external(q: Array, temperatures: Array, tolerance: float) -> Array:
    """Return the least share a whose settled state is within tolerance of q, without checks.

    Parameters
    ----------
    q : (n,) float
    temperatures : (m,) float
    tolerance : float in (0, 1), total variation

    Returns
    -------
    (m,) float in [0, 1); 0 at T = 1
    """
    least, q = np.zeros(len(temperatures)), q[q > 0]
    for cold in (True, False):
        side = np.flatnonzero((temperatures < 1) if cold else (temperatures > 1))
        groups = group_outcomes(q, cold, ties_broken=True)
        step = max(1, BLOCK // len(groups.log_q))
        for block in (side[at : at + step] for at in range(0, len(side), step)):
            fold = np.full((2, len(block)), -MAX_LOGIT)
            if cold:
                fold = np.maximum(leaders_fold(q, temperatures[block]), -MAX_LOGIT)
            b = 1.0 / temperatures[block]
            least[block] = _least_block(groups, b, tolerance, fold)
    return least


def _least_block(groups: OutcomeGroups, b: Array, tolerance: float, fold: Array) -> Array:
    """Return the least a, given the leader's y at the top and the bottom of its branch's fold."""
    top, bottom = fold
    end = np.full(len(b), MAX_LOGIT - groups.log_q[0])
    most = _distance_and_slope(groups, b, group_roots(groups, b, end))[0]
    y = group_roots(groups, b, top)
    tied = bool(b[0] > 1) and len(groups.log_q) > 1 and groups.log_q[0] == groups.log_q[1]
    if tied:
        y[:, 1] = y[:, 0]  # both at the crest, exactly
    jump = log_odds_of(groups, y)[0]
    survives = _distance_and_slope(groups, b, y)[0] <= tolerance
    low = np.where(survives, bottom, -MAX_LOGIT)
    low = np.where(most > tolerance, low, end)  # else it is never left
    y = _leaving(groups, b, tolerance, low, np.where(survives, end, top), most)
    odds = log_odds_of(groups, y)[0]
    # What lies below the top of the fold on its other side is jumped over.
    odds = np.where(survives, np.maximum(odds, jump), odds)
    return np.where(most > tolerance, 1.0 / (1.0 + np.exp(odds)), 0.0)


def _leaving(
    groups: OutcomeGroups, b: Array, tolerance: float, low: Array, high: Array, most: Array
) -> Array:
    """Return y of every group where the distance reaches the tolerance: Newton, kept inside.

    For its logit between 0 and ``most``, which is nearly straight but for the distance's kinks.
    """
    most = 1.000001 * np.maximum(most, tolerance)
    goal = np.log(tolerance / (most - tolerance))
    leader, moved = np.clip(goal, low, high), high - low
    y = group_roots(groups, b, leader)
    for _ in range(100):
        distance, slope = _distance_and_slope(groups, b, y)
        near = distance < tolerance
        low, high = np.where(near, leader, low), np.where(near, high, leader)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            miss = goal - np.log(distance / (most - distance))
            step = miss * distance * (most - distance) / (most * slope)
        fresh = leader + step
        # Steps that do not halve go round in circles, unless they are but rounding.
        trusted = (fresh >= low) & (fresh <= high)
        trusted &= np.abs(step) <= np.maximum(0.5 * moved, 1e-7)
        fresh = np.where(trusted, fresh, 0.5 * (low + high))
        moved, leader = np.abs(fresh - leader), fresh
        y = group_roots(groups, b, leader)  # from its own guess: one at the crest would stay there
        if moved.max(initial=0.0) < 1e-9:
            break
    return y


def _distance_and_slope(groups: OutcomeGroups, b: Array, y: Array) -> tuple[Array, Array]:
    """Return total variation between the state and q, and its slope along the leader's y."""
    p, q = np.exp(log_state_of(groups, y)), np.exp(groups.log_q)
    odds, weights = log_odds_of(groups, y)
    _, slopes, softplus = root_equation(y, b[:, None])
    gained = groups.sizes * (p > q)
    with np.errstate(divide="ignore", invalid="ignore"):
        pull = slopes[:, :1] / slopes  # dy_i / dy_leader; without a value at the crest
        own = (weights * pull).sum(axis=1) / (1.0 + np.exp(-odds))
        change = -np.expm1(-softplus) * pull - own[:, None]
        return (gained * (p - q)).sum(axis=1), (gained * p * change).sum(axis=1)


def minimum_external_fraction(
    reference: ArrayLike | Law, temperature: float, tolerance: float = 0.1
) -> float:
    """Return a_min: the least external share from which on the settled state is within tolerance.

    A settled state is "faithful" exactly if a >= a_min. For an even law a_min is 1 - T from three
    outcomes on; for two a little less, since their state leaves the even one without a jump.

    Parameters
    ----------
    reference : Law or (n,) float
    temperature : float in [0.02, 50]
    tolerance : float in (0, 1), the largest total variation called faithful

    Returns
    -------
    float in [0, 1); 0.0 at T = 1

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours. Total variation falls with a (proved: docs/theory.md, section 3.5), so there is
    one such share.
    """
    return float(tolerance_contour(reference, temperature, tolerance)[0])


def tolerance_contour(
    reference: ArrayLike | Law, temperatures: ArrayLike, tolerance: float = 0.1
) -> Array:
    """Return `minimum_external_fraction` over temperatures: the boundary of the faithful region.

    Parameters
    ----------
    reference : Law or (n,) float
    temperatures : (m,) float
    tolerance : float in (0, 1)

    Returns
    -------
    (m,) float in [0, 1)

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours. See `minimum_external_fraction`.
    """
    checked_tolerance(tolerance)
    q, (rows, _) = checked_reference(reference), checked_settings(temperatures, 0.0)
    return least_external(q, rows, tolerance)
