"""The load tool itself, small: one viewer of the app and one of the floor."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.load.measure import Load, quantile, watched
from tests.load.pages import FLOOR, PAGES, Watched
from tests.load.trials import MOST_GROWTH, arrived, growth
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


def test_growth_is_that_of_the_second_half() -> None:
    assert growth([10, 50, 100, 100, 100, 100]) == 0.0
    assert growth([1, 1, 1, 1, 100, 110]) > MOST_GROWTH > growth([1, 1, 1, 100, 100, 101])


def test_a_quantile_lies_between_its_neighbours() -> None:
    assert quantile([1.0, 2.0, 3.0], 0.5) == pytest.approx(2.0)
    assert quantile([5.0], 0.95) == 5.0
