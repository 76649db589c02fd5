"""A visitor's settings: read from a link, kept over pages, undone, and never sent back."""

from unittest import mock

import pytest
from streamlit.runtime.state.query_params_proxy import QueryParamsProxy

from closedloop_core import LoopParams
from pages.ui.session.scenes import SCENES, scene_of
from pages.ui.session.settings import MAX_STATES, Settings
from tests.pages.visit import follow, headers, notes, open_link, open_page, settings_of

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PHASE_PAGE = "pages/1_Phase_diagram.py"


def test_a_bad_link_falls_back_with_a_note() -> None:
    at = open_page(temperature="cold", external_fraction="7", regime="rewind", initial="data:AAAA")
    params = settings_of(at).params
    assert params == LoopParams(external_fraction=1.0)
    for field in ("temperature", "external_fraction", "regime", "initial"):
        assert field in notes(at)


def test_labels_in_a_note_are_shown_as_text() -> None:
    at = open_page(temperature="<b>[x](http://e)</b>")
    assert "\\<b\\>\\[x\\]" in at.warning[0].value


def test_work_per_visitor_is_bounded() -> None:
    at = open_page(initial="zipf:2000", generations="100000")
    params = settings_of(at).params
    assert params.initial.n * (params.generations + 1) <= MAX_STATES
    assert "generations must be at most" in notes(at)


def test_undo_and_redo_travel_through_the_settings() -> None:
    at = open_page(temperature="0.5")
    follow(at, "Heat death")
    at.button(key="new_seed").click().run()
    assert settings_of(at).params.seed == 5
    at.button(key="undo").click().run()
    at.button(key="undo").click().run()
    assert settings_of(at).params == LoopParams(temperature=0.5)
    assert at.button(key="undo").disabled
    at.button(key="redo").click().run()
    assert scene_of(settings_of(at)) is SCENES[2]


def test_settings_survive_a_page_change_and_back() -> None:
    at = open_page(temperature="0.5", seed="9")
    at.switch_page(PHASE_PAGE).run()
    assert settings_of(at).params == LoopParams(temperature=0.5, seed=9)
    assert headers(at)["map"]["point"]["temperature"] == 0.5
    at.switch_page("app.py").run()
    assert settings_of(at).params == LoopParams(temperature=0.5, seed=9)


def test_projector_mode_is_part_of_the_link() -> None:
    at = open_page()
    at.button(key="projector_button").click().run()
    assert dict(at.query_params)["projector"] == "on"
    assert headers(at)["player"]["mode"] == "projector"


@pytest.mark.parametrize(
    "token",
    ["data:", "data:AAAA", "data:" + "A" * 3000, "zipf:1e400", "zipf", "text:9999", "nothing:3"],
)
def test_no_law_in_a_link_breaks_the_page(token: str) -> None:
    at = open_page(initial=token)
    assert settings_of(at).params.initial == LoopParams().initial
    assert "initial" in notes(at)


def test_a_widget_that_reports_with_an_old_address_is_not_sent_back_to_it() -> None:
    at = open_page(temperature="0.5")
    at.text_input(key="seed").set_value("9")
    # The browser had not yet been told of the address that the last change wrote.
    at.query_params.clear()
    at.query_params["temperature"] = "2"
    at.run()
    assert settings_of(at).params == LoopParams(temperature=0.5, seed=9)
    assert dict(at.query_params) == {"v": "1", "temperature": "0.5", "seed": "9"}


def test_a_change_that_reports_with_the_address_before_last_still_writes_its_own() -> None:
    at = open_page(temperature="0.5")
    at.text_input(key="seed").set_value("9").run()
    # Back to seed 0, before the browser has told that it was sent to seed 9.
    at.query_params.clear()
    at.query_params.update({"v": "1", "temperature": "0.5"})
    with mock.patch.object(QueryParamsProxy, "from_dict", autospec=True) as written:
        at.text_input(key="seed").set_value("0").run()
    assert [call.args[1] for call in written.call_args_list] == [{"v": "1", "temperature": "0.5"}]


def test_what_was_asked_before_the_first_address_was_rewritten_is_done() -> None:
    at = open_page(temperature="0.50")
    before = {name: at.session_state[name] for name in ("restart", "revision")}
    # A press in the first half second: it reports with the address the visitor came with.
    at.session_state["change"] = {"old": None}
    for name, value in {"field": "external_fraction", "generation": 10, "value": 50.0}.items():
        at.session_state[f"change_{name}"] = value
    at.query_params.clear()
    at.query_params["temperature"] = "0.50"
    at.run()
    assert "change" in at.session_state
    assert before == {name: at.session_state[name] for name in before}


def test_a_step_of_no_lesson_is_none() -> None:
    settings, _ = Settings.from_query({"v": "1", "step": "3"})
    assert Settings.from_query(settings.to_query()) == (settings, ())
    with_lesson = Settings(lesson="ten", step=3)
    assert with_lesson.step == 3 and with_lesson.to_query()["step"] == "3"


def test_a_damaged_link_is_repaired_and_what_is_lost_is_named() -> None:
    at = open_link(
        {"temperature": "0.5", "amp;seed": "3", "amp;temprature": "2", "colour": "red)."}
    )
    assert settings_of(at).params == LoopParams(temperature=0.5, seed=3)
    assert "temprature (did you mean temperature?), colour" in notes(at)
