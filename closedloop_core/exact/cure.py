"""The external share that brings a loop back from any state: what a cure takes (ours).

Prevention is `minimum_external_fraction`: what a loop that starts at its source needs. Where other
states are stable too, a loop may rest in one of them; it comes back for certain once every stable
state is within the tolerance. Next: `classes`.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.exact.arguments import checked_reference, checked_settings, checked_tolerance
from closedloop_core.exact.branches import (
    Branches,
    lowest_sums,
    sum_and_slope,
    trace_branches,
    weight_of,
    winner_state,
)
from closedloop_core.exact.classes import TOLERANCE
from closedloop_core.exact.curve import group_outcomes, group_roots, log_odds_of, log_state_of
from closedloop_core.exact.least import minimum_external_fraction
from closedloop_core.exact.thresholds import leaders_fold
from closedloop_core.measures import Array
from closedloop_core.settings.laws import Law


def return_external_fraction(
    reference: ArrayLike | Law, temperature: float, tolerance: float = TOLERANCE
) -> float:
    """Return a_cure: the least share from which on every stable state is within the tolerance.

    It is at least `minimum_external_fraction`, and equal to it where prevention is no cheaper.

    Parameters
    ----------
    reference : Law or (n,) float
    temperature : float in [0.02, 50]
    tolerance : float in (0, 1), the largest total variation that is called faithful

    Returns
    -------
    float in [0, 1); 0.0 at T = 1

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours. Total variation falls with the share along each winner's branch, and no branch is
    missed: proved in docs/theory.md, sections 4 and 3.3.
    """
    q = checked_reference(reference)
    checked_settings(temperature, 0.0)
    checked_tolerance(tolerance)
    return cure_of(q, temperature, tolerance, minimum_external_fraction(q, temperature, tolerance))


def cure_of(q: Array, temperature: float, tolerance: float, least: float) -> float:
    """Return `return_external_fraction`, without checks.

    Parameters
    ----------
    q : (n,) float
    temperature : float
    tolerance : float, total variation
    least : float, `minimum_external_fraction` of these

    Returns
    -------
    float in [0, 1)
    """
    if temperature >= 1:
        return least
    branches = trace_branches(q, temperature, nodes=100)
    if not branches.is_tied:
        least = max(least, _leader_comes_back(q, temperature, tolerance))
    absent = int(np.any(q == 0))
    # Collapsed states vanish in the order of q: once one ends below, so do all that follow.
    for row in range(0 if branches.is_tied else 1, len(branches.log_q) + absent):
        lowest, root = (float(value[0]) for value in lowest_sums(branches, np.array([row])))
        end = 1.0 / (1.0 + lowest)
        if end <= least:
            break
        least = max(least, _winner_comes_back(q, branches, row, root, tolerance))
    return float(least)


def _leader_comes_back(q: Array, temperature: float, tolerance: float) -> float:
    """Return where the far side of the leader's fold ends, if that is beyond the tolerance; else 0.

    Above the fold's bottom the leader's branch has a second stable state, closer to collapse.
    """
    bottom = leaders_fold(q, np.array([temperature]))[1]
    if not np.isfinite(bottom[0]):
        return 0.0
    groups = group_outcomes(q[q > 0], cold=True, ties_broken=False)
    y = group_roots(groups, np.array([1.0 / temperature]), bottom)
    p, source = np.exp(log_state_of(groups, y))[0], np.exp(groups.log_q)
    distance = 0.5 * float((groups.sizes * np.abs(p - source)).sum())
    return (
        float(1.0 / (1.0 + np.exp(log_odds_of(groups, y)[0][0]))) if distance > tolerance else 0.0
    )


def _winner_comes_back(
    q: Array, branches: Branches, row: int, root: float, tolerance: float
) -> float:
    """Return the largest share at which this winner's stable state is beyond the tolerance.

    ``root`` is the leader's root at the end of the branch; beyond it the state is stable and the
    share falls. 0.0 where the state is within the tolerance all along.
    """
    winner = int(np.flatnonzero(q == weight_of(q, row))[0])

    def distance(upper: float) -> float:
        return 0.5 * float(np.abs(winner_state(q, branches.b, winner, upper) - q).sum())

    low, high = root, float(branches.upper[-1])
    if distance(high) <= tolerance:
        return 0.0
    if distance(low) > tolerance:
        high = low
    for _ in range(60):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        low, high = (low, middle) if distance(middle) > tolerance else (middle, high)
    odds = sum_and_slope(branches, np.array([row]), np.array([high]))[0]
    return float(1.0 / (1.0 + odds[0]))
