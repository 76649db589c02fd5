"""A mixture of two Gaussians that learns from its own samples: modes get lost, and stay lost.

The source is an equal mixture of two Gaussians of variance 1. A model has its own weights, means
and variances, fitted by expectation-maximisation from where the last one stood; at temperature T
its weights w become w^(1/T), made to sum to 1, and its variances are multiplied by T. A mode is
lost when its weight is below 2 %. Nothing here is known exactly: ensembles are simulated. Next:
`digits`, in pictures.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from closedloop_core.learners.gaussian import GaussianParams
from closedloop_core.measures import Array
from closedloop_core.settings.limits import Limit, checked

LOST = 0.02  # a smaller weight is a lost mode
MAX_SAMPLES = 2 * 10**7  # runs x generations x sample_size
_ROUNDS = 12
_SMALLEST = 1e-8  # variance
_TINY = 1e-300


@dataclass(frozen=True)
class TwoModes:
    """An ensemble: arrays (generations + 1, runs, 2) float; the first mode begins at the left."""

    weights: Array
    means: Array
    variances: Array

    def lost(self) -> Array:
        """Return the share of runs that have lost a mode, (generations + 1,)."""
        return np.asarray((self.weights.min(axis=2) < LOST).mean(axis=1))


def two_modes(params: GaussianParams, runs: int, separation: float = 4.0) -> TwoModes:
    """Run many loops of two modes at once.

    Parameters
    ----------
    params : GaussianParams, of which the means and standard deviations are not used
    runs : int >= 1; runs x generations x sample_size at most 2 x 10^7
    separation : float in [0.1, 100], between the source's modes, in standard deviations

    Raises
    ------
    ValueError
        If there are too many runs or the separation is out of range.
    """
    most = max(MAX_SAMPLES // (params.generations * params.sample_size), 1)
    runs = int(checked("runs", runs, Limit(1, most, whole=True)))
    apart = checked("separation", separation, Limit(0.1, 100.0, whole=False))
    steps = list(_generations(params, runs, apart))
    weights, means, variances = (np.stack([step[i] for step in steps]) for i in range(3))
    return TwoModes(weights, means, variances)


def _generations(
    params: GaussianParams, runs: int, apart: float
) -> Iterator[tuple[Array, Array, Array]]:
    rng = np.random.default_rng(params.seed)
    source = np.array([-apart / 2, apart / 2])
    now = np.full((runs, 2), 0.5), np.tile(source, (runs, 1)), np.ones((runs, 2))
    yield now
    for _ in range(params.generations):
        weights, means, variances = now
        logs = np.log(np.maximum(weights, _TINY)) / params.temperature
        tempered = np.exp(logs - logs.max(axis=1, keepdims=True))
        first = (tempered[:, 0] / tempered.sum(axis=1))[:, None]
        shape = (runs, params.sample_size)
        external = rng.random(shape) < params.external_fraction
        right = (rng.random(shape) >= np.where(external, 0.5, first)).astype(np.intp)
        here = np.where(external, source[right], np.take_along_axis(means, right, 1))
        own = params.temperature * np.take_along_axis(variances, right, 1)
        spread = np.sqrt(np.where(external, 1.0, own))
        now = _fitted(here + spread * rng.standard_normal(shape), *now)
        yield now


def _fitted(
    samples: Array, weights: Array, means: Array, variances: Array
) -> tuple[Array, Array, Array]:
    """Fit two modes to samples (runs, M) from where the last model stood: (runs, 2) each."""
    size = samples.shape[1]
    squares = samples * samples
    for _ in range(_ROUNDS):
        with np.errstate(over="ignore"):
            ratio = np.exp(np.clip(_log_ratio(samples, weights, means, variances), -700, 700))
        right = ratio / (1 + ratio)
        shares = np.stack([size - right.sum(axis=1), right.sum(axis=1)], axis=1)
        first, second = (right * samples).sum(axis=1), (right * squares).sum(axis=1)
        sums = np.stack([samples.sum(axis=1) - first, first], axis=1)
        square_sums = np.stack([squares.sum(axis=1) - second, second], axis=1)
        held = np.maximum(shares, 1e-9)
        is_held = shares > LOST  # of less than a fiftieth of a sample nothing can be learned
        weights = np.maximum(shares / size, 0)
        means = np.where(is_held, sums / held, means)
        fresh = np.maximum(square_sums / held - means * means, _SMALLEST)
        variances = np.where(is_held, fresh, variances)
    return weights, means, variances


def _log_ratio(samples: Array, weights: Array, means: Array, variances: Array) -> Array:
    """Return ln of the second mode's density over the first's, at samples (runs, M)."""
    logs = np.log(np.maximum(weights, _TINY)) - 0.5 * np.log(variances)
    constant = (logs[:, 1] - logs[:, 0])[:, None]
    parts = [(samples - means[:, j, None]) ** 2 * (0.5 / variances[:, j, None]) for j in range(2)]
    return np.asarray(constant + parts[0] - parts[1])
