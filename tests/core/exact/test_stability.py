"""Every stable state and every fixed point, against brute force, and at all the limits.

A case is left to the brute force while the eigenvalues of what it finds keep 1e-3 away from 1:
nearer to a fold two states are within a few times 1e-3 of each other and runs do not settle.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from closedloop_core import (
    Law,
    apply_temperature,
    count_stable_states,
    fixed_points,
    stable_states,
    total_variation,
    uniform_thresholds,
)
from tests.core.slow import collapse_fraction, iterate

MARGIN = 1e-3


def image(p: Any, q: Any, temperature: Any, a: Any) -> Any:
    """F by plain powers."""
    powers = (p / p.max(axis=-1, keepdims=True)) ** (1 / temperature)
    return (1 - a) * powers / powers.sum(axis=-1, keepdims=True) + a * q


def eigenvalues(p: Any, temperature: Any, a: Any) -> Any:
    """All eigenvalues of the dense Jacobian, made symmetric; inf where an absent one returns."""
    if temperature > 1 and p.min() == 0:
        return np.array([np.inf])
    p = p[p > 1e-100]
    powers = (p / p.max()) ** (1 / temperature)
    e = powers / powers.sum()
    half = e / np.sqrt(p)
    return np.linalg.eigvalsh((1 - a) / temperature * (np.diag(e / p) - np.outer(half, half)))


def random_law(rng: Any, n: Any) -> Any:
    """Return a law of one of eight kinds: even, nearly even, tied, with tiny entries or zeros."""
    kind = rng.integers(8)
    if kind < 4:
        return rng.dirichlet(np.full(n, (0.1, 1, 100, 1e4)[kind]))
    values = rng.random(n)
    if kind == 4:
        values[rng.integers(n)] = 10.0 ** -rng.integers(3, 14)
    elif kind == 5:
        values[rng.integers(n, size=2 if n > 3 else 1)] = 0
    else:
        values = np.ones(n) if kind == 6 else rng.integers(1, 4, n).astype(np.float64)
    return values / values.sum()


def random_case(rng: Any, largest: Any = 6) -> Any:
    n = int(rng.integers(2, largest + 1))
    temperature = float(np.exp(rng.uniform(np.log(0.02), 0)))
    if rng.random() < 0.3:
        temperature = float(rng.uniform(0.3, 0.999))
    a = float(rng.random())
    if rng.random() < 0.7:  # where the number of states changes
        a = min((1 - temperature) * float(rng.uniform(0.5, 1.4)), 0.999)
    if rng.random() < 0.1:
        temperature = float(np.exp(rng.uniform(0, np.log(50))))
    return random_law(rng, n), temperature, a


def many_starts(q: Any, rng: Any) -> Any:
    n = len(q)
    corners = [np.eye(n) * s + (1 - s) / n for s in (0.6, 0.9, 0.99)]
    random = [rng.dirichlet(np.ones(n), 20), rng.dirichlet(np.full(n, 0.3), 15)]
    return np.concatenate([*corners, q[None] * 0.999 + 0.001 / n, *random])


@pytest.mark.parametrize("seed", range(4))
def test_enumeration_misses_nothing_and_invents_nothing(seed: int) -> None:
    rng, listed, reached, too_close = np.random.default_rng(seed), 0, 0, 0
    for _ in range(100):
        q, temperature, a = random_case(rng)
        states = stable_states(q, temperature, a)
        assert len(states) == count_stable_states(q, temperature, a)
        assert np.abs(image(states, q, temperature, a) - states).sum(axis=1).max() <= 1e-10
        gaps = np.abs(states[:, None] - states[None]).sum(axis=-1)
        assert np.all(gaps[~np.eye(len(states), dtype=bool)] > 1e-9)
        assert all(eigenvalues(p, temperature, a)[-1] < 1 for p in states)
        starts = many_starts(q, rng)
        width = np.ones(len(starts))
        ends, settled = iterate(q, width * temperature, width * a, starts, limit=4000)
        found = set()
        for p in ends[settled]:
            distance = np.abs(states - p).sum(axis=1)
            if eigenvalues(p, temperature, a)[-1] < 1 - MARGIN:
                assert distance.min() < 1e-9, (q.tolist(), temperature, a)
                found.add(int(distance.argmin()))
        too_close += not settled.all()
        listed, reached = listed + len(states), reached + len(found)
    # The brute force is not blind: it sees nearly every state that there is.
    assert reached > 0.97 * listed
    assert too_close <= 4


def newton_everywhere(q: Any, temperature: Any, a: Any, starts: Any) -> Any:
    """Newton's method with dense Jacobians from every start; the rows that reached F(p) = p."""
    p, b = starts.copy(), 1 / temperature
    eye = np.eye(len(q))
    for _ in range(80):
        off = image(p, q, temperature, a) - p
        e = p**b / (p**b).sum(axis=1, keepdims=True)
        inner = eye * e[:, :, None] - e[:, :, None] * e[:, None, :]
        jacobian = (1 - a) * b * inner / p[:, None, :]
        step = np.linalg.solve(eye - jacobian + 1e-14 * eye, off[:, :, None])[:, :, 0]
        # At most nine tenths of the way to the face: p stays positive.
        reach = np.where(step < 0, -0.9 * p / np.minimum(step, -1e-300), np.inf).min(axis=1)
        p = p + np.minimum(1, reach)[:, None] * step
        p /= p.sum(axis=1, keepdims=True)
    return p[np.abs(image(p, q, temperature, a) - p).sum(axis=1) < 1e-12]


