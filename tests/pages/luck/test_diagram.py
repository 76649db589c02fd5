"""The chapter “Simulated diagram”: its plan, its points, its figure and its words."""

import csv
import io
import math
from typing import Any

import numpy as np
import pytest

from closedloop_core import (
    Law,
    PhaseDiagram,
    entropy_shift,
    hill_number,
    phase_diagram,
    simulate_grid,
)
from pages.ui.cached import temperature_axis
from pages.ui.luck.diagram import figures, words
from pages.ui.luck.diagram.digest import (
    SIDE,
    Batch,
    Cell,
    Plan,
    Point,
    cells_of,
    exact_point,
    map_csv,
    measured,
    plan_of,
    shift_errors,
    stream_of,
    whole_step,
)
from tests.pages.luck.shared import SMALL, STYLE, rows_of, text_of


@pytest.fixture(scope="module")
def exact() -> PhaseDiagram:
    return phase_diagram(Law.zipf(3), temperature_axis(SIDE), np.linspace(0, 1, SIDE))


def test_the_batches_fill_the_map_once_from_coarse_to_fine() -> None:
    plan, note = plan_of(SMALL)
    assert note is None and plan.side == SIDE
    batches = plan.batches()
    cells = [(batch.row, column) for batch in batches for column in batch.columns]
    assert sorted(cells) == cells_of(1) and len(cells) == plan.size
    steps = [batch.step for batch in batches]
    assert steps == sorted(steps, reverse=True) and set(steps) == {8, 4, 2, 1}
    seen: set[Cell] = set()
    for step in (8, 4, 2, 1):
        seen |= {(b.row, c) for b in batches if b.step == step for c in b.columns}
        assert seen == set(cells_of(step))


def test_each_batch_has_luck_of_its_own() -> None:
    batches = plan_of(SMALL)[0].batches()
    assert len({stream_of(b.row, b.columns) for b in batches}) == len(batches)


def test_the_work_of_huge_datasets_is_bounded_too() -> None:
    huge = SMALL.replace(regime="subsample", initial_size=10**9, generations=200)
    plan, note = plan_of(huge)
    # 80 microseconds a row: a minute at most, even so.
    assert plan.size * plan.runs * plan.params.generations * 80e-6 < 60
    assert plan_of(SMALL.replace(noise=False))[0].runs == 1


