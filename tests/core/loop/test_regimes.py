"""What a batch does to a dataset: the loop on a list of items, beside the simulator's counts."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from closedloop_core import Law, LoopParams, simulate
from closedloop_core.loop.draws import draw_positions, random_stream
from closedloop_core.loop.regimes import (
    Counts,
    batch_sizes,
    generations,
    initial_counts,
    is_subsampled,
)
from closedloop_core.settings.params import dataset_sizes

REGIMES = ["accumulate", "replace", "subsample"]
PARAMS = LoopParams(
    initial=Law.from_weights([5, 3, 2]),
    temperature=0.7,
    external_fraction=0.25,
    sample_size=30,
    initial_size=20,
    subsample_size=12,
    generations=15,
    seed=3,
)


class Items:
    """A dataset as what it is: a list of items, each the index of its outcome."""

    def __init__(self, items: Any) -> None:
        self.items = list(items)

    def join(self, batch: Any) -> None:
        self.items += batch

    def replace(self, batch: Any) -> None:
        self.items = list(batch)

    def drawn(self, rng: Any, size: Any, wanted: Any) -> Any:
        assert size == len(self.items)
        counts = np.bincount(self.items, minlength=3).astype(float)
        return Items(listed(draw_positions(rng, counts, size, wanted)))

    def shares(self) -> Any:
        return np.bincount(self.items, minlength=3) / len(self.items)


def listed(counts: Any) -> Any:
    """Return a list of items with these counts."""
    return np.repeat(np.arange(len(counts)), np.asarray(counts).astype(int)).tolist()


def refuse(*_: Any) -> None:
    raise AssertionError("a regime that takes no sample asked for a random stream")


@pytest.mark.parametrize("regime", REGIMES)
def test_a_list_of_items_goes_through_the_loop_as_counts_do(regime: Any) -> None:
    params = PARAMS.replace(regime=regime)
    run = simulate(params)
    dataset = Items(listed(initial_counts(params, whole=True)))
    seen = []

    def learn(t: Any, data: Any, items: Any) -> Any:
        assert items == len(data.items)
        seen.append(t)
        np.testing.assert_allclose(dataset.shares(), run.probabilities[t], atol=1e-12)
        np.testing.assert_allclose(data.shares(), run.learned[t], atol=1e-12)
        assert (data is dataset) == (regime != "subsample")
        return data.shares()

    def write(t: Any, model: Any, items: Any) -> Any:
        batch = run.synthetic[t] + run.external[t]
        np.testing.assert_allclose(model, run.learned[t], atol=1e-12)
        assert items == batch.sum()
        return listed(batch)

    stream = (lambda t: random_stream(params, t, 1)) if regime == "subsample" else refuse
    *_, last = generations(params, dataset, learn, write, stream)
    assert seen == list(range(params.generations + 1))
    np.testing.assert_allclose(last, run.learned[-1], atol=1e-12)
    assert len(dataset.items) == run.dataset_size[-1]


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("stop", [0, 4])
def test_the_loop_stops_where_nothing_is_learned(regime: Any, stop: int) -> None:
    params, written, learned = PARAMS.replace(regime=regime), [], []
    dataset = Items(listed(initial_counts(params, whole=True)))

    def learn(t: Any, data: Any, items: Any) -> Any:
        learned.append(t)
        return None if t == stop else data.shares()

    def write(t: Any, model: Any, items: Any) -> Any:
        written.append(t)
        return [0] * items

    models = generations(params, dataset, learn, write, lambda t: np.random.default_rng(t))
    assert len(list(models)) == stop
    assert learned == list(range(stop + 1))
    assert written == list(range(stop))
    assert len(dataset.items) == dataset_sizes(params)[stop]


def test_without_noise_no_sample_is_taken() -> None:
    params = PARAMS.replace(regime="subsample", noise=False, generations=3)
    assert not is_subsampled(params)
    assert is_subsampled(PARAMS.replace(regime="subsample"))
    assert not is_subsampled(PARAMS)
    dataset = Counts(initial_counts(params, whole=False))
    models = generations(
        params, dataset, lambda t, data, n: data.items, lambda t, m, n: m * 0, refuse
    )
    assert len(list(models)) == params.generations + 1


def test_counts_join_in_place_and_are_replaced_whole() -> None:
    items = np.array([[3.0, 1.0], [0.0, 4.0]])
    dataset, batch = Counts(items), np.array([[1.0, 0.0], [2.0, 5.0]])
    dataset.join(batch)
    assert dataset.items is items
    assert dataset.items.tolist() == [[4, 1], [2, 9]]
    dataset.replace(batch)
    assert dataset.items is batch
    assert items.tolist() == [[4, 1], [2, 9]]


@pytest.mark.parametrize("wanted", [1, 7, 40, 99, 100])
def test_a_sample_of_counts_is_part_of_them_and_fair(wanted: int) -> None:
    counts = np.tile([50.0, 30.0, 0.0, 20.0], (4000, 1))
    dataset = Counts(counts)
    drawn = dataset.drawn(np.random.default_rng(wanted), 100, wanted).items
    assert np.array_equal(dataset.items, np.tile([50.0, 30.0, 0.0, 20.0], (4000, 1)))
    assert drawn.min() >= 0
    assert np.all(drawn <= counts)
    assert np.all(drawn.sum(axis=1) == wanted)
    # Hypergeometric: mean w p, variance w p (1 - p)(N - w)/(N - 1). Five standard errors of the
    # mean of 4,000 rows: a chance of 1 in 1.7 million for each of a few fixed seeds' means.
    p = counts[0] / 100
    variance = wanted * p * (1 - p) * (100 - wanted) / 99
    error = np.sqrt(variance / len(counts))
    assert np.all(np.abs(drawn.mean(axis=0) - wanted * p) <= 5 * error + 1e-12)


def test_a_sample_of_items_is_drawn_without_replacement() -> None:
    data = Items([0] * 5 + [1] * 3 + [2] * 2)
    for seed in range(50):
        sample = data.drawn(np.random.default_rng(seed), 10, 6)
        assert Counter(sample.items) <= Counter(data.items)
        assert len(sample.items) == 6


def test_batches_are_what_the_sizes_need() -> None:
    sizes = [20, 50, 80, 110]
    assert batch_sizes(PARAMS, sizes) == [30, 30, 30]
    assert batch_sizes(PARAMS.replace(regime="replace"), [20, 30, 30, 30]) == [30, 30, 30]


@pytest.mark.parametrize("size", [1, 7, 20, 999])
def test_the_first_counts_are_exact_or_whole(size: int) -> None:
    params = LoopParams(initial=Law.zipf(9), initial_size=size)
    exact, whole = initial_counts(params, whole=False), initial_counts(params, whole=True)
    assert exact == pytest.approx(size * Law.zipf(9).probabilities())
    assert np.array_equal(whole, np.round(whole))
    assert whole.sum() == size
    assert np.abs(whole - exact).max() < 1
    # Largest remainder: no outcome is rounded up before one with a larger rest.
    rest, is_up = exact - np.floor(exact), whole > np.floor(exact)
    assert not is_up.any() or rest[is_up].min() >= rest[~is_up].max(initial=0.0)
