"""LearnerParams: valid from birth, the same after a link and a file, and forgiving to links."""

import json
from typing import Any

import pytest

from closedloop_core import Change
from closedloop_core.learners.params import LearnerParams
from closedloop_core.learners.source import NGrams
from closedloop_core.settings.limits import ParameterError
from tests.core.learners.twins import tale

CHANGED = LearnerParams(
    source=NGrams.novel(2), smoothing="none", top_k=40, top_p=0.9, temperature=1.2,
    external_fraction=0.25, sample_size=5_000, regime="accumulate", growth=0.5, generations=7,
    schedule=(Change(3, "temperature", 0.5),), seed=9,
)  # fmt: skip


@pytest.mark.parametrize(
    ("field", "changes", "sentence"),
    [
        ("source", {"source": "novel"}, "source must be NGrams"),
        ("smoothing", {"smoothing": "some"}, "smoothing must be one of kneser_ney, none"),
        ("discount", {"discount": 2}, "discount must be between 0.001 and 1, got 2"),
        ("discount", {"discount": 0.5, "smoothing": "none"}, "discount must be None"),
        ("top_k", {"top_k": 1.5}, "top_k must be a whole number"),
        ("top_p", {"top_p": -1.0}, "top_p must be between"),
        ("min_p", {"min_p": "x"}, "min_p must be a number"),
        ("temperature", {"temperature": float("nan")}, "temperature must be between"),
        ("external_fraction", {"external_fraction": 1.5}, "external_fraction must be between"),
        ("sample_size", {"sample_size": 10**8}, "sample_size must add at most 10\\^7"),
        ("growth", {"growth": 0.1}, "growth must be None when regime is replace"),
        ("growth", {"growth": 500.0, "regime": "accumulate"}, "growth must add at most 10\\^7"),
        ("noise", {"noise": False}, "noise must be True with smoothing or truncation"),
        ("noise", {"noise": False, "smoothing": "none", "top_k": 3}, "noise must be True"),
        ("noise", {"noise": 1}, "noise must be True or False"),
        ("regime", {"regime": "renew"}, "regime must be one of"),
        ("generations", {"generations": 0}, "generations must be between"),
        ("seed", {"seed": -1}, "seed must be between"),
        ("schedule", {"schedule": (1,)}, "schedule must be a tuple of Change"),
    ],
)
def test_bad_values_are_refused_at_birth(field: str, changes: Any, sentence: str) -> None:
    with pytest.raises(ParameterError, match=sentence) as refused:
        LearnerParams(**{"source": tale(2), "generations": 2, **changes})
    assert refused.value.field == field
    assert len(str(refused.value)) < 200


def test_defaults_are_the_pages() -> None:
    params = LearnerParams()
    assert params.source == NGrams.novel(3)
    assert (params.smoothing, params.temperature, params.regime) == ("kneser_ney", 0.7, "replace")
    assert (params.sample_size, params.generations) == (20_000, 15)
    assert params.to_query() == {"v": "1"}
    assert params.loop.initial_size == params.source.size


@pytest.mark.parametrize("params", [LearnerParams(), CHANGED, LearnerParams(source=tale(3))])
def test_settings_come_back_from_their_dictionary(params: Any) -> None:
    found = LearnerParams.from_dict(json.loads(json.dumps(params.to_dict())))
    assert found.to_dict() == params.to_dict()
    if params.source.fits_link:
        assert found == params and hash(found) == hash(params)


def test_settings_come_back_from_their_link() -> None:
    query = CHANGED.to_query()
    assert query["source"] == "novel:2" and query["schedule"] == "3:temperature:0.5"
    assert LearnerParams.from_query(query) == (CHANGED, ())
    set_discount = LearnerParams(discount=0.4, min_p=0.1)
    assert LearnerParams.from_query(set_discount.to_query()) == (set_discount, ())
    quiet = LearnerParams(smoothing="none", noise=False)
    assert LearnerParams.from_query(quiet.to_query()) == (quiet, ())


def test_no_link_carries_a_text_of_ones_own() -> None:
    query = LearnerParams(source=tale(3), temperature=1.1).to_query()
    assert query["source"] == "file"
    found, complaints = LearnerParams.from_query(query)
    assert found == LearnerParams(temperature=1.1)
    assert len(complaints) == 1 and "does not carry its text" in complaints[0]


def test_a_link_says_when_the_reference_differs() -> None:
    found, complaints = LearnerParams.from_query({"source": "reference:3:3.2.1"})
    assert found.source == NGrams.reference(3)
    assert len(complaints) == 1 and "Python 3.2.1; here it is that of" in complaints[0]
    same = LearnerParams(source=NGrams.reference(2, "character"))
    assert LearnerParams.from_query(same.to_query()) == (same, ())


@pytest.mark.parametrize(
    "query",
    [
        {"temperature": "hot"},
        {"temperature": "99"},
        {"source": "novel:9"},
        {"source": "x" * 10_000},
        {"smoothing": "good"},
        {"top_k": "0"},
        {"discount": "-3"},
        {"noise": "off"},
        {"sample_size": "1000000000"},
        {"regime": "replace", "growth": "2"},
        {"schedule": "1:temperature"},
        {"v": "7"},
        {"temprature": "1"},
        {"seed": "nan"},
    ],
)
def test_a_link_never_fails_and_says_what_it_changed(query: Any) -> None:
    found, complaints = LearnerParams.from_query(query)
    assert isinstance(found, LearnerParams)
    assert len(complaints) == 1
    assert 10 < len(complaints[0]) < 300


def test_a_file_of_others_is_refused() -> None:
    for values in ({}, {"format": "closedloop"}, {**LearnerParams().to_dict(), "version": 3}):
        with pytest.raises(ValueError, match="settings must"):
            LearnerParams.from_dict(values)
    with pytest.raises(ValueError, match="only name known fields, got “heat”"):
        LearnerParams.from_dict({**LearnerParams().to_dict(), "heat": 3})


def test_equal_settings_are_equal() -> None:
    one, two = (LearnerParams(source=tale(2), temperature=1) for _ in range(2))
    assert one == two and hash(one) == hash(two)
    assert one != one.replace(seed=1)
