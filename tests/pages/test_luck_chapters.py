"""The chapters of the Luck page beyond the first: sample size, simulated diagram, regimes."""

import csv
import io
import math
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from closedloop_core import (
    Change,
    Law,
    LoopParams,
    PhaseDiagram,
    entropy_shift,
    hill_number,
    phase_diagram,
    simulate,
    simulate_ensemble,
    simulate_grid,
)
from closedloop_core.exact.lifetime import mean_lifetime
from closedloop_core.exact.settled import settled_from
from closedloop_core.settings.params import REGIMES
from pages.ui.cached import temperature_axis
from pages.ui.luck.axes import powers
from pages.ui.luck.diagram import figures as diagram_figures
from pages.ui.luck.diagram import words as diagram_words
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
from pages.ui.luck.regimes import figures as regimes_figures
from pages.ui.luck.regimes import words as regimes_words
from pages.ui.luck.regimes.digest import REGIMES_IN_ORDER, Curves, cases, curves, regimes_csv
from pages.ui.luck.sizes import figures as sizes_figures
from pages.ui.luck.sizes import words as sizes_words
from pages.ui.luck.sizes.cached import both_lifetimes
from pages.ui.luck.sizes.digest import SIZES, SizePoint, plain, size_point, sizes_csv, sizes_of
from pages.ui.luck.theme import drawing, look
from pages.ui.luck.work import MAX_STATES, MAX_VALUES, affordable
from pages.ui.session import settings as settings_module
from pages.ui.session.settings import Settings
from tests.pages.visit import open_shut

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

STYLE = look("light", "collapse", False)
RESTING = LoopParams(
    initial=Law.zipf(5),
    temperature=0.8,
    external_fraction=0.5,
    regime="replace",
    generations=40,
    seed=2,
)


def rows_of(chart: Any) -> list[dict[str, Any]]:
    return [row for rows in drawing(chart)["datasets"].values() for row in rows]


def text_of(pieces: list[tuple[str, bool]]) -> str:
    return "".join(text for text, _ in pieces)


# Sample size


@pytest.fixture(scope="module")
def points() -> list[SizePoint]:
    sizes = (10, 100, 1_000)
    return [size_point(simulate_ensemble(RESTING.replace(sample_size=k), 400)) for k in sizes]


def test_luck_scatters_less_the_more_samples_there_are(points: list[SizePoint]) -> None:
    widths = [float(p.effective[-1] - p.effective[0]) for p in points]
    assert widths[0] > 1.5 * widths[1] > 4 * widths[2]
    # Without noise the size does not matter where new data replace the old.
    assert len({p.twin_effective for p in points}) == 1
    assert abs(points[-1].effective[2] - points[-1].twin_effective) < 0.1


def test_the_spread_is_that_of_linear_noise(points: list[SizePoint]) -> None:
    for p in points[1:]:
        assert p.spread is not None
        # Five standard errors; linear noise is off by terms in 1/k beyond.
        assert abs(p.spread.simulated - p.spread.theory) < 5 * p.spread.error + 0.3 / p.sample_size
    theories = [p.spread.theory for p in points if p.spread is not None]
    np.testing.assert_allclose(theories, theories[0] / np.sqrt([1, 10, 100]))
    piling = simulate_ensemble(RESTING.replace(regime="accumulate"), 100)
    assert size_point(piling).spread is None


def test_lifetimes_are_exact_and_simulated_within_their_error() -> None:
    found = both_lifetimes(1.6, seed=1)
    assert {life.temperature for life in found} == {1.0, 1.6}
    simulated = [life for life in found if life.simulated is not None]
    assert len(simulated) >= 10
    for life in found:
        assert life.exact == mean_lifetime(life.temperature, life.sample_size)
    for life in simulated:
        assert life.simulated is not None and life.error is not None
        assert abs(life.simulated - life.exact) < 5 * life.error
    assert {life.temperature for life in both_lifetimes(0.7, seed=1)} == {1.0, 1.5}


def test_the_words_of_lifetimes_give_slope_and_factor() -> None:
    words = sizes_words.lifetime_words(both_lifetimes(2.0, seed=1))
    slope = (mean_lifetime(1.0, 60) - mean_lifetime(1.0, 50)) / 10
    factor = (mean_lifetime(2.0, 60) / mean_lifetime(2.0, 50)) ** 0.1
    assert f"buys {slope:.1f} generations" in words and f"wait by {factor:.2f}" in words


def test_the_dials_size_is_among_the_sizes() -> None:
    assert sizes_of(RESTING.replace(sample_size=77)) == tuple(sorted({*SIZES, 77}))
    changing = RESTING.replace(schedule=(Change(5, "sample_size", 3),), noise=False)
    assert plain(changing) == RESTING


