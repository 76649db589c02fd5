"""How spread out a distribution is, and how far it is from another.

Every function takes arrays whose last axis is the outcome axis; leading axes broadcast.
Entropies are in nats. Next: `limits`, the ranges of a loop's settings.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from closedloop_core.checks import numbers, one_number

Array = NDArray[np.float64]

# As the methods `sum` and `max`, which take twice as long for a few numbers: for inner loops.
total, largest = np.add.reduce, np.maximum.reduce


def checked_distribution(values: ArrayLike, name: str) -> Array:
    """Return probabilities as floats after checking that they lie on the simplex.

    Parameters
    ----------
    values : (..., n) float
    name : str, what the values are called in an error message

    Returns
    -------
    (..., n) float, the values themselves, not normalised

    Raises
    ------
    ValueError
        If there is no last axis, a value is negative or NaN, or a sum over the last axis is more
        than 1e-9 from 1.
    """
    p = numbers(name, values)
    if p.ndim == 0 or p.shape[-1] == 0:
        raise ValueError(f"{name} must have a last axis of outcomes, got shape {p.shape}")
    if not np.all(p >= 0):
        raise ValueError(f"{name} must be >= 0 everywhere, got a least entry of {p.min()}")
    total = p.sum(axis=-1)
    if not np.all(np.abs(total - 1.0) <= 1e-9):
        worst = float(np.ravel(total)[np.argmax(np.abs(np.ravel(total) - 1.0))])
        raise ValueError(f"{name} must sum to 1 over its last axis, got a sum of {worst}")
    return p


def check_same_outcomes(p: Array, q: Array, names: str = "p and q") -> None:
    """Raise ValueError unless two arrays of laws, (..., n), can stand beside each other."""
    if p.shape[-1] != q.shape[-1]:
        raise ValueError(
            f"{names} must have the same number of outcomes, got {p.shape[-1]} and {q.shape[-1]}"
        )
    for one, other in zip(reversed(p.shape[:-1]), reversed(q.shape[:-1]), strict=False):
        if one != other and 1 not in (one, other):
            raise ValueError(
                f"{names} must have leading axes that fit, got shapes {p.shape} and {q.shape}"
            )


def shannon_entropy(p: ArrayLike) -> Array:
    """Shannon entropy -sum p ln p, in nats, with 0 ln 0 = 0.

    Parameters
    ----------
    p : (..., n) float

    Returns
    -------
    (...) float, between 0 and ln n

    Raises
    ------
    ValueError
        If ``p`` is not on the probability simplex.

    Examples
    --------
    >>> from closedloop_core import shannon_entropy
    >>> print(shannon_entropy([0.5, 0.5]).round(6))  # ln 2
    0.693147
    """
    return unchecked_entropy(checked_distribution(p, "p"))


def unchecked_entropy(p: Array) -> Array:
    """Return `shannon_entropy` without a check of its argument: (..., n) to (...), in nats."""
    logs = np.log(np.where(p > 0, p, 1.0))
    return np.asarray(np.maximum(-(p * logs).sum(axis=-1), 0.0))


def renyi_entropy(p: ArrayLike, order: float) -> Array:
    """Renyi entropy of ``order``, in nats: ln(sum p^order) / (1 - order).

    The limits are explicit: order 0 is ln of the support size, 1 is Shannon's, infinity is
    -ln max p.

    Parameters
    ----------
    p : (..., n) float
    order : float >= 0, infinity included

    Returns
    -------
    (...) float

    Raises
    ------
    ValueError
        If ``order`` is negative or NaN, or ``p`` is not on the simplex.

    Notes
    -----
    Source: Renyi (1961), "On measures of entropy and information".

    Examples
    --------
    >>> from closedloop_core import renyi_entropy
    >>> print(renyi_entropy([0.5, 0.25, 0.25], 2).round(6))  # -ln(1/4 + 2/16)
    0.980829
    """
    order = one_number("order", order, 0.0, math.inf)
    p = checked_distribution(p, "p")
    if order == 0:
        return np.asarray(np.log(np.count_nonzero(p, axis=-1)))
    if order == 1:
        return unchecked_entropy(p)
    largest = p.max(axis=-1, keepdims=True)
    if np.isinf(order):
        return np.asarray(-np.log(largest[..., 0]))
    logs = np.log(np.where(p > 0, p, 1.0))
    if abs(order - 1) < 0.1:
        # sum p^order = 1 + sum p (p^(order-1) - 1): no digit is lost as the order nears 1.
        change = (p * np.expm1((order - 1) * logs)).sum(axis=-1)
        return np.asarray(np.log1p(change) / (1.0 - order))
    # Relative to the largest entry no power overflows, and the sum is at least 1.
    with np.errstate(under="ignore", over="ignore"):
        powers = np.where(p > 0, np.exp(order * (logs - np.log(largest))), 0.0)
    excess = np.log(powers.sum(axis=-1)) / (1.0 - order)
    return np.asarray(order / (1.0 - order) * np.log(largest[..., 0]) + excess)


def hill_number(p: ArrayLike, order: float) -> Array:
    """Effective number of outcomes of ``order``: exp of the Renyi entropy.

    Parameters
    ----------
    p : (..., n) float
    order : float >= 0; 0 counts the support, 1 is exp(Shannon entropy), 2 is 1 / sum p^2

    Returns
    -------
    (...) float, between 1 and n

    Raises
    ------
    ValueError
        As `renyi_entropy`.

    Notes
    -----
    Source: Hill (1973), "Diversity and evenness".

    Examples
    --------
    >>> from closedloop_core import hill_number
    >>> print(hill_number([0.5, 0.5, 0.0], 1).round(6))  # acts like two outcomes
    2.0
    """
    return np.asarray(np.exp(renyi_entropy(p, order)))


def support_size(p: ArrayLike) -> NDArray[np.int64]:
    """Count the outcomes that still have probability.

    Parameters
    ----------
    p : (..., n) float

    Returns
    -------
    (...) int

    Raises
    ------
    ValueError
        If ``p`` is not on the probability simplex.

    Examples
    --------
    >>> from closedloop_core import support_size
    >>> print(support_size([0.7, 0.3, 0.0]))
    2
    """
    return np.asarray(np.count_nonzero(checked_distribution(p, "p"), axis=-1))


def total_variation(p: ArrayLike, q: ArrayLike) -> Array:
    """Total variation distance 1/2 sum |p - q|: the share of probability that has moved.

    Parameters
    ----------
    p, q : (..., n) float

    Returns
    -------
    (...) float in [0, 1]

    Raises
    ------
    ValueError
        If an argument is not on the simplex or the numbers of outcomes differ.

    Examples
    --------
    >>> from closedloop_core import total_variation
    >>> print(total_variation([0.8, 0.2], [0.5, 0.5]).round(6))
    0.3
    """
    p, q = checked_distribution(p, "p"), checked_distribution(q, "q")
    check_same_outcomes(p, q)
    return np.asarray(0.5 * np.abs(p - q).sum(axis=-1))


def kl_divergence(p: ArrayLike, q: ArrayLike) -> Array:
    """Kullback-Leibler divergence KL(p||q) = sum p ln(p/q), in nats: from ``q`` to ``p``.

    0 ln 0 = 0; the divergence is infinite where q = 0 < p.

    Parameters
    ----------
    p, q : (..., n) float

    Returns
    -------
    (...) float >= 0, possibly inf

    Raises
    ------
    ValueError
        If an argument is not on the simplex or the numbers of outcomes differ.

    Examples
    --------
    >>> from closedloop_core import kl_divergence
    >>> print(kl_divergence([1.0, 0.0], [0.5, 0.5]).round(6))  # ln 2
    0.693147
    """
    p, q = checked_distribution(p, "p"), checked_distribution(q, "q")
    check_same_outcomes(p, q)
    p, q = np.broadcast_arrays(p, q)
    shared = (p > 0) & (q > 0)
    log_ratio = np.log(np.where(shared, p, 1.0)) - np.log(np.where(shared, q, 1.0))
    terms = np.where(shared, p * log_ratio, np.where(p > 0, np.inf, 0.0))
    return np.asarray(np.maximum(terms.sum(axis=-1), 0.0))


def is_even(p: ArrayLike) -> bool:
    """Say whether all outcomes of a law are equally likely.

    Parameters
    ----------
    p : (n,) float

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If ``p`` is not on the probability simplex.
    """
    law = checked_distribution(p, "p")
    return bool(law.max() == law.min())
