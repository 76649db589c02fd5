"""Every fixed point inside the simplex below T = 1, stable or not, for few outcomes (ours).

Each choice of upper and lower roots (see `curve`) is one branch: 2^n of them. Next: `resting`.
"""

from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import NDArray

from closedloop_core.exact.crest import depth_of, distance_of
from closedloop_core.exact.curve import TINY, log_odds_at
from closedloop_core.exact.groups import group_outcomes
from closedloop_core.exact.searches import golden
from closedloop_core.measures import Array

_DEPTHS = 800  # nodes along a branch


def all_interior(q: Array, temperature: float, a: float) -> list[Array]:
    """Return all fixed points, (n,) each: every choice of upper and lower roots, 2^n branches."""
    t, rest = np.array(temperature), np.array(1.0 - temperature)
    target = float(log_odds_at(np.array(a)) + np.log(rest) - np.log(t))
    groups = group_outcomes(q, cold=True, ties_broken=False)
    gaps, choices = groups.gaps[groups.members, None] / t, _choices(len(q))

    def parts(sigma: Array) -> tuple[Array, Array]:
        """Return q e^y on the lower and the upper roots, (n, k), in units of T/(1 - T)."""
        depth = 0.5 * sigma**2 + gaps
        low, up = distance_of(depth, t, rest), distance_of(depth, rest, t)
        return q[:, None] * np.exp(-low), np.exp(np.minimum(np.log(q)[:, None] + up, 700.0))

    def height(sigma: Array, upper: NDArray[np.bool_]) -> Array:
        low, up = parts(sigma)
        return np.asarray(np.log(np.where(upper, up, low).sum(axis=0)) - target)

    last = end_of_branches(q, target, t, rest)
    sigma = np.concatenate([[TINY], np.geomspace(1e-8, last, _DEPTHS)])
    low, up = parts(sigma)
    heights = np.log(~choices @ low + choices @ up) - target
    which, left, right = _brackets(heights, sigma, lambda x, rows: height(x, choices[rows].T))
    upper = choices[which].T
    starts_below = height(left, upper) < 0
    for _ in range(60):
        middle = 0.5 * (left + right)
        same = (height(middle, upper) < 0) == starts_below
        left, right = np.where(same, middle, left), np.where(same, right, middle)
    v = q[:, None] * rest + t * np.where(upper, *parts(0.5 * (left + right))[::-1])
    return list((v / v.sum(axis=0)).T)


def end_of_branches(q: Array, target: float, t: Array, rest: Array) -> float:
    """Return sigma past which no branch of q, (n,), reaches the target, ln of its height."""
    # Nobody wins while the leader's e^-r is above the target; a winner's branch is above
    # q_0 e^(T sigma^2 / 2).
    far = depth_of(np.array(max(-target, 0.0) + 1.0), t, rest)
    room = max(target - float(np.log(q.max())), 0.0) / t
    return float(np.sqrt(2.0 * max(float(far), float(room))) + 1.0)


def _choices(n: int) -> NDArray[np.bool_]:
    return np.array(list(product((False, True), repeat=n)))


def _brackets(
    heights: Array, nodes: Array, height: Callable[[Array, NDArray[np.intp]], Array]
) -> tuple[NDArray[np.intp], Array, Array]:
    """Return the rows of ``heights``, on nodes, that change sign, and between which places.

    Between two nodes a row may turn round just behind 0: every extremum is found first.
    """
    below = heights < 0
    which, at = np.nonzero(below[:, :-1] != below[:, 1:])
    rows, left, right = [which], [nodes[at]], [nodes[at + 1]]
    inner, sign = heights[:, 1:-1], np.where(below[:, 1:-1], 1.0, -1.0)
    turns = (sign * inner >= sign * heights[:, :-2]) & (sign * inner >= sign * heights[:, 2:])
    turns &= (below[:, :-2] == below[:, 1:-1]) & (below[:, 2:] == below[:, 1:-1])
    which, at = np.nonzero(turns)
    if len(which):
        sign = sign[which, at]
        place = golden(lambda x: sign * height(x, which), nodes[at], nodes[at + 2])
        crosses = (height(place, which) < 0) != (sign > 0)
        which, at, place = which[crosses], at[crosses], place[crosses]
        rows += [which, which]
        left, right = [*left, nodes[at], place], [*right, place, nodes[at + 2]]
    return np.concatenate(rows), np.concatenate(left), np.concatenate(right)
