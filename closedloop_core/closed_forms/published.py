"""The sufficient bounds of the papers, as published: above them a theorem holds.

They are no thresholds: much smaller shares can be enough (`exact`). Next: `exact.groups`.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.measures import Array, checked_distribution


def euclidean_bound(reference: ArrayLike, temperature: ArrayLike) -> Array:
    """Return the share above which CDC 2025 guarantees convergence: mu > 1 / (delta T).

    A sufficient bound, as published, for exact learning; not a threshold. delta = min q.

    Parameters
    ----------
    reference : (n,) float
    temperature : (...) float > 0

    Returns
    -------
    (...) float in (0, 1]: a = mu / (1 + mu); 1.0 where an entry of the reference is 0

    Raises
    ------
    ValueError
        If ``reference`` is not on the simplex.

    Notes
    -----
    Source: B. Gharesifard, P. Tabuada, "Preventing model collapse when training LLMs with
    synthetic data", CDC 2025.
    """
    delta = float(checked_distribution(reference, "reference").min())
    return np.asarray(1.0 / (1.0 + delta * np.asarray(temperature, dtype=np.float64)))


def fisher_rao_bound(delta: float, least: ArrayLike, temperature: ArrayLike) -> Array:
    """Return the share of the Fisher-Rao paper's Theorem 1, for exact learning and kappa -> 1.

    mu >= max{(1 + T eta_FR) / (T delta), 2 eta_FR / delta} with eta_FR = 1 / (T min p*). The
    equilibrium p* depends on mu: the bound is implicit. A sufficient bound, as published; not a
    threshold.

    Parameters
    ----------
    delta : float > 0, min q
    least : (...) float > 0, min p* at the equilibrium of the share that is returned
    temperature : (...) float > 0

    Returns
    -------
    (...) float in (0, 1): a = mu / (1 + mu)

    Notes
    -----
    Source: M. Marchi, J. P. Silvestre, B. Gharesifard, P. Tabuada, "Preventing Model Collapse: A
    Fisher-Rao Perspective on the Dynamics of Training with Synthetic Data", arXiv 2609.18878,
    Theorem 1.
    """
    t = np.asarray(temperature, dtype=np.float64)
    eta_fr = 1.0 / (t * np.asarray(least, dtype=np.float64))
    mu = np.maximum((1 + t * eta_fr) / (t * delta), 2 * eta_fr / delta)
    return np.asarray(mu / (1 + mu))


def external_ratio(external_fraction: float) -> float:
    """Return the papers' ratio of human to synthetic data, mu = a / (1 - a); inf at a = 1."""
    return float("inf") if external_fraction == 1 else external_fraction / (1 - external_fraction)
