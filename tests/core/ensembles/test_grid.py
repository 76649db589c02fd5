"""Grids of settings against single runs, ensembles and closed forms.

Means of independent runs are compared within five standard errors (a false alarm has a chance of
6e-7, and the seeds are fixed); each such check is shown to fail for settings that differ.
"""

import math
from typing import Any

import numpy as np
import pytest

from closedloop_core import Change, Law, LoopParams, hill_number, simulate, simulate_ensemble
from closedloop_core.closed_forms.drift import expected_diversity_replace
from closedloop_core.ensembles.grid import simulate_grid

BASE = LoopParams(initial=Law.zipf(6), sample_size=20, generations=12, seed=3)
REGIMES = ("accumulate", "replace", "subsample")


def misses(one: np.ndarray, other: np.ndarray) -> float:
    """Distance of two means in standard errors."""
    error = math.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
    return abs(one.mean() - other.mean()) / error  # type: ignore[no-any-return]


@pytest.mark.parametrize("regime", REGIMES)
def test_without_noise_each_row_is_the_mean_field(regime: Any) -> None:
    params = BASE.replace(regime=regime, noise=False, reference=Law.uniform(6))
    settings = [(0.5, 0.0), (1.0, 0.3), (2.5, 1.0)]
    states = simulate_grid(params, *zip(*settings, strict=True), runs=2)  # type: ignore[misc]
    for found, (temperature, fraction) in zip(states, settings, strict=True):
        run = simulate(params.replace(temperature=temperature, external_fraction=fraction))
        np.testing.assert_allclose(found, np.tile(run.learned[-1], (2, 1)), atol=1e-13)


@pytest.mark.parametrize("regime", REGIMES)
def test_it_agrees_with_ensembles_in_distribution(regime: Any) -> None:
    params = BASE.replace(regime=regime, subsample_size=15)
    settings = [(0.7, 0.2), (1.4, 0.0)]
    states = simulate_grid(params, *zip(*settings, strict=True), runs=1_500)  # type: ignore[misc]
    for found, (temperature, fraction) in zip(states, settings, strict=True):
        one = params.replace(temperature=temperature, external_fraction=fraction)
        many = simulate_ensemble(one, 1_500)
        assert misses(hill_number(found, 1), hill_number(many.final, 1)) < 5
        assert misses(found[:, 0], many.final[:, 0]) < 5
        # It can fail: a loop a third warmer is told apart.
        warmer = simulate_ensemble(one.replace(temperature=temperature * 4 / 3), 1_500)
        assert misses(hill_number(found, 1), hill_number(warmer.final, 1)) > 5


def test_it_loses_diversity_as_wright_fisher() -> None:
    params = BASE.replace(regime="replace")
    states = simulate_grid(params, [1.0], [0.0], runs=4_000)[0]
    diversity = 1 - (states**2).sum(axis=1)
    error = diversity.std(ddof=1) / math.sqrt(4_000)
    p = params.initial.probabilities()
    assert abs(diversity.mean() - expected_diversity_replace(p, 20, 12)) < 5 * error
    assert abs(diversity.mean() - expected_diversity_replace(p, 22, 12)) > 5 * error


def test_growth_sets_the_batches() -> None:
    params = BASE.replace(growth=0.5, noise=False)
    found = simulate_grid(params, [0.6], [0.1], runs=1)[0, 0]
    run = simulate(params.replace(temperature=0.6, external_fraction=0.1))
    np.testing.assert_allclose(found, run.probabilities[-1], atol=1e-13)


def test_the_same_stream_gives_the_same_numbers_and_another_does_not() -> None:
    settings = ([0.8, 1.2], [0.1, 0.0])
    first = simulate_grid(BASE, *settings, runs=3)
    np.testing.assert_array_equal(first, simulate_grid(BASE, *settings, runs=3))
    assert not np.array_equal(first, simulate_grid(BASE, *settings, runs=3, stream=1))
    assert not np.array_equal(first, simulate_grid(BASE.replace(seed=4), *settings, runs=3))
    assert not np.array_equal(first[0, 0], first[0, 1])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((BASE, [1.0], [0.0, 0.1], 2), "must be rows of one length, got shapes"),
        ((BASE, [[1.0]], [[0.0]], 2), "must be rows of one length, got shapes"),
        ((BASE, [0.0], [0.0], 2), "temperature must be between 0.02 and 50, got 0.0"),
        ((BASE, [math.nan], [0.0], 2), "temperature must be between 0.02 and 50, got nan"),
        ((BASE, [1.0], [1.5], 2), "external_fraction must be between 0 and 1, got 1.5"),
        ((BASE, [1.0], [0.5], 0), "runs must be >= 1, got 0"),
        ((BASE, [1.0], [0.5], True), "runs must be a whole number, got True"),
        (
            (BASE.replace(schedule=(Change(3, "temperature", 2.0),)), [1.0], [0.5], 2),
            "schedule must be empty for a grid, got 1 changes",
        ),
    ],
)
def test_bad_arguments_are_refused(arguments: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        simulate_grid(*arguments)
