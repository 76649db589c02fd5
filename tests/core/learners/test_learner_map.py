"""The measured map: coarse first, each point the run that it stands for, and stoppable."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import Change
from closedloop_core.learners.learner_map import COARSE, map_learner
from closedloop_core.learners.params import LearnerParams
from closedloop_core.learners.protocol import run_learner
from closedloop_core.learners.source import NGrams
from tests.core.learners.twins import TALE

TEMPERATURES, SHARES = (0.5, 0.8, 1.0, 1.3, 1.6), (0.0, 0.2, 0.4, 0.6, 0.9)
BASE = LearnerParams(
    source=NGrams.from_text(TALE, 3, held_out=0.1), sample_size=400, generations=3, seed=4
)


@pytest.mark.parametrize(
    "changes",
    [{}, {"smoothing": "none"}, {"regime": "subsample", "subsample_size": 60}, {"top_k": 3}],
    ids=repr,
)
def test_each_point_is_the_run_of_its_settings(changes: Any) -> None:
    *_, last = map_learner(BASE.replace(**changes), TEMPERATURES, SHARES)
    assert last.done == last.total == 25
    for row, column in ((0, 0), (1, 3), (2, 4), (4, 1)):
        here = {"temperature": TEMPERATURES[row], "external_fraction": SHARES[column]}
        *_, run = run_learner(BASE.replace(**changes, **here))
        for name in ("next_words", "learned_words", "perplexity", "impossible", "distance"):
            assert getattr(last, name)[row, column] == getattr(run.measures, name)


def test_a_coarse_picture_comes_first() -> None:
    pictures = list(map_learner(BASE.replace(generations=1), TEMPERATURES, SHARES))
    assert [picture.done for picture in pictures] == list(range(1, 26))
    coarse = pictures[COARSE - 1]
    known = ~np.isnan(coarse.next_words)
    assert known.sum() == 9 and known[[0, 2, 4]][:, [0, 2, 4]].all()
    assert not np.isnan(pictures[-1].next_words).any()
    # What was known stays as it was: pictures are not changed afterwards.
    np.testing.assert_array_equal(pictures[-1].next_words[known], coarse.next_words[known])


def test_nothing_is_run_before_it_is_asked_for() -> None:
    pictures = map_learner(BASE.replace(generations=1), TEMPERATURES, SHARES)
    next(pictures)
    pictures.close()  # type: ignore[attr-defined]
    with pytest.raises(StopIteration):
        next(pictures)


def test_what_no_map_can_be_of_is_refused_at_once() -> None:
    for call, sentence in (
        (lambda: map_learner(BASE, (0.0, 1.0)), "temperature must be > 0"),
        (lambda: map_learner(BASE, (1.0,), (2.0,)), "external_fraction must be between"),
        (lambda: map_learner(BASE, ()), "temperature must be a row of numbers"),
        (
            lambda: map_learner(BASE.replace(schedule=(Change(1, "temperature", 1),))),
            "without a schedule",
        ),
        (
            lambda: map_learner(BASE.replace(smoothing="none", noise=False)),
            "with noise",
        ),
    ):
        with pytest.raises(ValueError, match=sentence):
            call()
