"""How long ensembles take: against their random draws, one thread, and runs that are never over.

Each figure is a ratio of two times taken one after the other in the same process.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from unittest import mock

import numpy as np

from closedloop_core import Law, LoopParams, simulate_ensemble
from closedloop_core.ensembles import blocks
from closedloop_core.loop import regimes
from closedloop_core.loop.draws import draw_counts, draw_subsamples

RUNS = 5
# Nothing is dropped: as if something might always come from outside.
_NEVER = mock.patch.object(blocks, "_closed_from", lambda settings: len(settings) + 1)
# Regime, outcomes, items a generation, temperature, external share, runs, generations.
CASES = [
    ("replace", 10, 100, 1.0, 0.0, 10_000, 400),
    ("replace", 10, 100, 0.8, 0.1, 10_000, 50),
    ("accumulate", 10, 100, 0.8, 0.0, 10_000, 50),
    ("accumulate", 10, 1000, 0.8, 0.1, 10_000, 50),
    ("subsample", 10, 100, 0.8, 0.0, 5_000, 20),
    ("accumulate", 100, 100, 0.8, 0.0, 4_000, 50),
    ("replace", 100, 1000, 0.8, 0.1, 1_000, 50),
    ("replace", 1000, 1000, 0.8, 0.1, 200, 20),
    ("accumulate", 1000, 300, 0.8, 0.1, 200, 20),
]


def figures() -> list[tuple[str, float, float]]:
    """Return rows of task, ratio and milliseconds of the task (medians)."""
    against = [_against_all_draws(CASES[0]), *map(_against_draws, CASES)]
    return [*against, *map(_two_threads, CASES[1:6:2]), _two_threads_drawing(), _dropping()]


def timed(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def _row(name: str, pairs: list[tuple[float, float]], task: int = 0) -> tuple[str, float, float]:
    """Return the median ratio of pairs of seconds, and the median of one of the two."""
    ratio = statistics.median(one / other for one, other in pairs)
    return name, ratio, 1e3 * statistics.median(pair[task] for pair in pairs)


def _params(case: tuple) -> tuple[LoopParams, int, str]:  # type: ignore[type-arg]
    regime, n, k, temperature, a, runs, generations = case
    params = LoopParams(
        initial=Law.zipf(n),
        regime=regime,
        sample_size=k,
        temperature=temperature,
        external_fraction=a,
        generations=generations,
    )
    return params, runs, f"{regime}, n = {n}, k = {k}, T = {temperature}, {runs} runs"


def _against_draws(case: tuple) -> tuple[str, float, float]:  # type: ignore[type-arg]
    params, runs, name = _params(case)
    pairs = []
    with _timed_draws() as spent, ThreadPoolExecutor(1) as one:
        for _ in range(RUNS):
            spent[0] = 0.0
            whole = timed(partial(simulate_ensemble, params, runs, one))
            pairs.append((whole, spent[0]))
    return _row(f"ensemble / its draws: {name}", pairs)


def _against_all_draws(case: tuple) -> tuple[str, float, float]:  # type: ignore[type-arg]
    """Take for the floor the draws of all runs: those that are over need none."""
    params, runs, name = _params(case)
    pairs = []
    with ThreadPoolExecutor(1) as one:
        task = partial(simulate_ensemble, params, runs, one)
        for _ in range(RUNS):
            with _NEVER, _timed_draws() as spent:
                task()
            pairs.append((timed(task), spent[0]))
    return _row(f"ensemble / the draws of all its runs: {name}", pairs)


@contextmanager
def _timed_draws() -> Iterator[list[float]]:
    """Time the draws of ensembles made meanwhile; the list holds their seconds."""
    spent = [0.0]

    def timing(draw: Callable, *arguments: object) -> object:  # type: ignore[type-arg]
        start = time.perf_counter()
        drawn = draw(*arguments)
        spent[0] += time.perf_counter() - start
        return drawn

    with (
        mock.patch.object(blocks, "draw_counts", partial(timing, draw_counts)),
        mock.patch.object(regimes, "draw_subsamples", partial(timing, draw_subsamples)),
    ):
        yield spent


def _two_threads(case: tuple) -> tuple[str, float, float]:  # type: ignore[type-arg]
    params, runs, name = _params(case)
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(2) as two:
        task = partial(simulate_ensemble, params, runs)
        pairs = [(timed(partial(task, one)), timed(partial(task, two))) for _ in range(RUNS)]
    return _row(f"one thread / two: {name}", pairs, task=1)


def _two_threads_drawing() -> tuple[str, float, float]:
    """Take what two threads gain with draws alone: what this machine lets an ensemble gain."""
    (_, n, k, _, _, runs, generations), law = CASES[5], Law.zipf(CASES[5][1]).probabilities()

    def draw(seed: int) -> None:
        rng, image = np.random.default_rng(seed), np.tile(law, (runs // 2, 1))
        for _ in range(generations):
            draw_counts(rng, k, image)

    def both(pool: ThreadPoolExecutor) -> None:
        list(pool.map(draw, (1, 2)))

    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(2) as two:
        pairs = [(timed(partial(both, one)), timed(partial(both, two))) for _ in range(RUNS)]
    return _row(f"one thread / two, draws alone: n = {n}, k = {k}, {runs} runs", pairs, task=1)


def _dropping() -> tuple[str, float, float]:
    params, runs, name = _params(("replace", 1000, 1000, 0.8, 0.0, 200, 200))
    pairs = []
    with ThreadPoolExecutor(1) as one:
        task = partial(simulate_ensemble, params, runs, one)
        for _ in range(RUNS):
            with _NEVER:
                slow = timed(task)
            pairs.append((slow, timed(task)))
    return _row(f"never dropping / dropping: {name}", pairs, task=1)
