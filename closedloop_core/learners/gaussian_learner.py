"""A Gaussian in the loop of all learners: every sample is drawn, one by one.

The slow and obvious twin of `gaussian_ensemble`. Next: `two_modes`.
"""

from dataclasses import dataclass

import numpy as np

from closedloop_core.learners.gaussian import GaussianParams
from closedloop_core.loop.draws import random_stream
from closedloop_core.measures import Array

_FIRST, _WRITE, _EXTERNAL, _HOW_MANY = 10, 11, 12, 13  # purposes of streams; 0 to 9 are others'


class Samples:
    """A dataset of numbers: (M,) float."""

    def __init__(self, values: Array) -> None:
        self.values = values

    def join(self, batch: Array) -> None:
        """Add numbers (M,)."""
        self.values = np.concatenate([self.values, batch])

    def replace(self, batch: Array) -> None:
        """Put numbers (M,) in their place."""
        self.values = batch

    def drawn(self, rng: np.random.Generator, size: int, wanted: int) -> "Samples":
        """Return ``wanted`` of the numbers, drawn without replacement."""
        return Samples(self.values[rng.permutation(size)[:wanted]])


@dataclass(frozen=True)
class Gaussian:
    """A model: its mean and variance."""

    mean: float
    variance: float


class GaussianLearner:
    """Gaussians learn numbers; see `protocol.Learner`. What is measured is the model itself."""

    def __init__(self, params: GaussianParams) -> None:
        self.params, self.loop = params, params.loop

    def original(self) -> Samples:
        """Return the first numbers: their mean and variance are exactly the first model's."""
        size, params = self.params.sample_size, self.params
        values = random_stream(self.loop, 0, _FIRST).standard_normal(size)
        values = (values - values.mean()) / values.std(ddof=1)
        return Samples(params.start_mean + params.start_sd * values)

    def fit(self, data: Samples) -> Gaussian:
        """Return mean and unbiased variance of numbers."""
        return Gaussian(float(data.values.mean()), float(data.values.var(ddof=1)))

    def write(self, generation: int, model: Gaussian, items: int) -> Array:
        """Draw a generation's own numbers, (items,), with the model's variance times T."""
        luck = random_stream(self.loop, generation, _WRITE).standard_normal(items)
        spread = np.sqrt(self.params.temperature * model.variance)
        return np.asarray(model.mean + spread * luck)

    def batch(self, generation: int, model: Gaussian, text: Array, items: int) -> Array:
        """Return the new numbers, (items,): external ones with probability a, and those written.

        ``text`` is (items,), of which the batch takes as many as it needs.
        """
        params = self.params
        chosen = random_stream(self.loop, generation, _HOW_MANY).random(items)
        luck = random_stream(self.loop, generation, _EXTERNAL).standard_normal(items)
        external = params.reference_mean + params.reference_sd * luck
        return np.where(chosen < params.external_fraction, external, text[:items])

    def measure(self, generation: int, model: Gaussian, text: Array) -> Gaussian:
        """Return the model; ``text`` is (items,)."""
        return model
