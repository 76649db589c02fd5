"""Many runs of one loop: what they have in common, and how far chance spreads them.

Runs are computed in blocks of a fixed size, by any `concurrent.futures.Executor`: threads by
default, processes, or a Dask cluster through ``Client.get_executor()``. The numbers do not depend
on the executor. Next: `grid`.
"""

import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from closedloop_core.checks import of_kind, one_number, short_number
from closedloop_core.ensembles.blocks import Block, first_time, run_block
from closedloop_core.measures import Array
from closedloop_core.quoting import quoted
from closedloop_core.settings.params import LoopParams

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
# Elements of a block at most: so many that threads seldom wait for each other.
_BLOCK = 100_000
MAX_NUMBERS = 200_000_000  # in what an ensemble remembers: 1.6 GB
_SMALL = 25_000  # elements of an ensemble that one thread computes as fast as several


@dataclass(frozen=True)
class Ensemble:
    """Many runs of one loop. Arrays are read-only; generations run from 0 to the last.

    What is measured is what each model has learned: the dataset, except under ``subsample``.

    Attributes
    ----------
    params : LoopParams
    runs : int
    levels : (levels,) float, the shares of runs of the quantiles: 0.05, 0.25, 0.5, 0.75, 0.95
    entropy : (levels, generations + 1) float, quantiles over runs, in nats
    effective : (levels, generations + 1) float, of the effective number of outcomes exp(entropy)
    distance : (levels, generations + 1) float, of the total variation distance to the source
    survivors : (levels, generations + 1) float, of the number of outcomes present
    diversity_mean, diversity_error : (generations + 1,) float, mean over runs of 1 - sum p^2 and
        its standard error
    final : (runs, n) float, the state of each run after the last generation
    winner : (runs,) int, its most frequent outcome, the first of several
    first_extinction : (runs,) float, the generation in which the first of the original outcomes
        was lost; inf if none was
    effective_runs : (runs, generations + 1) float, each run's effective number of outcomes
    survivors_runs : (runs, generations + 1) int16, each run's number of outcomes present

    Notes
    -----
    Quantiles are those of all runs, interpolated linearly between neighbours (NumPy's default).
    Memory is O(runs (n + generations)).
    """

    params: LoopParams
    runs: int
    levels: Array
    entropy: Array
    effective: Array
    distance: Array
    survivors: Array
    diversity_mean: Array
    diversity_error: Array
    final: Array
    winner: NDArray[np.intp]
    first_extinction: Array
    effective_runs: Array
    survivors_runs: NDArray[np.int16]

    def time_to(self, survivors: int) -> Array:
        """Return the first generation with at most so many outcomes left, for each run.

        Parameters
        ----------
        survivors : int >= 1

        Returns
        -------
        (runs,) float, generations; inf where the run ends before

        Raises
        ------
        ValueError
            If ``survivors`` is not a whole number from 1 on.
        """
        one_number("survivors", survivors, 1, 10**9, whole=True)
        return first_time((self.survivors_runs <= survivors).T)


