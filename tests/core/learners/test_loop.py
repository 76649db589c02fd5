"""The loop of language models: the playground's at order 1, its theory at order 2, its rules."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import Change, Law, LoopParams, simulate
from closedloop_core.learners.mean_field import Contexts, image_of_text, ngram_mean_field
from closedloop_core.learners.model import fit_ngrams
from closedloop_core.learners.ngram_learner import NGramLearner
from closedloop_core.learners.params import LearnerParams
from closedloop_core.learners.protocol import run_learner, run_loop
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.table import NGramTable
from tests.core.learners.twins import random_source, tale


class Fed(NGramLearner):
    """A learner that is fed the batches, and the samples, of a recorded run."""

    def __init__(self, params: Any, run: Any) -> None:
        super().__init__(params)
        self.run, self.learned = run, []

    def fit(self, data: Any) -> Any:
        model = super().fit(data)
        law = np.zeros(self.run.params.initial.n)
        law[data.keys] = model.next_word([])[data.keys]
        self.learned.append(law)
        return model

    def batch(self, t: Any, model: Any, text: Any, items: Any) -> Any:
        counts = self.run.synthetic[t] + self.run.external[t]
        present = np.flatnonzero(counts)
        return NGramTable(1, self.source.vocabulary, present, counts[present])


class Recorded(NGramTable):
    """A dataset whose samples are those of a recorded run."""

    def drawn(self, rng: Any, size: Any, wanted: Any) -> Any:
        counts = np.rint(self.samples.pop(0) * wanted)  # type: ignore[attr-defined]
        present = np.flatnonzero(counts)
        return NGramTable(1, self.vocabulary, present, counts[present])


@pytest.mark.parametrize("noise", [True, False])
@pytest.mark.parametrize("regime", ["accumulate", "replace", "subsample"])
def test_order_1_fed_the_batches_of_a_run_has_its_states(regime: str, noise: bool) -> None:
    source = random_source(1, 30, 3_000, seed=8)
    shared = {
        "temperature": 0.8, "external_fraction": 0.1, "sample_size": 500, "regime": regime,
        "subsample_size": 400, "generations": 25, "noise": noise, "seed": 3,
        "schedule": (Change(10, "temperature", 1.4),),
    }  # fmt: skip
    run = simulate(
        LoopParams(initial=Law.from_weights(source.counts), initial_size=source.size, **shared)
    )
    learner = Fed(LearnerParams(source=source, smoothing="none", **shared), run)
    if regime == "subsample" and noise:
        table = source.table
        dataset = Recorded(1, table.vocabulary, table.keys, table.counts)
        dataset.samples = list(run.learned)  # type: ignore[attr-defined]
        learner.original = lambda: dataset  # type: ignore[method-assign]
    states = []
    for found in run_loop(learner.params.loop, learner):
        counts = np.zeros(len(source.vocabulary))
        counts[found.dataset.keys] = found.dataset.counts
        states.append(counts / counts.sum())
    np.testing.assert_allclose(states, run.probabilities, atol=1e-12)
    np.testing.assert_allclose(learner.learned, run.learned, atol=1e-12)


@pytest.mark.parametrize("regime", ["replace", "accumulate"])
def test_without_noise_the_run_is_the_mean_field(regime: str) -> None:
    source = tale(2)
    params = LearnerParams(
        source=source, smoothing="none", noise=False, temperature=0.8, external_fraction=0.2,
        sample_size=50, generations=12, regime=regime,
    )  # fmt: skip
    theory = ngram_mean_field(source, 0.8, 0.2, 12, regime, sample_size=50)
    for found, joint in zip(run_learner(params), theory, strict=True):
        counts = np.zeros(len(source.keys))
        counts[source.keys.searchsorted(found.dataset.keys)] = found.dataset.counts
        np.testing.assert_allclose(counts / counts.sum(), joint, atol=1e-12)
        rate = Contexts.of(source).entropy_rate(joint, 0.8)
        assert found.measures.next_words == pytest.approx(np.exp(rate), rel=1e-9)


@pytest.mark.parametrize(("temperature", "a"), [(0.7, 0.0), (0.8, 0.3), (1.0, 0.1), (1.6, 0.3)])
def test_one_generation_at_order_2_is_the_mean_fields_but_for_luck(
    temperature: float, a: float
) -> None:
    """The share of each pair, over 60 independent runs of 4,000 pairs.

    Within a run pairs depend on each other; runs do not: the mean of 60 is within 4 standard
    errors (of the runs' own spread) of the theory for all but one in 16,000 pairs.
    """
    source = random_source(2, 8, 3_000, seed=1, exponent=0.7)
    contexts = Contexts.of(source)
    expected = image_of_text(contexts, contexts.joint, temperature, a)
    runs = []
    for seed in range(60):
        params = LearnerParams(
            source=source, smoothing="none", temperature=temperature, external_fraction=a,
            sample_size=4_000, generations=1, seed=seed,
        )  # fmt: skip
        *_, last = run_learner(params)
        counts = np.zeros(len(source.keys))
        counts[source.keys.searchsorted(last.dataset.keys)] = last.dataset.counts
        runs.append(counts / counts.sum())
    error = np.std(runs, axis=0, ddof=1) / np.sqrt(len(runs))
    away = np.abs(np.mean(runs, axis=0) - expected) / np.maximum(error, 1e-12)
    assert away[expected > 1e-3].max() < 4


@pytest.mark.parametrize(("temperature", "a"), [(0.8, 0.3), (0.8, 0.6), (1.5, 0.3)])
def test_later_generations_keep_the_entropy_rate_of_the_mean_field(
    temperature: float, a: float
) -> None:
    """Within 3 % over 8 generations of 100,000 words, on a source without tied favourites."""
    source = random_source(2, 12, 20_000, seed=3)
    contexts = Contexts.of(source)
    params = LearnerParams(
        source=source, smoothing="none", temperature=temperature, external_fraction=a,
        sample_size=100_000, generations=8,
    )  # fmt: skip
    theory = ngram_mean_field(source, temperature, a, 8)
    for found, joint in zip(run_learner(params), theory, strict=True):
        rate = contexts.entropy_rate(joint, temperature)
        assert np.log(found.measures.next_words) == pytest.approx(rate, rel=0.03)


def test_one_expected_item_is_enough() -> None:
    """Without noise a dataset of one item is spread over all n-grams, in parts of an item."""
    params = LearnerParams(
        source=tale(2), smoothing="none", noise=False, sample_size=1, temperature=1.3, generations=3
    )
    *_, last = run_learner(params)
    assert last.dataset.counts.sum() == pytest.approx(1, abs=1e-12)
    assert last.dataset.counts.max() < 0.2


def test_datasets_have_the_sizes_that_regimes_say() -> None:
    source = tale(3)
    first = source.size
    for changes, sizes in (
        ({"regime": "replace"}, [first, 50, 50, 50]),
        ({"regime": "accumulate"}, [first, first + 50, first + 100, first + 150]),
        ({"regime": "accumulate", "growth": 1.0}, [first, 2 * first, 4 * first, 8 * first]),
        (
            {"regime": "subsample", "schedule": (Change(1, "sample_size", 7),)},
            [first, first + 50, first + 57, first + 64],
        ),
    ):
        params = LearnerParams(
            source=source, sample_size=50, subsample_size=30, generations=3, **changes
        )
        found = list(run_learner(params))
        assert [generation.dataset.size for generation in found] == sizes
        assert [generation.index for generation in found] == [0, 1, 2, 3]
        if params.regime == "subsample":
            assert {generation.model.table.size for generation in found} == {30}


def test_datasets_of_earlier_generations_stay_as_they_were() -> None:
    params = LearnerParams(source=tale(2), regime="accumulate", sample_size=40, generations=4)
    found = list(run_learner(params))
    assert [generation.dataset.counts.sum() for generation in found] == [
        generation.dataset.size for generation in found
    ]


def test_the_same_settings_give_the_same_numbers() -> None:
    params = LearnerParams(source=tale(3), sample_size=300, external_fraction=0.3, generations=5)
    one, two = ([g.dataset.keys.tolist() for g in run_learner(params)] for _ in range(2))
    other = [g.dataset.keys.tolist() for g in run_learner(params.replace(seed=1))]
    assert one == two != other


def test_one_setting_does_not_shift_the_draws_of_another() -> None:
    """With other text from outside, the model still writes the same text in generation 0."""
    params = LearnerParams(source=tale(3), sample_size=300, generations=2)
    first, second = (
        next(run_learner(params.replace(external_fraction=a))).text.words for a in (0.0, 0.5)
    )
    np.testing.assert_array_equal(first, second)


def test_external_items_are_binomial() -> None:
    """Mean and spread over 400 runs, within 4 standard errors of Binomial(k, a)'s."""
    params = LearnerParams(source=tale(2), sample_size=200, external_fraction=0.3)
    found = np.array([NGramLearner(params.replace(seed=s)).external(0, 200) for s in range(400)])
    assert abs(found.mean() - 60) < 4 * np.sqrt(42 / 400)
    assert abs(found.var() - 42) < 4 * 42 * np.sqrt(2 / 400)


def test_who_stops_asking_cancels_the_rest() -> None:
    asked = []

    class Watched(NGramLearner):
        def write(self, t: Any, model: Any, items: Any) -> Any:
            asked.append(t)
            return super().write(t, model, items)

    params = LearnerParams(source=tale(2), sample_size=50, generations=9)
    run = run_loop(params.loop, Watched(params))
    next(run)
    next(run)
    run.close()  # type: ignore[attr-defined]
    assert asked == [0, 1]


def test_a_loop_of_external_text_alone_stays_near_its_source() -> None:
    params = LearnerParams(
        source=random_source(2, 8, 2_000, seed=1), external_fraction=1.0, temperature=0.5,
        sample_size=5_000, generations=4,
    )  # fmt: skip
    *_, last = run_learner(params)
    assert last.measures.next_words > 1.2
    rates = [fit_ngrams(data).entropy_rate() for data in (params.source.table, last.dataset)]
    assert rates[1] == pytest.approx(rates[0], rel=0.1)


def test_everything_measured_is_in_its_range() -> None:
    source = NGrams.from_words(
        [w for w in tale(1).vocabulary for _ in range(20)] * 3, 2, held_out=0.1
    )
    for smoothing in ("kneser_ney", "none"):
        params = LearnerParams(source=source, smoothing=smoothing, sample_size=3_000, generations=3)
        for found in run_learner(params):
            m = found.measures
            assert 1 <= m.next_words <= len(source.vocabulary)
            assert m.perplexity >= 1 and 0 <= m.impossible <= 1
            assert 1 <= m.words <= len(source.vocabulary) and m.contexts >= 1
            assert all(0 < share <= 1 for share in m.distinct) and m.period >= 0
            assert 0 <= m.copied <= 1 and 0 <= m.distance <= 1
            assert found.text.words.shape == (200, 15)
