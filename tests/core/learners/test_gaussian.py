"""The Gaussian loop against its exact expectations, its slow twin, and what a hand can solve."""

import numpy as np
import pytest

from closedloop_core.learners.gaussian import (
    GaussianParams,
    gaussian_ensemble,
    gaussian_expectations,
    gaussian_growth,
    gaussian_limit,
    log_variance_drift,
)
from closedloop_core.learners.protocol import run_learner
from closedloop_core.learners.two_modes import two_modes

RUNS = 4_000
SETTINGS = [
    GaussianParams(1.0, 0.0, 50),
    GaussianParams(0.9, 0.0, 50),
    GaussianParams(1.1, 0.0, 50, generations=15),
    GaussianParams(0.9, 0.2, 50),
    GaussianParams(1.0, 0.2, 50, start_mean=3.0),
    GaussianParams(0.5, 0.3, 20, start_sd=2.0, reference_mean=-1.0),
    GaussianParams(1.5, 0.5, 40, reference_sd=0.5),
    GaussianParams(1.0, 0.05, 200, start_mean=1.0),
]


@pytest.mark.parametrize(
    "params", SETTINGS, ids=lambda p: f"T={p.temperature} a={p.external_fraction}"
)
def test_expectations_lie_within_four_standard_errors_of_many_runs(params: GaussianParams) -> None:
    means, variances = gaussian_ensemble(params, RUNS)
    for runs, exact in zip(
        (variances, (means - params.reference_mean) ** 2),
        gaussian_expectations(params),
        strict=True,
    ):
        # By the last generation errors of all before have added up: three places tell enough.
        for t in (1, params.generations // 2, params.generations):
            error = runs[t].std() / np.sqrt(RUNS)
            assert abs(runs[t].mean() - exact[t]) < 4 * error


def test_a_wrong_expectation_would_be_noticed() -> None:
    params = GaussianParams(0.9, 0.2, 50)
    _, variances = gaussian_ensemble(params, RUNS)
    wrong, _ = gaussian_expectations(GaussianParams(0.85, 0.2, 50))
    assert abs(variances[-1].mean() - wrong[-1]) > 8 * variances[-1].std() / np.sqrt(RUNS)


def test_the_ensemble_has_the_law_of_the_loop_that_draws_every_sample() -> None:
    # Of the long run: the twin's generations are as good as independent runs at a = 0.5.
    params = GaussianParams(1.0, 0.5, 10, generations=2_000, start_mean=2.0)
    slow = np.array([found.model.variance for found in run_learner(params)][10:])
    quick = gaussian_ensemble(GaussianParams(1.0, 0.5, 10, generations=10), 4_000)[1][-1]
    for moment in (lambda v: v, np.log):
        a, b = moment(slow), moment(quick)
        # Neighbouring generations go together: half as many count.
        error = np.sqrt(a.var() / (len(a) / 3) + b.var() / len(b))
        assert abs(a.mean() - b.mean()) < 4 * error


@pytest.mark.parametrize(("size", "temperature"), [(2, 1.0), (50, 1.0), (10, 1.3)])
def test_the_usual_run_shrinks_by_the_drift_of_its_logarithm(size: int, temperature: float) -> None:
    params = GaussianParams(temperature, 0.0, size, generations=20)
    _, variances = gaussian_ensemble(params, RUNS)
    steps = np.log(variances[-1] / variances[0]) / params.generations
    error = steps.std() / np.sqrt(RUNS)
    assert abs(steps.mean() - log_variance_drift(size, temperature)) < 4 * error


def test_the_drift_of_two_samples_is_known() -> None:
    # psi(1/2) = -gamma - 2 ln 2.
    exact = -0.5772156649015329 - 2 * np.log(2) - np.log(0.5)
    assert log_variance_drift(2) == pytest.approx(exact, abs=1e-12)


def test_expectations_stay_bounded_by_the_spectral_radius_alone() -> None:
    # (1 - a) T < 1, and yet they grow.
    params = GaussianParams(1.5, 0.34, 20, generations=20_000, start_mean=1.0)
    assert (1 - params.external_fraction) * params.temperature < 1 < gaussian_growth(params)
    variance, _ = gaussian_expectations(params)
    assert variance[-1] > 100 * variance[1_000]
    assert gaussian_limit(params) == (np.inf, np.inf)
    calm = GaussianParams(0.9, 0.2, 50, generations=400)
    assert [x[-1] for x in gaussian_expectations(calm)] == pytest.approx(gaussian_limit(calm))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"temperature": 0.0}, "temperature must be > 0, got 0.0"),
        ({"sample_size": 1}, "sample_size must be between 2"),
        ({"start_sd": float("nan")}, "start_sd must be between"),
        ({"external_fraction": 1.5}, "external_fraction must be between 0 and 1, got 1.5"),
    ],
)
def test_a_bad_setting_is_refused_in_one_sentence(changes: dict[str, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        GaussianParams(**changes)
    with pytest.raises(ValueError, match="runs must be between"):
        gaussian_ensemble(GaussianParams(), 10**7)


def test_modes_are_lost_below_t_1_and_held_by_external_data() -> None:
    cold = two_modes(GaussianParams(0.5, 0.0, 60, generations=12), 60)
    held = two_modes(GaussianParams(0.5, 0.6, 60, generations=12), 60)
    assert cold.lost()[0] == held.lost()[0] == 0
    assert cold.lost()[-1] == 1  # the larger weight is squared each time
    assert held.lost()[-1] == 0
    assert cold.weights.sum(axis=2) == pytest.approx(np.ones((13, 60)))
    assert abs(held.means[-1].mean(axis=0) - [-2, 2]).max() < 0.3


def test_one_generation_of_two_modes_has_the_weights_of_two_outcomes() -> None:
    # Far apart, modes are outcomes: E_T of (1/2, 1/2) is the same, so weights are binomial.
    params = GaussianParams(0.7, 0.3, 50, generations=1)
    weights = two_modes(params, 4_000, separation=40.0).weights[1, :, 0]
    assert abs(weights.mean() - 0.5) < 4 * np.sqrt(0.25 / 50 / 4_000)
    assert weights.var() == pytest.approx(0.25 / 50, rel=0.1)  # 4 errors of a variance: 9 %
