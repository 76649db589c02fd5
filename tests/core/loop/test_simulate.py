"""One run: what it promises about numbers, streams, shapes and counts."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core import Law, LoopParams, mean_field_step, simulate, support_size

REGIMES = ["accumulate", "replace", "subsample"]
ARRAYS = ["probabilities", "learned", "dataset_size", "synthetic", "external"]
MIXED = LoopParams(
    initial=Law.zipf(8),
    reference=Law.geometric(8, 0.6),
    temperature=0.7,
    external_fraction=0.3,
    sample_size=40,
    initial_size=60,
    subsample_size=25,
    generations=12,
    seed=5,
)
seldom = settings(deadline=None, max_examples=30)


@st.composite
def loops(draw: Any) -> Any:
    n = draw(st.integers(2, 12))
    regime = draw(st.sampled_from(REGIMES))
    return LoopParams(
        initial=Law.from_weights(draw(st.lists(st.integers(1, 50), min_size=n, max_size=n))),
        reference=draw(st.sampled_from([None, Law.uniform(n), Law.zipf(n)])),
        temperature=draw(st.floats(0.02, 50)),
        external_fraction=draw(st.floats(0, 1)),
        sample_size=draw(st.integers(1, 300)),
        noise=draw(st.booleans()),
        regime=regime,
        initial_size=draw(st.integers(10, 500)),
        growth=None if regime == "replace" else draw(st.sampled_from([None, 0.1, 1.5])),
        subsample_size=draw(st.integers(1, 700)),
        generations=draw(st.integers(1, 12)),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


@settings(deadline=None, max_examples=80)
@given(loops())
def test_shapes_counts_and_sizes_add_up(params: Any) -> None:
    run = simulate(params)
    n, generations = params.initial.n, params.generations
    assert run.params == params
    assert run.probabilities.shape == run.learned.shape == (generations + 1, n)
    assert run.synthetic.shape == run.external.shape == (generations, n)
    assert run.dataset_size.shape == (generations + 1,)
    np.testing.assert_array_equal(run.probabilities[0], params.initial.probabilities())
    for rows in (run.probabilities, run.learned):
        assert rows.min() >= 0
        np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-13)
    replaced = params.regime == "replace"
    added = run.dataset_size[1:] - (0 if replaced else run.dataset_size[:-1])
    batches = run.synthetic + run.external
    np.testing.assert_allclose(batches.sum(axis=1), added, rtol=1e-12)
    if params.noise:
        assert np.all(run.synthetic == np.round(run.synthetic))
        assert np.all(run.external == np.round(run.external))
    # The dataset: what was there (nothing in replace) and every batch so far.
    start = params.initial_size * params.initial.probabilities()
    total = batches if replaced else start + np.cumsum(batches, axis=0)
    after = run.probabilities[1:] * run.dataset_size[1:, None]
    # Under subsample the start is rounded to whole items: off by less than one each.
    slack = 1.0 if params.noise and params.regime == "subsample" else 1e-9
    assert np.all(np.abs(after - total) <= slack + 1e-12 * run.dataset_size[1:, None])


@seldom
@given(loops())
def test_the_same_settings_give_the_same_numbers(params: Any) -> None:
    one, other = simulate(params), simulate(params.replace(seed=params.seed))
    for name in ARRAYS:
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


def test_another_seed_gives_other_numbers() -> None:
    assert np.any(simulate(MIXED).synthetic != simulate(MIXED.replace(seed=6)).synthetic)


def test_generations_draw_from_different_streams() -> None:
    # At T = 1 and a = 1 all generations draw from one law: equal streams would repeat a batch.
    run = simulate(MIXED.replace(regime="replace", temperature=1, external_fraction=1))
    assert len({row.tobytes() for row in run.external}) > 10


@pytest.mark.parametrize("k", [1, 2, 30, 299])
@pytest.mark.parametrize("seed", range(5))
def test_one_more_item_keeps_the_first_draws(k: int, seed: int) -> None:
    params = MIXED.replace(regime="replace", sample_size=k, seed=seed)
    few, more = simulate(params), simulate(params.replace(sample_size=k + 1))
    for name in ("synthetic", "external"):
        extra = getattr(more, name)[0] - getattr(few, name)[0]
        assert set(extra) <= {0.0, 1.0}
    batches = [run.synthetic[0] + run.external[0] for run in (few, more)]
    assert (batches[1] - batches[0]).sum() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"temperature": 3.0},
        {"regime": "replace"},
        {"regime": "subsample"},
        {"initial_size": 77},
        {"subsample_size": 3},
        {"initial": Law.uniform(8)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_changing_one_setting_leaves_the_external_draws_alone(change: Any) -> None:
    # Which items are external, and what they are, depends on seed, a, q and k alone.
    base = MIXED.replace(regime="subsample") if "subsample_size" in change else MIXED
    one, other = simulate(base), simulate(base.replace(**change))
    np.testing.assert_array_equal(one.external, other.external)
    assert np.any(one.synthetic != other.synthetic)


def test_a_longer_run_begins_like_the_shorter_one() -> None:
    short, long = simulate(MIXED), simulate(MIXED.replace(generations=40))
    np.testing.assert_array_equal(long.probabilities[:13], short.probabilities)


def test_more_external_data_only_turns_synthetic_items_external() -> None:
    runs = [simulate(MIXED.replace(regime="replace", external_fraction=a)) for a in (0.2, 0.4)]
    assert np.all(runs[1].external[0] >= runs[0].external[0])
    assert np.all(runs[1].synthetic[0] <= runs[0].synthetic[0])


def test_a_small_turn_of_the_dial_moves_few_items() -> None:
    cold, hot = (simulate(MIXED.replace(temperature=t, regime="replace")) for t in (1.05, 1.06))
    # Common uniforms: only items between two close cumulative laws move, here at most 1 %.
    assert np.abs(hot.synthetic[0] - cold.synthetic[0]).sum() <= 4


def test_the_sample_of_a_model_does_not_disturb_the_batches() -> None:
    # Under T = 1 = a the batches are from q whatever was learned.
    params = MIXED.replace(regime="subsample", external_fraction=1.0)
    one, other = simulate(params), simulate(params.replace(subsample_size=7))
    np.testing.assert_array_equal(one.probabilities, other.probabilities)
    assert np.any(one.learned != other.learned)


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("noise", [True, False])
def test_arrays_are_read_only(regime: Any, noise: bool) -> None:
    run = simulate(MIXED.replace(regime=regime, noise=noise))
    for name in ARRAYS:
        with pytest.raises(ValueError, match="read-only"):
            getattr(run, name)[0] = 0


def test_learned_is_the_dataset_except_for_noisy_subsamples() -> None:
    for params in (MIXED, MIXED.replace(regime="replace"), MIXED.replace(noise=False)):
        run = simulate(params)
        np.testing.assert_array_equal(run.learned, run.probabilities)
    twin = simulate(MIXED.replace(regime="subsample", noise=False))
    np.testing.assert_array_equal(twin.learned, twin.probabilities)


@pytest.mark.parametrize("m", [1, 25, 59, 60])
def test_each_model_learns_exactly_m_items_of_the_dataset(m: int) -> None:
    run = simulate(MIXED.replace(regime="subsample", subsample_size=m))
    items = run.learned * m
    np.testing.assert_allclose(items, np.round(items), atol=1e-9)
    np.testing.assert_allclose(items.sum(axis=1), m, atol=1e-9)
    # Without replacement: no more of an outcome than the dataset holds (the start is rounded).
    held = run.probabilities * run.dataset_size[:, None]
    assert np.all(np.round(items) <= held + 1)
    assert np.all(np.round(items[1:]) <= np.round(held[1:]))


def test_a_sample_larger_than_the_dataset_is_the_dataset() -> None:
    run = simulate(MIXED.replace(regime="subsample", subsample_size=10**9))
    np.testing.assert_allclose(run.learned[1:], run.probabilities[1:], atol=1e-15)
    whole = run.learned[0] * 60
    np.testing.assert_allclose(whole, np.round(whole), atol=1e-12)
    assert np.all(np.abs(whole - 60 * MIXED.initial.probabilities()) < 1)


@pytest.mark.parametrize("regime", ["accumulate", "subsample"])
def test_growth_multiplies_the_dataset(regime: str) -> None:
    run = simulate(MIXED.replace(regime=regime, growth=0.5, generations=8))
    np.testing.assert_array_equal(
        np.diff(run.dataset_size), [round(0.5 * size) for size in run.dataset_size[:-1]]
    )


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("noise", [True, False])
def test_the_largest_sizes_neither_overflow_nor_lose_items(regime: Any, noise: bool) -> None:
    large = {"sample_size": 10**9, "initial_size": 10**9, "subsample_size": 10**9}
    run = simulate(MIXED.replace(regime=regime, noise=noise, generations=5, **large))
    batches = (run.synthetic + run.external).sum(axis=1)
    np.testing.assert_allclose(batches, 1e9, rtol=0 if noise else 1e-14)
    np.testing.assert_allclose(run.probabilities.sum(axis=1), 1, atol=1e-13)


@pytest.mark.parametrize("regime", ["accumulate", "subsample"])
def test_a_dataset_may_grow_to_the_cap(regime: str) -> None:
    params = MIXED.replace(
        regime=regime, growth=9.0, initial_size=1000, generations=12, subsample_size=10**9
    )
    run = simulate(params)
    assert run.dataset_size[-1] == 1e15
    counted = run.probabilities[-1] * 1e15
    added = (run.synthetic + run.external).sum()
    assert added == 1e15 - 1000
    assert counted.sum() == pytest.approx(1e15, rel=1e-12)


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("growth", [None, 0.3])
def test_without_noise_each_step_is_the_image_taken_by_hand(
    regime: Any, growth: float | None
) -> None:
    if regime == "replace" and growth:
        growth = None
    params = MIXED.replace(regime=regime, noise=False, growth=growth, generations=30)
    run = simulate(params)
    q = params.source.probabilities()
    size, p = float(params.initial_size), params.initial.probabilities()
    for t in range(30):
        image = mean_field_step(p, q, params.temperature, params.external_fraction)
        new = params.sample_size if growth is None else round(growth * size)
        size = new if regime == "replace" else size + new
        p = p + new / size * (image - p)
        # Both round at 1e-16 a step and contract or stretch it mildly over 30 steps.
        np.testing.assert_allclose(run.probabilities[t + 1], p, atol=1e-13)
        assert run.dataset_size[t + 1] == size


@seldom
@given(loops())
def test_extinct_outcomes_never_return_without_external_data(params: Any) -> None:
    params = params.replace(regime="replace", growth=None, external_fraction=0.0, noise=True)
    alive = simulate(params).probabilities > 0
    assert np.all(alive[1:] <= alive[:-1])


def test_outcomes_do_go_extinct_in_replace() -> None:
    run = simulate(MIXED.replace(regime="replace", external_fraction=0, sample_size=5))
    assert support_size(run.probabilities[-1]) < 8


@pytest.mark.parametrize("draws", ["by inverse cdf", "by multinomial"])
def test_an_absent_last_outcome_is_never_drawn(draws: str) -> None:
    law = Law.from_weights([0.3, 0.3, 0.3, 0.0])
    k = 1000 if draws == "by inverse cdf" else 2 * 10**6
    for temperature in (0.5, 1.0, 3.0):
        params = LoopParams(initial=law, temperature=temperature, sample_size=k, generations=20)
        run = simulate(params.replace(external_fraction=0.5))
        assert run.probabilities[-1, 3] == 0


@seldom
@given(loops())
def test_no_original_outcome_dies_while_data_accumulate(params: Any) -> None:
    params = params.replace(regime="accumulate", noise=True)
    assert np.all(simulate(params).probabilities > 0)
