"""What is measured of texts: variety, loops they have fallen into, and passages copied."""

import math

import numpy as np
from numpy.typing import NDArray

from closedloop_core.learners.counting import fingerprints
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.table import keys_of, starts

_ROUNDS = 3  # times that a text must have gone round before that is a loop
LONGEST = 3  # words of the passages of which the different ones are counted


def distinct_shares(texts: NDArray[np.int64], kinds: int) -> tuple[float, ...]:
    """Return distinct-1, -2 and -3: the different passages of n words, as a share of all.

    Parameters
    ----------
    texts : (chains, steps) int, word numbers
    kinds : int

    Notes
    -----
    Source: Li et al. 2016 (distinct-n). 1 where texts are too short to hold a passage.
    """
    found = []
    for length in range(1, LONGEST + 1):
        if texts.shape[1] < length:
            found.append(1.0)
            continue
        keys = np.sort(keys_of(texts, length, kinds), axis=None)
        found.append(float(np.count_nonzero(starts(keys)) / len(keys)))
    return tuple(found)


def loop_period(texts: NDArray[np.int64]) -> int:
    """Return the period, in words, of the loop that texts have fallen into; 0 for none.

    The smallest p with which at least half of the texts end in three rounds of p words.

    Parameters
    ----------
    texts : (chains, steps) int, word numbers
    """
    steps = texts.shape[1]
    for period in range(1, steps // _ROUNDS + 1):
        tail = texts[:, steps - _ROUNDS * period :]
        goes_round = (tail[:, period:] == tail[:, :-period]).all(axis=1)
        if goes_round.mean() >= 0.5:
            return period
    return 0


def copied_share(texts: NDArray[np.int64], source: NGrams) -> float:
    """Return the share of passages of eight words that stand in the source's text as they are.

    ``texts`` is (texts, words).

    NaN where only counts of the source are known, or texts are shorter than eight words.
    """
    if source.passages is None:
        return math.nan
    ours = fingerprints(texts).ravel()
    if not len(ours) or not len(source.passages):
        return math.nan
    places = np.minimum(source.passages.searchsorted(ours), len(source.passages) - 1)
    return float((source.passages[places] == ours).mean())


def fresh_distance(source: NGrams, size: int) -> float:
    """Return the distance that fresh words of the source keep from it: luck alone, exactly.

    The expected total variation between the law of ``size`` words drawn from the source, one by
    one, and the source's own.

    Notes
    -----
    Half the sum of the mean deviations of binomial counts (de Moivre 1730):
    E|X - kq| = 2 m P(X = m) (1 - q) with m the whole part of kq, plus 1.
    """
    q = source.word_shares()
    q = q[(q > 0) & (q < 1)]
    above = np.floor(size * q) + 1
    log_chance = np.array(
        [
            math.lgamma(size + 1) - math.lgamma(m + 1) - math.lgamma(size - m + 1)
            if m <= size
            else -math.inf
            for m in above.tolist()
        ]
    )
    log_chance += above * np.log(q) + (size - above) * np.log1p(-q)
    return float((above * np.exp(log_chance) * (1 - q)).sum() / size)
