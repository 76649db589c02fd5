"""The free energy the loop climbs, and the eigenvalue that says how fast it settles."""

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
    fixed_points,
    free_energy,
    kl_divergence,
    leading_eigenvalue,
    mean_field_step,
    renyi_entropy,
    settled_state,
    shannon_entropy,
    simulate,
    stable_states,
)
from tests.core.slow import collapse_fraction, iterate
from tests.core.slow import leading_eigenvalue as dense_eigenvalue
from tests.core.strategies import normalised, weights

temperatures = st.floats(0.02, 50)
shares = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0]))
often = settings(deadline=None, max_examples=80)


def other_law(n: Any, seed: Any) -> Any:
    return normalised(np.random.default_rng(seed).dirichlet(np.ones(n)) + 1e-3)


@often
@given(weights, temperatures, shares, st.integers(0, 2**31))
def test_free_energy_is_renyi_entropy_and_divergence(
    values: Any, temperature: Any, a: Any, seed: Any
) -> None:
    # docs/theory.md, section 3.1: (1-a)(T-1) R_b(p) - a KL(q||p) - a H(q).
    p = normalised(values)
    q = other_law(len(p), seed)
    own = (temperature - 1) * renyi_entropy(p, 1 / temperature)
    expected = (1 - a) * own - a * kl_divergence(q, p) - a * shannon_entropy(q)
    assert free_energy(p, q, temperature, a) == pytest.approx(float(expected), abs=1e-10)


@often
@given(weights, st.floats(0.05, 20), shares, st.integers(0, 2**31))
def test_gradient_of_the_free_energy_is_the_image(
    values: Any, temperature: Any, a: Any, seed: Any
) -> None:
    # p_i dPhi/dp_i = F_i. Phi(c p) = Phi(p) + ln c, so back on the simplex the slope in ln p_i
    # is F_i - p_i. Central differences err by h^2/6 times the third derivative, at most b^2.
    p = normalised(values)
    q, h = other_law(len(p), seed), 1e-4
    up, down = (p * np.exp(s * h * np.eye(len(p))) for s in (1, -1))
    up, down = (x / x.sum(axis=1, keepdims=True) for x in (up, down))
    slope = (free_energy(up, q, temperature, a) - free_energy(down, q, temperature, a)) / (2 * h)
    error = h**2 * max(1, temperature**-2) + 1e-14 / h * max(1, temperature)
    np.testing.assert_allclose(slope, mean_field_step(p, q, temperature, a) - p, atol=10 * error)


@often
@given(
    st.sampled_from(["accumulate", "replace", "subsample"]),
    st.lists(st.integers(0, 1000), min_size=2, max_size=10).filter(any),
    temperatures,
    shares.filter(lambda a: a == 0 or a > 1e-300),  # else a q may underflow to nothing
    st.one_of(st.none(), st.floats(0.01, 1e3)),
    st.integers(1, 10**6),
    st.integers(0, 2**31),
)
def test_potential_never_rises_along_any_step(
    regime: Any, values: Any, temperature: Any, a: Any, growth: Any, sample_size: Any, seed: Any
) -> None:
    # The mean field of every regime, whatever the step; outcomes may be absent from p or q.
    n = len(values)
    rng = np.random.default_rng(seed)
    reference = rng.dirichlet(np.ones(n)) * (rng.random(n) < 0.8) + 1e-3 * (np.arange(n) == 0)
    params = LoopParams(
        initial=Law.from_weights(values),
        reference=Law.from_weights(reference),
        temperature=temperature,
        external_fraction=a,
        noise=False,
        regime=regime,
        growth=None if regime == "replace" else growth,
        sample_size=sample_size,
        initial_size=100,
        generations=4 if growth else 12,
    )
    run, q = simulate(params), params.source.probabilities()
    heights = free_energy(run.probabilities, q, temperature, a)
    for t, (p, before, after) in enumerate(
        zip(run.probabilities[:-1], heights[:-1], heights[1:], strict=True)
    ):
        if before == -np.inf:
            continue  # an outcome of q is still missing: from there any step is up
        size = run.dataset_size[t + 1]
        gamma = 1.0 if regime == "replace" else (size - run.dataset_size[t]) / size
        image = mean_field_step(p, q, temperature, a)
        assert np.isfinite(after)
        # Phi is a sum of terms up to |ln p| < 1e4 (denormal powers): rounding stays below 1e-11.
        assert after - before >= gamma * kl_divergence(image, p) - 1e-11
        assert after >= before - 1e-11


