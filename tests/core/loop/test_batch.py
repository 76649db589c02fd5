"""Stepping a batch fast equals stepping each state plainly."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import mean_field_step, mean_field_steps


@pytest.mark.parametrize("n", [2, 10, 1000])
def test_a_batch_takes_the_same_steps_as_each_state_alone(n: int) -> None:
    rng = np.random.default_rng(n)
    m = 40
    p, q = rng.dirichlet(np.ones(n), m), rng.dirichlet(np.ones(n))
    temperatures = np.exp(rng.uniform(np.log(0.02), np.log(50), m))
    shares = rng.uniform(0, 1, m)
    found = mean_field_steps(p, q, temperatures, shares, 3)
    for state, t, a, got in zip(p, temperatures, shares, found, strict=True):
        for _ in range(3):
            state = mean_field_step(state, q, t, a)
        np.testing.assert_allclose(got, state, atol=1e-13)


def test_powers_too_small_for_a_float_are_no_trouble() -> None:
    p = np.array([[0.5, 0.3, 0.2], [0.2, 0.2, 0.6], [1 / 3] * 3])
    found = mean_field_steps(p, [0.5, 0.3, 0.2], 1e-3, 0.1, 1)
    for state, got in zip(p, found, strict=True):
        np.testing.assert_allclose(
            got, mean_field_step(state, [0.5, 0.3, 0.2], 1e-3, 0.1), atol=1e-13
        )


def test_absent_outcomes_stay_absent_and_the_input_stays_as_it_is() -> None:
    p = np.array([[0.5, 0.5, 0.0], [0.2, 0.0, 0.8]])
    kept = p.copy()
    found = mean_field_steps(p, [0.5, 0.5, 0.0], 0.5, 0.0, 4)
    np.testing.assert_array_equal(p, kept)
    np.testing.assert_array_equal(found == 0, p == 0)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-14)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0.5, 0.5], [0.5, 0.5], 1, 0, 1), "p must be two-dimensional"),
        (([[0.5, 0.5]], [0.5, 0.5], 0, 0, 1), "temperature must be > 0"),
        (([[0.5, 0.5]], [0.5, 0.5], np.nan, 0, 1), "temperature must be > 0"),
        (([[0.5, 0.5]], [0.5, 0.5], 1, 1.1, 1), "external_fraction must lie"),
        (([[0.5, 0.5]], [0.2, 0.3, 0.5], 1, 0, 1), "same number of outcomes"),
    ],
)
def test_bad_batches_are_refused(arguments: Any, words: str) -> None:
    with np.errstate(divide="ignore"), pytest.raises(ValueError, match=words):
        mean_field_steps(*arguments)
