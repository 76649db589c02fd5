"""Closed forms only: drawn as dashed lines, and used as oracles by the tests.

Nothing here imports the dynamics or the simulation, so that agreement means something. Symbols
are those of the README: p_0 the original law, q the reference, k the sample size, N_0 the
original size, T the temperature, a the external share.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    # Beyond e^+-700 the order is infinite or 0 for every purpose, and still a float.
    order = np.exp(np.clip(-generation * np.log(temperature), -700.0, 700.0))
    logs = np.log(np.where(p > 0, p, 1.0)) - np.log(p.max(axis=-1, keepdims=True))
    with np.errstate(over="ignore", under="ignore"):
        weights = np.where(p > 0, np.exp(logs * order), 0.0)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def expected_diversity_replace(initial: ArrayLike, sample_size: int, generation: int) -> float:
    """Return E[1 - sum p_t^2] = (1 - 1/k)^t (1 - sum p_0^2): ``replace`` at T = 1, a = 0.

    Parameters
    ----------
    initial : (n,) float
    sample_size : int >= 1, items a generation
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
    Source: Wright-Fisher drift (proved, classical).
    """
    p = _distribution(initial, "initial")
    return float((1 - 1 / sample_size) ** generation * (1 - (p**2).sum()))


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
    Source: generalised Polya urn (proved).
    """
    p = _distribution(initial, "initial")
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
    rest = 1.0 - _distribution(initial, "initial")
    return float(-2 * sample_size * (rest * np.log(np.where(rest > 0, rest, 1.0))).sum())


def rubin_odds(initial: ArrayLike, initial_size: int, temperature: float) -> Array:
    """Return the odds that each outcome takes all: ``accumulate``, k = 1, T < 1, a = 0.

    With c = N_0 p_0, outcome i wins if S_i = sum_{m >= 0} X_im (c_i + m)^(-1/T) is the smallest,
    X_im independent unit exponentials: P(i) is the integral of the density of S_i times the
    chance that every other S is larger.

    Parameters
    ----------
    initial : (n,) float, at most 100 outcomes
    initial_size : int in [1, 10,000], items
    temperature : float in (0, 1)

    Returns
    -------
    (n,) float, to about 1e-6

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: Rubin's embedding (in Davis 1990, "Reinforced random walk"). The laws of the S_i come
    from their Laplace transforms by a damped Fourier sum: ours.
    """
    p = _distribution(initial, "initial")
    if p.shape != (p.size,) or p.size > 100:
        raise ValueError(f"initial must be one law of at most 100 outcomes, got shape {p.shape}")
    if not 1 <= initial_size <= 10_000:
        raise ValueError(f"initial_size must lie between 1 and 10000, got {initial_size}")
    if not 0 < temperature < 1:
        raise ValueError(f"temperature must lie between 0 and 1, got {temperature}")
    present, b = np.flatnonzero(p), 1.0 / temperature
    counts = initial_size * p[present]
    unit = counts.max()
    with np.errstate(over="ignore", under="ignore"):
        mean, spread = _power_sum(b, counts, unit), np.sqrt(_power_sum(2 * b, counts, unit))
        rate, order = (counts / unit) ** b, np.argsort(mean)
        # Beyond `high` the chance that the first few are all still larger is below e^-40.
        high = ((mean + 10 * spread)[order] + 40 / np.cumsum(rate[order])).min()
        low = max(0.0, float((mean - 10 * spread).min()))
        # The others come too late: they cannot win.
        able = rate * high > 1e-16
        present, counts, span = present[able], counts[able], 2 * (high - low)
        finest = np.sqrt(_power_sum(2 * b, counts + 1, unit)).min()
        points = 1 << int(np.ceil(np.log2(min(16 * span / finest, 2**15))))
        # Twice the range, so that the damping hides what wraps around and amplifies no rounding.
        damping, half = 30.0, points // 2
        s = damping / span + 2j * np.pi / span * np.arange(half + 1)
        density, after = np.empty((2, len(counts), half))
        undamped = np.exp(damping / points * np.arange(half)) * points / span
        for i, count in enumerate(counts):
            transform = np.exp(_log_transform(s, count, b, unit) + s * low)
            density[i] = np.fft.irfft(transform, points)[:half] * undamped
            after[i] = 1 - np.fft.irfft(transform / s, points)[:half] * undamped
    after = np.vstack([np.ones(half), np.clip(after, 0, 1), np.ones(half)])
    others = np.cumprod(after[:-2], axis=0) * np.cumprod(after[:1:-1], axis=0)[::-1]
    odds = np.zeros(p.size)
    odds[present] = (density * others).sum(axis=1)
    return np.asarray(odds / odds.sum())


def _power_sum(order: float, counts: Array, unit: float) -> Array:
    """Return sum_{m >= 0} ((c + m) / unit)^-order."""
    first = np.arange(64)
    head = ((counts[:, None] + first) / unit) ** -order
    return np.asarray(head.sum(axis=1) + _power_tail(order, counts + 64, unit))


def _power_tail(order: float, start: ArrayLike, unit: float) -> Array:
    """Return the same sum from a large ``start`` on: Euler and Maclaurin."""
    y = np.asarray(start)
    cubic = order * (order + 1) * (order + 2) / (720 * y**3)
    return np.asarray((y / unit) ** -order * (y / (order - 1) + 0.5 + order / (12 * y) - cubic))


