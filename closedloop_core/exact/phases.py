"""The phase diagram: where the loop settles over temperature and external share (ours).

The *shift* s in [-1, 1] places a settled state between total collapse (-1) and heat death (+1).
Next: `windows`, which makes it fast with `interpolation`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from closedloop_core.checks import numbers
from closedloop_core.closed_forms.even import uniform_lines
from closedloop_core.closed_forms.published import euclidean_bound
from closedloop_core.exact.arguments import checked_reference, checked_settings
from closedloop_core.exact.classes import SEVERE, TOLERANCE, shift_between
from closedloop_core.exact.crossings import explicit_state, settle
from closedloop_core.exact.interpolation import settled_fields
from closedloop_core.exact.least import tolerance_contour
from closedloop_core.exact.settled import fisher_rao_line
from closedloop_core.exact.thresholds import count_stable, other_winner
from closedloop_core.measures import Array, unchecked_entropy
from closedloop_core.settings.laws import Law

MAX_POINTS = 50_000_000
_NEAR_ONE = 1e-8


@dataclass(frozen=True)
class PhaseDiagram:
    """Settled states over a grid of temperatures (rows) and external shares (columns).

    Attributes
    ----------
    temperatures : (rows,) float
    external_fractions : (columns,) float
    shift : (rows, columns) float in [-1, 1], collapse to heat death
    distance : (rows, columns) float in [0, 1], total variation to the reference
    effective : (rows, columns) float in [1, n], exp of the entropy in nats
    reference : (n,) float
    n_stable : (rows, columns) int >= 1, number of stable states, counted when first read; 0 where
        every state stays (T = 1 without external data)
    """

    temperatures: Array
    external_fractions: Array
    shift: Array
    distance: Array
    effective: Array
    reference: Array

    @cached_property
    def n_stable(self) -> NDArray[np.int64]:
        """The number of stable states, (rows, columns) int, with thresholds right to 1e-8 in a."""
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
    external_fractions : (columns,) float in [0, 1]; at most 50 million points

    Returns
    -------
    PhaseDiagram

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours; nothing is simulated. The fields are right to about 1e-8 (see `interpolation`).
    Working memory is 10 to 20 MB beyond the result on grids of up to 1000 columns.

    Examples
    --------
    >>> from closedloop_core import Law, phase_diagram
    >>> phase_diagram(Law.zipf(5), [0.5, 2.0], [0.0, 0.5, 1.0]).distance.shape  # T by a
    (2, 3)
    """
    q = checked_reference(reference)
    for name, axis in (("temperatures", temperatures), ("external_fractions", external_fractions)):
        shape = numbers(name, axis).shape
        if len(shape) != 1:
            raise ValueError(f"{name} must be one-dimensional, got shape {shape}")
    rows, _ = checked_settings(temperatures, 0.0)
    columns = checked_settings(1.0, external_fractions)[1]
    if len(rows) * len(columns) > MAX_POINTS:
        points = f"{len(rows):,} x {len(columns):,}"
        raise ValueError(f"a diagram must have at most {MAX_POINTS:,} points, got {points}")
    entropy, distance = np.empty((2, len(rows), len(columns)))
    curved = (columns > 0) & (columns < 1)
    # So close to T = 1 the curve's own steps are rounding errors: point by point is exact there.
    near_rows = (rows != 1) & (np.abs(rows - 1) < _NEAR_ONE)
    for i in np.flatnonzero(near_rows):
        states = settle(q, np.repeat(rows[i], curved.sum()), columns[curved])
        entropy[i, curved] = unchecked_entropy(states)
        distance[i, curved] = 0.5 * np.abs(states - q).sum(axis=-1)
    curved_rows = (rows != 1) & ~near_rows
    inner = np.ix_(curved_rows, curved)
    entropy[inner], distance[inner] = settled_fields(q[q > 0], rows[curved_rows], columns[curved])
    # There is no curve to follow at T = 1 and with external data alone: q stays,
    still = (rows == 1)[:, None] | (columns == 1)
    entropy[still], distance[still] = unchecked_entropy(q), 0.0
    # nor without external data, where only the side of T = 1 matters.
    for side in (rows < 1, rows > 1):
        if np.any(side):
            state = explicit_state(q, rows[side][0], 0.0, ties_broken=True)
            corner = np.ix_(side, columns == 0)
            entropy[corner], distance[corner] = (
                unchecked_entropy(state),
                0.5 * np.abs(state - q).sum(),
            )
    shift = shift_between(entropy, unchecked_entropy(q), np.log(np.count_nonzero(q)))
    return PhaseDiagram(rows, columns, shift, distance, np.exp(entropy), q)


def severe_shares(diagram: PhaseDiagram) -> Array:
    """Return the external share below which the settled state is severe: |shift| above 1/2.

    Parameters
    ----------
    diagram : PhaseDiagram, its external fractions rising from 0

    Returns
    -------
    (rows,) float, linear between columns; 0 where no state of a row is severe

    Notes
    -----
    Source: ours; on each side of T = 1 the shift falls with the share.
    """
    size, shares = np.abs(diagram.shift), diagram.external_fractions
    last = (size > SEVERE).cumprod(axis=1).sum(axis=1) - 1  # of the columns before it turns mild
    at, rows = np.clip(last, 0, len(shares) - 2), np.arange(len(size))
    high, low = size[rows, at], size[rows, at + 1]
    part = np.clip((high - SEVERE) / np.maximum(high - low, 1e-300), 0.0, 1.0)
    found = shares[at] + part * (shares[at + 1] - shares[at])
    return np.where(last < 0, 0.0, found)


@dataclass(frozen=True)
class BoundaryLines:
    """Lines of the phase diagram over temperature: external shares, (m,) float each.

    NaN where there is no line.

    Attributes
    ----------
    temperatures : (m,) float
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
    """Return every line of the diagram that has a meaning for this law.

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

    Examples
    --------
    >>> from closedloop_core import Law, boundary_lines
    >>> boundary_lines(Law.uniform(10), [0.5]).temperatures
    array([0.5])
    """
    q, (axis, _) = checked_reference(reference), checked_settings(temperatures, 0.0)
    contour = tolerance_contour(q, axis, tolerance)
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
