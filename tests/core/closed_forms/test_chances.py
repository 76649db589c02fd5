"""Exact laws of chance against obvious twins, and the evidence of ensembles against its errors."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from closedloop_core import Law, LoopParams, simulate_ensemble
from closedloop_core.closed_forms.drift import (
    expected_diversity_replace,
    mean_time_to_one,
    stationary_concentration,
    takeover_by,
)
from closedloop_core.closed_forms.noise import beta_quantiles, stationary_covariance
from closedloop_core.closed_forms.urn import rubin_odds
from closedloop_core.comparisons import evidence, frozen_concentration, winning_odds
from closedloop_core.exact.settled import settled_from

PURE = LoopParams(temperature=1.0, regime="replace", sample_size=20, generations=60, seed=1)


def test_two_samples_take_over_like_a_coin() -> None:
    # k = 2, two even outcomes: each generation both samples are alike with chance 1/2.
    assert takeover_by([0.5, 0.5], 2, 5) == pytest.approx(1 - 0.5 ** np.arange(6))


def test_takeover_of_three_is_that_of_the_whole_chain() -> None:
    # Slow twin: the chain over all splits of three samples among three outcomes.
    p = np.array([0.5, 0.3, 0.2])
    states = [(i, j, 3 - i - j) for i in range(4) for j in range(4 - i)]

    def law(share: Any) -> Any:
        ways = [6 / np.prod([np.prod(range(1, x + 1)) for x in s]) for s in states]
        return np.array(
            [w * np.prod(share ** np.array(s)) for w, s in zip(ways, states, strict=True)]
        )

    chain = np.array([law(np.array(s) / 3) for s in states])
    alone = np.array([max(s) == 3 for s in states])
    now, expected = law(p), [0.0]
    for _ in range(6):
        expected.append(now[alone].sum())
        now = now @ chain
    assert takeover_by(p, 3, 6) == pytest.approx(expected)


def test_mean_takeover_time_tends_to_the_diffusion_limit() -> None:
    p = Law.zipf(10).probabilities()
    means = [(1 - takeover_by(p, k, 40 * k)).sum() / mean_time_to_one(p, k) for k in (20, 100)]
    assert abs(means[1] - 1) < abs(means[0] - 1) < 0.1
    assert means[1] == pytest.approx(1, abs=0.02)


def test_takeover_has_its_limits() -> None:
    assert takeover_by([1.0, 0.0], 5, 3) == pytest.approx(np.ones(4))
    with pytest.raises(ValueError, match="at most 200,000,000"):
        takeover_by([0.5, 0.5], 10_000, 1_000)


def test_diversity_with_external_data_has_its_two_limits() -> None:
    p, q = Law.zipf(6).probabilities(), Law.uniform(6).probabilities()
    closed = expected_diversity_replace(p, 30, 17)
    assert expected_diversity_replace(p, 30, 17, q, 1e-12) == pytest.approx(closed)  # recursion
    late = 1 - stationary_concentration(q, 0.2, 30)
    assert expected_diversity_replace(p, 30, 200, q, 0.2) == pytest.approx(late)


def test_beta_quantiles_where_they_are_known() -> None:
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    assert beta_quantiles(0.5, 2.0, levels) == pytest.approx(levels, abs=1e-6)  # uniform
    assert beta_quantiles(1 / 3, 3.0, levels) == pytest.approx(1 - np.sqrt(1 - levels), abs=1e-6)
    arcsine = np.sin(np.pi * levels / 2) ** 2
    assert beta_quantiles(0.5, 1.0, levels) == pytest.approx(arcsine, abs=1e-6)
    narrow = beta_quantiles(0.3, 1e6, [0.5, 0.8413447])
    assert narrow[1] - narrow[0] == pytest.approx(np.sqrt(0.21 / 1e6), rel=5e-3)


def test_stationary_covariance_solves_its_equation() -> None:
    q = Law.zipf(5)
    state = settled_from(q.probabilities(), q, 0.8, 0.6)
    found = stationary_covariance(state, q.probabilities(), 0.8, 0.6, 100)
    e = (state - 0.6 * q.probabilities()) / 0.4
    step = 0.4 / 0.8 * (np.diag(e) - np.outer(e, e)) / state
    noise = (np.diag(state) - np.outer(state, state)) / 100
    assert found == pytest.approx(step @ found @ step.T + noise)
    assert found.sum(axis=0) == pytest.approx(np.zeros(5), abs=1e-15)


# Six numbers a run or fewer, 11 runs: beyond 4 standard errors once in 250 such tests, and the
# seeds are fixed. `infinite` is no law of finite samples and is not tested.
EXACT = [
    PURE,
    PURE.replace(generations=400),
    PURE.replace(external_fraction=0.1),
    PURE.replace(regime="accumulate"),
    PURE.replace(regime="accumulate", sample_size=1, initial_size=10),
    PURE.replace(initial=Law.from_weights([5, 3, 2, 0]), generations=30),
    PURE.replace(temperature=0.8, external_fraction=0.6, sample_size=2_000),
    PURE.replace(temperature=1.5, external_fraction=0.3, sample_size=2_000),
]


@pytest.mark.parametrize("params", EXACT, ids=range(len(EXACT)))
def test_the_evidence_agrees(params: Any) -> None:
    found = evidence(simulate_ensemble(params, 3_000))
    tested = [row for row in found if row.kind in ("exact", "linear")]
    assert tested
    for row in tested:
        # What no run shows has no spread, and may yet happen in one run of a thousand.
        slack = 0.02 * row.theory if row.kind == "linear" else 1e-3 * (row.error == 0)
        assert abs(row.simulated - row.theory) < 4 * row.error + slack, row


def test_the_evidence_can_disagree() -> None:
    ensemble = simulate_ensemble(PURE, 3_000)
    wrong = dataclasses.replace(ensemble, params=PURE.replace(sample_size=25))
    assert any(abs(r.simulated - r.theory) > 4 * r.error for r in evidence(wrong))


def test_one_item_at_a_time_theory_gives_the_odds_in_the_end() -> None:
    urn = LoopParams(
        initial=Law.from_weights([3, 2, 1]), temperature=0.5, sample_size=1, initial_size=6,
        generations=600, seed=3,
    )  # fmt: skip
    odds, errors, theory = winning_odds(simulate_ensemble(urn, 2_000))
    assert theory == pytest.approx(rubin_odds([1 / 2, 1 / 3, 1 / 6], 6, 0.5))
    assert np.all(np.abs(odds - theory) < 4 * errors)
    kinds = [row.kind for row in evidence(simulate_ensemble(urn, 200))]
    assert "end" in kinds


def test_undecided_runs_count_with_their_shares() -> None:
    ensemble = simulate_ensemble(PURE.replace(generations=5), 3_000)
    odds, errors, theory = winning_odds(ensemble)
    assert np.isfinite(ensemble.time_to(1)).mean() < 0.1
    assert np.all(np.abs(odds - theory) < 4 * errors)


def test_the_frozen_mix_is_as_concentrated_as_the_original_counts() -> None:
    urn = PURE.replace(regime="accumulate", sample_size=1, initial_size=40, generations=100_000)
    assert frozen_concentration(urn) == pytest.approx(40, rel=1e-3)


@pytest.mark.parametrize("change", [{"noise": False}, {"regime": "subsample"}])
def test_where_theory_gives_nothing_there_is_no_evidence(change: Any) -> None:
    assert evidence(simulate_ensemble(PURE.replace(generations=5, **change), 100)) == []
