r"""The curve of fixed points at one temperature, from one scalar equation (ours).

Write p_i = a v_i. A fixed point of F has, for one number kappa and for every outcome i,

.. math:: v_i - \kappa v_i^b = q_i, \qquad b = 1/T, \qquad a = 1 / \sum_i v_i .

With y_i the logit of the self-generated share 1 - a q_i / p_i this reads
h(y_i) = ln kappa + (b - 1) ln q_i with h(y) = y - b ln(1 + e^y), and

.. math:: (1 - a)/a = \sum_i q_i e^{y_i} .

Below T = 1 the function h rises to one maximum, its *crest*, and falls: an outcome is on the *lower
root* of its equation or on the *upper* one. Above T = 1, h only rises. So for fixed T the whole
curve over a is explicit in the y of one outcome, the *leader* (argmax q below T = 1, argmin q
above): every other y_i is the lower root of h. As a is lowered from 1, the state
reached from q moves along this curve; at a given a it is the first point that has this a.
Outcomes with equal q_i share a root, so they are solved once per group. Next: `settled`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.measures import Array

_NODES = 160
_GOLDEN = 0.5 * (5**0.5 - 1)
MAX_LOGIT = 40.0  # a from 4e-18 to 1 - 4e-18: closer to the ends, a is 0 or 1 in effect
BLOCK = 32_768  # elements that fit the cache


def root_equation(y: Array, b: Array) -> tuple[Array, Array, Array]:
    """Return h(y), its slope 1 - b s, and ln(1 + e^y), with s = 1 / (1 + e^-y).

    Parameters
    ----------
    y : (...) float
    b : (...) float > 0, 1/T, broadcast against ``y``

    Returns
    -------
    value, slope, softplus : (...) float
    """
    size = np.abs(y)
    small = np.exp(-size)
    total = 1.0 + small
    # h = -(b - 1) ln(1 + e^y) - ln(1 + e^-y) needs every digit of the second term as b nears 1;
    # elsewhere the plain logarithm is twice as fast.
    tail = np.log(total) if np.abs(b - 1.0).min() > 1e-2 else np.log1p(small)
    softplus = 0.5 * (y + size)
    softplus += tail
    total = np.divide(1.0, total)
    total -= 0.5
    share = np.copysign(total, y)
    share += 0.5
    value = (1.0 - b) * softplus
    value += 0.5 * (y - size)
    value -= tail
    return value, 1.0 - b * share, softplus


def lower_roots(level: Array, b: Array, guess: Array | None = None) -> Array:
    """Solve h(y) = level for y below the crest of h; for b < 1, where h only rises, anywhere.

    Parameters
    ----------
    level : (...) float, at most h at the crest
    b : (...) float > 0, 1/T, broadcast against ``level``
    guess : (...) float, where to start; None: `root_guess`

    Returns
    -------
    (...) float
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        crest = np.where(b > 1, -np.log(np.maximum(b - 1.0, 1e-300)), np.inf)
    if guess is None:
        guess = root_guess(level, b, crest)
    y = np.minimum(guess, crest - 1e-9)
    for _ in range(60):
        value, slope, _ = root_equation(y, b)
        np.maximum(slope, 1e-9, out=slope)
        # h is concave: Newton's step lands at or left of the root and then climbs to it; with the
        # bend, h'' = (slope - 1)(1 - s), Halley's step triples the digits.
        np.subtract(level, value, out=value)
        value /= slope
        bend = (slope - 1.0) * ((b - 1.0) + slope) / (2.0 * b)
        bend *= value
        bend /= slope
        bend += 1.0
        np.maximum(bend, 0.5, out=bend)
        value /= bend
        y += value
        np.minimum(y, crest, out=y)
        if np.abs(value, out=value).max(initial=0.0) < 1e-6:
            break
    return _at_the_crest(y, level, b, crest)


def _at_the_crest(y: Array, level: Array, b: Array, crest: Array) -> Array:
    """Return ``y`` with roots next to the crest, where h is flat to rounding, by its parabola."""
    if not np.any(np.isfinite(crest)):
        return y
    top = root_equation(np.where(np.isfinite(crest), crest, 0.0), b)[0]
    fall = top - level
    if fall.min(initial=1.0) > 1e-12:
        return y
    parabola = crest - np.sqrt(2.0 * np.maximum(fall, 0.0) / (1.0 - 1.0 / b))
    return np.where(fall < 1e-12, parabola, y)


