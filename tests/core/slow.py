"""Slow, obvious twins of the fast routines, and one closed form; shared by the tests."""

import numpy as np

from closedloop_core import apply_temperature


def iterate(q, temperature, a, start, limit=20_000):
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


def leading_eigenvalue(p, temperature, a):
    """Slow twin: largest eigenvalue of the dense Jacobian, made symmetric, over the support."""
    p = p[p > 0]
    e = apply_temperature(p / p.sum(), temperature)
    inner = (1 - a) / temperature * (np.diag(e) - np.outer(e, e))
    return np.linalg.eigvalsh(inner / np.sqrt(np.outer(p, p)))[-1]


def collapse_fraction(ratio, n, temperature):
    """Return a where one outcome stands ``ratio`` above the others (closed, theory.md 3.4)."""
    power = ratio ** (1 / temperature)
    return n * (power - ratio) / ((ratio + n - 1) * (power - 1))
