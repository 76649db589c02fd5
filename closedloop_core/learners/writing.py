"""Writing with n-gram models: many texts side by side, one search a word for all of them.

What falls beyond a row's listed words goes on in the row below, with another random number. A text
that comes to a dead end begins anew. Next: `model`.
"""

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
    """

    rows: Whole
    ends: Whole

    @classmethod
    def of(cls, top: Level, layout: Layout) -> "Starts":
        """Return the contexts of a model's top level."""
        ends = np.cumsum(top.row_sums(top.counts)).astype(np.int64)
        return cls(len(layout.is_top) - top.rows + np.arange(top.rows, dtype=np.int64), ends)

    def draw(self, uniforms: Array) -> Whole:
        """Return the row that each of the texts begins in, from uniform numbers."""
        items = (uniforms * self.ends[-1]).astype(np.int64)
        return self.rows[self.ends.searchsorted(items, side="right")]


def draw_uniforms(rng: np.random.Generator, steps: int, chains: int, depth: int) -> Whole:
    """Draw the random numbers of texts: (steps, depth, chains) int64, in units of 2^-40.

    One for each word, and one for each time a row may pass it on; word by word, so that a longer
    text keeps the numbers of a shorter one.
    """
    return rng.integers(0, ONE, (steps, max(depth, 2), chains), dtype=np.int64)


def write(layout: Layout, rows: Whole, uniforms: Whole, starts: Starts) -> tuple[Whole, Whole]:
    """Write word after word, all texts together.

    Parameters
    ----------
    layout : Layout
    rows : (chains,) int, the rows that texts begin in
    uniforms : (steps, depth, chains) int, of `draw_uniforms`
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
        here, following, luck = states[step], states[step + 1], uniforms[step]
        np.add(here, luck[0], out=place)
        entries[step] = found = ends.searchsorted(place, side="right")
        np.take(goes, found, out=following, mode="clip")
        (fell,) = (following < 0).nonzero()
        if len(fell):
            luck = luck.take(fell, axis=1)
            if layout.depth == 1:
                following[fell] = starts.draw(luck[1] / ONE) << BITS
            else:
                passed, begins = here.take(fell) >> BITS, ~following.take(fell)
                entries[step, fell], following[fell] = _descend(layout, passed, begins, luck)
    states >>= BITS
    return entries, states


def _descend(layout: Layout, passed: Whole, begins: Whole, luck: Whole) -> tuple[Whole, Whole]:
    """Draw words in the rows below those that passed them on; return entries and next rows.

    ``begins`` is the beginning of the row below; ``luck`` is (depth, words).
    """
    entries = layout.ends.searchsorted(begins + luck[1], side="right")
    goes, landed = layout.goes.take(entries), begins
    (left,) = (goes < 0).nonzero()
    depth = 2
    while len(left):
        begins = ~goes.take(left)
        found = layout.ends.searchsorted(begins + luck[depth].take(left), side="right")
        after = layout.goes.take(found)
        entries[left], goes[left], landed[left] = found, after, begins
        left = left[after < 0]
        depth += 1
    # A row above may list the word that was drawn below: then it leads to a longer context. The
    # longest contexts need not be asked: what they list leads on like the row below them.
    landed >>= BITS
    first = np.where(layout.is_top.take(passed), layout.below.take(passed), passed)
    (above,) = (first != landed).nonzero()
    if len(above):
        words = layout.words.take(entries.take(above))
        longer = lead_on(layout, first.take(above), words, landed.take(above))
        goes[above] = np.where(longer >= 0, longer, goes.take(above))
    return entries, goes


def lead_on(layout: Layout, rows: Whole, words: Whole, until: Whole) -> Whole:
    """Return where the highest row that lists a word leads; -1 where none does above ``until``."""
    wanted = rows * (layout.kinds + 1) + words
    places = layout.marks.searchsorted(wanted)
    is_listed = layout.marks.take(places, mode="clip") == wanted
    goes = np.where(is_listed, layout.goes.take(places, mode="clip"), -1)
    rows = layout.below.take(rows)
    (left,) = (~is_listed & (rows != until)).nonzero()
    if len(left):
        goes[left] = lead_on(layout, rows[left], words[left], until[left])
    return goes