def test_the_sizes_have_figures(points: list[SizePoint]) -> None:
    here = RESTING.replace(sample_size=100)
    chart = sizes_figures.sizes_figure(points, here, STYLE)
    assert len(drawing(chart)["vconcat"]) == 2
    said = [row["said"] for row in rows_of(chart) if "said" in row]
    assert any(text.startswith("k = infinite: without noise") for text in said)
    piling = sizes_figures.sizes_figure(points, here.replace(regime="accumulate"), STYLE)
    assert not any("infinite" in str(row) for row in rows_of(piling))
    assert sizes_figures.spread_figure(points, STYLE) is not None
    assert sizes_figures.lifetimes_figure(both_lifetimes(1.3, 0), STYLE).to_dict()
    assert chart.to_dict()


def test_no_figure_where_nothing_rests() -> None:
    cold = simulate_ensemble(RESTING.replace(external_fraction=0.0), 100)
    assert sizes_figures.spread_figure([size_point(cold)], STYLE) is None


@pytest.mark.parametrize(
    ("params", "start"),
    [
        (RESTING, "Without luck the loop leaves"),
        (RESTING.replace(temperature=1.0), "At T = 1 temperature does nothing"),
        (RESTING.replace(noise=False), "No sampling noise: the loop alone leaves"),
        (RESTING.replace(sample_size=10**8, temperature=1.0), "At T = 1 temperature does nothing"),
    ],
)
def test_the_headline_of_a_size(params: LoopParams, start: str) -> None:
    here = size_point(simulate_ensemble(params.replace(noise=True), 100))
    words = sizes_words.headline(here, params)
    assert text_of(words).startswith(start) and text_of(words).endswith(".")
    assert sum(told for _, told in words) == 1


def test_the_sizes_are_exported_whole(points: list[SizePoint]) -> None:
    rows = list(csv.DictReader(io.StringIO(sizes_csv(points))))
    assert [row["sample_size"] for row in rows] == ["10", "100", "1000"]
    assert float(rows[1]["effective_outcomes_q50"]) == points[1].effective[2]
    assert float(rows[2]["linear_noise"]) == pytest.approx(points[2].spread.theory)  # type: ignore[union-attr]


def test_decades_are_named_and_not_too_many() -> None:
    assert powers(-3, 0) == [(-3, "0.001"), (-2, "0.01"), (-1, "0.1"), (0, "1")]
    assert powers(0, 6)[-1] == (6, "1 million")
    assert len(powers(0, 100, most=5)) <= 5
    assert powers(7, 9)[0] == (7, "10⁷") and powers(-5, -4)[0] == (-5, "10⁻⁵")


# Simulated diagram


SMALL = LoopParams(initial=Law.zipf(3), regime="replace", sample_size=20, generations=6, seed=4)


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


def test_luck_hardly_shows_only_where_it_decides_nothing() -> None:
    # All runs end with one outcome, but not with the same one.
    lottery = RESTING.replace(
        initial=Law.zipf(10), temperature=0.7, external_fraction=0.0, sample_size=10
    ).replace(generations=200)
    here = size_point(simulate_ensemble(lottery, 200))
    assert text_of(sizes_words.headline(here, lottery)).endswith("luck decides which.")
    many = RESTING.replace(sample_size=10**8)
    here = size_point(simulate_ensemble(many, 100))
    assert text_of(sizes_words.headline(here, many)).endswith("luck hardly shows.")


def test_why_there_is_no_spread_is_said_truly() -> None:
    assert "no resting point" in sizes_words.no_spread(RESTING.replace(external_fraction=0.0))
    assert "up to 200" in sizes_words.no_spread(RESTING.replace(initial=Law.zipf(500)))


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
    return diagram_figures.map_figure(points, exact, lines, (0.7, 0.2), theme)


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
    assert "is being simulated" in text_of(diagram_words.headline(plan, None, False))
    low = text_of(diagram_words.headline(plan, np.array([-0.3, -0.1]), True))
    assert low.endswith("off by 0.20 in shift s on average, towards collapse.")
    both = text_of(diagram_words.headline(plan, np.array([-0.3, 0.3]), False))
    assert both.endswith("off by 0.30 in shift s on average so far.")
    quiet = Plan(SMALL.replace(noise=False), 40, SIDE)
    assert "no sampling noise" in text_of(diagram_words.headline(quiet, None, False))
    assert diagram_words.progress(10, 1_089, 12.3).startswith("10 of 1,089 points, about 12 s")


