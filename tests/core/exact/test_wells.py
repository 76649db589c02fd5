"""Two outcomes: where a ball comes to rest, and when the wrong well vanishes."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from closedloop_core import Law, collapse_threshold, count_stable_states, free_energy
from closedloop_core.exact.landscape import Landscape, follow_paths
from closedloop_core.exact.wells import (
    is_wrong_side,
    resting_place,
    vanishing_share,
    well_potential,
)
from tests.core.slow import flow


def random_settings(count: Any, seed: Any) -> Iterator[Any]:
    rng = np.random.default_rng(seed)
    for _ in range(count):
        law = Law.from_weights([rng.uniform(0.05, 0.95), 0.5])
        yield law, float(np.exp(rng.uniform(np.log(0.15), np.log(3.0)))), rng


def test_a_ball_rests_where_the_flow_takes_it() -> None:
    tried = 0
    for law, temperature, rng in random_settings(40, seed=0):
        landscape = Landscape(law, temperature, 0.1)
        share, start = float(rng.uniform(0, 1)), float(rng.uniform(0, 1))
        q = law.probabilities()
        # Nothing decays faster than e^-s: steps of 0.2 are fine ones.
        p = flow(q, temperature, share, [[start, 1 - start]], 100.0, length=0.2)
        later = flow(q, temperature, share, p, 5.0, length=0.2)
        if np.abs(later - p).max() > 1e-9:
            continue  # near a fold or T = 1 the twin is too slow
        tried += 1
        assert resting_place(landscape, start, share) == pytest.approx(later[0, 0], abs=1e-5)
    assert tried > 30


def test_a_ball_on_a_fixed_point_or_where_nothing_flows_stays() -> None:
    landscape = Landscape(Law.zipf(2), 0.5, 0.1)
    assert resting_place(Landscape(Law.uniform(2), 0.5, 0.1), 0.5, 0.1) == 0.5
    assert resting_place(Landscape(Law.zipf(2), 1.0, 0.1), 0.37, 0.0) == 0.37
    # Without external data a ball rolls to the very end.
    assert resting_place(landscape, 0.7, 0.0) == 1.0
    assert resting_place(landscape, 0.2, 0.0) == 0.0
    # Next to a resting place the first point of the flow's grid is already beyond it.
    x = float(landscape.stable[0, 0])
    assert resting_place(landscape, x + 1e-5, 0.1) == pytest.approx(x, abs=6e-4)


def test_the_run_of_a_ball_ends_where_it_rests() -> None:
    landscape = Landscape(Law.from_weights([2, 1]), 0.5, 0.1)
    for start in (0.05, 0.3, 0.9):
        end = follow_paths(landscape, [[start, 1 - start]])[0, -1, 0]
        assert end == pytest.approx(resting_place(landscape, start, 0.1), abs=0.004)


def test_the_wrong_well_vanishes_at_its_collapse_threshold() -> None:
    cold = [(law, t) for law, t, _ in random_settings(16, seed=1) if t < 0.95]
    assert len(cold) > 6
    for law, temperature in cold:
        q = law.probabilities()
        share = vanishing_share(Landscape(law, temperature, 0.3))
        assert share == collapse_threshold(law, temperature, int(np.argmin(q)))
        # By count: two wells below it, one above.
        assert count_stable_states(law, temperature, share * 0.999) == 2
        assert count_stable_states(law, temperature, share + 0.001 * (1 - share)) == 1
        wrong = 0.999 if q[0] < q[1] else 0.001
        stuck = Landscape(law, temperature, 0.3)
        for factor, expected in ((0.98, True), (1.02, False)):
            if share * factor < 1:
                rest = resting_place(stuck, wrong, share * factor)
                assert is_wrong_side(stuck, rest) == expected


def test_from_temperature_one_on_there_is_no_wrong_well() -> None:
    for temperature in (1.0, 1.7):
        landscape = Landscape(Law.zipf(2), temperature, 0.2)
        assert vanishing_share(landscape) is None
        assert not is_wrong_side(landscape, 0.01)
    assert not is_wrong_side(Landscape(Law.uniform(2), 0.5, 0.2), 0.01)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.7])
def test_the_curve_is_the_potential_and_its_bottoms_are_the_stable_states(share: float) -> None:
    law, x = Law.from_weights([3, 2]), np.linspace(0, 1, 2001)
    landscape = Landscape(law, 0.5, share)
    curve = well_potential(landscape, x, share)
    assert (curve.shape, curve.dtype) == ((2001,), np.float32)  # type: ignore[comparison-overlap]
    assert np.all(np.isfinite(curve))
    inner = slice(1, -1)
    states = np.stack([x, 1 - x], axis=1)[inner]
    assert curve[inner] == pytest.approx(-free_energy(states, law, 0.5, share), abs=1e-6)
    ends = np.append(np.inf, np.append(curve, np.inf))
    bottoms = x[(ends[1:-1] < ends[:-2]) & (ends[1:-1] <= ends[2:])]
    assert sorted(landscape.stable[:, 0]) == pytest.approx(sorted(bottoms), abs=0.03)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda three, two: vanishing_share(three), "two outcomes, got 3"),
        (lambda three, two: is_wrong_side(three, 0.3), "two outcomes, got 3"),
        (lambda three, two: well_potential(three, [0.5], 0.1), "two outcomes, got 3"),
        (lambda three, two: resting_place(three, 0.5, 0.1), "two outcomes, got 3"),
        (lambda three, two: resting_place(two, 1.5, 0.1), r"start must lie in \[0, 1\], got 1.5"),
        (lambda three, two: resting_place(two, 0.5, -0.1), "external_fraction must be"),
        (lambda three, two: well_potential(two, [0.5], 2.0), "external_fraction must be"),
    ],
)
def test_what_has_no_well_is_refused(call: Any, words: str) -> None:
    three, two = Landscape(Law.zipf(3), 0.5, 0.1), Landscape(Law.zipf(2), 0.5, 0.1)
    with pytest.raises(ValueError, match=words):
        call(three, two)
