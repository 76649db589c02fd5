"""Loops that nothing but luck moves, at T = 1: Wright-Fisher drift and Polya urns, exactly.

Closed forms and small exact chains only; nothing here simulates. Next: `urn`.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.measures import Array, checked_distribution

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
    p = checked_distribution(initial, "initial")
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


def expected_diversity_replace(
    initial: ArrayLike,
    sample_size: int,
    generation: int,
    reference: ArrayLike | None = None,
    external_fraction: float = 0.0,
) -> float:
    """Return E[1 - sum p_t^2] of ``replace`` at T = 1.

    Without external data it is (1 - 1/k)^t (1 - sum p_0^2). With them, m_t = E p_t =
    q + (1-a)^t (p_0 - q), and C_t = E sum p_t^2 follows
    C' = 1/k + (1 - 1/k) [(1-a)^2 C + 2 a (1-a) m.q + a^2 q.q].

    Parameters
    ----------
    initial : (n,) float
    sample_size : int >= 1, items a generation
    generation : int >= 0
    reference : (n,) float, law q of the external data; None: ``initial``
    external_fraction : float in [0, 1]

    Returns
    -------
    float in [0, 1)

    Raises
    ------
    ValueError
        If a law is not on the simplex.

    Notes
    -----
    Source: Wright-Fisher drift, with immigration (classical; exact).
    """
    p = checked_distribution(initial, "initial")
    q = p if reference is None else checked_distribution(reference, "reference")
    own, concentration = 1.0 - external_fraction, float(p @ p)
    if external_fraction == 0:
        return float((1 - 1 / sample_size) ** generation * (1 - concentration))
    for s in range(generation):
        mixed = float(q @ (q + own**s * (p - q)))
        image = own**2 * concentration + external_fraction * (
            2 * own * mixed + external_fraction * float(q @ q)
        )
        concentration = 1 / sample_size + (1 - 1 / sample_size) * image
    return 1.0 - concentration


def mean_field_replace(initial: ArrayLike, temperature: float, generation: int) -> Array:
    """Return p_t = E_{T^t}(p_0): ``replace`` with infinite samples and without external data.

    Parameters
    ----------
    initial : (..., n) float
    temperature : float > 0
    generation : int >= 0

    Returns
    -------
    (..., n) float

    Raises
    ------
    ValueError
        If ``temperature`` is not > 0, or ``initial`` is not on the simplex.

    Notes
    -----
    Source: the temperature maps compose, E_S(E_T(p)) = E_{ST}(p) (proved: docs/theory.md,
    section 2.1).
    """
    p = checked_distribution(initial, "initial")
    if not temperature > 0:
        raise ValueError(f"temperature must be > 0, got {temperature}")
    # Beyond e^+-700 the order is infinite or 0 for every purpose, and still a float.
    order = np.exp(np.clip(-generation * np.log(temperature), -700.0, 700.0))
    logs = np.log(np.where(p > 0, p, 1.0)) - np.log(p.max(axis=-1, keepdims=True))
    with np.errstate(over="ignore", under="ignore"):
        weights = np.where(p > 0, np.exp(logs * order), 0.0)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def expected_diversity_accumulate(
    initial: ArrayLike, sample_size: int, initial_size: int, generation: int
) -> float:
    """Return E[1 - sum p_t^2] of ``accumulate`` at T = 1, a = 0; its limit is positive.

    (1 - sum p_0^2) prod_{s=1..t} (1 - k / (N_0 + k s)^2)

    Parameters
    ----------
    initial : (n,) float
    sample_size : int >= 1, items a generation
    initial_size : int >= 1, items
    generation : int >= 0

    Returns
    -------
    float in [0, 1)

    Raises
    ------
    ValueError
        If ``initial`` is not on the simplex.

    Notes
    -----
    Source: generalised Polya urn (proved: docs/theory.md, section 2.4).
    """
    p = checked_distribution(initial, "initial")
    steps = np.arange(1, generation + 1, dtype=np.float64)
    factors = 1 - sample_size / (initial_size + sample_size * steps) ** 2
    return float((1 - (p**2).sum()) * factors.prod())


def mean_time_to_one(initial: ArrayLike, sample_size: int) -> float:
    """Return the mean generations until one outcome is left: ``replace`` at T = 1, a = 0.

    -2k sum (1 - p) ln(1 - p): a diffusion limit, some per cent off at k = 50.

    Parameters
    ----------
    initial : (n,) float
    sample_size : int >= 1

    Returns
    -------
    float >= 0, generations

    Raises
    ------
    ValueError
        If ``initial`` is not on the simplex.

    Notes
    -----
    Source: Wright-Fisher diffusion (classical; Ewens, "Mathematical Population Genetics").
    """
    rest = 1.0 - checked_distribution(initial, "initial")
    return float(-2 * sample_size * (rest * np.log(np.where(rest > 0, rest, 1.0))).sum())


def stationary_concentration(
    reference: ArrayLike, external_fraction: float, sample_size: int
) -> float:
    """Return the stationary E sum p^2 of ``replace`` at T = 1 with external data.

    [1/k + (1 - 1/k)(1 - (1-a)^2) Q] / [1 - (1 - 1/k)(1-a)^2] with Q = sum q^2.

    Parameters
    ----------
    reference : (n,) float
    external_fraction : float in (0, 1]
    sample_size : int >= 1

    Returns
    -------
    float in (0, 1]

    Raises
    ------
    ValueError
        If ``external_fraction`` is outside its range, or ``reference`` is not on the simplex.

    Notes
    -----
    Source: Wright-Fisher drift with immigration (classical; exact).
    """
    q = checked_distribution(reference, "reference")
    if not 0 < external_fraction <= 1:
        raise ValueError(f"external_fraction must lie in (0, 1], got {external_fraction}")
    keep, own = 1 - 1 / sample_size, (1 - external_fraction) ** 2
    return float((1 / sample_size + keep * (1 - own) * (q**2).sum()) / (1 - keep * own))
