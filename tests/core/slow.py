"""Slow, obvious twins of the fast routines, and one closed form; shared by the tests."""

from typing import Any

import numpy as np

from closedloop_core import apply_temperature


def iterate(q: Any, temperature: Any, a: Any, start: Any, limit: Any = 20_000) -> Any:
    """Slow twin: repeat F on rows of settings; return the rows and which of them settled."""
    order, a = 1 / np.asarray(temperature)[:, None], np.asarray(a)[:, None]
    p = np.array(start, dtype=np.float64)
    for _ in range(limit):
        powers = (p / p.max(axis=1, keepdims=True)) ** order
        after = (1 - a) * powers / powers.sum(axis=1, keepdims=True) + a * q
        steps, p = np.abs(after - p).sum(axis=1), after
        if steps.max() < 1e-14:
            break
    return p, steps < 1e-14


def leading_eigenvalue(p: Any, temperature: Any, a: Any) -> Any:
    """Slow twin: largest eigenvalue of the dense Jacobian, made symmetric, over the support."""
    p = p[p > 0]
    e = apply_temperature(p / p.sum(), temperature)
    inner = (1 - a) / temperature * (np.diag(e) - np.outer(e, e))
    return np.linalg.eigvalsh(inner / np.sqrt(np.outer(p, p)))[-1]


def collapse_fraction(ratio: Any, n: Any, temperature: Any) -> Any:
    """Return a where one outcome is ``ratio`` times each other (docs/theory.md, section 3.4)."""
    power = ratio ** (1 / temperature)
    return n * (power - ratio) / ((ratio + n - 1) * (power - 1))


def count_rises(q: Any, temperature: Any, shares: Any, scan: Any = 6_001) -> Any:
    """Slow twin: count stable states, as rises of (1-a)/a along every winner's scanned branch.

    Every root y of y - b ln(1 + e^y) = ln kappa + (b-1) ln q_i by bisection, T < 1. Also returns
    the shares at the branches' scanned extrema, next to which a scan is blind.
    """
    b, present = 1 / temperature, q[q > 0]
    crest = -np.log(b - 1)
    top = crest - b * np.logaddexp(0, crest)
    depths = np.concatenate([[0.0], np.geomspace(1e-13, 60 * b, scan)])
    levels = top - depths - (b - 1) * np.log(present.max() / present)[:, None]

    def root(far: Any) -> Any:
        near, far = np.full(levels.shape, crest), np.full(levels.shape, far)
        for _ in range(90):
            y = 0.5 * (near + far)
            above = y - b * np.logaddexp(0, y) > levels
            near, far = np.where(above, y, near), np.where(above, far, y)
        return present[:, None] * np.exp(0.5 * (near + far))

    low, high = root(-2000.0 * b), root(600.0)
    none, leaders = low.sum(axis=0), np.flatnonzero(present == present.max())
    free = present.max() * np.exp(np.minimum((depths - top) / (b - 1), 600.0))
    branches = [none + high[i] - low[i] for i in range(len(present))]
    branches += [none + free] * np.count_nonzero(q == 0)
    if len(leaders) == 1:  # it passes its crest smoothly
        branches[leaders[0]] = np.concatenate([none[::-1], branches[leaders[0]]])
    else:
        branches.append(none[::-1])
    rises = [(x[:-1, None] < 1 / shares - 1) & (x[1:, None] >= 1 / shares - 1) for x in branches]
    turns = [x[1:-1][(x[1:-1] < x[:-2]) != (x[2:] < x[1:-1])] for x in branches]
    return np.sum([r.sum(axis=0) for r in rises], axis=0), 1 / (1 + np.concatenate(turns))


def flow(q: Any, temperature: Any, a: Any, start: Any, until: Any, length: Any = 0.02) -> Any:
    """Slow twin: follow dp/ds = F(p) - p from rows of starts for a time, by Runge and Kutta."""

    def slope(p: Any) -> Any:
        powers = (p / p.max(axis=1, keepdims=True)) ** (1 / temperature)
        return (1 - a) * powers / powers.sum(axis=1, keepdims=True) + a * q - p

    p, steps = np.array(start, dtype=np.float64), int(np.ceil(until / length))
    h = until / steps
    for _ in range(steps):
        one = slope(p)
        two = slope(np.maximum(p + h / 2 * one, 0))
        three = slope(np.maximum(p + h / 2 * two, 0))
        four = slope(np.maximum(p + h * three, 0))
        p = np.maximum(p + h / 6 * (one + 2 * two + 2 * three + four), 0)
    return p
