"""Which outcome takes all below T = 1 when items are added one at a time: Rubin's embedding.

Rubin's trick turns the sequence of draws into a race of independent clocks. Next: `even`.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from closedloop_core.measures import Array, checked_distribution


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
    p = checked_distribution(initial, "initial")
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
        # Over twice the range: a Fourier sum repeats itself, and so far away the damping makes the
        # repeats small without making rounding errors large.
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
