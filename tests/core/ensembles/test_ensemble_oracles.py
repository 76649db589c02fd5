"""Ensembles against closed forms and exact small chains.

Every bound is five standard errors: for one comparison the chance of a false alarm is 6e-7, and
the seeds are fixed. The error is that of a mean over independent runs, or of a proportion where
the exact chance is known. Checks that the checks can fail stand beside them.
"""

import itertools
import math
from typing import Any

import numpy as np
import pytest

from closedloop_core import (
    Change,
    Law,
    LoopParams,
    apply_temperature,
    settled_state,
    simulate,
    simulate_ensemble,
)
from closedloop_core.closed_forms.drift import (
    expected_diversity_accumulate,
    expected_diversity_replace,
    mean_time_to_one,
    stationary_concentration,
)
from closedloop_core.closed_forms.urn import rubin_odds

DRIFT = LoopParams(
    initial=Law.zipf(6), temperature=1, regime="replace", sample_size=12, generations=150, seed=1
)


def misses(samples: Any, expected: Any) -> Any:
    """Distance of the mean from ``expected`` in standard errors, per column."""
    error = samples.std(axis=0, ddof=1) / math.sqrt(len(samples))
    return np.abs(samples.mean(axis=0) - expected) / error


def share_misses(happened: Any, chance: Any) -> Any:
    """Distance of a proportion from its exact chance in standard errors."""
    happened, chance = np.asarray(happened), np.asarray(chance)
    error = np.sqrt(chance * (1 - chance) / len(happened))
    return np.abs(happened.mean(axis=0) - chance) / error


@pytest.fixture(scope="module")
def drift() -> Any:
    return simulate_ensemble(DRIFT, 4000)


def test_replace_loses_diversity_as_wright_fisher(drift: Any) -> None:
    p = DRIFT.initial.probabilities()
    for t in (1, 5, 20, 60):
        expected = expected_diversity_replace(p, 12, t)
        assert abs(drift.diversity_mean[t] - expected) < 5 * drift.diversity_error[t]
    # It can fail: one item more per generation is seen.
    wrong = expected_diversity_replace(p, 13, 20)
    assert abs(drift.diversity_mean[20] - wrong) > 5 * drift.diversity_error[20]


def test_the_starting_share_is_the_chance_to_win(drift: Any) -> None:
    p = DRIFT.initial.probabilities()
    assert np.all(np.isfinite(drift.time_to(1)))  # 150 generations of 12: all are over
    won = drift.winner[:, None] == np.arange(6)
    assert np.all(share_misses(won, p) < 5)
    colder = simulate_ensemble(DRIFT.replace(temperature=0.95), 4000)
    assert share_misses(colder.winner == 0, p[0]) > 5


def test_many_outcomes_keep_their_shares_while_most_of_them_die() -> None:
    # At T = 1 the mean stays p_0: columns that are cleared away keep their names.
    law = Law.from_weights(np.random.default_rng(3).permutation(np.arange(1.0, 41)))
    params = DRIFT.replace(initial=law, sample_size=25, generations=40)
    many = simulate_ensemble(params, 4000)
    assert many.survivors[:, -1].max() < 10
    chi_square = ((many.final.mean(axis=0) - law.probabilities()) ** 2).sum()
    expected = many.final.var(axis=0, ddof=1).sum() / 4000
    # A sum of 40 nearly equal squares: 1 +- 0.25, so that 2.5 is six of its standard errors.
    assert chi_square < 2.5 * expected
    shifted = np.roll(law.probabilities(), 1)
    assert ((many.final.mean(axis=0) - shifted) ** 2).sum() > 2.5 * expected


def test_accumulate_keeps_diversity_as_a_polya_urn() -> None:
    params = DRIFT.replace(regime="accumulate", sample_size=5, initial_size=8, generations=30)
    many, p = simulate_ensemble(params, 4000), DRIFT.initial.probabilities()
    for t in (1, 5, 30):
        expected = expected_diversity_accumulate(p, 5, 8, t)
        assert abs(many.diversity_mean[t] - expected) < 5 * many.diversity_error[t]
    wrong = expected_diversity_accumulate(p, 5, 10, 30)
    assert abs(many.diversity_mean[30] - wrong) > 5 * many.diversity_error[30]


def test_an_even_urn_of_two_ends_anywhere() -> None:
    # k = 1, T = 1 from one item of each: after t steps every split is equally likely (Polya).
    steps = 9
    params = DRIFT.replace(
        initial=Law.uniform(2),
        regime="accumulate",
        sample_size=1,
        initial_size=2,
        generations=steps,
    )
    final = simulate_ensemble(params, 5000).final[:, 0]
    drawn = np.round(final * (steps + 2) - 1).astype(int)
    assert np.all(share_misses(drawn[:, None] == np.arange(steps + 1), 0.1) < 5)
    # It can fail: independent draws would pile up in the middle.
    assert share_misses(drawn == 4, math.comb(9, 4) / 2**9) > 5


