"""Writing with n-gram models: many texts side by side, one search a word for all of them.

What falls beyond a row's listed words goes on in the row below, with another random number. A text
that comes to a dead end begins anew. Next: `model`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from closedloop_core.learners.layout import BITS, ONE, Layout, Whole
from closedloop_core.learners.levels import Level
from closedloop_core.measures import Array


@dataclass(frozen=True)
class Starts:
    """Where texts begin: contexts drawn from a dataset, each as often as it stands there.

    Attributes
    ----------
    rows : (contexts,) int64
    ends : (contexts,) int64, rising: where each ends among all n-grams
    base, total : (chains,) int64, which of the n-grams each text draws from: ``total`` from
        ``base`` on
    """

    rows: Whole
    ends: Whole
    base: Whole
    total: Whole

    @classmethod
    def of(cls, top: Level, layout: Layout, chains: int) -> "Starts":
        """Return the contexts of a model's top level."""
        ends = np.cumsum(top.row_sums(top.counts)).astype(np.int64)
        rows = len(layout.is_top) - top.rows + np.arange(top.rows, dtype=np.int64)
        return cls(rows, ends, np.zeros(chains, dtype=np.int64), np.full(chains, ends[-1]))

    @classmethod
    def beside(cls, several: Sequence["Starts"], offsets: Sequence[int]) -> "Starts":
        """Return the starts of several groups of texts, whose rows begin at ``offsets``."""
        if len(several) == 1:
            return several[0]
        sizes = np.cumsum([0, *(int(one.ends[-1]) for one in several)]).tolist()
        return cls(
            np.concatenate([one.rows + at for one, at in zip(several, offsets, strict=True)]),
            np.concatenate([one.ends + at for one, at in zip(several, sizes, strict=False)]),
            np.concatenate([one.base + at for one, at in zip(several, sizes, strict=False)]),
            np.concatenate([one.total for one in several]),
        )

    def draw(self, chains: Whole | slice, uniforms: Array) -> Whole:
        """Return the row that each of the texts begins in, from uniform numbers."""
        items = self.base[chains] + (uniforms * self.total[chains]).astype(np.int64)
        return self.rows[self.ends.searchsorted(items, side="right")]


@dataclass(frozen=True)
class Uniforms:
    """The random numbers of texts: one for each word, and one each time a row passes it on.

    Attributes
    ----------
    start : (chains,) float, for the beginnings
    words : (steps, depth, chains) int64, in units of 2^-40
    """

    start: Array
    words: Whole

    @classmethod
    def drawn(cls, rng: np.random.Generator, steps: int, chains: int, depth: int) -> "Uniforms":
        """Draw them word by word, so that a longer text keeps the numbers of a shorter one."""
        start = rng.random(chains)
        return cls(start, rng.integers(0, ONE, (steps, max(depth, 2), chains), dtype=np.int64))

    @classmethod
    def beside(cls, several: Sequence["Uniforms"]) -> "Uniforms":
        """Return the numbers of several groups of texts as those of one."""
        if len(several) == 1:
            return several[0]
        return cls(
            np.concatenate([one.start for one in several]),
            np.concatenate([one.words for one in several], axis=2),
        )


def write(layout: Layout, rows: Whole, uniforms: Whole, starts: Starts) -> tuple[Whole, Whole]:
    """Write word after word, all texts together.

    Parameters
    ----------
    layout : Layout
    rows : (chains,) int, the rows that texts begin in
    uniforms : (steps, depth, chains) int, of `Uniforms`
    starts : Starts, where texts begin anew that have come to a dead end

    Returns
    -------
    entries : (steps, chains) int, the entry of each word
    states : (steps + 1, chains) int, the row that each word was drawn in, and the next
    """
    steps, _, chains = uniforms.shape
    entries = np.empty((steps, chains), dtype=np.int64)
    states = np.empty((steps + 1, chains), dtype=np.int64)
    states[0] = rows << BITS
    ends, goes, place = layout.ends, layout.goes, np.empty(chains, dtype=np.int64)
    for step in range(steps):
        following = states[step + 1]
        np.add(states[step], uniforms[step, 0], out=place)
        entries[step] = found = ends.searchsorted(place, side="right")
        np.take(goes, found, out=following, mode="clip")
        if following.min() < 0:
            fell = np.flatnonzero(following < 0)
            if layout.depth == 1:
                following[fell] = starts.draw(fell, uniforms[step, 1, fell] / ONE) << BITS
            else:
                luck = uniforms[step].take(fell, axis=1)
                passed = states[step].take(fell) >> BITS
                entries[step, fell], following[fell] = _descend(
                    layout, passed, following.take(fell), luck
                )
    states >>= BITS
    return entries, states


def _descend(layout: Layout, passed: Whole, goes: Whole, luck: Whole) -> tuple[Whole, Whole]:
    """Draw words in the rows below those that passed them on; return entries and next rows.

    ``goes`` is ``~beginning`` of the row below; ``luck`` is (depth, words).
    """
    entries, following, landed = (np.empty_like(goes) for _ in range(3))
    left = np.arange(len(goes))
    for depth in range(1, layout.depth):
        begins = ~goes
        found = layout.ends.searchsorted(begins + luck[depth].take(left), side="right")
        entries[left], landed[left] = found, begins
        goes = layout.goes.take(found)
        following[left] = goes
        is_passed = goes < 0
        if not is_passed.any():
            break
        left, goes = left[is_passed], goes[is_passed]
    # A row above may list the word that was drawn below: then it leads to a longer context. The
    # longest contexts need not be asked: what they list leads on like the row below them.
    first = np.where(layout.is_top.take(passed), layout.below.take(passed), passed)
    landed >>= BITS
    above = np.flatnonzero(first != landed)
    if len(above):
        words = layout.words(entries[above])
        goes = lead_on(layout, first[above], words, landed[above])
        following[above] = np.where(goes >= 0, goes, following[above])
    return entries, following


def lead_on(layout: Layout, rows: Whole, words: Whole, until: Whole) -> Whole:
    """Return where the highest row that lists a word leads; -1 where none does above ``until``."""
    goes, left = np.full(len(rows), -1, dtype=np.int64), np.arange(len(rows))
    while len(left):
        wanted = rows * (layout.kinds + 1) + words[left]
        places = layout.marks.searchsorted(wanted)
        is_listed = layout.marks.take(places, mode="clip") == wanted
        goes[left[is_listed]] = layout.goes[places[is_listed]]
        rows = layout.below[rows]
        goes_on = ~is_listed & (rows != until[left])
        left, rows = left[goes_on], rows[goes_on]
    return goes
