"""The least external share that keeps the settled state near the reference (ours).

Lower the external share a slowly from 1: the settled state moves along the curve of fixed points
(`curve`), and where the leader's branch folds back (`thresholds`) it jumps to the next part of it.
On the parts that it moves along, the distance to the reference grows: so the tolerance is passed
once, before the fold, in the jump, or after it. Next: `cure`.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.exact.arguments import (
    checked_reference,
    checked_setting,
    checked_settings,
    checked_tolerance,
)
from closedloop_core.exact.crest import distance_of
from closedloop_core.exact.curve import BLOCK, MAX_LOGIT, Place, place_of
from closedloop_core.exact.groups import OutcomeGroups, group_outcomes
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
        step = max(1, BLOCK // len(groups.q))
        for block in (side[at : at + step] for at in range(0, len(side), step)):
            t = temperatures[block]
            fold = np.full((2, len(block)), -MAX_LOGIT)
            if cold:
                sigma = leaders_fold(q, t)
                above = distance_of(0.5 * np.maximum(sigma, 0.0) ** 2, 1.0 - t, t)
                fold = np.where(sigma < 0, -MAX_LOGIT, above)
            least[block] = _least_block(groups, t, tolerance, fold)
    return least


def _least_block(groups: OutcomeGroups, t: Array, tolerance: float, fold: Array) -> Array:
    """Return the least a, given the leader's y at the top and the bottom of its branch's fold.

    Below T = 1 its y is counted from the crest.
    """
    top, bottom = fold
    end = np.full(len(t), MAX_LOGIT - groups.log_q[0])
    most = _distance(place_of(groups, t, end))
    place = place_of(groups, t, top)
    jump = place.log_odds
    survives = _distance(place) <= tolerance
    low = np.where(survives, bottom, -MAX_LOGIT)
    low = np.where(most > tolerance, low, end)  # else it is never left
    odds = _leaving(groups, t, tolerance, (low, np.where(survives, end, top)), most).log_odds
    # What lies below the top of the fold on its other side is jumped over.
    odds = np.where(survives, np.maximum(odds, jump), odds)
    return np.where(most > tolerance, 1.0 / (1.0 + np.exp(odds)), 0.0)


def _leaving(
    groups: OutcomeGroups, t: Array, tolerance: float, bracket: tuple[Array, Array], most: Array
) -> Place:
    """Return where the distance reaches the tolerance: Newton, kept inside.

    For its logit between 0 and ``most``, which is nearly straight but for the distance's kinks.
    """
    low, high = bracket
    most = 1.000001 * np.maximum(most, tolerance)
    goal = np.log(tolerance / (most - tolerance))
    leader, moved = np.clip(goal, low, high), high - low
    for _ in range(100):
        place = place_of(groups, t, leader)
        distance, slope = _distance(place), _slope(place)
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
        if not np.any(moved > 1e-13 * (1.0 + np.abs(leader))):
            break
    return place_of(groups, t, leader)


def _distance(place: Place) -> Array:
    """Return total variation between the states and q."""
    return np.asarray(np.maximum(place.values - place.groups.q, 0.0) @ place.groups.sizes)


def _slope(place: Place) -> Array:
    """Return the derivative of the distance along the leader's y."""
    values = place.values
    gained = np.where(values > place.groups.q, values * place.growth, 0.0)
    return np.asarray(gained @ place.groups.sizes)


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

    Examples
    --------
    >>> from closedloop_core import Law, minimum_external_fraction
    >>> print(round(minimum_external_fraction(Law.zipf(10), 0.5, 0.1), 3))
    0.782
    """
    found = tolerance_contour(reference, [checked_setting(temperature)[0]], tolerance)
    return float(found[0])


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

    Examples
    --------
    >>> from closedloop_core import Law, tolerance_contour
    >>> tolerance_contour(Law.zipf(5), [0.5, 2.0], 0.1).shape
    (2,)
    """
    tolerance = checked_tolerance(tolerance)
    q, (rows, _) = checked_reference(reference), checked_settings(temperatures, 0.0)
    return least_external(q, rows, tolerance)
