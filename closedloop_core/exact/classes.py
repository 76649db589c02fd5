"""The class of a state, by one rule: faithful, or how it has left its source (ours).

The *shift* s in [-1, 1] places a state between total collapse (-1) and heat death (+1). Next:
`phases`.
"""

import warnings
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from closedloop_core.checks import one_number
from closedloop_core.exact.arguments import (
    checked_reference,
    checked_setting,
    checked_settings,
    checked_state,
    checked_tolerance,
)
from closedloop_core.measures import (
    Array,
    check_same_outcomes,
    checked_distribution,
    unchecked_entropy,
)
from closedloop_core.settings.laws import Law

Phase = Literal["faithful", "sharpened", "collapse", "flattened", "heat death"]
CLASSES: tuple[Phase, ...] = get_args(Phase)
TOLERANCE = 0.1
SEVERE = 0.5  # in shift: beyond it a state has collapsed, or come to heat death


def entropy_shift(p: ArrayLike, reference: ArrayLike | Law) -> Array:
    """Return the shift s: how far the entropy of ``p`` has moved from the reference's.

    As a share of how far it can move in that direction: -1 is total collapse, 0 the reference's
    entropy, +1 heat death. Where it cannot move (an even law cannot become more even) s is 0.

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

    Examples
    --------
    >>> from closedloop_core import entropy_shift
    >>> print(entropy_shift([1.0, 0.0], [0.7, 0.3]))  # all the entropy that can be lost is
    -1.0
    """
    state, q = checked_distribution(p, "p"), checked_reference(reference)
    check_same_outcomes(state, q, "p and reference")
    outcomes = np.count_nonzero((q > 0) | (state > 0), axis=-1)
    return shift_between(unchecked_entropy(state), unchecked_entropy(q), np.log(outcomes))


def class_of(
    state: ArrayLike,
    reference: ArrayLike | Law,
    temperature: float,
    tolerance: float = TOLERANCE,
) -> Phase:
    """Return the class of a state, be it a settled one or that of any generation.

    Within the tolerance of the reference it is faithful. Else, below T = 1, it has collapsed if
    its leader does not lead the reference: another outcome has won. Else the shift s decides, see
    `entropy_shift`: below -1/2 collapse, to 0 sharpened, to 1/2 flattened, beyond heat death. (At
    s = 0 the side of T = 1 decides.)

    Parameters
    ----------
    state : (n,) float
    reference : Law or (n,) float
    temperature : float in [0.02, 50], that of the loop whose state this is
    tolerance : float in (0, 1), the largest total variation that is called faithful

    Returns
    -------
    "faithful", "sharpened", "collapse", "flattened" or "heat death"

    Raises
    ------
    ValueError
        If an argument is outside its range, or the numbers of outcomes differ.

    Notes
    -----
    Source: ours.

    Examples
    --------
    >>> from closedloop_core import class_of
    >>> class_of([0.97, 0.02, 0.01], [0.5, 0.3, 0.2], 0.5, 0.1)
    'collapse'
    """
    p = checked_state(state, "state")
    temperature, _ = checked_setting(temperature)
    return CLASSES[int(classes_of(p[None], reference, [temperature], tolerance)[0])]


def classes_of(
    states: ArrayLike,
    reference: ArrayLike | Law,
    temperatures: ArrayLike,
    tolerance: float = TOLERANCE,
) -> NDArray[np.intp]:
    """Return `class_of` for many states at once, as places in ``CLASSES``.

    Parameters
    ----------
    states : (m, n) float
    reference : Law or (n,) float
    temperatures : (m,) float in [0.02, 50]
    tolerance : float in (0, 1)

    Returns
    -------
    (m,) int

    Raises
    ------
    ValueError
        If an argument is outside its range, or the shapes do not fit.

    Notes
    -----
    Source: ours.
    """
    p, q = checked_distribution(states, "state"), checked_reference(reference)
    check_same_outcomes(p, q, "state and reference")
    t = checked_settings(temperatures, 0.0)[0]
    tolerance = checked_tolerance(tolerance)
    shift = entropy_shift(p, q)
    is_cold = t < 1
    # From -1 to 1: collapse, sharpened, flattened, heat death.
    sharpens = (shift < 0) | ((shift == 0) & is_cold)
    found = np.where(
        sharpens,
        np.where(shift < -SEVERE, _place("collapse"), _place("sharpened")),
        np.where(shift > SEVERE, _place("heat death"), _place("flattened")),
    )
    found = np.where(is_cold & ~_leads(p, q), _place("collapse"), found)
    is_near = 0.5 * np.abs(p - q).sum(axis=-1) <= tolerance
    return np.where(is_near, _place("faithful"), found).astype(np.intp)


def _place(phase: Phase) -> int:
    return CLASSES.index(phase)


def _leads(p: Array, q: Array) -> NDArray[np.bool_]:
    """Say for each state whether a leader of it leads ``q`` too: (m, n) to (m,)."""
    near = 1.0 - 1e-12  # shares this close differ by rounding alone
    leads = (p >= near * p.max(axis=-1, keepdims=True)) & (q >= near * q.max())
    return np.asarray(leads.any(axis=-1))


def classify(
    shift: float, distance: float, tolerance: float = TOLERANCE
) -> Literal["faithful", "collapse", "heat death"]:
    """Return a class of three from shift and distance alone. Deprecated: use `class_of`.

    Parameters
    ----------
    shift : float in [-1, 1], see `entropy_shift`
    distance : float in [0, 1], total variation to the reference
    tolerance : float in (0, 1), the largest distance that is called faithful

    Returns
    -------
    "faithful", "collapse" (shift < 0) or "heat death"

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours. It cannot see which outcome leads, so it misses a collapse onto another one.
    """
    one_number("shift", shift, -1.0, 1.0)
    one_number("distance", distance, 0.0, 1.0)
    checked_tolerance(tolerance)
    warnings.warn(
        "classify(shift, distance) is replaced by class_of(state, reference, temperature)",
        DeprecationWarning,
        stacklevel=2,
    )
    if distance <= tolerance:
        return "faithful"
    return "collapse" if shift < 0 else "heat death"


def shift_between(entropy: Array, source: Array, most: Array) -> Array:
    """Return the shift s of states from entropies alone, which broadcast.

    Parameters
    ----------
    entropy : (...) float, of the states, in nats
    source : (...) float, of the reference
    most : (...) float, the largest possible, ln n

    Returns
    -------
    (...) float in [-1, 1]
    """
    change = entropy - source
    most_change = np.where(change > 0, most - source, source)
    # Rounding and interpolation alone move an entropy by up to 1e-8; that is no shift.
    reachable = (most_change > 1e-12) & (np.abs(change) > 1e-14)
    shift = np.where(reachable, change / np.where(reachable, most_change, 1.0), 0.0)
    return np.asarray(np.clip(shift, -1.0, 1.0))
