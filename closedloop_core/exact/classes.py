"""The class of a state, by one rule: faithful, collapse or heat death (ours).

The *shift* s in [-1, 1] places a state between total collapse (-1) and heat death (+1). Next:
`phases`.
"""

import warnings
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.exact.arguments import checked_reference, checked_settings, checked_tolerance
from closedloop_core.measures import (
    Array,
    check_same_outcomes,
    checked_distribution,
    unchecked_entropy,
)
from closedloop_core.settings.laws import Law

Phase = Literal["faithful", "collapse", "heat death"]
TOLERANCE = 0.1


def entropy_shift(p: ArrayLike, reference: ArrayLike | Law) -> Array:
    """Return s: how far the entropy of ``p`` has moved from the reference's, on a scale of 1.

    -1 is total collapse, 0 the reference's entropy, +1 heat death. On a side that cannot be
    reached (an even law cannot become more even) it is 0.

    Parameters
    ----------
    p : (..., n) float
    reference : Law or (n,) float

    Returns
    -------
    (...) float in [-1, 1]

    Raises
    ------
    ValueError
        If an argument is not on the simplex or the numbers of outcomes differ.
    """
    state, q = checked_distribution(p, "p"), checked_reference(reference)
    check_same_outcomes(state, q)
    outcomes = np.count_nonzero((q > 0) | (state > 0), axis=-1)
    return shift_between(unchecked_entropy(state), unchecked_entropy(q), np.log(outcomes))


def class_of(
    state: ArrayLike,
    reference: ArrayLike | Law,
    temperature: float,
    tolerance: float = TOLERANCE,
) -> Phase:
    """Return the class of a state: the one rule, for settled states and for any generation alike.

    Within the tolerance of the reference it is faithful. Else, below T = 1, it has collapsed if
    its leader does not lead the reference; else it has collapsed or come to heat death by the
    sign of `entropy_shift` (by the side of T = 1 where the entropy has not moved).

    Parameters
    ----------
    state : (n,) float
    reference : Law or (n,) float
    temperature : float in [0.02, 50], that of the loop whose state this is
    tolerance : float in (0, 1), the largest total variation that is called faithful

    Returns
    -------
    "faithful", "collapse" or "heat death"

    Raises
    ------
    ValueError
        If an argument is outside its range, or the numbers of outcomes differ.

    Notes
    -----
    Source: ours.
    """
    p, q = checked_distribution(state, "state"), checked_reference(reference)
    if p.ndim != 1:
        raise ValueError(f"state must be one-dimensional, got shape {p.shape}")
    check_same_outcomes(p, q)
    checked_settings(temperature, 0.0)
    checked_tolerance(tolerance)
    if 0.5 * np.abs(p - q).sum() <= tolerance:
        return "faithful"
    shift = float(entropy_shift(p, q))
    if temperature < 1 and not _leads(p, q):
        return "collapse"
    if shift == 0:
        return "collapse" if temperature < 1 else "heat death"
    return "collapse" if shift < 0 else "heat death"


def _leads(p: Array, q: Array) -> bool:
    """Say whether a leader of ``p`` leads ``q`` too."""
    near = 1.0 - 1e-12  # shares this close differ by rounding alone
    return bool(np.any(q[p >= near * p.max()] >= near * q.max()))


def classify(shift: float, distance: float, tolerance: float = TOLERANCE) -> Phase:
    """Return a class from shift and distance alone. Deprecated: use `class_of`.

    Parameters
    ----------
    shift : float in [-1, 1], see `entropy_shift`
    distance : float in [0, 1], total variation to the reference
    tolerance : float, the largest distance that is called faithful

    Returns
    -------
    "faithful", "collapse" (shift < 0) or "heat death"

    Notes
    -----
    Source: ours. It cannot see which outcome leads, so it misses a collapse onto another one.
    """
    warnings.warn(
        "classify(shift, distance) is replaced by class_of(state, reference, temperature)",
        DeprecationWarning,
        stacklevel=2,
    )
    if distance <= tolerance:
        return "faithful"
    return "collapse" if shift < 0 else "heat death"


def shift_between(entropy: Array, source: Array, most: Array) -> Array:
    """Return s from entropies: of the states, of the reference, and the largest possible."""
    change = entropy - source
    room = np.where(change > 0, most - source, source)
    # Rounding and interpolation alone move an entropy by up to 1e-8; that is no shift.
    reachable = (room > 1e-12) & (np.abs(change) > 1e-14)
    shift = np.where(reachable, change / np.where(reachable, room, 1.0), 0.0)
    return np.asarray(np.clip(shift, -1.0, 1.0))
