"""How far chance spreads many runs: the quantiles of a Beta law, and noise around a stable state.

Next: `published`.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.measures import Array


def beta_quantiles(mean: float, concentration: float, levels: ArrayLike) -> Array:
    """Return quantiles of a Beta law, the law of one share of a Dirichlet law.

    Parameters
    ----------
    mean : float in (0, 1)
    concentration : float > 0, the sum of the Beta law's two parameters; mean times it is the first
    levels : (m,) float in (0, 1)

    Returns
    -------
    (m,) float in [0, 1]

    Notes
    -----
    By numerical integration over ln(x / (1 - x)), right to about 1e-6.
    """
    first, second = concentration * mean, concentration * (1.0 - mean)
    # In the logit the density is log-concave, with tails e^(first x) and e^(-second x).
    x = np.linspace(-40.0 / min(first, 1.0), 40.0 / min(second, 1.0), 400_001)
    logs = -first * np.logaddexp(0.0, -x) - second * np.logaddexp(0.0, x)
    with np.errstate(under="ignore"):
        density = np.exp(logs - logs.max())
        law = np.cumsum(density) - 0.5 * density
        law /= density.sum()
        at = np.interp(np.asarray(levels, dtype=np.float64), law, x)
        return np.asarray(1.0 / (1.0 + np.exp(-at)))


def stationary_covariance(
    state: ArrayLike,
    reference: ArrayLike,
    temperature: float,
    external_fraction: float,
    sample_size: int,
) -> Array:
    """Return the covariance of ``replace`` around a stable fixed point, for small noise.

    Sigma = J Sigma J^T + C/k with C = diag(p) - p p^T, J the derivative of F.

    Parameters
    ----------
    state : (n,) float > 0, the fixed point
    reference : (n,) float
    temperature : float > 0
    external_fraction : float in [0, 1]
    sample_size : int >= 1, large: the noise is small to first order in its inverse

    Returns
    -------
    (n, n) float

    Notes
    -----
    Source: linear noise (checked numerically).
    """
    p, q = np.asarray(state, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    own = 1.0 - external_fraction
    model = (p - external_fraction * q) / own if own > 0 else p
    step = own / temperature * (np.diag(model) - np.outer(model, model)) / p
    covariance = (np.diag(p) - np.outer(p, p)) / sample_size
    with np.errstate(under="ignore"):
        for _ in range(40):  # each round doubles the generations that are summed
            covariance = covariance + step @ covariance @ step.T
            step = step @ step
    return np.asarray(covariance)