def test_the_climb_can_fail() -> None:
    p, q = normalised([5, 3, 2]), normalised([1, 1, 1])
    back = 2 * p - mean_field_step(p, q, 0.7, 0.2)
    assert free_energy(back, q, 0.7, 0.2) < free_energy(p, q, 0.7, 0.2) - 1e-3
    # Three steps at once are no step of the loop, and it may fall.
    over = p + 3 * (mean_field_step(p, q, 0.7, 0.9) - p)
    assert free_energy(over, q, 0.7, 0.9) < free_energy(p, q, 0.7, 0.9)


@pytest.mark.parametrize(("temperature", "a"), [(0.5, 0.3), (0.5, 0.53), (0.9, 0.05), (2, 0.1)])
def test_stable_states_are_local_maxima_and_saddles_are_not(temperature: float, a: float) -> None:
    q, rng = normalised([10, 10.1, 9.8, 10.2]), np.random.default_rng(0)
    for p, unstable in fixed_points(q, temperature, a):
        near = p * np.exp(1e-3 * rng.standard_normal((2000, 4)))
        near /= near.sum(axis=1, keepdims=True)
        rises = free_energy(near, q, temperature, a) - free_energy(p, q, temperature, a)
        assert np.all(rises < 1e-15) == (unstable == 0)
        assert np.any(rises < 0) == (unstable < 3)


def test_free_energy_at_the_faces_and_over_many_states() -> None:
    q = np.array([0.5, 0.5, 0.0])
    assert free_energy([1.0, 0.0, 0.0], q, 0.5, 0.3) == -np.inf
    assert free_energy([1.0, 0.0, 0.0], q, 0.5, 0) == 0
    assert free_energy([0.5, 0.5, 0.0], q, 0.5, 1) == pytest.approx(np.log(0.5))
    states = np.random.default_rng(0).dirichlet(np.ones(3), (4, 5))
    heights = free_energy(states, q, 0.02, 0.3)
    assert heights.shape == (4, 5)
    assert heights[2, 3] == free_energy(states[2, 3], q, 0.02, 0.3)
    # T = 1: (1 - a) ln sum p = 0.
    np.testing.assert_allclose(free_energy(states, q, 1, 0), 0, atol=1e-15)


@often
@given(weights, st.floats(0.05, 50), st.floats(0, 0.999), st.integers(0, 2**31))
def test_leading_eigenvalue_is_that_of_the_dense_matrix(
    values: Any, temperature: Any, a: Any, seed: Any
) -> None:
    p = normalised(values)
    found = leading_eigenvalue(p, other_law(len(p), seed), temperature, a)
    # The dense solver errs by a few 1e-16 of the largest entry, which the eigenvalue is near.
    assert found == pytest.approx(dense_eigenvalue(p, temperature, a), rel=1e-10, abs=1e-12)


@often
@given(weights, temperatures, st.floats(0.001, 0.999))
def test_below_one_exactly_where_a_nudge_dies_out(values: Any, temperature: Any, a: Any) -> None:
    q = normalised(values)
    p = equilibrium(q, temperature, a)
    value = leading_eigenvalue(p, q, temperature, a)
    assume(abs(value - 1) > 0.01)
    listed = stable_states(q, temperature, a)
    near = np.abs(listed - p).sum(axis=1).min()
    assert (near < 1e-9) == (value < 1)
    if np.all(p > 1e-6):
        nudge = p * np.exp(1e-7 * np.random.default_rng(0).standard_normal((5, len(p))))
        nudge /= nudge.sum(axis=1, keepdims=True)
        first = np.abs(nudge - p).sum(axis=1)
        width = np.ones(5)
        after = iterate(q, width * temperature, width * a, nudge, limit=300)[0]
        grown = np.abs(after - p).sum(axis=1) > first
        assert np.all(grown == (value > 1))


@pytest.mark.parametrize("n", [2, 3, 10, 1000])
@pytest.mark.parametrize("temperature", [0.02, 0.5, 0.99, 3])
def test_even_state_has_eigenvalue_one_minus_a_over_temperature(n: int, temperature: float) -> None:
    even = np.full(n, 1 / n)
    for a in (0.0, 0.25, 1.0):
        found = leading_eigenvalue(even, even, temperature, a)
        assert found == pytest.approx((1 - a) / temperature, rel=1e-12)
    if temperature < 1:
        assert leading_eigenvalue(even, even, temperature, 1 - temperature) == pytest.approx(1)


