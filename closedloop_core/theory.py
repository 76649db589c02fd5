"""Closed forms only: drawn as dashed lines, and used as oracles by the tests.

Nothing here imports the dynamics or the simulation, so that agreement means something. Symbols
are those of the README: p_0 the original law, q the reference, k the sample size, N_0 the
original size, T the temperature, a the external share.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.measures import Array, _distribution


def mean_field_replace(initial: ArrayLike, temperature: float, generation: int) -> Array:
    """Return p_t = E_{T^t}(p_0): mean-field ``replace`` without external data.

    Parameters
    ----------
    initial : (..., n) float
    temperature : float > 0
    generation : int >= 0

    Returns
    -------
    (..., n) float

    Notes
    -----
    Source: the temperature maps compose, E_S(E_T(p)) = E_{ST}(p) (proved).
    """
    p = _distribution(initial, "initial")
    if not temperature > 0:
        raise ValueError(f"temperature must be > 0, got {temperature}")
    with np.errstate(divide="ignore", over="ignore"):
        logs = np.log(p) - np.log(p.max(axis=-1, keepdims=True))
        # An order beyond the largest float is infinite: only the leaders keep a weight.
        order = np.exp(-generation * np.log(temperature))
        weights = np.where(logs == 0, 1.0, np.exp(np.where(logs == 0, 0.0, logs) * order))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def expected_diversity_replace(initial: ArrayLike, sample_size: int, generation: int) -> float:
    """Return E[1 - sum p_t^2] = (1 - 1/k)^t (1 - sum p_0^2): ``replace`` at T = 1, a = 0.

    Source: Wright-Fisher drift (proved, classical).
    """
    p = _distribution(initial, "initial")
    return float((1 - 1 / sample_size) ** generation * (1 - (p**2).sum()))


def expected_diversity_accumulate(
    initial: ArrayLike, sample_size: int, initial_size: int, generation: int
) -> float:
    """Return E[1 - sum p_t^2] of ``accumulate`` at T = 1, a = 0; its limit is positive.

    (1 - sum p_0^2) prod_{s=1..t} (1 - k / (N_0 + k s)^2). Source: generalised Polya urn (proved).
    """
    p = _distribution(initial, "initial")
    steps = np.arange(1, generation + 1, dtype=np.float64)
    factors = 1 - sample_size / (initial_size + sample_size * steps) ** 2
    return float((1 - (p**2).sum()) * factors.prod())


def stability_fraction(temperature: ArrayLike) -> Array:
    """Return 1 - T (0 above T = 1): the even state of an even law is stable above this share.

    Source: ours (proved), for every number of outcomes.
    """
    return np.asarray(np.maximum(1.0 - np.asarray(temperature, dtype=np.float64), 0.0))


def external_ratio(external_fraction: float) -> float:
    """Return the papers' ratio of human to synthetic data, mu = a / (1 - a); inf at a = 1."""
    return float("inf") if external_fraction == 1 else external_fraction / (1 - external_fraction)