def _log_transform(s: NDArray[np.complex128], count: float, b: float, unit: float) -> Any:
    """Return ln E exp(-s S) = -sum_m ln(1 + s / r_m), r_m = ((c + m) / unit)^b."""
    # Term by term until r is twice |s|, from there on by the series of the logarithm.
    steps = 64 + int((2 * np.abs(s).max()) ** (1 / b) * unit)
    rates = ((count + np.arange(steps)) / unit) ** b
    log = np.zeros(s.shape, dtype=np.complex128)
    for at in range(0, steps, 16):
        log -= np.log(np.prod(1 + s[:, None] / rates[at : at + 16], axis=1))
    for k in range(1, 41):
        log += (-s) ** k / k * _power_tail(k * b, count + steps, unit)
    return log


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

    Notes
    -----
    Source: Wright-Fisher drift with immigration (classical; exact).
    """
    q = _distribution(reference, "reference")
    if not 0 < external_fraction <= 1:
        raise ValueError(f"external_fraction must lie in (0, 1], got {external_fraction}")
    keep, own = 1 - 1 / sample_size, (1 - external_fraction) ** 2
    return float((1 / sample_size + keep * (1 - own) * (q**2).sum()) / (1 - keep * own))


def stability_fraction(temperature: ArrayLike) -> Array:
    """Return 1 - T (0 above T = 1): the even state of an even law is stable above this share.

    Source: ours (proved), for every number of outcomes.
    """
    return np.asarray(np.maximum(1.0 - np.asarray(temperature, dtype=np.float64), 0.0))


def collapse_branch(n: int, temperature: ArrayLike, log_ratio: ArrayLike) -> Array:
    """Return the external share at which one outcome leads the even rest by a ratio.

    a(r) = n (r^b - r) / ((r + n - 1)(r^b - 1)) for an even law of ``n`` outcomes, T < 1 and
    r = exp(log_ratio) > 1. Source: ours (proved).

    Parameters
    ----------
    n : int >= 2
    temperature : (...) float in (0, 1)
    log_ratio : (...) float > 0

    Returns
    -------
    (...) float in (0, 1)
    """
    t = np.asarray(log_ratio, dtype=np.float64)
    b = 1.0 / np.asarray(temperature, dtype=np.float64)
    # Divided by r^b, so that nothing overflows.
    with np.errstate(over="ignore", under="ignore"):
        own = np.expm1(-(b - 1.0) * t) / np.expm1(-b * t)
        return np.asarray(n * own / (np.exp(t) + n - 1))


def uniform_thresholds(n: int, temperature: float) -> tuple[float, float, float]:
    """Return (stability, maxwell, saddle_node) of an even law: the shares that matter, in order.

    Above ``stability`` the even state is stable: prevention. Above ``saddle_node`` no collapsed
    state exists: cure. At ``maxwell`` between them both lie equally deep; that says nothing of how
    a noisy run divides its time.

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
    Source: ours (stability proved; that a(r) has one top is a conjecture).
    """
    if not 2 <= n <= 10_000:
        raise ValueError(f"n must lie between 2 and 10000, got {n}")
    if not 0.02 <= temperature <= 50:
        raise ValueError(f"temperature must lie between 0.02 and 50, got {temperature}")
    lines = uniform_lines(n, np.array([temperature]))[:, 0]
    return float(lines[0]), float(lines[1]), float(lines[2])


def uniform_lines(n: int, temperatures: Array) -> Array:
    """Return `uniform_thresholds` over temperatures, (3, m), unchecked."""
    stability = stability_fraction(temperatures)
    lines = np.stack([stability] * 3)
    cold = np.flatnonzero(temperatures < 1)
    if n == 2 or len(cold) == 0:
        return lines
    t = temperatures[cold]
    top = _argmax(lambda x: collapse_branch(n, t, x), np.full(len(t), 1e-9), np.full(len(t), 60.0))
    lines[2, cold] = np.maximum(collapse_branch(n, t, top), stability[cold])
    # Beyond the top the branch is stable; the even state is the deeper one just after it.
    low, high = top, 700.0 * t
    for _ in range(70):
        middle = 0.5 * (low + high)
        shallower = _depth_difference(n, t, middle) < 0
        low, high = np.where(shallower, middle, low), np.where(shallower, high, middle)
    lines[1, cold] = collapse_branch(n, t, 0.5 * (low + high))
    return lines


def _depth_difference(n: int, temperature: Array, t: Array) -> Array:
    """Return Phi(collapsed) - Phi(even) on the collapse branch at log ratio ``t``."""
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

    Notes
    -----
    Source: Gharesifard and Tabuada, CDC 2025.
    """
    delta = float(_distribution(reference, "reference").min())
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
    Source: Marchi, Silvestre, Gharesifard, Tabuada, "Preventing Model Collapse: A Fisher-Rao
    Perspective", Theorem 1.
    """
    t = np.asarray(temperature, dtype=np.float64)
    eta_fr = 1.0 / (t * np.asarray(least, dtype=np.float64))
    mu = np.maximum((1 + t * eta_fr) / (t * delta), 2 * eta_fr / delta)
    return np.asarray(mu / (1 + mu))


def external_ratio(external_fraction: float) -> float:
    """Return the papers' ratio of human to synthetic data, mu = a / (1 - a); inf at a = 1."""
    return float("inf") if external_fraction == 1 else external_fraction / (1 - external_fraction)
