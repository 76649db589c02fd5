"""The fast diagram against its slow twin: every point settled on its own."""

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core import Law, phase_diagram, settled_state, total_variation
from closedloop_core.exact.crossings import settle
from closedloop_core.exact.interpolation import settled_fields

EXACT = 1e-8
seeds = st.integers(0, 2**32 - 1)


def slow_fields(q: Any, temperatures: Any, fractions: Any) -> Any:
    """Return entropy and distance of the settled states, and where a fold is within 1e-5 of a."""
    t, a = (grid.ravel() for grid in np.meshgrid(temperatures, fractions, indexing="ij"))
    states, *beside = (
        settle(q, t, np.minimum(a * part, 1 - 1e-12)) for part in (1, 1 - 1e-5, 1 + 1e-5)
    )
    logs = np.log(np.maximum(states, 1e-300))
    fold = np.max([np.abs(other - states).max(axis=1) for other in beside], axis=0) > 1e-3
    fields = -(states * logs).sum(axis=1), 0.5 * np.abs(states - q).sum(axis=1), fold
    return [field.reshape(len(temperatures), -1) for field in fields]


def assert_exact(weights: Any, temperatures: Any, fractions: Any) -> None:
    q = np.asarray(weights, dtype=float) / np.sum(weights)
    entropy, distance, fold = slow_fields(q, temperatures, fractions)
    fast = settled_fields(q, temperatures, fractions)
    np.testing.assert_allclose(np.where(fold, entropy, fast[0]), entropy, rtol=0, atol=EXACT)
    np.testing.assert_allclose(np.where(fold, distance, fast[1]), distance, rtol=0, atol=EXACT)


def random_temperatures(rng: Any) -> Any:
    """Return some of the whole range, and some as near to 1 as 1e-7 on both sides."""
    near = 10.0 ** rng.uniform(-7, -1, 3)
    return np.concatenate([np.exp(rng.uniform(np.log(0.02), np.log(50), 10)), 1 - near, 1 + near])


def random_fractions(rng: Any) -> Any:
    """Return a wide axis, a narrow one (its ends matter), or one that reaches for 0 and 1."""
    ends = 10.0 ** rng.uniform(-9, -0.5, 6)
    return [
        np.linspace(0, 1, 33)[1:-1],
        rng.uniform(0, 0.97) + 0.02 * rng.random(8),
        np.concatenate([ends, 1 - ends]),
    ][rng.integers(3)]


FAMILIES = {
    "zipf": lambda rng, n: np.arange(1.0, n + 1) ** -rng.uniform(0.1, 4),
    "geometric": lambda rng, n: rng.uniform(0.2, 0.99) ** np.arange(n),
    "dirichlet": lambda rng, n: rng.dirichlet(np.full(n, rng.uniform(0.1, 5))) + 1e-12,
    "few counts, many ties": lambda rng, n: rng.integers(1, 6, n),
    "nearly even": lambda rng, n: 1 + 10 ** rng.uniform(-10, -1) * rng.random(n),
    "near tie at the top": lambda rng, n: np.concatenate(
        [[1, 1 - 10 ** rng.uniform(-15, -1)], 0.9 * rng.random(n)]
    ),
    "tied leaders": lambda rng, n: np.concatenate(
        [np.ones(rng.integers(2, 5)), 0.99 * rng.random(n)]
    ),
    "steep": lambda rng, n: np.exp(-rng.uniform(0, 20) * rng.random(n)),
}


@pytest.mark.parametrize("family", FAMILIES)
@settings(deadline=None, max_examples=4)
@given(seed=seeds, n=st.integers(2, 40))
def test_fields_are_settled_states_point_by_point(family: Any, seed: Any, n: Any) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.permutation(FAMILIES[family](rng, n))
    assert_exact(weights, random_temperatures(rng), random_fractions(rng))


@pytest.mark.parametrize(
    "law",
    [Law.two_peaks(24), Law.uniform(2), Law.uniform(7), Law.zipf(300, 2.0)],
    ids=lambda law: law.describe(),
)
def test_fields_of_named_laws_over_the_whole_range(law: Any) -> None:
    shares = np.concatenate([[1e-9, 1e-4, 0.005], np.linspace(0.01, 0.99, 41), [0.999, 1 - 1e-10]])
    assert_exact(law.probabilities(), np.geomspace(0.02, 50, 24), shares)