def test_an_urn_freezes_at_a_dirichlet() -> None:
    # docs/theory.md, section 2.4, k = 1: moments of the Dirichlet-multinomial with the starting
    # counts.
    start, steps = 4, 300
    params = DRIFT.replace(regime="accumulate", sample_size=1, initial_size=start)
    final = simulate_ensemble(params.replace(generations=steps), 3000).final
    p = params.initial.probabilities()
    spread = p * (1 - p) * steps / ((start + 1) * (start + steps))
    assert np.all(misses(final, p) < 5)
    assert np.all(misses((final - p) ** 2, spread) < 5)


def test_external_data_hold_a_stationary_concentration() -> None:
    # From q, E sum p^2 nears its limit as (1 - 1/k)^t (1 - a)^2t: below 1e-6 after 50 steps.
    q, a = DRIFT.initial.probabilities(), 0.15
    many = simulate_ensemble(DRIFT.replace(external_fraction=a, generations=50), 6000)
    concentration, error = 1 - many.diversity_mean[-1], many.diversity_error[-1]
    assert abs(concentration - stationary_concentration(q, a, 12)) < 5 * error
    assert abs(concentration - stationary_concentration(q, 0.2, 12)) > 5 * error


def test_fluctuations_around_a_stable_state_are_the_linear_noise() -> None:
    # Sigma = J Sigma J^T + C / k; what it leaves out is of relative order 1 / k.
    k, temperature, a, law = 10**5, 1.4, 0.3, Law.zipf(4)
    q = law.probabilities()
    p = settled_state(law, temperature, a)
    e = apply_temperature(p, temperature)
    jacobian = (1 - a) / temperature * (np.diag(e) - np.outer(e, e)) / p
    noise = (np.diag(p) - np.outer(p, p)) / k  # F(p) = p
    sigma = np.zeros((4, 4))
    for _ in range(500):
        sigma = jacobian @ sigma @ jacobian.T + noise
    params = DRIFT.replace(
        initial=Law.from_weights(p),
        reference=Law.from_weights(q),
        temperature=temperature,
        external_fraction=a,
        sample_size=k,
        generations=60,
    )
    final = simulate_ensemble(params, 4000).final
    assert np.all(misses(final, p) < 5)
    products = (final - p)[:, :, None] * (final - p)[:, None, :]
    assert np.all(misses(products.reshape(4000, 16), sigma.ravel()) < 5)
    # It can fail: without the feedback the spread would be the multinomial's alone.
    assert np.all(misses(products.reshape(4000, 16), noise.ravel())[[0, 15]] > 5)


def chain(n: Any, k: Any, temperature: Any, a: Any, q: Any) -> Any:
    """Return all ways to split ``k`` items over ``n`` outcomes, and the exact transitions."""
    states = [s for s in itertools.product(range(k + 1), repeat=n) if sum(s) == k]
    counts = np.array(states)
    image = (1 - a) * apply_temperature(counts / k, temperature) + a * np.asarray(q)
    ways = [math.factorial(k) / math.prod(map(math.factorial, s)) for s in states]
    with np.errstate(divide="ignore"):
        logs = np.where(image > 0, np.log(image), -1e9)  # an absent outcome is never drawn
    return counts, np.exp(logs @ counts.T) * ways


@pytest.mark.parametrize("temperature", [0.6, 1.0, 1.8])
@pytest.mark.parametrize(("n", "k", "start"), [(2, 8, (5, 3)), (3, 6, (3, 2, 1))])
def test_absorption_is_that_of_the_exact_chain(
    n: int, k: int, start: Any, temperature: float
) -> None:
    counts, step = chain(n, k, temperature, 0, np.full(n, 1 / n))
    np.testing.assert_allclose(step.sum(axis=1), 1)
    over = counts.max(axis=1) == k
    here = int(np.flatnonzero((counts[~over] == start).all(axis=1))[0])
    inside = step[np.ix_(~over, ~over)]
    stay = np.linalg.inv(np.eye(len(inside)) - inside)
    odds = (stay @ step[np.ix_(~over, over)])[here] @ (counts[over] == k)
    mean = stay.sum(axis=1)
    time = mean[here]
    spread = math.sqrt(((2 * stay - np.eye(len(inside))) @ mean)[here] - time**2)
    params = DRIFT.replace(
        initial=Law.from_weights(start), temperature=temperature, sample_size=k, generations=400
    )
    many = simulate_ensemble(params, 3000)
    times = many.time_to(1)
    assert np.all(np.isfinite(times))
    assert np.all(share_misses(many.winner[:, None] == np.arange(n), odds) < 5)
    assert abs(times.mean() - time) < 5 * spread / math.sqrt(3000)
    # The whole law of the time, and of the first loss, at a few generations.
    few = (counts > 0).sum(axis=1)
    for t in (1, 3, 8):
        law = np.linalg.matrix_power(step, t)[np.flatnonzero((counts == start).all(axis=1))[0]]
        for m in range(1, n):
            assert share_misses(many.time_to(m) <= t, law[few <= m].sum()) < 5
        assert share_misses(many.first_extinction <= t, law[few < n].sum()) < 5
    # It can fail: the winner's odds of a little warmer loop.
    if temperature == 1:
        warmer = simulate_ensemble(params.replace(temperature=1.3), 3000)
        assert share_misses(warmer.winner == 0, odds[0]) > 5


