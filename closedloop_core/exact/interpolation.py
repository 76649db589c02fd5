"""The exact diagram, fast: each temperature is one smooth curve, solved on nodes.

A row of the diagram is one temperature, and its states lie on a curve of fixed points (`curve`).
The curve is solved exactly on a few dozen nodes, equally spaced in a measure s of the leader's y,
and each solution is the guess for the next. Between nodes the polynomial through the nearest ones
gives the odds ln((1-a)/a), the entropy and the prefix sums of E = E_T(p), the law of the
self-generated data. E/q is ordered like q (T < 1) or against it, so the distance to q is (1-a)(E_m
- Q_m), sums over the m outcomes that gained. The number m is found exactly: distances have kinks
where it changes, and no polynomial is drawn across a kink. Next: `summary`.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.exact.curve import (
    MAX_LOGIT,
    OutcomeGroups,
    group_outcomes,
    lower_roots,
    root_equation,
    root_guess,
)
from closedloop_core.measures import Array

_Index = NDArray[np.intp]

_BLOCK = 20_000  # elements of one node's arrays that fit the cache
_STEEP = -30.0  # so far below the crest, h is anything but flat
_LARGEST_Y = 700.0  # e^y is a number; the leader's y above T = 1 reaches 40 - ln min q
_FEW = 64  # groups whose prefix sums are products with a matrix of ones
_WIDTH = 14  # nodes in a window: one polynomial goes through them
_SPACING = 0.3  # between nodes, in y, far from where the leader splits from the runner-up
_CLUSTER = 0.25  # the same near it, as a part of the distance to it

# Positions of the nodes of a window around its middle, and what turns values there into the
# coefficients of their polynomial.
_PLACES = np.arange(_WIDTH) - 0.5 * (_WIDTH - 1)
_COEFFICIENTS = np.linalg.inv(np.vander(_PLACES, increasing=True))
_SCALES = [1.0 / np.prod(place - np.delete(_PLACES, k)) for k, place in enumerate(_PLACES)]
# The next value after 1 to 9 equally spaced ones: the polynomial through them goes on.
_PREDICTORS = [
    np.array([(-1.0) ** (count - 1 - k) * math.comb(count, k) for k in range(count)])
    for count in range(1, 10)
]


@dataclass(frozen=True)
class _Curves:
    """Curves at some temperatures on nodes.

    ``height`` (h of the leader's y), ``odds`` and ``entropy`` are (nodes, rows), ``prefix`` is
    (nodes, groups, rows): sums of E_T(p) over the leader and the groups next to it.
    """

    height: Array
    odds: Array
    entropy: Array
    prefix: Array


def settled_fields(q: Array, temperatures: Array, fractions: Array) -> tuple[Array, Array]:
    """Return entropy and distance to q of the settled states on a grid.

    Parameters
    ----------
    q : (n,) float > 0
    temperatures : (rows,) float, none of them 1
    fractions : (columns,) float inside (0, 1)

    Returns
    -------
    entropy : (rows, columns) float, nats
    distance : (rows, columns) float, total variation
    """
    entropy, distance = np.empty((2, len(temperatures), len(fractions)))
    if entropy.size == 0:
        return entropy, distance
    for cold in (True, False):
        side = np.flatnonzero((temperatures < 1) == cold)
        groups = group_outcomes(q, cold, ties_broken=True)
        step = max(1, _BLOCK // max(len(groups.log_q), len(fractions)))
        for block in (side[at : at + step] for at in range(0, len(side), step)):
            b = 1.0 / temperatures[block]
            entropy[block], distance[block] = _interpolated(groups, b, fractions)
    return entropy, distance


def _interpolated(groups: OutcomeGroups, b: Array, fractions: Array) -> tuple[Array, Array]:
    """Return entropy and distance at some temperatures and fractions, (rows, columns) each."""
    odds = np.clip(np.log1p(-fractions) - np.log(fractions), -MAX_LOGIT, MAX_LOGIT)
    leader, kink = _nodes(groups, b, odds)
    curves = _sampled(groups, b, leader)
    windows = _windows(len(leader), kink)
    interval, place = _crossings(curves.odds, windows, odds)
    rows, first = np.arange(len(b))[:, None], windows[interval]
    weights = _weights(place)
    at = first * len(b) + rows
    entropy = _blend(weights, curves.entropy, at)
    last = _gained(groups, b, _blend(weights, curves.height, at), odds) - 1
    at = (first * len(groups.log_q) + last) * len(b) + rows
    share = _blend(weights, curves.prefix, at)
    own = groups.sizes * np.exp(groups.log_q)
    distance = np.clip((1.0 - fractions) * (share - np.cumsum(own)[last]), 0.0, 1.0)
    # Entropy falls below T = 1 and rises above it; interpolation alone shall not change that.
    source, most = -own @ groups.log_q, np.log(groups.sizes.sum())
    return np.clip(entropy, *((0.0, source) if b[0] > 1 else (source, most))), distance


def _nodes(groups: OutcomeGroups, b: Array, odds: Array) -> tuple[Array, int | None]:
    """Return the leader's y at the nodes, (nodes, rows), and the node at which tied leaders part.

    Nodes stand at whole values of a measure s of y. They cover the odds: odds <= y, and
    a q (1 + e^y) = p is at most 1, or 1/n where the leader has the least of all.
    """
    cold = b[0] > 1
    most = -groups.log_q[0] - (0.0 if cold else np.log(groups.sizes.sum()))
    low, high = odds.min(), np.logaddexp(0.0, odds.max()) + most
    # Nodes beyond the ends: windows that end at a place are least exact there.
    low, high = low - _SPACING, high + 3.0 * _SPACING
    if not cold:
        count = max(int(np.ceil((high - low) / _SPACING)) + 1, _WIDTH)
        leader = 0.5 * (low + high) + _SPACING * (np.arange(count) - 0.5 * (count - 1))
        return np.repeat(leader[:, None], len(b), axis=1), None
    gaps = groups.log_q[0] - groups.log_q[1:]
    gap = gaps[gaps > 0].min(initial=1.0)
    scale = np.clip(np.sqrt(2.0 * gap * b), 1e-6, 1.0)
    tied = bool(np.any(gaps == 0))
    if tied:  # windows end at the crest, where the odds are flat
        scale *= 0.005
    crest = -np.log(b - 1.0)
    depths = np.array([low - crest, high - crest])
    ends = depths / _SPACING + np.arcsinh(depths / scale) / _CLUSTER
    first, last = np.floor(ends[0]), np.ceil(ends[1])
    if tied:  # the same s in all rows, and room for a window on either side of the crest
        first[:] = min(first.min(), 1 - _WIDTH)
        last[:] = max(last.max(), _WIDTH - 1)
    count = max(int((last - first).max()) + 1, _WIDTH)
    s = first + np.arange(count)[:, None]
    # y = crest + scale sinh(t), with s = t / cluster + scale sinh(t) / spacing: Newton on t.
    t = np.copysign(np.minimum(_CLUSTER * np.abs(s), np.arcsinh(_SPACING * np.abs(s) / scale)), s)
    for _ in range(20):
        up, down = (0.5 * scale / _SPACING) * np.exp((t, -t))
        excess = t / _CLUSTER + (up - down) - s
        step = excess / (1.0 / _CLUSTER + (up + down))
        t -= step
        if np.abs(step).max(initial=0.0) < 1e-5:  # Newton squares it
            break
    return crest + scale * np.sinh(t), int(-first[0]) if tied else None


def _sampled(groups: OutcomeGroups, b: Array, leader: Array) -> _Curves:
    """Solve the curve on the nodes."""
    log_q, own = groups.log_q, groups.sizes * np.exp(groups.log_q)
    log_own = log_q + np.log(groups.sizes)
    height = root_equation(leader, b)[0]
    roots = _walk(groups, b, leader, height)
    total, mean = np.empty((2, *leader.shape))
    step = max(1, _BLOCK // roots[0].size)
    work = np.empty((step, *roots.shape[1:]))
    # A product with ones is several times as fast as sums one by one, while groups are few.
    up_to = np.tri(len(log_q)) if len(log_q) <= _FEW else None
    for k in range(0, len(roots), step):
        here = slice(k, k + step)
        y = prefix = roots[here]  # one after the other, in the same place
        part = np.add(y, log_own[:, None], out=work[: len(y)])
        np.exp(part, out=part)
        mean[here] = own @ y + log_q @ part
        mean[here] += np.einsum("kgr,kgr->kr", part, y)
        if up_to is None:
            np.cumsum(part, axis=1, out=prefix)
        else:
            np.matmul(up_to, part, out=prefix)
        total[here] = prefix[:, -1]
        prefix /= total[here, None]
    # p_i = a (q_i + q_i e^y_i), and b ln p_i = y_i + ln q_i + constant: the leader's.
    mean += own @ log_q
    odds = np.log(total)
    rest = b * (log_q[0] + np.logaddexp(0.0, leader)) - (leader + log_q[0])
    entropy = np.logaddexp(0.0, odds) - (mean / (1.0 + total) + rest) / b
    return _Curves(height, odds, entropy, roots)


def _walk(groups: OutcomeGroups, b: Array, leader: Array, height: Array) -> Array:
    """Return y of every group on the nodes, (nodes, groups, rows), from node to node."""
    levels = (b - 1.0) * (groups.log_q[1:] - groups.log_q[0])[:, None]
    order = np.repeat(b[None], len(levels), axis=0)
    crest = -np.log(order - 1.0) if b[0] > 1 else None
    tied = np.count_nonzero(np.abs(levels).max(axis=1) < 1e-12)
    # Where h(y) is a small difference of large terms, or e^y is beyond all numbers.
    careful = np.abs(b - 1.0).min() < 1e-3 or leader.max() > _LARGEST_Y
    # Where the leader splits from a close runner-up, the state feels the root of an error.
    close = crest is not None and len(levels) > 0 and groups.log_q[0] - groups.log_q[1] < 0.1
    enough = 1e-13 if close else 2e-9
    top = crest if close else None  # else the crest is too far off for any guess to pass it
    roots = np.empty((len(leader), len(groups.log_q), len(b)))
    roots[:, 0] = leader
    flat = roots.reshape(len(roots), -1)
    level, *work = np.empty((4, *levels.shape))
    np.subtract(1.0 + 1e-12, order, out=work[2])  # h' = 1 - b + b / (1 + e^y), not 0 at the crest
    for k, y in enumerate(roots[:, 1:]):
        np.add(levels, height[k], out=level)
        if k == 0:
            crests = np.full((1, len(b)), np.inf) if crest is None else crest[:1]
            np.minimum(root_guess(level, b[None], crests), crests - 1e-9, out=y)
        else:
            predictor = _PREDICTORS[min(k, len(_PREDICTORS)) - 1]
            np.dot(predictor, flat[k - len(predictor) : k], out=flat[k])
            roots[k, 0] = leader[k]
            if top is not None:  # an upper root: mirror it
                y -= top
                np.abs(y, out=y)
                np.subtract(top, y, out=y)
        if careful:
            y[:] = lower_roots(level, b[None], y)
        else:
            _polish(y, level, order, top, enough, work)
        if crest is not None and tied:
            y[:tied] = _mirrored(y[:tied], leader[k], levels[:tied], b, crest[0])
    return roots


def _mirrored(y: Array, leader: Array, levels: Array, b: Array, crest: Array) -> Array:
    """Return ``y`` of outcomes that tie with the leader, to the digits of its depth below it.

    Where the leader leaves them h is flat: y's own rounding would be too much for its root. In
    u = y - crest, h falls by (b - 1) u + b ln(1 + c (e^-u - 1)), with c = 1 - 1/b.
    """
    bend = (b - 1.0) / b

    def fall(u: Array) -> Array:
        return (b - 1.0) * u + b * np.log1p(bend * np.expm1(-u))

    target = np.maximum(fall(leader - crest) - levels, 0.0)
    parabola = -np.sqrt(2.0 * target / bend)
    u = np.where(target < 1e-8 * bend, parabola, np.maximum(y - crest, _STEEP))
    for _ in range(2):
        grown = np.expm1(u)
        slope = grown * bend / (1.0 + grown / b)
        step = np.where(slope < 0, (fall(u) - target) / np.minimum(slope, -1e-300), 0.0)
        u = np.maximum(u - step, _STEEP)
    return np.where(y - crest > _STEEP, crest + u, y)


def _polish(
    y: Array, level: Array, b: Array, crest: Array | None, enough: float, work: list[Array]
) -> None:
    """Turn guesses into the roots of h(y) = level, in place: Newton with few array operations.

    No guess may lie beyond a crest. Stops where the next step would be below ``enough``, for
    the groups far from the leader first.
    """
    slope, step, lift = work
    for _ in range(40):
        np.exp(y, out=step)
        step += 1.0
        np.divide(b, step, out=slope)
        slope += lift
        np.log(step, out=step)
        step *= b
        step += level
        step -= y
        step /= slope
        y += step
        if crest is not None:
            np.minimum(y, crest, out=y)
        # The slope's own slope is below 1 - slope: this is more than twice the next step.
        np.divide(step, slope, out=slope)
        slope -= step
        slope *= step
        if slope.max(initial=0.0) < enough:
            break
        left = int(np.flatnonzero(~(slope.max(axis=1) < enough))[-1]) + 1
        y, level, b, slope, step, lift = (x[:left] for x in (y, level, b, slope, step, lift))
        crest = None if crest is None else crest[:left]


def _windows(count: int, kink: int | None) -> _Index:
    """Return the first node of the window of each interval; none straddles a kink."""
    interval = np.arange(count - 1)
    first = np.clip(interval - _WIDTH // 2 + 1, 0, count - _WIDTH)
    if kink is None:
        return first
    left = np.minimum(first, kink - _WIDTH + 1)
    return np.where(interval < kink, left, np.maximum(first, kink))


def _crossings(values: Array, windows: _Index, target: Array) -> tuple[_Index, Array]:
    """Return where the curve first has the wanted odds: interval, and place in its window."""
    count, rows = values.shape
    inside = values[windows[:, None] + np.arange(_WIDTH)]
    polynomials = (_COEFFICIENTS @ inside).swapaxes(0, 1).copy()
    highest = np.maximum.accumulate(values, axis=0)
    at = np.clip(_counted_below(highest, target) - 1, 0, count - 2)
    start = np.arange(count - 1) - windows + _PLACES[0]
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
    flat_polynomials = polynomials.reshape(_WIDTH, -1)
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
    powers = np.arange(1.0, _WIDTH)
    return np.asarray((powers * place[:, None] ** (powers - 1.0)) @ _COEFFICIENTS[1:])


def _tops(polynomials: Array, low: Array) -> tuple[Array, Array]:
    """Return the places of the tops in intervals that start at ``low``, and the tops."""
    falls = -polynomials[1:] * np.arange(1.0, _WIDTH)[:, None]  # the slope, turned to rise
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


def _weights(place: Array) -> Array:
    """Return the weights of the nodes of a window at a place in it, (nodes, ...) (Lagrange)."""
    weights = np.empty((_WIDTH, *place.shape))
    weights[0] = 1.0
    for k in range(1, _WIDTH):
        np.subtract(place, _PLACES[k - 1], out=weights[k])
        weights[k] *= weights[k - 1]
    after, gap = np.ones(place.shape), np.empty(place.shape)
    for k in reversed(range(_WIDTH)):
        np.multiply(after, _SCALES[k], out=gap)
        weights[k] *= gap
        np.subtract(place, _PLACES[k], out=gap)
        after *= gap
    return weights


def _blend(weights: Array, values: Array, first: _Index) -> Array:
    """Return the values between nodes; ``first`` is the index of a window's first in ``values``."""
    flat, stride = values.ravel(), values[0].size
    total = np.zeros(first.shape)
    for k, weight in enumerate(weights):
        total += weight * flat[k * stride :].take(first)
    return total


def _gained(groups: OutcomeGroups, b: Array, height: Array, odds: Array) -> _Index:
    """Return how many groups, leader first, have p_i > q_i: those with y_i above the odds."""
    order = b[:, None]
    gaps = np.abs(groups.log_q - groups.log_q[0])
    # Their h(y_i) = h(y) - |b - 1| gap is above h of the odds.
    threshold = (1.0 - order) * np.logaddexp(0.0, odds) - np.logaddexp(0.0, -odds)
    reach = (height - threshold) / np.abs(order - 1.0)
    if b[0] > 1:
        # Beyond the crest no lower root reaches the odds: the leader alone has gained.
        reach[odds[None, :] >= -np.log(order - 1.0)] = 0.0
    return np.maximum(np.searchsorted(gaps, reach.ravel()).reshape(reach.shape), 1)
