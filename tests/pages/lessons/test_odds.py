"""What came of a question: this run, others with other luck, and what was answered."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import Law, LoopParams, hill_number, simulate, simulate_ensemble
from pages.ui.lessons import bar, course, odds
from pages.ui.lessons.model import Question, Step
from pages.ui.session.settings import Settings

# The cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def told(name: str, number: int, answer: Any) -> dict[str, Any]:
    step = course.built_in(name).steps[number - 1]
    assert step.question is not None
    return bar.told(step.question, Settings.from_query(step.query)[0].params, 0.1, answer)


def test_the_winner_is_told_with_its_odds() -> None:
    found = told("ten", 2, 0)
    assert found["rows"][0] == {
        "label": "the",
        "share": 1.0,
        "text": "100\u00a0%",
        "right": True,
        "picked": True,
    }
    assert "of 200 runs with other luck: odds, not certainty." in found["lead"]
    lottery = told("ten", 7, None)
    assert lottery["rows"][-1]["label"] == "another" and lottery["rows"][-1]["right"]
    assert "“for” wins this run" in lottery["lead"]
    assert sum(row["share"] for row in lottery["rows"]) == pytest.approx(1)
    assert not any(row["picked"] for row in lottery["rows"])


def test_the_numbers_are_those_of_the_ensemble() -> None:
    params = LoopParams(initial=Law.zipf(5), temperature=1.0, sample_size=20, regime="replace")
    found = odds.outcome(params, 0.1, 50)
    many = simulate_ensemble(params, 50)
    assert found.winners == tuple(np.bincount(many.winner, minlength=5).tolist())
    assert sum(found.classes.values()) == found.runs == 50
    run = simulate(params)
    assert found.curve == pytest.approx(hill_number(run.learned[list(found.generations)], 1))
    assert found.winner == run.probabilities[-1].argmax()


def test_a_drawn_curve_is_measured_against_the_run_and_against_luck() -> None:
    params = LoopParams(initial=Law.zipf(5), temperature=0.7, sample_size=20, generations=40)
    found = odds.outcome(params, 0.1, 50)
    lead, drawn = odds.curve_told(found, [*found.curve])
    assert drawn == pytest.approx(found.curve) and "is 0.0 outcomes off" in lead
    shifted = [value + 1 for value in found.curve]
    assert "is 1.0 outcomes off" in odds.curve_told(found, shifted)[0]
    assert "0\u00a0% of it lies in the band" in odds.curve_told(found, [5.0, 5.0])[0]
    assert "Another run with other luck" in odds.curve_told(found, None)[0]


def test_a_share_is_told_exactly_and_with_luck() -> None:
    found = told("fifty", 7, 20)
    assert found["lead"].startswith("63.7\u00a0% keeps it within 10\u00a0%")
    assert "20\u00a0% is too little" in found["lead"]
    assert [row["label"] for row in found["rows"]] == ["20\u00a0%", "63.7\u00a0%"]
    assert [row["picked"] for row in found["rows"]] == [True, False]
    assert [row["right"] for row in found["rows"]] == [False, True]
    cure = told("fifty", 8, 3)
    assert cure["lead"].startswith("62.5\u00a0% brings it back") and "is enough" in cure["lead"]
    assert [row["right"] for row in cure["rows"]] == [False, False, False, True, False]


@pytest.mark.parametrize(
    "answer", ["<b>", -1, 99, 1e9, [1], [1, "x"], {"a": 1}, [float("nan")] * 3, [-1.0, 2.0]]
)
def test_a_strange_answer_is_none(answer: Any) -> None:
    for number in (2, 5):
        assert not any(row["picked"] for row in told("ten", number, answer)["rows"])
    assert told("fifty", 2, answer)["drawn"] == []


def test_options_are_the_likeliest_outcomes_where_none_are_given() -> None:
    question = Question("winner", "Which?")
    assert odds.options_of(question, LoopParams(initial=Law.uniform(3))) == [
        "outcome 1",
        "outcome 2",
        "outcome 3",
    ]
    params = LoopParams(initial=Law.real_text(10))
    assert odds.options_of(question, params) == ["the", "a", "is", "of", "in", "another"]


def test_work_is_bounded_whatever_a_lesson_asks_for() -> None:
    assert odds.affordable_runs(LoopParams()) == odds.RUNS
    large = LoopParams(initial=Law.uniform(2_000), generations=999)
    assert odds.affordable_runs(large) == 20


def test_a_step_that_this_app_cannot_use_says_which_field() -> None:
    field, sentence = course.check(Step("Playground", "temperature=-1", "x")) or ("", "")
    assert field == "link" and "temperature" in sentence
    asked = Question("winner", "Which?", ("the", "nobody"))
    wrong = course.check(Step("Playground", "initial=text:10", "x", question=asked))
    assert wrong == ("question.options", "“nobody” is no outcome of this step")
    assert course.check(Step("Playground", "initial=text:10", "x")) is None
