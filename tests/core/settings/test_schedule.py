"""Interventions: before a change nothing differs, after it the run is one of the new settings."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core import Change, Law, LoopParams, simulate
from closedloop_core.settings.limits import LIMITS, ParameterError
from closedloop_core.settings.params import dataset_sizes
from closedloop_core.settings.schedule import CHANGEABLE, MAX_CHANGES, from_text, to_text

BASE = LoopParams(
    initial=Law.zipf(6), external_fraction=0.2, sample_size=40, generations=30, seed=3
)
STOP = Change(12, "external_fraction", 0.0)


def numbers(field: Any) -> Any:
    limit = LIMITS[field]
    if limit.whole:
        return st.integers(int(limit.low), int(limit.high))
    return st.floats(limit.low, limit.high)


changes = st.sampled_from(CHANGEABLE).flatmap(
    lambda field: st.builds(Change, st.integers(1, 100_000), st.just(field), numbers(field))
)
schedules = st.lists(changes, max_size=6, unique_by=lambda c: (c.generation, c.field)).map(tuple)


@settings(deadline=None)
@given(schedules)
def test_a_schedule_survives_link_and_file(schedule: Any) -> None:
    params = BASE.replace(schedule=schedule)
    assert from_text(to_text(params.schedule)) == (params.schedule, []) or not schedule
    assert LoopParams.from_query(params.to_query()) == (params, ())
    assert LoopParams.from_dict(params.to_dict()) == params
    assert hash(params) == hash(BASE.replace(schedule=schedule[::-1]))


@pytest.mark.parametrize("regime", ["accumulate", "replace", "subsample"])
@pytest.mark.parametrize(
    "change",
    [
        Change(12, "temperature", 2.0),
        Change(12, "external_fraction", 0.6),
        Change(12, "sample_size", 7),
        Change(12, "subsample_size", 9),
    ],
    ids=lambda change: change.field,
)
def test_nothing_differs_before_a_change_and_something_after_it(regime: str, change: Any) -> None:
    before = simulate(BASE.replace(regime=regime))
    after = simulate(BASE.replace(regime=regime, schedule=(change,)))
    same = slice(0, change.generation + 1)
    np.testing.assert_array_equal(before.probabilities[same], after.probabilities[same])
    used = regime == "subsample" or change.field != "subsample_size"
    assert np.array_equal(before.probabilities, after.probabilities) != used


def test_from_a_change_on_the_mean_field_is_that_of_the_new_settings() -> None:
    changed = BASE.replace(
        noise=False, regime="replace", schedule=(Change(12, "temperature", 1.7), STOP)
    )
    run = simulate(changed.replace(external_fraction=0.3))
    start = Law.from_weights(run.probabilities[12])
    late = {"initial": start, "reference": BASE.initial, "temperature": 1.7, "generations": 18}
    rest = simulate(BASE.replace(noise=False, regime="replace", external_fraction=0.0, **late))
    np.testing.assert_allclose(run.probabilities[12:], rest.probabilities, rtol=1e-12)


def test_a_bottleneck_shows_in_the_sizes() -> None:
    narrow = (Change(3, "sample_size", 5), Change(5, "sample_size", 50))
    params = BASE.replace(generations=7, schedule=narrow)
    assert dataset_sizes(params) == [100, 140, 180, 220, 225, 230, 280, 330]
    run = simulate(params)
    added = (run.synthetic + run.external).sum(axis=1)
    assert added.tolist() == [40, 40, 40, 5, 5, 50, 50]
    replaced = simulate(params.replace(regime="replace"))
    assert replaced.dataset_size.tolist() == [100, 40, 40, 40, 5, 5, 50, 50]


def test_segments_are_the_constant_pieces_of_the_run() -> None:
    params = BASE.replace(
        schedule=(Change(40, "temperature", 3.0), STOP, Change(12, "temperature", 1.5))
    )
    assert [change.generation for change in params.schedule] == [12, 12, 40]
    later = BASE.replace(temperature=1.5, external_fraction=0.0)
    assert params.segments == ((0, BASE), (12, later))  # generation 40 is past the end
    assert [params.at(t) for t in (0, 11, 12, 29)] == [BASE, BASE, later, later]
    assert BASE.segments == ((0, BASE),)
    for some in (params, BASE):
        temperatures = [some.at(t).temperature for t in range(some.generations + 1)]
        assert some.over_time("temperature") == temperatures


def test_changes_past_the_end_do_nothing_and_are_kept() -> None:
    late = BASE.replace(schedule=(Change(30, "temperature", 5.0),))
    np.testing.assert_array_equal(simulate(late).probabilities, simulate(BASE).probabilities)
    assert late.replace(generations=31).segments[-1][0] == 30


@pytest.mark.parametrize(
    ("refused", "sentence"),
    [
        (lambda: Change(0, "temperature", 1.0), "generation of a change must be between 1 and"),
        (lambda: Change(2.5, "temperature", 1.0), "generation of a change must be a whole number"),
        (lambda: Change(2, "seed", 1), "field of a change must be one of temperature, .*“seed”"),
        (lambda: Change(2, "temperature", float("nan")), "temperature must be between .* got nan"),
        (lambda: Change(2, "sample_size", 2.5), "sample_size must be a whole number, got 2.5"),
        (
            lambda: BASE.replace(schedule=(STOP, Change(12, "external_fraction", 0.1))),
            "only once at generation 12, got 0.0 and 0.1",
        ),
        (
            lambda: BASE.replace(
                schedule=[Change(1 + t, "temperature", 1.0) for t in range(MAX_CHANGES + 1)]
            ),
            "at most 50 changes, got 51",
        ),
        (lambda: BASE.replace(schedule="12:temperature:1"), "schedule must be a tuple of Change"),
    ],
)
def test_bad_changes_are_refused_in_one_sentence(refused: Any, sentence: str) -> None:
    with pytest.raises(ParameterError, match=sentence) as caught:
        refused()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "kept", "sentence"),
    [
        ("12:temperature:1,nonsense", [Change(12, "temperature", 1.0)], "“nonsense”.*left out"),
        ("12:seed:1", [], "field one of temperature.*left out"),
        ("x:temperature:1", [], "generations must be a whole number.*left out"),
        (
            "12:temperature:999",
            [Change(12, "temperature", 50.0)],
            "temperature must be.*50 is used",
        ),
        ("0:temperature:1", [Change(1, "temperature", 1.0)], "generation of a change must be"),
        (
            "5:temperature:1,5:temperature:2",
            [Change(5, "temperature", 2.0)],
            "only once at generation 5; the last one is used",
        ),
        (
            ",".join(f"{t}:temperature:1" for t in range(1, 60)),
            [Change(t, "temperature", 1.0) for t in range(1, 51)],
            "at most 50 changes, got 59",
        ),
    ],
)
def test_a_link_keeps_what_it_can_and_says_what_it_left_out(
    text: Any, kept: Any, sentence: str
) -> None:
    params, complaints = LoopParams.from_query({"v": "1", "schedule": text})
    assert list(params.schedule) == kept
    (complaint,) = complaints
    assert re.search(sentence, complaint)


def test_of_many_complaints_five_are_told_and_the_rest_counted() -> None:
    text = "12:temperature:1," + ",".join(["nonsense"] * 9)
    params, complaints = LoopParams.from_query({"v": "1", "schedule": text})
    assert params.schedule == (Change(12, "temperature", 1.0),)
    assert len(complaints) == 6
    assert complaints[-1] == "schedule holds 4 more changes like these."
