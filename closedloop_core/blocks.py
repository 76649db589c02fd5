"""A block of runs, stepped together: the unit of work of an ensemble.

Runs are rows. All a block needs are the settings, its number and its rows: it draws from
streams keyed by (seed, block, generation), so that who computes it, and when, changes nothing.
A single run owns block 0 (`simulate`); ensembles count from 1. Next: `ensemble`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from closedloop_core.books import Books, Held, Table, Tables, look_up
from closedloop_core.draws import draw_counts, draw_subsamples
from closedloop_core.measures import Array
from closedloop_core.params import LoopParams, dataset_sizes
from closedloop_core.simulate import _initial_counts

# Copying what is left has its price: columns go when a fifth is empty, runs when a tenth is over.
_IN_USE, _OVER = 0.8, 0.1
_AHEAD = 64  # generations whose random streams are made together
_Streams = Iterator[np.random.Generator]  # one of each generation


@dataclass(frozen=True)
class Block:
    """What a block of runs leaves behind.

    Attributes
    ----------
    final : (rows, n) float, what the last models have learned
    entropy, distance : (generations + 1, rows) float
    diversity : (2, generations + 1) float, mean over rows of 1 - sum p^2, and the sum of squared
        deviations from it
    survivors : (generations + 1, rows) int16
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
        """Return the record of runs that one outcome has won, but for who and how far from q."""
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
    """The runs of a block that can still change, and the record of all.

    Row r of ``counts`` is the block's run ``rows[r]``. Column j is outcome j until empty columns
    are cleared away; from then on it is outcome ``labels[r, j]``.
    """

    def __init__(self, params: LoopParams, rows: int) -> None:
        whole = params.noise and params.regime == "subsample"
        self.counts: Held = _laid_out(np.tile(_initial_counts(params, whole), (rows, 1)))
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
            columns, rows = self.counts[won].argmax(axis=1), self.rows[won]
            winners = columns if self.labels is None else self.labels[won, columns]
            self.record.final[rows, winners] = 1.0
            self.won_at[rows], self.won_distance[rows] = t, 1.0 - self.source[winners]
            self._keep(~won)
            survivors = survivors[~won]
        if survivors.max(initial=0) <= _IN_USE * self.counts.shape[1]:
            self._clear(survivors.astype(np.intp))

    def _keep(self, left: NDArray[np.bool_]) -> None:
        self.place = self.rows = self.rows[left]
        self.counts = _laid_out(self.counts[left])
        if self.labels is not None:
            self.labels, self.q = self.labels[left], _laid_out(self.q[left])

    def _clear(self, survivors: NDArray[np.intp]) -> None:
        """Move what is present to the left; what then stands beyond it counts 0 of outcome 0."""
        row, column = np.nonzero(self.counts)
        to = np.arange(len(row)) - np.repeat(np.cumsum(survivors) - survivors, survivors)
        shape = (len(survivors), int(survivors.max(initial=0)))
        counts = np.zeros(shape, dtype=self.counts.dtype)
        labels = np.zeros(shape, dtype=np.intp)
        counts[row, to] = self.counts[row, column]
        labels[row, to] = column if self.labels is None else self.labels[row, column]
        self.counts, self.labels = _laid_out(counts), labels
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

    def measure_books(self, t: int, books: Books) -> Array:
        """Record the sums that `close_books` turns into measures; return a buffer for the image."""
        work = np.minimum(books.counts, books.size * self.q, out=books.work)
        np.einsum("ij->i", work, out=self.record.distance[t])
        np.einsum("ij,ij->i", books.counts, books.counts, out=self.squares[t])
        np.einsum("ij->i", books.information, out=self.record.entropy[t])
        return work

    def close_books(self, sizes: list[int]) -> None:
        """Turn sums over counts of datasets of these sizes into measures of their shares."""
        size, record = np.array(sizes, dtype=np.float64)[:, None], self.record
        record.distance[:] = np.maximum(1.0 - record.distance / size, 0.0)
        record.entropy[:] = np.maximum(np.log(size) - record.entropy / size, 0.0)
        self.squares /= size**2

    def _record(self, t: int, shared: Array, squares: Array, entropy: Array) -> None:
        """Record sum min(p, q), sum p^2 and the entropy."""
        record, place = self.record, self.place
        # All that p and q do not share: cleared columns need not be seen.
        record.distance[t][place] = np.maximum(1.0 - shared, 0.0)
        record.entropy[t][place] = np.maximum(entropy, 0.0)
        self.squares[t][place] = squares

    def image(
        self, p: Array, learned: Held, work: Array, now: LoopParams, table: Table | None
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

    def image_books(self, books: Books, work: Array, now: LoopParams) -> Array:
        """Return F(p) of the books, made in ``work``."""
        a = now.external_fraction
        if books.temperature != now.temperature:
            books.turn(now.temperature)
        scale = (1.0 - a) / np.einsum("ij->i", books.power)
        image: Array = np.multiply(books.power, scale[:, None], out=work)
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
    """Return the first row in which each column is true; inf where none is: (times, m) -> (m,)."""
    return np.where(happened.any(axis=0), happened.argmax(axis=0), np.inf)


def run_block(params: LoopParams, block: int, rows: int) -> Block:
    """Run the loop ``rows`` times, independently; the arguments alone determine the numbers.

    Parameters
    ----------
    params : LoopParams
    block : int >= 1, the run block of the random streams
    rows : int >= 1

    Returns
    -------
    Block
    """
    runs, sizes = _Runs(params, rows), dataset_sizes(params)
    settings = [params.at(t) for t in range(len(sizes))]

    streams = _streams(params.seed, block, len(sizes))
    run = _run_by_the_books if Books.pay(params, sizes) else _run
    with np.errstate(under="ignore"):
        return runs.finish(run(runs, params, sizes, settings, streams))


def _streams(seed: int, block: int, times: int) -> _Streams:
    """Make the random streams of the generations, some at a time: that is twice as fast."""
    for start in range(0, times, _AHEAD):
        ahead = range(start, min(start + _AHEAD, times))
        keys = [np.random.SeedSequence(seed, spawn_key=(block, t)) for t in ahead]
        yield from [np.random.default_rng(key) for key in keys]


def _run(
    runs: _Runs, params: LoopParams, sizes: list[int], settings: list[LoopParams], streams: _Streams
) -> Array:
    """Run all generations; return what the last models have learned."""
    replaced, subsampled = params.regime == "replace", params.regime == "subsample"
    closed = _closed_from(settings) if replaced and params.noise else len(sizes)
    tables = Tables()
    for t, (size, now) in enumerate(zip(sizes, settings, strict=True)):
        learned, items = runs.counts, size
        if params.noise:
            rng = next(streams)
        if subsampled and params.noise:
            items = min(now.subsample_size, size)
            learned = draw_subsamples(rng, runs.counts, size, items)
        runs.count(t, learned)
        if t >= closed:
            runs.retire(t)
            learned = runs.counts
        p = learned / items
        if len(p) == 0:
            break
        table = tables.find(learned, items, now.temperature)
        work = runs.measure(t, p, learned, table)
        if t == params.generations:
            break
        image = runs.image(p, learned, work, now, table)
        added = sizes[t + 1] - (0 if replaced else size)
        batch = draw_counts(rng, added, image) if params.noise else added * image
        if replaced:
            runs.counts = _laid_out(batch)
        else:
            runs.counts += batch
    return p


def _run_by_the_books(
    runs: _Runs, params: LoopParams, sizes: list[int], settings: list[LoopParams], streams: _Streams
) -> Array:
    """Run all generations of datasets to which few items are added at a time."""
    books = Books(runs.counts, sizes[0], settings[0].temperature)
    runs.counts = books.counts
    for t, (size, now) in enumerate(zip(sizes, settings, strict=True)):
        runs.count(t, books.counts)
        work = runs.measure_books(t, books)
        if t == params.generations:
            break
        image = runs.image_books(books, work, now)
        added = sizes[t + 1] - size
        books.add(draw_counts(next(streams), added, image), added)
    runs.close_books(sizes)
    return np.asarray(books.counts / books.size)


def _closed_from(settings: list[LoopParams]) -> int:
    """Return the generation from which nothing comes from outside any more."""
    return max((t + 1 for t, now in enumerate(settings) if now.external_fraction > 0), default=0)


def _laid_out(rows: NDArray[Any]) -> NDArray[Any]:
    """Return an array whose longer axis is contiguous: short rows are slow to pass over."""
    return np.asfortranarray(rows) if len(rows) > rows.shape[1] else np.ascontiguousarray(rows)


def _count(present: NDArray[np.bool_]) -> NDArray[np.int16]:
    return np.asarray(np.add.reduce(present.view(np.int8), axis=1, dtype=np.int16))
