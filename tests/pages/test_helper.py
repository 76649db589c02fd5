"""Short work in a process of its own: the same results, and what happens when it is gone."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from closedloop_core import Change, Law, LoopParams
from pages.ui import helper as helper_module
from pages.ui.helper import Helper
from pages.ui.playground.work.cached import computed_run
from tests.pages.test_pool import PATIENCE, wait_until

RUNS = (
    LoopParams(temperature=0.8, seed=5, generations=40),
    LoopParams(temperature=1.3, external_fraction=0.1, regime="replace", generations=20),
    LoopParams(initial=Law.from_weights([3, 2, 1], ["<a>", "b", "é"]), generations=20),
    LoopParams(temperature=0.5, schedule=(Change(10, "external_fraction", 0.8),), generations=30),
    LoopParams(initial=Law.zipf(4), reference=Law.uniform(4), regime="subsample", temperature=0.7),
)


def meet(helper: Helper) -> None:
    """Have two ask at the same time: the second comes while the first is at work."""
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait(PATIENCE)

    first = threading.Thread(target=helper.ask, args=(work,))
    second = threading.Thread(target=helper.ask, args=(len, ""))
    first.start()
    assert begun.wait(PATIENCE)
    second.start()
    wait_until(lambda: helper.meetings > 0, "nobody met")
    go_on.set()
    first.join(PATIENCE)
    second.join(PATIENCE)


@pytest.fixture(scope="module")
def helper() -> Iterator[Helper]:
    made = Helper(available=2)
    assert made.ask(os.getpid) == os.getpid() and made.starts == 0  # one alone needs no process
    meet(made)
    wait_until(lambda: made.is_running, "the process never came")
    yield made
    made.close()


@pytest.mark.parametrize("params", RUNS)
def test_it_computes_what_this_process_would(helper: Helper, params: LoopParams) -> None:
    assert helper.ask(os.getpid) != os.getpid()
    assert helper.ask(computed_run, params, tolerance=0.1) == computed_run(params, 0.1)


def test_its_caches_are_not_the_pages(helper: Helper) -> None:
    assert helper.ask(_imported, "numpy") and not helper.ask(_imported, "streamlit")


def _imported(name: str) -> bool:
    return name in sys.modules


def test_an_exception_comes_through_and_the_next_question_is_answered(helper: Helper) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        helper.ask(int, "four")
    assert helper.ask(len, "four") == 4


def test_many_who_ask_at_once_get_each_their_own_answer(helper: Helper) -> None:
    found: dict[int, int] = {}
    askers = [
        threading.Thread(target=lambda n=n: found.update({n: helper.ask(pow, n, 2)}))
        for n in range(40)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(PATIENCE)
    assert found == {n: n**2 for n in range(40)}


def test_a_killed_process_is_noticed_and_comes_back(
    helper: Helper, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = helper.ask(os.getpid)
    os.kill(worker, signal.SIGKILL)
    assert helper.ask(os.getpid) == os.getpid()  # who asks computes it
    assert not helper.is_running
    before = helper.starts
    with monkeypatch.context() as again:
        again.setattr(helper_module, "_AGAIN", 1e9)
        assert not helper.begin() and helper.starts == before  # it has just been started
        again.setattr(helper_module, "_AGAIN", 0.0)
        assert helper.begin()
    wait_until(lambda: helper.is_running, "the process never came back")
    assert helper.ask(os.getpid) not in (worker, os.getpid())


def test_what_cannot_be_sent_is_one_error_and_the_process_stays(helper: Helper) -> None:
    _run_again(helper)
    worker = helper.ask(os.getpid)
    with pytest.raises(TypeError, match="cannot be sent"):
        helper.ask(threading.Lock)
    assert helper.ask(os.getpid) == worker


def test_a_start_that_ends_after_the_close_leaves_no_process() -> None:
    helper, before = Helper(available=2), set(multiprocessing.active_children())
    assert helper.begin() and not helper.begin()
    helper.close()
    wait_until(lambda: not helper.is_starting, "it never started")
    assert not helper.is_running and not helper.begin()
    assert helper.ask(os.getpid) == os.getpid()
    wait_until(lambda: set(multiprocessing.active_children()) <= before, "a process stays")


def test_killed_again_and_again_it_still_answers(
    helper: Helper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper_module, "_AGAIN", 0.0)
    _run_again(helper)
    wrong, end = list[int](), time.monotonic() + 2.0

    def ask(n: int) -> None:
        while time.monotonic() < end:
            wrong.extend([n] if helper.ask(pow, n, 2) != n**2 else [])

    askers = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for asker in askers:
        asker.start()
    while time.monotonic() < end:
        worker = helper.ask(os.getpid)
        if worker != os.getpid():
            os.kill(worker, signal.SIGKILL)
        time.sleep(0.1)
    for asker in askers:
        asker.join(PATIENCE)
    assert not wrong and not any(asker.is_alive() for asker in askers)


def _run_again(helper: Helper) -> None:
    with pytest.MonkeyPatch.context() as now:
        now.setattr(helper_module, "_AGAIN", 0.0)
        helper.begin()
    wait_until(lambda: helper.is_running, "the process never came")


def test_a_process_that_stands_still_is_given_up(
    helper: Helper, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run_again(helper)
    worker = helper.ask(os.getpid)
    monkeypatch.setattr(helper_module, "_PATIENCE", 0.2)
    os.kill(worker, signal.SIGSTOP)
    assert helper.ask(os.getpid) == os.getpid()
    assert not helper.is_running


def test_a_machine_of_one_processor_starts_none() -> None:
    alone = Helper(available=1)
    meet(alone)
    assert alone.starts == 0 and alone.ask(os.getpid) == os.getpid()


_steps: list[int] = []  # of the process that works in between


def step() -> bool:
    """Work a little; three times there is something to do."""
    _steps.append(os.getpid())
    return len(_steps) % 4 != 0


def steps() -> list[int]:
    """Return what was done so far, and by whom."""
    return list(_steps)


def test_the_process_works_while_nobody_asks() -> None:
    helper = Helper(available=2, between=step)
    meet(helper)
    wait_until(lambda: helper.is_running, "the process never came")
    try:
        wait_until(lambda: len(helper.ask(steps)) >= 4, "it never works")
        done = helper.ask(steps)
        assert set(done) == {helper.ask(os.getpid)} and not _steps
        time.sleep(0.2)
        # It goes on after each question, and rests once there is nothing to do.
        assert len(helper.ask(steps)) <= len(done) + 8
    finally:
        helper.close()


def work_on() -> bool:
    """Have always something to do."""
    _steps.append(os.getpid())
    return True


def fail() -> bool:
    """Fail at whatever it is."""
    _steps.append(os.getpid())
    raise ZeroDivisionError


@pytest.mark.parametrize("between", [work_on, fail])
def test_who_asks_is_answered_whatever_is_done_in_between(between: Callable[[], bool]) -> None:
    helper = Helper(available=2, between=between)
    meet(helper)
    wait_until(lambda: helper.is_running, "the process never came")
    try:
        worker = helper.ask(os.getpid)
        assert worker != os.getpid()
        wait_until(lambda: bool(helper.ask(steps)), "it never works")
        assert set(helper.ask(steps)) == {worker} and helper.ask(os.getpid) == worker
    finally:
        helper.close()
