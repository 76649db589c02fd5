r"""THE EQUATION: the temperature map, the image of one generation, and one step of each regime.

One generation trains a model on a dataset with frequencies ``p``, samples it at temperature
``T`` and mixes in external data with law ``q``:

.. math:: F(p) = (1 - a) E_T(p) + a q, \qquad E_T(p)_i = p_i^{1/T} / \sum_j p_j^{1/T}

and the dataset moves a step gamma towards a batch drawn from F(p): ``accumulate`` with
gamma = k / (N + k), ``replace`` with gamma = 1. `simulate` repeats it; `exact` says where it ends.
Next: `regimes`.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.measures import Array, check_same_outcomes, checked_distribution

_STEP_BLOCK = 24_000  # elements that fit the cache
_LONG_ROW = 64


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
    return temper(checked_distribution(p, "p"), temperature)


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
    learned, q = checked_distribution(p, "p"), checked_distribution(reference, "reference")
    check_same_outcomes(learned, q)
    return (1 - external_fraction) * apply_temperature(learned, temperature) + external_fraction * q


def mean_field_steps(
    p: ArrayLike,
    reference: ArrayLike,
    temperature: ArrayLike,
    external_fraction: ArrayLike,
    steps: int,
) -> Array:
    """Apply F ``steps`` times to a batch of states, each with its own setting; fast.

    Parameters
    ----------
    p : (m, n) float
    reference : (n,) float
    temperature : (m,) float > 0
    external_fraction : (m,) float in [0, 1]
    steps : int >= 0

    Returns
    -------
    (m, n) float

    Raises
    ------
    ValueError
        If an argument is outside its range, or the shapes do not fit.

    Notes
    -----
    Source: as `mean_field_step`. Blocks that fit the cache are stepped in place.
    """
    states, q = checked_distribution(p, "p").copy(), checked_distribution(reference, "reference")
    check_same_outcomes(states, q)
    if states.ndim != 2:
        raise ValueError(f"p must be two-dimensional, got shape {states.shape}")
    b = 1.0 / np.broadcast_to(np.asarray(temperature, dtype=np.float64), len(states))
    a = np.broadcast_to(np.asarray(external_fraction, dtype=np.float64), len(states))
    if not (np.all(b > 0) and np.all(np.isfinite(b))):
        raise ValueError("temperature must be > 0 and finite everywhere")
    if not np.all((a >= 0) & (a <= 1)):
        raise ValueError("external_fraction must lie in [0, 1] everywhere")
    rows = max(1, _STEP_BLOCK // states.shape[1])
    for block in (slice(at, at + rows) for at in range(0, len(states), rows)):
        if states.shape[1] >= _LONG_ROW or b.max() * np.log(_LONG_ROW) > 700.0:
            _step_in_place(states[block], q, b[block, None], a[block, None], steps)
        else:  # short rows are slow to broadcast over: outcomes first
            turned = np.ascontiguousarray(states[block].T)
            _step_turned(turned, q[:, None], b[block], a[block], steps)
            states[block] = turned.T
    return states


def _step_turned(x: Array, q: Array, b: Array, a: Array, steps: int) -> None:
    """Step few outcomes (n, m), outcome axis first; b ln n stays below 700 for T >= 0.02."""
    work, pull, ones, own = np.empty_like(x), a * q, np.ones(len(x)), 1.0 - a
    with np.errstate(divide="ignore", under="ignore"):
        for _ in range(steps):
            np.log(x, out=work)
            work *= b
            np.exp(work, out=work)
            work *= own / (ones @ work)
            np.add(work, pull, out=x)


def _step_in_place(x: Array, q: Array, b: Array, a: Array, steps: int) -> None:
    work, pull, ones = np.empty_like(x), a * q, np.ones(x.shape[1])
    # The largest entry is at least 1/n: while b ln n stays below 700 its power is a float.
    shifted = float(b.max()) * np.log(x.shape[1]) > 700.0
    with np.errstate(divide="ignore", under="ignore"):
        for _ in range(steps):
            np.log(x, out=work)
            if shifted:
                work -= work.max(axis=1, keepdims=True)
            work *= b
            np.exp(work, out=work)
            work *= (1.0 - a) / (work @ ones)[:, None]
            np.add(work, pull, out=x)


def temper(p: Array, temperature: float | Array) -> Array:
    """Return E_T(p) without checks of its arguments.

    Parameters
    ----------
    p : (..., n) float
    temperature : float > 0, or (..., 1) float that broadcasts

    Returns
    -------
    (..., n) float
    """
    # In logs, relative to the largest entry: no power overflows, and the largest term is 1.
    with np.errstate(divide="ignore", under="ignore", over="ignore"):
        logs = np.log(p)
        logs -= logs.max(axis=-1, keepdims=True)
        weights = np.exp(logs / temperature)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def image_of(p: Array, q: Array, temperature: float | Array, fraction: float | Array) -> Array:
    """Return F(p) without checks of its arguments.

    Parameters
    ----------
    p, q : (..., n) float
    temperature, fraction : float, or (..., 1) float that broadcasts

    Returns
    -------
    (..., n) float
    """
    return np.asarray((1 - fraction) * temper(p, temperature) + fraction * q)
