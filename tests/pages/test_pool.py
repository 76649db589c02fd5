"""Heavy work in processes of its own: results, stopping, killed workers, and their end."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from closedloop_core import LoopParams, simulate_ensemble
from pages.ui import pool as pool_module
from pages.ui.luck.regimes.digest import curves, curves_of
from pages.ui.pool import JOBS, InTurn, TooBusyError, WorkerPool

PATIENCE = 60.0  # seconds, on a busy machine


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(1)
    yield made
    made.close()


def spin(path: str, seconds: float) -> str:
    """Work for so long, and write down every tenth of a second that it goes on."""
    for i in range(int(10 * seconds)):
        Path(path).write_text(f"{os.getpid()} {i}")
        until = time.monotonic() + 0.1
        while time.monotonic() < until:
            np.sort(np.random.default_rng(0).random(1_000))
    return "to its end"


def wait_until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_processor_is_left_to_the_server() -> None:
    assert WorkerPool().workers == max(1, pool_module.processors() - 1)
    assert 1 <= pool_module.processors() <= (os.cpu_count() or 1)


def test_a_worker_returns_what_this_process_would(pool: WorkerPool) -> None:
    params = LoopParams(generations=20, seed=5)
    job = pool.submit(curves_of, params, 100)
    assert job.is_done(PATIENCE)
    here = curves(simulate_ensemble(params, 100))
    assert repr(job.result()) == repr(here) == repr(curves_of(params, 100))


def test_the_result_in_turn_is_that_of_threads() -> None:
    params = LoopParams(generations=5)
    turned, threads = simulate_ensemble(params, 7_000, InTurn()), simulate_ensemble(params, 7_000)
    np.testing.assert_array_equal(turned.final, threads.final)


def test_workers_are_less_important_than_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpriority(os.PRIO_PROCESS, 0)
    monkeypatch.setattr(pool_module, "NICE", 7)
    workers = WorkerPool(1)
    try:
        assert workers.submit(os.getpriority, os.PRIO_PROCESS, 0).result() == here + 7
    finally:
        workers.close()


def test_an_exception_comes_through(pool: WorkerPool) -> None:
    with pytest.raises(ValueError, match="runs must be"):
        pool.submit(curves_of, LoopParams(), 1).result()


def test_unwanted_work_stops_where_it_is_and_the_next_job_follows(
    pool: WorkerPool, tmp_path: Path
) -> None:
    marks = tmp_path / "marks"
    long, waiting = pool.submit(spin, str(marks), 300), pool.submit(spin, str(tmp_path / "no"), 300)
    wait_until(marks.exists, "the job never began")
    worker = int(marks.read_text().split()[0])
    for job in (waiting, long):
        job.stop()
    after = pool.submit(os.getpid)
    # Ten minutes of work lie before it unless both were stopped; the process is the same.
    assert after.is_done(PATIENCE) and after.result() == worker
    assert not (tmp_path / "no").exists()
    last = marks.read_text()
    time.sleep(0.3)
    assert marks.read_text() == last
    assert sorted(pool._free) == list(range(JOBS))


def test_a_killed_worker_is_replaced(pool: WorkerPool, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    job = pool.submit(spin, str(marks), 300)
    wait_until(marks.exists, "the job never began")
    os.kill(int(marks.read_text().split()[0]), signal.SIGKILL)
    with pytest.raises(Exception, match="terminated abruptly"):
        job.result()
    assert pool.submit(len, "four").result() == 4


def test_more_jobs_than_will_be_waited_for_are_refused(tmp_path: Path) -> None:
    crowded = WorkerPool(1)
    jobs = [crowded.submit(spin, str(tmp_path / "marks"), 300) for _ in range(JOBS)]
    with pytest.raises(TooBusyError, match=f"at most {JOBS} jobs may wait"):
        crowded.submit(len, "")
    for job in jobs:
        job.stop()
    crowded.close()


def test_workers_do_not_run_the_main_module_and_end_with_a_killed_server(tmp_path: Path) -> None:
    # As Streamlit runs a page: the script is the main module, and it has no guard.
    page = tmp_path / "page.py"
    page.write_text(
        "import os, pathlib, sys, time\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
        f"log = pathlib.Path({str(tmp_path)!r}, 'log')\n"
        "log.open('a').write('drawn\\n')\n"
        "from pages.ui.helper import Helper\n"
        "from pages.ui.pool import WorkerPool\n"
        "pool, helper = WorkerPool(1), Helper(2)\n"
        "helper.begin()\n"
        "while not helper.is_running: time.sleep(0.02)\n"
        "pids = pool.submit(os.getpid).result(), helper.ask(os.getpid)\n"
        "log.open('a').write(f'{pids[0]} {pids[1]}\\n')\n"
        "time.sleep(600)\n"
    )
    server = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, str(page)])
    log = tmp_path / "log"
    wait_until(lambda: log.exists() and len(log.read_text().split()) == 3, "no answer")
    drawn, *workers = log.read_text().split()
    assert drawn == "drawn" and all(is_alive(int(worker)) for worker in workers)
    os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)
    wait_until(
        lambda: not any(is_alive(int(worker)) for worker in workers),
        "a worker outlives its server",
    )