def test_the_map_is_exported_with_the_exact_one(exact: PhaseDiagram) -> None:
    points = {(3, 5): Point(1, -0.5, 0.25, 1.5), (0, 0): Point(8, -1.0, 0.5, 1.0)}
    rows = list(csv.DictReader(io.StringIO(map_csv(points, exact))))
    assert len(rows) == 2 and float(rows[0]["temperature"]) == 0.2
    assert float(rows[1]["shift"]) == -0.5
    assert float(rows[1]["shift_exact"]) == exact.shift[3, 5]
    assert float(rows[1]["effective_outcomes_exact"]) == exact.effective[3, 5]


# Why results disagree


def six(**changes: Any) -> tuple[list[Curves], LoopParams]:
    params = LoopParams(**{"initial": Law.zipf(5), "generations": 300, "seed": 6, **changes})
    return [curves(simulate_ensemble(loop, 200)) for loop in cases(params)], params


@pytest.fixture(scope="module")
def alone() -> tuple[list[Curves], LoopParams]:
    return six(temperature=0.6, sample_size=50, subsample_size=50)


def test_the_six_loops_differ_in_regime_and_temperature_alone() -> None:
    params = LoopParams(temperature=2.0, growth=0.1, schedule=(Change(3, "temperature", 1.0),))
    loops = cases(params)
    assert [loop.temperature for loop in loops] == [1.0] * 3 + [2.0] * 3
    assert [loop.regime for loop in loops[:3]] == ["replace", "accumulate", "subsample"]
    assert set(REGIMES_IN_ORDER) == set(REGIMES)
    plain_loops = {loop.replace(regime="replace", temperature=1.0) for loop in loops}
    assert len(plain_loops) == 1
    assert {loop.temperature for loop in cases(LoopParams(temperature=1.0))} == {1.0, 0.7}


def test_the_single_run_is_the_playgrounds(alone: tuple[list[Curves], LoopParams]) -> None:
    found, params = alone
    for c, loop in zip(found, cases(params), strict=True):
        run = simulate(loop).learned
        np.testing.assert_array_equal(c.single, hill_number(run[c.at], 1))
        assert c.at[0] == 0 and c.at[-1] == 300


def test_what_the_sentences_claim_is_what_the_runs_show(
    alone: tuple[list[Curves], LoopParams],
) -> None:
    found, params = alone
    still = {c.regime: c for c in found[:3]}
    start = float(still["replace"].twin[0])
    # T = 1: replaced data wear down, piled-up data keep most of what they had.
    assert still["replace"].median < 1.05
    assert still["accumulate"].median > 0.8 * start
    assert still["subsample"].median > 0.8 * start
    # T < 1: all degenerate, replacing first.
    moved = {c.regime: c for c in found[3:]}
    assert moved["replace"].median <= moved["accumulate"].median < 0.5 * start
    assert moved["subsample"].median < 0.5 * start
    lines = regimes_words.sentences(found, params)
    assert len(lines) == 3 and all(line.endswith(".") for line in lines)
    assert f"accumulating like {still['accumulate'].median:.1f}" in lines[0]
    assert f"replacing acts like {moved['replace'].median:.1f} outcomes" in lines[1]
    assert "all three end at one outcome" in lines[1]


def test_external_data_change_the_sentences() -> None:
    found, params = six(temperature=0.7, external_fraction=0.5)
    lines = regimes_words.sentences(found, params)
    assert "external data pull it back" in lines[0] and "same resting points" in lines[2]
    # What the third sentence says: one end for all, and replacing is there.
    q = params.source.probabilities()
    ends = [settled_from(q, q, 0.7, 0.5, loop.regime) for loop in cases(params)[3:]]
    np.testing.assert_allclose(ends, [ends[0]] * 3, atol=1e-9)
    assert found[3].twin[-1] == pytest.approx(hill_number(ends[0], 1), abs=1e-6)


def test_tied_favourites_end_even() -> None:
    found, params = six(temperature=0.7, initial=Law.uniform(4))
    assert "even shares of the tied favourites" in regimes_words.sentences(found, params)[1]
    assert all(c.twin[-1] == pytest.approx(4) for c in found)


def test_heat_ends_at_even_shares() -> None:
    found, params = six(temperature=2.0)
    assert "all three end at even shares" in regimes_words.sentences(found, params)[1]


def test_each_regime_has_its_figure(alone: tuple[list[Curves], LoopParams]) -> None:
    found, _ = alone
    for c in found:
        chart = regimes_figures.regime_figure(c, 5, STYLE)
        assert chart.to_dict() and "nan" not in str(drawing(chart)).lower()
        assert f"median {c.median:.2f}" in regimes_words.description(c)
    rows = list(csv.DictReader(io.StringIO(regimes_csv(found))))
    assert len(rows) == sum(len(c.at) for c in found)
    assert {row["regime"] for row in rows} == {"replace", "accumulate", "subsample"}