def root_guess(level: Array, b: Array, crest: Array) -> Array:
    """Return a first guess of the lower roots: from a parabola at the crest, or h's asymptotes.

    Parameters
    ----------
    level : (...) float
    b : (...) float > 0, all above 1 or all below
    crest : (...) float, -ln(b - 1); not used for b < 1

    Returns
    -------
    (...) float
    """
    if np.all(b < 1):
        # h(y) ~ y on the left, (1 - b) y on the right.
        return np.where(level < 0, level, level / (1.0 - b))
    with np.errstate(over="ignore", invalid="ignore"):
        top = root_equation(np.where(np.isfinite(crest), crest, 0.0), b)[0]
        parabola = crest - np.sqrt(2.0 * np.maximum(top - level, 0.0) / (1.0 - 1.0 / b))
    return np.maximum(level, parabola)


@dataclass(frozen=True)
class OutcomeGroups:
    """Outcomes with equal q_i in groups, the leader's first.

    Attributes
    ----------
    log_q : (groups,) float, ln q of one member
    sizes : (groups,) float, the number of members
    members : (n,) int, the group of each outcome
    """

    log_q: Array
    sizes: Array
    members: NDArray[np.intp]

    def spread(self, log_p: Array) -> Array:
        """Return probabilities, normalised, from one ln p a group: (..., groups) to (..., n)."""
        p = np.exp(log_p)[..., self.members]
        return np.asarray(p / p.sum(axis=-1, keepdims=True))


def group_outcomes(q: Array, cold: bool, ties_broken: bool) -> OutcomeGroups:
    """Group outcomes with equal probability.

    Parameters
    ----------
    q : (n,) float > 0
    cold : bool, whether T < 1: then the largest q comes first, else the smallest
    ties_broken : bool, whether below T = 1 the first of tied leaders is a group by itself

    Returns
    -------
    OutcomeGroups
    """
    values, members, sizes = np.unique(q, return_inverse=True, return_counts=True)
    if cold:  # the largest first
        values, sizes, members = values[::-1], sizes[::-1], len(values) - 1 - members
    if cold and ties_broken and sizes[0] > 1:
        values = np.concatenate([values[:1], values])
        sizes = np.concatenate([[1, sizes[0] - 1], sizes[1:]])
        members = members + 1
        members[np.argmax(q)] = 0
    return OutcomeGroups(np.log(values), sizes.astype(np.float64), members)


def group_roots(
    groups: OutcomeGroups, b: Array, leader: Array, guess: Array | None = None
) -> Array:
    """Return y of every group for a given y of the leader.

    Parameters
    ----------
    groups : OutcomeGroups
    b : (...) float, 1/T
    leader : (...) float
    guess : (..., groups - 1) float, of the others' y; None: `root_guess`

    Returns
    -------
    (..., groups) float
    """
    level = root_equation(leader, b)[0]
    gaps = groups.log_q[1:] - groups.log_q[0]
    rest = lower_roots(level[..., None] + (b - 1.0)[..., None] * gaps, b[..., None], guess)
    return np.concatenate([leader[..., None], rest], axis=-1)


def log_odds_of(groups: OutcomeGroups, y: Array) -> tuple[Array, Array]:
    """Return ln((1 - a)/a) = ln sum q_i e^{y_i}, and each group's share of that sum.

    Parameters
    ----------
    groups : OutcomeGroups
    y : (..., groups) float

    Returns
    -------
    odds : (...) float
    weights : (..., groups) float, sum 1
    """
    terms = groups.log_q + np.log(groups.sizes) + y
    top = terms.max(axis=-1, keepdims=True)
    weights = np.exp(terms - top)
    total = weights.sum(axis=-1, keepdims=True)
    return (top + np.log(total))[..., 0], weights / total


