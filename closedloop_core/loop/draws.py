"""Random counts, each by the fastest exact method for its sizes; and the streams they come from.

`draw_counts` and `draw_subsamples` draw for many runs at once, the rows of an array. A single run
is drawn item by item while items are few. NumPy releases the interpreter's lock while it draws, so
that threads draw at the same time. Next: `simulate`.
"""

import numpy as np
from numpy.typing import NDArray

from closedloop_core.measures import Array
from closedloop_core.settings.params import LoopParams

NUMPY_HYPERGEOMETRIC_LIMIT = 10**9
_FEW_ITEMS = 64

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
    # Item by item is faster while items are few, but below a hundred outcomes not by much. With
    # fewer rows than outcomes, the offsets of the rows cost no more digits than the sums do anyway.
    if 2 * size < p.shape[1] and p.shape[1] >= max(_LONG_ROW, len(p)):
        return _count_items(rng, size, p)
    counts = rng.multinomial(size, p)
    # NumPy gives the last entry what rounding leaves over: an absent outcome must stay absent.
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
    if total >= NUMPY_HYPERGEOMETRIC_LIMIT:
        return np.array([draw_by_thinning(rng, row, total, wanted) for row in counts])
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


def random_stream(params: LoopParams, generation: int, *purpose: int) -> np.random.Generator:
    """Return the random numbers that belong to one generation of a single run.

    Parameters
    ----------
    params : LoopParams, for its seed
    generation : int >= 0
    *purpose : int, so that different uses in one generation have different numbers

    Returns
    -------
    numpy.random.Generator, always in the same state for the same arguments

    Notes
    -----
    The first part of the key is 0, the number of a single run; ensembles count from 1 (`blocks`).
    """
    key = (0, generation, *purpose)
    return np.random.default_rng(np.random.SeedSequence(params.seed, spawn_key=key))


def inverse_cdf(uniforms: Array, weights: Array) -> NDArray[np.intp]:
    """Turn uniform random numbers into outcomes that are drawn in proportion to weights.

    Parameters
    ----------
    uniforms : (k,) float in [0, 1)
    weights : (n,) float >= 0; they need not sum to 1, and one of 0 is never picked

    Returns
    -------
    (k,) int, outcomes
    """
    cumulative = weights.cumsum()
    # Divided by its own last entry, the sum ends at exactly 1, above any uniform number.
    cumulative /= cumulative[-1]
    return cumulative.searchsorted(uniforms, side="right")


def count_by_multinomial(rng: np.random.Generator, size: int, p: Array) -> Array:
    """Draw ``size`` items from the law ``p``, (n,), and return their numbers by outcome, (n,)."""
    # Over the support only: NumPy gives the rounding remainder to the last entry, which would
    # let an absent outcome return.
    counts = np.zeros(len(p))
    present = p > 0
    counts[present] = rng.multinomial(size, p[present])
    return counts


def draw_positions(rng: np.random.Generator, counts: Array, total: int, wanted: int) -> Array:
    """Draw items without replacement one by one, and count them by outcome.

    Parameters
    ----------
    rng : numpy.random.Generator
    counts : (n,) float, whole numbers that sum to ``total``
    total : int
    wanted : int in [0, total]

    Returns
    -------
    (n,) float, whole numbers that sum to ``wanted``
    """
    if wanted > total // 2:
        return counts - draw_positions(rng, counts, total, total - wanted)
    return _count_positions(_distinct_positions(rng, total, wanted), counts)


def draw_by_thinning(rng: np.random.Generator, counts: Array, total: int, wanted: int) -> Array:
    """Draw items without replacement and count them by outcome; exact for totals up to 10^15.

    Given their sum, independent Binomial(c_i, f) counts are a sample without replacement. The sum
    misses ``wanted`` by about its square root; that rest is drawn, or taken out, the same way.

    Parameters
    ----------
    rng : numpy.random.Generator
    counts : (n,) float, whole numbers that sum to ``total``
    total : int, at most 10^15
    wanted : int in [0, total]

    Returns
    -------
    (n,) float, whole numbers that sum to ``wanted``
    """
    if wanted <= _FEW_ITEMS:
        return draw_positions(rng, counts, total, wanted)
    drawn = rng.binomial(counts.astype(np.int64), wanted / total).astype(np.float64)
    surplus = int(drawn.sum()) - wanted
    if surplus > 0:
        return drawn - draw_by_thinning(rng, drawn, int(drawn.sum()), surplus)
    rest = counts - drawn
    return drawn + draw_by_thinning(rng, rest, int(rest.sum()), -surplus)


def _distinct_positions(rng: np.random.Generator, total: int, wanted: int) -> NDArray[np.int64]:
    """Draw ``wanted`` <= total / 2 distinct positions, uniformly, by rejecting repeats."""
    positions = np.empty(0, dtype=np.int64)
    while len(positions) < wanted:
        fresh = (rng.random(wanted) * total).astype(np.int64)
        both = np.concatenate([positions, fresh])
        # The first of each repeated position stays, in the order drawn.
        positions = both[np.sort(np.unique(both, return_index=True)[1])][:wanted]
    return positions


def _count_positions(positions: NDArray[np.int64], counts: Array) -> Array:
    ends = np.cumsum(counts)
    picks = np.searchsorted(ends, positions, side="right")
    return np.bincount(picks, minlength=len(counts)).astype(np.float64)
