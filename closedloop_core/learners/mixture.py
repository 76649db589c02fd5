r"""A mixture of Gaussians on principal components: a generative model fitted in milliseconds.

One Gaussian a class. At temperature T its weights w become :math:`w^{1/T}`, made to sum to 1, and
its covariances are multiplied by T. (The exact power of the density would also weigh each Gaussian
by :math:`|S|^{(1 - 1/T)/2}`, with which narrow classes win at once.) Next: `judge`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.learners.products import product, squares, whitened
from closedloop_core.loop.draws import inverse_cdf
from closedloop_core.loop.dynamics import apply_temperature
from closedloop_core.measures import Array

DIMENSIONS = 24
RIDGE = 2e-3  # added to every variance: no class shrinks to a point
_ROUNDS, _CLOSE = 25, 1e-3  # of expectation-maximisation; nats an image
_FEWEST = 2.0  # images a Gaussian must hold to be fitted; with fewer it stays as it was


@dataclass(frozen=True)
class Basis:
    """Principal components: how images become a few numbers, and back.

    Attributes
    ----------
    mean : (64,) float
    axes : (d, 64) float, orthonormal rows
    """

    mean: Array
    axes: Array

    @classmethod
    def of(cls, images: Array, dimensions: int = DIMENSIONS) -> "Basis":
        """Return the principal components of images (m, 64)."""
        mean = images.mean(axis=0)
        _, vectors = np.linalg.eigh(squares(images - mean))
        return cls(mean, vectors.T[::-1][:dimensions])

    def coded(self, images: Array) -> Array:
        """Return images (m, 64) as (m, d) numbers."""
        return product(images - self.mean, self.axes.T)

    def drawn(self, codes: Array) -> Array:
        """Return the images (m, 64) of codes (m, d); ink beyond [0, 1] is cut off."""
        return np.clip(self.mean + product(codes, self.axes), 0.0, 1.0)


@dataclass(frozen=True)
class Mixture:
    """A mixture of K Gaussians in d dimensions.

    Attributes
    ----------
    weights : (K,) float, on the simplex
    means : (K, d) float
    roots : (K, d, d) float, lower triangular: each times its transpose is a covariance
    """

    weights: Array
    means: Array
    roots: Array

    def log_densities(self, codes: Array) -> Array:
        """Return the log of weight times density of each Gaussian at codes (m, d): (K, m)."""
        d = self.means.shape[1]
        inverses: Array = np.linalg.inv(self.roots).astype(np.float64, copy=False)
        lengths = whitened(codes, inverses, self.means)
        scale = np.log(np.diagonal(self.roots, axis1=1, axis2=2)).sum(axis=1)
        with np.errstate(divide="ignore"):
            constant = np.log(self.weights) - scale - 0.5 * d * np.log(2 * np.pi)
        return np.asarray(constant[:, None] - 0.5 * lengths)

    def tempered_weights(self, temperature: float) -> Array:
        """Return the shares of the Gaussians in what is written at a temperature, (K,)."""
        return apply_temperature(self.weights, temperature)

    def write(self, counts: Array, temperature: float, rng: np.random.Generator) -> Array:
        """Draw codes (sum of counts, d): ``counts`` (K,) of each Gaussian, class after class."""
        d = self.means.shape[1]
        found = []
        for count, mean, root in zip(counts.astype(int), self.means, self.roots, strict=True):
            away = product(rng.standard_normal((count, d)), root.T)
            found.append(mean + np.sqrt(temperature) * away)
        return np.concatenate(found)

    def written_by(self, uniforms: Array, luck: Array, temperature: float) -> Array:
        """Return the codes (m, d) that given luck makes of this model.

        The same luck shows how models differ: uniform numbers (m,) choose the Gaussian, and normal
        numbers (m, d) the place in it.
        """
        chosen = inverse_cdf(uniforms, self.tempered_weights(temperature))
        away = (self.roots[chosen] @ luck[:, :, None])[:, :, 0]
        return np.asarray(self.means[chosen] + np.sqrt(temperature) * away)


def fitted(codes: Array, start: Mixture) -> Mixture:
    """Fit a mixture by expectation-maximisation, from where another one stands.

    Parameters
    ----------
    codes : (m, d) float
    start : Mixture, the first guess; a Gaussian of weight 0 begins with that of half an image

    Notes
    -----
    Source: Dempster, Laird and Rubin 1977. It ends after 25 rounds, or when the mean log likelihood
    rises by less than 0.001.
    """
    weights = np.maximum(start.weights, 0.5 / len(codes))
    found = Mixture(weights / weights.sum(), start.means, start.roots)
    before = -np.inf
    for _ in range(_ROUNDS):
        logs = found.log_densities(codes)
        top = logs.max(axis=0)
        shares = np.exp(logs - top)
        total = shares.sum(axis=0)
        shares /= total
        found = _from_shares(codes, shares, found)
        likelihood = float((top + np.log(total)).mean())
        if likelihood - before < _CLOSE:
            break
        before = likelihood
    return found


def _from_shares(codes: Array, shares: Array, before: Mixture) -> Mixture:
    """Return the best mixture when image i belongs to Gaussian k with ``shares[k, i]``, (K, m)."""
    sizes = shares.sum(axis=1)
    is_held = sizes >= _FEWEST
    safe = np.where(is_held, sizes, 1.0)
    sums = product(shares, codes)
    means = np.where(is_held[:, None], sums / safe[:, None], before.means)
    # The ridge is larger than what rounding costs: codes are numbers of the size of one.
    covariances = squares(codes, shares) / safe[:, None, None]
    covariances -= means[:, :, None] * means[:, None, :]
    covariances += RIDGE * np.eye(codes.shape[1])
    covariances[~is_held] = np.eye(codes.shape[1])
    roots = np.where(is_held[:, None, None], np.linalg.cholesky(covariances), before.roots)
    return Mixture(sizes / sizes.sum(), means, roots)


def first_guess(codes: Array, classes: NDArray[np.int64], kinds: int) -> Mixture:
    """Return a mixture of one Gaussian for each class that images (m, d) are known to be of.

    A class without images stands at the mean of all with weight 0.
    """
    shares = (np.arange(kinds)[:, None] == classes).astype(np.float64)
    middle = np.tile(codes.mean(axis=0), (kinds, 1))
    spread = np.linalg.cholesky(np.cov(codes.T) + RIDGE * np.eye(codes.shape[1]))
    roots = np.tile(spread, (kinds, 1, 1))
    start = Mixture(np.full(kinds, 1 / kinds), middle, roots)
    return _from_shares(codes, shares, start)
