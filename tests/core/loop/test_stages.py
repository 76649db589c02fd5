"""One generation taken apart: its stages are the run's own numbers, and they add up."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core import (
    Change,
    Law,
    LoopParams,
    apply_temperature,
    mean_field_step,
    simulate,
    stages,
)
from tests.core.loop.test_simulate import MIXED, REGIMES, loops


@settings(deadline=None, max_examples=80)
@given(loops(), st.data())
def test_the_stages_of_every_run_add_up(params: Any, data: Any) -> None:
    run = simulate(params)
    generation = data.draw(st.integers(1, params.generations))
    found = stages(run, generation)
    assert found.generation == generation
    for name in ("dataset", "learned", "tempered", "reference", "new_dataset"):
        share = getattr(found, name)
        assert share.min() >= 0
        np.testing.assert_allclose(share.sum(), 1, atol=1e-13)
    np.testing.assert_allclose(found.batch.sum(), found.batch_size, rtol=1e-12)
    # Item by item: what was there and stays, and what came, is what is there.
    kept = (1 - found.step) * found.new_dataset_size * found.dataset
    after = found.new_dataset * found.new_dataset_size
    np.testing.assert_allclose(kept + found.batch, after, atol=1e-9, rtol=1e-12)
    assert found.residual < 1e-13
    assert 0 < found.step <= 1 and (found.step == 1) == (params.regime == "replace")


@settings(deadline=None, max_examples=40)
@given(loops(), st.data())
def test_the_stages_are_the_runs_own_numbers(params: Any, data: Any) -> None:
    run = simulate(params)
    t = data.draw(st.integers(0, params.generations - 1))
    found = stages(run, t + 1)
    rounded = params.noise and params.regime == "subsample" and t == 0
    if not rounded:
        np.testing.assert_array_equal(found.dataset, run.probabilities[t])
    for name, of_run in (("synthetic", "synthetic"), ("external", "external")):
        np.testing.assert_array_equal(getattr(found, name), getattr(run, of_run)[t])
    np.testing.assert_array_equal(found.learned, run.learned[t])
    np.testing.assert_array_equal(found.new_dataset, run.probabilities[t + 1])
    assert (found.dataset_size, found.new_dataset_size) == tuple(run.dataset_size[t : t + 2])
    expected = apply_temperature(run.learned[t], params.temperature)
    np.testing.assert_array_equal(found.tempered, expected)
    np.testing.assert_array_equal(found.reference, params.source.probabilities())


@pytest.mark.parametrize("regime", REGIMES)
def test_one_generation_ends_where_the_next_begins(regime: Any) -> None:
    run = simulate(MIXED.replace(regime=regime))
    steps = [stages(run, g) for g in range(1, 13)]
    for one, following in zip(steps, steps[1:], strict=False):
        np.testing.assert_array_equal(one.new_dataset, following.dataset)
        assert one.new_dataset_size == following.dataset_size


@pytest.mark.parametrize("regime", REGIMES)
def test_without_noise_the_batch_is_the_image(regime: Any) -> None:
    params = MIXED.replace(regime=regime, noise=False)
    found = stages(simulate(params), 5)
    a = params.external_fraction
    image = mean_field_step(found.dataset, found.reference, params.temperature, a)
    np.testing.assert_allclose(found.batch / found.batch_size, image, atol=1e-14)
    np.testing.assert_allclose(found.synthetic, 40 * (1 - a) * found.tempered, rtol=1e-13)
    assert found.learned_size == found.dataset_size


def test_an_intervention_is_in_force_from_its_generation_on() -> None:
    hot = {"temperature": 3.0, "external_fraction": 1.0, "sample_size": 7}
    changes = tuple(Change(4, field, value) for field, value in hot.items())
    run = simulate(MIXED.replace(schedule=changes))
    before, after = stages(run, 4), stages(run, 5)
    assert (before.settings.temperature, after.settings.temperature) == (0.7, 3.0)
    assert (before.batch_size, after.batch_size, after.synthetic.sum()) == (40, 7, 0)
    np.testing.assert_array_equal(after.tempered, apply_temperature(after.learned, 3.0))
    assert max(before.residual, after.residual) < 1e-13


@pytest.mark.parametrize(("m", "size"), [(25, 25), (60, 60), (10**6, 100)])
def test_a_subsampled_model_learns_whole_items_of_the_dataset(m: Any, size: int) -> None:
    found = stages(simulate(MIXED.replace(regime="subsample", subsample_size=m)), 2)
    assert found.learned_size == size
    items = found.learned * size
    np.testing.assert_allclose(items, np.round(items), atol=1e-9)
    assert np.all(items <= found.dataset * found.dataset_size + 1e-9)


def test_subsampling_starts_from_whole_items() -> None:
    # 60 items of a Zipf law: no share is a whole number of items.
    found = stages(simulate(MIXED.replace(regime="subsample")), 1)
    held = found.dataset * 60
    np.testing.assert_allclose(held, np.round(held), atol=1e-12)
    assert np.any(found.dataset != MIXED.initial.probabilities())
    assert np.all(np.abs(held - 60 * MIXED.initial.probabilities()) < 1)


def test_a_paper_and_pencil_generation() -> None:
    # T = 1/2 squares: (3/4, 1/4) -> (9, 1) / 10; half external from (0, 1); 4 items join 4.
    params = LoopParams(
        initial=Law.from_weights([3, 1]),
        reference=Law.from_weights([0, 1]),
        temperature=0.5,
        external_fraction=0.5,
        sample_size=4,
        initial_size=4,
        generations=1,
        noise=False,
    )
    found = stages(simulate(params), 1)
    np.testing.assert_allclose(found.tempered, [0.9, 0.1])
    np.testing.assert_allclose(found.synthetic, [1.8, 0.2])
    np.testing.assert_allclose(found.external, [0, 2])
    np.testing.assert_allclose(found.new_dataset, [4.8 / 8, 3.2 / 8])
    assert (found.step, found.batch_size) == (0.5, 4)


def test_one_item_too_many_does_not_add_up() -> None:
    found = stages(simulate(MIXED), 3)
    one_more = dataclasses.replace(found, external=found.external + np.eye(8)[0])
    assert one_more.residual > 1e-3


@pytest.mark.parametrize("generation", [0, -1, 13])
def test_a_generation_outside_the_run_is_refused(generation: int) -> None:
    with pytest.raises(ValueError, match=f"between 1 and 12, got {generation}"):
        stages(simulate(MIXED), generation)


@pytest.mark.parametrize("generation", [1.5, "3", None])
def test_a_generation_is_a_whole_number(generation: float | str | None) -> None:
    with pytest.raises(TypeError):
        stages(simulate(MIXED), generation)
