"""Where iterating F goes from a given start: against long plain iteration, and where it crawls."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import (
    Law,
    collapse_threshold,
    equilibrium,
    fixed_points,
    leading_eigenvalue,
    mean_field_step,
    settled_state,
    stable_states,
    uniform_thresholds,
)
from closedloop_core.exact import flow
from closedloop_core.exact.settled import settled_from
from closedloop_core.loop.dynamics import image_of
from tests.core.exact.test_stability import random_law

STEPS = 15_000


def random_setting(rng: np.random.Generator) -> Any:
    """Return a law, a temperature below 1 and a share, most often near a fold or a parting."""
    q, temperature = random_law(rng, int(rng.integers(2, 6))), float(rng.uniform(0.05, 0.98))
    share, kind = float(rng.uniform(0.01, 0.99)), rng.random()
    near = 1 + rng.choice([-1, 1]) * 10 ** rng.uniform(-7, -0.7)
    tied = np.count_nonzero(q == q.max()) > 1
    able = np.flatnonzero((q < q.max()) | tied)
    if kind < 0.5 and len(able):
        share = collapse_threshold(q, temperature, int(rng.choice(able))) * near
    elif kind < 0.7:
        share = (1 - temperature) * near
    return q, temperature, float(np.clip(share, 1e-3, 0.999))


def random_start(rng: np.random.Generator, q: Any, temperature: float, share: float) -> Any:
    """Return a start: anywhere, next to a saddle, with ties and zeros, or next to q."""
    kind, n = rng.random(), len(q)
    start = rng.dirichlet(np.full(n, rng.choice([0.3, 1.0, 5.0])))
    if kind < 0.4 and q.min() > 0:
        saddles = [p for p, unstable in fixed_points(q, temperature, share) if unstable == 1]
        if saddles:
            start = saddles[int(rng.integers(len(saddles)))]
            start = start * (1 + 10 ** rng.uniform(-7, -1) * rng.normal(size=n))
    elif kind < 0.6:
        start = rng.integers(0, 4, n) + 0.5 * rng.integers(0, 2)
    elif kind < 0.7:
        start = q * (1 + 10 ** rng.uniform(-6, -1) * rng.normal(size=n))
    start = np.maximum(start, 0)
    return start / start.sum() if start.sum() > 0 else q


def iterated(cases: Any) -> Any:
    """Slow twin: repeat F on every case; return the ends, and whether a step is but rounding."""
    size = max(len(q) for q, *_ in cases)
    q, p = np.zeros((2, len(cases), size))
    for row, (law, _, _, start) in enumerate(cases):
        q[row, : len(law)], p[row, : len(law)] = law, start
    temperature, share = (np.array([case[k] for case in cases])[:, None] for k in (1, 2))
    for _ in range(STEPS):
        p, last = image_of(p, q, temperature, share), p
    return p, np.abs(p - last).sum(axis=1) < 3e-16


@pytest.mark.parametrize("seed", range(2))
def test_limits_are_those_of_long_plain_iteration(seed: int) -> None:
    rng, compared = np.random.default_rng(seed), 0
    cases = [random_setting(rng) for _ in range(80)]
    cases = [(*setting, random_start(rng, *setting)) for setting in cases]
    ends, arrived = iterated(cases)
    for (q, temperature, share, start), end, is_there in zip(cases, ends, arrived, strict=True):
        end = end[: len(q)] / end.sum()
        room = abs(1 - leading_eigenvalue(end, q, temperature, share))
        # Rounding keeps a tie that it made, where the true iteration leaves it.
        rests = leading_eigenvalue(end, q, temperature, share) < 1
        if not is_there or not (rests or len(np.unique(start)) < len(q)):
            continue
        found = equilibrium(q, temperature, share, start=start)
        # Both are right to a rounding error over 1 - lambda.
        assert np.abs(found - end).sum() < max(1e-9, 2e-14 / room), (q, temperature, share, start)
        compared += 1
    assert compared > 55


def test_the_starts_that_went_to_the_other_basin() -> None:
    # At T = 1/2 the difference d of two even outcomes becomes (1 - a) 2d / (1 + d^2).
    found = equilibrium([0.5, 0.5], 0.5, 0.4999, start=[0.499, 0.501])
    off = 0.5 * np.sqrt(2 * (1 - 0.4999) - 1)
    np.testing.assert_allclose(found, [0.5 - off, 0.5 + off], atol=1e-12)
    start = [0.35165814381839844, 0.3324432367899768, 0.3158986193916247]
    found = equilibrium([1 / 3] * 3, 0.1304458293529913, 0.8775397657630517, start=start)
    np.testing.assert_allclose(found, 1 / 3, atol=1e-12)


@pytest.mark.parametrize("temperature", [0.25, 0.5, 0.75])
@pytest.mark.parametrize("share", [0.4, 0.51, 0.6, 0.9])
def test_at_the_parting_of_two_even_outcomes_every_start_ends_even(
    temperature: float, share: float
) -> None:
    # Steps fall with the cube of the distance: 1e9 of them are left at a distance of 1e-5.
    found = equilibrium([0.5, 0.5], temperature, 1 - temperature, start=[share, 1 - share])
    np.testing.assert_allclose(found, 0.5, atol=1e-9)


@pytest.mark.parametrize("n", [3, 10, 30])
def test_at_the_very_saddle_node_a_start_above_it_stays_on_it(n: int) -> None:
    # T = 1/2: the last collapsed state leads by sqrt(n - 1) (theory.md 3.4).
    share, ratio = n / (1 + np.sqrt(n - 1)) ** 2, np.sqrt(n - 1)
    start = np.append(0.9, np.full(n - 1, 0.1 / (n - 1)))
    end = equilibrium(Law.uniform(n), 0.5, share, start=start)
    assert mean_field_step(end, Law.uniform(n).probabilities(), 0.5, share) == pytest.approx(end)
    # Whether it exists is a matter of the last digit of the share.
    if end[0] > end[1] * 1.5:
        assert end[0] / end[1] == pytest.approx(ratio, abs=1e-6)
    just_below = equilibrium(Law.uniform(n), 0.5, share * (1 - 1e-9), start=start)
    assert just_below[0] > just_below[1] * ratio
    just_above = equilibrium(Law.uniform(n), 0.5, share * (1 + 1e-9), start=start)
    np.testing.assert_allclose(just_above, 1 / n, atol=1e-9)


@pytest.mark.parametrize("off", [1e-4, 1e-6, 1e-8])
def test_next_to_a_fold_each_side_of_a_saddle_goes_its_own_way(off: float) -> None:
    q, temperature = np.array([0.45, 0.35, 0.2]), 0.6
    share = collapse_threshold(q, temperature, 1) * (1 - off)
    (saddle,) = [p for p, k in fixed_points(q, temperature, share) if k == 1 and p[1] > p[0]]
    states = stable_states(q, temperature, share)
    nodes = {int(p.argmax()): p for p in states}
    # Along the short way from the saddle to its node, and beyond it.
    for part, winner in ((0.1, 1), (-0.1, 0)):
        start = saddle + part * (nodes[1] - saddle)
        found = equilibrium(q, temperature, share, start=start)
        room = 1 - leading_eigenvalue(nodes[winner], q, temperature, share)
        np.testing.assert_allclose(found, nodes[winner], atol=1e-9 + 1e-14 / room)


def test_a_difference_too_small_to_survive_one_generation_decides_all_the_same() -> None:
    # T = .1: shares of .02 and .01 differ by 1e-17 after a generation, and are one float.
    q = [0.4, 0.4, 0.2]
    first = equilibrium(q, 0.1, 0.8, start=[0.02, 0.01, 0.97])
    second = equilibrium(q, 0.1, 0.8, start=[0.01, 0.02, 0.97])
    np.testing.assert_allclose(first, second[[1, 0, 2]], atol=1e-12)
    assert first[0] > first[1] + 0.1
    even = equilibrium(q, 0.1, 0.8, start=[0.01, 0.01, 0.98])
    assert even[0] == even[1]


@pytest.mark.parametrize("temperature", [0.1, 0.5])
@pytest.mark.parametrize("share", [0.2, 0.45, 0.6, 0.8])
@pytest.mark.parametrize(
    "start", [[0.01, 0.01, 0.98], [0.02, 0.01, 0.97], [0.3, 0.3, 0.4], [0, 0, 1], [0.4, 0.4, 0.2]]
)
@pytest.mark.parametrize("regime", ["replace", "accumulate"])
def test_settled_states_from_anywhere_are_stable(
    temperature: float, share: float, start: Any, regime: str
) -> None:
    q = np.array([0.4, 0.4, 0.2])
    found = settled_from(start, q, temperature, share, regime)
    assert leading_eigenvalue(found, q, temperature, share) < 1
    assert np.abs(mean_field_step(found, q, temperature, share) - found).sum() < 1e-12
    assert found[0] >= found[1] - 1e-12  # of those that start alike the first wins


@pytest.mark.parametrize("seed", range(2))
def test_settled_states_from_random_starts_are_stable(seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    for _ in range(30):
        q, temperature, share = random_setting(rng)
        start = random_start(rng, q, temperature, share)
        found = settled_from(start, q, temperature, share, rng.choice(["replace", "accumulate"]))
        rate = leading_eigenvalue(found, q, temperature, share)
        # Where leaders part gently the only state there is may be critical to rounding.
        assert rate < 1 + 1e-7, (q.tolist(), temperature, share, start.tolist())
        assert rate < 1 or len(stable_states(q, temperature, share)) == 1


def test_settled_from_the_source_is_the_settled_state() -> None:
    for law in (Law.zipf(7), Law.uniform(4), Law.from_weights([3, 3, 1])):
        for temperature, share in ((0.5, 0.2), (0.5, 0.7), (2.0, 0.2), (1.0, 0.0)):
            found = settled_from(law.probabilities(), law, temperature, share)
            np.testing.assert_array_equal(found, settled_state(law, temperature, share))


def test_above_temperature_one_who_is_alive_is_all_that_counts() -> None:
    q = np.array([0.7, 0.3, 0.0, 0.0])
    alone = equilibrium(q, 2.0, 0.3, start=[1, 0, 0, 0])
    np.testing.assert_allclose(alone, settled_state(q, 2.0, 0.3), atol=1e-14)
    for start in ([0.9, 0, 0.1, 0], [0, 0, 1, 0]):
        found = equilibrium(q, 2.0, 0.3, start=start)
        assert found[2] > 0 and found[3] == 0
        assert np.abs(mean_field_step(found, q, 2.0, 0.3) - found).sum() < 1e-14
    assert uniform_thresholds(4, 2.0) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("seed", range(40))
def test_a_state_is_never_taken_for_more_stable_than_it_is(seed: int) -> None:
    """The bound against the eigenvalue that bisection finds to the last digit."""
    rng = np.random.default_rng(seed)
    p, temperature = rng.dirichlet(np.full(6, 10 ** rng.uniform(-1, 2))), rng.uniform(0.1, 0.98)
    share = float(rng.uniform(0.01, 0.9))
    loop, _ = flow._grouped(p, p, temperature, share)
    bound = flow._eigenvalue(loop, loop.start)
    exact = leading_eigenvalue(p, p, temperature, share)
    if exact >= 1:
        assert bound >= 1
    elif bound == loop.growths(loop.start)[1].max():
        assert exact <= bound < 1
    else:
        assert exact - 1e-12 <= bound <= exact + 0.0101 * min(exact, 1 - exact)
