"""The theory page: every check holds, each can fail, and the page shows and exports them."""

import csv
import dataclasses
import io
import math
import sys
from typing import Any

import numpy as np
import pytest

from closedloop_core import Law, LoopParams
from closedloop_core.loop.simulate import Trajectory
from pages.ui.theory import SECTIONS, STATEMENTS, settings_words, show, to_csv
from pages.ui.theory.model import compare, compare_mean, examine
from tests.pages.visit import open_shut

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def names(statement: Any) -> Any:
    return statement.title


# For each statement a function of its module to tamper with: the check must notice.
TAMPERED = {
    "One generation's data follow F(p)": "mean_field_step",
    "Accumulated data forget no outcome": "simulate",
    "The clock of accumulation is the logarithm of the data": "simulate",
    "Temperatures multiply": "mean_field_replace",
    "Any temperature but 1 degenerates": "simulate",
    "The even distribution is stable only above T = 1": "leading_eigenvalue",
    "Only one kind of rest is stable": "count_stable_states",
    "Order is kept": "apply_temperature",
    "Warmer is more diverse": "hill_number",
    "At T = 1, replacing the data loses diversity by luck alone": "expected_diversity_replace",
    "At T = 1, accumulated data freeze": "expected_diversity_accumulate",
    "One item at a time: the frozen mix is Dirichlet": "expected_diversity_accumulate",
    "At T = 1, everyone’s odds are their share": "chain",
    "At T = 1, the time to one survivor grows with the sample": "chain",
    "Below T = 1, one item at a time: luck decides the winner": "race_rings",
    "There is a free energy": "free_energy",
    "Temperature pays or charges for entropy, external data pull towards q": "free_energy",
    "Every generation climbs": "kl_divergence",
    "The flow climbs at the speed χ²": "free_energy",
    "Stable states are summits": "settled_state",
    "The loop never oscillates": "jacobian",
    "One scalar equation gives the leading eigenvalue": "leading_eigenvalue",
    "Stability needs no root": "leading_eigenvalue",
    "Small pushes die as a power of the data": "leading_eigenvalue",
    "All fixed points from one scalar equation": "settled_state",
    "A stable state has at most one winner": "self_shares",
    "Above T = 1 there is one state": "mean_field_step",
    "How many stable states there are": "count_stable_states",
    "When the second likeliest can no longer win": "collapse_threshold",
    "Rare winners vanish first": "collapse_threshold",
    "A share that guarantees one state": "collapse_threshold",
    "What the source lacks, the loop never makes": "simulate",
    "The even state is stable above a = 1 − T": "leading_eigenvalue",
    "Where one outcome leads the rest": "collapse_branch",
    "Where collapse stops existing": "collapse_threshold",
    "At half the temperature it is a closed form": "uniform_thresholds",
    "Prevention is cheaper than cure": "uniform_thresholds",
    "The Maxwell line": "uniform_thresholds",
    "With enough outcomes, collapse survives any a < 1": "collapse_branch",
    "The temperature alone decides the side": "shannon_entropy",
    "The likely gain below T = 1, the rare above": "equilibrium",
    "The distance is the model’s own share of the blame": "settled_state",
    "The least external share, from below": "minimum_external_fraction",
    "The least external share, from above": "minimum_external_fraction",
    "Close to T = 1 a small error needs a known share": "minimum_external_fraction",
    "More external data never take the loop further away": "settled_state",
    "At T = 1 the noise is known exactly": "runs_of",
    "Elsewhere a linear theory will do": "runs_of",
    "The shift s": "entropy_shift",
    "The settled state is stable": "leading_eigenvalue",
    "The remedy is enough": "minimum_external_fraction",
    "Less is not enough": "minimum_external_fraction",
    "A finite batch is never quite the source": "mean_deviation",
    "The Euclidean bound": "euclidean_bound",
    "The Fisher–Rao bound": "fisher_rao_share",
    "The Fisher–Rao bound is implicit": "fisher_rao_share",
    "No outcome stays below a floor": "flow",
    "Each context is a loop of its own": "after",
    "The external shares add up to the budget": "settled_ngrams",
    "Without external text each context cools by itself": "after",
    "The last phrase can be told": "told_mass",
    "A settled text satisfies both conditions at once": "settled_ngrams",
    "A smoothed model is tempered exactly without its whole vocabulary": "tempered",
    "A Gaussian’s expectations form a linear map": "gaussian_expectations",
    "The usual Gaussian dies, though the mean one stays": "log_variance_drift",
    "Digits follow ten outcomes": "apply_temperature",
}
FACTORS = {"more": 1.3, "less": 0.1, "most": 9.0, "other": -1.0, "sharp": 2.0, "lost": 0.0}


