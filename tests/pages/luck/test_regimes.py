"""The chapter “Why results disagree”: three regimes, two temperatures, three sentences."""

import csv
import io
from typing import Any

import numpy as np
import pytest

from closedloop_core import Change, Law, LoopParams, hill_number, simulate, simulate_ensemble
from closedloop_core.exact.settled import settled_from
from closedloop_core.settings.params import REGIMES
from pages.ui.luck.regimes import figures, words
from pages.ui.luck.regimes.digest import REGIMES_IN_ORDER, Curves, cases, curves, regimes_csv
from pages.ui.luck.theme import drawing
from tests.pages.luck.shared import STYLE


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
    lines = words.sentences(found, params)
    assert len(lines) == 3 and all(line.endswith(".") for line in lines)
    assert f"accumulating like {still['accumulate'].median:.1f}" in lines[0]
    assert f"replacing acts like {moved['replace'].median:.1f} outcomes" in lines[1]
    assert "all three end at one outcome" in lines[1]


def test_external_data_change_the_sentences() -> None:
    found, params = six(temperature=0.7, external_fraction=0.5)
    lines = words.sentences(found, params)
    assert "external data pull it back" in lines[0] and "same resting points" in lines[2]
    # What the third sentence says: one end for all, and replacing is there.
    q = params.source.probabilities()
    ends = [settled_from(q, q, 0.7, 0.5, loop.regime) for loop in cases(params)[3:]]
    np.testing.assert_allclose(ends, [ends[0]] * 3, atol=1e-9)
    assert found[3].twin[-1] == pytest.approx(hill_number(ends[0], 1), abs=1e-6)


def test_tied_favourites_end_even() -> None:
    found, params = six(temperature=0.7, initial=Law.uniform(4))
    assert "even shares of the tied favourites" in words.sentences(found, params)[1]
    assert all(c.twin[-1] == pytest.approx(4) for c in found)


def test_heat_ends_at_even_shares() -> None:
    found, params = six(temperature=2.0)
    assert "all three end at even shares" in words.sentences(found, params)[1]


def test_each_regime_has_its_figure(alone: tuple[list[Curves], LoopParams]) -> None:
    found, _ = alone
    for c in found:
        chart = figures.regime_figure(c, 5, STYLE)
        assert chart.to_dict() and "nan" not in str(drawing(chart)).lower()
        assert f"median {c.median:.2f}" in words.description(c)
    rows = list(csv.DictReader(io.StringIO(regimes_csv(found))))
    assert len(rows) == sum(len(c.at) for c in found)
    assert {row["regime"] for row in rows} == {"replace", "accumulate", "subsample"}
