"""The lines of the diagram: collapse thresholds, the even law's three, the published bounds."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from closedloop_core import (
    Law,
    LoopParams,
    collapse_threshold,
    count_stable_states,
    free_energy,
    mean_field_step,
    settled_state,
    simulate,
    stable_states,
    uniform_thresholds,
)
from closedloop_core.closed_forms.even import collapse_branch
from closedloop_core.closed_forms.published import euclidean_bound, fisher_rao_bound
from closedloop_core.exact.settled import fisher_rao_share
from tests.core.slow import collapse_fraction, iterate, leading_eigenvalue
from tests.core.strategies import normalised, weights

cold = st.floats(0.02, 0.99)
often = settings(deadline=None, max_examples=35)


@pytest.mark.parametrize(("values", "temperature"), [([4, 4, 3, 1, 1], 0.4), ([1, 2, 2], 0.7)])
def test_two_tied_leaders_part_where_their_shared_state_turns_unstable(
    values: Any, temperature: float
) -> None:
    q, low, high = normalised(values), 0.0, 1.0
    while high - low > 1e-12:
        a = 0.5 * (low + high)
        p = iterate(q, [temperature], [a], q[None])[0][0]
        unstable = leading_eigenvalue(p, temperature, a) >= 1
        low, high = (a, high) if unstable else (low, a)
    found = collapse_threshold(q, temperature, int(np.argmax(q)))
    assert found == pytest.approx(high, abs=1e-9)


def keeps_its_winner(q: Any, temperature: Any, a: Any, winner: Any) -> Any:
    """Say whether runs that start at the winner's vertex, one per a, still have it on top."""
    start = np.tile(np.eye(len(q))[winner], (len(a), 1))
    # Past a fold by d a run lingers about pi / sqrt(d) steps: 8,000 tell d = 1e-6 apart.
    p, _ = iterate(q, np.full(len(a), temperature), a, start, limit=8_000)
    return p[:, winner] > np.delete(p, winner, axis=1).max(axis=1) + 1e-3


@pytest.mark.parametrize(
    ("values", "temperature"),
    [
        ([5, 4, 3, 2], 0.5),
        ([5, 4, 3, 2], 0.85),
        ([8, 1, 0, 4], 0.3),
        ([30, 29, 31, 1e-6], 0.6),
        ([1, 1, 1, 1, 1, 1], 0.5),
    ],
)
def test_threshold_is_where_a_run_from_the_vertex_loses_its_winner(
    values: Any, temperature: float
) -> None:
    q = normalised(values)
    found = {}
    for outcome in range(len(q)):
        if q[outcome] == q.max() and np.count_nonzero(q == q.max()) == 1:
            continue
        low, high = 0.0, 1.0
        while high - low > 1e-6:
            a = np.linspace(low, high, 12)
            kept = keeps_its_winner(q, temperature, a, outcome)
            last = np.flatnonzero(kept).max()
            low, high = a[last], a[last + 1]
        found[outcome] = collapse_threshold(q, temperature, outcome)
        assert low - 5e-6 < found[outcome] < high + 5e-6
    ordered = sorted(found, key=lambda i: q[i])
    assert all(found[i] <= found[j] + 1e-12 for i, j in zip(ordered, ordered[1:], strict=False))


@often
@given(st.lists(st.integers(0, 50), min_size=2, max_size=10), cold)
def test_thresholds_fall_in_the_order_of_the_source(values: Any, temperature: Any) -> None:
    assume(sum(v > 0 for v in values) > 1)
    q = normalised(values)
    rest = [i for i in np.argsort(q) if q[i] < q.max() or np.count_nonzero(q == q.max()) > 1]
    found = [collapse_threshold(q, temperature, i) for i in rest]
    assert np.all(np.diff(found) >= -1e-12)
    assert 0 < min(found) and max(found) < 1
    # Equal entries have equal thresholds, smaller ones strictly lower.
    same = np.diff(q[rest]) == 0
    np.testing.assert_allclose(np.diff(found)[same], 0, atol=1e-12)
    assert np.all(np.diff(found)[~same] > 0)


@pytest.mark.parametrize("temperature", [0.2, 0.5, 0.8])
def test_the_winners_eigenvalue_reaches_one_at_its_threshold(temperature: float) -> None:
    q = normalised([5, 4, 3, 2])
    edge, gaps = collapse_threshold(q, temperature, 3), []
    for off in (4e-6, 1e-6):
        states = stable_states(q, temperature, edge - off)
        last = states[states.argmax(axis=1) == 3]
        assert len(last) == 1
        gaps.append(1 - leading_eigenvalue(last[0], temperature, edge - off))
    # A fold: 1 - lambda ~ sqrt(distance).
    assert gaps[0] / gaps[1] == pytest.approx(2, rel=0.02)
    assert 0 < gaps[1] < 0.05
    assert 3 not in stable_states(q, temperature, edge + 1e-9).argmax(axis=1)
    assert 3 in stable_states(q, temperature, edge - 1e-9).argmax(axis=1)