def spoilt(value: Any, way: Any, rng: Any) -> Any:
    """Return a wrong version of what a core function returned."""
    if isinstance(value, Trajectory):
        p = np.array(value.probabilities)
        p[1:] = spoilt(p[1:], way, rng)
        return dataclasses.replace(value, probabilities=p)
    if isinstance(value, tuple):
        return tuple(spoilt(x, way, rng) for x in value)
    if isinstance(value, np.ndarray) and value.ndim and np.allclose(value.sum(axis=-1), 1):
        n = value.shape[-1]
        return {
            "more": lambda: 0.7 * value + 0.3 * np.roll(value, 1, axis=-1),
            "less": lambda: 0.7 * value + 0.3 / n,
            "most": lambda: np.full(value.shape, 1.0 / n),
            "other": lambda: rng.dirichlet(np.ones(n), size=value.shape[:-1]),
            "sharp": lambda: value**2 / (value**2).sum(axis=-1, keepdims=True),
            "lost": lambda: np.roll(value, 1, axis=-1) * (np.arange(n) > 0) + 1e-12,
        }[way]()
    return value * FACTORS[way] + (2 if isinstance(value, int) else 0)


def test_each_statement_has_a_way_to_fail() -> None:
    assert set(TAMPERED) == {statement.title for statement in STATEMENTS}


