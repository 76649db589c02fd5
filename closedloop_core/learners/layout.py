"""An n-gram model at one temperature, laid out for writing.

All rows of all levels stand in one rising sequence of whole numbers: row r from r to r + 1 in
units of 2^-40. A word of a text is one search in it. An *entry* is a listed word of a row; a last
entry of each row leads to the row below, for what falls beyond the listed words. Next: `writing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from closedloop_core.learners.levels import Level
from closedloop_core.learners.tempering import Tempered
from closedloop_core.measures import Array

Whole = NDArray[np.int64]
BITS = 40
ONE = 1 << BITS


@dataclass(frozen=True)
class Layout:
    """A model at one temperature.

    Attributes
    ----------
    ends : (entries,) int64, rising: where each entry ends, in units of 2^-40
    words : (entries,) int64; the number of kinds of words where the row below decides
    marks : (entries,) int64, rising: its row times (kinds + 1), plus its word
    goes : (entries,) int64, where the row begins that comes next, in the same units; below 0:
        ``~beginning`` of the row below, or -1 where nothing is known to follow
    below : (rows,) int64, the row below each; -1 where there is none
    first_asked : (rows,) int64, the row itself, or the row below one of the longest contexts
    first_top : int, the first entry of the rows of the longest contexts, which stand last
    entropy : (rows,) float, of the next word, in nats
    kinds, depth : int, kinds of words, and levels
    """

    ends: Whole
    words: Whole
    marks: Whole
    goes: Whole
    below: Whole
    first_asked: Whole
    first_top: int
    entropy: Array
    kinds: int
    depth: int


def lay_out(levels: Sequence[Level], tempered: Sequence[Tempered], kinds: int) -> Layout:
    """Lay a tempered model out for writing; the levels from the lowest up."""
    offset, below = 0, 0
    parts: list[tuple[Whole, Whole, Whole, Whole]] = []
    for level, now, leads in zip(levels, tempered, leads_of(levels), strict=True):
        goes = np.where(leads >= 0, leads << BITS, -1)
        parts.append(_entries(level, now, offset, below, kinds, goes))
        below, offset = offset, offset + level.rows
    ends, words, marks, goes = (np.concatenate([part[i] for part in parts]) for i in range(4))
    rows_below = _rows_below(levels)
    return Layout(
        ends=ends,
        words=words,
        marks=marks,
        goes=goes,
        below=rows_below,
        first_asked=np.where(np.arange(offset) >= below, rows_below, np.arange(offset)),
        first_top=len(ends) - len(parts[-1][0]),
        entropy=np.concatenate([now.entropy for now in tempered]),
        kinds=kinds,
        depth=len(levels),
    )


def leads_of(levels: Sequence[Level]) -> list[Whole]:
    """Return the row, numbered through all levels, that each listed word of each level leads to.

    It is that of the longest context that is known: -1 where none is, without smoothing. One
    array a level, (words,) int: one number for each word it lists.
    """
    found: list[Whole] = []
    first = np.cumsum([0, *(level.rows for level in levels)])
    for at, level in enumerate(levels):
        # At the top the last words are a context of the same level, elsewhere of the next.
        ahead = first[min(at + 1, len(levels) - 1)]
        unknown: Whole | int = -1 if len(levels) == 1 else 0  # row 0 is level 1: it follows all
        if level.lower is not None:
            unknown = found[-1][level.lower]
        found.append(np.where(level.goes >= 0, level.goes + ahead, unknown).astype(np.int64))
    return found


def _rows_below(levels: Sequence[Level]) -> Whole:
    parts, offset = [np.full(levels[0].rows, -1)], 0
    for lower, level in pairwise(levels):
        assert level.lower_row is not None  # only the lowest level has none
        parts.append(level.lower_row + offset)
        offset += lower.rows
    return np.concatenate(parts).astype(np.int64)


def _entries(
    level: Level, now: Tempered, offset: int, below: int, kinds: int, goes: Whole
) -> tuple[Whole, Whole, Whole, Whole]:
    """Return ends, words, marks and goes of a level whose rows begin at ``offset``."""
    reach = np.cumsum(now.listed)
    before = np.concatenate([[0.0], reach])[level.edges[:-1]]
    inside = np.minimum((reach - before[level.row]) * ONE, ONE).astype(np.int64)
    row = (level.row + offset).astype(np.int64)
    if level.lower_row is None:
        inside[level.edges[1:] - 1] = ONE
        return inside + (row << BITS), level.words, row * (kinds + 1) + level.words, goes
    # A last entry of each row leads down.
    places = np.arange(len(inside)) + level.row
    last = level.edges[1:] + np.arange(level.rows)
    size = len(inside) + level.rows
    ends, words, marks, all_goes = (np.empty(size, dtype=np.int64) for _ in range(4))
    ends[places], ends[last] = (
        inside + (row << BITS),
        np.arange(offset + 1, offset + 1 + level.rows) << BITS,
    )
    words[places], words[last] = level.words, kinds
    marks[places] = row * (kinds + 1) + level.words
    marks[last] = np.arange(offset, offset + level.rows) * (kinds + 1) + kinds
    all_goes[places], all_goes[last] = goes, ~((level.lower_row + below).astype(np.int64) << BITS)
    return ends, words, marks, all_goes
