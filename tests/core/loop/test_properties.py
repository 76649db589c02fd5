"""Laws of the model (docs/theory.md, sections 1 to 3.1), as properties of random distributions."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from closedloop_core import (
    Law,
    LoopParams,
    apply_temperature,
    hill_number,
    kl_divergence,
    mean_field_step,
    shannon_entropy,
    simulate,
    total_variation,
)
from closedloop_core.closed_forms.drift import mean_field_replace
from tests.core.strategies import normalised, weights

sparse_weights = st.lists(st.integers(0, 20), min_size=2, max_size=12).filter(any)
# With weights of 1 to 1000 no power of a power leaves the range of floats.
temperatures = st.floats(0.1, 10)
fractions = st.floats(0, 1)
seldom = settings(deadline=None, max_examples=40)
often = settings(deadline=None, max_examples=100)


def potential(p: Any, q: Any, temperature: Any, a: Any) -> Any:
    """Phi of docs/theory.md, section 3.1; -inf where p misses some of q."""
    with np.errstate(divide="ignore"):
        logs = np.log(p)
    powers = logs / temperature
    log_sum = powers.max() + np.log(np.exp(powers - powers.max()).sum())
    outside = a * (q * np.where(q > 0, logs, 0.0)).sum() if a > 0 else 0.0
    return (1 - a) * temperature * log_sum + outside


@often
@given(weights, temperatures, temperatures)
def test_temperatures_compose_by_multiplication(values: Any, first: Any, second: Any) -> None:
    p = normalised(values)
    twice = apply_temperature(apply_temperature(p, first), second)
    once = apply_temperature(p, first * second)
    # Logs up to 700 carry a rounding of 1e-13, multiplied by at most 1/T = 10.
    np.testing.assert_allclose(twice, once, rtol=1e-10)


@often
@given(sparse_weights, temperatures)
def test_temperature_matches_plain_powers(values: Any, temperature: Any) -> None:
    p = normalised(values)
    powers = np.array([x ** (1 / temperature) if x > 0 else 0.0 for x in p])
    np.testing.assert_allclose(apply_temperature(p, temperature), normalised(powers), rtol=1e-12)


@often
@given(sparse_weights, temperatures)
def test_order_is_kept_and_ties_stay_tied(values: Any, temperature: Any) -> None:
    hot = apply_temperature(normalised(values), temperature)
    for i, x in enumerate(values):
        for j, y in enumerate(values):
            assert (x == y) == (hot[i] == hot[j])
            assert (x < y) == (hot[i] < hot[j])


@often
@given(sparse_weights, temperatures)
def test_absent_outcomes_never_return(values: Any, temperature: Any) -> None:
    p = normalised(values)
    np.testing.assert_array_equal(apply_temperature(p, temperature) > 0, p > 0)


@often
@given(sparse_weights, temperatures, fractions, st.integers(0, 2**31))
def test_the_image_is_a_distribution(values: Any, temperature: Any, a: Any, seed: Any) -> None:
    p = normalised(values)
    q = np.random.default_rng(seed).dirichlet(np.ones(len(p)))
    image = mean_field_step(p, q, temperature, a)
    assert image.min() >= 0
    assert abs(image.sum() - 1) < 1e-14 * len(p)
    np.testing.assert_allclose(image, (1 - a) * apply_temperature(p, temperature) + a * q)


@often
@given(weights, temperatures, temperatures, st.sampled_from([0, 0.5, 1, 2, 7.5, np.inf]))
def test_hill_numbers_of_every_order_rise_with_temperature(
    values: Any, one: Any, other: Any, order: Any
) -> None:
    p = normalised(values)
    low, high = sorted((one, other))
    cold, hot = (hill_number(apply_temperature(p, t), order) for t in (low, high))
    assert cold <= hot * (1 + 1e-12)


def test_the_rise_of_hill_numbers_can_fail() -> None:
    # Numbers of another law, hotter but poorer: the comparison above is not empty.
    hot = apply_temperature(normalised([1, 1, 100]), 1.1)
    cold = apply_temperature(normalised([1, 2, 3]), 0.9)
    assert hill_number(cold, 1) > hill_number(hot, 1)


@often
@given(weights, st.data(), temperatures)
def test_even_laws_on_any_subset_are_fixed_points(values: Any, data: Any, temperature: Any) -> None:
    chosen = data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))
    assume(any(chosen))
    even = normalised(np.array(chosen))
    np.testing.assert_allclose(apply_temperature(even, temperature), even, rtol=1e-14)


@often
@given(weights, temperatures)
def test_uneven_laws_move_unless_temperature_is_one(values: Any, temperature: Any) -> None:
    assume(len(set(values)) > 1)
    assume(abs(np.log(temperature)) > 0.01)
    p = normalised(values)
    assert total_variation(apply_temperature(p, temperature), p) > 1e-8


@seldom
@given(sparse_weights)
def test_temperature_one_keeps_every_law(values: Any) -> None:
    p = normalised(values)
    np.testing.assert_allclose(apply_temperature(p, 1.0), p, rtol=1e-14)


@seldom
@given(weights, temperatures, fractions)
def test_leading_axes_broadcast(values: Any, temperature: Any, a: Any) -> None:
    p = normalised(values)
    q = p[::-1]
    rows = np.stack([[p, q], [q, p]])
    images = mean_field_step(rows, q, temperature, a)
    np.testing.assert_allclose(images[0, 0], mean_field_step(p, q, temperature, a), rtol=1e-14)
    np.testing.assert_allclose(images[1, 0], mean_field_step(q, q, temperature, a), rtol=1e-14)


@seldom
@given(sparse_weights.filter(lambda w: sum(x > 0 for x in w) > 1), st.floats(0.5, 2))
def test_mean_field_replace_is_one_temperature_map(values: Any, temperature: Any) -> None:
    law = Law.from_weights(values)
    params = LoopParams(
        initial=law, temperature=temperature, regime="replace", noise=False, generations=12
    )
    run = simulate(params).probabilities
    for t in (0, 1, 5, 12):
        closed = mean_field_replace(law.probabilities(), temperature, t)
        # Logs grow to 3 x 2^12, each step rounds at 1e-16 of that; what is below 1e-290 is gone.
        np.testing.assert_allclose(run[t], closed, rtol=1e-10, atol=1e-290)


@pytest.mark.parametrize(("temperature", "end"), [(0.5, [0.5, 0.5, 0, 0]), (2, [1 / 3] * 3 + [0])])
def test_mean_field_replace_ends_even_on_leaders_or_on_the_support(
    temperature: float, end: Any
) -> None:
    p = mean_field_replace([0.4, 0.4, 0.2, 0.0], temperature, 200)
    np.testing.assert_allclose(p, end, atol=1e-12)


@pytest.mark.parametrize("temperature", [0.02, 0.5, 2, 50])
@pytest.mark.parametrize("generation", [0, 1, 10, 1_000, 100_000])
def test_closed_form_stays_a_distribution_at_any_generation(
    temperature: float, generation: int
) -> None:
    p = mean_field_replace([0.5, 0.3, 0.2, 0.0], temperature, generation)
    assert p[3] == 0
    assert p.sum() == pytest.approx(1, abs=1e-14)


@pytest.mark.parametrize("temperature", [1e-308, 1e-20, 1e20, 1e308])
def test_any_positive_temperature_is_answered(temperature: float) -> None:
    # Documented as any float > 0: the limits are the leader alone and the even law.
    hot = apply_temperature([0.6, 0.4 - 1e-12, 1e-12], temperature)
    limit = [1, 0, 0] if temperature < 1 else [1 / 3] * 3
    np.testing.assert_allclose(hot, limit, atol=1e-12)


@seldom
@given(weights, st.floats(0.3, 3), fractions, st.integers(0, 2**31))
def test_accumulate_becomes_replace_as_growth_grows(
    values: Any, temperature: Any, a: Any, seed: Any
) -> None:
    initial = Law.from_weights(values)
    reference = Law.from_weights(np.random.default_rng(seed).dirichlet(np.ones(len(values))) + 1e-3)
    common = {
        "initial": initial,
        "reference": reference,
        "temperature": temperature,
        "external_fraction": a,
        "noise": False,
        "initial_size": 1,
        "generations": 2,
    }
    goal = simulate(LoopParams(regime="replace", **common)).probabilities
    gaps = []
    for growth in (1e3, 1e5):
        run = simulate(LoopParams(regime="accumulate", growth=growth, **common)).probabilities
        gaps.append(np.abs(run - goal).sum(axis=1)[1:].max())
    # gamma = g/(1+g): each step misses by at most 2/(1+g) in L1; the next stretches that by the
    # Lipschitz constant of F over one step, so the gap is of order 1/g: 100 times less for 100 g.
    assert gaps[0] < 0.5
    assert gaps[1] <= gaps[0] * 0.02 + 1e-14


@pytest.mark.parametrize("regime", ["accumulate", "replace", "subsample"])
@settings(deadline=None, max_examples=30)
@given(
    values=weights,
    temperature=st.floats(0.05, 20),
    a=st.one_of(fractions, st.sampled_from([0.0, 1.0])),
    sample_size=st.integers(1, 1000),
    seed=st.integers(0, 2**31),
)
def test_potential_rises_along_every_mean_field_step(
    regime: str, values: Any, temperature: Any, a: Any, sample_size: Any, seed: Any
) -> None:
    initial = Law.from_weights(values)
    reference = Law.from_weights(np.random.default_rng(seed).dirichlet(np.ones(len(values))) + 1e-3)
    params = LoopParams(
        initial=initial,
        reference=reference,
        temperature=temperature,
        external_fraction=a,
        noise=False,
        regime=regime,
        sample_size=sample_size,
        generations=15,
    )
    run, q = simulate(params), reference.probabilities()
    for t in range(15):
        p, after = run.probabilities[t], run.probabilities[t + 1]
        size, before = run.dataset_size[t + 1], run.dataset_size[t]
        gamma = 1.0 if regime == "replace" else (size - before) / size
        image = mean_field_step(p, q, temperature, a)
        rise = potential(after, q, temperature, a) - potential(p, q, temperature, a)
        # Phi is a sum of terms up to T |ln p| / T ~ 700: rounding stays below 1e-11.
        assert rise >= gamma * kl_divergence(image, p) - 1e-11


def test_potential_falls_when_a_step_is_undone() -> None:
    # The check can fail: backwards along the flow Phi falls.
    p, q = normalised([5, 3, 2]), normalised([1, 1, 1])
    image = mean_field_step(p, q, 0.7, 0.2)
    assert potential(2 * p - image, q, 0.7, 0.2) < potential(p, q, 0.7, 0.2)


@often
@given(weights, temperatures.filter(lambda t: abs(np.log(t)) > 0.05), st.floats(0, 0.95))
def test_entropy_keeps_to_its_side_of_the_reference_for_ever(
    values: Any, temperature: Any, a: Any
) -> None:
    # docs/theory.md, section 3.5: sign(H(p_t) - H(q)) = sign(T - 1) along the whole mean-field
    # run from q.
    assume(len(set(values)) > 1)
    law = Law.from_weights(values)
    params = LoopParams(
        initial=law,
        temperature=temperature,
        external_fraction=a,
        noise=False,
        regime="replace",
        generations=20,
    )
    change = shannon_entropy(simulate(params).probabilities)[1:] - shannon_entropy(
        law.probabilities()
    )
    assert np.all(np.sign(temperature - 1) * change > 0)
