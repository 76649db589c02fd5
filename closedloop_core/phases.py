"""The phase diagram: where the loop settles over temperature and external share (ours).

The *shift* s in [-1, 1] places a settled state between total collapse (-1) and heat death (+1).
Next: `theory`, the closed forms.
"""

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from closedloop_core.curve import _explicit, settle
from closedloop_core.equilibria import (
    _checked_grid,
    _reference,
    checked_tolerance,
    fisher_rao_line,
    tolerance_contour,
)
from closedloop_core.interpolation import settled_fields
from closedloop_core.laws import Law
from closedloop_core.measures import Array, _distribution, _entropy, _same_outcomes
from closedloop_core.theory import euclidean_bound, uniform_lines
from closedloop_core.thresholds import count_stable, other_winner

Phase = Literal["faithful", "collapse", "heat death"]
TOLERANCE = 0.1
_NEAR_ONE = 1e-8


@dataclass(frozen=True)
class PhaseDiagram:
    """Settled states over a grid; arrays have shape (temperatures, external fractions).

    Attributes
    ----------
    temperatures, external_fractions : (rows,), (columns,) float
    shift : float in [-1, 1], collapse to heat death
    distance : float in [0, 1], total variation to the reference
    effective : float in [1, n], exp of the entropy in nats
    n_stable : int >= 1, number of stable states, counted when first asked for; 0 where every
        state stays (T = 1 without external data)
    """

    temperatures: Array
    external_fractions: Array
    shift: Array
    distance: Array
    effective: Array
    reference: Array

    @cached_property
    def n_stable(self) -> NDArray[np.int64]:
        """Number of stable states at each point (thresholds right to 1e-8 in a)."""
        counts = np.ones(self.shift.shape, dtype=np.int64)
        cold, alone = self.temperatures < 1, self.external_fractions == 0
        inside = ~alone & (self.external_fractions < 1)
        counts[np.ix_(cold, inside)] = count_stable(
            self.reference, self.temperatures[cold], self.external_fractions[inside]
        )
        counts[np.ix_(cold, alone)] = len(self.reference)
        counts[np.ix_(self.temperatures == 1, alone)] = 0
        return counts


def phase_diagram(
    reference: ArrayLike | Law, temperatures: ArrayLike, external_fractions: ArrayLike
) -> PhaseDiagram:
    """Return the settled state's shift, distance and effective outcomes on a grid, exactly.

    Parameters
    ----------
    reference : Law or (n,) float
    temperatures : (rows,) float in [0.02, 50]
    external_fractions : (columns,) float in [0, 1]

    Returns
    -------
    PhaseDiagram

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours; nothing is simulated. The fields are right to about 1e-8 (see `interpolation`),
    but for the very share at which exactly tied leaders part: there they feel the root of a
    rounding error. Working memory is 10 to 20 MB beyond the result on grids of up to 1000 columns.
    """
    q = _reference(reference)
    for name, axis in (("temperatures", temperatures), ("external_fractions", external_fractions)):
        if np.ndim(axis) != 1:
            raise ValueError(f"{name} must be one-dimensional, got shape {np.shape(axis)}")
    rows, _ = _checked_grid(temperatures, 0.0)
    columns = _checked_grid(1.0, external_fractions)[1]
    entropy, distance = np.empty((2, len(rows), len(columns)))
    curved = (columns > 0) & (columns < 1)
    # So close to T = 1 the curve's own steps are rounding errors: point by point is exact there.
    near_rows = (rows != 1) & (np.abs(rows - 1) < _NEAR_ONE)
    for i in np.flatnonzero(near_rows):
        states = settle(q, np.repeat(rows[i], curved.sum()), columns[curved])
        entropy[i, curved] = _entropy(states)
        distance[i, curved] = 0.5 * np.abs(states - q).sum(axis=-1)
    curved_rows = (rows != 1) & ~near_rows
    inner = np.ix_(curved_rows, curved)
    entropy[inner], distance[inner] = settled_fields(q[q > 0], rows[curved_rows], columns[curved])
    # There is no curve to follow at T = 1 and with external data alone: q stays,
    still = (rows == 1)[:, None] | (columns == 1)
    entropy[still], distance[still] = _entropy(q), 0.0
    # nor without external data, where only the side of T = 1 matters.
    for side in (rows < 1, rows > 1):
        if np.any(side):
            state = _explicit(q, rows[side][0], 0.0, ties_broken=True)
            corner = np.ix_(side, columns == 0)
            entropy[corner], distance[corner] = _entropy(state), 0.5 * np.abs(state - q).sum()
    shift = _shift_of(entropy, _entropy(q), np.log(np.count_nonzero(q)))
    return PhaseDiagram(rows, columns, shift, distance, np.exp(entropy), q)


