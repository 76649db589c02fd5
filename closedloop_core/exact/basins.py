"""Where each start of three outcomes ends, and the borders between: the triangle of `landscape`.

The basin of a stable state is all starts that end in it. A border runs along the ridge between two
basins, and over a saddle, the lowest point of that ridge. Next: `wells`, two outcomes.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from closedloop_core.exact.landscape import (
    LONGEST_STEP,
    Landscape,
    lattice_points,
    moved_inside,
    nearest_state,
)
from closedloop_core.measures import Array, checked_distribution

NO_BASIN = 255  # in place of a stable state, for a start that reaches none
LATTICE = 60  # cells along a side of the triangle
EDGE_INSET = 0.25  # cells: where V is read on an edge, on which it is infinite
# Total variation: a start that comes so close to a stable state has reached it. Where a saddle is
# close too, half the distance to it counts.
_NEAR = 0.03
_SHORT_STEPS, _LONG_STEPS = 24, 400  # enough, but for starts at a border or where a state vanishes
_TIED = 1e-12  # shares this close differ by rounding alone
_LEAST = 1e-9  # the smallest share after a step that may leave the simplex


def basins_of(landscape: Landscape, points: ArrayLike) -> NDArray[np.uint8]:
    """Return which stable state each start reaches.

    Starts on an edge without external data are taken to hold a trace of the absent outcomes.

    Parameters
    ----------
    landscape : Landscape of three outcomes
    points : (m, 3) float, the starts

    Returns
    -------
    (m,) uint8, an index into ``landscape.fixed_points``; 255 where nothing moves, or on a border
        between outcomes that tie

    Raises
    ------
    ValueError
        If the landscape does not have three outcomes, or the points are not on the simplex.
    """
    starts = _checked_points(landscape, points)
    labels = np.full(len(starts), NO_BASIN, dtype=np.uint8)
    unstable = np.array([directions for _, directions in landscape.fixed_points])
    indices = np.flatnonzero(unstable == 0)
    if len(indices) <= 1:
        labels[:] = indices[0] if len(indices) else NO_BASIN
    elif landscape.external_fraction == 0:
        # Order is kept: whoever leads at the start wins, and tied leaders stay tied.
        second, first = np.sort(starts, axis=1)[:, -2:].T
        led = first - second >= _TIED
        labels[led] = indices[starts[led].argmax(axis=1)]
    else:
        tied = _tied_outcomes(landscape, starts)
        alone = np.count_nonzero(tied, axis=(1, 2)) == starts.shape[1]
        labels[alone] = indices[_followed(landscape, starts[alone])]
        reached = _followed_tied(landscape, starts[~alone], tied[~alone])
        labels[~alone] = np.append(indices, NO_BASIN)[reached]
    return labels


def _checked_points(landscape: Landscape, points: ArrayLike) -> Array:
    if len(landscape.q) != 3:
        raise ValueError(f"landscape must have three outcomes, got {len(landscape.q)}")
    starts = checked_distribution(points, "points")
    if starts.ndim != 2 or starts.shape[1] != 3:
        raise ValueError(f"points must have shape (m, 3), got {starts.shape}")
    return starts


def _step_lengths(landscape: Landscape) -> list[float]:
    """Return steps in ln N: short ones while a start chooses its side, then long ones."""
    unit = _safe_length(landscape)
    return [0.25 * unit] * _SHORT_STEPS + [unit] * _LONG_STEPS


def _stepped(landscape: Landscape, p: Array, length: float) -> Array:
    p = landscape.step(p, length)
    return moved_inside(p, _LEAST) if length > LONGEST_STEP else p


def _reach(landscape: Landscape) -> Array:
    """Return how close to each stable state, (m,), a start has reached it: total variation."""
    others = np.array([p for p, unstable in landscape.fixed_points if unstable > 0])
    return np.minimum(_NEAR, 0.5 * nearest_state(landscape.stable, others)[1])


def _followed(landscape: Landscape, starts: Array) -> NDArray[np.intp]:
    """Return which row of ``landscape.stable`` each start rolls into."""
    reach = _reach(landscape)
    reached, left, p = np.empty(len(starts), dtype=np.intp), np.arange(len(starts)), starts
    for count, length in enumerate(_step_lengths(landscape), start=1):
        p = _stepped(landscape, p, length)
        if count % 6 == 0:  # to look is as slow as a step
            index, away = nearest_state(p, landscape.stable)
            done = away < reach[index]
            reached[left[done]] = index[done]
            left, p = left[~done], p[~done]
            if not len(left):
                return reached
    # What has not arrived by now moves so slowly that its leader will not change.
    leaders = np.argmax(landscape.stable, axis=1)
    matches = np.argmax(p, axis=1)[:, None] == leaders[None, :]
    nearest = nearest_state(p, landscape.stable)[0]
    reached[left] = np.where(matches.any(axis=1), matches.argmax(axis=1), nearest)
    return reached


def _tied_outcomes(landscape: Landscape, starts: Array) -> NDArray[np.bool_]:
    """Say which outcomes tie in a start and in the source, (m, 3, 3): nothing ever parts them."""
    apart = np.abs(starts[:, :, None] - starts[:, None, :])
    return np.asarray((apart < _TIED) & (landscape.q[:, None] == landscape.q[None, :]))


def _followed_tied(
    landscape: Landscape, starts: Array, tied: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Return which row of ``landscape.stable`` each start reaches with its ties kept.

    -1 where that is no stable state: then the ties part at a touch, and the start is on a border.
    """
    level = tied / tied.sum(axis=2, keepdims=True)  # one matrix for each start
    p = starts
    for length in _step_lengths(landscape):
        last, p = p, _stepped(landscape, p, length)
        p = np.einsum("mij,mj->mi", level, p)  # rounding would part them
        if np.abs(p - last).max(initial=0.0) < 1e-9:
            break
    index, away = nearest_state(p, landscape.stable)
    ends = landscape.stable[index]
    is_tied = np.abs(np.einsum("mij,mj->mi", level, ends) - ends).max(axis=1, initial=0.0) < 1e-9
    return np.where((away < _reach(landscape)[index]) & is_tied, index, -1)


