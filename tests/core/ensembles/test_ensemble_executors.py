"""Who computes an ensemble does not matter: threads, processes, a Dask cluster, and their ends."""

import multiprocessing
import os
import signal
import threading
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import dask
import numpy as np
import pytest
from distributed import Client, LocalCluster

from closedloop_core import Law, LoopParams, simulate_ensemble
from closedloop_core.ensembles.blocks import run_block
from closedloop_core.ensembles.ensemble import block_edges
from tests.core.ensembles.test_ensemble import ARRAYS, FAST, same

MANY = FAST.replace(initial=Law.zipf(100), generations=12)
SLOW = MANY.replace(sample_size=1000, generations=50, external_fraction=0.1)
RUNS = 5000
BLOCKS = len(block_edges(100, RUNS)) - 1


@pytest.fixture(scope="module")
def alone() -> Any:
    with ThreadPoolExecutor(1) as one:
        return simulate_ensemble(MANY, RUNS, executor=one)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    # A result may be asked of a worker that has just been killed: do not wait 30 s for it.
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "2s"}),
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": ":0"},  # another test's may have the usual port
        ) as local,
        Client(local) as client,
    ):
        yield client


class Recording(Executor):
    """Runs nothing until asked: keeps the futures that were handed out."""

    def __init__(self) -> None:
        self.given = []

    def submit(self, call: Any, /, *arguments: Any) -> Any:  # type: ignore[override]
        future = Future()
        self.given.append(future)
        if len(self.given) == 1:
            future.set_result(call(*arguments))
        return future


def test_there_are_several_blocks() -> None:
    assert BLOCKS >= 6


@pytest.mark.parametrize("workers", [2, 4, None])
def test_any_number_of_threads_gives_the_same_numbers(alone: Any, workers: int | None) -> None:
    if workers is None:
        assert same(alone, simulate_ensemble(MANY, RUNS))
        return
    with ThreadPoolExecutor(workers) as threads:
        assert same(alone, simulate_ensemble(MANY, RUNS, executor=threads))


def test_processes_give_the_same_numbers(alone: Any) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as processes:
        assert same(alone, simulate_ensemble(MANY, RUNS, executor=processes))


def test_a_dask_cluster_gives_the_same_numbers(alone: Any, cluster: Any) -> None:
    seen = []
    many = simulate_ensemble(
        MANY, RUNS, executor=cluster.get_executor(), progress=lambda *call: seen.append(call)
    )
    assert same(alone, many)
    assert len(seen) == BLOCKS and seen[-1] == (RUNS, RUNS)


def test_dask_redoes_the_block_of_a_killed_worker_once(cluster: Any) -> None:
    seen = []

    def kill_at_the_first(done: Any, total: Any) -> None:
        seen.append(done)
        if len(seen) == 1:
            pids = cluster.run(os.getpid)
            os.kill(next(iter(pids.values())), signal.SIGKILL)

    many = simulate_ensemble(
        SLOW, RUNS, executor=cluster.get_executor(), progress=kill_at_the_first
    )
    # Every block counts once, the one that was under way when its worker died included.
    assert len(seen) == BLOCKS and seen[-1] == RUNS and np.all(np.diff(seen) > 0)
    assert same(many, simulate_ensemble(SLOW, RUNS))


def test_a_broken_process_pool_says_what_was_done() -> None:
    context = multiprocessing.get_context("spawn")
    before, seen = set(multiprocessing.active_children()), []

    def kill(done: Any, total: Any) -> None:
        seen.append(done)
        for child in set(multiprocessing.active_children()) - before:
            child.kill()

    with (
        ProcessPoolExecutor(1, mp_context=context) as processes,
        pytest.raises(RuntimeError, match=rf"broke when \d+ of {RUNS} runs were done") as caught,
    ):
        simulate_ensemble(SLOW, RUNS, executor=processes, progress=kill)
    assert f"when {seen[-1]} of" in str(caught.value)
    assert 0 < seen[-1] < RUNS


def test_progress_is_told_in_the_callers_thread_after_every_block() -> None:
    seen = []

    def note(done: Any, total: Any) -> None:
        seen.append((done, total, threading.current_thread()))

    simulate_ensemble(MANY, RUNS, progress=note)
    assert len(seen) == BLOCKS
    assert all(total == RUNS and thread is threading.current_thread() for _, total, thread in seen)
    done = [call[0] for call in seen]
    assert done[-1] == RUNS and np.all(np.diff(done) > 0)


class StopError(Exception):
    pass


def test_an_exception_from_progress_cancels_what_has_not_begun() -> None:
    def stop(done: Any, total: Any) -> None:
        raise StopError

    pool = Recording()
    with pytest.raises(StopError):
        simulate_ensemble(MANY, RUNS, executor=pool, progress=stop)
    assert len(pool.given) == BLOCKS
    assert all(future.cancelled() for future in pool.given[1:])


def test_a_given_executor_is_left_open_and_our_own_threads_end() -> None:
    with ThreadPoolExecutor(1) as pool:
        simulate_ensemble(MANY, 300, executor=pool)
        assert pool.submit(int).result() == 0
    before = threading.active_count()
    simulate_ensemble(MANY, RUNS)
    for thread in threading.enumerate():
        if thread.name.startswith("ThreadPoolExecutor"):
            thread.join(5)
    assert threading.active_count() <= before


def test_an_exception_in_a_block_goes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(params: Any, block: Any, rows: Any) -> None:
        raise StopError

    monkeypatch.setattr("closedloop_core.ensembles.ensemble.run_block", fail)
    with pytest.raises(StopError):
        simulate_ensemble(MANY, RUNS)


def test_a_block_does_not_depend_on_other_blocks(alone: Any) -> None:
    edges = block_edges(100, RUNS)
    block = run_block(MANY, 3, edges[3] - edges[2])
    np.testing.assert_array_equal(alone.final[edges[2] : edges[3]], block.final)


def test_memory_never_holds_every_state_of_every_run() -> None:
    params = LoopParams(initial=Law.zipf(200), sample_size=20, generations=300)
    states = 8 * 200 * 301 * 200
    tracemalloc.start()
    many = simulate_ensemble(params, 200)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    kept = sum(getattr(many, name).nbytes for name in ARRAYS)
    assert kept < states / 50
    # Curves while they are merged and sorted, and the blocks under way.
    assert peak < states / 10
