r"""THE EQUATION: the temperature map, the image of one generation, and one step of each regime.

One generation trains a model on a dataset with frequencies ``p``, samples it at temperature
``T`` and mixes in external data with law ``q``:

.. math:: F(p) = (1 - a) E_T(p) + a q, \qquad E_T(p)_i = p_i^{1/T} / \sum_j p_j^{1/T}

and the dataset moves a step gamma towards a batch drawn from F(p): ``accumulate`` with
gamma = k / (N + k), ``replace`` with gamma = 1. `simulate` repeats it; `exact` says where it ends.
Next: `regimes`.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.checks import numbers, one_number, short_number
from closedloop_core.measures import Array, check_same_outcomes, checked_distribution

_STEP_BLOCK = 24_000  # elements that fit the cache
_LONG_ROW = 64
_STEEPEST = 1e300  # the largest 1/T: beyond it a power is 0 or 1 all the same
MAX_STEPS = 1_000_000


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

    Examples
    --------
    >>> from closedloop_core import apply_temperature
    >>> apply_temperature([0.75, 0.25], 0.5).round(6)  # the squares are 9 to 1
    array([0.9, 0.1])
    """
    return temper(checked_distribution(p, "p"), _checked_temperature(temperature))


def _checked_temperature(temperature: float) -> float:
    found = one_number("temperature", temperature)
    if not 0 < found < math.inf:
        got = short_number(temperature)
        raise ValueError(f"temperature must be > 0 and finite, got {got}")
    return found


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

    Examples
    --------
    >>> from closedloop_core import mean_field_step
    >>> mean_field_step([0.75, 0.25], [0.5, 0.5], 0.5, 0.5).round(6)  # half 9 to 1, half even
    array([0.7, 0.3])
    """
    a = one_number("external_fraction", external_fraction, 0.0, 1.0)
    learned, q = checked_distribution(p, "p"), checked_distribution(reference, "reference")
    check_same_outcomes(learned, q, "p and reference")
    return image_of(learned, q, _checked_temperature(temperature), a)


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
    steps : int in [0, 1,000,000]

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

    Examples
    --------
    >>> from closedloop_core import mean_field_steps
    >>> mean_field_steps([[0.75, 0.25]], [0.5, 0.5], 0.5, 0.5, steps=1).round(6)
    array([[0.7, 0.3]])
    """
    states, q = checked_distribution(p, "p").copy(), checked_distribution(reference, "reference")
    check_same_outcomes(states, q, "p and reference")
    if states.ndim != 2 or q.ndim != 1:
        raise ValueError(
            "p must be two-dimensional and reference one-dimensional,"
            f" got shapes {states.shape} and {q.shape}"
        )
    t = _one_each("temperature", temperature, len(states))
    a = _one_each("external_fraction", external_fraction, len(states))
    steps = int(one_number("steps", steps, 0, MAX_STEPS, whole=True))
    if not (np.all(t > 0) and np.all(np.isfinite(t))):
        raise ValueError(f"temperature must be > 0 and finite everywhere, got {t.min()}")
    if not np.all((a >= 0) & (a <= 1)):
        bad = a[~((a >= 0) & (a <= 1))][0]
        raise ValueError(f"external_fraction must lie in [0, 1] everywhere, got {bad}")
    with np.errstate(over="ignore"):
        b = np.minimum(1.0 / t, _STEEPEST)
    rows = max(1, _STEP_BLOCK // states.shape[1])
    for block in (slice(at, at + rows) for at in range(0, len(states), rows)):
        if states.shape[1] >= _LONG_ROW or b.max() * np.log(_LONG_ROW) > 700.0:
            _step_in_place(states[block], q, b[block, None], a[block, None], steps)
        else:  # short rows are slow to broadcast over: outcomes first
            turned = np.ascontiguousarray(states[block].T)
            _step_turned(turned, q[:, None], b[block], a[block], steps)
            states[block] = turned.T
    return states


def _one_each(name: str, values: ArrayLike, count: int) -> Array:
    found = numbers(name, values)
    if found.shape not in ((), (1,), (count,)):
        raise ValueError(f"{name} must be one number or {count}, got shape {found.shape}")
    return np.broadcast_to(found, count)


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
    with np.errstate(divide="ignore", under="ignore", over="ignore"):
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