def test_thresholds_near_both_ends_of_the_cold() -> None:
    # T -> 0: j wins while it leads the image of its own vertex, (1-a) + a q_j > a max q.
    q = normalised([5, 4, 2])
    limit = 1 / (1 + q[0] - q[2])
    misses = [abs(collapse_threshold(q, t, 2) - limit) for t in (0.08, 0.04, 0.02)]
    assert misses[0] > misses[1] > misses[2] and misses[2] < 0.1
    # T -> 1-: in proportion to 1 - T.
    slopes = [collapse_threshold(q, 1 - off, 2) / off for off in (1e-3, 1e-5)]
    assert slopes[0] == pytest.approx(slopes[1], rel=0.01)
    assert [collapse_threshold(q, t, 2) for t in (1, 1.0001, 50)] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("n", [3, 4, 10, 100, 1000, 10_000])
@pytest.mark.parametrize("temperature", [0.02, 0.1, 0.5, 0.9, 0.99, 0.9999])
def test_the_even_laws_lines_stand_in_order(n: int, temperature: float) -> None:
    stability, maxwell, saddle_node = uniform_thresholds(n, temperature)
    assert stability == 1 - temperature
    assert stability < maxwell < saddle_node < 1
    ratios = np.exp(np.linspace(1e-3, 13.0, 200_001))
    with np.errstate(over="ignore", invalid="ignore"):
        shares = collapse_fraction(ratios, n, temperature)
    # A grid misses a smooth top by less than its curvature times the step squared.
    assert saddle_node == pytest.approx(np.nanmax(shares), rel=1e-8)
    if n <= 1000:
        edge = collapse_threshold(Law.uniform(n), temperature, 0)
        assert edge == pytest.approx(saddle_node, abs=1e-9)


@pytest.mark.parametrize("n", [3, 10, 50])
@pytest.mark.parametrize("temperature", [0.1, 0.5, 0.9])
def test_at_the_maxwell_line_both_ends_lie_equally_deep(n: int, temperature: float) -> None:
    even = np.full(n, 1 / n)
    line = uniform_thresholds(n, temperature)[1]
    depths = []
    for a in (line - 1e-4, line, line + 1e-4):
        p, settled = iterate(even, [temperature], [a], np.eye(n)[:1], limit=50_000)
        assert settled.all() and p[0, 0] > p[0, 1]
        gap = free_energy(p[0], even, temperature, a) - free_energy(even, even, temperature, a)
        depths.append(float(gap))
    assert abs(depths[1]) < 1e-10
    assert depths[0] > 1e-9 and depths[2] < -1e-9  # collapse is deeper below, shallower above


@pytest.mark.parametrize("n", [3, 10, 40, 10_000])
def test_the_saddle_node_at_one_half_is_closed(n: int) -> None:
    assert uniform_thresholds(n, 0.5)[2] == pytest.approx(n / (1 + np.sqrt(n - 1)) ** 2, rel=1e-12)


def test_prevention_is_cheaper_than_cure() -> None:
    assert uniform_thresholds(10, 0.5)[::2] == pytest.approx((0.5, 0.625), abs=1e-12)
    assert uniform_thresholds(2, 0.3) == (0.7, 0.7, 0.7)
    assert uniform_thresholds(7, 1) == uniform_thresholds(7, 50) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("temperature", [0.1, 0.3, 0.5])
def test_with_many_outcomes_collapse_survives_any_share(temperature: float) -> None:
    # docs/theory.md, section 3.4: 1 - a_sn ~ b (b-1)^(T-1) n^-(1-T), the ratio nears 1 as n grows.
    # The next terms are of order 1/r and r/n at the top, r = (n (b-1))^T.
    b, misses = 1 / temperature, []
    for n in (100, 1000, 10_000):
        asymptote = b * (b - 1) ** (temperature - 1) * n ** -(1 - temperature)
        misses.append(abs((1 - uniform_thresholds(n, temperature)[2]) / asymptote - 1))
    assert misses[0] > misses[1] > misses[2]
    top = (n * (b - 1)) ** temperature
    assert misses[2] < 2 * max(1 / top, top / n)


@often
@given(st.integers(2, 10_000), cold, st.floats(0.01, 5))
def test_the_collapse_branch_is_the_closed_form(n: Any, temperature: Any, log_ratio: Any) -> None:
    expected = collapse_fraction(np.exp(log_ratio), n, temperature)
    assert collapse_branch(n, temperature, log_ratio) == pytest.approx(expected, rel=1e-9)


