"""LoopParams: what is refused and how, and the ways into a file and into a link."""

import json
import math
import pickle
import re
from dataclasses import FrozenInstanceError
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core import Law, LoopParams
from closedloop_core.settings.limits import LIMITS, ParameterError
from closedloop_core.settings.params import DEFAULTS, HELP, REGIMES, dataset_sizes

often = settings(deadline=None, max_examples=80)


def named_laws(n: Any) -> Any:
    return st.one_of(
        st.builds(Law.uniform, st.just(n)),
        st.builds(Law.zipf, st.just(n), st.floats(0, 20)),
        st.builds(Law.geometric, st.just(n), st.floats(0.001, 1)),
        st.builds(Law.two_peaks, st.just(n), st.floats(0, 1)),
        st.builds(Law.dirichlet, st.just(n), st.floats(0.01, 1e6), st.integers(0, 2**32 - 1)),
        st.builds(Law.real_text, st.just(n)),
    )


def data_laws(n: Any) -> Any:
    weight = st.one_of(st.integers(1, 10**9), st.floats(1e-300, 1e300))
    labels = st.one_of(st.none(), st.lists(st.text(max_size=5), min_size=n, max_size=n))
    return st.builds(Law.from_weights, st.lists(weight, min_size=n, max_size=n), labels)


