r"""A Gaussian that learns from its own samples: the case that can be solved by hand.

Each of the M samples of a generation is external, :math:`N(\mu_q, \sigma_q^2)`, with probability a;
the others come from the model with its variance times T. The next model has their mean and their
unbiased variance. With :math:`D = \mu - \mu_q`, exactly

.. math::
    E\,\sigma'^2 &= (1-a)T\sigma^2 + a\sigma_q^2 + a(1-a)D^2 \\
    E\,D'^2 &= (1-a)^2 D^2 + [(1-a)T\sigma^2 + a\sigma_q^2 + a(1-a)D^2] / M

(Shumailov et al. 2024 and Alemohammad et al. 2024 have the loop; with T and these terms: ours.)
Next: `gaussian_learner`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from closedloop_core.checks import of_kind
from closedloop_core.measures import Array
from closedloop_core.settings.laws import Law
from closedloop_core.settings.limits import LIMITS, Limit, checked
from closedloop_core.settings.params import LoopParams

MAX_DRAWN = 5 * 10**6  # runs x generations
_OWN = {
    "sample_size": Limit(2, 10**9, whole=True),
    "start_mean": Limit(-1e6, 1e6, whole=False),
    "start_sd": Limit(1e-6, 1e6, whole=False),
    "reference_mean": Limit(-1e6, 1e6, whole=False),
    "reference_sd": Limit(1e-6, 1e6, whole=False),
}


@dataclass(frozen=True)
class GaussianParams:
    """Everything that determines a loop of Gaussians, in which each batch replaces the data.

    Parameters
    ----------
    temperature : float in [0.02, 50], times which a model's variance is when it writes
    external_fraction : float in [0, 1]
    sample_size : int in [2, 10^9], samples M that a model learns from
    generations : int in [1, 100,000]
    start_mean, start_sd : float, of the first model
    reference_mean, reference_sd : float, of external samples
    seed : int in [0, 2^32)

    Raises
    ------
    ValueError
        Naming the field, the rule and the value (a `ParameterError`).
    """

    temperature: float = 1.0
    external_fraction: float = 0.0
    sample_size: int = 50
    generations: int = 30
    start_mean: float = 0.0
    start_sd: float = 1.0
    reference_mean: float = 0.0
    reference_sd: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            value: Any = getattr(self, name)
            limit = _OWN.get(name) or LIMITS[name]
            object.__setattr__(self, name, checked(name, value, limit))

    @property
    def loop(self) -> LoopParams:
        """The loop alone: sizes, share and seed, of items that are numbers."""
        return LoopParams(
            initial=Law.uniform(2),
            temperature=self.temperature,
            external_fraction=self.external_fraction,
            initial_size=self.sample_size,
            sample_size=self.sample_size,
            regime="replace",
            generations=self.generations,
            seed=self.seed,
        )

    @property
    def step(self) -> tuple[Array, Array]:
        """Matrix (2, 2) and constant (2,) of the map of (E variance, E D^2) to the next ones."""
        a, own, size = self.external_fraction, 1 - self.external_fraction, self.sample_size
        variance = np.array([own * self.temperature, a * own])
        matrix = np.stack([variance, variance / size + [0.0, own**2]])
        external = a * self.reference_sd**2
        return matrix, np.array([external, external / size])


def gaussian_expectations(params: GaussianParams) -> tuple[Array, Array]:
    """Return E variance and E D^2, (generations + 1,) each, exactly.

    Notes
    -----
    Source: ours, proved by the law of total variance (docs/theory.md, section 6). They overflow to
    infinity where they grow.

    Examples
    --------
    >>> variance, _ = gaussian_expectations(GaussianParams(0.9, 0.2, 50, generations=3))
    >>> variance.round(3).tolist()
    [1.0, 0.92, 0.865, 0.828]
    """
    matrix, constant = of_kind("params", params, GaussianParams, "GaussianParams").step
    found = np.empty((params.generations + 1, 2))
    found[0] = params.start_sd**2, (params.start_mean - params.reference_mean) ** 2
    with np.errstate(over="ignore"):
        for t in range(params.generations):
            found[t + 1] = matrix @ found[t] + constant
    return found[:, 0], found[:, 1]


def gaussian_growth(params: GaussianParams) -> float:
    """Return by what E variance and E D^2 are multiplied a generation in the long run.

    With external data expectations stay bounded exactly where it is below 1: the spectral radius
    of a matrix of positive numbers, and not merely (1 - a) T. Without, it is at least 1: D^2 never
    shrinks, and the variance grows as T^t.

    Notes
    -----
    Source: ours, proved (docs/theory.md, section 6).
    """
    return float(np.abs(np.linalg.eigvals(params.step[0])).max())


def gaussian_limit(params: GaussianParams) -> tuple[float, float]:
    """Return where E variance and E D^2 settle; inf where they do not."""
    if gaussian_growth(params) >= 1:
        return float("inf"), float("inf")
    matrix, constant = params.step
    variance, square = np.linalg.solve(np.eye(2) - matrix, constant)
    return float(variance), float(square)


def log_variance_drift(sample_size: int, temperature: float = 1.0) -> float:
    """Return by how much E ln variance rises a generation without external data, in nats.

    psi((M - 1) / 2) - ln((M - 1) / 2) + ln T: below 0 at T = 1, where E variance stays: the usual
    run dies out while the mean is kept up by rare runs.

    Notes
    -----
    Source: the logarithm of a chi-squared number, classical; with T, ours.
    """
    size = checked("sample_size", sample_size, _OWN["sample_size"])
    half = (size - 1) / 2
    return _digamma(half) - float(np.log(half)) + float(np.log(checked("temperature", temperature)))


def _digamma(x: float) -> float:
    """Return the logarithmic derivative of the gamma function, to 1e-12 (Abramowitz 6.3.18)."""
    found = 0.0
    while x < 12:
        found -= 1 / x
        x += 1
    y = 1 / (x * x)
    tail = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y / 132))))
    return found + float(np.log(x)) - 0.5 / x - tail


def gaussian_ensemble(params: GaussianParams, runs: int) -> tuple[Array, Array]:
    """Run many loops at once.

    A sample's mean and variance are drawn, not the sample: those of its own and of its external
    part are independent normal and chi-squared numbers, which is the same law at a fraction of
    the draws.

    Parameters
    ----------
    params : GaussianParams
    runs : int >= 1; runs x generations at most 5 x 10^6

    Returns
    -------
    means, variances : (generations + 1, runs) float

    Raises
    ------
    ValueError
        If there are too many runs.

    Examples
    --------
    >>> means, variances = gaussian_ensemble(GaussianParams(sample_size=50), 1_000)
    >>> variances.shape, bool(np.median(variances[-1]) < 0.7)
    ((31, 1000), True)
    """
    of_kind("params", params, GaussianParams, "GaussianParams")
    most = max(MAX_DRAWN // params.generations, 1)
    runs = int(checked("runs", runs, Limit(1, most, whole=True)))
    rng = np.random.default_rng(params.seed)
    means = np.empty((params.generations + 1, runs))
    variances = np.empty_like(means)
    means[0], variances[0] = params.start_mean, params.start_sd**2
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for t in range(params.generations):
            _generation(params, rng, means[t : t + 2], variances[t : t + 2])
    return means, variances


def _generation(
    params: GaussianParams, rng: np.random.Generator, means: Array, variances: Array
) -> None:
    """Fill row 1 of means and variances, (2, runs) each, from row 0."""
    size, a, runs = params.sample_size, params.external_fraction, means.shape[1]
    if a == 0:
        # In place: the draws are most of the work, and shall stay it.
        rng.standard_normal(out=means[1])
        spread = variances[0] * (params.temperature / size)
        means[1] *= np.sqrt(spread, out=spread)
        means[1] += means[0]
        rng.standard_gamma((size - 1) / 2, out=variances[1])
        variances[1] *= 2 * params.temperature / (size - 1)
        variances[1] *= variances[0]
        return
    own_variance = params.temperature * variances[0]
    external = rng.binomial(size, a, runs)
    own = size - external
    other_variance = params.reference_sd**2
    # Twice a gamma number is chi-squared; of one sample or none there is no spread.
    squares = rng.standard_gamma(np.maximum(own - 1, 0) / 2) * own_variance
    squares += rng.standard_gamma(np.maximum(external - 1, 0) / 2) * other_variance
    squares *= 2
    luck = rng.standard_normal((2, runs))
    here = means[0] + luck[0] * np.sqrt(own_variance / np.maximum(own, 1))
    there = params.reference_mean + luck[1] * np.sqrt(other_variance / np.maximum(external, 1))
    share = external / size
    gap = there - here
    means[1] = here + share * gap
    squares += own * share * gap * gap
    variances[1] = squares / (size - 1)
