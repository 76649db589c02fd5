"""The measured map in parts: coarse first, so many at a time, and in the end the whole map."""

from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest

from closedloop_core import LearnerParams, NGrams, map_learner
from closedloop_core.learners.learner_map import (
    COARSE,
    MAP_FRACTIONS,
    MAP_TEMPERATURES,
    MEASURED,
    MapRuns,
)
from pages.ui.language.later import Later
from pages.ui.language.map_parts import Cell, MapInParts, Part
from pages.ui.language.work import cached as worker
from pages.ui.language.work.cached import map_part
from pages.ui.pool import Job
from pages.ui.remembered import remembered
from tests.core.learners.twins import TALE
from tests.pages.language.test_later import until

BASE = LearnerParams(
    source=NGrams.from_text(TALE, 2, held_out=0.1), sample_size=60, generations=1, regime="replace"
)


class Workers:
    """Stands for the workers: a part is computed when the test says so."""

    def __init__(self, params: LearnerParams) -> None:
        self.params, self.asked = params, list[tuple[tuple[Cell, ...], Future[list[list[float]]]]]()

    def later(self, cells: tuple[Cell, ...]) -> Part:
        def submit() -> Job[list[list[float]]]:
            future = Future[list[list[float]]]()
            self.asked.append((cells, future))
            return Job(future, lambda _: None)

        return Later(submit, lambda found: found, lambda: "Ann", lambda _: True)

    def work(self, number: int) -> None:
        cells, future = self.asked[number]
        future.set_result(map_part(self.params, cells))


def test_in_the_end_it_is_the_whole_map() -> None:
    workers = Workers(BASE)
    parts = MapInParts(BASE, workers.later, at_once=2)
    assert not workers.asked and parts.found is None and not parts.is_over
    assert not parts.ask() and not parts.ask() and len(workers.asked) == 2
    workers.work(1)
    until(lambda: parts.ask() or len(workers.asked) == 3)
    assert parts.found is None  # the coarse picture comes first
    workers.work(0)
    until(lambda: parts.ask() or len(workers.asked) == 4)
    coarse = parts.found
    assert coarse is not None and coarse.done == COARSE + len(workers.asked[1][0])
    assert not np.isnan(coarse.distance[np.ix_([0, 6, 11], [0, 5, 10])]).any()
    done = 2
    while not parts.ask():
        if done < len(workers.asked):
            workers.work(done)
            done += 1
    found, (*_, whole) = parts.found, map_learner(BASE)
    assert found is not None and parts.is_over and found.done == found.total == parts.total == 132
    for name in MEASURED:
        np.testing.assert_array_equal(getattr(found, name), getattr(whole, name))


def test_what_cannot_be_had_ends_it() -> None:
    workers = Workers(BASE)
    parts = MapInParts(BASE, workers.later, at_once=1)
    parts.ask()
    workers.asked[0][1].set_exception(ValueError("no map of this"))
    until(parts.ask)
    assert parts.is_over and parts.refusal == "no map of this" and len(workers.asked) == 1


def test_parts_share_what_a_map_shares_but_not_of_an_own_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared = replace(BASE, source=NGrams.novel(2), sample_size=1_000)
    cells = ((0, 0), (0, 5), (11, 3))
    alone = [MapRuns(shared).measures(MAP_TEMPERATURES[i], MAP_FRACTIONS[j]) for i, j in cells]
    made: list[LearnerParams] = []

    def runs(params: LearnerParams) -> MapRuns:
        made.append(params)
        return MapRuns(params)

    monkeypatch.setattr(worker, "_runs", remembered(max_entries=1)(runs))
    assert [map_part(shared, (cell,))[0] for cell in cells] == alone and made == [shared]
    own = replace(BASE, source=NGrams.from_text(TALE, 2))
    assert not own.source.fits_link and map_part(own, cells[:1]) and made == [shared]