@st.composite
def loop_params(draw: Any) -> Any:
    n = draw(st.integers(2, 40))
    laws = st.one_of(named_laws(n), data_laws(n))
    regime = draw(st.sampled_from(REGIMES))
    growth = st.none() if regime == "replace" else st.one_of(st.none(), st.floats(1e-3, 0.5))
    return LoopParams(
        initial=draw(laws),
        reference=draw(st.one_of(st.none(), laws)),
        temperature=draw(st.floats(0.02, 50)),
        external_fraction=draw(st.floats(0, 1)),
        sample_size=draw(st.integers(1, 10**9)),
        noise=draw(st.booleans()),
        regime=regime,
        initial_size=draw(st.integers(1000, 10**6)),
        growth=draw(growth),
        subsample_size=draw(st.integers(1, 10**9)),
        generations=draw(st.integers(1, 30)),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


REFUSALS = [
    ("temperature", 0, "> 0", "0"),
    ("temperature", -1.0, "> 0", "-1.0"),
    ("temperature", -math.inf, "> 0", "-inf"),
    ("temperature", math.inf, "between 0.02 and 50", "inf"),
    ("temperature", 0.019, "between 0.02 and 50", "0.019"),
    ("temperature", 50.1, "between 0.02 and 50", "50.1"),
    ("temperature", "hot", "a number", "“hot”"),
    ("temperature", None, "a number", "None"),
    ("temperature", 1j, "a number", "1j"),
    ("temperature", True, "a number", "True"),
    ("external_fraction", -0.001, "between 0 and 1", "-0.001"),
    ("external_fraction", 1.001, "between 0 and 1", "1.001"),
    ("external_fraction", math.inf, "between 0 and 1", "inf"),
    ("sample_size", 0, "between 1 and 1,000,000,000", "0"),
    ("sample_size", -5, "between 1 and 1,000,000,000", "-5"),
    ("sample_size", 10**9 + 1, "between 1 and 1,000,000,000", "1000000001"),
    ("sample_size", 2.5, "a whole number", "2.5"),
    ("sample_size", "12", "a whole number", "“12”"),
    ("initial_size", 0, "between 1 and", "0"),
    ("initial_size", 1.5, "a whole number", "1.5"),
    ("subsample_size", 0, "between 1 and", "0"),
    ("generations", 0, "between 1 and 100,000", "0"),
    ("generations", 100_001, "between 1 and 100,000", "100001"),
    ("generations", math.inf, "between 1 and 100,000", "inf"),
    ("growth", 0, "> 0", "0"),
    ("growth", -0.1, "> 0", "-0.1"),
    ("growth", math.inf, "between 1e-06 and 1,000,000,000", "inf"),
    ("seed", -1, "between 0 and 4,294,967,295", "-1"),
    ("seed", 2**32, "between 0 and 4,294,967,295", "4294967296"),
    ("seed", 0.5, "a whole number", "0.5"),
    ("noise", 1, "True or False", "1"),
    ("noise", "on", "True or False", "“on”"),
    ("regime", "merge", "one of accumulate, replace, subsample", "“merge”"),
    ("regime", None, "one of accumulate, replace, subsample", "None"),
    ("schedule", (1,), "a tuple of Change", "1"),
    ("schedule", 5, "a tuple of Change", "5"),
    ("initial", [0.5, 0.5], "a Law", "[0.5, 0.5]"),
    ("initial", None, "a Law", "None"),
    ("reference", "zipf", "a Law", "“zipf”"),
    ("reference", Law.zipf(11), "as many outcomes as initial (10)", "11"),
]


@pytest.mark.parametrize(("field", "value", "rule", "shown"), REFUSALS)
def test_refusals_name_field_rule_and_value(field: Any, value: Any, rule: Any, shown: Any) -> None:
    with pytest.raises(ValueError) as caught:
        LoopParams(**{field: value})
    sentence = str(caught.value)
    pattern = rf"{field} must (be|have) {re.escape(rule)}.*, got {re.escape(shown)}"
    assert re.fullmatch(pattern, sentence), sentence
    assert isinstance(caught.value, ParameterError)
    assert caught.value.field == field


@pytest.mark.parametrize("field", LIMITS)
@pytest.mark.parametrize("nan", [math.nan, np.float64("nan"), np.float32("nan")])
def test_nan_is_refused_by_name_everywhere(field: Any, nan: Any) -> None:
    with pytest.raises(ValueError, match=rf"{field} must be .*, got nan"):
        LoopParams(**{field: nan})


@pytest.mark.parametrize("field", LIMITS)
@pytest.mark.parametrize("value", [[1], {}, "", object])
def test_what_is_no_number_is_refused_by_name(field: Any, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{field} must be a"):
        LoopParams(**{field: value})


@pytest.mark.parametrize("value", [Decimal("NaN"), np.array([1, 2]), np.array([1.0])], ids=repr)
def test_what_only_looks_like_a_number_is_refused_by_name(value: Any) -> None:
    with pytest.raises(ValueError, match="temperature must be "):
        LoopParams(temperature=value)


def test_refused_settings_survive_a_pickle() -> None:
    with pytest.raises(ParameterError) as caught:
        LoopParams(temperature=0)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.field) == ("temperature must be > 0, got 0", "temperature")


@pytest.mark.parametrize("field", LIMITS)
def test_both_ends_of_every_range_are_accepted(field: Any) -> None:
    for value in (LIMITS[field].low, LIMITS[field].high):
        # One generation, and a dataset that growth can move without passing 10^15.
        size = 10**6 if field == "growth" and value < 1 else 1000
        settled = {"generations": 1, "initial_size": size, field: value}
        assert getattr(LoopParams(**settled), field) == value


def test_growth_must_add_an_item_stay_below_the_cap_and_suit_the_regime() -> None:
    with pytest.raises(ValueError, match="growth must be None when regime is replace, got 0.1"):
        LoopParams(regime="replace", growth=0.1)
    with pytest.raises(ValueError, match="growth must add at least one item .* of 10, got 0.01"):
        LoopParams(growth=0.01, initial_size=10)
    with pytest.raises(ValueError, match=r"growth must keep .* 10\^15 items, got 1.0 over 200"):
        LoopParams(growth=1.0)
    assert LoopParams(growth=1.0, initial_size=1, generations=49).growth == 1.0
    with pytest.raises(ValueError, match="growth"):  # 2^50 > 10^15
        LoopParams(growth=1.0, initial_size=1, generations=50)


def test_dataset_sizes_follow_the_regime() -> None:
    fixed = LoopParams(sample_size=7, initial_size=100, generations=3)
    assert dataset_sizes(fixed) == [100, 107, 114, 121]
    assert dataset_sizes(fixed.replace(regime="replace")) == [100, 7, 7, 7]
    assert dataset_sizes(fixed.replace(growth=0.1)) == [100, 110, 121, 133]


def test_numpy_numbers_are_accepted_and_become_plain() -> None:
    params = LoopParams(
        sample_size=np.int64(50),
        seed=np.uint32(7),
        generations=np.int16(9),
        temperature=np.float32(0.5),
        external_fraction=np.float64(0.25),
        initial_size=np.float64(200),
    )
    assert params == LoopParams(
        sample_size=50,
        seed=7,
        generations=9,
        temperature=0.5,
        external_fraction=0.25,
        initial_size=200,
    )
    assert {type(params.sample_size), type(params.seed), type(params.initial_size)} == {int}
    assert {type(params.temperature), type(params.external_fraction)} == {float}
    json.dumps(params.to_dict())


def test_settings_are_frozen_keyword_only_and_described() -> None:
    with pytest.raises(FrozenInstanceError):
        LoopParams().temperature = 1.0  # type: ignore[misc]
    with pytest.raises(TypeError):
        LoopParams(Law.zipf(3))  # type: ignore[call-arg]
    assert set(HELP) == set(DEFAULTS)
    assert LoopParams().source == Law.zipf(10)
    assert LoopParams(reference=Law.uniform(10)).source == Law.uniform(10)


@often
@given(loop_params())
def test_equal_settings_hash_alike_and_survive_a_pickle(params: Any) -> None:
    again = pickle.loads(pickle.dumps(params))
    assert again == params
    assert hash(again) == hash(params)
    other = (params.seed + 1) % 2**32
    assert params.replace(seed=other) != params
    assert params.replace(seed=other).replace(seed=params.seed) == params


def test_replace_refuses_as_birth_does() -> None:
    with pytest.raises(ValueError, match="temperature must be > 0, got -1"):
        LoopParams().replace(temperature=-1)
    with pytest.raises(ValueError, match="reference must have as many outcomes"):
        LoopParams(reference=Law.uniform(10)).replace(initial=Law.uniform(4))


@often
@given(loop_params())
def test_a_file_brings_the_same_settings_back(params: Any) -> None:
    assert LoopParams.from_dict(json.loads(json.dumps(params.to_dict()))) == params


@often
@given(loop_params())
def test_a_link_brings_the_same_settings_back_without_complaint(params: Any) -> None:
    # Laws of at most 40 outcomes and short labels; a law that does not fit says so.
    fits = all(law is None or law.fits_link() for law in (params.initial, params.reference))
    again, complaints = LoopParams.from_query(params.to_query())
    if fits:
        assert (again, complaints) == (params, ())
    else:
        assert complaints


def test_the_default_link_says_only_its_version() -> None:
    assert LoopParams().to_query() == {"v": "1"}
    assert LoopParams.from_query({}) == (LoopParams(), ())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "other"}, "format 'closedloop'"),
        ({"version": 99}, "version 1, got 99"),
        ({"temprature": 1}, "known fields, got “temprature”"),
        ({"temperature": "1"}, "temperature must be a number, got “1”"),
        ({"temperature": None}, "temperature must be a number, got None"),
        ({"initial": 3}, "a law must be an object, got int"),
        ({"initial": {"weights": [1, -1]}}, "weights must be finite and >= 0, got -1"),
        ({"initial": {"weights": [1, 10**400]}}, "weights"),
        ({"schedule": [1]}, r"schedule must be a list of changes, got \[1\]"),
        ({"schedule": [{"generation": 3}]}, "a change must have field, generation, value"),
        ({"schedule": 5}, "schedule must be"),
        ({"regime": ["replace"]}, "regime must be one of"),
        ({"noise": 0}, "noise must be True or False, got 0"),
    ],
)
def test_files_that_do_not_hold_settings_are_refused_in_one_sentence(
    change: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        LoopParams.from_dict({**LoopParams().to_dict(), **change})


@pytest.mark.parametrize("values", [None, [], 3, "text", {}])
def test_what_is_no_settings_object_is_refused(values: Any) -> None:
    with pytest.raises(ValueError, match="settings must be an object"):
        LoopParams.from_dict(values)
