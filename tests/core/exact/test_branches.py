"""What is drawn over the external share and over temperature, against independent computations."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import (
    Law,
    bifurcation_branches,
    boundary_lines,
    collapse_threshold,
    count_stable_states,
    fixed_points,
    minimum_external_fraction,
    phase_diagram,
    stable_states,
    total_variation,
    uniform_thresholds,
)
from closedloop_core.closed_forms.published import euclidean_bound
from closedloop_core.exact.settled import fisher_rao_share

SOURCES = {
    "zipf": Law.zipf(5),
    "even": Law.uniform(4),
    "tied": Law.from_weights([3, 3, 2, 1]),
    "near": Law.from_weights([1.02, 1.01, 1.0, 1.0]),
}


def drawn(pieces: Any, share: Any, is_stable: Any) -> Any:
    """Distances at which pieces of a kind pass a share."""
    found = []
    for piece in pieces:
        a, d = piece.external_fraction, piece.distance
        if piece.is_stable is not is_stable:
            continue
        order = np.argsort(a)
        if a[order[0]] <= share <= a[order[-1]]:
            found.append(float(np.interp(share, a[order], d[order])))
    return np.array(found)


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("temperature", [0.3, 0.6, 0.9, 1.0, 2.0])
def test_stable_branches_pass_through_every_stable_state(name: Any, temperature: float) -> None:
    source = SOURCES[name]
    q = source.probabilities()
    pieces = bifurcation_branches(source, temperature)
    for share in (0.07, 0.21, 0.43, 0.66, 0.9):
        states = stable_states(source, temperature, share)
        true = np.unique(np.round(total_variation(states, q), 5))
        # Interpolated between dense points of the exact curves.
        for distance in true:
            assert np.abs(drawn(pieces, share, True) - distance).min() < 2e-3
        for distance in drawn(pieces, share, True):
            assert np.abs(true - distance).min() < 2e-3


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("temperature", [0.3, 0.6, 0.9])
def test_unstable_branches_pass_only_through_unstable_fixed_points(
    name: Any, temperature: float
) -> None:
    source = SOURCES[name]
    q = source.probabilities()
    pieces = bifurcation_branches(source, temperature)
    for share in (0.07, 0.21, 0.43, 0.66):
        points = fixed_points(source, temperature, share)
        unstable = np.array([total_variation(p, q) for p, k in points if k > 0])
        for distance in drawn(pieces, share, False):
            assert np.abs(unstable - distance).min() < 2e-3


def test_the_favourites_branch_is_cut_at_its_two_folds_only() -> None:
    # docs/theory.md, section 3.3: along it the share falls, or falls, rises and falls again.
    rng, folded = np.random.default_rng(0), 0
    for _ in range(60):
        q = np.ones(rng.integers(2, 12))
        q[0] += 10 ** rng.uniform(-6, -0.5)
        source, temperature = Law.from_weights(q), rng.uniform(0.1, 0.95)
        pieces = [p for p in bifurcation_branches(source, temperature) if p.winner == 0]
        assert [p.is_stable for p in pieces] in ([True], [True, False, True])
        assert min(len(p.external_fraction) for p in pieces) > 2
        folded += len(pieces) == 3
    assert folded > 20
    start = bifurcation_branches(Law.from_weights([0.102, *[0.1] * 9]), 0.5)[0]
    assert start.is_stable and start.external_fraction.min() == pytest.approx(0.561, abs=1e-3)


@pytest.mark.parametrize("source", [Law.zipf(12), Law.uniform(9), Law.from_weights([3, 3, 2, 1])])
def test_the_diagram_counts_the_stable_states(source: Any) -> None:
    temperatures = np.array([0.1, 0.3, 0.5, 0.8, 0.97, 1.0, 1.4])
    shares = np.array([0.0, 0.013, 0.2, 0.37, 0.49, 0.51, 0.6, 0.93, 1.0])
    counts = phase_diagram(source, temperatures, shares).n_stable
    for i, t in enumerate(temperatures):
        for j, a in enumerate(shares):
            every_state_stays = t == 1 and a == 0
            assert counts[i, j] == (0 if every_state_stays else count_stable_states(source, t, a))


@pytest.mark.parametrize("source", [Law.zipf(10), Law.uniform(10), Law.from_weights([3, 3, 2, 1])])
def test_every_line_is_the_function_it_draws(source: Any) -> None:
    q = source.probabilities()
    temperatures = np.array([0.2, 0.5, 0.8, 1.0, 1.7])
    lines = boundary_lines(source, temperatures)
    for i, t in enumerate(temperatures):
        least = minimum_external_fraction(source, t)
        # They differ where tied leaders split off gently, never upwards.
        assert lines.contour[i] <= least + 1e-9
        if np.count_nonzero(q == q.max()) == 1:
            assert lines.contour[i] == pytest.approx(least, abs=1e-9)
        assert lines.euclidean[i] == pytest.approx(euclidean_bound(q, t))
        assert lines.fisher_rao[i] == pytest.approx(fisher_rao_share(source, t), abs=1e-10)
        if t > 1:
            continue
        if lines.other_winner is None:
            exact = lines.stability[i], lines.maxwell[i], lines.saddle_node[i]
            assert exact == uniform_thresholds(source.n, t)
        else:
            edge = collapse_threshold(source, t, 1)  # 0 at T = 1, where the line ends
            assert lines.other_winner[i] == pytest.approx(edge, abs=2e-6)
    if lines.other_winner is not None:
        assert np.all(np.isnan(lines.other_winner[temperatures > 1]))
