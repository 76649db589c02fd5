r"""The two roots of the scalar equation below T = 1, to the last digit, however near each other.

Below its top, the crest, h takes every value twice (see `curve`). Let ``r`` be how far a root lies
from the crest, and call (top - h)/(1 - T) the *depth*: r^2 / 2 near the crest. Then

.. math:: t r + \ln(1 - t + t e^{-r}) = t (1 - t) \, depth

with t = T for the lower root and t = 1 - T for the upper one: one solver finds both. Outcome i lies
b ln(q_0/q_i) deeper than the leader, a sum of positive terms: no digit is lost next to a fold, at a
near-tie, or next to T = 1, for which ``rest`` is 1 - t, handed in exactly. Next: `curve`.
"""

import numpy as np

from closedloop_core.measures import Array

_NEAR = 2e-3  # closer to the crest the series is exact
_LARGEST = 600.0  # e^r is a number


def depth_of(r: Array, t: Array, rest: Array) -> Array:
    """Return the depth of roots at a distance ``r`` >= 0 from the crest; all (...), broadcast."""
    return _depth(*np.broadcast_arrays(np.asarray(r, dtype=np.float64), t, rest))


def _depth(r: Array, t: Array, rest: Array) -> Array:
    near, falls = r.min(initial=1.0) < _NEAR, t.max(initial=0.0) <= 0.5
    if not near and (falls or t.min(initial=1.0) > 0.5):
        return (_by_falling_power if falls else _by_rising_power)(r, t, rest)
    close, low = r < _NEAR, t <= 0.5
    found = np.empty(r.shape)
    for here, rule in (
        (close, _near_the_crest),
        (~close & low, _by_falling_power),
        (~close & ~low, _by_rising_power),
    ):
        if here.any():
            found[here] = rule(r[here], t[here], rest[here])
    return found


def _near_the_crest(r: Array, t: Array, rest: Array) -> Array:
    """Sum the series of the cumulants of a coin with odds t : rest."""
    skew, spread = rest - t, t * rest
    tail = (1.0 - 30.0 * spread + 120.0 * spread**2) / 720.0
    tail = -skew * (1.0 - 12.0 * spread) / 120.0 + r * tail
    tail = (1.0 - 6.0 * spread) / 24.0 + r * tail
    return np.asarray(r * r * (0.5 + r * (-skew / 6.0 + r * tail)))


def _by_falling_power(r: Array, t: Array, rest: Array) -> Array:
    # t (r + e^-r - 1) - (x - ln(1 + x)): the second term is at most half of the first.
    fallen = np.expm1(-r)
    x = t * fallen
    return np.asarray(((r + fallen) - (x - np.log1p(x)) / t) / rest)


def _by_rising_power(r: Array, t: Array, rest: Array) -> Array:
    grown = np.expm1(np.minimum(r, _LARGEST))
    x = rest * grown
    near = (grown - r) - (x - np.log1p(x)) / rest
    with np.errstate(divide="ignore"):
        far = (np.log1p(x) - rest * r) / rest
        beyond = (t * r + np.log(rest)) / rest
    return np.asarray(np.where(x < 1.0, near, np.where(r < _LARGEST, far, beyond)) / t)


def distance_of(depth: Array, t: Array, rest: Array) -> Array:
    """Return the distance r >= 0 from the crest of roots this deep; all (...), broadcast."""
    depth, t, rest = np.broadcast_arrays(np.asarray(depth, dtype=np.float64), t, rest)
    r = _first_guess(depth, t, rest)
    for _ in range(40):
        # Halley's method on a convex function: it triples the digits.
        left, fallen = np.exp(-r), np.maximum(-np.expm1(-r), 1e-300)
        rate = (rest + t * left) / fallen
        step = (_depth(r, t, rest) - depth) * rate
        bend = left / (fallen * (rest + t * left))
        step /= np.maximum(1.0 - 0.5 * step * bend, 0.5)
        r = np.maximum(r - step, 0.0)
        if not np.any(np.abs(step) > 1e-5 * r):
            break
    return r


def _first_guess(depth: Array, t: Array, rest: Array) -> Array:
    """Return r right to second order at the crest, and in the limit far from it."""
    sigma = np.sqrt(2.0 * depth)
    falls = t <= 0.5
    if falls.all():
        return _falling_guess(depth, sigma, t, rest)
    rising = _rising_guess(depth, sigma, t, rest)
    return np.where(falls, _falling_guess(depth, sigma, t, rest), rising) if falls.any() else rising


def _falling_guess(depth: Array, sigma: Array, t: Array, rest: Array) -> Array:
    slow = sigma + (rest - t) * depth / 3.0
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(rest * depth - np.log1p(t * np.expm1(-slow)) / t)


def _rising_guess(depth: Array, sigma: Array, t: Array, rest: Array) -> Array:
    with np.errstate(over="ignore", divide="ignore"):
        lift = rest * (t * depth + np.log1p(sigma + t * depth))
        near = np.log1p(np.expm1(np.minimum(lift, _LARGEST)) / rest)
        return np.asarray(np.where(lift < _LARGEST, near, lift - np.log(rest)))


def rate_of(r: Array, t: Array, rest: Array) -> Array:
    """Return dr/d(depth) of roots at a distance r > 0 from the crest; all (...), broadcast."""
    return np.asarray((rest + t * np.exp(-r)) / -np.expm1(-r))
