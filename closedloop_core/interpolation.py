"""The exact diagram, fast: each temperature is one smooth curve, sampled and interpolated.

A row of the diagram (one temperature) is a walk along the curve of fixed points (`curve`). On a
few dozen nodes the curve is solved exactly, with first and second derivatives along the leader's
y; between nodes the odds ln((1-a)/a), the entropy and the prefix sums of p are quintic Hermite
polynomials. p/q is ordered like q (T < 1) or against it, so the distance to q is a prefix sum
P_m - Q_m, with m the number of outcomes that gained, found exactly: no kink is interpolated.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.curve import (
    _at_the_crest,
    _grouped,
    _Groups,
    _half,
    _lower_roots,
    _root_guess,
)
from closedloop_core.measures import Array

_Pick = tuple[NDArray[np.intp], NDArray[np.intp]]  # rows and nodes, broadcast

_BLOCK = 40_000  # elements that fit the cache
_SPACING = 0.34  # between nodes, in y, far from where the leader splits from the runner-up
_CLUSTER = 0.3  # the same near it, as a part of the distance to it


@dataclass(frozen=True)
class _Curves:
    """Curves at some temperatures on nodes: values and two derivatives along the leader's y.

    ``leader`` is (rows, nodes), ``odds`` and ``entropy`` (3, rows, nodes), ``prefix`` (3, rows,
    nodes, groups): sums of p over the leader and the groups next to it.
    """

    leader: Array
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
    odds = np.log1p(-fractions) - np.log(fractions)
    for cold in (True, False):
        side = np.flatnonzero((temperatures < 1) == cold)
        groups = _grouped(q, cold, ties_broken=True)
        step = max(1, _BLOCK // (48 * len(groups.log_q)))
        for block in (side[at : at + step] for at in range(0, len(side), step)):
            b = 1.0 / temperatures[block]
            entropy[block], distance[block] = _interpolated(groups, b, odds)
    return entropy, distance


def _interpolated(groups: _Groups, b: Array, odds: Array) -> tuple[Array, Array]:
    """Return entropy and distance at some temperatures and odds, (rows, columns) each."""
    curves = _sampled(groups, b, _nodes(groups, b, float(odds.min()), float(odds.max())))
    at, limit = _intervals(curves, odds)
    rows = np.arange(len(b))[:, None]
    start = curves.leader[rows, at]
    width = curves.leader[rows, at + 1] - start
    theta = _invert(curves.odds, (rows, at), width, limit, odds)
    weights = _hermite(theta, width)
    gained = _gained(groups, b, start + theta * width, odds)
    entropy = _blend(curves.entropy, weights, rows, at)
    distance = _blend(curves.prefix, weights, rows, at, gained - 1)
    own = np.cumsum(groups.sizes * np.exp(groups.log_q))[gained - 1]
    return entropy, np.clip(distance - own, 0.0, 1.0)


def _nodes(groups: _Groups, b: Array, low: float, high: float) -> Array:
    """Return the leader's y at the nodes, (rows, nodes): from odds ``low`` to odds ``high``."""
    high = high - groups.log_q[0]  # odds <= y <= odds - ln q of the leader
    if b[0] < 1:
        count = int(np.ceil((high - low) / _SPACING)) + 2
        return np.repeat(np.linspace(low, high, count)[None], len(b), axis=0)
    crest = -np.log(b - 1.0)
    gap = groups.log_q[0] - groups.log_q[1] if len(groups.log_q) > 1 else 1.0
    tied = gap == 0.0
    scale = np.full(len(b), 1e-1) if tied else np.clip(np.sqrt(2.0 * gap * b), 1e-6, 1.0) * 0.5
    # Nodes at whole values of a measure that grows by 1 from node to node.
    reach = max(high - float(crest.min()), float(crest.max()) - low, 1.0) + 2.0
    half = np.concatenate([[0.0], np.geomspace(1e-7, reach, 600)])
    depth = np.concatenate([-half[:0:-1], half])
    measure = depth / _SPACING + np.arcsinh(depth / scale[:, None]) / _CLUSTER
    ends = [
        np.array([np.interp(x, depth, m) for x, m in zip(end - crest, measure, strict=True)])
        for end in (low, high)
    ]
    first, last = np.floor(ends[0]).astype(int), np.ceil(ends[1]).astype(int)
    steps = first[:, None] + np.arange(int((last - first).max()) + 1)
    leader = crest[:, None] + np.array(
        [np.interp(s, m, depth) for s, m in zip(steps, measure, strict=True)]
    )
    if not tied:
        return np.asarray(leader)
    # Tied leaders part at the crest: it stands twice, once for each side of the kink.
    return np.sort(np.concatenate([leader, crest[:, None], crest[:, None]], axis=1), axis=1)


