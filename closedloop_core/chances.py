"""Exact laws of chance where nothing but luck moves the loop, and of small noise where more does.

Closed forms and small exact chains only: no simulation. Symbols are those of `theory`. Next:
`evidence`, which puts them beside an ensemble.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.measures import Array, _distribution

MAX_CHAIN_WORK = 2 * 10**8  # (sample_size + 1)^2 x generations


def takeover_by(initial: ArrayLike, sample_size: int, generations: int) -> Array:
    """Return the chance that one outcome is left, generation by generation: ``replace`` at T = 1.

    Outcome i has taken over by generation t when its count, a binomial chain of its own, has
    reached ``sample_size``; only one outcome can have, so the chances add up.

    Parameters
    ----------
    initial : (n,) float
    sample_size : int >= 1, items a generation
    generations : int >= 0

    Returns
    -------
    (generations + 1,) float, from generation 0 on

    Raises
    ------
    ValueError
        If (sample_size + 1)^2 x generations exceeds 2 x 10^8, or ``initial`` is not on the simplex.

    Notes
    -----
    Source: Wright-Fisher chain (classical; exact).
    """
    p = _distribution(initial, "initial")
    p = p[p > 0]
    if (sample_size + 1) ** 2 * generations > MAX_CHAIN_WORK:
        raise ValueError(
            f"(sample_size + 1)^2 x generations must be at most {MAX_CHAIN_WORK:,},"
            f" got {sample_size} and {generations}"
        )
    counts = np.arange(sample_size + 1)
    chain, first = (_binomials(sample_size, x) for x in (counts / sample_size, p))
    taken = (counts == sample_size).astype(np.float64)
    chances = np.full(generations + 1, float(len(p) == 1))
    for t in range(1, generations + 1):
        chances[t] = (first @ taken).sum()
        taken = chain @ taken
    return chances


def _binomials(k: int, shares: Array) -> Array:
    """Return the laws of Binomial(k, share), one a row: (len(shares), k + 1)."""
    x = np.arange(k + 1)
    whole = math.lgamma(k + 1)
    choose = np.array([whole - math.lgamma(j + 1) - math.lgamma(k - j + 1) for j in range(k + 1)])
    # ln 0 times 0 is 0: a bound below every exponent stands for ln 0.
    low = np.log(np.maximum(shares, 1e-300))[:, None]
    high = np.log(np.maximum(1.0 - shares, 1e-300))[:, None]
    with np.errstate(under="ignore"):
        return np.asarray(np.exp(choose + x * low + (k - x) * high))


def expected_diversity_external(
    initial: ArrayLike, reference: ArrayLike, external_fraction: float, sample_size: int, t: int
) -> float:
    """Return E[1 - sum p_t^2] of ``replace`` at T = 1 with external data.

    With m_t = E p_t = q + (1-a)^t (p_0 - q), C_t = E sum p_t^2 follows
    C' = 1/k + (1 - 1/k) [(1-a)^2 C + 2 a (1-a) m.q + a^2 q.q].

    Parameters
    ----------
    initial, reference : (n,) float
    external_fraction : float in [0, 1]
    sample_size : int >= 1
    t : int >= 0, the generation

    Returns
    -------
    float in [0, 1)

    Notes
    -----
    Source: Wright-Fisher drift with immigration (classical; exact).
    """
    p, q = _distribution(initial, "initial"), _distribution(reference, "reference")
    own, concentration = 1.0 - external_fraction, float(p @ p)
    for s in range(t):
        mixed = float(q @ (q + own**s * (p - q)))
        image = own**2 * concentration + external_fraction * (
            2 * own * mixed + external_fraction * float(q @ q)
        )
        concentration = 1 / sample_size + (1 - 1 / sample_size) * image
    return 1.0 - concentration


def beta_quantiles(mean: float, concentration: float, levels: ArrayLike) -> Array:
    """Return quantiles of a Beta law: the marginal of Dirichlet(concentration x mean).

    Parameters
    ----------
    mean : float in (0, 1)
    concentration : float > 0, the sum of the two parameters
    levels : (m,) float in (0, 1)

    Returns
    -------
    (m,) float in [0, 1]

    Notes
    -----
    By quadrature in the logit, right to about 1e-6.
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
    temperature, external_fraction : float
    sample_size : int >= 1

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
