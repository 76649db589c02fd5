"""The lesson in the link and over pages; one's own lesson; the speaker's window; the tour."""

import contextlib
import json
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from closedloop_core import Change, Law, LoopParams
from pages.ui.lessons import course, reading
from pages.ui.lessons.model import Lesson, Step
from pages.ui.lessons.tour import TASKS, Seen, done_by
from pages.ui.session.scenes import SCENES
from pages.ui.session.settings import Settings
from tests.pages.visit import headers, notes, open_link, settings_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

TEN = course.built_in("ten")
LESSONS = "pages/7_Lessons.py"


def test_a_short_link_leads_to_the_step_and_its_page() -> None:
    at = open_link({"lesson": "ten", "step": "3"})
    assert headers(at)["lesson"]["title"] == TEN.steps[2].title
    assert "language" in headers(at) and settings_of(at).step == 3
    assert dict(at.query_params) == {"v": "1", "lesson": "ten", "step": "3"}
    assert not headers(at)["lesson"]["isChanged"]


def test_settings_in_the_link_win_over_those_of_the_step() -> None:
    at = open_link({"lesson": "ten", "step": "1", "temperature": "0.5", "v": "1"})
    assert settings_of(at).params.temperature == 0.5 and headers(at)["lesson"]["isChanged"]
    again = Settings.from_query(settings_of(at).to_query())[0]
    assert again == settings_of(at)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"lesson": "eleven"}, "no lesson is called “eleven”"),
        ({"lesson": "zAAAA"}, "damaged"),
        ({"lesson": "<b>"}, "lesson must be the name of a lesson"),
        ({"lesson": "own"}, "no lesson is called “own” in this visit"),
    ],
)
def test_a_link_to_no_lesson_says_so_and_opens_none(query: dict[str, str], told: str) -> None:
    at = open_link(query)
    assert told in notes(at).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    assert "lesson" not in headers(at) and settings_of(at).lesson == ""


def test_a_step_out_of_range_is_the_last_and_a_strange_one_the_first() -> None:
    assert headers(open_link({"lesson": "ten", "step": "40"}))["lesson"]["number"] == 7
    at = open_link({"lesson": "ten", "step": "many"})
    assert headers(at)["lesson"]["number"] == 1 and "got “many”; 1 is used" in notes(at)


def test_a_scene_an_undo_and_another_page_leave_the_lesson_open() -> None:
    at = open_link({"lesson": "ten", "step": "1"})
    at.button(key="new_seed").click().run()
    assert headers(at)["lesson"]["isChanged"] and settings_of(at).params.seed == 8
    at.button(key="undo").click().run()
    assert not headers(at)["lesson"]["isChanged"]
    at.switch_page("pages/1_Phase_diagram.py").run()
    assert headers(at)["lesson"]["number"] == 1 and headers(at)["lesson"]["isChanged"]


def lesson_in_link() -> str:
    steps = (Step("Playground", "temperature=0.5", "One"), Step("Geometry", "", "Two"))
    token = reading.to_token(Lesson("Mine", steps))
    assert token is not None
    return token


def test_a_lesson_travels_whole_in_a_link() -> None:
    at = open_link({"lesson": lesson_in_link(), "step": "1"})
    assert headers(at)["lesson"]["name"] == "Mine" and settings_of(at).params.temperature == 0.5


def test_the_speakers_window_holds_every_step_and_no_settings() -> None:
    at = open_link({"notes": "1", "lesson": "ten", "step": "2"})
    shown = headers(at)["notes"]
    assert [step["notes"] for step in shown["steps"]] == [step.notes for step in TEN.steps]
    assert shown["number"] == 2 and shown["steps"][2]["begins"] == 2.5 and shown["minutes"] == 10
    assert "lesson" not in headers(at) and "settings" not in at.session_state
    assert "No lesson of this name" in notes(open_link({"notes": "1", "lesson": "eleven"}))


def own(at: AppTest) -> Lesson:
    found: Lesson = at.session_state["own_lesson"]
    return found


def test_the_present_view_is_added_by_one_press_and_edited() -> None:
    at = open_link({"temperature": "0.5", "seed": "3", "projector": "off"})
    at.button(key="add_view").click().run()
    assert own(at).steps == (Step("Playground", "v=1&temperature=0.5&seed=3", "Step 1"),)
    at.switch_page("pages/2_Geometry.py").run()
    at.button(key="add_view").click().run()
    assert [step.page for step in own(at).steps] == ["Playground", "Geometry"]
    at.switch_page(LESSONS)
    at.session_state["own_step_0"] = at.session_state["own_step_1"] = True
    at.run()
    at.text_area(key="own_0_moral").set_value("So it is.").run()
    at.text_input(key="own_title").set_value("Mine").run()
    at.text_input(key="own_1_minutes").set_value("2.5").run()
    at.selectbox(key="own_0_question_kind").set_value("share").run()
    at.text_input(key="own_0_question_options").set_value("20, 62.5").run()
    assert own(at).title == "Mine" and own(at).minutes == 3.5
    question = own(at).steps[0].question
    assert question is not None and question.options == ("20", "62.5")
    at.text_input(key="own_0_question_options").set_value("lots").run()
    assert "must be a share in per cent" in notes(at) and own(at).steps[0].question == question
    at.text_input(key="own_1_link").set_value("temperature=cold").run()
    assert "temperature" in notes(at) and own(at).steps[1].link == "v=1&temperature=0.5&seed=3"
    at.button(key="own_1_up").click().run()
    assert [step.page for step in own(at).steps] == ["Geometry", "Playground"]
    assert reading.read(reading.to_json(own(at)), ("Geometry", "Playground")) == own(at)
    at.button(key="start_own").click().run()
    assert headers(at)["lesson"]["name"] == "Mine" and "geometry" in headers(at)
    at.switch_page(LESSONS).run()
    for _ in range(2):
        at.session_state["own_step_0"] = True
        at.run()
        at.button(key="own_0_remove").click().run()
    assert at.session_state["own_lesson"] is None


