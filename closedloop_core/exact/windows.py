"""Functions known on equally spaced nodes, by the polynomial through the nearest ones.

A window is a row of nodes that share a polynomial; places in it are counted from its middle. Next:
`interpolation`, which draws the diagram with them.
"""

import numpy as np
from numpy.typing import NDArray

from closedloop_core.measures import Array

_Index = NDArray[np.intp]

WIDTH = 14  # nodes in a window: one polynomial goes through them

# Positions of the nodes of a window around its middle, and what turns values there into the
# coefficients of their polynomial.
PLACES = np.arange(WIDTH) - 0.5 * (WIDTH - 1)
_COEFFICIENTS = np.linalg.inv(np.vander(PLACES, increasing=True))
_SCALES = [1.0 / np.prod(place - np.delete(PLACES, k)) for k, place in enumerate(PLACES)]


def windows(count: int, kink: int | None) -> _Index:
    """Return the first node of the window of each interval, (count - 1,); none straddles a kink."""
    interval = np.arange(count - 1)
    first = np.clip(interval - WIDTH // 2 + 1, 0, count - WIDTH)
    if kink is None:
        return first
    left = np.minimum(first, kink - WIDTH + 1)
    return np.where(interval < kink, left, np.maximum(first, kink))


def crossings(values: Array, windows: _Index, target: Array) -> tuple[_Index, Array]:
    """Return where history first reaches the odds: interval and place in its window, (rows, m).

    ``values`` are the odds on the nodes, (nodes, rows), ``target`` the odds to reach, (m,).
    """
    count, rows = values.shape
    inside = values[windows[:, None] + np.arange(WIDTH)]
    polynomials = (_COEFFICIENTS @ inside).swapaxes(0, 1).copy()
    highest = np.maximum.accumulate(values, axis=0)
    at = np.clip(_counted_below(highest, target) - 1, 0, count - 2)
    start = np.arange(count - 1) - windows + PLACES[0]
    low = start[at]
    high = low + 1.0
    # A top between two nodes: history may stop before it. Only slopes tell: next to a cusp the
    # nodes rise on either side of it.
    ends = [np.einsum("ik,ikr->ir", _slope_weights(start + step), inside) for step in (0.0, 1.0)]
    has_top = (ends[0] > 0) & (ends[1] < 0) & (values[:-1] >= highest[:-1])
    nodes, owners = np.nonzero(has_top)
    places, tops = _tops(polynomials[:, nodes, owners], start[nodes])
    for node, row, place, top in zip(nodes, owners, places, tops, strict=True):
        stops = (target > highest[node, row]) & (target <= top)
        at[row, stops], low[row, stops], high[row, stops] = node, start[node], place
    flat = at * rows + np.arange(rows)[:, None]
    left, right = values.take(flat), values.take(flat + rows)
    leaves, arrives = (end.take(flat) for end in ends)
    guess = low + _inverse(left, right, leaves, arrives, target)
    flat_polynomials = polynomials.reshape(WIDTH, -1)
    return at, _solve(flat_polynomials, flat, guess, (low, high), target, arrives - leaves)


def _inverse(left: Array, right: Array, leaves: Array, arrives: Array, target: Array) -> Array:
    """Guess where in [0, 1] a function reaches the target, from values and slopes at the ends.

    The cubic in the value that agrees with the inverse there; the chord where that leaves [0, 1].
    """
    rise = right - left
    part = (target - left) / np.maximum(rise, 1e-300)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        first, last = rise / leaves - 1.0, rise / arrives - 1.0
        bent = part * (1.0 - part)
        bent *= first - (first + last) * part
    bent += part
    return np.where((bent >= 0) & (bent <= 1), bent, part)


def _counted_below(rising: Array, target: Array) -> _Index:
    """Return how many values of each column of ``rising`` lie below each target, (columns, ...)."""
    columns, order = rising.shape[1], np.argsort(target)
    first = np.searchsorted(target[order], rising, side="right")  # the first target above each
    places = first + (len(target) + 1) * np.arange(columns)
    counts = np.bincount(places.ravel(), minlength=columns * (len(target) + 1))
    counted = np.empty((columns, len(target)), dtype=np.intp)
    counted[:, order] = np.cumsum(counts.reshape(columns, -1)[:, :-1], axis=1)
    return counted


def _slope_weights(place: Array) -> Array:
    """Return the weights of a window's nodes in the slope at each place, (places, nodes)."""
    powers = np.arange(1.0, WIDTH)
    return np.asarray((powers * place[:, None] ** (powers - 1.0)) @ _COEFFICIENTS[1:])


def _tops(polynomials: Array, low: Array) -> tuple[Array, Array]:
    """Return the places of the tops in intervals that start at ``low``, and the tops."""
    falls = -polynomials[1:] * np.arange(1.0, WIDTH)[:, None]  # the slope, turned to rise
    at, level, bend = np.arange(len(low)), np.zeros_like(low), np.ones_like(low)
    places = _solve(falls, at, low + 0.5, (low, low + 1.0), level, bend)
    return places, _evaluate(polynomials, at, places)[0]


def _solve(
    polynomials: Array,
    at: _Index,
    guess: Array,
    bracket: tuple[Array, Array],
    target: Array,
    bend: Array,
) -> Array:
    """Return where some of the polynomials, ``at``, reach the target: Newton, kept inside.

    ``bend`` is about how much their slopes change: Newton's next step is about the square of the
    last by half the bend over the slope.
    """
    low, high = bracket
    place = np.clip(guess, low, high)
    for _ in range(60):
        value, slope = _evaluate(polynomials, at, place)
        below = value < target
        low, high = np.where(below, place, low), np.where(below, high, place)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            fresh = place - (value - target) / slope
        fresh = np.where((fresh >= low) & (fresh <= high), fresh, 0.5 * (low + high))
        place -= fresh
        place *= place
        place *= bend
        moves_on = np.any(np.abs(place) > 2e-10 * np.abs(slope))
        place = fresh
        if not moves_on:
            break
    return np.asarray(place)


def _evaluate(polynomials: Array, at: _Index, place: Array) -> tuple[Array, Array]:
    """Return value and slope of some of the polynomials, coefficients lowest first (Horner)."""
    value = polynomials[-1].take(at)
    slope = np.zeros_like(value)
    for coefficient in polynomials[-2::-1]:
        slope *= place
        slope += value
        value *= place
        value += coefficient.take(at)
    return value, slope


def weights(place: Array) -> Array:
    """Return the weights of the nodes of a window at a place in it, (nodes, ...) (Lagrange)."""
    weights = np.empty((WIDTH, *place.shape))
    weights[0] = 1.0
    for k in range(1, WIDTH):
        np.subtract(place, PLACES[k - 1], out=weights[k])
        weights[k] *= weights[k - 1]
    after, gap = np.ones(place.shape), np.empty(place.shape)
    for k in reversed(range(WIDTH)):
        np.multiply(after, _SCALES[k], out=gap)
        weights[k] *= gap
        np.subtract(place, PLACES[k], out=gap)
        after *= gap
    return weights


def blend(weights: Array, values: Array, first: _Index) -> Array:
    """Return values between nodes, (...); ``first`` is where a window starts in ``values``."""
    flat, stride = values.ravel(), values[0].size
    total = np.zeros(first.shape)
    for k, weight in enumerate(weights):
        total += weight * flat[k * stride :].take(first)
    return total
