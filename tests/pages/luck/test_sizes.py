"""The chapter “Sample size”: what temperature does, and what luck adds."""

import csv
import io

import numpy as np
import pytest

from closedloop_core import Change, Law, LoopParams, simulate_ensemble
from closedloop_core.exact.lifetime import mean_lifetime
from pages.ui.luck.sizes import figures, words
from pages.ui.luck.sizes.cached import both_lifetimes
from pages.ui.luck.sizes.digest import SIZES, SizePoint, plain, size_point, sizes_csv, sizes_of
from pages.ui.luck.theme import drawing
from tests.pages.luck.shared import RESTING, STYLE, rows_of, text_of


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
    told = words.lifetime_words(both_lifetimes(2.0, seed=1))
    slope = (mean_lifetime(1.0, 60) - mean_lifetime(1.0, 50)) / 10
    factor = (mean_lifetime(2.0, 60) / mean_lifetime(2.0, 50)) ** 0.1
    assert f"buys {slope:.1f} generations" in told and f"wait by {factor:.2f}" in told


def test_the_dials_size_is_among_the_sizes() -> None:
    assert sizes_of(RESTING.replace(sample_size=77)) == tuple(sorted({*SIZES, 77}))
    changing = RESTING.replace(schedule=(Change(5, "sample_size", 3),), noise=False)
    assert plain(changing) == RESTING


def test_the_sizes_have_figures(points: list[SizePoint]) -> None:
    here = RESTING.replace(sample_size=100)
    chart = figures.sizes_figure(points, here, STYLE)
    assert len(drawing(chart)["vconcat"]) == 2
    said = [row["said"] for row in rows_of(chart) if "said" in row]
    assert any(text.startswith("k = infinite: without noise") for text in said)
    piling = figures.sizes_figure(points, here.replace(regime="accumulate"), STYLE)
    assert not any("infinite" in str(row) for row in rows_of(piling))
    assert figures.spread_figure(points, STYLE) is not None
    assert figures.lifetimes_figure(both_lifetimes(1.3, 0), STYLE).to_dict()
    assert chart.to_dict()


def test_no_figure_where_nothing_rests() -> None:
    cold = simulate_ensemble(RESTING.replace(external_fraction=0.0), 100)
    assert figures.spread_figure([size_point(cold)], STYLE) is None


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
    pieces = words.headline(here, params)
    assert text_of(pieces).startswith(start) and text_of(pieces).endswith(".")
    assert sum(told for _, told in pieces) == 1


def test_luck_hardly_shows_only_where_it_decides_nothing() -> None:
    # All runs end with one outcome, but not with the same one.
    lottery = RESTING.replace(
        initial=Law.zipf(10), temperature=0.7, external_fraction=0.0, sample_size=10
    ).replace(generations=200)
    here = size_point(simulate_ensemble(lottery, 200))
    assert text_of(words.headline(here, lottery)).endswith("luck decides which.")
    many = RESTING.replace(sample_size=10**8)
    here = size_point(simulate_ensemble(many, 100))
    assert text_of(words.headline(here, many)).endswith("luck hardly shows.")


def test_why_there_is_no_spread_is_said_truly() -> None:
    assert "no resting point" in words.no_spread(RESTING.replace(external_fraction=0.0))
    assert "up to 200" in words.no_spread(RESTING.replace(initial=Law.zipf(500)))


def test_the_sizes_are_exported_whole(points: list[SizePoint]) -> None:
    rows = list(csv.DictReader(io.StringIO(sizes_csv(points))))
    assert [row["sample_size"] for row in rows] == ["10", "100", "1000"]
    assert float(rows[1]["effective_outcomes_q50"]) == points[1].effective[2]
    assert float(rows[2]["linear_noise"]) == pytest.approx(points[2].spread.theory)
