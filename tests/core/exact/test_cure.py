"""What a cure takes: against closed forms, the list of all stable states, and prevention."""

import numpy as np
import pytest

from closedloop_core import (
    Law,
    minimum_external_fraction,
    return_external_fraction,
    stable_states,
    uniform_thresholds,
)


@pytest.mark.parametrize("n", [3, 10, 100, 1000])
def test_an_even_source_at_one_half_has_a_closed_form(n: int) -> None:
    # The saddle-node n / (1 + sqrt(n - 1))^2 (theory, section 3.4), whose state is beyond 0.01.
    expected = n / (1 + np.sqrt(n - 1)) ** 2
    assert return_external_fraction(Law.uniform(n), 0.5, 0.01) == pytest.approx(expected, abs=1e-9)
    assert minimum_external_fraction(Law.uniform(n), 0.5, 0.01) == pytest.approx(0.5, abs=1e-9)


@pytest.mark.parametrize("temperature", [0.2, 0.5, 0.8])
def test_an_even_source_is_cured_at_the_saddle_node(temperature: float) -> None:
    found = return_external_fraction(Law.uniform(10), temperature, 0.01)
    assert found == pytest.approx(uniform_thresholds(10, temperature)[2], abs=1e-9)


def test_a_collapse_that_has_come_within_the_tolerance_needs_no_cure() -> None:
    # 100 even outcomes at T = 1/2: the collapsed state is within 0.1 shortly before its fold.
    share = return_external_fraction(Law.uniform(100), 0.5)
    assert share < uniform_thresholds(100, 0.5)[2]
    states = stable_states(Law.uniform(100), 0.5, share + 1e-6)
    assert len(states) == 101
    assert 0.5 * np.abs(states - 0.01).sum(axis=1).max() == pytest.approx(0.1, abs=1e-4)


def test_for_zipf_prevention_is_not_cheaper_than_cure() -> None:
    # Other winners end at .174, long before the leader's own state is within the tolerance.
    prevention = minimum_external_fraction(Law.zipf(10), 0.8)
    assert return_external_fraction(Law.zipf(10), 0.8) == prevention
    assert prevention == pytest.approx(0.515, abs=5e-4)  # theory's figure, to its three digits


@pytest.mark.parametrize("temperature", [1.0, 1.5, 4.0])
def test_from_temperature_one_on_there_is_one_state(temperature: float) -> None:
    q = Law.zipf(7)
    assert return_external_fraction(q, temperature) == minimum_external_fraction(q, temperature)


@pytest.mark.parametrize("seed", range(60))
def test_from_this_share_on_every_stable_state_is_within_the_tolerance(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 8))
    q = rng.dirichlet(np.full(n, rng.choice([0.5, 1.0, 5.0, 50.0])))
    if seed % 4 == 0:  # ties
        q = rng.integers(1, 4, n).astype(float)
        q /= q.sum()
    temperature, tolerance = float(rng.uniform(0.1, 0.98)), float(rng.choice([0.02, 0.1, 0.3]))
    share = return_external_fraction(q, temperature, tolerance)

    def all_within(a: float) -> bool:
        distances = 0.5 * np.abs(stable_states(q, temperature, a) - q).sum(axis=1)
        return bool(np.all(distances <= tolerance + 1e-9))

    assert all(all_within(a) for a in np.linspace(min(share + 1e-4, 1.0), 1.0, 9).tolist())
    # So far below that the list of stable states is beyond the rounding of its own folds.
    assert share < 1e-3 or not all_within(share - 1e-3)
    assert share >= minimum_external_fraction(q, temperature, tolerance)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0.5, 0.6], 0.5), "reference must sum to 1"),
        (([0.5, 0.5], 0.0), "temperature must be > 0, got 0"),
        (([0.5, 0.5], 0.5, 1.5), "tolerance must lie between 0 and 1, got 1.5"),
    ],
)
def test_bad_input_is_refused(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        return_external_fraction(*arguments)