@pytest.mark.parametrize("seed", range(3))
def test_fixed_points_are_what_newton_finds_from_everywhere(seed: int) -> None:
    rng, listed, reached = np.random.default_rng(100 + seed), 0, 0
    for _ in range(80):
        q, temperature, a = random_case(rng, largest=4)
        if q.min() < 1e-3 or not 0.15 < temperature < 0.97 or a < 0.02:
            continue  # colder or rarer, Newton's basins of the unstable ones are tiny
        points = np.array([p for p, _ in fixed_points(q, temperature, a)])
        starts = rng.dirichlet(np.full(len(q), 0.7), 300) + 1e-4
        starts /= starts.sum(axis=1, keepdims=True)
        found = set()
        for p in newton_everywhere(q, temperature, a, starts):
            if np.abs(eigenvalues(p, temperature, a) - 1).min() > MARGIN:
                distance = np.abs(points - p).sum(axis=1)
                assert distance.min() < 1e-9, (q.tolist(), temperature, a)
                found.add(int(distance.argmin()))
        listed, reached = listed + len(points), reached + len(found)
    assert listed > 40 and reached > 0.8 * listed


@pytest.mark.parametrize("seed", range(2))
def test_fixed_points_obey_the_count_of_a_landscape(seed: int) -> None:
    # Phi climbs inwards at the faces, so maxima - saddles + ... = 1, whatever their number.
    rng = np.random.default_rng(200 + seed)
    for _ in range(30):
        q, temperature, a = random_case(rng, largest=5)
        if q.min() == 0:
            continue
        points = fixed_points(q, temperature, a)
        stable = stable_states(q, temperature, a)
        spectra = [eigenvalues(p, temperature, a) for p, _ in points]
        for (p, unstable), spectrum in zip(points, spectra, strict=True):
            assert np.abs(image(p, q, temperature, a) - p).sum() <= 1e-10
            if np.abs(spectrum - 1).min() > MARGIN:
                assert unstable == np.count_nonzero(spectrum > 1)
        if min(np.abs(s - 1).min() for s in spectra) > MARGIN:
            assert sum((-1) ** unstable for _, unstable in points) == 1
            calm = np.array([p for p, unstable in points if unstable == 0])
            assert len(calm) == len(stable)
            assert all(np.abs(calm - p).sum(axis=1).min() < 1e-9 for p in stable)


