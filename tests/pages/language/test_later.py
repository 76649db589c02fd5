"""A result that takes seconds: it comes, says why not, and is not made where nobody waits."""

import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

from pages.ui.language.later import Later
from pages.ui.pool import TOO_BUSY, Job, TooBusyError


class Jobs:
    """Stands for the workers: what is submitted waits until the test says how it ends."""

    def __init__(self) -> None:
        self.futures, self.stopped = list[Future[str]](), 0

    def submit(self) -> Job[str]:
        self.futures.append(Future())
        self.futures[-1].set_running_or_notify_cancel()
        return Job(self.futures[-1], self._stop)

    def _stop(self) -> None:
        self.stopped += 1


def asked(work: Later[str], until: float = 30.0) -> bool:
    """Ask again and again until it is there."""
    end = time.monotonic() + until
    while time.monotonic() < end:
        if work.ask():
            return True
        time.sleep(0.02)
    return False


def test_nothing_begins_before_somebody_asks_and_once_for_all() -> None:
    jobs = Jobs()
    work = Later(jobs.submit)
    assert not jobs.futures
    assert not work.ask() and not work.ask() and len(jobs.futures) == 1
    jobs.futures[0].set_result("she said")
    assert asked(work) and (work.value, work.refusal) == ("she said", "")
    assert work.ask() and len(jobs.futures) == 1


def test_it_says_why_not() -> None:
    jobs = Jobs()
    work = Later(jobs.submit)
    work.ask()
    jobs.futures[0].set_exception(ValueError("no phrase is told here"))
    assert asked(work) and (work.value, work.refusal) == (None, "no phrase is told here")


def test_what_nobody_asks_for_is_stopped_and_begun_anew() -> None:
    jobs = Jobs()
    work = Later(jobs.submit)
    work.ask()
    end = time.monotonic() + 30
    while not jobs.stopped and time.monotonic() < end:
        time.sleep(0.05)
    assert jobs.stopped == 1
    while len(jobs.futures) < 2 and time.monotonic() < end:
        work.ask()
        time.sleep(0.02)
    jobs.futures[1].set_result("she said")
    assert asked(work) and work.value == "she said"


def test_a_worker_that_breaks_at_it_is_tried_once_more() -> None:
    jobs = Jobs()
    work = Later(jobs.submit)
    for at in range(2):
        while len(jobs.futures) == at:
            work.ask()
            time.sleep(0.02)
        jobs.futures[at].set_exception(BrokenProcessPool())
    assert asked(work) and work.refusal == TOO_BUSY and len(jobs.futures) == 2


def test_where_too_many_wait_it_is_tried_again() -> None:
    jobs, refused = Jobs(), list[int]()

    def submit() -> Job[str]:
        if not refused:
            refused.append(1)
            raise TooBusyError
        return jobs.submit()

    work = Later(submit)
    assert not work.ask() and not jobs.futures
    assert not work.ask() and len(jobs.futures) == 1
