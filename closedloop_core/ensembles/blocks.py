"""A block of runs that are stepped together: the unit of work of an ensemble.

Runs are rows of an array. A block is determined by the settings, its number and how many runs it
has: its random numbers are made from (seed, block, generation), so that it does not matter which
thread or machine computes it, or when. Block 0 is that of a single run (`simulate`); ensembles
count from 1. Next: `ensemble`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from closedloop_core.ensembles.tables import GrowingCounts, Held, Table, Tables, look_up
from closedloop_core.loop.draws import draw_counts
from closedloop_core.loop.regimes import (
    Counts,
    generations,
    initial_counts,
    is_subsampled,
    last_of,
)
from closedloop_core.measures import Array
from closedloop_core.settings.params import LoopParams, dataset_sizes

# Copying the rest takes time: empty columns are dropped when they are a fifth of all, runs that one
# outcome has won when they are a tenth.
_IN_USE, _OVER = 0.8, 0.1
_AHEAD = 64  # generations whose random generators are made together
_Stream = Callable[[int], np.random.Generator]  # of a generation
_Model = tuple[Array, Held, Array, Table | None]  # shares, counts, a buffer, look-up table


@dataclass(frozen=True)
class Block:
    """What is kept of a block of runs.

    Attributes
    ----------
    final : (rows, n) float, what the last models have learned
    entropy : (generations + 1, rows) float, in nats, of what the models have learned
    distance : (generations + 1, rows) float, total variation of the same to the source
    diversity : (2, generations + 1) float, mean over rows of 1 - sum p^2, and the sum of squared
        deviations from it
    survivors : (generations + 1, rows) int16, how many outcomes are present
    first_extinction : (rows,) float, generations; inf where nothing was lost
    """

    final: Array
    entropy: Array
    distance: Array
    diversity: Array
    survivors: NDArray[np.int16]
    first_extinction: Array

    @classmethod
    def empty(cls, params: LoopParams, rows: int) -> "Block":
        """Return the record of ``rows`` runs that hold one outcome throughout.

        Which one it is (``final``) and how far that is from the source (``distance``) is left at 0.
        """
        curve = (params.generations + 1, rows)
        return cls(
            final=np.zeros((rows, params.initial.n)),
            entropy=np.zeros(curve),
            distance=np.zeros(curve),
            diversity=np.zeros((2, curve[0])),
            survivors=np.ones(curve, dtype=np.int16),
            first_extinction=np.full(rows, np.inf),
        )


class _Runs:
    """The runs of a block that can still change, and the record of all of them.

    Row r of ``data`` is the block's run ``rows[r]``. Column j is outcome j until empty columns
    are cleared away; from then on it is outcome ``labels[r, j]``.
    """

    def __init__(self, params: LoopParams, rows: int) -> None:
        whole = is_subsampled(params)
        self.data = Counts(_laid_out(np.tile(initial_counts(params, whole), (rows, 1))))
        self.rows = np.arange(rows)
        self.won_at, self.won_distance = np.full(rows, np.inf), np.zeros(rows)
        self.squares = np.ones((params.generations + 1, rows))  # sum p^2
        self.place: slice | NDArray[np.intp] = slice(None)  # the same, faster while all are left
        self.labels: NDArray[np.intp] | None = None
        self.source = self.q = params.source.probabilities()
        self.record = Block.empty(params, rows)
        self.original = params.initial.probabilities() > 0
        # Original outcomes present: all that are present, unless others come from outside.
        newcomers = np.any((self.source > 0) & ~self.original)
        self.kept = self.record.survivors.copy() if newcomers else self.record.survivors
        self.last = self.data.items  # shares that the last models have learned
        self.full, self.only_grows = False, params.regime == "accumulate"

    def count(self, t: int, learned: Array) -> None:
        """Record how many outcomes are present in generation ``t``."""
        survivors = self.record.survivors
        if self.full and self.only_grows:
            survivors[t], self.kept[t] = survivors[t - 1], self.kept[t - 1]
            return
        present = learned > 0
        counted = _count(present)
        survivors[t][self.place] = counted
        self.full = bool(counted.min() == learned.shape[1])
        if self.kept is not survivors:
            original = self.original if self.labels is None else self.original[self.labels]
            self.kept[t][self.place] = _count(present & original)

    def retire(self, t: int) -> None:
        """Drop runs that one outcome has won and clear empty columns: no outcome returns."""
        survivors = self.record.survivors[t][self.place]
        won = survivors == 1
        if np.count_nonzero(won) > _OVER * len(won):
            columns, rows = self.data.items[won].argmax(axis=1), self.rows[won]
            winners = columns if self.labels is None else self.labels[won, columns]
            self.record.final[rows, winners] = 1.0
            self.won_at[rows], self.won_distance[rows] = t, 1.0 - self.source[winners]
            self._keep(~won)
            survivors = survivors[~won]
        if survivors.max(initial=0) <= _IN_USE * self.data.items.shape[1]:
            self._clear(survivors.astype(np.intp))

    def _keep(self, left: NDArray[np.bool_]) -> None:
        self.place = self.rows = self.rows[left]
        self.data.items = _laid_out(self.data.items[left])
        if self.labels is not None:
            self.labels, self.q = self.labels[left], _laid_out(self.q[left])

    def _clear(self, survivors: NDArray[np.intp]) -> None:
        """Move what is present to the left; what then stands beyond it counts 0 of outcome 0."""
        row, column = np.nonzero(self.data.items)
        to = np.arange(len(row)) - np.repeat(np.cumsum(survivors) - survivors, survivors)
        shape = (len(survivors), int(survivors.max(initial=0)))
        counts = np.zeros(shape, dtype=self.data.items.dtype)
        labels = np.zeros(shape, dtype=np.intp)
        counts[row, to] = self.data.items[row, column]
        labels[row, to] = column if self.labels is None else self.labels[row, column]
        self.data.items, self.labels = _laid_out(counts), labels
        self.q = _laid_out(self.source[labels])

    def measure(self, t: int, p: Array, learned: Held, table: Table | None) -> Array:
        """Record the measures of generation ``t``; return a buffer: ln p, or 0 where p = 0.

        With a table, for whole counts ``learned``, the buffer holds nothing of use.
        """
        work = np.minimum(p, self.q)
        shared = work.sum(axis=1)
        squares = np.multiply(p, p, out=work).sum(axis=1)
        if table is not None:
            information = look_up(table.information, learned, work).sum(axis=1)
        else:
            np.log(p if self.full else np.add(p, p == 0, out=work), out=work)
            information = np.einsum("ij,ij->i", p, work)
        self._record(t, shared, squares, -information)
        return work

    def measure_growing(self, t: int, data: GrowingCounts, size: int) -> Array:
        """Record the sums that `from_sums` turns into measures; return a buffer for the image."""
        work = np.minimum(data.items, size * self.q, out=data.work)
        np.einsum("ij->i", work, out=self.record.distance[t])
        np.einsum("ij,ij->i", data.items, data.items, out=self.squares[t])
        np.einsum("ij->i", data.information, out=self.record.entropy[t])
        return work

    def from_sums(self, sizes: list[int]) -> None:
        """Turn sums over counts of datasets of these sizes into measures of their shares."""
        size, record = np.array(sizes, dtype=np.float64)[:, None], self.record
        record.distance[:] = np.maximum(1.0 - record.distance / size, 0.0)
        record.entropy[:] = np.maximum(np.log(size) - record.entropy / size, 0.0)
        self.squares /= size**2

    def _record(self, t: int, shared: Array, squares: Array, entropy: Array) -> None:
        """Record sum min(p, q), sum p^2 and the entropy."""
        record, place = self.record, self.place
        # 1 - sum min(p, q): columns that were cleared away would add nothing.
        record.distance[t][place] = np.maximum(1.0 - shared, 0.0)
        record.entropy[t][place] = np.maximum(entropy, 0.0)
        self.squares[t][place] = squares

    def image(
        self, p: Array, learned: Held, work: Array, table: Table | None, now: LoopParams
    ) -> Array:
        """Return F(p), made in ``work``, which `measure` returned; see `dynamics`."""
        a, image = now.external_fraction, p
        if now.temperature != 1:
            if table is not None:
                image = look_up(table.power, learned, work)
            else:
                # The largest entry is at least 1/n and 1/T at most 50: the sum is above 1e-200.
                work *= 1.0 / now.temperature
                image = np.exp(work, out=work)
                if not self.full:
                    image *= p > 0
            image *= ((1.0 - a) / image.sum(axis=1))[:, None]
        elif a > 0:
            image = p * (1.0 - a)
        if a > 0:
            image += a * self.q
        return image

    def image_growing(self, data: GrowingCounts, work: Array, now: LoopParams) -> Array:
        """Return F(p) of growing datasets, made in ``work``."""
        a = now.external_fraction
        if data.temperature != now.temperature:
            data.change_temperature(now.temperature)
        scale = (1.0 - a) / np.einsum("ij->i", data.power)
        image: Array = np.multiply(data.power, scale[:, None], out=work)
        if a > 0:
            image += a * self.q
        return image

    def finish(self, p: Array) -> Block:
        """Complete the record with the last states and the first losses."""
        final = p
        if self.labels is not None or len(p) < len(self.won_at):
            columns = np.arange(p.shape[1]) if self.labels is None else self.labels
            final = self.record.final
            np.add.at(final, (self.rows[:, None], columns), p)
        diversity = np.subtract(1.0, self.squares, out=self.squares)
        mean = diversity.mean(axis=1)
        diversity -= mean[:, None]
        self.record.diversity[:] = mean, np.einsum("tr,tr->t", diversity, diversity)
        if np.isfinite(self.won_at).any():
            later = np.arange(len(self.record.distance))[:, None] >= self.won_at
            np.copyto(self.record.distance, self.won_distance, where=later)
        lost = self.kept < np.count_nonzero(self.original)
        return replace(self.record, final=final, first_extinction=first_time(lost))


def first_time(happened: NDArray[np.bool_]) -> Array:
    """Return the first row in which each column is true: (times, m) bool to (m,) float.

    Infinity for a column in which none is.
    """
    return np.where(happened.any(axis=0), happened.argmax(axis=0), np.inf)


def run_block(params: LoopParams, block: int, rows: int) -> Block:
    """Run the loop ``rows`` times, independently; the arguments alone determine the numbers.

    Parameters
    ----------
    params : LoopParams
    block : int >= 1, the block's number, part of the key of its random numbers
    rows : int >= 1, runs

    Returns
    -------
    Block
    """
    runs, sizes = _Runs(params, rows), dataset_sizes(params)
    streams = _streams(params.seed, block, len(sizes))
    # One generator a generation: first it draws what is learned from, then the batch.
    stream = lru_cache(maxsize=1)(lambda t: next(streams))
    run = _run_growing if GrowingCounts.is_faster(params, sizes) else _run
    with np.errstate(under="ignore"):
        return runs.finish(run(runs, params, sizes, stream))


def _streams(seed: int, block: int, times: int) -> Iterator[np.random.Generator]:
    """Yield the random generator of each generation, made in groups: that is twice as fast."""
    for start in range(0, times, _AHEAD):
        ahead = range(start, min(start + _AHEAD, times))
        keys = [np.random.SeedSequence(seed, spawn_key=(block, t)) for t in ahead]
        yield from [np.random.default_rng(key) for key in keys]


def _run(runs: _Runs, params: LoopParams, sizes: list[int], stream: _Stream) -> Array:
    """Run all generations; return what the last models have learned."""
    replaced = params.regime == "replace"
    settings = [params.at(t) for t in range(len(sizes))]
    closed = _closed_from(settings) if replaced and params.noise else len(sizes)
    tables = Tables()

    def learn(t: int, data: Counts, items: int) -> _Model | None:
        learned, temperature = data.items, settings[t].temperature
        runs.count(t, learned)
        if t >= closed:
            runs.retire(t)
            learned = runs.data.items
        p = runs.last = learned / items
        if len(p) == 0:
            return None
        table = tables.find(learned, items, temperature)
        return p, learned, runs.measure(t, p, learned, table), table

    def write(t: int, model: _Model, items: int) -> Held:
        image = runs.image(*model, settings[t])
        batch = draw_counts(stream(t), items, image) if params.noise else items * image
        return _laid_out(batch) if replaced else batch

    last_of(generations(params, runs.data, learn, write, stream))
    return runs.last


def _run_growing(runs: _Runs, params: LoopParams, sizes: list[int], stream: _Stream) -> Array:
    """Run all generations of datasets to which few items are added at a time."""
    dataset = GrowingCounts(runs.data.items, params.at(0).temperature)

    def learn(t: int, data: GrowingCounts, items: int) -> Array:
        runs.count(t, data.items)
        return runs.measure_growing(t, data, items)

    def write(t: int, work: Array, items: int) -> Held:
        return draw_counts(stream(t), items, runs.image_growing(dataset, work, params.at(t)))

    last_of(generations(params, dataset, learn, write, stream))
    runs.from_sums(sizes)
    return np.asarray(dataset.items / sizes[-1])


def _closed_from(settings: list[LoopParams]) -> int:
    """Return the generation from which on there are no external data any more."""
    return max((t + 1 for t, now in enumerate(settings) if now.external_fraction > 0), default=0)


def _laid_out(rows: NDArray[Any]) -> NDArray[Any]:
    """Return an array whose longer axis is contiguous: short rows are slow to pass over."""
    return np.asfortranarray(rows) if len(rows) > rows.shape[1] else np.ascontiguousarray(rows)


def _count(present: NDArray[np.bool_]) -> NDArray[np.int16]:
    return np.asarray(np.add.reduce(present.view(np.int8), axis=1, dtype=np.int16))