def test_eigenvalues_at_the_faces() -> None:
    q = np.array([0.5, 0.3, 0.2])
    vertex = np.array([1.0, 0.0, 0.0])
    assert leading_eigenvalue(vertex, q, 0.5, 0) == 0
    assert leading_eigenvalue(vertex, q, 1, 0.3) == pytest.approx(0.7)
    assert leading_eigenvalue(vertex, q, 2, 0.3) == np.inf
    assert leading_eigenvalue(vertex, q, 2, 1) == 0
    # An edge of the even face: within it b (1-a), towards the absent outcome 0 below T = 1.
    assert leading_eigenvalue([0.5, 0.5, 0.0], q, 0.5, 0.25) == pytest.approx(1.5)


@pytest.mark.parametrize("n", [3, 10, 40])
def test_eigenvalue_is_one_at_the_saddle_node(n: int) -> None:
    # T = 1/2: the top of a(r) is at r = sqrt(n - 1).
    even, r = np.full(n, 1 / n), np.sqrt(n - 1)
    state = normalised([r] + [1] * (n - 1))
    a = collapse_fraction(r, n, 0.5)
    assert leading_eigenvalue(state, even, 0.5, a) == pytest.approx(1, abs=1e-12)


def slowest_direction(p: Any, temperature: Any, a: Any) -> Any:
    """Right eigenvector of the Jacobian with the largest eigenvalue; it sums to 0."""
    e = apply_temperature(p, temperature)
    jacobian = (1 - a) / temperature * (np.diag(e) - np.outer(e, e)) / p
    values, vectors = np.linalg.eig(jacobian)
    direction = np.real(vectors[:, np.argmax(np.real(values))])
    return direction / np.abs(direction).sum()


@pytest.mark.parametrize(("temperature", "a"), [(0.5, 0.8), (0.8, 0.3), (1.5, 0.1), (3, 0.05)])
def test_a_run_decays_at_the_rate_of_the_eigenvalue(temperature: float, a: float) -> None:
    reference = Law.zipf(5)
    goal = settled_state(reference, temperature, a)
    value = leading_eigenvalue(goal, reference, temperature, a)
    common = {
        "initial": Law.from_weights(goal + 1e-5 * slowest_direction(goal, temperature, a)),
        "reference": reference,
        "temperature": temperature,
        "external_fraction": a,
        "noise": False,
    }
    # Replace: the error shrinks by lambda a step, up to the error's own size.
    run = simulate(LoopParams(regime="replace", generations=8, **common))
    error = np.abs(run.probabilities - goal).sum(axis=1)
    np.testing.assert_allclose(error[1:5] / error[:4], value, rtol=1e-3)
    # Accumulate: by N^-(1 - lambda), with steps 1/N: the exponent is right to about 1/N.
    run = simulate(LoopParams(sample_size=100, initial_size=10**4, generations=20_000, **common))
    error = np.abs(run.probabilities - goal).sum(axis=1)
    slope = np.log(error[-1] / error[0]) / np.log(run.dataset_size[-1] / run.dataset_size[0])
    assert slope == pytest.approx(value - 1, rel=5e-3)


@pytest.mark.parametrize("function", [free_energy, leading_eigenvalue])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"p": [0.5, 0.5]}, "same number of outcomes"),
        ({"p": [0.5, 0.6, 0.1]}, "p must sum to 1"),
        ({"temperature": 0.01}, "temperature must be between 0.02 and 50, got 0.01"),
        ({"temperature": np.nan}, "temperature must be .* got nan"),
        ({"external_fraction": 1.5}, "external_fraction must be between 0 and 1, got 1.5"),
        ({"reference": [[0.5, 0.5]]}, "reference must hold at least 2 outcomes"),
    ],
)
def test_bad_input_is_refused_by_name(function: Any, change: Any, message: str) -> None:
    q = [0.5, 0.25, 0.25]
    settings = {"p": q, "reference": q, "temperature": 0.5, "external_fraction": 0.5}
    with pytest.raises(ValueError, match=message):
        function(**(settings | change))
