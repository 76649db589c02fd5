"""The exact diagram, fast: each temperature is one smooth curve, solved on nodes.

A row of the diagram (one temperature) is a walk along the curve of fixed points (`curve`). The
curve is solved exactly on a few dozen nodes, equally spaced in a measure s of the leader's y, and
each solution is the next one's guess. Between nodes the polynomial through the nearest ones gives
the odds ln((1-a)/a), the entropy and the prefix sums of the self-generated data F(p). F(p)/q is
ordered like q (T < 1) or against it, so the distance to q is (1-a)(F_m - Q_m), with m the number
of outcomes that gained, found exactly: no kink is interpolated.
Next: `summary`.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.exact.above import hot_places
from closedloop_core.exact.crossings import settle
from closedloop_core.exact.curve import excess_of, lower_roots, root_equation, root_guess
from closedloop_core.exact.groups import OutcomeGroups, group_outcomes
from closedloop_core.exact.windows import WIDTH, blend, crossings, weights, windows
from closedloop_core.measures import Array, unchecked_entropy

_Index = NDArray[np.intp]

_MAX_LOGIT = 40.0  # a from 4e-18 to 1 - 4e-18: closer to the ends, a is 0 or 1 in effect
_BLOCK = 20_000  # elements of one node's arrays that fit the cache
_FELT = 1e-11  # in the odds: so near to where leaders part, states are solved one by one
_STEEP = -30.0  # so far below the crest, h is anything but flat
_LARGEST_Y = 700.0  # e^y is a number; the leader's y above T = 1 reaches 40 - ln min q
_FEW = 64  # groups whose prefix sums are products with a matrix of ones
_LONG = 100  # nodes
_FEWER = 8  # a node costs less than a setting solved for itself
_SPACING = 0.3  # between nodes, in y, far from where the leader splits from the runner-up
_CLUSTER = 0.25  # the same near it, as a part of the distance to it

# The next value after 1 to 9 equally spaced ones: the polynomial through them goes on.
_PREDICTORS = [
    np.array([(-1.0) ** (count - 1 - k) * math.comb(count, k) for k in range(count)])
    for count in range(1, 10)
]


@dataclass(frozen=True)
class _Curves:
    """Curves at some temperatures on nodes.

    ``height`` (h of the leader's y), ``odds`` and ``entropy`` are (nodes, rows), ``prefix`` is
    (nodes, groups, rows): sums of F(p) over the leader and the groups next to it.
    """

    height: Array
    odds: Array
    entropy: Array
    prefix: Array


def settled_fields(q: Array, temperatures: Array, fractions: Array) -> tuple[Array, Array]:
    """Return entropy and distance to q of the settled states on a grid, each (rows, columns).

    Temperatures differ from 1, fractions lie inside (0, 1), q is positive.
    """
    entropy, distance = np.empty((2, len(temperatures), len(fractions)))
    if entropy.size == 0:
        return entropy, distance
    odds = np.clip(np.log1p(-fractions) - np.log(fractions), -_MAX_LOGIT, _MAX_LOGIT)
    for cold in (True, False):
        side = np.flatnonzero((temperatures < 1) == cold)
        groups = group_outcomes(q, cold, ties_broken=True)
        ends = None if cold else _walks(groups, temperatures[side], odds)
        step = max(1, _BLOCK // max(len(groups.q), len(fractions)))
        for part, long in _alike(ends, len(side), step, len(fractions)):
            block, t = side[part], temperatures[side[part]]
            if long:
                near = np.ones((len(block), len(fractions)), dtype=bool)
            else:
                own = None if ends is None else ends[part]
                found = _interpolated(groups, t, fractions, odds, own)
                entropy[block], distance[block], near = found
            rows, columns = np.nonzero(near)
            for some in (slice(k, k + step) for k in range(0, len(rows), step)):
                at = block[rows[some]], columns[some]
                states = settle(q, t[rows[some]], fractions[columns[some]])
                entropy[at] = unchecked_entropy(states)
                distance[at] = 0.5 * np.abs(states - q).sum(axis=1)
    return entropy, distance


def _alike(
    ends: Array | None, count: int, step: int, columns: int
) -> Iterator[tuple[_Index, bool]]:
    """Split rows into blocks of about as many nodes; say where columns one by one are cheaper."""
    if ends is None:
        for at in range(0, count, step):
            yield np.arange(at, min(at + step, count)), False
        return
    length = ends[:, 1] - ends[:, 0]
    order, least = np.argsort(length, kind="stable"), WIDTH * _SPACING
    is_long = length > _FEWER * _SPACING * columns
    for at in range(0, np.count_nonzero(is_long), step):
        yield np.flatnonzero(is_long)[at : at + step], True
    order = order[~is_long[order]]
    while len(order):
        here = order[:step]
        here = here[length[here] <= 1.5 * max(length[here[0]], least)]
        yield here, False
        order = order[len(here) :]


def _interpolated(
    groups: OutcomeGroups, t: Array, fractions: Array, odds: Array, ends: Array | None
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Return entropy and distance at some temperatures and fractions, (rows, columns) each.

    And where leaders part so near that the state feels the root of a rounding error.
    """
    excess = excess_of(t)
    leader, kink = _nodes(groups, excess, odds) if ends is None else (_hot_nodes(ends), None)
    curves = _sampled(groups, excess, leader)
    first_nodes = windows(len(leader), kink)
    interval, place = crossings(curves.odds, first_nodes, odds)
    rows, first = np.arange(len(t))[:, None], first_nodes[interval]
    parts = weights(place)
    at = first * len(t) + rows
    entropy = blend(parts, curves.entropy, at)
    last = _gained(groups, excess, blend(parts, curves.height, at), odds) - 1
    at = (first * len(groups.q) + last) * len(t) + rows
    share = blend(parts, curves.prefix, at)
    own = groups.sizes * np.exp(groups.log_q)
    distance = np.clip((1.0 - fractions) * (share - np.cumsum(own)[last]), 0.0, 1.0)
    # Entropy falls below T = 1 and rises above it; interpolation alone shall not change that.
    source, most = -own @ groups.log_q, np.log(groups.sizes.sum())
    entropy = np.clip(entropy, *((0.0, source) if t[0] < 1 else (source, most)))
    near = np.zeros(entropy.shape, dtype=bool)
    if kink is not None:
        near = np.abs(odds - curves.odds[kink][:, None]) < _FELT
    return entropy, distance, near


def _walks(groups: OutcomeGroups, t: Array, odds: Array) -> Array:
    """Return the leader's y where the odds' ends are, and a little beyond, (rows, 2), above T = 1.

    Odds <= y, and a q (1 + e^y) = p of the least is at most 1/n. The least likely of outcomes with
    shares far apart walks much farther than it has to: there the ends are solved.
    """
    most = -groups.log_q[0] - np.log(groups.sizes.sum())
    low, high = odds.min(), np.logaddexp(0.0, odds.max()) + most
    y = np.repeat([[low, high]], len(t), axis=0)
    if high - low > _LONG * _SPACING:
        step, ends = max(1, _BLOCK // (2 * len(groups.q))), [odds.min(), odds.max()]
        for rows in (slice(at, at + step) for at in range(0, len(t), step)):
            twice = np.repeat(t[rows], 2)
            found = hot_places(groups, twice, np.tile(ends, len(twice) // 2), enough=1e-2)[0]
            y[rows] = found[:, 0].reshape(-1, 2)
    # Nodes beyond the ends: windows that end at a place are least exact there.
    return np.asarray(y + np.array([-2.0, 3.0]) * _SPACING)


def _hot_nodes(ends: Array) -> Array:
    """Return the leader's y at equally spaced nodes, (nodes, rows), above T = 1."""
    low, high = ends.T
    count = max(int(np.ceil(((high - low) / _SPACING).max())) + 1, WIDTH)
    spacing = np.maximum((high - low) / (count - 1), 0.5 * _SPACING)
    steps = np.arange(count)[:, None] - 0.5 * (count - 1)
    return np.asarray(0.5 * (low + high) + spacing * steps)


def _nodes(groups: OutcomeGroups, excess: Array, odds: Array) -> tuple[Array, int | None]:
    """Return the leader's y at the nodes, (nodes, rows), and the node at which tied leaders part.

    Below T = 1. Nodes stand at whole values of a measure s of y. They cover the odds: odds <= y,
    and a q (1 + e^y) = p is at most 1.
    """
    low, high = odds.min(), np.logaddexp(0.0, odds.max()) - groups.log_q[0]
    # Nodes beyond the ends: windows that end at a place are least exact there.
    low, high = low - _SPACING, high + 3.0 * _SPACING
    gap = groups.gaps[groups.gaps > 0].min(initial=1.0)
    scale = np.clip(np.sqrt(2.0 * gap * (1.0 + excess)), 1e-6, 1.0)
    tied = groups.is_tied
    if tied:  # windows end at the crest, where the odds are flat
        scale *= 0.005
    crest = -np.log(excess)
    depths = np.array([low - crest, high - crest])
    ends = depths / _SPACING + np.arcsinh(depths / scale) / _CLUSTER
    first, last = np.floor(ends[0]), np.ceil(ends[1])
    if tied:  # the same s in all rows, and room for a window on either side of the crest
        first[:] = min(first.min(), 1 - WIDTH)
        last[:] = max(last.max(), WIDTH - 1)
    count = max(int((last - first).max()) + 1, WIDTH)
    s = first + np.arange(count)[:, None]
    # y = crest + scale sinh(t), with s = t / cluster + scale sinh(t) / spacing: Newton on t.
    t = np.copysign(np.minimum(_CLUSTER * np.abs(s), np.arcsinh(_SPACING * np.abs(s) / scale)), s)
    for _ in range(20):
        up, down = (0.5 * scale / _SPACING) * np.exp((t, -t))
        beyond = t / _CLUSTER + (up - down) - s
        step = beyond / (1.0 / _CLUSTER + (up + down))
        t -= step
        if np.abs(step).max(initial=0.0) < 1e-5:  # Newton squares it
            break
    return crest + scale * np.sinh(t), int(-first[0]) if tied else None


def _sampled(groups: OutcomeGroups, excess: Array, leader: Array) -> _Curves:
    """Solve the curve on the nodes."""
    log_q, own, b = groups.log_q, groups.sizes * groups.q, 1.0 + excess
    log_own = log_q + np.log(groups.sizes)
    height = root_equation(leader, excess)[0]
    roots = _walk(groups, excess, leader, height)
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


def _walk(groups: OutcomeGroups, excess: Array, leader: Array, height: Array) -> Array:
    """Return y of every group on the nodes, (nodes, groups, rows), from node to node."""
    b, levels = 1.0 + excess, -np.abs(excess) * groups.gaps[1:, None]
    order = np.repeat(b[None], len(levels), axis=0)
    crest = -np.log(np.repeat(excess[None], len(levels), axis=0)) if b[0] > 1 else None
    tied = np.count_nonzero(np.abs(levels).max(axis=1) < 1e-12)
    # Where h(y) is a small difference of large terms, or e^y is beyond all numbers.
    careful = np.abs(excess).min() < 1e-3 or leader.max() > _LARGEST_Y
    # Where the leader splits from a close runner-up, the state feels the root of an error.
    close = crest is not None and len(levels) > 0 and groups.gaps[1] < 0.1
    enough = 1e-13 if close else 2e-9
    top = crest if close else None  # else the crest is too far off for any guess to pass it
    roots = np.empty((len(leader), len(groups.q), len(b)))
    roots[:, 0] = leader
    flat = roots.reshape(len(roots), -1)
    level, *work = np.empty((4, *levels.shape))
    np.subtract(1.0 + 1e-12, order, out=work[2])  # h' = 1 - b + b / (1 + e^y), not 0 at the crest
    for k, y in enumerate(roots[:, 1:]):
        np.add(levels, height[k], out=level)
        if k == 0:
            crests = np.full((1, len(b)), np.inf) if crest is None else crest[:1]
            np.minimum(root_guess(level, excess[None], crests), crests - 1e-9, out=y)
        else:
            predictor = _PREDICTORS[min(k, len(_PREDICTORS)) - 1]
            np.dot(predictor, flat[k - len(predictor) : k], out=flat[k])
            roots[k, 0] = leader[k]
            if top is not None:  # an upper root: mirror it
                y -= top
                np.abs(y, out=y)
                np.subtract(top, y, out=y)
        if careful:
            y[:] = lower_roots(level, excess[None], y)
        else:
            _polish(y, level, order, top, enough, work)
        if crest is not None and tied:
            y[:tied] = _mirrored(y[:tied], leader[k], levels[:tied], excess, crest[0])
    return roots


def _mirrored(y: Array, leader: Array, levels: Array, excess: Array, crest: Array) -> Array:
    """Return ``y`` of outcomes that tie with the leader, to the digits of its depth below it.

    Where the leader leaves them h is flat: y's own rounding would be too much for its root. In
    u = y - crest, h falls by (b - 1) u + b ln(1 + c (e^-u - 1)), with c = 1 - 1/b.
    """
    b = 1.0 + excess
    bend = excess / b

    def fall(u: Array) -> Array:
        return excess * u + b * np.log1p(bend * np.expm1(-u))

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


def _gained(groups: OutcomeGroups, excess: Array, height: Array, odds: Array) -> _Index:
    """Return how many groups, leader first, have p_i > q_i: those with y_i above the odds."""
    order = excess[:, None]
    # Their h(y_i) = h(y) - |b - 1| gap is above h of the odds.
    threshold = -order * np.logaddexp(0.0, odds) - np.logaddexp(0.0, -odds)
    reach = (height - threshold) / np.abs(order)
    if excess[0] > 0:
        # Beyond the crest no lower root reaches the odds: the leader alone has gained.
        reach[odds[None, :] >= -np.log(order)] = 0.0
    return np.maximum(np.searchsorted(groups.gaps, reach.ravel()).reshape(reach.shape), 1)
