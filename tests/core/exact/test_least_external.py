"""Thresholds: how much external data is enough, against brute force, bounds and closed forms."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from closedloop_core import (
    Law,
    apply_temperature,
    class_of,
    equilibrium,
    minimum_external_fraction,
    settled_state,
    shannon_entropy,
    tolerance_contour,
    total_variation,
)
from tests.core.slow import collapse_fraction, iterate, leading_eigenvalue
from tests.core.strategies import weights_with_zeros

temperatures = st.one_of(st.floats(0.02, 50), st.floats(0.9, 1.1))
often = settings(deadline=None, max_examples=150)


@pytest.mark.parametrize("tolerance", [0.01, 0.1, 0.3])
@pytest.mark.parametrize("n", [2, 3, 10, 1000])
@pytest.mark.parametrize("temperature", [0.02, 0.3, 0.5, 0.9, 0.99])
def test_even_source_needs_one_minus_temperature_or_a_gentle_winner(
    n: int, temperature: float, tolerance: float
) -> None:
    # Below 1 - T one outcome leads by r. The branch's own formula says at which share it does; at
    # a distance of TV = (r - 1)(n - 1) / (n (r + n - 1)) it is as good as faithful.
    ratio = (n - 1) * (1 + n * tolerance) / (n - 1 - n * tolerance)
    assert (ratio - 1) * (n - 1) / (n * (ratio + n - 1)) == pytest.approx(tolerance)
    led = collapse_fraction(ratio, n, temperature)
    found = minimum_external_fraction(Law.uniform(n), temperature, tolerance)
    assert found == pytest.approx(min(led, 1 - temperature), abs=1e-9)


@pytest.mark.parametrize(
    ("weights", "tolerance"), [([1, 1], 0.5), ([1, 1, 1, 1], 0.76), ([2, 2, 1], 0.65)]
)
def test_a_tolerance_that_takes_in_every_collapse_asks_for_nothing(
    weights: Any, tolerance: float
) -> None:
    q = Law.from_weights(weights).probabilities()
    assert total_variation(np.eye(len(q))[0], q) <= tolerance
    assert minimum_external_fraction(q, 0.5, tolerance) == 0
    assert class_of(settled_state(q, 0.5, 0.0), q, 0.5, tolerance) == "faithful"


def test_tied_leaders_that_part_within_the_tolerance_are_faithful_all_the_same() -> None:
    # docs/theory.md, section 3.5: they part below a = .9596, while the settled state is within .1
    # from .8333 on.
    q = [0.4, 0.4, 0.2]
    least = minimum_external_fraction(q, 0.05)
    assert least <= 1 - 0.1 / 0.6 + 1e-9
    assert class_of(settled_state(q, 0.05, least + 1e-6), q, 0.05) == "faithful"
    assert leading_eigenvalue(equilibrium(q, 0.05, 0.9596 - 1e-3), 0.05, 0.9596 - 1e-3) > 1


def test_zipf_at_one_half_needs_what_brute_force_finds() -> None:
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
@given(weights_with_zeros, temperatures, st.floats(0.01, 0.6))
def test_least_external_share_is_where_the_verdict_changes(
    values: Any, temperature: Any, tolerance: Any
) -> None:
    assume(temperature != 1)
    q = Law.from_weights(values).probabilities()
    least = minimum_external_fraction(q, temperature, tolerance)
    assert tolerance_contour(q, [temperature], tolerance)[0] == least
    step = 1e-7

    def is_faithful(a: Any) -> Any:
        return class_of(settled_state(q, temperature, a), q, temperature, tolerance) == "faithful"

    assert 0 <= least < 1
    assert is_faithful(least + step)
    if least > step:
        assert not is_faithful(least - step)


@often
@given(weights_with_zeros, temperatures, st.floats(0.01, 0.6))
def test_least_external_share_keeps_within_its_bounds(
    values: Any, temperature: Any, tolerance: Any
) -> None:
    # docs/theory.md, section 3.5, ties at the top of q included.
    q = Law.from_weights([x for x in values if x > 0]).probabilities()
    assume(temperature != 1)
    least = minimum_external_fraction(q, temperature, tolerance)
    first = float(total_variation(apply_temperature(q, temperature), q))
    farthest = 1 - q.max() if temperature < 1 else float(np.abs(q - 1 / len(q)).sum() / 2)
    assert least >= (1 - tolerance / first if first > 0 else 0) - 1e-9
    assert least <= (max(0, 1 - tolerance / farthest) if farthest > 0 else 0) + 1e-9


@pytest.mark.parametrize("side", [-1, 1])
def test_near_temperature_one_the_need_grows_in_proportion(side: int) -> None:
    # docs/theory.md, section 3.5: a_min ~ |b-1| M / (eps + |b-1| M), to first order in |b-1| and
    # in eps (at TV = eps the state is eps away from q, where M is taken): ten times nearer, ten
    # times truer.
    q = Law.zipf(10).probabilities()
    slope = 0.5 * (q * np.abs(np.log(q) + shannon_entropy(q))).sum()
    misses = []
    for off in (1e-3, 1e-4):
        found = minimum_external_fraction(q, 1 / (1 + side * off), tolerance=off)
        misses.append(abs(found - slope / (1 + slope)))
    assert misses[0] < 0.01
    assert misses[1] == pytest.approx(misses[0] / 10, rel=0.1)
    assert minimum_external_fraction(q, 1) == 0
