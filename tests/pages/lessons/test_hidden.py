"""What a question hides is in nothing that the page sends: texts, alt texts, pictures, link."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.lessons import course
from pages.ui.playground.run import run_name
from pages.ui.session.places import path_of
from tests.pages.visit import headers, settings_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

# Every question of the ten minutes, and each kind and page that those do not ask on.
ASKED = [("ten", 2), ("ten", 4), ("ten", 5), ("ten", 6), ("ten", 7), ("fifty", 2), ("fifty", 8)]


def open_step(name: str, number: int, answers: dict[tuple[str, int], Any]) -> AppTest:
    """Open a step by its short link, on its page, with these answers given."""
    step = course.built_in(name).steps[number - 1]
    at = AppTest.from_file("../../../app.py", default_timeout=180)
    at.query_params["lesson"], at.query_params["step"] = name, str(number)
    at.session_state["answers"] = answers
    if path_of(step.page) != "app.py":
        at.switch_page(path_of(step.page))
    at.run()
    assert not at.exception
    return at


def everything(at: AppTest) -> str:
    """Return all that the page sends, as one text: every element with its bytes, and the link."""
    found: list[str] = [str(dict(at.query_params))]

    def walk(node: Any) -> None:
        proto = getattr(node, "proto", None)
        # Scripts, and bytes of the scenes that the player may hold, are no text of the page.
        is_code = getattr(proto, "component_name", "").startswith("closedloop_code_")
        if hasattr(proto, "SerializeToString") and not is_code:
            found.append(proto.SerializeToString().decode("utf-8", "replace"))
        for child in getattr(node, "children", {}).values():
            walk(child)

    walk(at.main)
    return "\n".join(found)


def run_of(at: AppTest) -> str:
    return run_name(settings_of(at).params)


@pytest.mark.parametrize(("name", "number"), ASKED)
def test_nothing_that_is_sent_holds_the_answer(name: str, number: int) -> None:
    step = course.built_in(name).steps[number - 1]
    asked = open_step(name, number, {})
    bar = headers(asked)["lesson"]
    assert bar["isOpen"] and bar["told"] is None and bar["moral"] == ""
    assert bar["question"]["text"] == step.question.text
    hidden = everything(asked)
    for secret in (step.moral[:40], "settles", "It needs", "cl-fan", "of 200 runs"):
        assert secret not in hidden
    assert step.title in hidden
    # Neither the run, nor a map with its classes, nor dials whose tracks are slices of it.
    assert run_of(asked) not in hidden
    for component in ("map", "dials", "geometry", "well", "highlight"):
        assert component not in headers(asked)
    assert not asked.get("vega_lite_chart") and not asked.get("expander")


@pytest.mark.parametrize(("name", "number"), [("ten", 2), ("fifty", 8)])
def test_what_was_hidden_is_sent_once_it_is_answered(name: str, number: int) -> None:
    told = open_step(name, number, {(name, number): None})
    shown = everything(told)
    for secret in (course.built_in(name).steps[number - 1].moral[:40], "settle", "It needs"):
        assert secret in shown
    assert headers(told)["map"]


def test_the_questions_tried_are_of_every_kind_and_all_of_the_ten_minutes() -> None:
    steps = {name: course.built_in(name).steps for name in course.BUILT_IN}
    kinds = {steps[name][number - 1].question.kind for name, number in ASKED}
    assert kinds == {step.question.kind for step in steps["fifty"] if step.question} | {"winner"}
    asked = [number for number, step in enumerate(steps["ten"], 1) if step.question]
    assert [("ten", number) for number in asked] == ASKED[: len(asked)]


def test_of_a_hidden_run_the_player_gets_the_start_alone() -> None:
    asked, told = open_step("ten", 2, {}), open_step("ten", 2, {("ten", 2): 0})
    start, run = headers(asked)["player"], headers(told)["player"]
    assert run_of(told) == run["run"] != start["run"]
    assert start["isLocked"] and not run.get("isLocked")
    assert start["clauses"] == [] and start["alt"] == "" and start["flag"] is None
    assert start["phases"] == [[0, "faithful"]] and run["phases"] != start["phases"]
    assert headers(asked)["verdict"]["ends"] == [] and headers(told)["verdict"]["ends"] != []
    assert headers(told)["map"] and headers(told)["dials"]


def test_both_runs_of_a_comparison_are_hidden() -> None:
    start = headers(open_step("ten", 6, {}))["player"]
    assert start["kept"]["phases"] == [[0, "faithful"]] and start["phases"] == [[0, "collapse"]]


def test_other_pages_are_hidden_too_and_other_settings() -> None:
    at = open_step("ten", 2, {})
    at.switch_page("pages/1_Phase_diagram.py").run()
    assert "map" not in headers(at) and headers(at)["lesson"]["isChanged"]
    at = open_step("ten", 2, {})
    at.query_params["temperature"] = "0.5"
    at.run()
    assert headers(at)["player"]["isLocked"] and headers(at)["lesson"]["isChanged"]
