"""Digits in the loop: the data, the mixture, the classifier, and the theory of ten outcomes."""

import numpy as np
import pytest

from closedloop_core import Law, LoopParams, apply_temperature, total_variation
from closedloop_core.learners import digits
from closedloop_core.learners.digits import real_digits
from closedloop_core.learners.image_learner import (
    ImageLearner,
    ImageParams,
    fresh_distance,
    source_moments,
)
from closedloop_core.learners.judge import NONE, Moments, frechet_distance, judge, judge_quality
from closedloop_core.learners.mixture import Basis, Mixture, first_guess, fitted
from closedloop_core.learners.protocol import run_learner, run_loop
from closedloop_core.loop.simulate import simulate

ZIPF = LoopParams(
    initial=Law.zipf(10),
    temperature=0.8,
    initial_size=1_500,
    sample_size=1_500,
    regime="replace",
    generations=2,
)


def test_the_frozen_digits_are_all_there_and_a_third_is_held_out() -> None:
    learned, held = real_digits()
    assert len(learned.classes) + len(held.classes) == 1_797
    assert len(held.classes) == 599
    for part in (learned, held):
        assert part.images.min() == 0 and part.images.max() == 1
        assert np.bincount(part.classes, minlength=10).min() > 50
    assert "CC BY 4.0" in digits.CREDIT and "sklearn.datasets.load_digits" in digits.COMMAND


def test_the_classifier_is_as_good_as_the_page_says() -> None:
    quality = judge_quality()
    assert quality.right >= 0.97
    assert min(quality.rejected.values()) >= 0.95
    assert len(quality.rejected) == 3
    # What is rejected is not everything: the model's own digits are digits.
    assert judge().histogram(real_digits()[0].images)[NONE] < 0.01


def test_log_densities_are_those_of_one_gaussian_after_another() -> None:
    rng = np.random.default_rng(0)
    roots = np.tril(rng.normal(size=(3, 4, 4)))
    roots[:, range(4), range(4)] = rng.uniform(0.5, 2, size=(3, 4))
    mixture = Mixture(np.array([0.5, 0.3, 0.2]), rng.normal(size=(3, 4)), roots)
    codes = rng.normal(size=(5, 4))
    for k in range(3):
        covariance = roots[k] @ roots[k].T
        away = codes - mixture.means[k]
        squares = np.einsum("ij,jk,ik->i", away, np.linalg.inv(covariance), away)
        logs = -0.5 * (squares + np.linalg.slogdet(2 * np.pi * covariance)[1])
        slow = logs + np.log(mixture.weights[k])
        assert mixture.log_densities(codes)[k] == pytest.approx(slow, rel=1e-9)


def test_a_fit_raises_the_likelihood_and_finds_what_was_drawn() -> None:
    rng = np.random.default_rng(1)
    classes = np.repeat([0, 1], [300, 100])
    codes = rng.normal(size=(400, 3)) + 4.0 * classes[:, None]
    start = first_guess(codes, rng.integers(0, 2, 400), 2)
    found = fitted(codes, start)

    def likelihood(mixture: Mixture) -> float:
        return float(np.logaddexp.reduce(mixture.log_densities(codes)).sum())

    assert likelihood(found) > likelihood(start)
    assert sorted(found.weights) == pytest.approx([0.25, 0.75], abs=0.01)
    true = first_guess(codes, classes, 2)
    assert likelihood(found) == pytest.approx(likelihood(true), rel=0.01)


def test_a_class_that_is_gone_stays_where_it_was() -> None:
    rng = np.random.default_rng(2)
    start = first_guess(
        rng.normal(size=(40, 2)) + np.repeat([[0], [50]], 20, 0), np.repeat([0, 1], 20), 2
    )
    found = fitted(rng.normal(size=(30, 2)), start)
    assert found.weights == pytest.approx([1, 0], abs=1e-6)
    assert (found.means[1] == start.means[1]).all() and (found.roots[1] == start.roots[1]).all()


