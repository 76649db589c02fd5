"""Many contexts settled at once, each at its own external share (ours).

Every context is a loop of the playground: its fixed points and their stability are known. Here F
is iterated for all of them together, and polished by Newton's method where the iteration has come
near a fixed point that it cannot leave. Next: `settled_text`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.learners.levels import Level
from closedloop_core.measures import Array

_STEPS, _BATCH, _NEAR, _EXACT = 40_000, 25, 0.02, 1e-13


def settle_rows(level: Level, q: Array, temperature: float, shares: Array, start: Array) -> Array:
    """Return where each context's next words settle at its own external share, ties kept.

    Parameters
    ----------
    level : Level, of h contexts with m listed words
    q : (m,) float > 0, the external next words of every context
    temperature : float
    shares : (h,) float in (0, 1], a_h
    start : (m,) float > 0, where the loops start, in the order of q in every context

    Returns
    -------
    (m,) float, as `equilibrium` of every context
    """
    p = start.copy()
    # What is even stays even.
    highest = np.maximum.reduceat(q, level.edges[:-1])
    lowest = np.minimum.reduceat(q, level.edges[:-1])
    is_even = lowest == highest
    p[is_even[level.row]] = q[is_even[level.row]]
    left = np.flatnonzero(~is_even)
    for _ in range(0, _STEPS, _BATCH):
        if not len(left):
            break
        rows = _Rows.of(level, left, q, shares, temperature)
        now = last = p[rows.entries]
        for _ in range(_BATCH):
            now, last = rows.image(now), now
        polished, is_right = rows.polish(now)
        p[rows.entries] = np.where(is_right[rows.row], polished, now)
        left = left[~is_right & (rows.sums(np.abs(now - last)) > _EXACT)]
    return p


@dataclass(frozen=True)
class _Rows:
    """Some contexts: their words stand one after another, from ``begins`` on."""

    entries: NDArray[np.intp]
    row: NDArray[np.intp]
    begins: NDArray[np.intp]
    q: Array
    a: Array  # of each word's context
    b: float

    @classmethod
    def of(
        cls, level: Level, rows: NDArray[np.intp], q: Array, shares: Array, temperature: float
    ) -> "_Rows":
        sizes = np.diff(level.edges)[rows]
        begins = np.cumsum(sizes) - sizes
        row = np.repeat(np.arange(len(rows)), sizes)
        entries = np.arange(len(row)) + (level.edges[rows] - begins)[row]
        return cls(entries, row, begins, q[entries], shares[rows][row], 1.0 / temperature)

    def sums(self, values: Array) -> Array:
        return np.add.reduceat(values, self.begins)

    def tempered(self, p: Array) -> Array:
        with np.errstate(under="ignore", divide="ignore"):  # ln 0: it stays 0
            largest = np.maximum.reduceat(p, self.begins)[self.row]
            weight = np.exp(self.b * np.log(p / largest))
        return np.asarray(weight / self.sums(weight)[self.row])

    def image(self, p: Array) -> Array:
        return np.asarray((1 - self.a) * self.tempered(p) + self.a * self.q)

    def polish(self, p: Array) -> tuple[Array, NDArray[np.bool_]]:
        """Return fixed points near ``p`` by Newton's method, and in which contexts they are right.

        They are where the change was small and the loop stays, but for ties at the top.
        """
        found = p
        with np.errstate(all="ignore"):
            for _ in range(8):
                e = self.tempered(found)
                residual = (1 - self.a) * e + self.a * self.q - found
                d = (1 - self.a) * self.b * e / found
                # (I - J) x = residual with J = diag(d) - e d^T: diagonal and one rank.
                plain, along = residual / (1 - d), e / (1 - d)
                pull = self.sums(d * plain) / (1 + self.sums(d * along))
                found = found + plain - along * pull[self.row]
            moved = self.sums(np.abs(found - p))
            missed = self.sums(np.abs(self.image(found) - found))
            is_right = (moved < _NEAR) & (missed < _EXACT) & self._stays(found)
        return found, is_right

    def _stays(self, p: Array) -> NDArray[np.bool_]:
        """Say which fixed points are stable once ties at the top are taken for one word.

        Stable are those with no d_i >= 1, or exactly one (here: the favourites alone) and
        sum e_i / (d_i - 1) > 0 (docs/theory.md, section 3.2).
        """
        e = self.tempered(p)
        d = (1 - self.a) * self.b * e / p
        is_top = self.q == np.maximum.reduceat(self.q, self.begins)[self.row]
        others = self.sums(((d >= 1) & ~is_top).astype(np.float64)) == 0
        top = self.sums(((d >= 1) & is_top).astype(np.float64)) == 0
        return np.asarray(others & (top | (self.sums(e / (d - 1)) > 0)))
