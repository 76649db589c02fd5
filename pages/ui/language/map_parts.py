"""A measured map that comes part by part, each computed by a worker. Pure.

Parts are short, so that maps of several visitors take turns.
"""

from collections.abc import Callable, Iterator

import numpy as np

from closedloop_core import LearnerMap, LearnerParams
from closedloop_core.learners.learner_map import (
    COARSE,
    MAP_FRACTIONS,
    MAP_TEMPERATURES,
    MEASURED,
    map_order,
)
from pages.ui.language.later import Later

_PART = 8  # settings: about a second of work
Cell = tuple[int, int]  # row and column of a setting
Part = Later[list[list[float]]]


class MapInParts:
    """A map of the usual temperatures and shares, as far as it has come.

    Parameters
    ----------
    params : LearnerParams, see `map_learner`
    later : returns the measures of some settings, as soon as they are there
    at_once : int, parts that are wanted at a time
    """

    def __init__(
        self, params: LearnerParams, later: Callable[[tuple[Cell, ...]], Part], at_once: int
    ) -> None:
        self._params, self._at_once = params, at_once
        self._parts = [(cells, later(cells)) for cells in _parts()]
        self._is_over = False

    def ask(self) -> bool:
        """Say whether nothing is left to do; who asks keeps it going, or begins it."""
        going = 0
        for _, part in self._parts:
            if part.ask():
                if part.refusal:
                    break
            else:
                going += 1
                if going == self._at_once:
                    break
        self._is_over = going == 0
        return self._is_over

    @property
    def is_over(self) -> bool:
        """Whether all was there, or refused, when somebody last asked."""
        return self._is_over

    @property
    def refusal(self) -> str:
        """One sentence if a part cannot be had, else empty."""
        return next((part.refusal for _, part in self._parts if part.refusal), "")

    @property
    def total(self) -> int:
        """The number of settings."""
        return sum(len(cells) for cells, _ in self._parts)

    @property
    def found(self) -> LearnerMap | None:
        """The map so far; None before the first picture, which has the first nine settings."""
        known = [(cells, part.value) for cells, part in self._parts if part.value is not None]
        if not known or known[0][0] != self._parts[0][0]:
            return None
        axes = np.array(MAP_TEMPERATURES), np.array(MAP_FRACTIONS)
        layers = np.full((len(MEASURED), len(axes[0]), len(axes[1])), np.nan)
        for cells, rows in known:
            for (row, column), measures in zip(cells, rows, strict=True):
                layers[:, row, column] = measures
        done = sum(len(cells) for cells, _ in known)
        return LearnerMap(self._params, *axes, done, **dict(zip(MEASURED, layers, strict=True)))


def _parts() -> Iterator[tuple[Cell, ...]]:
    cells = list(map_order(len(MAP_TEMPERATURES), len(MAP_FRACTIONS)))
    yield tuple(cells[:COARSE])
    for start in range(COARSE, len(cells), _PART):
        yield tuple(cells[start : start + _PART])