def log_state_of(groups: OutcomeGroups, y: Array) -> Array:
    """Return ln p of one member of each group, p_i = a q_i (1 + e^{y_i}).

    ``y`` and the result are (..., groups) float.
    """
    odds = log_odds_of(groups, y)[0]
    return np.asarray(groups.log_q + np.logaddexp(0.0, y) - np.logaddexp(0.0, odds)[..., None])


@dataclass(frozen=True)
class _Curve:
    """Nodes along the curve of fixed points, one row per temperature: (rows, nodes)."""

    leader: Array
    odds: Array
    y: Array


def _trace(groups: OutcomeGroups, b: Array) -> _Curve:
    """Lay nodes along the curve, dense where the leader splits from the runner-up."""
    low, high = -MAX_LOGIT, MAX_LOGIT - groups.log_q[0]
    crest = np.where(b > 1, -np.log(np.where(b > 1, b - 1.0, 1.0)), 0.0)
    gap = groups.log_q[0] - groups.log_q[1] if len(groups.log_q) > 1 else 1.0
    scale = np.clip(np.sqrt(2.0 * np.abs(gap) * b), 1e-6, 1.0) * 0.3
    crest = np.clip(crest, low + 1.0, high - 1.0)
    half = _NODES // 2
    left = np.arcsinh((low - crest) / scale)[:, None] * np.linspace(1.0, 0.0, half + 1)
    right = np.arcsinh((high - crest) / scale)[:, None] * np.linspace(0.0, 1.0, half + 1)
    stretch = np.concatenate([left, right[:, 1:]], axis=1)
    leader = crest[:, None] + scale[:, None] * np.sinh(stretch)
    y = group_roots(groups, np.repeat(b[:, None], leader.shape[1], axis=1), leader)
    curve = _Curve(leader, log_odds_of(groups, y)[0], y)
    _move_to_tops(groups, b, curve)
    return curve


