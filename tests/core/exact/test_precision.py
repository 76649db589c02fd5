"""To the last digit: next to T = 1, at near-ties, folds and partings, against decimals.

A state is as sharp as its problem: a share that is off by its own rounding, 1e-16, moves it by that
over 1 - lambda. So states are asked for 1e-12 where 1 - lambda is above 1e-3 of what drives them.
"""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from closedloop_core import (
    collapse_threshold,
    minimum_external_fraction,
    phase_diagram,
    settled_state,
    stable_states,
    total_variation,
    uniform_thresholds,
)
from closedloop_core.exact.crest import depth_of, distance_of
from tests.core import precise


def worst(found: Any, exact: Any) -> Any:
    return max(abs(float(Decimal(float(x)) - y)) for x, y in zip(found, exact, strict=True))


@pytest.mark.parametrize("off", [1e-7, 1e-9, 1e-11, 1e-12, 1e-13, 1e-15])
@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("ratio", [0.1, 1.0, 3.0, 20.0])
def test_next_to_temperature_one_states_are_those_of_decimals(
    off: float, side: int, ratio: float
) -> None:
    # There the pull of temperature, about |1 - T|, and that of the source, a, balance.
    q, temperature = np.array([0.5, 0.3, 0.15, 0.05]), 1 + side * off
    share = ratio * abs(temperature - 1)
    found = settled_state(q, temperature, share)
    assert worst(found, precise.fixed_point(q, temperature, share, found)) < 1e-12
    diagram = phase_diagram(q, [temperature], [share])
    assert diagram.distance[0, 0] == pytest.approx(total_variation(found, q), abs=1e-8)


def test_the_first_share_that_was_wrong_next_to_temperature_one() -> None:
    found = settled_state([0.5, 0.3, 0.15, 0.05], 1 + 1e-12, 3e-12)
    assert found[0] == pytest.approx(0.4391, abs=5e-5)  # the independent figure, to its digits


@pytest.mark.parametrize("gap", [1e-2, 1e-6, 1e-10, 1e-12, 1e-14])
@pytest.mark.parametrize("temperature", [0.1, 0.5, 0.9])
def test_at_a_near_tie_the_leaders_state_is_that_of_decimals(
    gap: float, temperature: float
) -> None:
    q = np.array([0.4 * (1 + gap), 0.4, 0.2])
    q /= q.sum()
    for share in (0.5 * (1 - temperature), 0.9 * (1 - temperature), 1.1 * (1 - temperature), 0.99):
        found = settled_state(q, temperature, share)
        assert worst(found, precise.fixed_point(q, temperature, share, found)) < 1e-11


@pytest.mark.parametrize("gap", [1e-6, 1e-10, 1e-12, 0.0])
@pytest.mark.parametrize("temperature", [0.3, 0.8])
def test_at_a_near_tie_the_least_share_is_the_one_of_decimals(
    gap: float, temperature: float
) -> None:
    # The leader's branch is left at the top of its fold, beyond which its state is 10 % off; with
    # an exact tie where the leaders part.
    q = np.array([0.4 * (1 + gap), 0.4, 0.2])
    q /= q.sum()
    found = minimum_external_fraction(q, temperature)
    beside = [settled_state(q, temperature, found * (1 + off)) for off in (1e-11, -1e-11)]
    near, far = total_variation(beside, q)
    assert near <= 0.1 < far


@pytest.mark.parametrize("weights", [[1, 1], [4, 4, 1], [2, 2, 1, 1], [3, 3, 2.9]])
@pytest.mark.parametrize("temperature", [0.1, 0.5, 0.9, 0.99])
def test_two_tied_leaders_threshold_is_that_of_decimals(weights: Any, temperature: float) -> None:
    q = np.array(weights, dtype=float) / sum(weights)
    crest = 1 / (1 + precise.odds_on_branch(q, temperature, None, Decimal(0)))
    gentle = precise.odds_on_branch(q, temperature, 0, Decimal("1e-8")) > 1 / crest - 1
    expected = crest if gentle else precise.lowest_share(q, temperature, 0)
    assert abs(float(Decimal(collapse_threshold(q, temperature, 0)) - expected)) < 1e-13


@pytest.mark.parametrize("temperature", [0.2, 0.7, 0.97])
def test_other_winners_thresholds_are_those_of_decimals(temperature: float) -> None:
    q = np.array([5, 4, 2]) / 11
    for outcome in (1, 2):
        expected = precise.lowest_share(q, temperature, outcome)
        assert abs(float(Decimal(collapse_threshold(q, temperature, outcome)) - expected)) < 1e-13


@pytest.mark.parametrize("n", [3, 10, 100])
@pytest.mark.parametrize("temperature", [0.3, 0.5, 0.7, 0.95])
def test_an_even_laws_threshold_is_its_saddle_node(n: int, temperature: float) -> None:
    q = np.full(n, 1 / n)
    saddle = uniform_thresholds(n, temperature)[2]
    assert collapse_threshold(q, temperature, 0) == pytest.approx(saddle, abs=1e-13)


def test_every_listed_state_is_one_of_decimals() -> None:
    q = np.array([0.41, 0.39, 0.2])
    for temperature, share in ((0.3, 0.4), (0.8, 0.1), (0.999, 5e-4)):
        for state in stable_states(q, temperature, share):
            assert worst(state, precise.fixed_point(q, temperature, share, state)) < 1e-13


@pytest.mark.parametrize("temperature", [0.02, 0.3, 0.5, 0.9, 1 - 1e-6, 1 - 1e-12, 1 - 2**-53])
@pytest.mark.parametrize("is_lower", [True, False])
def test_roots_next_to_the_crest_and_far_from_it_keep_their_digits(
    temperature: float, is_lower: bool
) -> None:
    t, rest = Decimal(temperature), 1 - Decimal(temperature)
    t, rest = (t, rest) if is_lower else (rest, t)
    floats = np.array(float(t)), np.array(float(rest))
    for r in (1e-9, 1e-5, 1.9e-3, 2.1e-3, 0.3, 1.0, 3.0, 20.0, 90.0, 500.0, 650.0):
        x = Decimal(r)
        exact = (t * x + (rest + t * (-x).exp()).ln()) / (t * rest)
        found = depth_of(np.array(r), *floats)
        # Right to what moves r by 1e-15 or its own rounding.
        slope = (1 - (-x).exp()) / (rest + t * (-x).exp())
        assert abs(float((Decimal(float(found)) - exact) / slope)) < 1e-15 * (1 + r)
        assert float(distance_of(found, *floats)) == pytest.approx(r, abs=1e-15, rel=1e-13)
