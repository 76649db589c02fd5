"""Stable states counted at all temperatures at once, against scans and exact thresholds."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import (
    Law,
    boundary_lines,
    collapse_threshold,
    count_stable_states,
    phase_diagram,
    settled_state,
    tolerance_contour,
    total_variation,
)
from closedloop_core.exact.crest import distance_of
from closedloop_core.exact.curve import place_of
from closedloop_core.exact.groups import group_outcomes
from closedloop_core.exact.thresholds import count_stable, leaders_fold, other_winner
from tests.core.slow import count_rises


def random_law(rng: Any) -> Any:
    """Return laws of every kind: even-ish, steep, tied, nearly tied, with absent outcomes."""
    n = int(rng.integers(2, 9))
    kinds = [
        lambda: rng.integers(1, 20, n),
        lambda: rng.exponential(size=n) ** rng.uniform(0.2, 4),
        lambda: np.append(rng.integers(0, 4, n), [1, 0]),
        lambda: 1 + rng.exponential(size=n) * 10 ** rng.uniform(-7, -1),
        lambda: np.append(rng.choice([1, 1 + 1e-6, 1.001, 1.1], 2), 0.3 * rng.random(n)),
        lambda: 10 ** rng.uniform(-12, 0, n),
        lambda: np.append([1, 1], rng.integers(0, 3, n) * rng.choice([0.1, 0.49, 0.5, 0.01])),
    ]
    weights = np.asarray(kinds[rng.integers(len(kinds))](), dtype=np.float64)
    return weights / weights.sum()


def random_temperatures(rng: Any, m: Any) -> Any:
    return np.append(rng.uniform(0.02, 1, m - 1), 1 - 10 ** rng.uniform(-3, -1))


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_those_of_a_scan(seed: int) -> None:
    rng, several = np.random.default_rng(seed), 0
    for _ in range(8):
        q, shares = random_law(rng), np.append(rng.uniform(0, 1, 15), np.arange(1, 20) / 20)
        temperatures = random_temperatures(rng, 2)
        counts = count_stable(q, temperatures, shares)
        for found, temperature in zip(counts, temperatures, strict=True):
            expected, turns = count_rises(q, temperature, shares)
            clear = np.abs(shares[:, None] - turns).min(axis=1, initial=1.0) > 1e-4
            np.testing.assert_array_equal(found[clear], expected[clear], str(q.tolist()))
            several += np.count_nonzero(expected[clear] > 1)  # type: ignore[assignment]
    assert several > 30


@pytest.mark.parametrize("seed", range(4))
def test_counts_change_at_the_collapse_thresholds_and_by_their_outcomes(seed: int) -> None:
    rng, seen = np.random.default_rng(100 + seed), 0
    for _ in range(25):
        q, temperature = random_law(rng), float(random_temperatures(rng, 2)[rng.integers(2)])
        values, first, sizes = np.unique(q, return_index=True, return_counts=True)
        edges = np.array([collapse_threshold(q, temperature, i) for i in first[:-1]])
        apart = np.diff(edges, append=1.0) > 1e-6
        apart &= np.diff(edges, prepend=0.0) > 1e-6
        shares = np.concatenate([edges - 2e-8, edges + 2e-8])
        if not np.all((shares > 0) & (shares < 1)):
            continue
        below, above = count_stable(q, np.array([temperature]), shares)[0].reshape(2, -1)
        np.testing.assert_array_equal((below - above)[apart], sizes[:-1][apart], str(q.tolist()))
        seen += np.count_nonzero(apart)  # type: ignore[assignment]
    assert seen > 30


def test_the_other_winners_line_is_its_collapse_threshold() -> None:
    rng = np.random.default_rng(7)
    for _ in range(15):
        q, temperatures = random_law(rng), random_temperatures(rng, 4)
        order = np.argsort(-q, kind="stable")
        if q[order[0]] == q[order[-1]]:
            continue
        outcome = int(order[0] if q[order[0]] == q[order[1]] else order[1])
        exact = [collapse_threshold(q, t, outcome) for t in temperatures]
        np.testing.assert_allclose(other_winner(q, temperatures), exact, atol=2e-8)


def shares_on_the_leaders_branch(q: Any, t: Any, sigma: Any) -> Any:
    """Shares at which the leader stands on its upper root, by the curve's own sum over outcomes."""
    groups = group_outcomes(q, cold=True, ties_broken=True)
    heights = distance_of(0.5 * sigma**2, 1 - t, t)
    return [1 / (1 + np.exp(place_of(groups, t, np.array([y])).log_odds[0])) for y in heights]


