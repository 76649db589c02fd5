"""Sections 6 and 6c: the Gaussian loop, and images. Pure."""

import numpy as np

from closedloop_core import Law, LoopParams, run_learner, total_variation
from closedloop_core.learners.digits import CLASSES
from closedloop_core.learners.gaussian import (
    GaussianParams,
    gaussian_ensemble,
    gaussian_expectations,
    log_variance_drift,
)
from closedloop_core.learners.image_learner import ImageParams
from closedloop_core.learners.judge import NONE
from closedloop_core.loop.dynamics import apply_temperature
from pages.ui.theory.model import (
    ALONE,
    OURS,
    Check,
    Section,
    Statement,
    compare,
    compare_mean,
    samples_between,
    temperature_between,
)
from pages.ui.wording import count

_RUNS = 2_000
_IMAGES = 1_500  # images of a generation
_NEAR = 0.06  # total variation that learning and judging may cost
_MILD = temperature_between(0.5, 1.5, "T between 0.5 and 1.5")


def _gaussian(params: LoopParams, generations: int) -> GaussianParams:
    return GaussianParams(
        params.temperature,
        params.external_fraction,
        params.sample_size,
        generations,
        start_mean=1.0,
        seed=params.seed,
    )


def expected_variance(params: LoopParams) -> Check:
    """Mean variance of many loops after five generations against the linear map."""
    loop = _gaussian(params, 5)
    variances = gaussian_ensemble(loop, _RUNS)[1][-1]
    words = ("mean variance of Gaussians, 5 generations", "the linear map, five times")
    return compare_mean(variances, float(gaussian_expectations(loop)[0][-1]), words, 0.0)


def usual_variance(params: LoopParams) -> Check:
    """Mean change of ln variance in a generation against its formula."""
    loop = _gaussian(params, 5)
    variances = gaussian_ensemble(loop, _RUNS)[1]
    steps = np.log(variances[-1] / variances[0]) / loop.generations
    words = ("mean change of ln s² a generation", "ψ((M−1)/2) − ln((M−1)/2) + ln T")
    drift = log_variance_drift(loop.sample_size, loop.temperature)
    return compare_mean(steps, drift, words, 0.0)


def classes_of_images(params: LoopParams) -> Check:
    """Digits that a model writes against E_T of those that it learned."""
    loop = LoopParams(
        initial=Law.zipf(CLASSES),
        temperature=params.temperature,
        initial_size=_IMAGES,
        sample_size=_IMAGES,
        regime="replace",
        generations=1,
        seed=params.seed,
    )
    measures = next(run_learner(ImageParams(loop))).measures
    learned = measures.learned[:NONE] / measures.learned[:NONE].sum()
    theory = np.append(apply_temperature(learned, loop.temperature), 0.0)
    left = float(total_variation(measures.digits, theory))
    words = ("TV of the digits written to E_T of those learned", "what learning may cost")
    return compare(left, "<=", _NEAR, words, 1e-9, f"of {count(_IMAGES)} images, Zipf digits")


LEARNERS = Section(
    "Gaussians and images",
    "Models that are not a table of frequencies, in the same loop: the page Images shows both.",
    (
        Statement(
            "A Gaussian’s expectations form a linear map",
            "Mean variance and mean squared distance of the mean are known for every generation.",
            r"\mathbb{E}s'^2 = (1-a)T s^2 + a s_q^2 + a(1-a)D^2 =: V,\qquad"
            r" \mathbb{E}D'^2 = (1-a)^2 D^2 + V/M",
            "proved",
            "every T and a, M ≥ 2 samples, replace",
            OURS
            + " (the loop without temperature: Shumailov et al. 2024; Alemohammad et al. 2024)",
            expected_variance,
            (_MILD, samples_between(10, 10_000)),
        ),
        Statement(
            "The usual Gaussian dies, though the mean one stays",
            "At T = 1 the mean variance is constant and yet every loop dies: rare ones carry it.",
            r"\mathbb{E}\ln s'^2 - \ln s^2 = \psi\bigl(\tfrac{M-1}2\bigr)"
            r" - \ln\tfrac{M-1}2 + \ln T",
            "proved",
            "a = 0, M ≥ 2 samples, replace",
            OURS + " (from the chi-squared law, classical)",
            usual_variance,
            (ALONE, samples_between(2, 10_000)),
        ),
        Statement(
            "Digits follow ten outcomes",
            "Which digits a model of images writes is what ten outcomes would be written as.",
            r"\mathrm{TV}\bigl(\text{digits written},\ E_T(\text{digits learned})\bigr)"
            r" \approx 0",
            "checked",
            "one generation of 1,500 images; later ones drift apart where rare digits share a"
            " Gaussian",
            OURS,
            classes_of_images,
            (_MILD,),
        ),
    ),
)