def test_after_one_generation_the_digits_are_those_of_ten_outcomes_at_this_temperature() -> None:
    for temperature in (0.5, 0.8, 1.5):
        loop = ZIPF.replace(temperature=temperature, generations=1)
        first = next(iter(run_learner(ImageParams(loop))))
        written, learned = first.measures.digits, first.measures.learned
        theory = apply_temperature(learned[:NONE] / learned[:NONE].sum(), temperature)
        # With eight seeds: 0.012 to 0.049, of which luck alone is about 0.02.
        assert total_variation(written, np.append(theory, 0)) < 0.06
        # Farther from what was learned, so that the bound says something.
        assert total_variation(written, learned) > 0.08


def test_the_number_of_images_of_each_gaussian_comes_from_the_draws_of_ten_outcomes() -> None:
    # A model whose weights are exactly p_0 writes exactly what ten outcomes would.
    loop = ZIPF.replace(external_fraction=0.3, sample_size=400, initial_size=400)
    learner = ImageLearner(ImageParams(loop))
    first = next(iter(run_loop(loop, learner)))
    mixture = Mixture(loop.initial.probabilities(), first.model.means, first.model.roots)
    ours = np.bincount(learner.write(0, mixture, 400).origins, minlength=10)
    twin = simulate(loop)
    assert (ours == twin.synthetic[0]).all()
    assert (learner.batches.external[0] == twin.external[0]).all()
    assert len(learner.batch(0, mixture, learner.write(0, mixture, 400), 400)) == 400


def test_cold_loops_lose_digits_and_external_data_hold_them() -> None:
    loop = ZIPF.replace(initial_size=400, sample_size=400, temperature=0.5, generations=4)
    cold = list(run_learner(ImageParams(loop)))
    held = list(run_learner(ImageParams(loop.replace(temperature=1.0, external_fraction=0.5))))
    assert cold[-1].measures.digits.max() > 0.95
    assert cold[-1].measures.distance > 3 * held[-1].measures.distance
    assert held[-1].measures.learned[:NONE].min() > 0.005
    assert [one.index for one in cold] == list(range(5))


@pytest.mark.parametrize("regime", ["accumulate", "subsample"])
def test_datasets_grow_where_they_are_kept(regime: str) -> None:
    loop = ZIPF.replace(
        initial_size=100, sample_size=80, subsample_size=60, regime=regime, generations=2
    )
    sizes = [len(found.dataset.images) for found in run_learner(ImageParams(loop))]
    assert sizes == [100, 180, 260]


def test_distances_are_zero_to_oneself_and_known_for_shifted_ones() -> None:
    images = real_digits()[0].images
    own = Moments.of(images)
    assert own.covariance == pytest.approx(np.cov(images.T), abs=1e-12)
    assert frechet_distance(images, own) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(images + 0.1, own) == pytest.approx(64 * 0.01, rel=1e-6)
    source = source_moments(Law.zipf(10))
    assert frechet_distance(images, source) > fresh_distance(Law.zipf(10), 600) > 0


def test_the_same_luck_in_every_sheet() -> None:
    learner = ImageLearner(ImageParams(ZIPF.replace(initial_size=300, sample_size=300)))
    first, *_ = run_loop(learner.loop, learner)
    assert (learner.sheet(0, first.model, 20) == learner.sheet(1, first.model, 20)).all()
    assert learner.sheet(0, first.model, 20).shape == (20, 64)


def test_what_is_coded_is_drawn_again() -> None:
    images = real_digits()[0].images
    basis = Basis.of(images[:200], 64)
    assert basis.drawn(basis.coded(images)) == pytest.approx(images, abs=1e-9)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"initial": Law.uniform(9)}, "initial must have 10 outcomes, the digits, got 9"),
        ({"noise": False}, "noise must be True for images, got False"),
        ({"sample_size": 5}, "sample_size must keep between 50 and 20,000 images, got 5"),
        ({"initial_size": 10**6}, "initial_size must keep between"),
        ({"regime": "subsample", "subsample_size": 3}, "subsample_size must be at least 50"),
    ],
)
def test_a_loop_that_cannot_be_of_images_is_refused(
    changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        ImageParams(ZIPF.replace(**changes))
