"""How often a long text without smoothing comes to each context, exactly.

A walk over contexts may have contexts that it never comes back to, and cycles that it all but
never leaves: below temperature 1 it gets both. Solved by elimination without a subtraction
(Grassmann, Taksar and Heyman 1985), which keeps even the smallest shares right, in the order of
fewest connections first. Next: `mean_field`.
"""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.learners.products import squares
from closedloop_core.measures import Array

# A text is taken up anew, at a context of the dataset, once in so many words: what is reached from
# the dataset decides where a walk cannot go from everywhere to everywhere.
_RESTARTS = 1e-30
_DENSE = 500  # contexts that are eliminated at last, in one dense table
_SOLVED = 8_000  # contexts at most: beyond, elimination fills the tables
_SMALL = 100  # contexts that are solved at once
_LEAP, _QUICK, _ROUNDS, _SETTLED = 20, 200, 3_000, 1e-13


@dataclass(frozen=True)
class Arcs:
    """A walk over contexts: arc i leads from context ``row[i]`` to ``goes[i]``; -1: a dead end.

    Both are (arcs,) int.
    """

    row: NDArray[np.intp]
    goes: NDArray[np.intp]
    contexts: int


def stationary(arcs: Arcs, p: Array, start: Array) -> Array:
    """Return how often a long text is in each context, started in contexts drawn from ``start``.

    Parameters
    ----------
    arcs : Arcs
    p : (arcs,) float >= 0, probability of each arc; those of a context sum to 1, or to 0: a dead
        end
    start : (contexts,) float, sums to 1; a dead end leads to a context drawn from it

    Returns
    -------
    (contexts,) float, sums to 1

    Notes
    -----
    Up to 100 contexts it is solved, beyond stepped until a step changes less than 1e-13. What does
    not settle so in 200 steps is solved, but for more than 8,000 contexts: there it goes on for up
    to 3,000 steps.
    """
    if arcs.contexts > _SMALL:
        rounds = _QUICK if arcs.contexts <= _SOLVED else _ROUNDS
        mass, is_settled = _steps(arcs, p, start, rounds)
        if is_settled or arcs.contexts > _SOLVED:
            return mass
    return _solve(arcs, p, start)


def _steps(arcs: Arcs, p: Array, start: Array, rounds: int) -> tuple[Array, bool]:
    """Step by halves, so that no cycle keeps the walk from settling; leap every twenty steps."""
    inside = arcs.goes >= 0
    row, goes, share = arcs.row[inside], arcs.goes[inside], p[inside]
    mass = start
    points, changes = (np.empty((_LEAP, arcs.contexts)) for _ in range(2))
    for done in range(rounds):
        after = np.bincount(goes, weights=mass[row] * share, minlength=arcs.contexts)
        after += (1.0 - after.sum()) * start
        change = changes[done % _LEAP] = after - mass
        if np.abs(change).sum() < _SETTLED:
            return mass / mass.sum(), True
        mass = points[done % _LEAP] = 0.5 * (mass + after)
        if done % _LEAP == _LEAP - 1:
            mass = _leap(points, changes)
    return mass / mass.sum(), False


def _leap(points: Array, changes: Array) -> Array:
    """Return the mix of points at which the steps would change least (Anderson 1965)."""
    gram = squares(changes.T)
    gram += 1e-14 * np.trace(gram) * np.eye(_LEAP) / _LEAP
    mix = np.linalg.solve(gram, np.ones(_LEAP))
    found = np.maximum(np.einsum("i,ij->j", mix, points) / mix.sum(), 0.0)
    return np.asarray(found / found.sum())


def _solve(arcs: Arcs, p: Array, start: Array) -> Array:
    """Eliminate contexts one by one; node 0 takes texts up anew and stays to the last."""
    out = _connections(arcs, p, start)
    into: list[set[int]] = [set() for _ in out]
    for node, leads in enumerate(out):
        for other in leads:
            into[other].add(node)
    left = set(range(1, len(out)))
    queue = [(len(into[node]) * len(out[node]), node) for node in left]
    heapq.heapify(queue)
    order = []
    while len(left) > _DENSE:
        cost, node = heapq.heappop(queue)
        if node not in left:
            continue
        now = len(into[node]) * len(out[node])
        if now > cost:
            heapq.heappush(queue, (now, node))
            continue
        left.discard(node)
        order.append((node, _eliminate(node, out, into)))
    mass = np.zeros(len(out))
    core = [0, *sorted(left)]
    mass[core] = _solve_dense(core, out)
    for node, shares in reversed(order):
        mass[node] = sum(mass[other] * share for other, share in shares)
    return np.asarray(mass[1:] / mass[1:].sum())


def _connections(arcs: Arcs, p: Array, start: Array) -> list[dict[int, float]]:
    """Return where each node leads; node 0 takes texts up anew, node 1 + h is context h."""
    out: list[dict[int, float]] = [{} for _ in range(arcs.contexts + 1)]
    reached = start > 0
    out[0] = dict(zip((np.flatnonzero(reached) + 1).tolist(), start[reached].tolist(), strict=True))
    for node in range(1, len(out)):
        out[node][0] = _RESTARTS
    used = p > 0
    triples = zip(arcs.row[used].tolist(), arcs.goes[used].tolist(), p[used].tolist(), strict=True)
    for row, goes, share in triples:
        if row != goes:  # staying changes nothing of the proportions in which others are left for
            leads = out[row + 1]
            leads[goes + 1] = leads.get(goes + 1, 0.0) + share
    # A context that nothing follows at all is a dead end too.
    for row in np.flatnonzero(np.bincount(arcs.row, weights=p, minlength=arcs.contexts) == 0):
        out[row + 1][0] = 1.0
    return out


def _eliminate(
    node: int, out: list[dict[int, float]], into: list[set[int]]
) -> list[tuple[int, float]]:
    """Lead past a node; return the nodes that led to it and how often it was entered from them."""
    leads = out[node]
    total = sum(leads.values())
    entered = [(other, out[other].pop(node) / total) for other in into[node]]
    for other in leads:
        into[other].discard(node)
    for other, share in entered:
        its = out[other]
        for target, p in leads.items():
            if target != other:
                if target not in its:
                    into[target].add(other)
                    its[target] = 0.0
                its[target] += share * p
    return entered


def _solve_dense(core: list[int], out: list[dict[int, float]]) -> Array:
    place = {node: at for at, node in enumerate(core)}
    rates = np.zeros((len(core), len(core)))
    for node in core:
        for other, p in out[node].items():
            rates[place[node], place[other]] = p
    for last in range(len(core) - 1, 0, -1):
        rates[:last, last] /= rates[last, :last].sum()
        rates[:last, :last] += np.outer(rates[:last, last], rates[last, :last])
    mass = np.zeros(len(core))
    mass[0] = 1.0
    for at in range(1, len(core)):
        mass[at] = mass[:at] @ rates[:at, at]
    return mass
