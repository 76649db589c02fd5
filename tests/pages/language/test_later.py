"""A result that takes seconds: it comes, says why not, and is not made where nobody waits."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import pytest

from pages.ui.language import later
from pages.ui.language.later import FAILED, Later
from pages.ui.pool import TOO_BUSY, Job, TooBusyError


class Jobs:
    """Stands for the workers: what is submitted waits until the test says how it ends."""

    def __init__(self) -> None:
        self.futures, self.stopped, self.visitors = list[Future[str]](), 0, {"Ann": True}

    def submit(self) -> Job[str]:
        self.futures.append(Future())
        self.futures[-1].set_running_or_notify_cancel()
        return Job(self.futures[-1], self._stop)

    def later(self, submit: Any = None, who: str = "Ann") -> Later[str]:
        return Later(submit or self.submit, str.upper, lambda: who, self.visitors.__getitem__)

    def _stop(self, future: Future[str]) -> None:
        self.stopped += 1


def until(happened: Callable[[], object]) -> None:
    """Wait for it; fail where it does not come."""
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_nothing_begins_before_somebody_asks_and_once_for_all() -> None:
    jobs = Jobs()
    work = jobs.later()
    assert not jobs.futures
    assert not work.ask() and not work.ask() and len(jobs.futures) == 1
    jobs.futures[0].set_result("she said")
    until(work.ask)
    assert (work.value, work.refusal) == ("SHE SAID", "") and len(jobs.futures) == 1


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ValueError("no phrase is told here"), "no phrase is told here"),
        (ValueError(), FAILED),
        (KeyError("a secret word"), FAILED),
    ],
)
def test_it_says_why_not_and_logs_no_word(
    error: Exception, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = Jobs()
    work = jobs.later()
    work.ask()
    jobs.futures[0].set_exception(error)
    until(work.ask)
    assert (work.value, work.refusal) == (None, sentence) and len(jobs.futures) == 1
    assert "secret" not in caplog.text


def test_what_all_who_asked_have_left_is_stopped_and_begun_anew() -> None:
    jobs = Jobs()
    work = jobs.later()
    work.ask()
    time.sleep(0.5)
    assert jobs.stopped == 0  # nobody asked again, but Ann is here
    jobs.visitors["Ann"] = False
    until(lambda: jobs.stopped)
    jobs.visitors["Ann"] = True
    until(lambda: work.ask() or len(jobs.futures) == 2)
    jobs.futures[1].set_result("she said")
    until(work.ask)
    assert work.value == "SHE SAID"


def test_what_nobody_asks_for_any_more_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "_UNASKED", 0.2)
    jobs = Jobs()
    jobs.later().ask()
    until(lambda: jobs.stopped)


def test_a_worker_that_breaks_at_it_is_tried_once_more_and_again_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jobs = Jobs()
    work = jobs.later()
    for at in range(2):
        until(lambda at=at: work.ask() or len(jobs.futures) > at)  # type: ignore[misc]
        jobs.futures[at].set_exception(BrokenProcessPool())
    until(work.ask)
    assert work.refusal == TOO_BUSY and len(jobs.futures) == 2
    monkeypatch.setattr(work, "_again", 0.0)
    assert not work.ask() and len(jobs.futures) == 3


@pytest.mark.parametrize("error", [TooBusyError, BrokenProcessPool, OSError])
def test_where_it_cannot_begin_it_is_tried_again(error: type[Exception]) -> None:
    jobs, refused = Jobs(), list[int]()

    def submit() -> Job[str]:
        if not refused:
            refused.append(1)
            raise error
        return jobs.submit()

    work = jobs.later(submit)
    assert not work.ask() and not jobs.futures
    assert not work.ask() and len(jobs.futures) == 1
