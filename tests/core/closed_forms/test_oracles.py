"""Many seeded runs against closed forms and exact small chains.

Every bound is five standard errors of the mean over independent seeds: for one comparison the
chance of a false alarm is 6e-7, and the seeds are fixed. Checks that the checks can fail stand
beside them.
"""

import importlib
import math
from typing import Any

import numpy as np
import pytest

from closedloop_core import Law, LoopParams, apply_temperature, simulate
from closedloop_core.closed_forms.drift import (
    expected_diversity_accumulate,
    expected_diversity_replace,
    mean_field_replace,
    stationary_concentration,
)
from closedloop_core.closed_forms.published import euclidean_bound, external_ratio

# The name closedloop_core.simulate is the function; this is the module.
engine = importlib.import_module("closedloop_core.loop.simulate")


def runs(params: Any, count: Any) -> Any:
    """Return the probabilities of many seeds: (count, generations + 1, n)."""
    return np.array([simulate(params.replace(seed=s)).probabilities for s in range(count)])


def deviation(samples: Any, expected: Any) -> Any:
    """Distance of the mean from ``expected`` in standard errors, per column."""
    samples = np.asarray(samples, dtype=np.float64)
    error = samples.std(axis=0, ddof=1) / math.sqrt(len(samples))
    return np.abs(samples.mean(axis=0) - expected) / error


def variance_deviation(samples: Any, expected: Any) -> Any:
    """Distance of the sample variance from ``expected`` in its own standard errors."""
    return deviation((samples - samples.mean(axis=0)) ** 2, expected * (1 - 1 / len(samples)))


def diversity(p: Any) -> Any:
    return 1 - (p**2).sum(axis=-1)


WRIGHT_FISHER = LoopParams(
    initial=Law.zipf(6), temperature=1, regime="replace", sample_size=12, generations=12
)
URN = WRIGHT_FISHER.replace(regime="accumulate", sample_size=5, initial_size=8)


@pytest.fixture(scope="module")
def wright_fisher() -> Any:
    return runs(WRIGHT_FISHER, 500)


@pytest.fixture(scope="module")
def urn() -> Any:
    return runs(URN, 500)


def test_replace_loses_diversity_as_wright_fisher(wright_fisher: Any) -> None:
    p = WRIGHT_FISHER.initial.probabilities()
    for t in (1, 4, 12):
        expected = expected_diversity_replace(p, 12, t)
        assert deviation(diversity(wright_fisher[:, t]), expected) < 5


def test_accumulate_keeps_diversity_as_a_polya_urn(urn: Any) -> None:
    p = URN.initial.probabilities()
    for t in (1, 4, 12):
        expected = expected_diversity_accumulate(p, 5, 8, t)
        assert deviation(diversity(urn[:, t]), expected) < 5


def test_at_temperature_one_no_outcome_is_favoured(wright_fisher: Any, urn: Any) -> None:
    for samples in (wright_fisher, urn):
        assert np.all(deviation(samples[:, 12], WRIGHT_FISHER.initial.probabilities()) < 5)


def test_the_diversity_checks_can_fail(wright_fisher: Any, urn: Any) -> None:
    p = WRIGHT_FISHER.initial.probabilities()
    # One item more or less per generation, or the other regime's formula, is seen.
    assert deviation(diversity(wright_fisher[:, 12]), expected_diversity_replace(p, 16, 12)) > 5
    assert deviation(diversity(urn[:, 12]), expected_diversity_replace(p, 5, 12)) > 5
    assert deviation(diversity(urn[:, 12]), expected_diversity_accumulate(p, 5, 13, 12)) > 5


