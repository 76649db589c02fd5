"""What each count of a dataset becomes: looked up or kept, rather than computed at every step.

Entropies need c ln c and the temperature map c^(1/T) of every count c. Where counts are whole
numbers up to some thousands, a table holds both. Where few items are added to a dataset at a time,
both are kept from one generation to the next and renewed only there. Next: `blocks`.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from closedloop_core.loop.regimes import Counts
from closedloop_core.measures import Array
from closedloop_core.settings.params import LoopParams

Held = NDArray[Any]  # counts: whole numbers where every batch is the whole dataset, else float
_LOOKED_UP = 20_000  # items for which a table is made; a larger one would not fit the cache
_LARGEST_LOG = 600.0  # ln of a count's power: sums of ten thousand such powers are finite


@dataclass(frozen=True)
class Table:
    """Functions of every share that an outcome can have among a number of items.

    Attributes
    ----------
    information : (items + 1,) float, p ln p of the shares p = 0, 1/items, ..., 1; 0 at 0
    power : (items + 1,) float, p^(1/T) of the same shares
    """

    information: Array
    power: Array

    @classmethod
    def of(cls, items: int, temperature: float) -> "Table":
        """Return the table for models that learn from so many items."""
        shares = np.arange(items + 1) / items
        logs = np.log(np.maximum(shares, 1.0 / items))
        power = np.exp(logs / temperature)
        power[0] = 0.0
        return cls(shares * logs, power)


class Tables:
    """The last table made, kept because most runs use the same one in every generation."""

    def __init__(self) -> None:
        self.key: tuple[int, float] | None = None

    def find(self, learned: Held, items: int, temperature: float) -> Table | None:
        """Return the table for counts, or None if they are not whole or the items too many.

        Parameters
        ----------
        learned : (rows, n) float or int, the counts that models learn from
        items : int >= 1, their sum in each row
        temperature : float > 0

        Returns
        -------
        Table or None
        """
        if learned.dtype.kind != "i" or items > _LOOKED_UP:
            return None
        if self.key != (items, temperature):
            self.key, self.table = (items, temperature), Table.of(items, temperature)
        return self.table


def look_up(values: Array, counts: Held, out: Array) -> Array:
    """Return ``values[counts]``, written into ``out``.

    Parameters
    ----------
    values : (k,) float, a column of a `Table`
    counts : (rows, n) int in [0, k)
    out : (rows, n) float, with the same layout in memory as ``counts``

    Returns
    -------
    (rows, n) float, ``out``
    """
    np.take(values, counts.ravel(order="K"), out=out.ravel(order="K"), mode="clip")
    return out


class GrowingCounts(Counts):
    """Counts c of growing datasets with c ln c and c^(1/T), renewed only where items are added.

    For datasets that nothing but `join` changes.

    Parameters
    ----------
    counts : (rows, n) float, all rows alike
    temperature : float > 0

    Attributes
    ----------
    items : (rows, n) float, the counts
    information : (rows, n) float, c ln c; 0 at 0
    power : (rows, n) float, c^(1/T); 0 at 0, and ``items`` itself at T = 1
    temperature : float, that of ``power``
    work : (rows, n) float, memory to compute in
    """

    def __init__(self, counts: Array, temperature: float) -> None:
        super().__init__(np.ascontiguousarray(counts))
        self.work = np.empty_like(self.items)
        first = self.items[:1]  # all rows are alike at the start
        self.information = np.repeat(first * _logs(first), len(counts), axis=0)
        self.temperature, self.power = temperature, self.items
        if temperature != 1:
            self.power = np.repeat(_powers(first, temperature), len(counts), axis=0)

    @staticmethod
    def is_faster(params: LoopParams, sizes: list[int]) -> bool:
        """Say whether no more items than outcomes come at a time, and no power overflows."""
        coldest = min(now.temperature for _, now in params.segments)
        most = max((new - old for old, new in pairwise(sizes)), default=0)
        is_sparse = params.noise and params.regime == "accumulate" and most <= params.initial.n
        return is_sparse and np.log(sizes[-1]) / coldest < _LARGEST_LOG

    def change_temperature(self, temperature: float) -> None:
        """Compute ``power`` for another temperature, which is > 0."""
        self.temperature = temperature
        self.power = self.items if temperature == 1 else _powers(self.items, temperature)

    def join(self, batch: Held) -> None:
        """Add a batch, (rows, n) of whole numbers, in place."""
        at = np.flatnonzero(batch > 0)
        self.items += batch
        fresh = self.items.ravel().take(at)
        logs = np.log(fresh)
        self.information.ravel()[at] = fresh * logs
        if self.temperature != 1:
            logs *= 1.0 / self.temperature
            self.power.ravel()[at] = np.exp(logs, out=logs)


def _logs(counts: Array) -> Array:
    """Return ln c, or 0 where c is 0."""
    return np.asarray(np.log(np.where(counts > 0, counts, 1.0)))


def _powers(counts: Array, temperature: float) -> Array:
    """Return c^(1/T), 0 where c is 0."""
    return np.asarray(np.where(counts > 0, np.exp(_logs(counts) / temperature), 0.0))
