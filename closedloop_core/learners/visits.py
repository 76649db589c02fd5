"""How often a long text comes to each context, exactly: the walk's stationary law.

A model with smoothing never comes to a dead end, and every word can follow every other: repeating
the step settles. Without smoothing `stationary` solves it. Next: `stationary`.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from closedloop_core.learners.layout import leads_of
from closedloop_core.learners.levels import Level
from closedloop_core.learners.tempering import Tempered
from closedloop_core.measures import Array

_ROUNDS, _SETTLED = 3_000, 1e-12


def visits(levels: Sequence[Level], tempered: Sequence[Tempered]) -> Array:
    """Return how often a long text is in each row of a model with smoothing.

    Parameters
    ----------
    levels, tempered : from level 1 up

    Returns
    -------
    (rows,) float, of all levels; the sum is 1

    Notes
    -----
    From the dataset's contexts on, half a step at a time (so that no cycle keeps it from
    settling), until a step changes less than 1e-12, or for 3,000 steps. Ours.
    """
    first = np.cumsum([0, *(level.rows for level in levels)]).tolist()
    leads, top = leads_of(levels), levels[-1]
    mass = np.zeros(first[-1])
    mass[first[-2] :] = top.row_sums(top.counts) / top.counts.sum()
    for _ in range(_ROUNDS):
        parts = [mass[begin:end] for begin, end in pairwise(first)]
        after = np.zeros_like(mass)
        for lead, said in zip(leads, _said(levels, tempered, parts), strict=True):
            after += np.bincount(lead, weights=said, minlength=len(mass))
        moved = np.abs(after - mass).sum()
        mass = 0.5 * (mass + after)
        if moved < _SETTLED:
            break
    return mass


def _said(
    levels: Sequence[Level], tempered: Sequence[Tempered], mass: Sequence[Array]
) -> list[Array]:
    """Return how often each listed word is said next by texts that are in these rows.

    Each word of a context counts once: at the highest level that lists it, for there it leads to
    the longest context. The top level is an exception: its words lead on like those below them.
    """
    found: list[Array] = []
    fallen: Any = 0.0
    above: Any = 0.0  # of what fell, the part whose words a row above lists
    for at in reversed(range(len(levels))):
        level, now = levels[at], tempered[at]
        here, is_top = mass[at] + fallen, at == len(levels) - 1
        found.append(here[level.row] * (now.listed if is_top else now.whole) - above)
        if level.lower_row is None or level.lower is None:
            break
        below, down = levels[at - 1], here * now.back
        fallen, above = np.bincount(level.lower_row, weights=down, minlength=below.rows), 0.0
        if not is_top:
            words = down[level.row] * tempered[at - 1].whole[level.lower]
            above = np.bincount(level.lower, weights=words, minlength=len(below.keys))
    return found[::-1]