def test_published_bounds_of_ten_even_outcomes() -> None:
    assert euclidean_bound(np.full(10, 0.1), 0.5) == pytest.approx(20 / 21)  # mu = 1/(0.1 x 0.5)
    # eta_FR = 1/(0.5 x 0.1) = 20: mu = max(11/0.05, 40/0.1) = 400.
    assert fisher_rao_bound(0.1, 0.1, 0.5) == pytest.approx(400 / 401)
    assert fisher_rao_share(Law.uniform(10), 0.5) == pytest.approx(400 / 401, abs=1e-12)
    assert round(20 / 21, 3) == 0.952 and round(400 / 401, 4) == 0.9975
    assert euclidean_bound([0.5, 0.5, 0.0], 0.5) == fisher_rao_share([0.5, 0.5, 0.0], 0.5) == 1


@often
@given(weights, st.one_of(cold, st.floats(1.01, 20)))
def test_published_bounds_are_sufficient_and_therefore_above_the_exact_lines(
    values: Any, temperature: Any
) -> None:
    q = normalised(values)
    euclidean, rao = euclidean_bound(q, temperature), fisher_rao_share(q, temperature)
    assert euclidean < rao < 1
    p, settled = iterate(q, [temperature], [rao], q[None])
    assert settled.all()
    implicit = fisher_rao_bound(q.min(), p.min(), temperature)
    assert rao == pytest.approx(implicit, abs=1e-10)
    for outcome in range(len(q)):
        if q[outcome] < q.max():
            assert collapse_threshold(q, temperature, outcome) <= euclidean
    if np.all(q == q[0]):
        assert uniform_thresholds(len(q), temperature)[2] <= euclidean
    assert count_stable_states(q, temperature, euclidean) == 1
    assert count_stable_states(q, temperature, rao) == 1


@pytest.mark.parametrize("temperature", [0.5, 2])
def test_at_the_published_share_every_run_ends_at_the_one_equilibrium(temperature: float) -> None:
    q = normalised([5, 3, 2])
    a = fisher_rao_share(q, temperature)
    goal = settled_state(q, temperature, a)
    for vertex in np.eye(3):
        params = LoopParams(
            initial=Law.from_weights(vertex),
            reference=Law.from_weights(q),
            temperature=temperature,
            external_fraction=a,
            noise=False,
            growth=0.05,
            initial_size=10**4,
            generations=450,
        )
        run = simulate(params)
        angle = np.arccos(np.minimum(np.sqrt(run.probabilities * goal).sum(axis=1), 1))
        assert angle[-1] < 1e-6
        # Once there it stays: the distance never grows (rounding of arccos near 1: 1e-8 or so).
        assert np.all(np.diff(angle) < 5e-8)
        # p_i >= kappa mu delta / (1 + mu) after ln(1/(1-kappa)) of the clock ln N.
        kappa = 1 - run.dataset_size[0] / run.dataset_size
        assert np.all(run.probabilities.min(axis=1) >= kappa * a * q.min() - 1e-12)


@often
@given(weights, cold)
def test_enough_external_data_leave_one_stable_state(values: Any, temperature: Any) -> None:
    # docs/theory.md, section 3.3, proved: a >= (1-T) / (1-T+T max q).
    q = normalised(values)
    enough = (1 - temperature) / (1 - temperature + temperature * q.max())
    for a in (enough, 0.5 * (1 + enough)):
        assert count_stable_states(q, temperature, a) == 1
        state = stable_states(q, temperature, a)[0]
        np.testing.assert_allclose(state, settled_state(q, temperature, a), atol=1e-9)
        assert np.abs(mean_field_step(state, q, temperature, a) - state).sum() <= 1e-10


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda q: collapse_threshold(q, 0.5, 0), "outcome must not be the only largest .* got 0"),
        (lambda q: collapse_threshold(q, 2, 0), "outcome must not be the only largest .* got 0"),
        (lambda q: collapse_threshold(q, 0.5, 3), "outcome must be between 0 and 2, got 3"),
        (lambda q: collapse_threshold(q, 0.5, -1), "outcome must be .* got -1"),
        (lambda q: collapse_threshold(q, 0, 1), "temperature must be > 0, got 0"),
        (lambda q: uniform_thresholds(1, 0.5), "n must be between 2 and 10,000, got 1"),
        (lambda q: uniform_thresholds(10_001, 0.5), "n must .* got 10001"),
        (lambda q: uniform_thresholds(10, np.nan), "temperature must .* got nan"),
        (lambda q: fisher_rao_share(q, 51), "temperature must be between 0.02 and 50, got 51"),
        (lambda q: euclidean_bound([0.5, 0.6], 0.5), "reference must sum to 1"),
    ],
)
def test_bad_input_is_refused_by_name(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(np.array([0.5, 0.25, 0.25]))
