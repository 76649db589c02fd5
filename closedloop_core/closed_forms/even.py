"""The thresholds of an even law, whose n outcomes are all equally likely: prevention and cure.

Its fixed points in which one outcome leads an even rest lie on a curve a(r) over the ratio r of the
leader's probability to another's. Next: `noise`.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.checks import one_number
from closedloop_core.measures import Array


def stability_fraction(temperature: ArrayLike) -> Array:
    """Return 1 - T (0 above T = 1): the even state of an even law is stable above this share.

    Parameters
    ----------
    temperature : (...) float > 0

    Returns
    -------
    (...) float in [0, 1)

    Notes
    -----
    Source: ours (proved, for every number of outcomes: docs/theory.md, section 3.4).
    """
    return np.asarray(np.maximum(1.0 - np.asarray(temperature, dtype=np.float64), 0.0))


def collapse_branch(n: int, temperature: ArrayLike, log_ratio: ArrayLike) -> Array:
    """Return the external share at which one outcome leads the even rest by a ratio.

    a(r) = n (r^b - r) / ((r + n - 1)(r^b - 1)) for an even law of ``n`` outcomes, b = 1/T > 1 and
    r = exp(log_ratio) > 1.

    Parameters
    ----------
    n : int >= 2
    temperature : (...) float in (0, 1)
    log_ratio : (...) float > 0

    Returns
    -------
    (...) float in (0, 1)

    Notes
    -----
    Source: ours (proved: docs/theory.md, section 3.4).
    """
    t = np.asarray(log_ratio, dtype=np.float64)
    b = 1.0 / np.asarray(temperature, dtype=np.float64)
    # Divided by r^b, so that nothing overflows.
    with np.errstate(over="ignore", under="ignore"):
        own = np.expm1(-(b - 1.0) * t) / np.expm1(-b * t)
        return np.asarray(n * own / (np.exp(t) + n - 1))


def uniform_thresholds(n: int, temperature: float) -> tuple[float, float, float]:
    """Return (stability, maxwell, saddle_node) of an even law: the shares that matter, in order.

    Above ``stability`` the even state is stable: so much prevents a collapse. Above ``saddle_node``
    no collapsed state exists: so much undoes one. At ``maxwell``, between them, both states have
    the same free energy; that says nothing of how a noisy run divides its time between them.

    Parameters
    ----------
    n : int in [2, 10,000]
    temperature : float in [0.02, 50]

    Returns
    -------
    three floats in [0, 1); all 0.0 at T >= 1, all 1 - T for n = 2

    Raises
    ------
    ValueError
        If ``n`` or ``temperature`` is outside its range.

    Notes
    -----
    Source: ours (proved: docs/theory.md, section 3.4).

    Examples
    --------
    >>> from closedloop_core import uniform_thresholds
    >>> [round(share, 4) for share in uniform_thresholds(10, 0.5)]  # the middle one: Maxwell's
    [0.5, 0.6128, 0.625]
    """
    n = int(one_number("n", n, 2, 10_000, whole=True))
    temperature = one_number("temperature", temperature, 0.02, 50)
    lines = uniform_lines(n, np.array([temperature]))[:, 0]
    return float(lines[0]), float(lines[1]), float(lines[2])


def uniform_lines(n: int, temperatures: Array) -> Array:
    """Return `uniform_thresholds` over temperatures, (m,) to (3, m), without checks."""
    stability = stability_fraction(temperatures)
    lines = np.stack([stability] * 3)
    cold = np.flatnonzero(temperatures < 1)
    if n == 2 or len(cold) == 0:
        return lines
    t = temperatures[cold]
    top = _argmax(lambda x: collapse_branch(n, t, x), np.full(len(t), 1e-9), np.full(len(t), 60.0))
    lines[2, cold] = np.maximum(collapse_branch(n, t, top), stability[cold])
    # Beyond the top of a(r) the collapsed state is stable; just beyond, the even state has the
    # larger free energy.
    low, high = top, 700.0 * t
    for _ in range(70):
        middle = 0.5 * (low + high)
        shallower = _depth_difference(n, t, middle) < 0
        low, high = np.where(shallower, middle, low), np.where(shallower, high, middle)
    lines[1, cold] = collapse_branch(n, t, 0.5 * (low + high))
    return lines


def _depth_difference(n: int, temperature: Array, t: Array) -> Array:
    """Return the free energy of the collapsed state minus the even one's, at log ratio ``t``."""
    a, b = collapse_branch(n, temperature, t), 1.0 / temperature
    own = np.logaddexp(b * t, np.log(n - 1)) - np.log(n)
    shared = np.logaddexp(t, np.log(n - 1)) - np.log(n)
    return np.asarray((1 - a) * temperature * own - shared + a / n * t)


def _argmax(function: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """Return where functions with one top each have it, by golden section in the logarithm."""
    left, right = np.log(low), np.log(high)
    ratio = 0.5 * (np.sqrt(5.0) - 1.0)
    for _ in range(60):
        inner = right - ratio * (right - left), left + ratio * (right - left)
        rises = function(np.exp(inner[0])) < function(np.exp(inner[1]))
        left, right = np.where(rises, inner[0], left), np.where(rises, right, inner[1])
    return np.asarray(np.exp(0.5 * (left + right)))
