"""The external share that brings a loop back from any state: what a cure takes (ours).

Prevention is `minimum_external_fraction`: what a loop that starts at its source needs. Where other
states are stable too, a loop may rest in one of them; it comes back for certain once every stable
state is within the tolerance. Next: `classes`.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.exact.arguments import checked_reference, checked_setting, checked_tolerance
from closedloop_core.exact.classes import TOLERANCE
from closedloop_core.exact.crossings import far_above
from closedloop_core.exact.least import minimum_external_fraction
from closedloop_core.exact.standing import winner_values
from closedloop_core.exact.sums import Sums, direct_sums, height_of, winners_of
from closedloop_core.exact.thresholds import folds, lowest_sums, parting, share_at
from closedloop_core.measures import Array
from closedloop_core.settings.laws import Law

_NO_EXTERNAL = 60.0  # in ln((1-a)/a): shares that are 0 in effect


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

    Examples
    --------
    >>> from closedloop_core import Law, return_external_fraction
    >>> print(round(return_external_fraction(Law.uniform(10), 0.5, 0.1), 3))
    0.625
    """
    q, (temperature, _) = checked_reference(reference), checked_setting(temperature)
    tolerance = checked_tolerance(tolerance)
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
    sums = direct_sums(winners_of(q), np.array([temperature]))
    is_tied = sums.winners.is_tied
    if not is_tied:
        least = max(least, _leader_comes_back(q, sums, tolerance))
    # Collapsed states vanish in the order of q: once one ends below, so do all that follow.
    for row in range(0 if is_tied else 1, len(sums.winners.q)):
        if is_tied and row == 0:
            _, lowest, place = (float(value[0]) for value in parting(sums))
        else:
            lowest, place = (float(value[0, 0]) for value in lowest_sums(sums, np.array([row])))
        if share_at(np.array([lowest]), sums.t)[0] <= least:
            break
        least = max(least, _winner_comes_back(q, sums, row, place, tolerance))
    return float(least)


def _leader_comes_back(q: Array, sums: Sums, tolerance: float) -> float:
    """Return where the far side of the leader's fold ends, if that is beyond the tolerance; else 0.

    Above the fold's bottom the leader's branch has a second stable state, closer to collapse.
    """
    rows, _, (bottom, place) = folds(sums)
    if not len(rows) or _distance(q, sums, 0, float(place[0])) <= tolerance:
        return 0.0
    return float(share_at(bottom, sums.t)[0])


def _winner_comes_back(q: Array, sums: Sums, row: int, place: float, tolerance: float) -> float:
    """Return the largest share at which this winner's stable state is beyond the tolerance.

    ``place`` is sigma at the end of the branch; beyond it the state is stable and the share falls.
    0.0 where the state is within the tolerance all along.
    """
    rows = np.zeros(1, dtype=np.intp)
    low, high = place, float(far_above(sums, rows, np.array([_NO_EXTERNAL]))[0])
    if _distance(q, sums, row, high) <= tolerance:
        return 0.0
    if _distance(q, sums, row, low) > tolerance:
        high = low
    for _ in range(60):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        far = _distance(q, sums, row, middle) > tolerance
        low, high = (low, middle) if far else (middle, high)
    height = height_of(sums, rows, np.array([row]), np.array([high]))[0]
    return float(share_at(height, sums.t)[0])


def _distance(q: Array, sums: Sums, row: int, sigma: float) -> float:
    """Return total variation between the state of a winner of this group and q."""
    others, won, winners = winner_values(q, sums, row, sigma)
    state = others.copy()
    state[winners[0]] = won
    return 0.5 * float(np.abs(state / state.sum() - q).sum())
