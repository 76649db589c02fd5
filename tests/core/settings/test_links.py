"""Links: whatever stands in one, settings and plain sentences come out."""

import base64
import json
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core import Law, LoopParams
from closedloop_core.settings.limits import LIMITS
from closedloop_core.settings.params import DEFAULTS

NAMES = ["v", *DEFAULTS]
SNIPPETS = [
    *("", "nan", "inf", "-inf", "-0", "1e400", "-1e400", "0", "1", "1.5", "1e9", "0x10", "1_000"),
    *("on", "off", "ON", "None", "accumulate", "replace", "subsample", "zipf:10", "uniform:3"),
    *("data:", "data:AAAA", "file", "zipf:10:1:1:1", "text:200", "uniform:10000", "\x00", "é"),
    *("9" * 400, "9" * 5000, "0.5,0.6", "(1,)", "__import__('os')"),
]


def data_token(weights: Any, labels: Any = None, dropped: Any = 0.0) -> Any:
    packed = json.dumps([weights, labels, dropped]).encode()
    return "data:" + base64.urlsafe_b64encode(zlib.compress(packed)).decode()


@settings(deadline=None, max_examples=250)
@given(
    st.dictionaries(
        st.one_of(st.sampled_from(NAMES), st.text(max_size=12)),
        st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=20), st.floats().map(repr)),
        max_size=8,
    )
)
def test_no_link_raises_and_every_complaint_is_a_sentence(query: Any) -> None:
    params, complaints = LoopParams.from_query(query)
    assert isinstance(params, LoopParams)
    assert all(isinstance(text, str) and len(text) < 400 for text in complaints)
    # What came out is a fixed point: its own link needs no complaint, unless data did not fit.
    assert LoopParams.from_query(params.to_query()) == (params, ())


@pytest.mark.parametrize(
    "value", [10**400, -(10**400), 10**4000, 2**70], ids=["1e400", "-1e400", "1e4000", "2^70"]
)
def test_forged_numbers_in_the_data_of_a_link_do_not_raise(value: Any) -> None:
    params, _ = LoopParams.from_query({"initial": data_token([1, value])})
    assert params.initial.n in (2, 10)
    LoopParams.from_query({"initial": data_token([1, 2], None, value)})


@pytest.mark.parametrize("field", LIMITS)
def test_numbers_beyond_a_limit_move_to_it_with_a_note(field: Any) -> None:
    limit = LIMITS[field]
    roomy = {"initial_size": "1000000", "generations": "1"}
    low, complaints = LoopParams.from_query({**roomy, field: "-7"})
    if limit.low > -7:
        assert getattr(low, field) == limit.low
        assert len(complaints) == 1
        assert f"{field} must be {limit.rule()}, got -7" in complaints[0]
    high, complaints = LoopParams.from_query({**roomy, "initial_size": "1", field: "1e300"})
    assert getattr(high, field) == limit.high
    assert len(complaints) == 1
    assert f"{field} must be {limit.rule()}, got 1e300" in complaints[0]


@pytest.mark.parametrize("field", LIMITS)
@pytest.mark.parametrize("text", ["hot", "", "nan", "inf", "0x10", "1,5"])
def test_what_is_no_number_falls_back_to_the_default_with_a_note(field: Any, text: str) -> None:
    params, complaints = LoopParams.from_query({field: text})
    assert params == LoopParams()
    assert len(complaints) == 1
    assert f"{field} must be" in complaints[0]
    assert "the default is used" in complaints[0]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"sample_size": "2.5"}, "sample_size must be a whole number, got “2.5”"),
        ({"noise": "maybe"}, "noise must be on or off, got “maybe”"),
        ({"regime": "merge"}, "regime must be one of accumulate, replace, subsample, got “merge”"),
        ({"initial": "pareto:10"}, "initial: a law must be one of"),
        ({"initial": "zipf:1"}, "initial: n must be between 2 and 10,000, got 1"),
        ({"initial": "file"}, "initial: this link does not carry its data"),
        ({"reference": "zipf:11"}, "reference must have as many outcomes as initial (10), got 11"),
        ({"growth": "1"}, "growth must keep the dataset at or below 10^15"),
        ({"v": "2"}, "made for version “2”"),
        ({"temprature": "1"}, "did you mean temperature?"),
    ],
)
def test_each_unusable_part_gives_the_default_and_one_note(query: Any, message: str) -> None:
    params, complaints = LoopParams.from_query(query)
    assert params == LoopParams()
    assert len(complaints) == 1
    assert message in complaints[0]


def test_one_bad_part_leaves_the_others_in_force() -> None:
    query = {"temperature": "2", "regime": "replace", "growth": "0.1", "seed": "x"}
    params, complaints = LoopParams.from_query(query)
    assert params == LoopParams(temperature=2, regime="replace")
    assert len(complaints) == 2


def test_other_peoples_parameters_pass_in_silence() -> None:
    assert LoopParams.from_query({"utm_source": "slides", "embed": "true"})[1] == ()


def test_data_too_large_for_a_link_are_marked_and_missed_aloud() -> None:
    params = LoopParams(initial=Law.from_weights(np.ones(60)), temperature=2)
    query = params.to_query()
    assert query["initial"] == "file"
    again, complaints = LoopParams.from_query(query)
    assert again == LoopParams(temperature=2)
    assert len(complaints) == 1


@pytest.mark.parametrize(("text", "noise"), [("on", True), ("off", False), ("False", False)])
def test_switches_are_read(text: str, noise: bool) -> None:
    assert LoopParams.from_query({"noise": text}) == (LoopParams(noise=noise), ())