@pytest.mark.parametrize("temperature", [0.7, 1.3])
def test_with_external_data_the_whole_law_is_that_of_the_exact_chain(temperature: float) -> None:
    k, a, q, steps = 6, 0.25, (0.2, 0.3, 0.5), 4
    counts, step = chain(3, k, temperature, a, q)
    law = np.linalg.matrix_power(step, steps)[np.flatnonzero((counts == (3, 2, 1)).all(axis=1))[0]]
    params = DRIFT.replace(
        initial=Law.from_weights([3, 2, 1]),
        reference=Law.from_weights(q),
        temperature=temperature,
        external_fraction=a,
        sample_size=k,
        generations=steps,
    )
    many = simulate_ensemble(params, 4000)
    seen = (np.round(many.final * k)[:, None, :] == counts).all(axis=2)
    assert np.all(seen.sum(axis=1) == 1)
    assert np.all(share_misses(seen, law) < 5)
    other = chain(3, k, temperature * 1.6, a, q)[1]
    other = np.linalg.matrix_power(other, steps)[np.flatnonzero((counts == (3, 2, 1)).all(1))[0]]
    assert share_misses(seen, other).max() > 5


def test_a_schedule_changes_the_chain_when_it_says() -> None:
    k, start = 6, (3, 2, 1)
    counts, closed = chain(3, k, 0.7, 0, (1 / 3,) * 3)
    opened = chain(3, k, 0.7, 0.5, np.array(start) / 6)[1]
    here = np.flatnonzero((counts == start).all(axis=1))[0]
    params = DRIFT.replace(
        initial=Law.from_weights(start), temperature=0.7, sample_size=k, generations=8
    )
    for first, second, a in ((closed, opened, (0, 0.5)), (opened, closed, (0.5, 0))):
        # Lost outcomes come back with external data; none is dropped too early, or too late.
        law = (np.linalg.matrix_power(first, 4) @ np.linalg.matrix_power(second, 4))[here]
        many = simulate_ensemble(
            params.replace(
                external_fraction=a[0], schedule=(Change(4, "external_fraction", a[1]),)
            ),
            4000,
        )
        seen = (np.round(many.final * k)[:, None, :] == counts).all(axis=2)
        assert np.all(share_misses(seen, law)[law > 1e-3] < 5)


def test_one_item_at_a_time_has_the_winner_of_rubin() -> None:
    # docs/theory.md, section 2.5. At T = 1/2 the loser of the race holds m items with probability
    # of order 1/m: after 1000 items the leader is the winner but for about one run in a thousand.
    law = Law.from_weights([3, 2, 1.5])
    params = DRIFT.replace(
        initial=law,
        regime="accumulate",
        temperature=0.5,
        sample_size=1,
        initial_size=5,
        generations=1000,
    )
    many = simulate_ensemble(params, 2500)
    odds = rubin_odds(law.probabilities(), 5, 0.5)
    won = many.winner[:, None] == np.arange(3)
    assert np.all(share_misses(won, odds) < 5)
    assert share_misses(won, rubin_odds(law.probabilities(), 5, 0.75)).max() > 5
    assert share_misses(won, law.probabilities()).max() > 5


def test_rubin_odds_are_those_of_the_exponential_race() -> None:
    rng, counts, order = np.random.default_rng(1), np.array([3.0, 2, 1.5]), 1 / 0.7
    sums = np.zeros((40_000, 3))
    for m in range(400):  # what follows differs by 1e-3 in all three alike
        sums += rng.exponential(size=sums.shape) / (counts + m) ** order
    won = sums.argmin(axis=1)[:, None] == np.arange(3)
    odds = rubin_odds(counts / 6.5, 6.5, 0.7)
    assert np.all(share_misses(won, odds) < 5)
    assert share_misses(won, rubin_odds(counts / 6.5, 8, 0.7)).max() > 5


