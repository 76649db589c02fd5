"""Basins and borders of three outcomes, against the flow followed slowly and finely."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import Law, count_stable_states, stable_states, total_variation
from closedloop_core.exact.basins import LATTICE, NO_BASIN, basins_of, borders_between
from closedloop_core.exact.landscape import Landscape, lattice_points, nearest_state
from tests.core.slow import flow

SEVERAL = [
    (Law.zipf(3), 0.5, 0.2),
    (Law.zipf(3), 0.8, 0.02),
    (Law.from_weights([4, 3.5, 2.5]), 0.3, 0.4),
    (Law.from_weights([2, 5, 3]), 0.6, 0.1),
    (Law.uniform(3), 0.5, 0.4),
    (Law.uniform(3), 0.5, 0.51),
    (Law.from_weights([2, 2, 1]), 0.5, 0.4),
    (Law.from_weights([3, 3, 4]), 0.5, 0.3),
    (Law.zipf(3), 0.5, 0.0),
]


def landscape_of(setting: Any) -> Any:
    law, temperature, share = setting
    return Landscape(law, temperature, share)


def ends(setting: Any, starts: Any) -> Any:
    """Return which fixed point each start comes to, or -1 where it has not arrived."""
    landscape = landscape_of(setting)
    # Nothing decays faster than e^-s: steps of 0.2 are fine ones, and a fold may take hundreds.
    p = flow(landscape.q, *setting[1:], starts, 400.0, length=0.2)  # type: ignore[call-arg, misc]
    index, away = nearest_state(p, landscape.stable)
    stable = [k for k, (_, unstable) in enumerate(landscape.fixed_points) if unstable == 0]
    return np.where(away < 1e-3, np.array(stable)[index], -1)


@pytest.mark.parametrize("setting", SEVERAL)
def test_a_start_ends_in_the_state_whose_basin_holds_it(setting: Any) -> None:
    landscape = landscape_of(setting)
    assert len(landscape.stable) == len(stable_states(*setting)) > 1
    starts = np.random.default_rng(0).dirichlet(np.ones(3), 400)
    found, expected = basins_of(landscape, starts), ends(setting, starts)
    has_arrived = expected >= 0
    assert has_arrived.mean() > 0.97  # but for a few next to a border
    assert np.array_equal(found[has_arrived], expected[has_arrived])
    assert set(found) == set(expected[has_arrived])


@pytest.mark.parametrize(("temperature", "share"), [(0.5, 0.9), (2.0, 0.0), (1.5, 0.3), (1.0, 0.2)])
def test_one_valley_takes_every_start(temperature: float, share: float) -> None:
    landscape = Landscape(Law.zipf(3), temperature, share)
    (index,) = set(basins_of(landscape, lattice_points(12)[0]))
    assert landscape.fixed_points[index][1] == 0
    assert borders_between(landscape).shape == (0, 0, 3)


def test_where_every_state_stays_there_is_no_basin() -> None:
    assert set(basins_of(Landscape(Law.zipf(3), 1.0, 0.0), lattice_points(6)[0])) == {NO_BASIN}


def test_without_external_data_the_leader_wins_and_ties_are_borders() -> None:
    landscape = Landscape(Law.zipf(3), 0.5, 0.0)
    starts = np.array([[0.5, 0.3, 0.2], [0.3, 0.31, 0.39], [0.4, 0.4, 0.2], [1 / 3] * 3])
    found = basins_of(landscape, starts)
    winners = [int(np.argmax(landscape.fixed_points[k][0])) for k in found[:2]]
    assert winners == [0, 2]
    assert found[2:].tolist() == [NO_BASIN, NO_BASIN]


@pytest.mark.parametrize("share", [0.05, 0.3, 0.51])
def test_basins_know_no_order_of_the_outcomes(share: float) -> None:
    lattice, turn = lattice_points(20)[0], [2, 0, 1]
    weights = np.array([5.0, 4.0, 4.0])
    plain = Landscape(Law.from_weights(weights), 0.5, share)
    turned = Landscape(Law.from_weights(weights[turn]), 0.5, share)

    def reached(landscape: Any, points: Any) -> Any:
        states = np.array([p for p, _ in landscape.fixed_points] + [np.full(3, np.nan)])
        labels = basins_of(landscape, points).astype(int)
        return states[np.where(labels == NO_BASIN, -1, labels)]

    one, other = reached(plain, lattice)[:, turn], reached(turned, lattice[:, turn])
    assert np.allclose(one, other, atol=1e-8, equal_nan=True)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.4])
def test_equal_outcomes_have_equal_basins(share: float) -> None:
    lattice, weights = lattice_points(LATTICE)
    landscape = Landscape(Law.from_weights([2, 2, 1]), 0.5, share)
    basin = basins_of(landscape, lattice)
    held = {
        int(np.argmax(p)): weights[basin == k].sum()
        for k, (p, unstable) in enumerate(landscape.fixed_points)
        if unstable == 0
    }
    assert held[0] == pytest.approx(held[1])
    # Between the two lies the border, unless the third takes it.
    between = lattice[:, 0] == lattice[:, 1]
    third = [k for k, (p, u) in enumerate(landscape.fixed_points) if u == 0 and p.argmax() == 2]
    assert set(basin[between]) <= {NO_BASIN, *third}


def test_between_two_winners_the_even_mix_takes_the_tie() -> None:
    # Both even mix and collapse are stable, and every summit is gone: a tie rolls to the mix.
    landscape = Landscape(Law.uniform(3), 0.5, 0.51)
    assert count_stable_states(Law.uniform(3), 0.5, 0.51) == 4
    even = [k for k, (p, u) in enumerate(landscape.fixed_points) if u == 0 and np.ptp(p) < 1e-9]
    starts = [[0.45, 0.45, 0.1], [0.2, 0.4, 0.4], [1 / 3] * 3]
    assert basins_of(landscape, starts).tolist() == even * 3
    # Where the third outcome takes over, the tie of the others is no border either.
    landscape = Landscape(Law.from_weights([3, 3, 4]), 0.5, 0.3)
    (end,) = basins_of(landscape, [[0.34, 0.34, 0.32]])
    assert np.argmax(landscape.fixed_points[end][0]) == 2


def test_where_a_state_is_about_to_vanish_few_starts_are_judged_too_early() -> None:
    # The even state is stable from 0.2 on, and slow: a few starts are still on their way.
    setting = (Law.uniform(3), 0.8, 0.201)
    landscape = landscape_of(setting)
    starts = np.random.default_rng(1).dirichlet(np.ones(3), 800)
    p = flow(landscape.q, 0.8, 0.201, starts, 3000.0, length=1.0)
    index, away = nearest_state(p, landscape.stable)
    has_arrived = away < 1e-3
    assert has_arrived.mean() > 0.98
    stable = [k for k, (_, unstable) in enumerate(landscape.fixed_points) if unstable == 0]
    wrong = basins_of(landscape, starts) != np.array(stable)[index]
    assert wrong[has_arrived].mean() < 0.01


@pytest.mark.parametrize("setting", SEVERAL)
def test_borders_part_starts_that_end_differently(setting: Any) -> None:
    landscape = landscape_of(setting)
    lines = borders_between(landscape)
    saddles = np.array([p for p, unstable in landscape.fixed_points if unstable == 1])
    assert len(lines) == 2 * len(saddles)
    sides = []
    for line in lines:
        moves = np.diff(line, axis=0)
        along = np.cumsum(np.linalg.norm(moves, axis=1))
        if along[-1] == 0:
            continue  # half a border that begins on an edge: nothing of it lies in the triangle
        at = int(np.searchsorted(along, 0.4 * along[-1]))  # on the way, not at its ends
        across = np.cross(moves[at], np.ones(3))
        across *= 0.006 / np.abs(across).sum()
        middle = line[at] + 0.5 * moves[at]
        sides += [middle + across, middle - across]
    assert len(sides) >= 2 * len(saddles)
    reached = ends(setting, np.maximum(sides, 0.0)).reshape(-1, 2)
    assert reached.min() >= 0
    assert np.all(reached[:, 0] != reached[:, 1])


@pytest.mark.parametrize("setting", SEVERAL)
def test_borders_begin_at_saddles_climb_and_end_at_summits_or_edges(setting: Any) -> None:
    landscape = landscape_of(setting)
    lines = borders_between(landscape)
    saddles = np.array([p for p, unstable in landscape.fixed_points if unstable == 1])
    summits = [p for p, unstable in landscape.fixed_points if unstable == 2]
    for line in lines:
        assert nearest_state(line[:1], saddles)[1][0] < 1e-12
        assert np.abs(line.sum(axis=1) - 1).max() < 1e-9
        assert line.min() >= -1e-12
        height = landscape.potential(np.maximum(line, 0) / np.maximum(line, 0).sum(1)[:, None])
        # Steps are 0.008 long: the last one may pass a summit, and come back.
        assert np.all(height[1:] >= height[:-1] - 1e-4)
        end = line[-1]
        on_edge = end.min() < 1e-9
        on_summit = any(total_variation(end / end.sum(), p) < 0.01 for p in summits)
        assert on_edge or on_summit


def test_pictures_of_two_outcomes_have_no_triangle() -> None:
    landscape = Landscape(Law.zipf(2), 0.5, 0.1)
    with pytest.raises(ValueError, match="landscape must have three outcomes, got 2"):
        basins_of(landscape, [[0.5, 0.5]])
    with pytest.raises(ValueError, match="landscape must have three outcomes, got 2"):
        borders_between(landscape)
    with pytest.raises(ValueError, match=r"points must have shape \(m, 3\), got \(2,\)"):
        basins_of(Landscape(Law.zipf(3), 0.5, 0.1), [0.5, 0.5])
