"""When everything is looked through, and what is passed over."""

import gc
import threading
import time
import weakref
from collections.abc import Iterator

import pytest

from pages.ui import collector
from pages.ui.collector import collect_when_idle, is_due
from tests.pages.test_pool import wait_until

MOST = collector._MOST


class Ring:
    """An object that holds on to itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """Keep the collector itself out of it; nothing is passed over afterwards."""
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.parametrize(
    ("seconds", "work", "passed", "due"),
    [
        (301.0, 0.0, 0, True),  # quiet
        (299.0, 0.0, 0, False),  # a short time ago
        (301.0, 0.9, 0, False),  # busy
        (1801.0, 0.9, 0, True),  # busy for half an hour
        (3.0, 0.9, MOST, False),
        (3.0, 0.9, MOST + 1, True),  # much may be unused by now
    ],
)
def test_it_is_due_in_quiet_moments(seconds: float, work: float, passed: int, due: bool) -> None:
    assert is_due(seconds, work, passed) == due


def test_many_that_stay_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    before = gc.get_freeze_count()
    monkeypatch.setattr(collector, "_MANY", 10**9)
    collector._pass_over("stop", {"generation": 2})
    assert gc.get_freeze_count() == before
    monkeypatch.setattr(collector, "_MANY", 10)
    collector._pass_over("stop", {"generation": 1})
    collector._pass_over("start", {"generation": 2})
    assert gc.get_freeze_count() == before
    collector._pass_over("stop", {"generation": 2})
    assert gc.get_freeze_count() > before + 10


def watched(end: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=collector._watch, args=(end,))
    thread.start()
    return thread


def until_gone(gone: "weakref.ref[Ring]") -> None:
    wait_until(lambda: gone() is None, "it stays")


def test_what_was_passed_over_goes_in_a_quiet_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "_LOOK", 0.02)
    ring = Ring()
    gone = weakref.ref(ring)
    gc.freeze()
    del ring
    gc.collect()
    assert gone() is not None
    is_quiet, end = threading.Event(), threading.Event()
    monkeypatch.setattr(collector, "is_due", lambda *_: is_quiet.is_set())
    monkeypatch.setattr(gc, "get_count", lambda: (0, 1, 0))
    watch = watched(end)
    try:
        time.sleep(0.2)
        assert gone() is not None  # others are at work
        is_quiet.set()
        until_gone(gone)
    finally:
        end.set()
        watch.join()


def test_too_much_that_was_passed_over_goes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "_LOOK", 0.02)
    monkeypatch.setattr(collector, "_MOST", 1_000)
    monkeypatch.setattr(gc, "get_count", lambda: (0, 1, 0))
    gc.collect()
    gc.freeze()
    has_looked, end = threading.Event(), threading.Event()

    def due(seconds: float, work: float, passed: int) -> bool:
        has_looked.set()
        return is_due(seconds, work, passed)

    monkeypatch.setattr(collector, "is_due", due)
    watch = watched(end)
    try:
        rings = [Ring() for _ in range(2_000)]
        gone = weakref.ref(rings[0])
        assert has_looked.wait(30)  # it counts from here
        gc.freeze()
        rings.clear()
        until_gone(gone)
    finally:
        end.set()
        watch.join()


def test_a_server_has_one_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "callbacks", [collector._pass_over])
    before = threading.active_count()
    collect_when_idle()  # any visitor may have Streamlit's caches cleared: it is called again
    assert threading.active_count() == before and gc.callbacks == [collector._pass_over]
