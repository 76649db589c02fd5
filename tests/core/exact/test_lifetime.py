"""The exact lifetime of two outcomes against a dense solution, simulation, and its growth."""

import math
from typing import Any

import numpy as np
import pytest

from closedloop_core import Law, LoopParams, simulate_ensemble
from closedloop_core.exact.lifetime import mean_lifetime
from closedloop_core.loop.dynamics import apply_temperature


def dense(temperature: float, k: int) -> float:
    """Solve (1 - Q) t = 1 outright: fine while the times are short."""
    shares = np.concatenate([[0.5], np.arange(1, k) / k])
    law = np.array(
        [
            [math.comb(k, j) * up**j * down ** (k - j) for j in range(k + 1)]
            for up, down in apply_temperature(np.stack([shares, 1 - shares], axis=-1), temperature)
        ]
    )
    inner = np.zeros((k, k))
    inner[:, 1:] = law[:, 1:-1]
    return float(np.linalg.solve(np.eye(k) - inner, np.ones(k))[0])


@pytest.mark.parametrize("temperature", [0.3, 0.8, 1.0, 1.3, 3.0])
@pytest.mark.parametrize("k", [2, 3, 8, 15])
def test_elimination_agrees_with_a_dense_solution(temperature: float, k: int) -> None:
    assert mean_lifetime(temperature, k) == pytest.approx(dense(temperature, k), rel=1e-9)


def test_one_item_decides_at_once_and_two_items_toss_a_coin() -> None:
    assert mean_lifetime(1.0, 1) == 1.0
    assert mean_lifetime(5.0, 2) == pytest.approx(2.0)  # each batch is mixed with chance 1/2


@pytest.mark.parametrize(("temperature", "k"), [(1.0, 10), (1.5, 12)])
def test_it_is_the_mean_of_simulated_times(temperature: float, k: int) -> None:
    runs = 4_000
    exact = mean_lifetime(temperature, k)
    params = LoopParams(
        initial=Law.uniform(2),
        temperature=temperature,
        sample_size=k,
        regime="replace",
        generations=math.ceil(25 * exact),
        seed=11,
    )
    times = simulate_ensemble(params, runs).time_to(1)
    assert np.isfinite(times).all()
    # The mean of independent times: four standard errors, from the sample itself.
    error = times.std(ddof=1) / math.sqrt(runs)
    assert abs(times.mean() - exact) < 4 * error
    assert abs(times.mean() - mean_lifetime(temperature * 1.15, k)) > 4 * error  # and can fail


def test_it_grows_linearly_at_one_and_exponentially_above() -> None:
    sizes = [40, 80, 120, 160]
    plain = np.array([mean_lifetime(1.0, k) for k in sizes])
    # The diffusion limit is 2 k ln 2; the exact chain is some per cent below it.
    np.testing.assert_allclose(plain, 2 * math.log(2) * np.array(sizes), rtol=0.06)
    hot = np.log([mean_lifetime(1.5, k) for k in sizes])
    steps = np.diff(hot)
    assert steps.min() > 2
    np.testing.assert_allclose(steps, steps.mean(), rtol=0.1)
    assert mean_lifetime(2.0, 1_000) > 1e100


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((0, 10), "temperature must be > 0, got 0"),
        ((1.0, 0), "sample_size must be between 1 and"),
        ((1.0, 1001), "sample_size must be at most 1,000, got 1,001"),
        ((1.0, 2.5), "sample_size must be a whole number, got 2.5"),
    ],
)
def test_bad_arguments_are_refused(arguments: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        mean_lifetime(*arguments)