@pytest.mark.parametrize("n", [2, 10, 100, 1_000, 10_000])
@pytest.mark.parametrize("regime", ["replace", "subsample"])
@pytest.mark.parametrize("generations", [20, 200, 199_999 // 10])
def test_the_work_of_a_map_is_bounded(n: int, regime: Any, generations: int) -> None:
    params = SMALL.replace(initial=Law.zipf(n), regime=regime, generations=generations)
    plan, note = plan_of(params)
    values = plan.size * plan.runs * plan.params.generations * n
    assert values <= 60_000_000 or (plan.params.generations == 1 and plan.side == 9)
    assert 10 <= plan.runs <= 40
    # Each step of a batch costs about 150 microseconds whatever it holds.
    assert len(plan.batches()) * plan.params.generations * 150e-6 < 10
    assert (note is not None) == (plan.params.generations < generations)
    assert plan.params.reference is None and plan.params.initial == params.source


def test_a_points_numbers_are_medians_of_its_runs() -> None:
    law = Law.zipf(3)
    states = simulate_grid(SMALL, [0.6, 1.5], [0.2, 0.0], runs=7)
    shift, distance, effective = measured(states, law)
    for at in (0, 1):
        assert shift[at] == np.median([entropy_shift(p, law) for p in states[at]])
        assert effective[at] == pytest.approx(np.median([hill_number(p, 1) for p in states[at]]))
        q = law.probabilities()
        assert distance[at] == pytest.approx(np.median(0.5 * np.abs(states[at] - q).sum(axis=1)))


def test_the_errors_are_those_of_the_finest_whole_level(exact: PhaseDiagram) -> None:
    found = {cell: exact_point(exact, cell) for cell in cells_of(8)}
    assert whole_step({}) is None and shift_errors({}, exact) is None
    assert whole_step(found) == 8
    np.testing.assert_array_equal(shift_errors(found, exact), np.zeros(25))
    found[0, 8] = Point(8, found[0, 8].shift - 0.25, 0.5, 1.0)
    errors = shift_errors(found, exact)
    assert errors is not None and errors.sum() == pytest.approx(-0.25)
    found[1, 1] = exact_point(exact, (1, 1))
    assert whole_step(found) == 8
    del found[0, 0]
    assert whole_step(found) is None


def test_many_samples_and_time_give_the_exact_map(exact: PhaseDiagram) -> None:
    params = SMALL.replace(sample_size=10**6, generations=400)
    cells = [(i, j) for i in (0, 8, 24, 32) for j in (8, 24, 32)]
    temperatures = exact.temperatures[[i for i, _ in cells]]
    fractions = exact.external_fractions[[j for _, j in cells]]
    shift, distance, _ = measured(
        simulate_grid(params, temperatures, fractions, runs=3), params.source
    )
    # Shares of a million samples are right to about 1e-3; s and TV are of their order.
    for k, cell in enumerate(cells):
        assert abs(shift[k] - exact.shift[cell]) < 0.02
        assert abs(distance[k] - exact.distance[cell]) < 0.01


def map_of(points: dict[Cell, Point], exact: PhaseDiagram) -> Any:
    lines = np.array([0.3, 0.5, 1.0]), np.array([0.8, 0.6, np.nan])
    theme = ("light", STYLE)
    return figures.map_figure(points, exact, lines, (0.7, 0.2), theme)


def test_cells_tile_the_map_whatever_is_known(exact: PhaseDiagram) -> None:
    area = math.log(exact.temperatures[-1] / exact.temperatures[0])
    for step in (8, 1):
        points = {cell: exact_point(exact, cell) for cell in cells_of(step)}
        points = {c: Point(step, p.shift, p.distance, p.effective) for c, p in points.items()}
        cells = [row for row in rows_of(map_of(points, exact)) if "s" in row]
        sizes = [(r["x1"] - r["x0"]) * (r["y1"] - r["y0"]) for r in cells]
        assert len(cells) == len(points) and sum(sizes) == pytest.approx(area)


def test_finer_cells_lie_over_coarse_ones(exact: PhaseDiagram) -> None:
    points = {cell: Point(8, *([0.0] * 3)) for cell in cells_of(8)}
    points[4, 4] = Point(4, 0.1, 0.2, 2.0)
    cells = [row for row in rows_of(map_of(points, exact)) if "s" in row]
    assert cells[-1]["s"] == 0.1
    assert map_of(points, exact).to_dict()


def test_the_severe_edge_separates_what_is_severe(exact: PhaseDiagram) -> None:
    points = {cell: Point(8, -1.0 if cell[0] < 16 else 0.0, 0.5, 1.0) for cell in cells_of(8)}
    edges = [r for r in rows_of(map_of(points, exact)) if set(r) == {"x0", "x1", "y0", "y1"}]
    assert len(edges) == 5 and all(r["x0"] == r["x1"] for r in edges)
    between = np.log(exact.temperatures[12])  # half-way from place 8 to 16
    assert edges[0]["x0"] == pytest.approx(between)


def test_the_map_says_how_far_off_it_is() -> None:
    plan = Plan(SMALL, 40, SIDE)
    assert "is being simulated" in text_of(words.headline(plan, None, False))
    low = text_of(words.headline(plan, np.array([-0.3, -0.1]), True))
    assert low.endswith("off by 0.20 in shift s on average, towards collapse.")
    both = text_of(words.headline(plan, np.array([-0.3, 0.3]), False))
    assert both.endswith("off by 0.30 in shift s on average so far.")
    quiet = Plan(SMALL.replace(noise=False), 40, SIDE)
    assert "no sampling noise" in text_of(words.headline(quiet, None, False))
    assert words.progress(10, 1_089, 12.3).startswith("10 of 1,089 points, about 12 s")


def test_the_map_is_exported_with_the_exact_one(exact: PhaseDiagram) -> None:
    points = {(3, 5): Point(1, -0.5, 0.25, 1.5), (0, 0): Point(8, -1.0, 0.5, 1.0)}
    rows = list(csv.DictReader(io.StringIO(map_csv(points, exact))))
    assert len(rows) == 2 and float(rows[0]["temperature"]) == 0.2
    assert float(rows[1]["shift"]) == -0.5
    assert float(rows[1]["shift_exact"]) == exact.shift[3, 5]
    assert float(rows[1]["effective_outcomes_exact"]) == exact.effective[3, 5]


def test_a_batch_is_the_plans() -> None:
    assert Batch(8, 0, (0, 8, 16, 24, 32)) == plan_of(SMALL)[0].batches()[0]