def _move_to_tops(groups: OutcomeGroups, b: Array, curve: _Curve) -> None:
    """Move nodes that are higher than both neighbours to the top between them: a fold.

    As the share is lowered, the settled state leaves the branch exactly there. Golden section: the
    top is flat, so that a place right to the root of a rounding error gives a height right to the
    error itself.
    """
    inner = curve.odds[:, 1:-1]
    rows, nodes = np.nonzero((inner > curve.odds[:, :-2]) & (inner > curve.odds[:, 2:]))
    if len(rows) == 0:
        return
    nodes = nodes + 1
    low, high = curve.leader[rows, nodes - 1], curve.leader[rows, nodes + 1]

    def height(leader: Array) -> tuple[Array, Array]:
        y = group_roots(groups, b[rows], leader)
        return log_odds_of(groups, y)[0], y

    inside = [low + part * (high - low) for part in (1 - _GOLDEN, _GOLDEN)]
    heights = [height(leader)[0] for leader in inside]
    for _ in range(40):
        falls = heights[0] > heights[1]
        low, high = np.where(falls, low, inside[0]), np.where(falls, inside[1], high)
        fresh = np.where(falls, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
        tried = height(fresh)[0]
        inside = [np.where(falls, fresh, inside[1]), np.where(falls, inside[0], fresh)]
        heights = [np.where(falls, tried, heights[1]), np.where(falls, heights[0], tried)]
    top = 0.5 * (low + high)
    odds, y = height(top)
    better = odds > curve.odds[rows, nodes]
    rows, nodes = rows[better], nodes[better]
    curve.leader[rows, nodes], curve.odds[rows, nodes] = top[better], odds[better]
    curve.y[rows, nodes] = y[better]


def _solve_along(
    groups: OutcomeGroups,
    b: Array,
    target: Array,
    low: Array,
    high: Array,
    guess: tuple[Array, Array],
) -> Array:
    """Return y of every group where the odds reach ``target`` in [low, high], from a guess.

    Newton, kept inside the bracket.
    """
    leader, y = guess
    y = group_roots(groups, b, leader, y[..., 1:])
    for _ in range(100):
        odds, weights = log_odds_of(groups, y)
        slopes = root_equation(y, b[..., None])[1]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            pull = slopes[..., :1] / slopes  # dy_i / dy_leader
            step = (target - odds) / (weights * pull).sum(axis=-1)
        low, high = np.where(odds < target, leader, low), np.where(odds < target, high, leader)
        fresh = leader + step
        fresh = np.where((fresh >= low) & (fresh <= high), fresh, 0.5 * (low + high))
        moved = fresh - leader
        pull = np.where(np.isfinite(pull), pull, 0.0)
        along = pull[..., 1:] * moved[..., None]
        y = group_roots(groups, b, fresh, y[..., 1:] + np.clip(along, -1.0, 1.0))
        leader = fresh
        if not np.any(np.abs(moved) > 1e-9 * (1.0 + np.abs(leader))):
            break
    return y


def settle(q: Array, temperatures: Array, fractions: Array, ties_broken: bool = True) -> Array:
    """Return the settled states at some settings, without checks of the arguments.

    Parameters
    ----------
    q : (n,) float
    temperatures, fractions : (m,) float
    ties_broken : bool, whether an infinitesimal push makes the first of tied leaders win below
        T = 1; otherwise ties stay, though the state is unstable

    Returns
    -------
    (m, n) float
    """
    present = q > 0
    states = np.zeros((len(temperatures), len(q)))
    inside = (fractions > 0) & (fractions < 1) & (temperatures != 1)
    for i in np.flatnonzero(~inside):
        states[i] = explicit_state(q, temperatures[i], fractions[i], ties_broken)
    for cold in (True, False):
        rows = np.flatnonzero(inside & ((temperatures < 1) == cold))
        groups = group_outcomes(q[present], cold, ties_broken)
        for block in _by_temperature(rows, temperatures, groups):
            log_p = _settle_block(groups, temperatures[block], fractions[block])
            states[np.ix_(block, present)] = groups.spread(log_p)
    return states


def _by_temperature(
    rows: NDArray[np.intp], temperatures: Array, groups: OutcomeGroups
) -> Iterator[NDArray[np.intp]]:
    """Split settings into blocks that share the curves of a few temperatures."""
    distinct, owner = np.unique(temperatures[rows], return_inverse=True)
    step = max(1, 8 * BLOCK // (len(groups.log_q) * _NODES))
    for at in range(0, len(distinct), step):
        yield rows[(owner >= at) & (owner < at + step)]


def explicit_state(q: Array, temperature: float, a: float, ties_broken: bool) -> Array:
    """Return the settled state, (n,) float, where no equation is needed: a = 0, a = 1 or T = 1.

    ``q`` is (n,) float; for ``ties_broken`` see `settle`.
    """
    if a == 1 or temperature == 1:
        return q
    winners = (q == q.max()) if temperature < 1 else (q > 0)
    if temperature < 1 and ties_broken:
        winners = np.arange(len(q)) == np.argmax(q)
    return np.asarray(winners / winners.sum())


def _settle_block(groups: OutcomeGroups, temperatures: Array, fractions: Array) -> Array:
    """Return ln p, (m, groups), at m settings on one side of T = 1."""
    odds = np.log1p(-fractions) - np.log(fractions)
    odds = np.clip(odds, -MAX_LOGIT, MAX_LOGIT)
    distinct, row = np.unique(temperatures, return_inverse=True)
    curve = _trace(groups, 1.0 / distinct)
    # The first node at or above the wanted odds: history stops there.
    highest = np.maximum.accumulate(curve.odds, axis=1)
    at = np.array([np.searchsorted(highest[r], o) for r, o in zip(row, odds, strict=True)])
    at = np.clip(at, 1, curve.odds.shape[1] - 1)
    low, high = curve.leader[row, at - 1], curve.leader[row, at]
    start, stop = curve.odds[row, at - 1], curve.odds[row, at]
    part = np.clip((odds - start) / np.where(stop > start, stop - start, 1.0), 0.0, 1.0)
    between = curve.y[row, at - 1] + part[:, None] * (curve.y[row, at] - curve.y[row, at - 1])
    leader = low + part * (high - low)
    b = 1.0 / temperatures
    step = max(1, BLOCK // len(groups.log_q))
    for block in (slice(s, s + step) for s in range(0, len(b), step)):
        guess = (leader[block], between[block])
        y = _solve_along(groups, b[block], odds[block], low[block], high[block], guess)
        between[block] = log_state_of(groups, y)
    return np.asarray(between)
