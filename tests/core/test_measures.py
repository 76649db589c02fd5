"""Measures: limits, closed forms, inequalities and refusals."""

import math
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core import (
    apply_temperature,
    hill_number,
    kl_divergence,
    mean_field_step,
    renyi_entropy,
    shannon_entropy,
    support_size,
    total_variation,
)
from tests.core.strategies import normalised

weights = st.lists(st.integers(0, 50), min_size=2, max_size=15).filter(any)
orders = st.one_of(st.floats(0, 30), st.sampled_from([0.0, 1.0, math.inf]))
often = settings(deadline=None, max_examples=100)
ZIPF = 1 / np.arange(1, 11) / (1 / np.arange(1, 11)).sum()


@often
@given(weights)
def test_shannon_is_the_plain_sum(values: Any) -> None:
    p = normalised(values)
    plain = -math.fsum(x * math.log(x) for x in p if x > 0)
    assert shannon_entropy(p) == pytest.approx(plain, abs=1e-14)
    assert 0 <= shannon_entropy(p) <= math.log(len(p)) + 1e-14


@often
@given(weights, st.floats(0.01, 20).filter(lambda order: abs(order - 1) > 1e-3))
def test_renyi_is_the_plain_formula(values: Any, order: Any) -> None:
    p = normalised(values)
    plain = math.log(math.fsum(x**order for x in p if x > 0)) / (1 - order)
    # ln of the sum rounds at 1e-16 x its size, divided by |1 - order| >= 1e-3.
    assert renyi_entropy(p, order) == pytest.approx(plain, abs=1e-12)


@often
@given(weights, orders, orders)
def test_renyi_falls_with_the_order(values: Any, one: Any, other: Any) -> None:
    p = normalised(values)
    low, high = sorted((one, other))
    if abs(low - 1) > 1e-3 and abs(high - 1) > 1e-3 or low == high:
        assert renyi_entropy(p, high) <= renyi_entropy(p, low) + 1e-12


@pytest.mark.parametrize("step", [1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-14])
@pytest.mark.parametrize("sign", [-1, 1])
def test_renyi_is_continuous_at_order_one(step: float, sign: int) -> None:
    # The slope at 1 is -Var(ln p)/2, here -0.33: nearer than 0.4 x step, but for rounding.
    gap = renyi_entropy(ZIPF, 1 + sign * step) - shannon_entropy(ZIPF)
    assert abs(gap) <= 0.4 * step + 1e-8


def test_the_slope_used_above_is_right() -> None:
    variance = (ZIPF * np.log(ZIPF) ** 2).sum() - shannon_entropy(ZIPF) ** 2
    assert 0.2 < variance / 2 < 0.39


@pytest.mark.parametrize("order", [1e-6, 1e-9, 1e-300])
def test_renyi_is_continuous_at_order_zero(order: float) -> None:
    p = np.append(ZIPF, 0.0)
    # The slope at 0 is ln n minus the mean of -ln p over the outcomes: below 1 here.
    assert renyi_entropy(p, order) == pytest.approx(math.log(10), abs=order + 1e-14)
    assert renyi_entropy(p, 0) == pytest.approx(math.log(10), abs=1e-15)


@pytest.mark.parametrize("order", [1e3, 1e6, 1e12, 1e300, sys.float_info.max])
def test_renyi_approaches_minus_log_of_the_largest(order: Any) -> None:
    # R_b = b/(b-1) (-ln max p) for a single largest entry, up to (p_2/p_1)^b.
    limit = renyi_entropy(ZIPF, math.inf)
    assert limit == pytest.approx(-math.log(ZIPF[0]), abs=1e-15)
    assert renyi_entropy(ZIPF, order) == pytest.approx(float(limit), rel=1.1 / order + 1e-12)


@often
@given(weights, orders)
def test_hill_number_is_between_one_and_the_support(values: Any, order: Any) -> None:
    p = normalised(values)
    # Near order 1 the quotient of logs rounds; the band covers orders 1e-3 away or exactly 1.
    if order == 1 or abs(order - 1) > 1e-3:
        assert 1 - 1e-12 <= hill_number(p, order) <= support_size(p) * (1 + 1e-12)


@pytest.mark.parametrize("order", [0, 0.3, 1, 2, 40, math.inf])
@pytest.mark.parametrize("n", [1, 2, 7, 10_000])
def test_even_law_counts_its_outcomes_at_every_order(order: Any, n: int) -> None:
    assert hill_number(np.full(n, 1 / n), order) == pytest.approx(n, rel=1e-11)


def test_hill_number_of_order_two_is_inverse_simpson() -> None:
    assert hill_number(ZIPF, 2) == pytest.approx(1 / (ZIPF**2).sum(), rel=1e-13)