def simulate_ensemble(
    params: LoopParams,
    runs: int,
    executor: Executor | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Ensemble:
    """Run the loop that ``params`` describes many times, independently.

    Parameters
    ----------
    params : LoopParams
    runs : int >= 2; runs x (outcomes + 4 x generations) at most 200 million, 1.6 GB
    executor : concurrent.futures.Executor or None
        What computes the blocks of runs; None: one thread per processor. It is not shut down.
    progress : callable or None
        Called as ``progress(runs done, runs)`` in the caller's thread after every block. If it
        raises, blocks that have not begun are cancelled and the exception goes through.

    Returns
    -------
    Ensemble
        The same for the same parameters and runs, whatever the executor. The runs are not those
        of `simulate`: they have streams of their own.

    Raises
    ------
    ValueError
        If ``runs`` is not a whole number from 2 on, or too large.
    TypeError
        If ``params`` is not a LoopParams, or ``executor`` or ``progress`` cannot be one.
    RuntimeError
        If a process pool breaks; the sentence says how many runs were done.

    Notes
    -----
    Without noise all runs are the mean field: it is computed once, and an outcome counts as lost
    when its probability underflows.

    Examples
    --------
    >>> from closedloop_core import Law, LoopParams, simulate_ensemble
    >>> params = LoopParams(initial=Law.uniform(2), sample_size=10, generations=3)
    >>> simulate_ensemble(params, runs=4).final.shape
    (4, 2)
    """
    of_kind("params", params, LoopParams, "a LoopParams")
    runs = checked_runs(runs, 2, params.initial.n + 4 * params.generations)
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise TypeError(f"executor must be an Executor, got {quoted(executor)}")
    if progress is not None and not callable(progress):
        raise TypeError(f"progress must be callable, got {quoted(progress)}")
    if not params.noise:
        return _ensemble(params, _repeated(run_block(params, 1, 1), runs))
    if executor is not None:
        return _ensemble(params, _collect(params, runs, executor, progress))
    own = ThreadPoolExecutor(os.cpu_count())
    try:
        return _ensemble(params, _collect(params, runs, own, progress))
    finally:
        # Without waiting: an exception is raised at once, while running blocks come to their end.
        own.shutdown(wait=False, cancel_futures=True)


def checked_runs(runs: int, least: int, numbers_each: int) -> int:
    """Return a number of runs; ValueError unless it is whole, and what it makes fits in memory."""
    found = int(one_number("runs", runs, least, whole=True))
    most = max(MAX_NUMBERS // numbers_each, least)
    if found > most:
        raise ValueError(f"runs must be at most {most:,} of this size, got {short_number(found)}")
    return found


def _collect(
    params: LoopParams,
    runs: int,
    executor: Executor,
    progress: Callable[[int, int], object] | None,
) -> Block:
    """Have all blocks computed and put each at its place, whatever the order they come in."""
    edges, done = block_edges(params.initial.n, runs), 0
    merged = Block.empty(params, runs)
    diversity: dict[int, tuple[int, Array]] = {}
    places: dict[Future[Block], slice] = {}
    try:
        for number, (start, stop) in enumerate(pairwise(edges), start=1):
            future = executor.submit(run_block, params, number, stop - start)
            places[future] = slice(start, stop)
        for future in as_completed(list(places)):
            block, place = future.result(), places.pop(future)
            for name in ("entropy", "distance", "survivors"):
                getattr(merged, name)[:, place] = getattr(block, name)
            diversity[place.start] = place.stop - place.start, block.diversity
            merged.final[place] = block.final
            merged.first_extinction[place] = block.first_extinction
            done += place.stop - place.start
            if progress is not None:
                progress(done, runs)
    except BrokenExecutor as error:
        raise RuntimeError(
            f"executor must outlive its work, but broke when {done} of {runs} runs were done"
            f" ({error})"
        ) from error
    finally:
        for future in places:
            future.cancel()
    # In the order of the blocks, not of their completion.
    merged.diversity[:] = _merged_moments([diversity[start] for start in edges[:-1]])
    return merged


def _merged_moments(parts: list[tuple[int, Array]]) -> Array:
    """Return mean and squared deviations, (2, times), of all from those of each part."""
    sizes = np.array([float(size) for size, _ in parts])[:, None]
    means, squares = (np.array([moments[k] for _, moments in parts]) for k in (0, 1))
    mean = (sizes * means).sum(axis=0) / sizes.sum()
    return np.stack([mean, (squares + sizes * (means - mean) ** 2).sum(axis=0)])


def block_edges(n: int, runs: int) -> list[int]:
    """Return where blocks of runs begin and end: 0, ..., ``runs``.

    The number of blocks is even and their sizes differ by one at most, so that two processors share
    them equally; a small ensemble is one block.

    Parameters
    ----------
    n : int, outcomes
    runs : int >= 1

    Returns
    -------
    list of int, one longer than the number of blocks
    """
    blocks = 1 if runs == 1 or runs * n <= _SMALL else 2 * -(-runs // (2 * max(1, _BLOCK // n)))
    return [runs * block // blocks for block in range(blocks + 1)]


def _repeated(block: Block, runs: int) -> Block:
    """Return the record of equal runs from that of one."""
    return Block(
        final=np.repeat(block.final, runs, axis=0),
        entropy=np.repeat(block.entropy, runs, axis=1),
        distance=np.repeat(block.distance, runs, axis=1),
        diversity=block.diversity,
        survivors=np.repeat(block.survivors, runs, axis=1),
        first_extinction=np.repeat(block.first_extinction, runs),
    )


def _ensemble(params: LoopParams, block: Block) -> Ensemble:
    levels = np.array(LEVELS)
    runs = len(block.final)
    entropy = np.sort(block.entropy, axis=1)
    arrays = {
        "levels": levels,
        "entropy": _quantiles(entropy, levels),
        "effective": _quantiles(entropy, levels, np.exp),
        "distance": _quantiles(np.sort(block.distance, axis=1), levels),
        "survivors": _quantiles(np.sort(block.survivors, axis=1), levels),
        "diversity_mean": block.diversity[0],
        "diversity_error": np.sqrt(block.diversity[1] / (runs - 1) / runs),
        "final": block.final,
        "winner": block.final.argmax(axis=1),
        "first_extinction": block.first_extinction,
        "effective_runs": np.exp(block.entropy).T,
        "survivors_runs": block.survivors.T,
    }
    for array in arrays.values():
        array.flags.writeable = False
    return Ensemble(params, runs, **arrays)


def _quantiles(
    ordered: NDArray[Any], levels: Array, rising: Callable[[Array], Array] = np.asarray
) -> Array:
    """Interpolate between the two neighbours of each level; (times, runs) -> (levels, times).

    ``rising`` is what the ordered values are turned into: a function that keeps their order.
    """
    places = levels * (ordered.shape[1] - 1)
    below = np.floor(places).astype(np.intp)
    above, share = np.ceil(places).astype(np.intp), places - below
    low, high = rising(ordered[:, below]), rising(ordered[:, above])
    return np.asarray(low * (1 - share) + high * share).T