def _sampled(groups: _Groups, b: Array, leader: Array) -> _Curves:
    """Solve the curve on the nodes, with derivatives along the leader's y."""
    order = b[:, None, None]
    gaps = groups.log_q[1:] - groups.log_q[0]
    y = np.empty((*leader.shape, len(groups.log_q)))
    y[..., 0] = leader
    y[..., 1:] = (order - 1.0) * gaps
    y[..., 1:] += _half(leader, b[:, None])[0][..., None]
    y[..., 1:] = _quick_roots(y[..., 1:], order)
    softplus, share = _softplus(y)
    slope = 1.0 - order * share
    # s' = s (1 - s); h' = 1 - b s; h'' = -b s'.
    bell = share - share * share
    with np.errstate(divide="ignore", invalid="ignore"):
        first = slope[..., :1] / slope
        second = order * (bell * first * first - bell[..., :1]) / slope
    first[..., 0], second[..., 0] = 1.0, 0.0  # also at the crest, where it is 0/0
    if len(gaps) and gaps[0] == 0.0 and b[0] > 1:
        _part(first, second, leader, b)
    # q e^y in units of its largest term's size, which the leader's bounds.
    weights = np.exp(y - leader[..., None])
    weights *= groups.sizes * np.exp(groups.log_q)
    total = weights.sum(axis=-1, keepdims=True)
    weights /= total
    square = first * first
    odds = np.empty((3, *leader.shape))
    odds[0] = leader + np.log(total[..., 0])
    odds[1] = np.einsum("rkg,rkg->rk", weights, first)
    odds[2] = np.einsum("rkg,rkg->rk", weights, square) - odds[1] ** 2
    odds[2] += np.einsum("rkg,rkg->rk", weights, second)
    own = 1.0 / (1.0 + np.exp(-odds[0]))
    logs = softplus
    logs += groups.log_q
    logs -= np.logaddexp(0.0, odds[0])[..., None]
    change = share * first
    change -= (own * odds[1])[..., None]
    turn = bell * square
    turn += share * second
    turn -= (own * ((1.0 - own) * odds[1] ** 2 + odds[2]))[..., None]
    prefix = np.empty((3, *y.shape))
    p = np.multiply(np.exp(logs), groups.sizes, out=prefix[0])
    np.multiply(p, change, out=prefix[1])
    change *= prefix[1]
    turn *= p
    np.add(change, turn, out=prefix[2])
    entropy = -np.einsum("drkg,rkg->drk", prefix, logs)
    entropy[2] -= change.sum(axis=-1)
    return _Curves(leader, odds, entropy, np.cumsum(prefix, axis=-1))


def _softplus(y: Array) -> tuple[Array, Array]:
    """Return ln(1 + e^y) and e^y / (1 + e^y), for y below 700."""
    share = np.exp(y)
    total = 1.0 + share
    share /= total
    # ln(1 + e^y) loses digits only where it is far below 1 and added to logs of order 1.
    return np.log(total, out=total), share


def _quick_roots(level: Array, b: Array) -> Array:
    """Return `curve._lower_roots` by plain Newton steps with few array operations.

    Near T = 1, where h(y) is a small difference of large terms, the careful version is used.
    """
    if np.abs(b - 1.0).min() < 1e-2:
        return _lower_roots(level, b)
    cold = b.flat[0] > 1
    crest = -np.log(np.maximum(b - 1.0, 1e-300)) if cold else np.full_like(b, np.inf)
    y = np.minimum(_root_guess(level, b, crest), crest - 1e-9)
    for _ in range(40):
        softplus, share = _softplus(y)
        softplus *= b
        softplus += level
        softplus -= y  # level - h(y)
        share *= b
        np.subtract(1.0, share, out=share)
        if cold:
            np.maximum(share, 1e-9, out=share)
        softplus /= share
        y += softplus
        if cold:
            np.minimum(y, crest, out=y)
        if max(softplus.max(initial=0.0), -softplus.min(initial=0.0)) < 1e-8:
            break
    return _at_the_crest(y, level, b, crest)


def _part(first: Array, second: Array, leader: Array, b: Array) -> None:
    """Set the derivatives of the tied group where 0/0 hides them: at the crest, on both sides."""
    crest = -np.log(b - 1.0)[:, None]
    left = np.cumsum(leader == crest, axis=1) == 1
    at = leader == crest
    first[..., 1] = np.where(at, np.where(left, 1.0, -1.0), first[..., 1])
    # y_i = crest - u + c u^2 solves h(y_i) = h(crest + u) with c = -(1 - 2T)/3.
    mirrored = -2.0 / 3.0 * (1.0 - 2.0 / b)[:, None]
    second[..., 1] = np.where(at, np.where(left, 0.0, mirrored), second[..., 1])


def _intervals(curves: _Curves, odds: Array) -> tuple[NDArray[np.intp], Array]:
    """Return the interval in which history first reaches the odds, and how far it goes in it."""
    values, slopes = curves.odds[0], curves.odds[1]
    highest = np.maximum.accumulate(values, axis=1)
    at = np.array([np.searchsorted(row, odds) for row in highest])
    at = np.clip(at - 1, 0, values.shape[1] - 2)
    limit = np.ones(at.shape)
    # A top between two nodes: history may stop before it.
    for row, node in zip(*np.nonzero((slopes[:, :-1] > 0) & (slopes[:, 1:] < 0)), strict=True):
        width = curves.leader[row, node + 1] - curves.leader[row, node]
        if width == 0 or values[row, node] < highest[row, node]:
            continue
        pick = (np.array([[row]]), np.array([[node]]))
        theta, top = _top(curves.odds, pick, width)
        stops = (odds > highest[row, node]) & (odds <= top)
        at[row, stops], limit[row, stops] = node, theta
    return at, limit