def _safe_length(landscape: Landscape) -> float:
    """Return a step in ln N, 1 to 6: long where the flow is slow everywhere."""
    p = moved_inside(lattice_points(24)[0], EDGE_INSET / LATTICE)
    own = (landscape.image(p) - landscape.external_fraction * landscape.q) / p
    rate = max(1.0 - float(own.min()), float(own.max()) / landscape.temperature - 1.0)
    return float(np.clip(0.8 / max(rate, 1e-9), LONGEST_STEP, 6.0))


def borders_between(landscape: Landscape, step: float = 0.008, most: int = 160) -> Array:
    """Return the borders between basins, two lines a saddle, traced uphill from it.

    Parameters
    ----------
    landscape : Landscape of three outcomes
    step : float > 0, the distance between points of a line (Euclidean, in shares)
    most : int >= 1, points of a line at most

    Returns
    -------
    (lines, points, 3) float; a line that reaches a summit or an edge stays there; (0, 0, 3) where
        there is one basin, or none

    Raises
    ------
    ValueError
        If the landscape does not have three outcomes.
    """
    corners = _checked_points(landscape, np.eye(3))
    saddles = [p for p, unstable in landscape.fixed_points if unstable == 1]
    if len(landscape.stable) < 2 or not saddles:
        return np.empty((0, 0, len(corners)))
    directions = np.array([_border_direction(landscape, p) for p in saddles])
    p = np.array(saddles).repeat(2, axis=0)
    heading = directions.repeat(2, axis=0) * np.tile([1.0, -1.0], len(saddles))[:, None]
    sources = [p for p, unstable in landscape.fixed_points if unstable == 2]
    summits = np.array(sources).reshape(-1, 3)
    lines = [p]
    p = _stopped(p, p + step * heading)
    open_ = p.min(axis=1) > 0
    for _ in range(most):
        # Uphill, against the flow; with the slope half a step ahead (the midpoint rule).
        uphill = p - landscape.image(moved_inside(p, 1e-12))
        middle = moved_inside(p + 0.5 * step * _unit(uphill, heading), 1e-12)
        heading = _unit(middle - landscape.image(middle), heading)
        lines.append(np.where(open_[:, None], p, lines[-1]))
        ahead = p + step * heading
        leaves = open_ & (ahead.min(axis=1) <= 0)
        p = np.where(open_[:, None], _stopped(p, ahead), p)
        if len(summits):
            index, away = nearest_state(p, summits)
            arrived = open_ & (away < 0.75 * step)
            p = np.where(arrived[:, None], summits[index], p)
            leaves |= arrived
        open_ &= ~leaves
        if not open_.any():
            break
    lines.append(p)
    return np.stack(lines, axis=1)


def _border_direction(landscape: Landscape, saddle: Array) -> Array:
    """Return the direction in which the flow runs into a saddle: along the border."""
    basis = np.array([[1.0, -1.0, 0.0], [1.0, 1.0, -2.0]]) / np.sqrt([[2.0], [6.0]])
    if saddle.min() == 0:
        # At an edge's middle (a = 0) the border leaves the edge at a right angle.
        inward = np.where(saddle == 0, 2.0, -1.0)
        return np.asarray(inward / np.linalg.norm(inward))
    small = 1e-5 * saddle.min()
    columns = [
        (landscape.image(saddle + small * v) - landscape.image(saddle - small * v)) / (2 * small)
        for v in basis
    ]
    values, vectors = np.linalg.eig(basis @ np.array(columns).T)
    return np.asarray(np.real(vectors[:, np.argmin(np.real(values))]) @ basis)


def _unit(flow: Array, heading: Array) -> Array:
    """Return directions of length 1; where nothing flows, the last one."""
    length = np.linalg.norm(flow, axis=1, keepdims=True)
    return np.asarray(np.where(length > 1e-12, flow / np.maximum(length, 1e-300), heading))


def _stopped(p: Array, ahead: Array) -> Array:
    """Return ``ahead``, but not beyond the edge of the triangle."""
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(ahead < 0, p / (p - ahead), 1.0).min(axis=1, keepdims=True)
    return np.asarray(p + reach * (ahead - p))
