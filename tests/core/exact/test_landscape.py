"""The landscape: height, flow and fixed points against slow twins, dense algebra and laws."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from closedloop_core import Law, class_of, free_energy, settled_state, total_variation
from closedloop_core.exact.landscape import (
    FEWEST_DOUBLINGS,
    MOST_DOUBLINGS,
    STEPS_PER_DOUBLING,
    Landscape,
    arrow_starts,
    few_outcomes,
    follow_paths,
    lattice_points,
    moved_inside,
    nearest_state,
    path_doublings,
    source_start,
    state_from_source,
)
from tests.core.slow import flow


def random_landscapes(count: Any, seed: Any, n: Any = 3) -> Iterator[Any]:
    """Yield landscapes of random laws, cold and hot, some without external data."""
    rng = np.random.default_rng(seed)
    for k in range(count):
        law = Law.from_weights(rng.dirichlet(np.full(n, 1.5)) + 0.02)
        temperature = float(np.exp(rng.uniform(np.log(0.2), np.log(4.0))))
        yield Landscape(law, temperature, 0.0 if k % 4 == 0 else float(rng.uniform(0.02, 0.9)))


@pytest.mark.parametrize("n", [2, 3, 5])
def test_no_step_goes_uphill_or_leaves_the_simplex(n: int) -> None:
    rng = np.random.default_rng(n)
    for landscape in random_landscapes(30, seed=n, n=n):
        p = rng.dirichlet(np.full(n, 0.5), 50)
        for length in (0.1, 0.5, 1.0):
            after = landscape.step(p, length)
            assert after.min() >= 0
            assert np.abs(after.sum(axis=1) - 1).max() < 1e-12
            assert np.all(landscape.potential(after) <= landscape.potential(p) + 1e-12)


def test_the_height_is_minus_the_free_energy() -> None:
    for landscape in random_landscapes(8, seed=1):
        p = np.random.default_rng(1).dirichlet(np.ones(3), (4, 5))
        setting = (landscape.q, landscape.temperature, landscape.external_fraction)
        assert landscape.potential(p).shape == (4, 5)
        assert np.array_equal(landscape.potential(p), -free_energy(p, *setting))


def test_a_step_is_of_third_order() -> None:
    start, until = np.array([[0.2, 0.5, 0.3]]), 1.0
    landscape = Landscape(Law.zipf(3), 0.6, 0.3)
    exact = flow(landscape.q, 0.6, 0.3, start, until, length=0.001)
    errors = []
    for steps in (8, 16, 32):
        p = start
        for _ in range(steps):
            p = landscape.step(p, until / steps)
        errors.append(np.abs(p - exact).max())
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert np.all(np.abs(orders - 3) < 0.2)


def jacobian(landscape: Any, p: Any, small: Any = 1e-6) -> Any:
    """Return the derivative of F along the simplex, by differences: (n - 1, n - 1)."""
    n = len(p)
    basis = np.linalg.svd(np.ones((1, n)))[2][1:]  # directions that sum to 0
    moved = [
        (landscape.image(p + small * v) - landscape.image(p - small * v)) / (2 * small)
        for v in basis
    ]
    return np.array(moved) @ basis.T


@pytest.mark.parametrize("n", [2, 3, 4])
def test_fixed_points_stay_and_their_unstable_directions_are_those_of_the_jacobian(n: int) -> None:
    seen = set()
    for landscape in random_landscapes(40, seed=10 + n, n=n):
        for p, unstable in landscape.fixed_points:
            assert np.abs(landscape.image(p) - p).max() < 1e-9
            if p.min() > 0 and not np.allclose(p, p[0]):
                values = np.linalg.eigvals(jacobian(landscape, p)).real
                assert np.count_nonzero(values > 1) == unstable
            seen.add(unstable)
        # Poincare and Hopf, where the flow points inwards at every edge: no point is missed.
        if landscape.external_fraction > 0:
            assert sum((-1) ** unstable for _, unstable in landscape.fixed_points) == 1
        stable = [p for p, unstable in landscape.fixed_points if unstable == 0]
        assert np.array_equal(landscape.stable, stable)
    assert {0, 1} <= seen


def test_where_every_state_stays_there_is_nothing_to_list() -> None:
    landscape = Landscape(Law.zipf(3), 1.0, 0.0)
    assert landscape.fixed_points == []
    assert landscape.stable.shape == (0, 3)
    assert state_from_source(landscape) is None
    path = follow_paths(landscape, [[0.2, 0.3, 0.5]])[0]
    assert path[-1] == pytest.approx([0.2, 0.3, 0.5], abs=1e-12)


def test_classes_and_winners_are_those_of_the_one_rule() -> None:
    for landscape in random_landscapes(20, seed=3):
        for p, _ in landscape.fixed_points:
            said = class_of(p, landscape.q, landscape.temperature, landscape.tolerance)
            assert landscape.phase(p) == said
            has_won = said == "collapse" and p.max() > 0.5
            assert landscape.winner(p) == (int(np.argmax(p)) if has_won else None)
    # A collapse that no outcome has won: the runner-up leads, with less than half.
    landscape = Landscape(Law.from_weights([4, 3, 3]), 0.9, 0.2)
    p = np.array([0.26, 0.45, 0.29])
    assert (landscape.phase(p), landscape.winner(p)) == ("collapse", None)


def test_paths_follow_the_flow_until_they_arrive() -> None:
    rng = np.random.default_rng(5)
    for landscape in random_landscapes(12, seed=5):
        starts = rng.dirichlet(np.ones(3), 4)
        paths = follow_paths(landscape, starts)
        assert np.array_equal(paths[:, 0], starts)
        doublings = path_doublings(paths.shape[1])
        assert FEWEST_DOUBLINGS <= doublings[-1] <= MOST_DOUBLINGS
        setting = (landscape.q, landscape.temperature, landscape.external_fraction)
        for at in (STEPS_PER_DOUBLING, 4 * STEPS_PER_DOUBLING):
            exact = flow(*setting, starts, doublings[at] * np.log(2.0))
            assert (
                total_variation(paths[:, at], exact / exact.sum(axis=1, keepdims=True)).max() < 1e-3
            )
        if doublings[-1] < MOST_DOUBLINGS:
            assert nearest_state(paths[:, -1], landscape.stable)[1].max() < 0.004


def test_a_path_from_the_source_ends_where_the_loop_settles() -> None:
    laws = [Law.zipf(3), Law.uniform(3), Law.from_weights([2, 2, 1]), Law.from_weights([1, 2, 2])]
    for law in laws:
        for temperature, share in ((0.5, 0.1), (0.4, 0.3), (0.3, 0.0), (2.0, 0.1)):
            landscape = Landscape(law, temperature, share)
            settled = settled_state(law, temperature, share)
            index = state_from_source(landscape)
            assert landscape.fixed_points[index][1] == 0
            assert total_variation(landscape.fixed_points[index][0], settled) < 1e-9
            start = source_start(landscape)
            assert total_variation(start, landscape.q) <= 1e-3
            end = follow_paths(landscape, [start])[0, -1]
            assert total_variation(end / end.sum(), settled) < 0.004


def test_nearest_is_nearest() -> None:
    rng = np.random.default_rng(2)
    p, states = rng.dirichlet(np.ones(3), 20), rng.dirichlet(np.ones(3), 4)
    index, distance = nearest_state(p, states)
    all_distances = np.array([[total_variation(x, state) for state in states] for x in p])
    assert np.array_equal(index, all_distances.argmin(axis=1))
    assert distance == pytest.approx(all_distances.min(axis=1))


@pytest.mark.parametrize("cells", [1, 2, 7, 60])
def test_the_lattice_measures_area(cells: int) -> None:
    points, weights = lattice_points(cells)
    assert points.shape == ((cells + 1) * (cells + 2) // 2, 3)
    assert np.abs(points.sum(axis=1) - 1).max() < 1e-12
    # The trapezoidal rule: exact for linear functions, to 1 / cells^2 for squares.
    assert weights.sum() == pytest.approx(1)
    assert weights @ points == pytest.approx([1 / 3] * 3)
    assert weights @ points**2 == pytest.approx([1 / 6] * 3, abs=0.25 / cells**2)


def test_arrows_begin_inside() -> None:
    arrows = arrow_starts(13)
    assert arrows.shape == (91, 3)
    assert arrows.min() > 0
    assert np.abs(arrows.sum(axis=1) - 1).max() < 1e-12


def test_moved_inside_keeps_what_is_inside() -> None:
    p = np.array([[0.0, 0.4, 0.6], [0.2, 0.3, 0.5]])
    moved = moved_inside(p, 0.01)
    assert moved.sum(axis=1) == pytest.approx([1, 1])
    assert moved.min() >= 0.01 / 1.01
    assert moved[1] == pytest.approx(p[1])


def test_few_outcomes_keeps_the_likeliest_and_their_ratios() -> None:
    law = Law.from_weights([1, 4, 2, 3], ["a", "b", "c", "d"])
    few = few_outcomes(law, 3)
    assert few.labels == ("b", "d", "c")
    assert few.probabilities() == pytest.approx([4 / 9, 3 / 9, 2 / 9])
    assert few_outcomes(law, 4) is law
    assert few_outcomes(Law.zipf(2), 3) == Law.uniform(3)
    assert few_outcomes(Law.from_weights([1, 2], ["x", "y"]), 3) == Law.uniform(3)
    assert few_outcomes(Law.from_weights([1, 2, 0]), 3) == Law.uniform(3)
    with pytest.raises(ValueError, match="must be between 2 and 10,000, got 1"):
        few_outcomes(Law.zipf(5), 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((Law.zipf(7), 0.5, 0.1), "reference must be positive on at most 6, got 7 outcomes"),
        ((Law.from_weights([1, 0, 1]), 0.5, 0.1), "got 3 outcomes, of which 2 are possible"),
        ((Law.zipf(3), 0.0, 0.1), "temperature must be"),
        ((Law.zipf(3), 0.5, 1.1), "external_fraction must be"),
        ((Law.zipf(3), 0.5, 0.1, 1.0), "tolerance must lie between 0 and 1"),
    ],
)
def test_what_is_no_landscape_is_refused(arguments: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Landscape(*arguments)


def test_states_of_another_size_are_refused() -> None:
    landscape = Landscape(Law.zipf(3), 0.5, 0.1)
    with pytest.raises(ValueError, match="same number of outcomes"):
        follow_paths(landscape, [[0.5, 0.5]])
    with pytest.raises(ValueError, match="same number of outcomes"):
        landscape.potential([0.5, 0.5])