@pytest.mark.parametrize(
    ("weights", "temperature"),
    [([33331987966, 33335919780, 33332092253], 0.09555), ([100, 101, 102, 100], 0.5)],
)
def test_a_fold_of_the_leaders_branch_holds_one_state_more(
    weights: Any, temperature: float
) -> None:
    q, t = np.asarray(weights) / np.sum(weights), np.array([temperature])
    fold = leaders_fold(q, t)[:, 0]
    top, bottom = shares_on_the_leaders_branch(q, t, fold)
    assert fold[0] < fold[1] and top < bottom
    off = 1e-2 * (bottom - top)
    shares = np.array([bottom - off, bottom + off])
    counts = count_stable(q, t, shares)[0]
    np.testing.assert_array_equal(counts, count_rises(q, temperature, shares, 20_001)[0])
    assert counts[0] == counts[1] + 1


@pytest.mark.parametrize("tolerance", [0.01171875, 0.1, 0.2, 0.4, 0.6])
@pytest.mark.parametrize(
    "weights", [[102, 101, 100, 100], [3, 3, 2, 1], [1, 1, 1, 1], [5, 5, 4], [1, 1 - 1e-5]]
)
@pytest.mark.parametrize("temperature", [0.021484375, 0.5, 0.9, 1.5])
def test_the_contour_is_where_the_settled_state_leaves_the_tolerance(
    weights: Any, temperature: float, tolerance: float
) -> None:
    # Before a fold, in the jump from it, after it, at a tie, or never.
    q = np.asarray(weights) / np.sum(weights)
    found = tolerance_contour(q, [temperature], tolerance)[0]
    # Next to a fold the settled state itself is resolved to a few 1e-6 in a.
    assert total_variation(settled_state(q, temperature, found + 1e-5), q) <= tolerance
    if found > 0:
        assert total_variation(settled_state(q, temperature, found - 1e-5), q) > tolerance


def test_next_to_temperature_one_a_single_state_is_left() -> None:
    temperatures = np.array([1 - 1e-6, 1 - 1e-9, 1 - 1e-12, np.nextafter(1, 0)])
    for law in (Law.zipf(5), Law.uniform(3), Law.from_weights([2, 2, 1, 0])):
        counts = phase_diagram(law, temperatures, [1e-4, 0.5]).n_stable
        np.testing.assert_array_equal(counts, 1)


def test_many_temperatures_are_counted_like_each_alone() -> None:
    law, shares = Law.from_weights([30, 29, 28, 1, 0]), np.linspace(0.01, 0.99, 33)
    temperatures = np.geomspace(0.02, 0.999, 90)
    counts = phase_diagram(law, temperatures, shares).n_stable
    for i in (0, 17, 40, 89):
        alone = [count_stable_states(law, float(temperatures[i]), a) for a in shares]
        np.testing.assert_array_equal(counts[i], alone)


@pytest.mark.parametrize("law", [Law.zipf(4), Law.uniform(3), Law.from_weights([1, 0])])
@pytest.mark.parametrize("temperatures", [[], [1.0, 2.0], [0.5]])
@pytest.mark.parametrize("shares", [[], [0.0, 1.0], [0.3]])
def test_diagrams_and_lines_without_a_cold_side_or_an_inside(
    law: Any, temperatures: Any, shares: Any
) -> None:
    counts = phase_diagram(law, temperatures, shares).n_stable
    assert counts.shape == (len(temperatures), len(shares))
    lines = boundary_lines(law, temperatures)
    assert lines.contour.shape == lines.fisher_rao.shape == (len(temperatures),)
    for t, row in zip(temperatures, counts, strict=True):
        for a, found in zip(shares, row, strict=True):
            stays = t == 1 and a == 0
            assert found == (0 if stays else count_stable_states(law, t, a))


@pytest.mark.parametrize("weights", [[317, 320, 327, 345, 348], [50, 49, 47, 47, 46, 40]])
def test_the_settled_state_leaves_its_branch_at_the_very_top_of_a_fold(weights: Any) -> None:
    # The folds' tops, found by another search, are where history jumps to the leader's victory.
    law = Law.from_weights(weights)
    q, temperature = law.probabilities(), 0.9375
    t = np.array([temperature])
    share = shares_on_the_leaders_branch(q, t, leaders_fold(q, t)[0])[0]
    before = settled_state(law, temperature, share + 2e-8).max()
    after = settled_state(law, temperature, share - 2e-8).max()
    assert before < after - 0.02
    # ... and only there: just before it the state has hardly moved.
    assert abs(settled_state(law, temperature, share + 4e-8).max() - before) < 1e-3