@dataclass(frozen=True)
class BoundaryLines:
    """Lines of the phase diagram over temperature, (m,) float each; NaN where there is none.

    Attributes
    ----------
    temperatures : the temperatures
    contour : below it the settled state leaves the tolerance
    other_winner : below it another outcome than the leader can win, to 1e-8 (see
        `collapse_threshold`); None for an even law
    stability, maxwell, saddle_node : of an even law (see `uniform_thresholds`), else None
    euclidean, fisher_rao : the published sufficient bounds; theorems, not thresholds
    """

    temperatures: Array
    contour: Array
    other_winner: Array | None
    stability: Array | None
    maxwell: Array | None
    saddle_node: Array | None
    euclidean: Array
    fisher_rao: Array


def boundary_lines(
    reference: ArrayLike | Law, temperatures: ArrayLike, tolerance: float = TOLERANCE
) -> BoundaryLines:
    """Return every line that is true of this law.

    Parameters
    ----------
    reference : Law or (n,) float
    temperatures : (m,) float in [0.02, 50]
    tolerance : float in (0, 1)

    Returns
    -------
    BoundaryLines

    Raises
    ------
    ValueError
        If an argument is outside its range.
    """
    q = _reference(reference)
    contour = tolerance_contour(q, temperatures, tolerance)
    axis = np.atleast_1d(np.asarray(temperatures, dtype=np.float64))
    even = bool(np.all(q == q[0]))
    cold = axis < 1
    other = stability = maxwell = saddle_node = None
    if even:
        exact = np.where(axis <= 1, uniform_lines(len(q), axis), np.nan)
        stability, maxwell, saddle_node = exact
    else:
        other = np.where(axis == 1, 0.0, np.nan)  # all these lines end at T = 1
        other[cold] = other_winner(q, axis[cold])
    positive = bool(np.all(q > 0))
    euclidean = euclidean_bound(q, axis)
    fisher_rao = fisher_rao_line(q, axis) if positive else np.full(len(axis), np.nan)
    euclidean = np.where(positive, euclidean, np.nan)
    return BoundaryLines(
        axis, contour, other, stability, maxwell, saddle_node, euclidean, fisher_rao
    )


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
    state, q = _distribution(p, "p"), _reference(reference)
    _same_outcomes(state, q)
    outcomes = np.count_nonzero((q > 0) | (state > 0), axis=-1)
    return _shift_of(_entropy(state), _entropy(q), np.log(outcomes))


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
    p, q = _distribution(state, "state"), _reference(reference)
    if p.ndim != 1:
        raise ValueError(f"state must be one-dimensional, got shape {p.shape}")
    _same_outcomes(p, q)
    _checked_grid(temperature, 0.0)
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


def _shift_of(entropy: Array, source: Array, most: Array) -> Array:
    """Return s from entropies: of the states, of the reference, and the largest possible."""
    change = entropy - source
    room = np.where(change > 0, most - source, source)
    # Rounding and interpolation alone move an entropy by up to 1e-8; that is no shift.
    reachable = (room > 1e-12) & (np.abs(change) > 1e-14)
    shift = np.where(reachable, change / np.where(reachable, room, 1.0), 0.0)
    return np.asarray(np.clip(shift, -1.0, 1.0))