def test_nearly_even_law_with_two_stable_states_of_the_same_winner() -> None:
    # Both have the leader's self-generated share above T (its upper root): the branch folds.
    twice, temperature = [], 0.5
    rng = np.random.default_rng(0)
    for q in rng.dirichlet(np.full(6, 1e4), 4):
        leader = int(np.argmax(q))
        for a in np.linspace(0.49, 0.58, 91):
            starts = np.array([q, np.eye(6)[leader]])
            ends, settled = iterate(q, [temperature] * 2, [a] * 2, starts, limit=20_000)
            shares = 1 - a * q[leader] / ends[:, leader]
            if settled.all() and np.all(shares > temperature) and np.ptp(ends, axis=0).max() > 0.1:
                twice.append((q, a, ends))
    assert len(twice) >= 3
    for q, a, ends in twice:
        states = stable_states(q, temperature, a)
        assert np.count_nonzero(states.argmax(axis=1) == np.argmax(q)) == 2
        assert all(np.abs(states - p).sum(axis=1).min() < 1e-9 for p in ends)


@pytest.mark.parametrize("n", [3, 5, 10, 300])
@pytest.mark.parametrize("temperature", [0.05, 0.5, 0.9])
def test_even_law_has_n_or_one_more_or_one_stable_state(n: int, temperature: float) -> None:
    q = Law.uniform(n)
    low, _, high = uniform_thresholds(n, temperature)
    for a, expected in ((0.5 * low, n), (0.5 * (low + high), n + 1), (0.5 * (1 + high), 1)):
        states = stable_states(q, temperature, a)
        assert len(states) == count_stable_states(q, temperature, a) == expected
        even = np.abs(states - 1 / n).max(axis=1) < 1e-12
        assert np.count_nonzero(even) == (a > low)
        collapsed = states[~even]
        np.testing.assert_array_equal(np.sort(collapsed.argmax(axis=1)), np.arange(len(collapsed)))
        for p in collapsed:
            ratio = p.max() / np.partition(p, -2)[-2]
            assert collapse_fraction(ratio, n, temperature) == pytest.approx(a, rel=1e-9)


@example(65, 0.03125, 1e-12, 0)  # victories so deep that sums over the others underflow
@settings(deadline=None, max_examples=25)
@given(
    st.integers(2, 300),
    st.floats(0.02, 50).filter(lambda t: abs(t - 1) > 1e-6),
    st.one_of(st.just(0.0), st.floats(1e-12, 1)),
    st.integers(0, 2**31),
)
def test_counting_is_listing(n: Any, temperature: Any, a: Any, seed: Any) -> None:
    rng = np.random.default_rng(seed)
    q = rng.dirichlet(np.full(n, rng.choice([0.3, 1, 1e4])))
    if temperature < 1:
        a *= 1 - temperature  # where there are many
    states = stable_states(q, temperature, a)
    assert len(states) == count_stable_states(q, temperature, a)
    assert np.abs(states.sum(axis=1) - 1).max() < 1e-12
    assert np.abs(image(states, q, temperature, a) - states).sum(axis=1).max() <= 1e-10


def test_a_thousand_outcomes_are_listed_and_ten_thousand_counted() -> None:
    q = Law.zipf(1000).probabilities()
    states = stable_states(q, 0.5, 0.3)
    assert len(states) == count_stable_states(q, 0.5, 0.3) > 900
    assert np.abs(image(states, q, 0.5, 0.3) - states).sum(axis=1).max() <= 1e-10
    np.testing.assert_array_equal(np.unique(states.argmax(axis=1)), np.arange(len(states)))
    assert count_stable_states(Law.uniform(10_000), 0.5, 0.4) == 10_000
    assert count_stable_states(Law.uniform(10_000), 0.5, 0.6) == 10_001
    assert count_stable_states(Law.zipf(10_000), 0.5, 0.99) == 1