def test_rubin_odds_where_they_are_known() -> None:
    # Equal counts share; an absent outcome never wins; nearly frozen, the first draw decides.
    np.testing.assert_allclose(rubin_odds(np.full(10, 0.1), 100, 0.9), 0.1, rtol=1e-6)
    assert rubin_odds([0.5, 0, 0.5], 7, 0.8)[1] == 0
    weights = np.array([0.51, 0.49]) ** (1 / 0.05)
    np.testing.assert_allclose(
        rubin_odds([0.51, 0.49], 1, 0.05), weights / weights.sum(), atol=1e-5
    )
    # Near T = 1 nearly a Polya urn: no outcome takes all soon, but the odds stay ordered.
    odds = rubin_odds(Law.zipf(8).probabilities(), 30, 0.97)
    assert np.all(np.diff(odds) < 0) and odds.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0.5, 0.5], 10, 1.0), "temperature must lie between 0 and 1, got 1.0"),
        (([0.5, 0.5], 0, 0.5), "initial_size must lie between 1 and 10000, got 0"),
        ((np.full(200, 0.005), 10, 0.5), "initial must be one law of at most 100 outcomes"),
    ],
)
def test_rubin_odds_are_refused_outside_their_range(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rubin_odds(*arguments)


def test_the_diffusion_limit_is_some_per_cent_off_the_exact_chain() -> None:
    k = 50
    share = np.arange(k + 1) / k
    ways = np.array([math.comb(k, j) for j in range(k + 1)])
    step = ways * share[:, None] ** np.arange(k + 1) * (1 - share[:, None]) ** np.arange(k, -1, -1)
    inside = step[1:k, 1:k]
    exact = np.linalg.solve(np.eye(k - 1) - inside, np.ones(k - 1))[k // 2 - 1]
    limit = mean_time_to_one([0.5, 0.5], k)
    assert limit == pytest.approx(2 * k * math.log(2))
    assert 0.005 < abs(limit / exact - 1) < 0.05
    assert mean_time_to_one([1.0, 0.0], k) == 0


def largest_gap(one: Any, other: Any) -> Any:
    """Kolmogorov and Smirnov's statistic, in units in which 2.6 is passed once in a million."""
    grid = np.sort(np.concatenate([one, other]))
    gap = np.abs(
        np.searchsorted(np.sort(one), grid, side="right") / len(one)
        - np.searchsorted(np.sort(other), grid, side="right") / len(other)
    )
    return gap.max() * math.sqrt(len(one) * len(other) / (len(one) + len(other)))


SAME = {
    "replace": {"regime": "replace", "external_fraction": 0.1},
    "accumulate": {"regime": "accumulate", "external_fraction": 0.1},
    "subsample": {"regime": "subsample", "subsample_size": 20},
    "large subsamples": {"regime": "subsample", "subsample_size": 70, "initial_size": 50},
    "growth": {"regime": "accumulate", "growth": 0.3, "initial_size": 30},
    "few items, many outcomes": {"regime": "replace", "initial": Law.zipf(120)},
    "schedule": {"regime": "replace", "schedule": (Change(5, "temperature", 1.6),)},
}


@pytest.mark.parametrize("case", SAME)
def test_ensembles_and_single_runs_are_one_law(case: Any) -> None:
    params = LoopParams(initial=Law.zipf(6), temperature=0.8, sample_size=25, generations=10)
    params = params.replace(**SAME[case])
    singles = np.array([simulate(params.replace(seed=s)).learned[-1] for s in range(700)])
    many = simulate_ensemble(params, 3000).final
    hotter = simulate_ensemble(params.replace(temperature=1.05), 3000).final
    for measure in (lambda p: (p**2).sum(axis=1), lambda p: p[:, 0]):
        assert largest_gap(measure(singles), measure(many)) < 2.6
    if case != "schedule":
        assert largest_gap((singles**2).sum(axis=1), (hotter**2).sum(axis=1)) > 2.6


def test_data_that_grow_without_bound_are_replaced() -> None:
    # Of the old data 1 in 501 is left: the means differ by less than that, well inside the error.
    params = LoopParams(initial=Law.zipf(4), temperature=0.7, initial_size=2, generations=2)
    grown = simulate_ensemble(params.replace(growth=500.0), 3000).final[:, 0]
    sizes = {"sample_size": 1000, "schedule": (Change(1, "sample_size", 501_000),)}
    replaced = simulate_ensemble(params.replace(regime="replace", **sizes), 3000).final[:, 0]
    assert largest_gap(grown, replaced) < 2.6
    slow = simulate_ensemble(params.replace(growth=4.0), 3000).final[:, 0]
    assert largest_gap(slow, replaced) > 2.6
