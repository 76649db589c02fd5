"""Writing with n-gram models: many texts side by side, one search a word for all of them.

What falls beyond a row's listed words goes on in the row below, with another random number. A text
that comes to a dead end begins anew. Next: `model`.
"""

from dataclasses import dataclass

import numpy as np

from closedloop_core.learners.layout import ONE, Layout, Marks, Whole
from closedloop_core.learners.levels import Level
from closedloop_core.measures import Array


@dataclass(frozen=True)
class Starts:
    """Where texts begin: contexts drawn from a dataset, each as often as it stands there.

    Attributes
    ----------
    rows : (contexts,) int64
    ends : (contexts,) int64, rising: where each ends among all n-grams, in units of 2^-40
    """

    rows: Whole
    ends: Whole

    @classmethod
    def of(cls, top: Level, layout: Layout) -> "Starts":
        """Return the contexts of a model's top level."""
        reach = np.cumsum(top.row_sums(top.counts))
        ends = (reach * (ONE / reach[-1])).astype(np.int64)
        ends[-1] = ONE
        return cls(len(layout.below) - top.rows + np.arange(top.rows, dtype=np.int64), ends)

    def draw(self, uniforms: Array) -> Whole:
        """Return the row that each of the texts begins in, from uniform numbers (texts,)."""
        items = (uniforms * ONE).astype(np.int64)
        found: Whole = self.rows[self.ends.searchsorted(items, side="right")]
        return found


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
    states[0] = rows
    for step in range(steps):
        here, following, luck = states[step], states[step + 1], uniforms[step]
        found = layout.find(here, luck[0])
        following[:] = layout.goes[found]
        (fell,) = (following < 0).nonzero()
        if len(fell):
            # Of several rows of an array `take` is many times as fast as an index.
            luck = luck.take(fell, axis=1)
            if layout.depth == 1:
                following[fell] = starts.draw(luck[1] / ONE)
            else:
                found[fell], following[fell] = _descend(layout, here[fell], ~following[fell], luck)
        entries[step] = found
    return entries, states


def _descend(layout: Layout, passed: Whole, landed: Whole, luck: Whole) -> tuple[Whole, Whole]:
    """Draw words in the rows below those that passed them on; return entries and next rows.

    ``passed`` and ``landed`` are these rows and those below, (words,); ``luck`` is (depth, words).
    """
    entries = layout.find(landed, luck[1])
    goes = layout.goes.take(entries)
    (left,) = (goes < 0).nonzero()
    depth = 2
    while len(left):
        rows = ~goes.take(left)
        found = layout.find(rows, luck[depth].take(left))
        after = layout.goes.take(found)
        entries[left], goes[left], landed[left] = found, after, rows
        left = left[after < 0]
        depth += 1
    # A row above may list the word that was drawn below: then it leads to a longer context. The
    # longest contexts need not be asked: what they list leads on like the row below them.
    first = layout.first_asked.take(passed)
    (above,) = (first != landed).nonzero()
    if len(above):
        leads, words = goes.take(above), layout.words.take(entries.take(above))
        rows, until = first.take(above), landed.take(above)
        lead_on(layout, layout.listed_below, rows, words, until, leads)
        goes[above] = leads
    return entries, goes


def lead_on(
    layout: Layout, listed: Marks, rows: Whole, words: Whole, until: Whole, goes: Whole
) -> None:
    """Write into ``goes`` where the highest row above ``until`` that lists a word leads.

    All are (words,), and ``listed`` says which rows are asked. Where none lists it ``goes`` stays.
    """
    which, places = listed.find(rows * (layout.kinds + 1) + words)
    goes[which] = layout.goes.take(places)
    rows = layout.below.take(rows)
    is_left = rows != until
    is_left[which] = False
    (left,) = is_left.nonzero()
    if len(left):
        leads = goes[left]
        lead_on(layout, listed, rows[left], words[left], until[left], leads)
        goes[left] = leads
