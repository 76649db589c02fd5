"""Links that were damaged on their way are repaired; what is lost is named."""

from typing import Any

import pytest

from closedloop_core import LoopParams
from closedloop_core.settings.laws import Law
from closedloop_core.settings.limits import LIMITS
from closedloop_core.settings.links import repaired
from closedloop_core.settings.params import MAX_NAMED


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"temperature": "0.5", "amp;seed": "3"}, LoopParams(temperature=0.5, seed=3)),
        ({"v": "1", "amp;regime": "replace"}, LoopParams(regime="replace")),
        ({"a;b": ""}, LoopParams()),
        ({"seed": "1", "amp;amp;noise": "off"}, LoopParams(seed=1, noise=False)),
        ({"seed": "1", "#38;growth": "0.1"}, LoopParams(seed=1, growth=0.1)),
        ({"temperature": "0.5", "seed": "3)"}, LoopParams(temperature=0.5, seed=3)),
        ({"temperature": "0.5."}, LoopParams(temperature=0.5)),
        ({"regime": "replace)."}, LoopParams(regime="replace")),
        ({"seed": "7>"}, LoopParams(seed=7)),
        ({"initial": "zipf:12:1]"}, LoopParams(initial=Law.zipf(12))),
    ],
)  # fmt: skip
def test_what_others_did_to_a_link_is_undone(query: Any, expected: Any) -> None:
    params, complaints = LoopParams.from_query(query)
    assert params == expected
    assert len(complaints) == (1 if "a;b" in query else 0)


def test_of_two_values_the_last_counts_and_it_is_said() -> None:
    params, complaints = LoopParams.from_query({"temperature": "0.5", "amp;temperature": "2"})
    assert params == LoopParams(temperature=2)
    assert complaints == ("temperature is in this link twice; 2 is used.",)


def test_unknown_names_are_named_up_to_a_number() -> None:
    names = [f"x{i}" for i in range(MAX_NAMED + 3)]
    _, complaints = LoopParams.from_query(dict.fromkeys(names, "1"))
    assert len(complaints) == 1
    assert ", ".join(names[:MAX_NAMED]) in complaints[0] and "and 3 more" in complaints[0]
    _, complaints = LoopParams.from_query({"x" * 10_000: "1"})
    assert len(complaints[0]) < 200


@pytest.mark.parametrize("name", ["utm_source", "utm_id", "fbclid", "gclid", "mc_cid", "ref", "si"])
def test_names_that_count_clicks_pass_in_silence(name: str) -> None:
    assert repaired({"seed": "1", name: "x"}) == ({"seed": "1"}, ())
    assert LoopParams.from_query({name: "x."}) == (LoopParams(), ())


@pytest.mark.parametrize("field", LIMITS)
def test_a_number_with_an_underscore_is_none(field: Any) -> None:
    params, complaints = LoopParams.from_query({field: "1_0"})
    assert params == LoopParams()
    assert len(complaints) == 1 and f"{field} must be" in complaints[0]
    with pytest.raises(ValueError, match="must be written as name:n"):
        Law.from_token("zipf:1_0")


def test_a_whole_link_is_left_as_it_is() -> None:
    law = Law.from_weights([2, 1], ["a", "b"])
    query = LoopParams(temperature=0.7, seed=3, initial=law).to_query()
    assert repaired(query) == (query, ())
