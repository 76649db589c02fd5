"""Random counts for many runs at once, each by the fastest exact method for its sizes.

`simulate` draws one run from common uniforms; here runs are rows, and only the law matters.
NumPy's draws release the interpreter lock: blocks of runs in threads draw side by side. Next:
`books`.
"""

import numpy as np
from numpy.typing import NDArray

from closedloop_core.measures import Array
from closedloop_core.simulate import _NUMPY_HYPERGEOMETRIC_LIMIT, _draw_by_thinning

Counts = NDArray[np.int64]

_LONG_ROW = 100


def draw_counts(rng: np.random.Generator, size: int, p: Array) -> Counts:
    """Draw ``size`` items from each row of ``p`` and count them by outcome.

    Parameters
    ----------
    rng : numpy.random.Generator
    size : int >= 0
    p : (m, n) float, rows on the simplex to within 1e-12

    Returns
    -------
    (m, n) int, rows that sum to ``size``; 0 wherever p is
    """
    # Item by item pays while items are few; below a hundred outcomes the gain is small, and from
    # there on rows (fewer than outcomes) shift the sums by less than they are rounded anyway.
    if 2 * size < p.shape[1] and p.shape[1] >= max(_LONG_ROW, len(p)):
        return _count_items(rng, size, p)
    counts = rng.multinomial(size, p)
    # NumPy gives what rounding leaves over to the last entry: an absent outcome must stay absent.
    stray = (p[:, -1] == 0) & (counts[:, -1] > 0)
    if stray.any():
        counts[stray, p[stray].argmax(axis=1)] += counts[stray, -1]
        counts[stray, -1] = 0
    return counts


def _count_items(rng: np.random.Generator, size: int, p: Array) -> Counts:
    """Draw by inverse CDF: all rows in one increasing sequence, row i from 2i to about 2i + 1."""
    ends, start = np.cumsum(p, axis=1), 2.0 * np.arange(len(p))[:, None]
    items = rng.random((len(p), size))
    items *= ends[:, -1:]
    items += start
    ends += start
    # An item may be rounded up to the end of its row, where the next one begins.
    np.minimum(items, np.nextafter(ends[:, -1:], 0), out=items)
    picks = np.searchsorted(ends.ravel(), items.ravel(), side="right")
    return np.bincount(picks, minlength=p.size).reshape(p.shape)


def draw_subsamples(rng: np.random.Generator, counts: Array, total: int, wanted: int) -> Array:
    """Draw ``wanted`` items without replacement from each row of ``counts``.

    Parameters
    ----------
    rng : numpy.random.Generator
    counts : (m, n) float, whole numbers; rows sum to ``total``
    total : int, at most 10^15
    wanted : int in [1, total]

    Returns
    -------
    (m, n) float, whole numbers; rows sum to ``wanted``
    """
    if wanted == total:
        return counts
    if total >= _NUMPY_HYPERGEOMETRIC_LIMIT:
        return np.array([_draw_by_thinning(rng, row, total, wanted) for row in counts])
    whole = counts.astype(np.int64)
    if counts.shape[1] < len(counts):
        return _draw_by_outcome(rng, whole, wanted)
    drawn = [rng.multivariate_hypergeometric(row, wanted, method="marginals") for row in whole]
    return np.array(drawn, dtype=np.float64)


def _draw_by_outcome(rng: np.random.Generator, counts: Counts, wanted: int) -> Array:
    """Draw each outcome's share of what is still wanted, all runs together."""
    drawn = np.empty(counts.shape)
    left, rest = np.full(len(counts), wanted), counts.sum(axis=1)
    for i, there in enumerate(counts.T[:-1]):
        rest -= there
        taken = rng.hypergeometric(there, rest, left)
        drawn[:, i] = taken
        left -= taken
    drawn[:, -1] = left
    return drawn
