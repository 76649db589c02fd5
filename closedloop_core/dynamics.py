r"""THE EQUATION: the temperature map, the image of one generation, and one step of each regime.

One generation trains a model on a dataset with frequencies ``p``, samples it at temperature
``T`` and mixes in external data with law ``q``:

.. math:: F(p) = (1 - a) E_T(p) + a q, \qquad E_T(p)_i = p_i^{1/T} / \sum_j p_j^{1/T}

and the dataset moves a step gamma towards a batch drawn from F(p): ``accumulate`` with
gamma = k / (N + k), ``replace`` with gamma = 1. `simulate` repeats it; `equilibria` says where
it ends.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.measures import Array, _distribution, _same_outcomes


def apply_temperature(p: ArrayLike, temperature: float) -> Array:
    """Sharpen (T < 1) or flatten (T > 1) a distribution: E_T(p).

    Known elsewhere as the escort distribution of order 1/T, or powering in Aitchison geometry.
    Absent outcomes stay absent.

    Parameters
    ----------
    p : (..., n) float
    temperature : float > 0

    Returns
    -------
    (..., n) float

    Raises
    ------
    ValueError
        If ``temperature`` is not a positive finite number or ``p`` is not on the simplex.

    Notes
    -----
    Source: the paper (Marchi, Soatto, Chaudhari, Tabuada 2024).
    """
    if not (temperature > 0 and np.isfinite(temperature)):
        raise ValueError(f"temperature must be > 0 and finite, got {temperature}")
    return _temper(_distribution(p, "p"), temperature)


def mean_field_step(
    p: ArrayLike, reference: ArrayLike, temperature: float, external_fraction: float
) -> Array:
    """Return F(p) = (1 - a) E_T(p) + a q: the law that one generation's new data follow.

    Parameters
    ----------
    p : (..., n) float, what the model has learned
    reference : (..., n) float, law q of the external data
    temperature : float > 0
    external_fraction : float in [0, 1], the share a of new data that is external

    Returns
    -------
    (..., n) float

    Raises
    ------
    ValueError
        If an argument is outside its range, or the numbers of outcomes differ.

    Notes
    -----
    Source: Gharesifard and Tabuada (CDC 2025), in the share a = mu / (1 + mu).
    """
    if not 0 <= external_fraction <= 1:
        raise ValueError(f"external_fraction must lie in [0, 1], got {external_fraction}")
    learned, q = _distribution(p, "p"), _distribution(reference, "reference")
    _same_outcomes(learned, q)
    return (1 - external_fraction) * apply_temperature(learned, temperature) + external_fraction * q


def _temper(p: Array, temperature: float | Array) -> Array:
    """E_T without checks; ``temperature`` may be an array (..., 1) that broadcasts."""
    # In logs, relative to the largest entry: no power overflows, and the largest term is 1.
    with np.errstate(divide="ignore", under="ignore", over="ignore"):
        logs = np.log(p)
        logs -= logs.max(axis=-1, keepdims=True)
        weights = np.exp(logs / temperature)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def _image(p: Array, q: Array, temperature: float | Array, fraction: float | Array) -> Array:
    """F without checks; ``temperature`` and ``fraction`` may be arrays (..., 1)."""
    return np.asarray((1 - fraction) * _temper(p, temperature) + fraction * q)
