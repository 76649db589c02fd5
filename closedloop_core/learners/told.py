"""The phrase that a bigram model ends up repeating, told before the first generation (ours).

Order 2, no smoothing, T < 1, `replace`, no external text: each word's favourite next word takes
over, so that texts end in cycles of favourites. Which cycle is decided while texts can still leave
one for another, by the infinite-sample loop; basins of the map of favourites mislead.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.checks import of_kind
from closedloop_core.learners.mean_field import Contexts
from closedloop_core.learners.settled_text import colder_and_colder
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.stationary import Arcs, stationary
from closedloop_core.measures import Array
from closedloop_core.settings.limits import ParameterError, checked

_FROZEN = 1e-3  # share of words outside the cycles when they are told
_NEVER = 1e-12  # how often a text comes to what favourites lead away from


@dataclass(frozen=True)
class ToldPhrase:
    """What a loop ends up repeating.

    Attributes
    ----------
    words : tuple of str, once around the cycle, from its most frequent word on; empty where the
        favourites lead to no cycle
    mass : float, the share of all words that stand in this cycle in the infinite-sample loop, when
        no more than a thousandth of them stand outside all cycles
    is_tied : bool, whether a word of the cycle has several favourites: then luck parts them, and
        the phrase told is one of those that may come
    """

    words: tuple[str, ...]
    mass: float
    is_tied: bool


def told_phrase(source: NGrams, temperature: float) -> ToldPhrase:
    """Tell the phrase that a bigram model without smoothing ends up repeating.

    The loop is ``replace`` without external text.

    Parameters
    ----------
    source : NGrams of order 2
    temperature : float in [0.02, 1)

    Returns
    -------
    ToldPhrase

    Raises
    ------
    ValueError
        If the order is not 2, or the temperature not below 1: nothing is told there.

    Notes
    -----
    Source: ours. Proved for infinitely long texts (docs/theory.md, section 6b); a sampled run may
    part ties otherwise, and freezes a little earlier.

    Examples
    --------
    >>> from closedloop_core import NGrams, told_phrase
    >>> source = NGrams.from_text('a rose is a rose is a rose and a daisy is no rose ' * 9, order=2)
    >>> told_phrase(source, 0.7).words  # what the cold loop ends up saying
    ('a', 'rose', 'is')
    """
    of_kind("source", source, NGrams, "NGrams")
    if source.order != 2:
        raise ParameterError("source", f"source must be of order 2, got {source.order}")
    temperature = float(checked("temperature", temperature))
    if temperature >= 1:
        raise ParameterError("temperature", f"temperature must be < 1, got {temperature}")
    contexts = Contexts.of(source)
    favourites = _Favourites.of(contexts)
    home = favourites.classes()
    mass = np.zeros(home.max() + 2)
    for _, _, visits in colder_and_colder(contexts, temperature):
        mass = np.bincount(home + 1, weights=visits, minlength=len(mass))
        if mass[0] < _FROZEN:
            break
    if len(mass) == 1:
        return ToldPhrase((), 0.0, False)
    best = int(np.argmax(mass[1:]))
    inside = np.flatnonzero(home == best)
    often = contexts.marginal(contexts.joint)
    cycle = favourites.cycle_from(int(inside[np.argmax(often[inside])]))
    first = int(np.argmax(often[cycle]))
    words = [source.vocabulary[contexts.level.contexts[h]] for h in cycle[first:] + cycle[:first]]
    is_tied = bool((favourites.many[inside] > 1).any())
    return ToldPhrase(tuple(words), float(mass[best + 1]), is_tied)


@dataclass(frozen=True)
class _Favourites:
    """The map from each context to its favourite next words.

    Attributes
    ----------
    arcs : Arcs, to the favourites alone; their probabilities, even where several are tied: ``p``
    many : (h,) int, how many favourites each context has
    """

    arcs: Arcs
    p: Array
    many: NDArray[np.intp]

    @classmethod
    def of(cls, contexts: Contexts) -> "_Favourites":
        level = contexts.level
        highest = np.maximum.reduceat(level.counts, level.edges[:-1])
        is_one = level.counts == highest[level.row]
        row = level.row[is_one]
        many = np.bincount(row, minlength=level.rows)
        return cls(Arcs(row, level.goes[is_one], level.rows), 1.0 / many[row], many)

    def classes(self) -> NDArray[np.intp]:
        """Return the number of the class that each context is in; -1 where favourites lead away.

        A class is what favourites never lead out of: a cycle, or several that ties connect.
        """
        count = self.arcs.contexts
        visits = stationary(self.arcs, self.p, np.full(count, 1.0 / count))
        stays = visits > _NEVER
        label = np.where(stays, np.arange(count), count)
        dead = self.arcs.goes < 0
        row, goes = self.arcs.row[~dead], self.arcs.goes[~dead]
        inside = stays[row]
        row, goes = row[inside], goes[inside]
        before = np.full(count, -1)
        while (label != before).any():
            before = label.copy()
            np.minimum.at(label, goes, before[row])
            np.minimum.at(label, row, before[goes])
        label[np.isin(label, label[self.arcs.row[dead]])] = count  # a text begins anew from there
        label[~stays] = count
        kept = np.unique(label[label < count])
        found = np.full(count + 1, -1)
        found[kept] = np.arange(len(kept))
        return found[label]

    def cycle_from(self, context: int) -> list[int]:
        """Follow first favourites from a context and return the cycle they come to."""
        first = np.searchsorted(self.arcs.row, np.arange(self.arcs.contexts))
        seen: dict[int, None] = {}
        while context not in seen:
            seen[context] = None
            context = int(self.arcs.goes[first[context]])
        path = list(seen)
        return path[path.index(context) :]
