"""The phase diagram: where the loop settles over temperature and external share (ours).

The *shift* s in [-1, 1] places a settled state between total collapse (-1) and heat death (+1).
Next: `theory`, the closed forms.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.curve import settle
from closedloop_core.equilibria import _checked_grid, _reference
from closedloop_core.laws import Law
from closedloop_core.measures import Array, _distribution, _entropy, _same_outcomes

Phase = Literal["faithful", "collapse", "heat death"]
TOLERANCE = 0.1
_BLOCK_STATES = 500_000  # 4 MB of states at a time


@dataclass(frozen=True)
class PhaseDiagram:
    """Settled states over a grid; arrays have shape (temperatures, external fractions).

    Attributes
    ----------
    temperatures, external_fractions : (rows,), (columns,) float
    shift : float in [-1, 1], collapse to heat death
    distance : float in [0, 1], total variation to the reference
    effective : float in [1, n], exp of the entropy in nats
    """

    temperatures: Array
    external_fractions: Array
    shift: Array
    distance: Array
    effective: Array


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
    Source: ours; nothing is simulated. Working memory is a few MB whatever the grid.
    """
    q = _reference(reference)
    for name, axis in (("temperatures", temperatures), ("external_fractions", external_fractions)):
        if np.ndim(axis) != 1:
            raise ValueError(f"{name} must be one-dimensional, got shape {np.shape(axis)}")
    rows, _ = _checked_grid(temperatures, 0.0)
    columns = _checked_grid(1.0, external_fractions)[1]
    shape = (len(rows), len(columns))
    grid = [axis.ravel() for axis in np.meshgrid(rows, columns, indexing="ij")]
    shift, distance, effective = np.empty((3, shape[0] * shape[1]))
    step = max(1, _BLOCK_STATES // len(q))
    for at in range(0, len(shift), step):
        block = slice(at, at + step)
        states = settle(q, grid[0][block], grid[1][block])
        shift[block], effective[block] = _shift(states, q)
        distance[block] = 0.5 * np.abs(states - q).sum(axis=-1)
    return PhaseDiagram(
        rows, columns, shift.reshape(shape), distance.reshape(shape), effective.reshape(shape)
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
    return _shift(state, q)[0]


def classify(shift: float, distance: float, tolerance: float = TOLERANCE) -> Phase:
    """Return the class of a settled state from its shift and its distance to the reference."""
    if distance <= tolerance:
        return "faithful"
    return "collapse" if shift < 0 else "heat death"


def _shift(p: Array, q: Array) -> tuple[Array, Array]:
    """Return the shift and the effective outcomes exp(H(p))."""
    source, entropy = _entropy(q), _entropy(p)
    outcomes = np.count_nonzero((q > 0) | (p > 0), axis=-1)
    change = entropy - source
    room = np.where(change > 0, np.log(outcomes) - source, source)
    # Rounding alone moves an entropy by about 1e-15 per unit; that is no shift.
    reachable = (room > 1e-12) & (np.abs(change) > 1e-14)
    shift = np.where(reachable, change / np.where(reachable, room, 1.0), 0.0)
    return np.clip(shift, -1.0, 1.0), np.exp(entropy)
