"""The phase diagram: the range of the shift, the classes, and agreement with settled states."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core import (
    Law,
    class_of,
    classify,
    entropy_shift,
    hill_number,
    minimum_external_fraction,
    phase_diagram,
    settled_state,
    shannon_entropy,
    tolerance_contour,
    total_variation,
)
from tests.core.strategies import weights_with_zeros

TEMPERATURES = np.array([0.02, 0.3, 0.5, 0.9, 0.999, 1.0, 1.001, 1.2, 3.0, 50.0])
FRACTIONS = np.array([0.0, 1e-6, 0.1, 0.4, 0.62, 0.8, 0.99, 1.0])
SOURCES = {
    "zipf": Law.zipf(10),
    "even": Law.uniform(7),
    "two peaks": Law.two_peaks(24),
    "tied": Law.from_weights([3, 3, 2, 2, 1]),
    "zeros": Law.from_weights([0, 4, 0, 2, 1]),
    "many": Law.zipf(400),
}
seldom = settings(deadline=None, max_examples=25)


@pytest.mark.parametrize("name", SOURCES)
def test_diagram_is_settled_states_point_by_point(name: Any) -> None:
    source = SOURCES[name]
    q = source.probabilities()
    diagram = phase_diagram(source, TEMPERATURES, FRACTIONS)
    states = np.array([[settled_state(q, t, a) for a in FRACTIONS] for t in TEMPERATURES])
    # The diagram interpolates between exact states; 1e-8 in the distance is what it promises.
    # Entropies are of order ln n: a few times that. The shift divides by ln n - H(q) or H(q).
    np.testing.assert_allclose(diagram.distance, total_variation(states, q), rtol=0, atol=1e-8)
    np.testing.assert_allclose(diagram.effective, hill_number(states, 1), rtol=3e-8)
    reach = min(np.log(np.count_nonzero(q)) - shannon_entropy(q), shannon_entropy(q))
    atol = 3e-8 / reach if reach > 1e-9 else 3e-8
    np.testing.assert_allclose(diagram.shift, entropy_shift(states, q), rtol=0, atol=atol)
    np.testing.assert_array_equal(diagram.temperatures, TEMPERATURES)
    np.testing.assert_array_equal(diagram.external_fractions, FRACTIONS)


@pytest.mark.parametrize("name", SOURCES)
def test_the_order_of_the_grid_does_not_matter(name: Any) -> None:
    forward = phase_diagram(SOURCES[name], TEMPERATURES, FRACTIONS)
    backward = phase_diagram(SOURCES[name], TEMPERATURES[::-1], FRACTIONS[::-1])
    np.testing.assert_allclose(backward.distance[::-1, ::-1], forward.distance, atol=1e-12)


@seldom
@given(weights_with_zeros)
def test_shift_stays_in_its_range_and_on_its_side(values: Any) -> None:
    law = Law.from_weights(values)
    diagram = phase_diagram(law, TEMPERATURES, FRACTIONS)
    assert np.all(np.abs(diagram.shift) <= 1)
    assert np.all(diagram.shift[TEMPERATURES < 1] <= 0)
    assert np.all(diagram.shift[TEMPERATURES > 1] >= 0)
    assert np.all((diagram.distance >= 0) & (diagram.distance <= 1))
    assert np.all((diagram.effective >= 1 - 1e-12) & (diagram.effective <= law.n + 1e-9))
    # Nothing moves at T = 1, nor with external data alone.
    assert np.all(diagram.distance[TEMPERATURES == 1] == 0)
    assert np.all(diagram.distance[:, FRACTIONS == 1] == 0)
    assert np.all(diagram.shift[:, FRACTIONS == 1] == 0)


@seldom
@given(weights_with_zeros)
def test_without_external_data_the_shift_is_total(values: Any) -> None:
    diagram = phase_diagram(Law.from_weights(values), TEMPERATURES, [0.0])
    positive = {x for x in values if x > 0}
    np.testing.assert_allclose(diagram.shift[TEMPERATURES < 1], -1, atol=1e-12)
    # On an even support heat death has nothing left to do: the side cannot be reached.
    hot = 1 if len(positive) > 1 else 0
    np.testing.assert_allclose(diagram.shift[TEMPERATURES > 1], hot, atol=1e-9)


@seldom
@given(weights_with_zeros, st.integers(0, 2**31))
def test_shift_is_the_log_ratio_of_effective_outcomes(values: Any, seed: Any) -> None:
    q = Law.from_weights(values).probabilities()
    p = np.random.default_rng(seed).dirichlet(np.full(len(q), 0.5))
    ratio = np.log(hill_number(p, 1) / hill_number(q, 1))
    reach = np.log(len(q)) - shannon_entropy(q) if ratio > 0 else shannon_entropy(q)
    # Relative to a reach that may be small: rounding grows by its inverse.
    assert entropy_shift(p, q) == pytest.approx(ratio / reach, abs=1e-13 / reach + 1e-12)


def test_shift_of_the_ends() -> None:
    q = Law.zipf(10)
    assert entropy_shift(q.probabilities(), q) == 0
    assert entropy_shift(np.eye(10)[4], q) == -1
    assert entropy_shift(np.full(10, 0.1), q) == pytest.approx(1, abs=1e-12)
    assert entropy_shift(np.full(10, 0.1), Law.uniform(10)) == 0
    assert entropy_shift([1.0, 0.0], [1.0, 0.0]) == 0
    rows = entropy_shift(np.stack([q.probabilities(), np.eye(10)[0]]), q)
    np.testing.assert_array_equal(rows, [0, -1])


@pytest.mark.parametrize(
    ("shift", "distance", "tolerance", "phase"),
    [
        (-0.9, 0.1, 0.1, "faithful"),
        (0.9, 0.05, 0.1, "faithful"),
        (-0.01, 0.11, 0.1, "collapse"),
        (0.01, 0.11, 0.1, "heat death"),
        (-1, 0.9, 0.95, "faithful"),
        (-1, 0.9, 0.5, "collapse"),
    ],
)
def test_the_deprecated_class_is_distance_first_then_side(
    shift: float, distance: float, tolerance: float, phase: str
) -> None:
    with pytest.warns(DeprecationWarning, match="class_of"):
        assert classify(shift, distance, tolerance) == phase


def phase_at(source: Any, temperature: Any, a: Any) -> Any:
    return class_of(settled_state(source, temperature, a), source, temperature)


def test_a_collapse_onto_another_outcome_is_a_collapse_even_with_more_entropy() -> None:
    # Zipf of three at T = 0.8, 30 % external: from the runner-up it settles at .49 .34 .17 turned.
    q, state = [0.6, 0.3, 0.1], [0.3, 0.45, 0.25]
    assert entropy_shift(state, q) > 0
    assert class_of(state, q, 0.8) == "collapse"
    assert class_of(state, q, 1.5) == "heat death"
    assert class_of(state, q, 0.8, tolerance=0.4) == "faithful"


def test_a_tied_leader_leads_and_a_mirror_image_is_told_by_the_side_of_temperature_one() -> None:
    assert class_of([0.45, 0.4, 0.15], [0.4, 0.4, 0.2], 0.5, 0.01) == "sharpened"
    assert class_of([0.35, 0.35, 0.3], [0.4, 0.4, 0.2], 0.5, 0.01) == "heat death"
    assert class_of([0.2, 0.8], [0.8, 0.2], 0.5) == "collapse"
    assert class_of([0.2, 0.8], [0.8, 0.2], 2.0) == "flattened"


@pytest.mark.parametrize(
    ("state", "temperature", "tolerance", "message"),
    [
        ([[0.5, 0.5]], 0.5, 0.1, "state must be one-dimensional"),
        ([0.5, 0.6], 0.5, 0.1, "state must sum to 1"),
        ([0.5, 0.3, 0.2], 0.5, 0.1, "same number of outcomes"),
        ([np.nan, 1], 0.5, 0.1, "state must be >= 0"),
        ([0.5, 0.5], np.nan, 0.1, "temperature must be between"),
        ([0.5, 0.5], 0.5, 1.0, "tolerance must lie between 0 and 1"),
    ],
)
def test_class_refuses_what_it_cannot_judge(
    state: Any, temperature: Any, tolerance: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        class_of(state, [0.5, 0.5], temperature, tolerance)


def test_an_even_source_collapses_although_iteration_from_it_stands_still() -> None:
    # TV = 0 at an unstable point is not faithfulness (docs/theory.md, section 4): a = 0.1 < 1 - T.
    assert phase_at(Law.uniform(10), 0.5, 0.1) == "collapse"
    assert phase_at(Law.uniform(10), 0.5, 0.499) == "sharpened"
    assert phase_at(Law.uniform(10), 0.5, 0.501) == "faithful"
    assert phase_at(Law.uniform(10), 2.0, 0.0) == "faithful"


@pytest.mark.parametrize("temperature", [0.5, 1.5])
def test_a_state_is_mild_up_to_half_the_entropy_it_can_lose_or_gain(temperature: float) -> None:
    # Mixtures of the source with a point mass, or with the even law, by their shift.
    q = Law.zipf(10).probabilities()
    for end, mild, severe in (
        (np.eye(10)[0], "sharpened", "collapse"),
        (np.full(10, 0.1), "flattened", "heat death"),
    ):
        states = [(1 - w) * q + w * end for w in np.linspace(0, 1, 201)]
        for state in states:
            far, shift = total_variation(state, q) > 0.01, abs(entropy_shift(state, q))
            expected = "faithful" if not far else severe if shift > 0.5 else mild
            assert class_of(state, q, temperature, 0.01) == expected


def test_the_verdict_on_zipf_at_one_half_changes_between_75_and_82_per_cent() -> None:
    assert phase_at(Law.zipf(10), 0.5, 0.3) == "collapse"
    assert phase_at(Law.zipf(10), 0.5, 0.75) == "sharpened"
    assert phase_at(Law.zipf(10), 0.5, 0.82) == "faithful"
    assert phase_at(Law.zipf(10), 3.0, 0.0) == "heat death"


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("temperature", [0.02, 0.3, 0.9, 1.2, 3.0])
def test_the_verdict_changes_on_the_tolerance_contour(name: Any, temperature: float) -> None:
    contour = tolerance_contour(SOURCES[name], [temperature])[0]
    assert phase_at(SOURCES[name], temperature, contour + 1e-6) == "faithful"
    if contour > 1e-6:
        side = ("sharpened", "collapse") if temperature < 1 else ("flattened", "heat death")
        assert phase_at(SOURCES[name], temperature, contour - 1e-6) in side
    assert minimum_external_fraction(SOURCES[name], temperature) == contour


@pytest.mark.parametrize(
    ("temperatures", "fractions", "message"),
    [
        ([0.5, np.nan], [0.1], "temperature must be between 0.02 and 50, got nan"),
        ([0.5, -1], [0.1], "temperature must be between 0.02 and 50, got -1"),
        ([51], [0.1], "temperature must be between 0.02 and 50, got 51"),
        ([0.5], [0.1, 1.1], "external_fraction must be between 0 and 1, got 1.1"),
        ([0.5], [np.nan], "external_fraction must be between 0 and 1, got nan"),
        ([0.5], [np.inf], "external_fraction must be between 0 and 1, got inf"),
        ([[0.5, 0.6], [0.7, 0.8]], [0.1], "temperature.* one"),
        ([0.5], [[0.1, 0.2], [0.3, 0.4]], "external_fraction.* one"),
    ],
)
def test_grids_outside_the_limits_are_refused_by_name(
    temperatures: Any, fractions: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        phase_diagram(Law.zipf(5), temperatures, fractions)


@pytest.mark.parametrize(
    ("p", "message"),
    [
        ([0.5, 0.6, 0, 0, 0], "p must sum to 1"),
        ([np.nan, 1, 0, 0, 0], "p must be >= 0"),
        ([0.5, 0.5], "same number of outcomes"),
    ],
)
def test_shift_refuses_what_is_no_distribution(p: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        entropy_shift(p, Law.zipf(5))
