"""What a model knows: where a context stands in its tables, and the probability of given n-grams.

Next: `model`.
"""

from collections.abc import Sequence

import numpy as np

from closedloop_core.learners.levels import Level, Places
from closedloop_core.learners.smoothing import Beliefs
from closedloop_core.learners.table import Keys, find, key_of
from closedloop_core.measures import Array


def row_of(levels: Sequence[Level], context: Sequence[int], kinds: int) -> int:
    """Return the row, numbered through all levels, of the longest known end of a context.

    ``context`` are word numbers, -1 for a word that has none; -1 where no end is known.
    """
    first = np.cumsum([0, *(level.rows for level in levels)]).tolist()
    for at in reversed(range(len(levels))):
        level = levels[at]
        last = context[len(context) - level.k + 1 :]
        if len(last) == level.k - 1 and -1 not in last:
            (place,), (is_known,) = find(level.contexts, np.array([key_of(last, kinds)]))
            if is_known:
                return int(first[at] + place)
    return -1


def probabilities_of_ends(
    levels: Sequence[Level],
    beliefs: Sequence[Beliefs],
    ends: Sequence[tuple[Keys, Places]],
    kinds: int,
) -> Array:
    """Return the probabilities of n-grams by way of their ends, the shortest first.

    Parameters
    ----------
    levels, beliefs : of the model, from the lowest level up
    ends : for one word up to all, the keys of the different ends, and for each the place of its own
        end, one word shorter, in those before it (`NGrams.ends`)
    kinds : int

    Returns
    -------
    (m,) float, of the whole n-grams
    """
    p: Array = np.zeros(1)
    for level, belief in zip(levels, beliefs, strict=True):
        keys, lower = ends[level.k - 1]
        below = p[lower] if level.k > levels[0].k else np.zeros(len(keys))
        places, is_listed = find(level.keys, keys)
        rows, is_known = find(level.contexts, keys // kinds)
        backed = np.where(is_known, belief.gamma[rows] * below, below)
        p = np.where(is_listed, belief.p[places], backed)
    return p