@pytest.mark.parametrize("statement", STATEMENTS, ids=names)
def test_each_check_can_fail(statement: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules[statement.compute.__module__]
    honest = getattr(module, TAMPERED[statement.title])
    params = statement.nearest(LoopParams(temperature=0.7, external_fraction=0.1))
    assert statement.check(params).holds
    noticed, rng = [], np.random.default_rng(0)
    for way in FACTORS:
        monkeypatch.setattr(
            module,
            TAMPERED[statement.title],
            lambda *given, way=way, **named: spoilt(honest(*given, **named), way, rng),
        )
        try:
            noticed.append(not statement.compute(params).holds)
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            continue  # refused by the core's own checks: not what is tested here
    assert any(noticed)


def test_comparisons_take_sides() -> None:
    words = ("left", "right")
    assert compare(1.0, "<=", 2.0, words).holds and not compare(2.0, "<=", 1.0, words).holds
    assert compare(2.0, ">=", 1.0, words).holds and not compare(1.0, ">=", 2.0, words).holds
    assert compare(1.0, "=", 1.0, words).holds and not compare(1.0, "=", 1.1, words).holds
    for relation in ("=", "<=", ">="):
        assert not compare(math.nan, relation, 1.0, words).holds
    samples = np.random.default_rng(0).normal(size=200)
    assert compare_mean(samples, 0.0, words, 0.0).holds
    assert not compare_mean(samples, 0.5, words, 0.1).holds


def test_a_statement_that_does_not_apply_says_why_and_where_it_does() -> None:
    statement = next(s for s in STATEMENTS if s.title.startswith("Above T = 1"))
    params = LoopParams(temperature=0.8)
    assert statement.check(params) is None
    assert statement.missing(params) == ("T > 1 (at least 1.05)",)
    outcome = examine(statement, params)
    assert outcome.used == params.replace(temperature=1.05)
    assert settings_words(outcome.used, params) == "T = 1.05"
    shown = show.verdict(outcome, "T = 1.05")
    assert "T &gt; 1" in shown and "agrees" in shown
    assert examine(statement, params.replace(temperature=2.0)).missing == ()


def test_the_numbers_of_the_theory() -> None:
    found = {s.title: examine(s, LoopParams(initial=Law.uniform(10), temperature=0.5)).check
             for s in SECTIONS[8].statements + SECTIONS[4].statements}  # fmt: skip
    assert found["The Euclidean bound"].left == pytest.approx(0.952, abs=5e-4)
    assert found["The Fisher–Rao bound"].left == pytest.approx(0.9975, abs=5e-5)
    assert found["The Fisher–Rao bound"].right == pytest.approx(0.625)
    assert found["Prevention is cheaper than cure"].left == pytest.approx(0.5)
    floor = next(s for s in STATEMENTS if s.title.startswith("A finite batch"))
    assert examine(floor, LoopParams(external_fraction=1.0)).check.right == pytest.approx(
        0.11, abs=5e-3
    )


def test_statements_are_complete_and_say_their_source() -> None:
    for statement in STATEMENTS:
        assert statement.source and statement.scope and statement.words.endswith(".")
        assert statement.status in show.BADGES
        assert statement.title in show.claim(statement)
    assert len({s.title for s in STATEMENTS}) == len(STATEMENTS)
    ours = [s for s in STATEMENTS if s.source.startswith("ours")]
    assert all("derived for this project" in show.claim(s) for s in ours)


@pytest.mark.parametrize(
    ("x", "error", "text"),
    [
        (0.123456789, 0.0, "0.123457"),
        (-1e-17, 0.0, "0"),
        (3.0, 0.0, "3"),
        (-2.5e-7, 0.0, "−2.5 · 10⁻⁷"),
        (0.7473123, 0.0055, "0.7473"),
        (math.inf, 0.0, "∞"),
    ],
)
def test_numbers_are_written_for_the_eye(x: Any, error: float, text: str) -> None:
    assert show.number(x, error) == text


def test_what_differs_says_by_how_much() -> None:
    statement = STATEMENTS[0]
    outcome = examine(statement, LoopParams())
    wrong = dataclasses.replace(outcome.check, left=0.5, right=0.25, left_error=0.0, holds=False)
    assert "differs by 0.25" in show.verdict(dataclasses.replace(outcome, check=wrong), "")


def test_the_csv_has_a_line_for_each_statement() -> None:
    section = SECTIONS[4]
    params = LoopParams()
    outcomes = [examine(s, params) for s in section.statements]
    rows = list(csv.DictReader(io.StringIO(to_csv(params, [(section, outcomes)]))))
    assert [row["statement"] for row in rows] == [s.title for s in section.statements]
    assert {row["agrees"] for row in rows} == {"yes"}
    assert float(rows[0]["left"]) == outcomes[0].check.left


def open_theory(**query: Any) -> Any:
    return open_shut("pages/4_Theory.py", **query)


def bodies(at: Any) -> Any:
    return " ".join(element.proto.body for element in at.get("html"))


def test_the_page_shows_every_statement() -> None:
    at = open_theory(temperature="0.5", external_fraction="0.3")
    shown = " ".join(m.value for m in at.markdown)
    for statement in STATEMENTS:
        assert statement.title in shown
    n = len(STATEMENTS)
    assert f"{n} of {n} checks agree" in bodies(at)
    assert "T = 0.5 · a = 30\N{NO-BREAK SPACE}%" in bodies(at)


def test_one_section_can_be_shown_alone() -> None:
    at = open_theory(projector="on")
    at.selectbox(key="theory_section").select("An even source, solved").run()
    assert not at.exception
    assert "7 of 7 checks agree" in bodies(at)
    assert not any("There is a free energy" in m.value for m in at.markdown)