@pytest.mark.parametrize("weights", [[1, 1], [3, 3, 2, 2, 1], [3, 3, 3, 2.9, 1], [1] * 7])
@pytest.mark.parametrize("temperature", [0.1, 0.35, 0.5, 0.8, 0.99])
def test_fields_around_the_share_at_which_tied_leaders_part(
    weights: Any, temperature: float
) -> None:
    q, t = np.array(weights) / np.sum(weights), np.array([temperature])
    parted, tied = 1e-6, 1 - 1e-6
    for _ in range(50):
        middle = 0.5 * (parted + tied)
        state = settle(q, t, np.array([middle]))[0]
        parted, tied = (middle, tied) if state[0] - state[1] > 1e-7 else (parted, middle)
    steps = np.geomspace(1e-6, 0.1, 16)
    shares = np.concatenate([parted * (1 - steps), [parted], parted + (1 - parted) * steps])
    assert_exact(weights, t, shares)


@pytest.mark.parametrize("weights", [[1, 1], [1, 1, 1, 0.5], [1, 1 - 1e-6, 0.5], [3, 3, 3, 2.9, 1]])
@pytest.mark.parametrize("below", [1e-3, 1e-5, 1e-7, 3e-8, 1.1e-8])
def test_fields_of_tied_leaders_just_below_temperature_one(weights: Any, below: float) -> None:
    assert_exact(weights, np.array([1 - below]), below * np.geomspace(0.1, 10, 40))


def test_shares_beyond_the_smallest_normal_number_are_no_obstacle_above_temperature_one() -> None:
    law = Law.geometric(800, 0.4)
    assert_exact(law.probabilities(), np.array([1.5, 2.0, 10.0]), np.array([1e-6, 0.01, 0.5]))


@pytest.mark.parametrize("head", [1.0005, 1.02, 1.12, 1.35])
def test_fields_around_the_share_at_which_history_jumps(head: float) -> None:
    q = np.array([head] + [1.0] * 9) / (head + 9)
    temperatures = np.linspace(0.3, 0.6, 8)
    jumped, faithful = np.full(8, 1e-3), np.full(8, 0.99)
    for _ in range(50):
        middle = 0.5 * (jumped + faithful)
        has_jumped = settle(q, temperatures, middle).max(axis=1) > 0.2
        jumped, faithful = np.where(has_jumped, [middle, faithful], [jumped, middle])
    parts = np.concatenate([[1 - 1e-3, 1 - 1.1e-5], 1 + np.geomspace(1.1e-5, 1e-2, 12)])
    for temperature, share in zip(temperatures, jumped, strict=True):
        assert_exact(q, np.array([temperature]), share * parts)


def test_history_stops_at_a_fold_younger_than_the_space_between_two_nodes() -> None:
    # Next to the cusp: the odds rise from node to node, and fall in between.
    q = np.array([1.134] + [1.0] * 9) / 10.134
    assert_exact(q, np.array([0.3321]), np.append(np.linspace(0.806, 0.8068, 33), 0.806355489))


def test_a_diagram_needs_little_memory_beyond_its_result() -> None:
    axes = np.geomspace(0.2, 5, 60), np.linspace(0, 1, 60)
    for n in (100, 1000):
        tracemalloc.start()
        phase_diagram(Law.zipf(n), *axes)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 32 * 2**20


@pytest.mark.parametrize("share", [1e-18, 1e-12, 1e-3, 0.5])
@pytest.mark.parametrize("distance", [1e-12, 1e-10, 3e-9, 1e-8, 1e-7])
@pytest.mark.parametrize("side", [-1, 1])
def test_next_to_temperature_one_the_diagram_is_the_point_by_point_solution(
    side: int, distance: float, share: float
) -> None:
    q, temperature = np.array([0.6, 0.4]), 1 + side * distance
    diagram = phase_diagram(q, [0.5, temperature], [0.0, share, 0.9, 1.0])
    state = settled_state(q, temperature, share)
    assert diagram.distance[1, 1] == pytest.approx(total_variation(state, q), abs=1e-7)
