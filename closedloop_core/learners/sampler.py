"""A model at one temperature, perhaps truncated: next words, and texts.

Next: `model`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

import numpy as np

from closedloop_core.learners.layout import BITS, ONE, Layout, Whole, lay_out
from closedloop_core.learners.levels import Level
from closedloop_core.learners.smoothing import Beliefs
from closedloop_core.learners.tempering import Tempered, next_word_entropies, temper_levels
from closedloop_core.learners.truncation import Truncation
from closedloop_core.learners.writing import lead_on
from closedloop_core.measures import Array


@dataclass(frozen=True)
class Sampler:
    """A model at one temperature and truncation."""

    levels: Sequence[Level]
    beliefs: Sequence[Beliefs]
    tempered: Sequence[Tempered]
    kinds: int
    temperature: float
    truncation: Truncation

    @classmethod
    def of(
        cls,
        levels: list[Level],
        beliefs: list[Beliefs],
        kinds: int,
        temperature: float,
        truncation: Truncation,
    ) -> "Sampler":
        """Temper, and truncate at once where no row leaves anything to a row below."""
        tempered = temper_levels(levels, beliefs, temperature)
        if len(levels) == 1 and not truncation.is_off:
            level, now = levels[0], tempered[0]
            kept = truncation.of_groups(now.whole, level.row, level.edges)
            tempered = [replace(now, whole=kept, listed=kept)]
            truncation = Truncation()
        return cls(levels, beliefs, tempered, kinds, temperature, truncation)

    @cached_property
    def entropy(self) -> Array:
        """The entropy of the next word in each row, in nats: (rows,).

        After a truncation where there is one level; else before it, see `TruncatedLaws`.
        """
        if len(self.levels) == 1:
            (level,), (now,) = self.levels, self.tempered
            surprise = -np.log(np.where(now.whole > 0, now.whole, 1.0))
            return level.row_sums(now.whole * surprise)
        return np.concatenate(
            next_word_entropies(self.levels, self.beliefs, self.tempered, self.temperature)
        )

    @cached_property
    def layout(self) -> Layout:
        """The tables for writing."""
        return lay_out(self.levels, self.tempered, self.kinds)

    @cached_property
    def first_rows(self) -> list[int]:
        """The number of each level's first row, and the number of all rows."""
        return list(accumulate((level.rows for level in self.levels), initial=0))

    def laws(self, rows: Whole) -> Array:
        """Return the laws of the next word of rows, numbered through all levels: (rows, V)."""
        found = np.empty((len(rows), self.kinds))
        for at, first in enumerate(self.first_rows[:-1]):
            ours = (rows >= first) & (rows < self.first_rows[at + 1])
            if ours.any():
                found[ours] = self._laws(at, rows[ours] - first)
        return self.truncation.of_rows(found)

    def _laws(self, at: int, rows: Whole) -> Array:
        """Return laws of rows of one level: of the lowest one level, and what is listed above."""
        part, parts = np.ones(len(rows)), []
        for level, now in zip(self.levels[at::-1], self.tempered[at::-1], strict=True):
            parts.append((level, now, rows, part))
            if level.lower_row is not None:
                part, rows = part * now.back[rows], level.lower_row[rows]
        level, now, rows, part = parts.pop()
        if len(self.levels) > 1:
            found = part[:, None] * now.listed
        else:
            found = np.zeros((len(rows), self.kinds))
            parts.append((level, now, rows, part))
        for level, now, rows, part in reversed(parts):
            sizes = level.edges[rows + 1] - level.edges[rows]
            line = np.repeat(np.arange(len(rows)), sizes)
            within = np.arange(len(line)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            entries = level.edges[rows][line] + within
            found[line, level.words[entries]] += part[line] * now.listed[entries]
        return found

    def truncated_laws(self) -> "TruncatedLaws | None":
        """Return what writes with smoothing and truncation; None where the layout does."""
        return None if self.truncation.is_off else TruncatedLaws(self)


class TruncatedLaws:
    """Laws that leave out words, of the rows that texts have come to, in one rising sequence.

    A row's law is made, as a vector over the vocabulary, when a text first comes to it, and its
    entropy is known from then on: ``entropy`` (rows,), in nats.
    """

    def __init__(self, sampler: Sampler) -> None:
        self.sampler, self.known, self.size = sampler, 0, 0
        self.place = np.full(sampler.first_rows[-1], -1, dtype=np.int64)
        self.entropy = np.zeros(sampler.first_rows[-1])
        self.ends, self.words = (np.empty(1 << 16, dtype=np.int64) for _ in range(2))

    def write(self, rows: Whole, uniforms: Whole) -> tuple[Whole, Whole]:
        """Write word after word; as `writing.write`, but return words, and states.

        ``rows`` is (chains,), ``uniforms`` (steps, depth, chains); words are (steps, chains),
        states (steps + 1, chains).
        """
        steps, _, chains = uniforms.shape
        words = np.empty((steps, chains), dtype=np.int64)
        states = np.empty((steps + 1, chains), dtype=np.int64)
        states[0], nowhere, layout = rows, np.full(chains, -1), self.sampler.layout
        for step in range(steps):
            words[step] = self.draw(states[step], uniforms[step, 0])
            states[step + 1] = nowhere
            lead_on(layout, layout.listed, states[step], words[step], nowhere, states[step + 1])
        return words, states

    def draw(self, rows: Whole, uniforms: Whole) -> Whole:
        """Return a word drawn in each row."""
        new = np.unique(rows[self.place[rows] < 0])
        if len(new):
            self._add(new)
        where = (self.place[rows] << BITS) + uniforms
        return self.words[self.ends[: self.size].searchsorted(where, side="right")]

    def _add(self, rows: Whole) -> None:
        laws = self.sampler.laws(rows)
        line, words = np.nonzero(laws)
        p = laws[line, words]
        last = np.append(np.flatnonzero(np.diff(line)), len(line) - 1)
        self.entropy[rows] = np.bincount(line, weights=-p * np.log(p), minlength=len(rows))
        reach = np.cumsum(p)
        reach -= np.append(0.0, reach[last[:-1]])[line]
        ends = np.minimum(reach * ONE, ONE).astype(np.int64)
        ends[last] = ONE
        while self.size + len(ends) > len(self.ends):
            self.ends, self.words = (np.resize(a, 2 * len(a)) for a in (self.ends, self.words))
        new = slice(self.size, self.size + len(ends))
        self.ends[new], self.words[new] = ends + ((line + self.known) << BITS), words
        self.place[rows] = self.known + np.arange(len(rows))
        self.known, self.size = self.known + len(rows), new.stop