def test_a_file_is_loaded_and_a_bad_one_refused_with_line_and_field() -> None:
    at = open_link({"v": "1"}, LESSONS)
    good = json.dumps(TEN.to_dict(), indent=1)
    at.file_uploader(key="lesson_file").set_value(("ten.json", good.encode(), "text/json")).run()
    assert own(at) == TEN
    bad = good.replace('"page": "Luck"', '"page": "<b>Bad</b>"')
    line = 1 + bad[: bad.index("<b>")].count("\n")
    at.file_uploader(key="lesson_file").set_value(("bad.json", bad.encode(), "text/json")).run()
    assert f"line {line}, steps[7].page: must be one of" in notes(at) and own(at) == TEN
    assert "\\<b\\>" in at.warning[0].value


WORDS = Law.real_text(10)
EVEN = Law.uniform(10)
START = Settings(next(scene for scene in SCENES if scene.name == "Balanced").params)


def seen(phase: str = "faithful", page: str = "Playground", **changes: Any) -> Seen:
    return Seen(page, Settings(START.params.replace(**changes)), phase, before=START)


PAIR = Settings(
    LoopParams(initial=Law.from_weights([91] + 9 * [1]), reference=EVEN),
    kept=LoopParams(initial=EVEN, reference=EVEN),
)
DOES_IT: list[Seen] = [
    Seen("Playground", START, "faithful", has_played=True),
    seen("collapse", temperature=0.6),
    seen("heat death", temperature=2.0),
    seen("faithful", temperature=0.7, external_fraction=0.7),
    seen(noise=False),
    seen(seed=8),
    Seen("Playground", Settings(START.params, kept=START.params.replace(temperature=0.9)), ""),
    seen(schedule=(Change(3, "temperature", 2.0),)),
    Seen("Phase diagram", seen(temperature=0.9).now, "", "", START, "Phase diagram"),
    Seen("Playground", PAIR, "sharpened", "faithful"),
]


def test_each_task_of_the_tour_is_ticked_by_what_it_asks_for_and_by_no_page_alone() -> None:
    assert len(TASKS) == len(DOES_IT) >= 8
    for at, does in enumerate(DOES_IT):
        assert at in done_by(does, frozenset()), TASKS[at].title
    assert done_by(Seen("Playground", START, "faithful"), frozenset()) == frozenset()
    assert done_by(Seen("Phase diagram", START, "", "", START, "Playground"), frozenset({2})) == {2}
    for task in TASKS:
        assert len(set(task.hints)) == 2 and task.text.endswith(".")


def test_near_misses_are_not_ticked() -> None:
    rescue, luck, pair, moved = 3, 5, 9, 8
    assert rescue not in done_by(seen("faithful", temperature=0.9), frozenset())
    assert luck not in done_by(seen(seed=8, temperature=0.9), frozenset())
    both = Seen("Playground", PAIR, "faithful", "faithful")
    assert pair not in done_by(both, frozenset())
    assert moved not in done_by(seen(page="Phase diagram", temperature=0.9), frozenset())


def test_the_tour_begins_with_nothing_done_and_goes_on_over_pages() -> None:
    at = open_link({"lesson": "tour"})
    assert headers(at)["tour"]["current"] == 0
    assert not any(task["isDone"] for task in headers(at)["tour"]["tasks"])
    at.button(key="new_seed").click().run()
    done = [task["title"] for task in headers(at)["tour"]["tasks"] if task["isDone"]]
    assert done == ["Other luck"]
    at.switch_page("pages/1_Phase_diagram.py").run()
    assert headers(at)["tour"]["page"] == "Phase diagram"


class _Switched(BaseException):
    """What Streamlit raises to leave a page."""


def test_a_page_is_asked_for_until_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request of another part of the page can take the place of the switch."""
    asked: list[str] = []
    state = {"to_page": "app.py", "settings": Settings()}
    monkeypatch.setattr(st, "session_state", state)

    def run(path: str) -> None:
        with contextlib.suppress(_Switched):
            course.follow(path)

    def switch(page: str, **_: object) -> None:
        asked.append(page)
        raise _Switched

    monkeypatch.setattr(st, "switch_page", switch)
    for _ in range(2):
        run("pages/5_Language.py")
    run("app.py")
    run("pages/5_Language.py")  # where the visitor goes afterwards, they stay
    assert asked == ["app.py", "app.py"] and "to_page" not in state
