"""Settled states against slow obvious twins, dense algebra and closed forms."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from closedloop_core import (
    Law,
    LoopParams,
    apply_temperature,
    equilibrium,
    mean_field_step,
    minimum_external_fraction,
    settled_state,
    shannon_entropy,
    simulate,
    tolerance_contour,
    total_variation,
)
from closedloop_core.exact.settled import settled_from
from tests.core.slow import collapse_fraction, iterate, leading_eigenvalue
from tests.core.strategies import weights_with_zeros

temperatures = st.one_of(st.floats(0.02, 50), st.floats(0.9, 1.1))
fractions = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0, 1e-12, 1 - 1e-12]))
seldom = settings(deadline=None, max_examples=25)
often = settings(deadline=None, max_examples=150)


def random_settings(count: Any, n: Any, seed: Any, low: Any = 0.1, high: Any = 5.0) -> Any:
    rng = np.random.default_rng(seed)
    q = rng.dirichlet(np.full(n, 0.7), count) + 1e-4
    q /= q.sum(axis=1, keepdims=True)
    return q, np.exp(rng.uniform(np.log(low), np.log(high), count)), rng.uniform(0.02, 1, count)


@pytest.mark.parametrize("n", [2, 3, 6, 15])
def test_settled_state_is_where_iteration_from_q_ends(n: int) -> None:
    q, temperature, a = random_settings(150, n, seed=n)
    slow, settled = iterate(q, temperature, a, q)
    assert settled.mean() > 0.9  # the rest is too near a fold for the slow twin
    fast = np.array([settled_state(*row) for row in zip(q, temperature, a, strict=True)])
    # A step of 1e-14 that was reached within 20,000 leaves an error below 1e-14 x 20,000.
    assert np.abs(fast - slow)[settled].max() < 1e-9


@pytest.mark.parametrize("n", [2, 3, 6])
def test_equilibrium_is_where_iteration_from_any_start_ends(n: int) -> None:
    q, temperature, a = random_settings(150, n, seed=100 + n)
    start = np.random.default_rng(n).dirichlet(np.full(n, 0.4), len(q))
    slow, settled = iterate(q, temperature, a, start)
    assert settled.mean() > 0.9
    rows = zip(q, temperature, a, start, strict=True)
    fast = np.array([equilibrium(q_, t, a_, start=s) for q_, t, a_, s in rows])
    assert np.abs(fast - slow)[settled].max() < 1e-9
    # Starts matter: some of them end elsewhere than q does.
    from_q = np.array([settled_state(*row) for row in zip(q, temperature, a, strict=True)])
    assert np.abs(fast - from_q).max() > 0.1


@often
@given(weights_with_zeros, temperatures, fractions)
def test_settled_states_are_stable_fixed_points_on_the_support(
    values: Any, temperature: Any, a: Any
) -> None:
    q = Law.from_weights(values).probabilities()
    p = settled_state(q, temperature, a)
    assert np.abs(mean_field_step(p, q, temperature, a) - p).sum() <= 1e-10
    assert p.sum() == pytest.approx(1, abs=1e-14)
    assert np.all(p[q == 0] == 0)
    # An even law at a = 1 - T exactly is marginal: 1, up to rounding of the eigenvalues.
    assert leading_eigenvalue(p, temperature, a) <= 1 + 1e-7


@often
@given(weights_with_zeros, temperatures, fractions)
def test_equilibria_are_fixed_points_that_keep_ties(values: Any, temperature: Any, a: Any) -> None:
    q = Law.from_weights(values).probabilities()
    p = equilibrium(q, temperature, a)
    assert np.abs(mean_field_step(p, q, temperature, a) - p).sum() <= 1e-10
    for i, j in np.argwhere(q[:, None] == q[None, :]):
        assert p[i] == p[j]


@often
@given(weights_with_zeros, temperatures, st.floats(0, 0.99))
def test_settled_entropy_lies_on_the_side_of_the_temperature(
    values: Any, temperature: Any, a: Any
) -> None:
    assume(abs(np.log(temperature)) > 0.02)
    assume(len({x for x in values if x > 0}) > 1)
    law = Law.from_weights(values)
    change = shannon_entropy(settled_state(law, temperature, a)) - shannon_entropy(
        law.probabilities()
    )
    assert np.sign(change) == np.sign(temperature - 1)


@often
@given(weights_with_zeros, temperatures, st.floats(0.001, 1))
def test_distance_is_the_synthetic_share_of_the_tempered_distance(
    values: Any, temperature: Any, a: Any
) -> None:
    q = Law.from_weights(values).probabilities()
    p = settled_state(q, temperature, a)
    tempered = apply_temperature(p, temperature)
    expected = (1 - a) * total_variation(tempered, q)
    assert total_variation(p, q) == pytest.approx(float(expected), abs=1e-10)


@seldom
@given(weights_with_zeros, temperatures)
def test_distance_falls_as_external_data_rise(values: Any, temperature: Any) -> None:
    q = Law.from_weights(values).probabilities()
    states = [settled_state(q, temperature, a) for a in np.linspace(0, 1, 60)]
    assert np.all(np.diff(total_variation(states, q)) <= 1e-9)


@pytest.mark.parametrize("temperature", [0.02, 0.5, 2, 50])
def test_ends_of_the_external_share(temperature: float) -> None:
    q = np.array([0.1, 0.0, 0.5, 0.4])
    np.testing.assert_array_equal(settled_state(q, temperature, 1), q)
    end = [0, 0, 1, 0] if temperature < 1 else [1 / 3, 0, 1 / 3, 1 / 3]
    np.testing.assert_allclose(settled_state(q, temperature, 0), end, atol=1e-15)
    for a in (0, 0.3, 1):
        np.testing.assert_array_equal(settled_state(q, 1, a), q)


@pytest.mark.parametrize("a", [0.0, 0.05, 0.3])
def test_of_tied_leaders_the_lowest_index_wins(a: float) -> None:
    q = np.array([0.1, 0.35, 0.2, 0.35])
    p = settled_state(q, 0.5, a)
    assert np.argmax(p) == 1 and p[1] > p[3] + 0.1
    stay = equilibrium(q, 0.5, a)
    assert stay[1] == stay[3]
    pushed = q + np.array([0, 1e-6, 0, -1e-6])
    slow, settled = iterate(q[None], [0.5], [a], pushed[None])
    assert settled.all()
    np.testing.assert_allclose(p, slow[0], atol=1e-9)


@pytest.mark.parametrize("n", [2, 3, 5, 10])
@pytest.mark.parametrize("temperature", [0.1, 0.5, 0.9, 0.999])
def test_even_source_is_answered_exactly_where_it_turns_unstable(
    n: int, temperature: float
) -> None:
    # a = 1 - T: the slope of the curve of fixed points vanishes there. Both neighbours agree.
    q, a = Law.uniform(n), 1 - temperature
    np.testing.assert_allclose(equilibrium(q, temperature, a), 1 / n, rtol=1e-12)
    p = settled_state(q, temperature, a)
    assert np.abs(mean_field_step(p, q.probabilities(), temperature, a) - p).sum() <= 1e-10


@seldom
@given(st.integers(3, 60), st.floats(0.1, 0.95), st.floats(0.02, 0.999))
def test_even_source_collapses_along_the_closed_branch(n: Any, temperature: Any, part: Any) -> None:
    a = part * (1 - temperature)
    p = settled_state(Law.uniform(n), temperature, a)
    assert np.argmax(p) == 0
    np.testing.assert_allclose(p[1:], p[1], rtol=1e-12)
    assert collapse_fraction(p[0] / p[1], n, temperature) == pytest.approx(a, rel=1e-9)
    np.testing.assert_allclose(equilibrium(Law.uniform(n), temperature, a), 1 / n, rtol=1e-14)


@pytest.mark.parametrize("n", [3, 10, 40])
def test_collapse_of_an_even_source_lives_up_to_the_saddle_node(n: int) -> None:
    # T = 1/2: a_sn = n / (1 + sqrt(n - 1))^2 (docs/theory.md, section 3.4);
    # prevention is cheaper than cure.
    saddle = n / (1 + np.sqrt(n - 1)) ** 2
    collapsed = np.where(np.arange(n) == 2, 0.9, 0.1 / (n - 1))
    below = equilibrium(Law.uniform(n), 0.5, saddle - 1e-4, start=collapsed)
    assert collapse_fraction(below[2] / below[0], n, 0.5) == pytest.approx(saddle - 1e-4, abs=1e-9)
    above = equilibrium(Law.uniform(n), 0.5, saddle + 1e-4, start=collapsed)
    np.testing.assert_allclose(above, 1 / n, atol=1e-9)
    assert saddle > minimum_external_fraction(Law.uniform(n), 0.5)


@pytest.mark.parametrize("n", [2000, 10_000])
@pytest.mark.parametrize("temperature", [0.02, 0.5, 2, 50])
def test_many_outcomes_and_extreme_temperatures_are_exact_too(n: int, temperature: float) -> None:
    q = Law.zipf(n).probabilities()
    for a in (0.01, 0.5, 0.99):
        p = settled_state(q, temperature, a)
        assert np.abs(mean_field_step(p, q, temperature, a) - p).sum() <= 1e-10
    least = minimum_external_fraction(q, temperature)
    assert total_variation(settled_state(q, temperature, least + 1e-7), q) <= 0.1
    assert total_variation(settled_state(q, temperature, least - 1e-7), q) > 0.1


def test_zeros_in_the_source_stay_unless_the_start_has_them() -> None:
    q, start = np.array([0.0, 0.6, 0.4]), np.array([0.9, 0.06, 0.04])
    assert settled_state(q, 0.5, 0.1)[0] == 0
    slow, settled = iterate(q[None], [0.5], [0.1], start[None])
    assert settled.all() and slow[0, 0] > 0.5  # it keeps itself alive without any external help
    np.testing.assert_allclose(equilibrium(q, 0.5, 0.1, start=start), slow[0], atol=1e-10)


def test_from_any_start_the_ends_of_the_share_are_explicit() -> None:
    q, start = Law.zipf(4), np.array([0.1, 0.4, 0.4, 0.1])
    for temperature in (0.5, 1.0, 2.0):
        assert np.array_equal(equilibrium(q, temperature, 1.0, start=start), q.probabilities())
    assert np.array_equal(equilibrium(q, 1.0, 0.3, start=start), q.probabilities())
    # Without external data: the leaders share all, nothing moves, or all that is there is even.
    assert np.array_equal(equilibrium(q, 0.5, 0.0, start=start), [0, 0.5, 0.5, 0])
    assert np.array_equal(equilibrium(q, 1.0, 0.0, start=start), start)
    assert np.array_equal(equilibrium(q, 2.0, 0.0, start=[0, 0.9, 0, 0.1]), [0, 0.5, 0, 0.5])
    assert np.array_equal(settled_from(start, q, 0.5, 0.0), [0, 1, 0, 0])  # a tie is broken


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda q: settled_state(q, 0, 0.5), "temperature must be > 0, got 0"),
        (lambda q: settled_state(q, np.nan, 0.5), "temperature must be .* got nan"),
        (lambda q: settled_state(q, 1, 1.1), "external_fraction must be between 0 and 1, got 1.1"),
        (lambda q: equilibrium(q, 1, np.nan), "external_fraction must be .* got nan"),
        (lambda q: equilibrium(q, 1, 0, start=[0.5, 0.6, 0]), "start must sum to 1"),
        (lambda q: equilibrium(q, 1, 0, start=[0.5, 0.5]), "same number of outcomes"),
        (lambda q: equilibrium(q, 1, 0, start=[q, q]), "start must be one-dimensional"),
        (lambda q: settled_state([q, q], 1, 0), "reference must hold"),
        (lambda q: settled_state([1.0], 1, 0), "reference must hold at least 2 outcomes"),
        (lambda q: minimum_external_fraction(q, 1, 0), "tolerance must lie between 0 and 1, got 0"),
        (lambda q: minimum_external_fraction(q, 1, np.nan), "tolerance must .* got nan"),
        (lambda q: tolerance_contour(q, [1, 99]), "temperature must be .* got 99"),
    ],
)
def test_bad_input_is_refused_by_name(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(np.array([0.5, 0.25, 0.25]))


def test_where_several_states_are_stable_the_size_of_the_steps_decides_the_basin() -> None:
    # A start from which whole steps (replace) and small ones (accumulate) lead to two winners.
    q = Law.from_weights([0.36369865, 0.39609989, 0.24020146])
    start = np.array([0.32585988, 0.32940209, 0.34473803])
    setting = (q, 0.31474870, 0.17229545)
    run = LoopParams(
        initial=Law.from_weights(start),
        reference=q,
        temperature=setting[1],
        external_fraction=setting[2],
        noise=False,
        generations=1_000,
    )
    for regime, growth in (("replace", None), ("accumulate", 0.02)):
        end = simulate(run.replace(regime=regime, growth=growth)).probabilities[-1]
        settled = settled_from(start / start.sum(), *setting, regime)
        np.testing.assert_allclose(settled, end, atol=1e-6)
    assert np.argmax(settled_from(start / start.sum(), *setting, "replace")) != np.argmax(end)


@pytest.mark.parametrize("seed", range(60))
def test_growing_data_lead_where_many_small_steps_lead(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 30))
    q = rng.dirichlet(np.full(n, rng.choice([0.1, 1.0, 5.0]))) + 1e-12
    start = rng.dirichlet(np.full(n, rng.choice([0.1, 1.0]))) + 1e-15
    q, start = q / q.sum(), start / start.sum()
    temperature, share = rng.uniform(0.05, 0.99), rng.uniform(0.01, 0.6)
    p = start.copy()
    for _ in range(400):  # dp/ds = F(p) - p, to s = 20
        p += 0.05 * (mean_field_step(p, q, temperature, share) - p)
    slow = equilibrium(q, temperature, share, start=p / p.sum())
    found = settled_from(start, q, temperature, share, "accumulate")
    np.testing.assert_allclose(found, slow, rtol=0, atol=1e-9)


def test_by_the_steps_of_its_regime_an_equilibrium_is_the_settled_state_but_for_ties() -> None:
    rng, q = np.random.default_rng(4), Law.zipf(4)
    for _ in range(30):
        start, t, a = rng.dirichlet(np.ones(4)), rng.uniform(0.3, 0.9), rng.uniform(0.05, 0.5)
        for regime in ("accumulate", "replace"):
            found = equilibrium(q, t, a, start=start, regime=regime)
            np.testing.assert_allclose(found, settled_from(start, q, t, a, regime), atol=1e-9)
    even = np.full(4, 0.25)
    tied = equilibrium(Law.uniform(4), 0.5, 0.05, start=even, regime="accumulate")
    np.testing.assert_allclose(tied, even, atol=1e-12)