def test_closed_forms_agree_where_they_meet() -> None:
    p = Law.zipf(6).probabilities()
    # One item at a time freezes at a Dirichlet: E[1 - sum p^2] = (1 - sum p_0^2) N_0/(N_0 + 1).
    limit = expected_diversity_accumulate(p, 1, 7, 10**6)
    assert limit == pytest.approx(diversity(p) * 7 / 8, rel=2e-6)  # the tail is about 1/t
    assert expected_diversity_replace(p, 9, 0) == pytest.approx(diversity(p))
    assert expected_diversity_replace(p, 1, 1) == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: mean_field_replace([0.5, 0.5], 0.0, 3), "temperature must be > 0, got 0.0"),
        (lambda: mean_field_replace([0.5, 0.6], 1.0, 3), "initial must sum to 1"),
        (lambda: stationary_concentration([0.5, 0.5], 0.0, 9), r"must lie in \(0, 1\], got 0.0"),
        (lambda: stationary_concentration([0.5, 0.6], 0.5, 9), "reference must sum to 1"),
        (lambda: euclidean_bound([0.5, 0.6], 1.0), "reference must sum to 1"),
    ],
)
def test_closed_forms_refuse_what_they_are_not_for(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("share", [0.0, 0.2, 0.75, 1.0])
def test_ratio_and_share_are_one_quantity(share: float) -> None:
    ratio = external_ratio(share)
    assert ratio == math.inf if share == 1 else ratio / (1 + ratio) == pytest.approx(share)


def test_one_item_at_a_time_has_the_moments_of_a_dirichlet() -> None:
    # k = 1, T = 1: the items drawn in t steps are Dirichlet-multinomial with the start's counts.
    start, steps = 4, 60
    params = WRIGHT_FISHER.replace(
        regime="accumulate",
        initial=Law.zipf(3),
        sample_size=1,
        initial_size=start,
        generations=steps,
    )
    final = runs(params, 400)[:, -1]
    p = params.initial.probabilities()
    spread = p * (1 - p) * steps / ((start + 1) * (start + steps))
    assert np.all(deviation(final, p) < 5)
    assert np.all(variance_deviation(final, spread) < 5)
    covariance = (final[:, 0] - p[0]) * (final[:, 1] - p[1])
    expected = -p[0] * p[1] * steps / ((start + 1) * (start + steps))
    assert deviation(covariance, expected) < 5
    # It can fail: independent draws of the same items would spread 12 times less.
    assert np.all(variance_deviation(final, p * (1 - p) * steps / (start + steps) ** 2) > 5)


def chain_of_two(temperature: Any, a: Any, q: Any, k: Any) -> Any:
    """Exact transition matrix of the count of the first of two outcomes under ``replace``."""
    share = np.arange(k + 1) / k
    tempered = apply_temperature(np.stack([share, 1 - share], axis=-1), temperature)[:, 0]
    p = (1 - a) * tempered + a * q
    return np.array(
        [[math.comb(k, j) * x**j * (1 - x) ** (k - j) for j in range(k + 1)] for x in p]
    )


@pytest.mark.parametrize("temperature", [0.8, 1.0, 1.3])
def test_replace_follows_the_exact_chain_of_two_outcomes(temperature: float) -> None:
    k, steps = 6, 12
    params = LoopParams(
        initial=Law.from_weights([2, 1]),
        temperature=temperature,
        regime="replace",
        sample_size=k,
        generations=steps,
    )
    final = np.round(runs(params, 600)[:, -1, 0] * k).astype(int)
    # The row of 4 of 6: p_0 = (2/3, 1/3) exactly.
    exact = np.linalg.matrix_power(chain_of_two(temperature, 0, 0.5, k), steps)[4]
    for won in (0, k):
        share = exact[won]
        error = math.sqrt(share * (1 - share) / len(final))  # a binomial proportion
        assert abs((final == won).mean() - share) < 5 * error
    wrong = np.linalg.matrix_power(chain_of_two(temperature * 2, 0, 0.5, k), steps)[4, k]
    assert abs((final == k).mean() - wrong) > 5 * math.sqrt(wrong * (1 - wrong) / len(final))


def test_the_chain_without_temperature_absorbs_in_proportion_to_the_start() -> None:
    # docs/theory.md, section 2.4: P(i takes over) = p_0i; a check of the oracle itself.
    absorbed = np.linalg.matrix_power(chain_of_two(1.0, 0, 0.5, 6), 400)[4]
    assert absorbed[6] == pytest.approx(2 / 3, abs=1e-12)


def test_external_data_hold_a_stationary_concentration() -> None:
    # docs/theory.md, section 3.6. From q, E sum p^2 nears its limit as (1-1/k)^t (1-a)^2t:
    # 1e-6 after 30.
    k, a, burn = 10, 0.2, 30
    params = WRIGHT_FISHER.replace(sample_size=k, external_fraction=a, generations=burn + 120)
    concentration = (runs(params, 80)[:, burn:] ** 2).sum(axis=-1).mean(axis=1)
    simpson = (params.initial.probabilities() ** 2).sum()

    def stationary(a: Any) -> Any:
        kept = (1 - 1 / k) * (1 - a) ** 2
        return (1 / k + (1 - 1 / k) * (1 - (1 - a) ** 2) * simpson) / (1 - kept)

    # One time average per seed: independent, whatever the correlation within a run.
    assert deviation(concentration, stationary(a)) < 5
    assert deviation(concentration, stationary(0.3)) > 5


DRAWING = {
    "positions, few of many": (120, 48),
    "positions, most of them": (120, 72),
    "numpy": (4 * 10**6, 16 * 10**5),
    "thinning": (10**9, 4 * 10**8),
}


@pytest.mark.parametrize("path", DRAWING)
def test_each_way_to_subsample_is_hypergeometric(
    path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    total, wanted = DRAWING[path]
    taken = []
    for name in ("draw_positions", "draw_by_thinning"):
        plain = getattr(engine, name)
        monkeypatch.setattr(
            engine,
            name,
            lambda *args, f=plain, n=name: taken.append((n, args[3])) or f(*args),  # type: ignore[func-returns-value]
        )
    params = LoopParams(
        initial=Law.from_weights([5, 3, 1.5, 0.5, 0]),
        regime="subsample",
        initial_size=total,
        subsample_size=wanted,
        sample_size=1,
        generations=1,
    )
    counts = np.array([simulate(params.replace(seed=s)).learned[0] for s in range(800)]) * wanted
    first = taken[0][0] if taken and taken[0][1] == wanted else "numpy"
    assert first == {"p": "draw_positions", "n": "numpy", "t": "draw_by_thinning"}[path[0]]
    assert np.all(counts.sum(axis=1) == pytest.approx(wanted))
    assert np.all(counts[:, 4] == 0)
    share = params.initial.probabilities()[:4]
    mean, with_replacement = wanted * share, wanted * share * (1 - share)
    spread = with_replacement * (total - wanted) / (total - 1)
    assert np.all(deviation(counts[:, :4], mean) < 5)
    assert np.all(variance_deviation(counts[:, :4], spread) < 5)
    # It can fail: drawing with replacement spreads 1.7 times (or 2.5 times) as much.
    assert np.all(variance_deviation(counts[:, :4], with_replacement) > 5)


def batches(temperature: Any, count: Any, offset: Any, params: Any = WRIGHT_FISHER) -> Any:
    params = params.replace(
        initial=Law.zipf(5), temperature=temperature, external_fraction=0.3, generations=1
    )
    made = [simulate(params.replace(seed=offset + s)) for s in range(count)]
    return np.array([np.concatenate([run.synthetic[0], run.external[0]]) for run in made])


def two_sample_statistic(one: Any, other: Any) -> Any:
    """Pearson's chi-square for equal laws behind two samples of batches of equal size."""
    a, b = one.sum(axis=0), other.sum(axis=0)
    return ((a - b) ** 2 / (a + b)).sum()


def test_common_uniforms_and_multinomial_draws_agree_in_law(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by_cdf = batches(0.7, 1500, 0)
    monkeypatch.setattr(engine, "COMMON_DRAWS", 0)
    by_counts = batches(0.7, 1500, 10_000)
    hotter = batches(0.8, 1500, 10_000)
    # Chi-square with 9 degrees of freedom: above 50 with probability 1e-7.
    assert two_sample_statistic(by_cdf, by_counts) < 50
    assert two_sample_statistic(by_cdf, hotter) > 50
    # The spread within a batch is the multinomial's for both: k F (1 - F).
    image = np.concatenate(
        [
            0.7 * apply_temperature(Law.zipf(5).probabilities(), 0.7),
            0.3 * Law.zipf(5).probabilities(),
        ]
    )
    for sample in (by_cdf, by_counts):
        assert np.all(deviation(sample, 12 * image) < 5)
        assert np.all(variance_deviation(sample, 12 * image * (1 - image)) < 5)
