"""The settled states themselves: where history passes a given external share (ours).

From q it climbs the leader's lower root, and then its upper one; it stops at the first place whose
odds (1 - a)/a are those of the loop. Next: `standing`, all other stable states below T = 1.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from closedloop_core.exact.above import hot_places, hot_values
from closedloop_core.exact.crest import depth_of, distance_of, rate_of
from closedloop_core.exact.curve import BLOCK, TINY, log_odds_at
from closedloop_core.exact.groups import OutcomeGroups, group_outcomes
from closedloop_core.exact.searches import newton_inside
from closedloop_core.exact.sums import Rows, Sums, direct_sums, height_of, winners_of
from closedloop_core.exact.thresholds import folds, parting
from closedloop_core.measures import Array


def settle(q: Array, temperatures: Array, fractions: Array, ties_broken: bool = True) -> Array:
    """Return the settled states (m, n) at m settings, all checked."""
    present = q > 0
    states = np.zeros((len(temperatures), len(q)))
    inside = (fractions > 0) & (fractions < 1) & (temperatures != 1)
    for i in np.flatnonzero(~inside):
        states[i] = explicit_state(q, temperatures[i], fractions[i], ties_broken)
    for cold in (True, False):
        rows = np.flatnonzero(inside & ((temperatures < 1) == cold))
        groups = group_outcomes(q[present], cold, ties_broken and cold)
        solve = _settle_below if cold else _settle_above
        for block in _blocks(rows, len(groups.q)):
            values = solve(q[present], groups, temperatures[block], log_odds_at(fractions[block]))
            states[np.ix_(block, present)] = groups.spread(values)
    return states


def explicit_state(q: Array, temperature: float, a: float, ties_broken: bool) -> Array:
    """Return the settled state, (n,), where no equation is needed: a = 0, a = 1 or T = 1."""
    if a == 1 or temperature == 1:
        return q.copy()
    winners = (q == q.max()) if temperature < 1 else (q > 0)
    if temperature < 1 and ties_broken:
        winners = np.arange(len(q)) == np.argmax(q)
    return np.asarray(winners / winners.sum())


def _blocks(rows: Rows, groups: int) -> Iterator[Rows]:
    step = max(1, BLOCK // groups)
    for at in range(0, len(rows), step):
        yield rows[at : at + step]


def _settle_above(q: Array, groups: OutcomeGroups, t: Array, odds: Array) -> Array:
    """Return states but for a factor, (m, groups), above T = 1, where all is monotone."""
    return hot_values(groups, hot_places(groups, t, odds)[0])


def _settle_below(q: Array, groups: OutcomeGroups, t: Array, odds: Array) -> Array:
    """Return states but for a factor, (m, groups), below T = 1."""
    target = odds + np.log1p(-t) - np.log(t)
    distinct, row = np.unique(t, return_inverse=True)
    sums = direct_sums(winners_of(q), distinct)
    meeting = sums.at(np.arange(len(distinct)), np.zeros(len(distinct)))[0][row]
    ahead = np.exp(target) > meeting * (1.0 + 4e-16)
    place = np.empty(len(t))
    place[~ahead] = -lone_distances(groups, t[~ahead], target[~ahead])
    if np.any(ahead):
        together = 1.0 if len(groups.q) > len(sums.winners.q) else groups.sizes[0]
        sigma = _leaders_lead(sums, row[ahead], target[ahead], float(together))
        cold = t[ahead]
        place[ahead] = distance_of(0.5 * sigma**2, 1.0 - cold, cold)
    return _values_below(groups, t, place)


def _values_below(groups: OutcomeGroups, t: Array, leader: Array) -> Array:
    """Return states but for a factor where the leader's y is so far above the crest."""
    place = np.maximum(np.abs(leader), TINY)
    up = leader > 0
    depth = depth_of(place, np.where(up, 1.0 - t, t), np.where(up, t, 1.0 - t))
    cold, rest = t[:, None], 1.0 - t[:, None]
    rise = -distance_of(depth[:, None] + groups.gaps / cold, cold, rest)
    rise[:, 0] = leader
    return np.asarray(rest * groups.q + cold * np.exp(groups.log_q + rise))


def lone_distances(groups: OutcomeGroups, t: Array, target: Array) -> Array:
    """Return how far below its crest the leader is where nobody has won, (m,)."""
    rest, weights = 1.0 - t, groups.sizes * groups.q

    def height(distance: Array) -> tuple[Array, Array]:
        own = np.maximum(-distance, TINY)
        depth = depth_of(own, t, rest)[:, None] + groups.gaps / t[:, None]
        r = distance_of(depth, t[:, None], rest[:, None])
        r[:, 0] = own
        terms = weights * np.exp(-r)
        total = terms.sum(axis=1)
        pull = rate_of(r, t[:, None], rest[:, None]) / rate_of(own, t, rest)[:, None]
        return np.log(total), (terms * pull).sum(axis=1) / total

    # Every e^-r is at most the leader's: so is their mean.
    low = np.minimum(target, 0.0) - 1e-12
    return -newton_inside(height, target, low, np.zeros(len(t)))


def _leaders_lead(sums: Sums, row: Rows, target: Array, moved: float) -> Array:
    """Return sigma where a leader, or all ``moved`` tied ones, are on the upper root."""
    low, high = np.zeros(len(row)), far_above(sums, row, target)
    used, at = np.unique(row, return_inverse=True)
    some = direct_sums(sums.winners, sums.t[used])
    if sums.winners.is_tied and moved == 1.0:
        low = parting(some)[2][at]
    else:
        for folded, *ends in zip(*_ends(folds(some, moved)), strict=True):
            here = np.flatnonzero(at == folded)
            (top, at_top), (_, at_bottom) = ends
            before = target[here] <= np.log(top)
            high[here[before]], low[here[~before]] = at_top, at_bottom
    return upper_places(sums, row, np.zeros_like(row), target, (low, high), moved)


def _ends(
    found: tuple[Rows, tuple[Array, Array], tuple[Array, Array]],
) -> tuple[Rows, NDArray[np.float64], NDArray[np.float64]]:
    rows, top, bottom = found
    return rows, np.stack(top, axis=1), np.stack(bottom, axis=1)


def far_above(sums: Sums, row: Rows, target: Array) -> Array:
    """Return sigma, (m,), past which every branch is above its target, (m,).

    S_w >= q_0 e^(T sigma^2/2).
    """
    room = np.maximum(target - np.log(sums.winners.q[0]), 0.0)
    return np.asarray(np.sqrt(2.0 / sums.t[row] * room) * (1.0 + 1e-9) + 1e-9)


def upper_places(
    sums: Sums,
    row: Rows,
    winners: Rows,
    target: Array,
    bracket: tuple[Array, Array],
    moved: float = 1.0,
) -> Array:
    """Return sigma, (m,), where branches of winners rise through m targets, inside brackets."""

    def height(sigma: Array) -> tuple[Array, Array]:
        value, slope = height_of(sums, row, winners, sigma, moved)
        return np.log(value), slope / value

    return newton_inside(height, target, *bracket)