@pytest.mark.parametrize("temperature", [0.02, 0.5, 0.99, 1.01, 50])
def test_limits_of_the_external_share(temperature: float) -> None:
    q = np.array([0.45, 0.0, 0.2, 0.35])
    with_none = np.eye(4) if temperature < 1 else np.full((1, 4), 0.25)
    np.testing.assert_array_equal(stable_states(q, temperature, 0), with_none)
    if temperature < 1:
        near = stable_states(q, temperature, 1e-9)
        order = near.argmax(axis=1).argsort()
        np.testing.assert_allclose(near[order], with_none, atol=1e-6)
    np.testing.assert_array_equal(stable_states(q, temperature, 1), q[None])
    # TV(p*, q) = (1 - a) TV(E_T(p*), q) <= 1 - a.
    near = stable_states(q, temperature, 1 - 1e-6)
    assert len(near) == 1 and total_variation(near[0], q) <= 1e-6


@pytest.mark.parametrize("a", [1e-15, 1e-25, 1e-300])
def test_a_vanishing_external_share_is_as_good_as_none(a: float) -> None:
    q = np.array([0.6, 0.4, 0.0])
    assert count_stable_states(q, 0.5, a) == 3
    states = stable_states(q, 0.5, a)
    np.testing.assert_allclose(states[states.argmax(axis=1).argsort()], np.eye(3), atol=1e-12)


def test_limits_of_the_temperature() -> None:
    q, a = np.array([0.45, 0.2, 0.35]), 0.3
    # T -> 0: the winner gets all synthetic data. T -> infinity: they are even, up to O(1/T).
    frozen = stable_states(q, 0.02, a)
    np.testing.assert_allclose(frozen[frozen.argmax(axis=1).argsort()], 0.7 * np.eye(3) + a * q)
    misses = [np.abs(stable_states(q, t, a)[0] - (0.7 / 3 + a * q)).max() for t in (25, 50)]
    assert misses[1] < 0.55 * misses[0] < 0.01
    np.testing.assert_array_equal(stable_states(q, 1, a), q[None])
    for off in (-1e-6, 1e-6, -1e-8, 1e-8):
        near = stable_states(q, 1 + off, a)
        # p* - q = (1-a)/a (E_T(q) - q) to first order.
        expected = q + (1 - a) / a * (apply_temperature(q, 1 + off) - q)
        assert len(near) == 1
        np.testing.assert_allclose(near[0], expected, atol=30 * off**2 + 1e-14)


@pytest.mark.parametrize("off", [1e-9, 1e-12, 1e-15])
def test_a_hair_below_temperature_one_is_answered(off: float) -> None:
    np.testing.assert_allclose(stable_states([0.6, 0.4], 1 - off, 0.3), [[0.6, 0.4]], atol=1e-8)


@pytest.mark.parametrize("temperature", [0.25, 0.5, 0.75])
@pytest.mark.parametrize("off", [-0.1, 0.0, 0.1])
def test_one_sure_outcome_is_stable_at_any_share(temperature: float, off: float) -> None:
    # p = q = (1, 0) is fixed and stable for every a; at a = 1 - T its self-generated share is T.
    states = stable_states([1, 0], temperature, 1 - temperature + off)
    assert [1, 0] in states.tolist()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda q: stable_states(q, 1, 0), "external_fraction must be > 0 at temperature 1"),
        (lambda q: count_stable_states(q, 1, 0), "external_fraction must be > 0 at temperature 1"),
        (lambda q: stable_states(q, 0.01, 0.5), "temperature must be .* 0.02 and 50, got 0.01"),
        (lambda q: count_stable_states(q, np.nan, 0.5), "temperature must be .* got nan"),
        (lambda q: stable_states(q, 2, -0.1), "external_fraction must be .* got -0.1"),
        (lambda q: stable_states(Law.uniform(1001), 0.5, 0.5), "reference .* 1000 .* got 1001"),
        (lambda q: fixed_points(Law.uniform(7), 0.5, 0.5), "reference must be positive on at most"),
        (lambda q: fixed_points([0.5, 0.5, 0], 0.5, 0.5), "reference must be positive on at most"),
        (lambda q: fixed_points(q, 0.5, 0), "external_fraction must be > 0 .* got 0"),
        (lambda q: stable_states([0.5, 0.6], 0.5, 0.5), "reference must sum to 1"),
    ],
)
def test_bad_input_is_refused_by_name(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(np.array([0.5, 0.25, 0.25]))
