"""Ensembles: shapes, what each number means, and that only parameters and runs decide them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from closedloop_core import (
    Change,
    Law,
    LoopParams,
    apply_temperature,
    hill_number,
    shannon_entropy,
    simulate,
    simulate_ensemble,
    support_size,
    total_variation,
)
from closedloop_core.ensembles import tables
from closedloop_core.ensembles.blocks import run_block
from closedloop_core.ensembles.ensemble import block_edges
from closedloop_core.loop.draws import draw_counts, draw_subsamples
from closedloop_core.settings.params import dataset_sizes
from tests.core.loop.test_simulate import REGIMES, loops

FAST = LoopParams(
    initial=Law.zipf(6), temperature=0.9, regime="replace", sample_size=30, generations=40, seed=3
)
ARRAYS = [
    *("levels", "entropy", "effective", "distance", "survivors", "diversity_mean"),
    *("diversity_error", "final", "winner", "first_extinction", "effective_runs"),
    "survivors_runs",
]


def same(one: Any, other: Any) -> Any:
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in ARRAYS)


@settings(deadline=None, max_examples=60)
@given(loops())
def test_shapes_and_meanings(params: Any) -> None:
    many = simulate_ensemble(params, 7)
    n, times = params.initial.n, params.generations + 1
    assert many.params == params and many.runs == 7
    assert many.final.shape == (7, n) and many.final.min() >= 0
    np.testing.assert_allclose(many.final.sum(axis=1), 1, atol=1e-13)
    assert many.effective_runs.shape == many.survivors_runs.shape == (7, times)
    assert many.diversity_mean.shape == many.diversity_error.shape == (times,)
    for name in ("entropy", "effective", "distance", "survivors"):
        bands = getattr(many, name)
        assert bands.shape == (len(many.levels), times)
        assert np.all(np.diff(bands, axis=0) >= -1e-12)
    # The last generation, from the states themselves.
    q = params.source.probabilities()
    last = {
        "entropy": shannon_entropy(many.final),
        "effective": hill_number(many.final, 1),
        "distance": total_variation(many.final, q),
        "survivors": support_size(many.final),
    }
    for name, values in last.items():
        expected = np.quantile(values, many.levels)
        np.testing.assert_allclose(getattr(many, name)[:, -1], expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(many.survivors_runs[:, -1], last["survivors"])
    np.testing.assert_allclose(many.effective_runs[:, -1], last["effective"], rtol=1e-12)
    np.testing.assert_array_equal(many.winner, many.final.argmax(axis=1))
    diversity = 1 - (many.final**2).sum(axis=1)
    assert many.diversity_mean[-1] == pytest.approx(diversity.mean(), abs=1e-12)
    error = diversity.std(ddof=1) / np.sqrt(7)
    assert many.diversity_error[-1] == pytest.approx(error, abs=1e-12)


@settings(deadline=None, max_examples=30)
@given(loops())
def test_without_noise_every_run_is_the_mean_field(params: Any) -> None:
    params = params.replace(noise=False)
    many, run = simulate_ensemble(params, 3), simulate(params)
    np.testing.assert_allclose(many.final, np.tile(run.probabilities[-1], (3, 1)), atol=1e-11)
    for name, measure in (
        ("entropy", shannon_entropy(run.probabilities)),
        ("effective", hill_number(run.probabilities, 1)),
        ("distance", total_variation(run.probabilities, params.source.probabilities())),
    ):
        for band in getattr(many, name):
            np.testing.assert_allclose(band, measure, rtol=1e-8, atol=1e-8)
    assert np.all(many.diversity_error < 1e-15)


def test_quantiles_are_those_of_all_runs() -> None:
    many = simulate_ensemble(FAST, 5000)  # more than one block
    expected = np.quantile(many.effective_runs, many.levels, axis=0)
    np.testing.assert_allclose(many.effective, expected, rtol=1e-12)
    expected = np.quantile(np.log(many.effective_runs), many.levels, axis=0)
    np.testing.assert_allclose(many.entropy, expected, atol=1e-12)
    expected = np.quantile(many.survivors_runs, many.levels, axis=0)
    np.testing.assert_allclose(many.survivors, expected)


def test_times_are_read_from_the_curves() -> None:
    many = simulate_ensemble(FAST, 200)
    for m in (1, 2, 5, 6):
        times = many.time_to(m)
        for run in range(0, 200, 20):
            reached = np.flatnonzero(many.survivors_runs[run] <= m)
            assert times[run] == (reached[0] if len(reached) else np.inf)
    assert np.all(many.time_to(6) == 0)
    assert np.isinf(many.time_to(1)).any() and np.isfinite(many.time_to(1)).any()
    # Without external data the first loss is the first generation with one fewer.
    np.testing.assert_array_equal(many.first_extinction, many.time_to(5))
    with pytest.raises(ValueError, match="survivors must be between 1 and .*, got 0"):
        many.time_to(0)


def test_an_outcome_that_comes_back_was_lost_all_the_same() -> None:
    # q holds an outcome that p_0 lacks: counting survivors alone would miss the first loss.
    law = Law.from_weights([0.6, 0.39, 0.01, 0])
    params = FAST.replace(initial=law, reference=Law.uniform(4), external_fraction=0.05)
    many = simulate_ensemble(params, 300)
    block = run_block(params, 1, 300)
    np.testing.assert_array_equal(many.first_extinction, block.first_extinction)
    # The third outcome starts with 1.2 % of 30 items: absent at once with 0.988^30 = 0.70.
    share = (many.first_extinction == 1).mean()
    image = 0.95 * law.probabilities() ** (1 / 0.9) / (law.probabilities() ** (1 / 0.9)).sum()
    image += 0.05 / 4
    absent = (1 - image[2]) ** 30
    assert abs(share - absent) < 5 * np.sqrt(absent * (1 - absent) / 300)
    assert (many.survivors_runs.max(axis=1) == 4).any()


@pytest.mark.parametrize("regime", REGIMES)
def test_only_parameters_and_runs_decide(regime: Any) -> None:
    params = FAST.replace(regime=regime, external_fraction=0.1)
    assert same(simulate_ensemble(params, 50), simulate_ensemble(params, 50))
    assert not same(simulate_ensemble(params, 50), simulate_ensemble(params.replace(seed=4), 50))


def test_blocks_cover_all_runs_once_evenly() -> None:
    for n in (2, 10, 333, 10_000):
        for runs in (2, 3, 999, 10_000):
            edges = block_edges(n, runs)
            sizes = np.diff(edges)
            assert edges[0] == 0 and edges[-1] == runs
            assert sizes.min() >= 1 and sizes.max() - sizes.min() <= 1
            assert len(sizes) == 1 or len(sizes) % 2 == 0
    assert len(block_edges(10, 30_000)) > 3


@pytest.mark.parametrize("runs", [1, 0, -3, 2.5, True, None, "10"])
def test_the_number_of_runs_is_checked(runs: Any) -> None:
    with pytest.raises(ValueError, match=r"runs must be (>= 2|a whole number), got"):
        simulate_ensemble(FAST, runs)


def test_arrays_are_read_only() -> None:
    many = simulate_ensemble(FAST, 5)
    for name in ARRAYS:
        with pytest.raises(ValueError, match="read-only"):
            getattr(many, name)[0] = 0


def test_members_differ_from_the_single_run_and_from_each_other() -> None:
    many = simulate_ensemble(FAST, 60)
    assert len({row.tobytes() for row in many.effective_runs}) == 60
    single = hill_number(simulate(FAST).probabilities, 1)
    assert not np.any(np.all(np.isclose(many.effective_runs, single), axis=1))


@pytest.mark.parametrize(("n", "k"), [(4, 7), (4, 10**9), (300, 20), (300, 149), (300, 1000)])
def test_absent_outcomes_are_never_drawn(n: int, k: Any) -> None:
    rng = np.random.default_rng(1)
    p = rng.random((50, n))
    p[rng.random((50, n)) < 0.5] = 0
    p[:, -1] = 0
    p[:, 0] += 1e-3
    p /= p.sum(axis=1, keepdims=True)
    counts = draw_counts(rng, k, p)
    assert np.all(counts.sum(axis=1) == k)
    assert np.all(counts[p == 0] == 0)


def test_what_rounding_leaves_over_does_not_revive_the_last_outcome() -> None:
    # A row short of 1 by as much as is tolerated: NumPy gives the rest to the last entry.
    p = np.tile([0.7, 0.3 - 1e-9, 0.0], (3, 1))
    plain = np.random.default_rng(5).multinomial(10**12, p)
    assert plain[:, -1].max() > 0
    counts = draw_counts(np.random.default_rng(5), 10**12, p)
    assert np.all(counts[:, -1] == 0) and np.all(counts.sum(axis=1) == 10**12)


@pytest.mark.parametrize(
    ("rows", "counts", "wanted"),
    [
        (4000, [50, 30, 15, 25, 0], 48),
        (3, [50, 30, 15, 25, 0], 120),
        (4, [50, 30, 15, 25, 0], 48),
        (4000, [5e8, 3e8, 1.5e8, 1, 5e8], 10**6),
    ],
)
def test_subsamples_are_hypergeometric(rows: int, counts: Any, wanted: Any) -> None:
    # Rows of one law, drawn in as many calls as it takes: each way to draw, the same moments.
    counts, rng = np.array(counts, dtype=float), np.random.default_rng(2)
    total = int(counts.sum())
    calls = max(1, 4000 // rows) if wanted < total else 1
    drawn = np.concatenate(
        [draw_subsamples(rng, np.tile(counts, (rows, 1)), total, wanted) for _ in range(calls)]
    )
    assert np.all(drawn.sum(axis=1) == wanted) and np.all(drawn <= counts) and drawn.min() >= 0
    if wanted == total:
        return
    share = counts / total
    spread = wanted * share * (1 - share) * (total - wanted) / (total - 1)
    # Five standard errors of a mean, and of a variance (of near-normal counts).
    assert np.all(
        np.abs(drawn.mean(axis=0) - wanted * share) <= 5 * np.sqrt(spread / len(drawn)) + 1e-12
    )
    common = spread > 1
    error = spread[common] * np.sqrt(2 / len(drawn))
    assert np.all(np.abs(drawn.var(axis=0)[common] - spread[common]) < 5 * error)


def test_a_run_that_is_over_before_it_begins_stays_so() -> None:
    many = simulate_ensemble(FAST.replace(initial=Law.from_weights([0, 1, 0])), 20)
    np.testing.assert_array_equal(many.final, np.tile([0.0, 1.0, 0.0], (20, 1)))
    assert np.all(many.winner == 1) and np.all(many.time_to(1) == 0)
    assert np.all(np.isinf(many.first_extinction))
    assert np.all(many.entropy == 0) and np.all(many.distance == 0)


def test_runs_that_end_early_are_completed_as_they_ended() -> None:
    many = simulate_ensemble(FAST.replace(temperature=0.5, generations=60), 500)
    ends = many.time_to(1)
    assert np.all(np.isfinite(ends)) and ends.max() < 60
    after = np.arange(61) >= ends[:, None]
    assert np.all(many.effective_runs[after] == 1) and np.all(many.survivors_runs[after] == 1)
    assert np.all(many.final.max(axis=1) == 1)
    q = FAST.source.probabilities()
    expected = np.quantile(1 - q[many.winner], many.levels)
    np.testing.assert_allclose(many.distance[:, -1], expected, atol=1e-12)
    assert many.diversity_mean[-1] == 0 and many.diversity_error[-1] == 0


@pytest.mark.parametrize("regime", REGIMES)
def test_the_largest_sizes_neither_overflow_nor_lose_items(regime: Any) -> None:
    large = {"sample_size": 10**9, "initial_size": 10**9, "subsample_size": 10**9}
    many = simulate_ensemble(FAST.replace(regime=regime, generations=4, **large), 3)
    np.testing.assert_allclose(many.final.sum(axis=1), 1, atol=1e-12)
    # At a thousand million items luck is at most of order 1e-4.
    twin = simulate(FAST.replace(regime=regime, generations=4, noise=False, **large))
    np.testing.assert_allclose(many.final, np.tile(twin.probabilities[-1], (3, 1)), atol=1e-3)


@pytest.mark.parametrize("temperature", [0.02, 0.6, 1.7, 50.0])
@pytest.mark.parametrize("items", [1, 30, 20_000])
def test_what_is_looked_up_is_what_would_be_computed(items: int, temperature: float) -> None:
    table = tables.Table.of(items, temperature)
    counts = np.unique(np.round(np.geomspace(1, items, 40))).astype(int)
    p = counts / items
    np.testing.assert_allclose(table.information[counts], p * np.log(p), atol=1e-15)
    law = apply_temperature(p / p.sum(), temperature)
    with np.errstate(under="ignore"):
        np.testing.assert_allclose(
            table.power[counts] / table.power[counts].sum(), law, rtol=1e-11, atol=1e-300
        )
    assert table.information[0] == table.power[0] == 0


def test_measures_do_not_depend_on_the_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    # Up to the first generation with whole counts the draws are the same.
    params = FAST.replace(generations=2)
    looked_up = run_block(params, 1, 50)
    monkeypatch.setattr(tables, "_LOOKED_UP", 0)
    computed = run_block(params, 1, 50)
    for name in ("entropy", "distance"):
        one, other = getattr(looked_up, name), getattr(computed, name)
        np.testing.assert_allclose(one[:2], other[:2], atol=1e-14)
    np.testing.assert_allclose(looked_up.diversity[:, :2], computed.diversity[:, :2], atol=1e-13)


SPARSE = LoopParams(initial=Law.zipf(120), sample_size=30, generations=40, seed=5)


@pytest.mark.parametrize(
    "params",
    [
        SPARSE,
        SPARSE.replace(temperature=1.0, external_fraction=0.2),
        SPARSE.replace(temperature=3.0, sample_size=100, initial_size=7),
        SPARSE.replace(temperature=0.1, external_fraction=0.5),
        SPARSE.replace(schedule=(Change(9, "temperature", 1.0), Change(20, "temperature", 1.4))),
        SPARSE.replace(
            initial=Law.from_weights([1, 2, 0, 3] * 10),
            reference=Law.uniform(40),
            schedule=(Change(7, "external_fraction", 0.3),),
        ),
        SPARSE.replace(growth=0.02),
    ],
)
@pytest.mark.parametrize("rows", [3, 150])
def test_kept_powers_are_what_would_be_computed(
    params: Any, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The draws agree to the end, since both draw from the same law, to rounding. (Not so where
    # outcomes tie: there a rounding error may turn a fair coin.)
    assert tables.GrowingCounts.is_faster(params, dataset_sizes(params))
    kept = run_block(params, 1, rows)
    monkeypatch.setattr(tables.GrowingCounts, "is_faster", lambda *_: False)
    computed = run_block(params, 1, rows)
    for name in ("final", "entropy", "distance", "diversity", "survivors", "first_extinction"):
        one, other = getattr(kept, name), getattr(computed, name)
        np.testing.assert_allclose(one, other, atol=1e-12, err_msg=name)


def test_powers_are_not_kept_where_a_power_would_overflow() -> None:
    cold = SPARSE.replace(temperature=0.02, initial_size=10**6)
    assert not tables.GrowingCounts.is_faster(cold, dataset_sizes(cold))
    many = simulate_ensemble(cold, 3)
    np.testing.assert_allclose(many.final.sum(axis=1), 1, atol=1e-12)


@pytest.mark.parametrize("params", [FAST, FAST.replace(sample_size=4, temperature=1.0)])
def test_moments_of_many_blocks_are_those_of_all_runs(params: Any) -> None:
    # Both while all runs go on, and when most of them are over.
    many = simulate_ensemble(params, 40_000)
    assert len(block_edges(6, 40_000)) > 3
    diversity = 1 - (many.final**2).sum(axis=1)
    assert many.diversity_mean[-1] == pytest.approx(diversity.mean(), rel=1e-12, abs=1e-15)
    error = diversity.std(ddof=1) / np.sqrt(40_000)
    assert many.diversity_error[-1] == pytest.approx(error, rel=1e-9, abs=1e-15)
