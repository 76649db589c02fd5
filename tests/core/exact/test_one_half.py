"""T = 1/2, where v - kappa v^2 = q is solved by hand, and n = 2: independent closed twins."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from closedloop_core import (
    Law,
    collapse_threshold,
    settled_state,
    stable_states,
    uniform_thresholds,
)
from tests.core.slow import collapse_fraction
from tests.core.strategies import normalised


def roots_at_one_half(q: Any, kappa: Any, winner: Any = None) -> Any:
    """T = 1/2: v - kappa v^2 = q solved by hand; lower roots, the winner on its upper one."""
    root = np.sqrt(np.maximum(1 - 4 * np.multiply.outer(kappa, q), 0))
    v = 2 * q / (1 + root)
    if winner is not None:
        v[..., winner] = (1 + root[..., winner]) / (2 * kappa)
    return v


def threshold_at_one_half(q: Any, outcome: Any) -> Any:
    """Twin of `collapse_threshold`: 1 / min V over kappa = e^(-x^2) / (4 max q), on fine grids."""
    x = np.linspace(0, 8, 1001)
    for _ in range(6):
        total = roots_at_one_half(q, np.exp(-(x**2)) / (4 * q.max()), outcome).sum(axis=1)
        at = int(total.argmin())
        x = np.linspace(x[max(at - 1, 0)], x[min(at + 1, len(x) - 1)], 201)
    return 1 / total.min()


def settled_at_one_half(q: Any, a: Any) -> Any:
    """Twin of `settled_state`: follow V(kappa) from kappa = 0 to its first 1/a."""
    top, leader = 1 / (4 * q.max()), None
    low, high = 0.0, top
    if roots_at_one_half(q, top).sum() < 1 / a:
        leader = int(np.argmax(q))
        depth = np.exp(-(np.linspace(0, 12, 40_001) ** 2))
        passed = roots_at_one_half(q, top * depth, leader).sum(axis=1) >= 1 / a
        high, low = top * depth[np.argmax(passed) + np.array([-1, 0])]
    for _ in range(200):
        middle = 0.5 * (low + high)
        below = roots_at_one_half(q, middle, leader).sum() < 1 / a
        # On the upper root V rises as kappa falls.
        low, high = (middle, high) if below == (leader is None) else (low, middle)
    return normalised(roots_at_one_half(q, 0.5 * (low + high), leader))


@pytest.mark.parametrize("n", [2, 4, 12])
def test_settled_states_at_one_half_are_square_roots(n: int) -> None:
    rng = np.random.default_rng(n)
    for concentration in (0.3, 1, 30, 1e4):
        for q in rng.dirichlet(np.full(n, concentration), 5):
            for a in (0.01, 0.2, 0.45, 0.52, 0.6, 0.9):
                expected = settled_at_one_half(q, a)
                np.testing.assert_allclose(settled_state(q, 0.5, a), expected, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 1000), min_size=2, max_size=10))
def test_thresholds_at_one_half_are_square_roots(values: Any) -> None:
    q = normalised(values)
    assume(len(np.unique(q)) == len(q))
    for outcome in np.argsort(q)[:-1]:
        expected = threshold_at_one_half(q, outcome)
        assert collapse_threshold(q, 0.5, outcome) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("values", [[1, 1], [3, 2, 3], [3, 1, 3, 1], [5, 5, 5, 1], [1] * 9])
def test_thresholds_of_ties_at_one_half_are_square_roots(values: Any) -> None:
    # Two tied leaders part at the crest, where both have v = 2q: an end, not a smooth fold.
    q = normalised(values)
    leader = int(np.argmax(q))
    expected = threshold_at_one_half(q, leader)
    assert collapse_threshold(q, 0.5, leader) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("n", [2, 3, 6])
def test_every_stable_state_at_one_half_is_a_root_of_the_square(n: int) -> None:
    # Each state satisfies p = a v with v - kappa v^2 = q and one kappa for all, at most one upper.
    rng = np.random.default_rng(n)
    for q in rng.dirichlet(np.full(n, 5.0), 20):
        for a in (0.05, 0.4, 0.5, 0.6):
            for state in stable_states(q, 0.5, a):
                v = state / a
                kappa = (v - q) / v**2
                np.testing.assert_allclose(kappa, kappa[0], rtol=1e-7)
                assert np.count_nonzero(v * kappa > 0.5) <= 1


@pytest.mark.parametrize("temperature", [0.1, 0.5, 0.9])
def test_two_even_outcomes_part_like_a_pitchfork(temperature: float) -> None:
    # The odds m = p_1 - p_2 solve m = (1 - a) tanh(b artanh m).
    edge, b = 1 - temperature, 1 / temperature
    for a in (0.2 * edge, 0.9 * edge, 0.999 * edge):
        states = stable_states([0.5, 0.5], temperature, a)
        assert len(states) == 2
        np.testing.assert_allclose(states[0], states[1][::-1], atol=1e-12)
        ratio = states.max() / states.min()
        assert collapse_fraction(ratio, 2, temperature) == pytest.approx(a, rel=1e-9)
        m = states[0, 0] - states[0, 1]
        assert m == pytest.approx((1 - a) * np.tanh(b * np.arctanh(m)), abs=1e-12)
    for a in (edge + 1e-6, edge + 0.01):
        np.testing.assert_allclose(stable_states([0.5, 0.5], temperature, a), [[0.5, 0.5]])
    assert uniform_thresholds(2, temperature) == (edge,) * 3


@pytest.mark.parametrize("temperature", [0.1, 0.5, 0.9])
def test_two_even_outcomes_part_with_the_square_root_of_the_distance(temperature: float) -> None:
    # m^2 = 3 d / (b^2 - 1) + O(d^2) with d = (1 - T - a) / T, from tanh(b artanh m).
    b, misses = 1 / temperature, []
    for d in (1e-3, 1e-4, 1e-5):
        state = settled_state(Law.uniform(2), temperature, 1 - temperature * (1 + d))
        m = state[0] - state[1]
        misses.append(abs(m**2 * (b**2 - 1) / (3 * d) - 1) / d)
    # A state 1e-5 from the fork is known to 1e-9: its m^2, about 1e-5, to 1e-11 or 1e-6 of it.
    assert max(misses) < 3 + 1e-6 / d
