"""Where groups of outcomes that move together can rest, below T = 1, critical places too (ours).

For states that iterating F approaches too slowly to be told from where it is. Next: `flow`.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from closedloop_core.exact.crest import distance_of
from closedloop_core.exact.curve import TINY, log_odds_at
from closedloop_core.exact.groups import log_ratios
from closedloop_core.exact.interior import end_of_branches
from closedloop_core.exact.searches import golden
from closedloop_core.exact.sums import RAREST
from closedloop_core.measures import Array

_SCAN = 400  # nodes along a branch


def resting_places(
    q: Array, sizes: Array, temperature: float, a: float, winner: int | None
) -> list[Array]:
    """Return the fixed points where no group, or one, is on the upper root.

    States are per member, (groups,); groups may share a q, and q may be 0. Found are stable states
    (of the groups, which move as one each), and critical ones to rounding.
    """
    t, rest = np.array(temperature), np.array(1.0 - temperature)
    target = float(log_odds_at(np.array(a)) + np.log(rest) - np.log(t))
    weights = np.maximum(q, q.max() * np.exp(-RAREST))
    gaps = log_ratios(np.append(q.max(), weights))[1:] / t

    def values(sigma: Array) -> Array:
        """Return q e^y, (groups, k), in units of T/(1 - T)."""
        depth = 0.5 * np.maximum(sigma, TINY) ** 2 + gaps[:, None]
        found = q[:, None] * np.exp(-distance_of(depth, t, rest))
        if winner is not None:
            up = distance_of(depth[winner], rest, t)
            found[winner] = np.exp(np.minimum(np.log(weights[winner]) + up, 700.0))
        return np.asarray(found)

    def height(sigma: Array) -> Array:
        return np.asarray(np.log(sizes @ values(sigma)) - target)

    noise, last = 1e-15 + 2e-16 * abs(target), end_of_branches(q, target, t, rest)
    sigma, heights, critical = _scanned(height, last, noise)
    clear = np.abs(heights) > noise  # what rounding cannot tell from 0 is on neither side
    # Where nobody has won, the sums fall along sigma.
    passed = _passed(height, sigma[clear], heights[clear] > 0, falls=winner is None)
    places = np.concatenate([passed, critical])
    states = rest * q[:, None] + t * values(places)
    return list((states / (sizes @ states)).T)


def _scanned(
    height: Callable[[Array], Array], last: float, noise: float
) -> tuple[Array, Array, Array]:
    """Return nodes along a branch, its extrema among them, the heights, and which extrema are 0."""
    sigma = np.concatenate([[0.0], np.geomspace(1e-8, last, _SCAN)])
    heights = height(sigma)
    turns = np.flatnonzero((heights[1:-1] - heights[:-2]) * (heights[2:] - heights[1:-1]) <= 0)
    up = np.where(heights[1:-1] >= heights[:-2], 1.0, -1.0)[turns]
    place = golden(lambda x: up * height(x), sigma[turns], sigma[turns + 2])
    tops = height(place)
    critical = np.zeros(1) if abs(heights[0]) <= noise else place[np.abs(tops) <= noise]
    nodes, at = np.unique(np.concatenate([sigma, place]), return_index=True)
    return nodes, np.concatenate([heights, tops])[at], critical


def _passed(
    height: Callable[[Array], Array], sigma: Array, is_above: NDArray[np.bool_], falls: bool
) -> Array:
    """Return where a branch falls, or rises, through 0 between nodes: bisection."""
    at = np.flatnonzero((is_above[1:] != is_above[:-1]) & (is_above[1:] != falls))
    left, right = sigma[at], sigma[at + 1]
    for _ in range(60):
        middle = 0.5 * (left + right)
        before = (height(middle) > 0) == falls
        left, right = np.where(before, middle, left), np.where(before, right, middle)
    return 0.5 * (left + right)
