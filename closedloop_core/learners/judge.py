"""A classifier that says which digit an image is, or that it is none; and the distance to the real.

Fitted once to the real digits that are learned: one Gaussian a digit in the 64 pixels. An image is
no digit where every one of the ten finds it less likely than all but 1 % of real digits that it was
not fitted to. Next: `image_learner`.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from closedloop_core.learners.digits import CLASSES, PIXELS, Digits, real_digits
from closedloop_core.learners.products import squares, whitened
from closedloop_core.measures import Array

NONE = CLASSES  # the class of what is no digit
_RIDGE = 5e-3
_REJECTED = 0.01  # of real digits that were not fitted
_PARTS = 3  # the digits are fitted three times without a third to find where that is


@dataclass(frozen=True)
class Judge:
    """Ten Gaussians, and the log density below which an image is no digit.

    Attributes
    ----------
    means : (10, 64) float
    whitenings : (10, 64, 64) float
    constants : (10,) float
    threshold : float
    """

    means: Array
    whitenings: Array
    constants: Array
    threshold: float = -np.inf

    @classmethod
    def fitted(cls, digits: Digits) -> "Judge":
        """Fit the Gaussians; nothing is rejected."""
        means = np.stack([digits.of(c).mean(axis=0) for c in range(CLASSES)])
        covariances = np.stack([np.cov(digits.of(c).T) for c in range(CLASSES)])
        roots = np.linalg.cholesky(covariances + _RIDGE * np.eye(PIXELS))
        scale = np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)
        return cls(means, np.linalg.inv(roots), -scale)

    def log_densities(self, images: Array) -> Array:
        """Return the log density of images (m, 64) under each digit, up to a constant: (10, m)."""
        lengths = whitened(images, self.whitenings, self.means)
        return np.asarray(self.constants[:, None] - 0.5 * lengths)

    def classes(self, images: Array) -> NDArray[np.int64]:
        """Return which digit each image (m, 64) is, or `NONE`: (m,) int."""
        logs = self.log_densities(images)
        return np.where(logs.max(axis=0) < self.threshold, NONE, logs.argmax(axis=0))

    def histogram(self, images: Array) -> Array:
        """Return the shares of the ten digits and of what is none, (11,), of images (m, 64)."""
        return np.bincount(self.classes(images), minlength=CLASSES + 1) / len(images)


@cache
def judge() -> Judge:
    """Return the classifier fitted to the digits that are learned."""
    learned, _ = real_digits()
    part = np.arange(len(learned.classes)) % _PARTS
    left_out = []
    for one in range(_PARTS):
        rest = Digits(learned.images[part != one], learned.classes[part != one])
        logs = Judge.fitted(rest).log_densities(learned.images[part == one])
        left_out.append(logs.max(axis=0))
    threshold = float(np.quantile(np.concatenate(left_out), _REJECTED))
    found = Judge.fitted(learned)
    return Judge(found.means, found.whitenings, found.constants, threshold)


@dataclass(frozen=True)
class Quality:
    """How good the classifier is: shares in [0, 1].

    Attributes
    ----------
    right : float, held-out real digits that it names; one that it rejects counts as wrong
    rejected : dict of float, rejected images by kind of noise
    """

    right: float
    rejected: dict[str, float]


@cache
def judge_quality() -> Quality:
    """Measure the classifier on held-out digits and on 1,000 images of each kind of noise."""
    _, held = real_digits()
    rng, found = np.random.default_rng(0), judge()
    some = held.images[rng.integers(0, len(held.images), 1_000)]
    noise = {
        "even noise": rng.random((1_000, PIXELS)),
        "digits with their pixels shuffled": rng.permuted(some, axis=1),
        "pixels drawn one by one": np.stack([rng.permutation(c) for c in some.T], axis=1),
    }
    right = float((found.classes(held.images) == held.classes).mean())
    rejected = {name: float(found.histogram(images)[NONE]) for name, images in noise.items()}
    return Quality(right, rejected)


@dataclass(frozen=True)
class Moments:
    """Mean (64,) and covariance (64, 64) of images."""

    mean: Array
    covariance: Array

    @classmethod
    def of(cls, images: Array, weights: Array | None = None) -> "Moments":
        """Return those of images (m, 64), weighed by (m,) >= 0 or evenly."""
        shares = np.full(len(images), 1 / len(images)) if weights is None else weights
        shares = shares / shares.sum()
        mean = shares @ images
        away = (images - mean) * np.sqrt(shares)[:, None]
        return cls(mean, squares(away) / (1 - shares @ shares))

    @cached_property
    def root(self) -> Array:
        """The symmetric square root of the covariance, (64, 64)."""
        values, vectors = np.linalg.eigh(self.covariance)
        return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)


def frechet_distance(images: Array, real: Moments) -> float:
    r"""Return how far images (m, 64) are from real ones, as Gaussians: squared, in units of ink.

    .. math:: |\mu - \nu|^2 + \mathrm{tr}\,(A + B - 2 (A B)^{1/2})

    Parameters
    ----------
    images : (m, 64) float
    real : Moments of the real ones

    Notes
    -----
    Source: Dowson and Landau 1982; with a network's features in place of pixels it is the "FID".
    """
    ours = Moments.of(images)
    values = np.linalg.eigvalsh(real.root @ ours.covariance @ real.root)
    common = np.sqrt(np.maximum(values, 0)).sum()
    trace = np.trace(real.covariance) + np.trace(ours.covariance) - 2 * common
    return float(((ours.mean - real.mean) ** 2).sum() + max(trace, 0.0))
