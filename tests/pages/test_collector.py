"""When everything is looked through, and what is passed over."""

import gc
import threading
import time
import weakref
from collections.abc import Iterator

import pytest

from pages.ui import collector
from pages.ui.collector import is_due


class Ring:
    """An object that holds on to itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """Leave the collector as it was."""
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.parametrize(
    ("seconds", "work", "due"),
    [
        (301.0, 0.0, True),  # quiet
        (299.0, 0.0, False),  # a short time ago
        (301.0, 0.9, False),  # busy
        (1801.0, 0.9, True),  # busy for half an hour
    ],
)
def test_it_is_due_in_quiet_moments(seconds: float, work: float, due: bool) -> None:
    assert is_due(seconds, work) == due


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


def test_what_was_passed_over_goes_in_a_quiet_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "_LOOK", 0.02)
    ring = Ring()
    gone = weakref.ref(ring)
    gc.freeze()
    del ring
    gc.collect()
    assert gone() is not None
    is_quiet, end = threading.Event(), threading.Event()
    monkeypatch.setattr(collector, "is_due", lambda seconds, work: is_quiet.is_set())
    monkeypatch.setattr(gc, "get_count", lambda: (0, 1, 0))
    watch = threading.Thread(target=collector._watch, args=(end,))
    watch.start()
    try:
        time.sleep(0.2)
        assert gone() is not None  # others are at work
        is_quiet.set()
        deadline = time.monotonic() + 30
        while gone() is not None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        end.set()
        watch.join()
