"""Truncated sampling: top-k, top-p (nucleus) and min-p, in this order, after the temperature.

At T = 1 they are collapses of their own (docs/theory.md, section 6). Among equal words the one of
the lowest number stays. Next: `model`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.measures import Array
from closedloop_core.settings.limits import Limit, checked

TRUNCATION_LIMITS = {
    "top_k": Limit(1, 10_000, whole=True),
    "top_p": Limit(1e-6, 1.0, whole=False),
    "min_p": Limit(0.0, 1.0, whole=False),
}
_SLACK = 1e-12  # of sums that are rounded: a set that holds exactly p is large enough


@dataclass(frozen=True)
class Truncation:
    """Which of the next words may be said.

    Parameters
    ----------
    top_k : int in [1, 10,000] or None, the k favourites (Fan, Lewis and Dauphin 2018)
    top_p : float in [0.000001, 1] or None, the smallest set of favourites that holds at least p
        (Holtzman et al. 2020)
    min_p : float in [0, 1] or None, those at least ``min_p`` times as likely as the favourite
        (Nguyen et al. 2024)

    Raises
    ------
    ValueError
        Naming the field, the rule and the value (a `ParameterError`).
    """

    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None

    def __post_init__(self) -> None:
        for name, limit in TRUNCATION_LIMITS.items():
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, checked(name, value, limit))

    @property
    def is_off(self) -> bool:
        """Whether every word may be said."""
        return self.top_k is None and self.top_p is None and self.min_p is None

    def of_rows(self, p: Array) -> Array:
        """Truncate laws, (rows, n) float, and return them as laws again."""
        if self.is_off:
            return p
        kept = p
        if self.top_k is not None or self.top_p is not None:
            ordered = np.sort(p, axis=1)[:, ::-1]
            reach = np.cumsum(ordered, axis=1)
            many = np.full(len(p), min(self.top_k or p.shape[1], p.shape[1]))
            if self.top_p is not None:
                whole = np.take_along_axis(reach, many[:, None] - 1, axis=1)
                enough = reach >= (self.top_p - _SLACK) * whole
                many = np.minimum(many, enough.argmax(axis=1) + 1)
            kept = _favourites(p, np.take_along_axis(ordered, many[:, None] - 1, axis=1), many)
        if self.min_p is not None:
            least = self.min_p * p.max(axis=1, keepdims=True)
            kept = np.where(p >= least * (1 - _SLACK), kept, 0.0)
        return np.asarray(kept / kept.sum(axis=1, keepdims=True))

    def of_groups(self, p: Array, row: NDArray[np.intp], edges: NDArray[np.intp]) -> Array:
        """Truncate laws that stand one after another, (m,) float; return them as laws again.

        ``row`` is (m,) int, the number of each entry's law; ``edges`` where each begins, and the
        end.
        """
        if self.is_off:
            return p
        order = np.lexsort((-p, row))
        ordered = p[order]
        sums = np.cumsum(ordered)
        before = sums - ordered  # of all entries that come first
        before -= before[edges[:-1]][row]
        rank = np.arange(len(p)) - edges[:-1][row]
        kept = np.ones(len(p), dtype=np.bool_)
        if self.top_k is not None:
            kept = rank < self.top_k
        if self.top_p is not None:
            whole = np.add.reduceat(np.where(kept, ordered, 0.0), edges[:-1])[row]
            kept &= before < (self.top_p - _SLACK) * whole
        if self.min_p is not None:
            kept &= ordered >= self.min_p * (1 - _SLACK) * ordered[edges[:-1]][row]
        found = np.zeros_like(p)
        found[order[kept]] = ordered[kept]
        return np.asarray(found / np.add.reduceat(found, edges[:-1])[row])


def _favourites(p: Array, least: Array, many: NDArray[np.intp]) -> Array:
    """Return p where it is among the ``many`` largest of its row, the last being ``least``."""
    kept = p >= least
    # Of those equal to the last only as many as there is room for.
    for row in np.flatnonzero(np.count_nonzero(kept, axis=1) > many):
        equal = np.flatnonzero(p[row] == least[row])
        surplus = np.count_nonzero(kept[row]) - many[row]
        kept[row, equal[len(equal) - surplus :]] = False
    return p * kept
