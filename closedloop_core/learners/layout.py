"""An n-gram model at one temperature, laid out for writing.

All rows of all levels stand in one rising sequence of whole numbers: row r from r to r + 1 in
units of 2^-40. A word of a text is one search in it. An *entry* is a listed word of a row; a last
entry of each row leads to the row below, for what falls beyond the listed words. Next: `writing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from closedloop_core.learners.levels import Level
from closedloop_core.learners.tempering import Tempered

Whole = NDArray[np.int64]
BITS = 40
ONE = 1 << BITS
LONG = 30_000  # entries from which on it pays to begin a search near its end
_PARTS = 4  # of a row, for each of its entries
_ENDS = 8  # kinds of last bits, for each mark


@dataclass(frozen=True)
class Marks:
    """Which words rows list: whole numbers, (m,) int64, rising; most of those asked for are none.

    A number that none of them shares its last bits with is no mark: a search is spared.
    """

    values: Whole

    def find(self, wanted: Whole) -> tuple[Whole, Whole]:
        """Return which of the wanted numbers (n,) are marks, and the place of each of these."""
        (likely,) = self._ends.take(wanted & (len(self._ends) - 1)).nonzero()
        wanted = wanted.take(likely)
        places = self.values.searchsorted(wanted)
        is_mark = self.values.take(places, mode="clip") == wanted
        return likely[is_mark], places[is_mark]

    @cached_property
    def _ends(self) -> NDArray[np.bool_]:
        size = 1 << (_ENDS * len(self.values)).bit_length()
        found = np.zeros(size, dtype=np.bool_)
        found[self.values & (size - 1)] = True
        return found


@dataclass(frozen=True)
class Layout:
    """A model at one temperature.

    Attributes
    ----------
    ends : (entries,) int64, rising: where each entry ends, in units of 2^-40
    words : (entries,) int64; the number of kinds of words where the row below decides
    marks : (entries,) int64, rising: its row times (kinds + 1), plus its word
    goes : (entries,) int64, the row that comes next; below 0: ``~row`` of the row below, or -1
        where nothing is known to follow, without smoothing
    sizes : (rows,) int64, entries of each row
    below : (rows,) int64, the row below each; -1 where there is none
    first_asked : (rows,) int64, the row itself, or the row below one of the longest contexts
    first_top : int, the first entry of the rows of the longest contexts, which stand last
    kinds, depth : int, kinds of words, and levels
    """

    ends: Whole
    words: Whole
    marks: Whole
    goes: Whole
    sizes: Whole
    below: Whole
    first_asked: Whole
    first_top: int
    kinds: int
    depth: int

    def find(self, rows: Whole, uniforms: Whole) -> Whole:
        """Return the entry that is drawn in each row, (texts,), from uniform numbers (texts,)."""
        wanted = (rows << BITS) + uniforms
        if len(self.ends) < LONG:
            return self.ends.searchsorted(wanted, side="right")
        first, parts, entries = self._parts
        places = first.take(rows) + (uniforms * parts.take(rows) >> BITS)
        found = entries.take(places).astype(np.int64)
        (later,) = (self.ends.take(found) <= wanted).nonzero()
        if len(later):
            found[later] = self.ends.searchsorted(wanted.take(later), side="right")
        return found

    @cached_property
    def listed(self) -> Marks:
        """The words that all rows list."""
        return Marks(self.marks)

    @cached_property
    def listed_below(self) -> Marks:
        """The words that rows list which are not of the longest contexts."""
        return Marks(self.marks[: self.first_top])

    @cached_property
    def _parts(self) -> tuple[Whole, Whole, NDArray[np.int32]]:
        """Where searches begin (Chen and Asau 1974): a row of d entries is cut into 4 d parts.

        The first part of each row and how many it has, (rows,) each, and the entry that each part
        begins in, (parts,).
        """
        row, parts = np.repeat(np.arange(len(self.sizes)), self.sizes), _PARTS * self.sizes
        first, total = np.cumsum(parts) - parts, _PARTS * len(self.ends)
        # A row's last entry ends where the next row begins: in its own last part, that is.
        inside = np.minimum(self.ends - (row << BITS), ONE - 1)
        ends_in = first[row] + (inside * parts[row] >> BITS)
        # An entry that ends in a part is not one that a later part begins in.
        entries = np.zeros(total, dtype=np.int32)
        np.cumsum(np.bincount(ends_in, minlength=total)[:-1], dtype=np.int32, out=entries[1:])
        return first, parts, entries


def lay_out(levels: Sequence[Level], tempered: Sequence[Tempered], kinds: int) -> Layout:
    """Lay a tempered model out for writing; the levels from the lowest up."""
    sizes = [np.diff(level.edges) + (level.lower_row is not None) for level in levels]
    firsts = np.cumsum([0, *(size.sum() for size in sizes)]).tolist()
    offset, below = 0, 0
    parts = tuple(np.empty(firsts[-1], dtype=np.int64) for _ in range(4))
    for level, now, leads, own in zip(
        levels, tempered, leads_of(levels), pairwise(firsts), strict=True
    ):
        _fill([part[slice(*own)] for part in parts], level, now, (offset, below), kinds, leads)
        below, offset = offset, offset + level.rows
    ends, words, marks, goes = parts
    rows_below = _rows_below(levels)
    return Layout(
        ends=ends,
        words=words,
        marks=marks,
        goes=goes,
        sizes=np.concatenate(sizes),
        below=rows_below,
        first_asked=np.where(np.arange(offset) >= below, rows_below, np.arange(offset)),
        first_top=firsts[-2],
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


def _fill(
    parts: Sequence[Whole],
    level: Level,
    now: Tempered,
    first_rows: tuple[int, int],
    kinds: int,
    leads: Whole,
) -> None:
    """Fill in the ends, words, marks and goes of a level, (entries,) each.

    ``first_rows`` are the numbers of its first row and of that of the level below, ``leads`` the
    row that each of its words leads to.
    """
    ends, words, marks, goes = parts
    first, below = first_rows
    reach = np.cumsum(now.listed)
    before = np.concatenate([[0.0], reach])[level.edges[:-1]]
    inside = np.minimum((reach - before[level.row]) * ONE, ONE).astype(np.int64)
    row = level.row + first
    places: Whole | slice = slice(None)
    if level.lower_row is None:
        inside[level.edges[1:] - 1] = ONE
    else:
        # A last entry of each row leads down.
        places = np.arange(len(inside)) + level.row
        rows = np.arange(level.rows)
        last = level.edges[1:] + rows
        ends[last] = (rows + (first + 1)) << BITS
        words[last] = kinds
        marks[last] = (rows + first) * (kinds + 1) + kinds
        goes[last] = ~(level.lower_row + below)
    ends[places] = inside + (row << BITS)
    words[places] = level.words
    marks[places] = row * (kinds + 1) + level.words
    goes[places] = leads
