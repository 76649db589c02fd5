"""The cut through the diagram over temperature, against the states found at its settings."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from closedloop_core import (
    Law,
    collapse_threshold,
    fixed_points,
    settled_state,
    stable_states,
    total_variation,
)
from closedloop_core.exact.cuts import cut_along_temperature

TEMPERATURES = np.exp(np.linspace(np.log(0.2), np.log(3.0), 41))
# Distances are read off 200 points a branch, with straight lines between them.
BETWEEN_POINTS = 2e-3


def random_laws(count: Any, seed: Any) -> Iterator[Any]:
    """Yield laws of two to five outcomes: some even, some with tied leaders."""
    rng = np.random.default_rng(seed)
    for k in range(count):
        weights = np.sort(rng.dirichlet(np.full(int(rng.integers(2, 6)), 1.5)) + 0.02)
        if k % 5 == 0:
            weights[:] = 1
        elif k % 5 == 1:
            weights[-1] = weights[-2]
        yield rng.permutation(weights) / weights.sum(), float(rng.uniform(0.02, 0.95))


def distances_at(strands: Any, temperature: Any, is_stable: Any) -> Any:
    found = [s.distance[s.temperature == temperature] for s in strands if s.is_stable == is_stable]
    return sorted(np.concatenate(found).tolist()) if found else []


def test_stable_strands_are_the_stable_states() -> None:
    for q, share in random_laws(15, seed=0):
        strands = cut_along_temperature(q, TEMPERATURES, share)
        for temperature in TEMPERATURES[::3]:
            states = total_variation(stable_states(q, temperature, share), q)
            expected = np.unique(np.round(states, 9))  # equal outcomes share a strand
            found = distances_at(strands, temperature, is_stable=True)
            assert found == pytest.approx(expected.tolist(), abs=BETWEEN_POINTS)


def test_unstable_strands_are_unstable_fixed_points() -> None:
    tried = 0
    for q, share in random_laws(15, seed=1):
        strands = cut_along_temperature(q, TEMPERATURES, share)
        for temperature in TEMPERATURES[::8]:
            points = fixed_points(q, temperature, share)
            unstable = np.array([total_variation(p, q) for p, u in points if u > 0])
            for distance in distances_at(strands, temperature, is_stable=False):
                tried += 1
                assert np.abs(unstable - distance).min() < BETWEEN_POINTS
    assert tried > 15


def test_strands_rise_along_the_axis_and_name_their_winner() -> None:
    for q, share in random_laws(15, seed=2):
        for strand in cut_along_temperature(q, TEMPERATURES, share):
            assert len(strand.temperature) == len(strand.distance) >= 2
            at = np.searchsorted(TEMPERATURES, strand.temperature)
            assert np.array_equal(TEMPERATURES[at], strand.temperature)
            assert np.array_equal(np.diff(at), np.ones(len(at) - 1))
            assert strand.distance.min() >= 0 and strand.distance.max() <= 1
            if strand.winner is None or not strand.is_stable:
                continue
            assert strand.winner == np.flatnonzero(q == q[strand.winner])[0]
            # A winner's state exists below its threshold, and nowhere else.
            for temperature in strand.temperature:
                assert share < collapse_threshold(q, temperature, strand.winner)


def test_the_sources_own_state_is_one_strand_through_temperature_one() -> None:
    law = Law.zipf(4)
    (own,) = [s for s in cut_along_temperature(law, TEMPERATURES, 0.5) if s.winner is None]
    assert np.array_equal(own.temperature, TEMPERATURES)
    settled = [
        total_variation(settled_state(law, t, 0.5), law.probabilities()) for t in TEMPERATURES
    ]
    assert own.distance == pytest.approx(np.array(settled), abs=BETWEEN_POINTS)


def test_the_even_state_turns_stable_where_the_temperature_passes_one_minus_the_share() -> None:
    strands = cut_along_temperature(Law.uniform(6), TEMPERATURES, 0.4)
    even = [s for s in strands if s.winner is None and s.distance.max() < 1e-9]
    stable = np.concatenate([s.temperature for s in even if s.is_stable])
    assert np.array_equal(np.sort(stable), TEMPERATURES[TEMPERATURES > 0.6])


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_at_the_ends_of_the_share_the_cut_is_there_too(share: float) -> None:
    strands = cut_along_temperature(Law.zipf(3), [1.5, 2.0, 2.5], share)
    (strand,) = strands
    ends = [settled_state(Law.zipf(3), t, share) for t in strand.temperature]
    expected = total_variation(np.array(ends), Law.zipf(3).probabilities())
    assert strand.distance == pytest.approx(expected, abs=BETWEEN_POINTS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0.5, 0.6], [0.5, 0.6], 0.1), "reference must sum to 1"),
        ((Law.zipf(3), [0.5, 0.0], 0.1), "temperature must be"),
        ((Law.zipf(3), [0.5, 0.6], 1.5), "external_fraction must be"),
    ],
)
def test_what_cannot_be_cut_is_refused(arguments: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        cut_along_temperature(*arguments)
