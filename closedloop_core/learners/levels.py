"""The tables that an n-gram model is made of: one level for each length of context.

Level k lists the k-grams that are known, context by context. A model with smoothing backs off: the
counts of level k are the numbers of different words seen before each k-gram (Kneser and Ney 1995),
down to level 1, which lists every word. Without smoothing there is the top level alone.
Next: `smoothing`.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from closedloop_core.learners.table import Keys, NGramTable, find, rising_order, starts
from closedloop_core.measures import Array

Places = NDArray[np.intp]


@dataclass(frozen=True)
class Level:
    """The k-grams of one length, in rows: one row a context of k - 1 words.

    Attributes
    ----------
    k : int
    keys : (m,) int64, rising; their words, rows and counts: ``words``, ``row``, ``counts`` (m,)
    contexts : (rows,) int64, rising, the keys of the contexts
    edges : (rows + 1,) int, where each row begins, and the end
    lower, lower_row : (m,), (rows,) int or None, the same k-gram, and context, without its first
        word, one level below
    goes : (m,) int, the context of level k + 1 that this k-gram is, -1 where it is none; at the top
        the context that its last words are; -1 where they are none
    """

    k: int
    keys: Keys
    words: Keys
    row: Places
    counts: Array
    contexts: Keys
    edges: Places
    lower: Places | None
    lower_row: Places | None
    goes: Places

    @property
    def rows(self) -> int:
        """The number of contexts."""
        return len(self.contexts)

    def row_sums(self, values: Array) -> Array:
        """Add up values (m,) row by row: (rows,)."""
        return np.add.reduceat(values, self.edges[:-1])


def top_level(table: NGramTable) -> Level:
    """Return the only level of a model without smoothing."""
    level = _level(table.order, table.kinds, table.keys, table.counts)
    places, known = find(level.contexts, table.keys % table.kinds ** (table.order - 1))
    return replace(level, goes=np.where(known, places, -1))


def back_off_levels(table: NGramTable) -> list[Level]:
    """Return the levels of a model with smoothing, from level 1, which lists every word, up."""
    kinds = table.kinds
    level = _level(table.order, kinds, table.keys, table.counts)
    if table.order == 1:
        counts = np.zeros(kinds)
        counts[table.keys] = table.counts
        everything = np.arange(kinds, dtype=np.int64)
        return [_level(1, kinds, everything, counts)]
    levels = [level]
    for k in range(table.order - 1, 0, -1):
        rest = level.keys % kinds**k
        if k == 1:
            keys, lower, known_at = np.arange(kinds, dtype=np.int64), rest, level.contexts
        else:
            keys, lower, known_at = _listed_below(rest, level.contexts, kinds**k)
        # What only stands there as a context was never seen after another word.
        seen = lower if level.counts.all() else lower[level.counts > 0]
        counts = np.bincount(seen, minlength=len(keys)).astype(np.float64)
        below = _level(k, kinds, keys, counts)
        goes = np.full(len(keys), -1, dtype=np.intp)
        goes[known_at] = np.arange(level.rows)
        below = replace(below, goes=goes)
        levels[0] = replace(level, lower=lower, lower_row=below.row[lower[level.edges[:-1]]])
        levels.insert(0, below)
        level = below
    top, second = levels[-1], levels[-2]
    assert top.lower is not None
    levels[-1] = replace(top, goes=second.goes[top.lower])
    return levels


def _level(k: int, kinds: int, keys: Keys, counts: Array) -> Level:
    codes = keys // kinds
    words = keys - codes * kinds
    begins = starts(codes)
    edges = np.append(np.flatnonzero(begins), len(keys))
    row, goes = np.cumsum(begins) - 1, np.zeros(len(keys), dtype=np.intp)
    return Level(k, keys, words, row, counts, codes[edges[:-1]], edges, None, None, goes)


def _listed_below(rest: Keys, contexts: Keys, limit: int) -> tuple[Keys, Places, Places]:
    """Return the different k-grams among ``rest`` and ``contexts``, and where each of both stands.

    A context is listed even where nothing stands before it: it is known. All keys are below
    ``limit``.
    """
    order = rising_order(rest, limit)
    ordered = rest[order]
    begins = starts(ordered)
    keys, number = ordered[begins], np.cumsum(begins) - 1
    known_at, is_there = find(keys, contexts)
    if not is_there.all():
        is_new = ~is_there
        known_at += keys[known_at] < contexts  # beyond the last there is no place to be found
        # Each makes room for those before it: the known ones by their places, contexts in turn.
        shift = np.cumsum(np.bincount(known_at[is_new], minlength=len(keys) + 1))[:-1]
        known_at += np.cumsum(is_new) - is_new
        both = np.empty(len(keys) + np.count_nonzero(is_new), dtype=np.int64)
        both[np.arange(len(keys)) + shift] = keys
        both[known_at[is_new]] = contexts[is_new]
        number += shift[number]
        keys = both
    lower = np.empty(len(rest), dtype=np.intp)
    lower[order] = number
    return keys, lower, known_at