@often
@given(weights, st.integers(0, 2**31))
def test_total_variation_is_a_distance(values: Any, seed: Any) -> None:
    p = normalised(values)
    q, r = np.random.default_rng(seed).dirichlet(np.ones(len(p)), 2)
    assert total_variation(p, p) == 0
    assert total_variation(p, q) == total_variation(q, p)
    assert total_variation(p, r) <= total_variation(p, q) + total_variation(q, r) + 1e-15
    # Another way to the same number: the largest gap over events.
    assert total_variation(p, q) == pytest.approx(np.maximum(p - q, 0).sum(), abs=1e-14)


def test_disjoint_laws_are_at_distance_one() -> None:
    assert total_variation([1, 0], [0, 1]) == 1


@often
@given(weights, st.integers(0, 2**31))
def test_pinsker_bounds_divergence_from_below(values: Any, seed: Any) -> None:
    p = normalised(values)
    q = np.random.default_rng(seed).dirichlet(np.ones(len(p)))
    assert kl_divergence(p, q) >= 2 * total_variation(p, q) ** 2 - 1e-14
    assert kl_divergence(p, p) == 0


def test_divergence_is_infinite_only_where_the_second_law_has_nothing() -> None:
    assert kl_divergence([0.5, 0.5], [1, 0]) == math.inf
    assert kl_divergence([1, 0], [0.5, 0.5]) == pytest.approx(math.log(2))
    assert kl_divergence([1, 0, 0], [0.25, 0.75, 0]) == pytest.approx(math.log(4))
    mixed = kl_divergence([[0.5, 0.5], [1, 0]], [1, 0])
    np.testing.assert_array_equal(mixed, [math.inf, 0])


def test_leading_axes_broadcast() -> None:
    rows = np.stack([ZIPF, ZIPF[::-1]])
    assert shannon_entropy(rows).shape == (2,)
    assert renyi_entropy(rows[:, None], 2).shape == (2, 1)
    assert hill_number(rows, math.inf).shape == (2,)
    assert support_size(rows).tolist() == [10, 10]
    assert total_variation(rows[:, None], rows[None]).shape == (2, 2)
    assert kl_divergence(rows[:, None], rows[None]).shape == (2, 2)


one_law = [
    shannon_entropy,
    support_size,
    lambda p: renyi_entropy(p, 2),
    lambda p: hill_number(p, 1),
    lambda p: apply_temperature(p, 0.5),
]


@pytest.mark.parametrize("measure", one_law)
@pytest.mark.parametrize(
    ("p", "message"),
    [
        ([0.5, 0.6], r"p must sum to 1 .* got a sum of 1\.1"),
        ([-0.5, 1.5], r"p must be >= 0 everywhere, got a least entry of -0\.5"),
        ([math.nan, 1], "p must be >= 0 everywhere, got a least entry of nan"),
        ([math.inf, 1], "p must sum to 1 .* got a sum of inf"),
        ([], r"p must have a last axis of outcomes, got shape \(0,\)"),
        (1.0, r"p must have a last axis of outcomes, got shape \(\)"),
        ([[1, 0], [0.5, 0.25]], r"p must sum to 1 .* got a sum of 0\.75"),
    ],
)
def test_what_is_no_distribution_is_refused_by_name(measure: Any, p: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        measure(p)


@pytest.mark.parametrize("measure", [total_variation, kl_divergence])
def test_two_laws_must_have_the_same_outcomes(measure: Any) -> None:
    with pytest.raises(ValueError, match="same number of outcomes, got 2 and 3"):
        measure([0.5, 0.5], [0.5, 0.25, 0.25])
    with pytest.raises(ValueError, match="q must sum to 1"):
        measure([0.5, 0.5], [0.5, 0.25])


@pytest.mark.parametrize("order", [-1, -1e-9, math.nan, -math.inf])
def test_orders_below_zero_are_refused(order: Any) -> None:
    with pytest.raises(ValueError, match=f"order must be >= 0, got {order}"):
        renyi_entropy(ZIPF, order)
    with pytest.raises(ValueError, match="order must be >= 0"):
        hill_number(ZIPF, order)


@pytest.mark.parametrize("temperature", [0, -1, math.nan, math.inf, -math.inf])
def test_temperatures_that_are_not_positive_numbers_are_refused(temperature: Any) -> None:
    with pytest.raises(ValueError, match=rf"temperature must be .*got {temperature}"):
        apply_temperature(ZIPF, temperature)
    with pytest.raises(ValueError, match="temperature must be .*got"):
        mean_field_step(ZIPF, ZIPF, temperature, 0.5)


@pytest.mark.parametrize("a", [-0.01, 1.01, math.nan, math.inf])
def test_external_fractions_outside_zero_to_one_are_refused(a: Any) -> None:
    with pytest.raises(ValueError, match=f"external_fraction must be between 0 and 1, got {a}"):
        mean_field_step(ZIPF, ZIPF, 0.5, a)


def test_the_step_refuses_another_number_of_outcomes() -> None:
    with pytest.raises(ValueError, match="same number of outcomes, got 10 and 2"):
        mean_field_step(ZIPF, [0.5, 0.5], 0.5, 0.5)