def _top(
    odds: Array, pick: tuple[NDArray[np.intp], NDArray[np.intp]], width: float
) -> tuple[float, float]:
    """Return where the interpolated odds have their top inside an interval, and the top."""
    coefficients = _polynomial(odds, pick, np.array([[width]]))
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        if _evaluate(coefficients, np.array([[middle]]))[1][0, 0] > 0:
            low = middle
        else:
            high = middle
    return low, float(_evaluate(coefficients, np.array([[low]]))[0][0, 0])


def _polynomial(values: Array, pick: _Pick, width: Array) -> list[Array]:
    """Return the coefficients, lowest first, of the quintic Hermite polynomial on intervals."""
    rows, at = pick
    f0, f1 = values[0][rows, at], values[0][rows, at + 1]
    d0, d1 = width * values[1][rows, at], width * values[1][rows, at + 1]
    s0, s1 = width**2 * values[2][rows, at], width**2 * values[2][rows, at + 1]
    rise = f1 - f0
    return [
        f0,
        d0,
        0.5 * s0,
        10 * rise - 6 * d0 - 4 * d1 - 1.5 * s0 + 0.5 * s1,
        -15 * rise + 8 * d0 + 7 * d1 + 1.5 * s0 - s1,
        6 * rise - 3 * (d0 + d1) - 0.5 * (s0 - s1),
    ]


def _evaluate(coefficients: list[Array], theta: Array) -> tuple[Array, Array]:
    """Return value and slope of polynomials (Horner)."""
    value, slope = coefficients[5], np.zeros_like(theta)
    for coefficient in coefficients[4::-1]:
        slope = slope * theta + value
        value = value * theta + coefficient
    return value, slope


def _invert(
    odds: Array,
    pick: _Pick,
    width: Array,
    limit: Array,
    target: Array,
) -> Array:
    """Return the part of each interval at which the odds reach the target: Newton, kept inside."""
    coefficients = _polynomial(odds, pick, width)
    low, high = np.zeros(limit.shape), limit.copy()
    end = _evaluate(coefficients, limit)[0]
    rise = np.maximum(end - coefficients[0], 1e-300)
    theta = np.clip((target - coefficients[0]) / rise, 0.0, 1.0) * limit
    for _ in range(60):
        value, slope = _evaluate(coefficients, theta)
        excess = value - target
        low, high = np.where(excess < 0, theta, low), np.where(excess < 0, high, theta)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            fresh = theta - excess / slope
        fresh = np.where((fresh >= low) & (fresh <= high), fresh, 0.5 * (low + high))
        moved = np.abs(fresh - theta).max()
        theta = fresh
        if moved < 1e-7:  # Newton squares it
            break
    return np.asarray(theta)


def _hermite(theta: Array, width: Array) -> list[Array]:
    """Return the weights of value, slope and bend at both ends of each interval."""
    t2 = theta * theta
    t3 = t2 * theta
    end = t3 * (10 - 15 * theta + 6 * t2)
    slope = t3 * (-4 + 7 * theta - 3 * t2)
    bend = 0.5 * t3 * (1 - 2 * theta + t2)
    start_slope = theta - t3 * (6 - 8 * theta + 3 * t2)
    start_bend = 0.5 * t2 * (1 - theta) ** 3
    square = width * width
    return [1 - end, width * start_slope, square * start_bend, end, width * slope, square * bend]


def _blend(values: Array, weights: list[Array], *index: NDArray[np.intp]) -> Array:
    """Return the interpolated values; ``index`` is (row, node) and perhaps a group."""
    rows, at, *group = index
    total = weights[0] * values[0][(rows, at, *group)]
    for k in (1, 2):
        total += weights[k] * values[k][(rows, at, *group)]
    for k in range(3):
        total += weights[3 + k] * values[k][(rows, at + 1, *group)]
    return np.asarray(total)


def _gained(groups: _Groups, b: Array, leader: Array, odds: Array) -> NDArray[np.intp]:
    """Return how many groups, leader first, have p_i > q_i: those with y_i above the odds."""
    order = b[:, None]
    rise = _half(odds[None, :], order)[0] - _half(leader, order)[0]
    gaps = np.abs(groups.log_q - groups.log_q[0])
    reach = np.abs(rise / (order - 1.0)) * np.where(rise < 0, 1.0, -1.0)
    if b[0] > 1:
        # Beyond the crest no lower root reaches the odds: the leader alone has gained.
        reach = np.where(odds[None, :] >= -np.log(order - 1.0), 0.0, reach)
    return np.maximum(np.searchsorted(gaps, reach.ravel()).reshape(reach.shape), 1)