# Work, and the page


def test_parts_share_the_bounds() -> None:
    params = SMALL.replace(initial=Law.zipf(10), generations=5_000)
    for parts in (1, 10, 12):
        used, runs, note = affordable(params, 400, parts=parts)
        n, last = used.initial.n, used.generations
        assert parts * runs * last * n <= MAX_VALUES and parts * runs * (last + 1) <= MAX_STATES
        assert (note is None) == (used == params and runs == 400)


def open_chapter(chapter: str, **query: str) -> AppTest:
    small = {"initial": "zipf:3", "generations": "8", "runs": "100"}
    return open_shut(
        "pages/3_Luck.py", ("drawer_examples",), **{**small, **query, "chapter": chapter}
    )


def shown(at: AppTest) -> str:
    return " ".join(element.proto.body for element in at.get("html"))


COUNTS = {"odds": 2, "sizes": 2, "map": 2, "regimes": 6}


@pytest.mark.parametrize("chapter", COUNTS)
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"regime": "replace", "noise": "off"},
        {"regime": "subsample", "projector": "on"},
        {"temperature": "1", "external_fraction": "0.4", "regime": "replace"},
        {"temperature": "8", "sample_size": "5", "schedule": "4:temperature:0.5"},
        {"growth": "0.2"},
    ],
    ids=str,
)
def test_every_chapter_opens_for_every_kind_of_run(chapter: str, query: dict[str, str]) -> None:
    at = open_chapter(chapter, **query)
    charts = len(at.get("vega_lite_chart"))
    # Sample sizes have a third chart where the loop rests.
    assert charts == COUNTS[chapter] or (chapter == "sizes" and charts == 3)
    assert shown(at).count('class="lk-title"') == 1
    at.segmented_control(key="chapter").set_value("odds").run()
    assert not at.exception
    assert at.session_state["settings"].chapter == "odds"


def test_the_chapter_is_in_the_link() -> None:
    for chapter in COUNTS:
        settings = Settings(chapter=chapter)
        assert Settings.from_query(settings.to_query()) == (settings, ())


def test_a_map_that_was_stopped_stays_so_and_goes_on() -> None:
    at = open_chapter("map", regime="replace")
    state = at.session_state["luck_map"]
    assert len(state["points"]) == state["plan"].size
    assert any("1,089 points" in c.value for c in at.caption)
    # As if "Stop" had been pressed after a part of the work.
    coarse = {cell: state["points"][cell] for cell in cells_of(8)}
    state["points"], state["stopped"] = coarse, True
    at.run()
    assert len(at.session_state["luck_map"]["points"]) == 25
    assert any("Stopped at" in c.value for c in at.caption)
    assert "so far" in shown(at)
    at.button(key="map_go_on").click().run()
    assert not at.exception and len(at.session_state["luck_map"]["points"]) == 1_089
    assert "so far" not in shown(at)


def test_another_setting_begins_another_map() -> None:
    at = open_chapter("map", regime="replace")
    first = at.session_state["luck_map"]["plan"]
    at.number_input(key="seed").set_value(9).run()
    second = at.session_state["luck_map"]["plan"]
    assert first != second and second.params.seed == 9
    assert len(at.session_state["luck_map"]["points"]) == second.size
    # Temperature and external share are the map's axes: they move the mark alone.
    at.query_params["temperature"] = "0.5"
    at.run()
    assert at.session_state["luck_map"]["plan"] == second


def test_work_that_was_interrupted_loses_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    # As where a change cancels a map before the page has ended: the link is not written.
    monkeypatch.setattr(settings_module, "mirror", lambda: None)
    at = open_chapter("map", regime="replace", seed="3")
    at.number_input(key="seed").set_value(9).run()
    at.session_state["fold_more"] = False
    at.run()  # a run without a change: opening a fold, "Stop"
    assert at.session_state["settings"].params.seed == 9


def test_an_example_is_one_press() -> None:
    at = open_chapter("sizes")
    at.button(key="resting").click().run()
    assert not at.exception and len(at.get("vega_lite_chart")) == 3
    now: Settings = at.session_state["settings"]
    assert (now.params.external_fraction, now.params.temperature) == (0.5, 0.8)


def test_a_batch_is_the_plans() -> None:
    assert Batch(8, 0, (0, 8, 16, 24, 32)) == plan_of(SMALL)[0].batches()[0]
