"""However near a share is to where states appear and vanish, none is missed and none invented."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import (
    Law,
    collapse_threshold,
    count_stable_states,
    fixed_points,
    leading_eigenvalue,
    phase_diagram,
    stable_states,
    uniform_thresholds,
)
from tests.core.exact.test_stability import random_law
from tests.core.slow import collapse_fraction

NEAR = [1e-2, 1e-5, 1e-9, 1e-12]


# As near to the saddle-node as is still above where the even state turns stable, at a = 1 - T.
@pytest.mark.parametrize(
    ("n", "temperature", "off"),
    [
        (n, temperature, off)
        for n in (3, 10, 100)
        for temperature in (0.3, 0.5, 0.7)
        for off in NEAR
        if uniform_thresholds(n, temperature)[2] * (1 - off) > 1 - temperature
    ],
)
def test_collapsed_states_of_an_even_law_live_up_to_the_saddle_node(
    n: int, temperature: float, off: float
) -> None:
    law, saddle = Law.uniform(n), uniform_thresholds(n, temperature)[2]
    share = saddle * (1 - off)
    states = stable_states(law, temperature, share)
    assert len(states) == count_stable_states(law, temperature, share) == n + 1
    assert phase_diagram(law, [temperature], [share]).n_stable[0, 0] == n + 1
    np.testing.assert_allclose(states[0], 1 / n, rtol=1e-12)
    for winner, state in enumerate(states[1:]):
        others = np.delete(state, winner)
        np.testing.assert_allclose(others, others[0], rtol=1e-12)
        found = collapse_fraction(state[winner] / others[0], n, temperature)
        assert found == pytest.approx(share, rel=1e-11)
        assert leading_eigenvalue(state, law, temperature, share) < 1
    assert len(stable_states(law, temperature, saddle * (1 + 1e-12))) == 1


def test_the_first_share_that_was_missed() -> None:
    assert len(stable_states(np.full(10, 0.1), 0.5, 0.62499)) == 11


def random_tie(rng: np.random.Generator, n: int) -> Any:
    """Return a law whose largest entry is shared by two to n outcomes, and perhaps absent ones."""
    values = np.append(np.ones(int(rng.integers(2, n + 1))), rng.uniform(0.05, 0.99, n))[:n]
    if rng.random() < 0.2:
        values[-1] = 0
    return rng.permutation(values / values.sum())


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("law", [random_law, random_tie])
def test_each_state_of_a_winner_vanishes_at_its_threshold(law: Any, seed: int) -> None:
    rng, seen = np.random.default_rng(seed), 0
    for _ in range(7):
        n = int(rng.integers(2, 7))
        q, temperature = law(rng, n), float(rng.uniform(0.05, 0.98))
        tied = np.count_nonzero(q == q.max()) > 1
        for outcome in np.unique(q, return_index=True)[1][::-1]:
            if q[outcome] == q.max() and not tied:
                continue
            edge = collapse_threshold(q, temperature, int(outcome))
            for off in (1e-5, 1e-10):
                states = [
                    stable_states(q, temperature, edge * (1 + side * off)) for side in (-1, 1)
                ]
                for side, found in zip((-1, 1), states, strict=True):
                    share = edge * (1 + side * off)
                    assert len(found) == count_stable_states(q, temperature, share)
                below, above = (
                    [
                        p.argmax() == outcome and p[outcome] > np.delete(p, outcome).max()
                        for p in found
                    ].count(True)
                    for found in states
                )
                others = np.flatnonzero(q == q[outcome])
                gently = len(states[1]) == len(states[0]) - len(others) + 1
                assert below >= 1 or gently
                assert above == 0 or q[outcome] == q.max()
                seen += below > above
    assert seen > 12


@pytest.mark.parametrize("seed", range(2))
def test_all_fixed_points_are_found_on_either_side_of_a_fold(seed: int) -> None:
    # By Morse's count: summits - passes + ... = 1; and the stable ones are those of the branches.
    rng, folds = np.random.default_rng(seed), 0
    for _ in range(9):
        n = int(rng.integers(2, 5))
        law = random_law if rng.random() < 0.5 else random_tie
        q, temperature = law(rng, n), float(rng.uniform(0.2, 0.95))
        if q.min() < 1e-6:
            continue
        outcome = int(np.argmin(q))
        if q[outcome] == q.max() and np.count_nonzero(q == q.max()) == 1:
            continue
        edge = collapse_threshold(q, temperature, outcome)
        for off in (-1e-3, -1e-9, 1e-9):
            share = edge * (1 + off)
            found = [unstable for _, unstable in fixed_points(q, temperature, share)]
            assert sum((-1) ** unstable for unstable in found) == 1, (q.tolist(), temperature, off)
            assert found.count(0) == count_stable_states(q, temperature, share)
            folds += off == -1e-9 and len(found) > 1
    assert folds > 3
