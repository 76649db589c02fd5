"""The load tool itself, small: one viewer of the app and one of the floor."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tests.load.measure import Load, quantile, watched
from tests.load.pages import FLOOR, PAGES, Watched
from tests.load.trials import MOST_GROWTH, arrived, growth
from tests.load.viewer import Viewer
from tests.server import start


def seen(script: str, page: Watched, viewers: int, seconds: float) -> Load:
    # In a thread of its own: the browser tests' driver may have an event loop in this one.
    with start(script) as server, ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(watched(server, page, viewers, seconds))).result()


def test_a_viewer_loads_a_page_and_turns_its_dial() -> None:
    # Not the first page: whoever forgets where a viewer is finds it on that one.
    (geometry,) = (page for page in PAGES if page.name == "geometry")
    load = seen("app.py", geometry, viewers=1, seconds=1.0)
    assert load.errors == [] and len(load.opens) == 1
    ((answered, done),) = load.changes
    assert 0 < answered <= done
    assert load.received > 5_000  # a run has come, not only the end of a script
    assert load.memory > 50e6


def test_the_floor_has_a_slider_and_no_dials() -> None:
    load = seen("tests/bench/floor_page.py", FLOOR, viewers=2, seconds=3.0)
    assert load.errors == [] and len(load.changes) == 2


def test_a_class_that_comes_at_once_is_served() -> None:
    # In a thread of its own, as above.
    with start("tests/bench/floor_page.py") as server, ThreadPoolExecutor(1) as thread:
        run = partial(asyncio.run, arrived(server, FLOOR, viewers=5, seconds=0.5))
        load = thread.submit(run).result()
    assert load.errors == [] and len(load.opens) == 5


class Clocked(Viewer):
    """A viewer of a page that comes again by itself, thirty times."""

    asked: list[str]

    async def _ask(self, state: Any = None, clock: str = "") -> tuple[float, float]:
        self.asked.append(clock)
        if len(self.asked) == 30:
            self._clocks.clear()
        return 0.0, 0.0


def test_a_viewer_who_looks_on_follows_the_clocks_of_the_page() -> None:
    viewer = Clocked("http://nowhere", FLOOR, 1)
    viewer.asked, viewer._clocks = [], {"slow": 0.05, "quick": 0.002}
    start = time.perf_counter()
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(viewer.look_on(0.2))).result()
    assert 0 < viewer.asked.count("slow") < viewer.asked.count("quick")
    assert time.perf_counter() - start >= 0.2


def test_growth_is_that_of_the_second_half() -> None:
    assert growth([10, 50, 100, 100, 100, 100]) == 0.0
    assert growth([1, 1, 1, 1, 100, 110]) > MOST_GROWTH > growth([1, 1, 1, 100, 100, 101])


def test_a_quantile_lies_between_its_neighbours() -> None:
    assert quantile([1.0, 2.0, 3.0], 0.5) == pytest.approx(2.0)
    assert quantile([5.0], 0.95) == 5.0
