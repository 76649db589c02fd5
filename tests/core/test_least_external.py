"""Thresholds: how much external data is enough, against brute force, bounds and closed forms."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from slow import collapse_fraction, iterate, leading_eigenvalue

from closedloop_core import (
    Law,
    apply_temperature,
    equilibrium,
    minimum_external_fraction,
    settled_state,
    shannon_entropy,
    tolerance_contour,
    total_variation,
)

weights = st.lists(st.integers(0, 1000), min_size=2, max_size=12).filter(
    lambda w: sum(x > 0 for x in w) > 1
)
temperatures = st.one_of(st.floats(0.02, 50), st.floats(0.9, 1.1))
often = settings(deadline=None, max_examples=150)


@pytest.mark.parametrize("n", [3, 10, 1000])
@pytest.mark.parametrize("temperature", [0.02, 0.3, 0.5, 0.9, 0.99])
def test_even_source_needs_one_minus_temperature(n, temperature):
    found = minimum_external_fraction(Law.uniform(n), temperature)
    assert found == pytest.approx(1 - temperature, abs=1e-9)


@pytest.mark.parametrize(
    ("weights", "tolerance"), [([1, 1], 0.5), ([1, 1, 1, 1], 0.76), ([2, 2, 1], 0.65)]
)
def test_a_tie_needs_stability_however_wide_the_tolerance(weights, tolerance):
    # Even total collapse is within this tolerance, but the state reached from q is unstable.
    q = Law.from_weights(weights).probabilities()
    assert total_variation(np.eye(len(q))[0], q) <= tolerance
    least = minimum_external_fraction(q, 0.5, tolerance)
    low, high = 0.0, 1.0
    while high - low > 1e-8:
        a = 0.5 * (low + high)
        unstable = leading_eigenvalue(equilibrium(q, 0.5, a), 0.5, a) >= 1
        low, high = (a, high) if unstable else (low, a)
    assert least == pytest.approx(high, abs=1e-7)
    assert tolerance_contour(q, [0.5], tolerance)[0] == 0


def test_two_even_outcomes_part_gently_but_still_need_stability():
    assert minimum_external_fraction([0.5, 0.5], 0.5) == pytest.approx(0.5, abs=1e-9)
    contour = tolerance_contour([0.5, 0.5], [0.5])[0]
    # TV = (r - 1) / (2 (r + 1)) = 0.1 at r = 1.5, where a(r) is the branch's own formula.
    assert contour == pytest.approx(collapse_fraction(1.5, 2, 0.5), abs=1e-9)


def test_zipf_at_one_half_needs_what_brute_force_finds():
    q, low, high = Law.zipf(10).probabilities(), 0.0, 1.0
    while high - low > 1e-6:
        a = np.linspace(low, high, 9)
        p, _ = iterate(q, np.full(9, 0.5), a, np.tile(q, (9, 1)), limit=50_000)
        first = np.argmax(total_variation(p, q) <= 0.1)
        low, high = a[first - 1], a[first]
    found = minimum_external_fraction(Law.zipf(10), 0.5)
    assert low - 1e-6 <= found <= high + 1e-6
    assert found == pytest.approx(0.7824, abs=5e-5)  # theory's figure, to its four digits


@often
@given(weights, temperatures, st.floats(0.01, 0.6))
def test_least_external_share_is_where_the_verdict_changes(values, temperature, tolerance):
    assume(temperature != 1)
    q = Law.from_weights(values).probabilities()
    least = minimum_external_fraction(q, temperature, tolerance)
    contour = tolerance_contour(q, [temperature], tolerance)[0]
    step = 1e-7

    def near(a):
        return total_variation(settled_state(q, temperature, a), q) <= tolerance

    def stays(a):
        return leading_eigenvalue(equilibrium(q, temperature, a), temperature, a) < 1

    assert 0 <= contour <= least < 1
    assert near(contour + step)
    assert near(least + step) and stays(least + step)
    if contour > step:
        assert not near(contour - step)
    if least > step:
        assert not (near(least - step) and stays(least - step))


@often
@given(weights, temperatures, st.floats(0.01, 0.6))
def test_least_external_share_keeps_within_its_bounds(values, temperature, tolerance):
    # theory.md 3.5; the upper bound speaks of distance only, so a tie at the top is left out.
    q = Law.from_weights([x for x in values if x > 0]).probabilities()
    assume(temperature != 1 and np.sort(q)[-1] > np.sort(q)[-2])
    least = minimum_external_fraction(q, temperature, tolerance)
    first = float(total_variation(apply_temperature(q, temperature), q))
    room = 1 - q.max() if temperature < 1 else float(np.abs(q - 1 / len(q)).sum() / 2)
    assert least >= (1 - tolerance / first if first > 0 else 0) - 1e-9
    assert least <= max(0, 1 - tolerance / room) + 1e-9


@pytest.mark.parametrize("side", [-1, 1])
def test_near_temperature_one_the_need_grows_in_proportion(side):
    # theory.md 3.5: a_min ~ |b-1| M / (eps + |b-1| M), to first order in |b-1| and in eps (at
    # TV = eps the state is eps away from q, where M is taken): ten times nearer, ten times truer.
    q = Law.zipf(10).probabilities()
    slope = 0.5 * (q * np.abs(np.log(q) + shannon_entropy(q))).sum()
    misses = []
    for off in (1e-3, 1e-4):
        found = minimum_external_fraction(q, 1 / (1 + side * off), tolerance=off)
        misses.append(abs(found - slope / (1 + slope)))
    assert misses[0] < 0.01
    assert misses[1] == pytest.approx(misses[0] / 10, rel=0.1)
    assert minimum_external_fraction(q, 1) == 0
