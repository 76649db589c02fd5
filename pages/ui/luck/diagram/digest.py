"""The chapter "Simulated diagram": what is computed in which order, and what is kept. Pure.

The map is a grid of `SIDE` temperatures times `SIDE` external shares. It is filled from coarse to
fine: each level halves the distance between points and computes only those that are new.
"""

from dataclasses import dataclass

import numpy as np

from closedloop_core import (
    Law,
    LoopParams,
    entropy_shift,
    hill_number,
    simulate_grid,
    total_variation,
)
from closedloop_core.exact.phases import PhaseDiagram
from closedloop_core.measures import Array
from pages.ui.exports import table_csv
from pages.ui.luck.cost import LARGER, cost
from pages.ui.wording import count

SIDE = 33
_SIDES = (33, 17, 9)
_STEPS = (8, 4, 2, 1)  # between points of a level, in points of the finest one
_RUNS = (10, 40)
_VALUES = 60_000_000  # random counts of one map: about ten seconds of one processor
_STEP = 1_500  # what a generation of one batch costs beyond its counts

Cell = tuple[int, int]  # temperature and external share, as places on the finest grid


@dataclass(frozen=True)
class Plan:
    """What one map computes: ``runs`` runs of ``params`` at each point, down to a step.

    ``params`` start at their source, have no schedule, and know no temperature and share of
    their own.
    """

    params: LoopParams
    runs: int
    side: int

    @property
    def size(self) -> int:
        """The number of points."""
        return self.side**2

    def batches(self) -> "list[Batch]":
        """Return the work in order: rows of new points, the coarsest level first."""
        finest = (SIDE - 1) // (self.side - 1)
        found = []
        for step in (s for s in _STEPS if s >= finest):
            for row in range(0, SIDE, step):
                is_old = step < _STEPS[0] and row % (2 * step) == 0
                columns = range(step, SIDE, 2 * step) if is_old else range(0, SIDE, step)
                found.append(Batch(step, row, tuple(columns)))
        return found


@dataclass(frozen=True)
class Batch:
    """New points of one temperature at one level."""

    step: int
    row: int
    columns: tuple[int, ...]


@dataclass(frozen=True)
class Point:
    """Medians over the runs of one point; ``step`` is that of the level it was computed for."""

    step: int
    shift: float
    distance: float
    effective: float


def plan_of(params: LoopParams) -> tuple[Plan, str | None]:
    """Return what can be afforded for these settings, and a sentence if it is less than a map."""
    source, generations = params.source, params.generations
    least, most = _RUNS if params.noise else (1, 1)
    for side in _SIDES:
        runs = min(most, (_VALUES // generations - _fixed(side)) // (side**2 * cost(params)))
        if runs >= least:
            break
    else:
        runs = least
        a_generation = side**2 * runs * cost(params) + _fixed(side)
        generations = max(1, _VALUES // a_generation)
    base = params.at(0).replace(
        initial=source,
        reference=None,
        temperature=1.0,
        external_fraction=0.0,
        schedule=(),
        growth=params.growth,
        generations=generations,
    )
    note = None
    if generations < params.generations:
        note = (
            f"{count(params.generations)} generations at every point are too much work for a shared"
            f" host: the map shows generation {count(generations)}. {LARGER}"
        )
    return Plan(base, runs, side), note


def _fixed(side: int) -> int:
    """Return what one generation of a map costs whatever the runs, in random counts."""
    return _STEP * len(Plan(LoopParams(), 1, side).batches())


def stream_of(row: int, columns: tuple[int, ...]) -> int:
    """Return the random stream of a batch: each has luck of its own."""
    return SIDE * row + columns[0]


def batch_of(
    params: LoopParams,
    runs: int,
    temperature: float,
    columns: tuple[int, ...],
    side: int,
    stream: int,
) -> list[tuple[float, float, float]]:
    """Return median shift, distance and effective outcomes at points of one temperature."""
    fractions = np.linspace(0.0, 1.0, side)[list(columns)]
    temperatures = np.full(len(fractions), temperature)
    states = simulate_grid(params, temperatures, fractions, runs, stream)
    return [(float(s), float(d), float(e)) for s, d, e in measured(states, params.source).T]


def measured(states: Array, source: Law) -> Array:
    """Return medians over runs of shift, distance and effective outcomes: (3, m).

    ``states`` is (m, runs, n).
    """
    q = source.probabilities()
    fields = entropy_shift(states, q), total_variation(states, q), hill_number(states, 1)
    return np.stack([np.median(field, axis=1) for field in fields])


def cells_of(step: int) -> list[Cell]:
    """Return the places of the points of all levels down to a step."""
    places = range(0, SIDE, step)
    return [(i, j) for i in places for j in places]


def whole_step(points: dict[Cell, Point]) -> int | None:
    """Return the step of the finest level that is whole; None before the first is."""
    return next((s for s in reversed(_STEPS) if all(c in points for c in cells_of(s))), None)


def shift_errors(points: dict[Cell, Point], exact: PhaseDiagram) -> Array | None:
    """Return by how much the shift differs from the exact one, on the finest whole level: (m,).

    None before the first level is whole. Distances are not compared: a run of few samples keeps a
    distance to its source even where nothing pulls, so no class is drawn from it.
    """
    step = whole_step(points)
    if step is None:
        return None
    return np.array([points[cell].shift - exact.shift[cell] for cell in cells_of(step)])


def exact_point(exact: PhaseDiagram, cell: Cell) -> Point:
    """Return the exact diagram at a place of the finest grid."""
    fields = (exact.shift, exact.distance, exact.effective)
    return Point(1, *(float(field[cell]) for field in fields))


def map_csv(points: dict[Cell, Point], exact: PhaseDiagram) -> str:
    """Return the map as CSV: one line a point, simulated and exact."""
    names = ("shift", "distance_to_source", "effective_outcomes")
    head = ["temperature", "external_fraction", *names, *(f"{name}_exact" for name in names)]
    rows: list[list[object]] = [list(head)]
    for (i, j), point in sorted(points.items()):
        end = exact_point(exact, (i, j))
        at = [float(exact.temperatures[i]), float(exact.external_fractions[j])]
        numbers = [(p.shift, p.distance, p.effective) for p in (point, end)]
        rows.append([*at, *numbers[0], *numbers[1]])
    return table_csv(rows)
