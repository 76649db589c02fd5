"""The page "Language", opened as a link does: what it shows, and what links and controls do."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from closedloop_core import LearnerParams
from pages.ui.cached import worker_pool
from pages.ui.language import cached
from pages.ui.pool import JOBS
from pages.ui.session.text_settings import MAX_WORDS, TextSettings
from tests.pages.language.test_later import until
from tests.pages.visit import clause, components, headers, notes, open_page, open_shut, settings_of

PAGE = "pages/5_Language.py"
TALE = (
    "the cat saw the dog . the dog saw a cat and the cat ran . a dog ran after the cat ."
    " the cat saw a bird and the bird saw the cat . a bird sang and the dog ran . "
) * 4
SECRET = "zyzzyva"
FOLDS = ("fold_text_more", "fold_text_leaves_out", "text_compare", "drawer_text_take_away")


def run_out(at: AppTest) -> dict[str, Any]:
    """Go on until the run is written, and return what the texts' component gets."""
    for _ in range(60):
        found = headers(at)["language"]
        if found["state"] != "writing":
            return found
        at.run()
        assert not at.exception
    raise AssertionError("the run does not end")


def opened(**query: str) -> AppTest:
    """Open the page with these settings of its own, and all its folds."""
    given = {"text_generations": "3", "text_sample_size": "2000"} | query
    return open_shut(PAGE, FOLDS, v="1", **given)


def with_own_text(text: str = TALE, **query: str) -> AppTest:
    """Open the page and paste a text of one's own."""
    at = opened(**query)
    at.segmented_control(key="text_kind").set_value("file").run()
    at.text_area(key="own_text_pasted").set_value(text).run()
    assert not at.exception
    return at


def text_of(at: AppTest) -> TextSettings:
    return settings_of(at).text or TextSettings.default()


def test_the_page_shows_texts_from_one_beginning_and_three_clauses() -> None:
    at = opened()
    found = run_out(at)
    assert len(found["texts"]) == len(found["moments"]) == len(found["says"]) == 4
    for text in found["texts"]:
        assert "".join(piece for piece, _ in text["pieces"]).startswith("Elizabeth was")
    assert found["says"][0] > found["says"][-1]
    assert found["intro"] is None
    assert headers(at)["verdict"]["moment"]["word"] == "Generation 0"
    assert clause(at, "ends").startswith("In generation 3 it says ")
    assert "Its words alone need at least" in clause(at, "needs")
    assert notes(at) == ""
    assert any("It counts, it does not understand" in m.value for m in at.markdown)


def test_the_link_carries_the_settings_and_says_what_it_does_not_understand() -> None:
    at = opened(text_temperature="1.3", text_beginning="The house", text_discount="nine")
    found = run_out(at)
    assert found["temperature"] == 1.3 and found["beginning"] == "The house"
    assert "discount must be a number" in notes(at)
    assert at.query_params["text_temperature"] == "1.3"
    assert "text_discount" not in at.query_params


def test_a_first_visit_sees_three_columns_and_another_does_not() -> None:
    at = open_page(PAGE, v="1")
    intro = headers(at)["language"]["intro"]
    assert [column["title"] for column in intro["columns"]] == [
        "Cold", "As learned, 30 % real", "Hot",
    ]  # fmt: skip
    at.session_state["text_intro_seen"] = True
    assert headers(at.run())["language"]["intro"] is None


def test_controls_change_the_run_and_refuse_in_one_sentence() -> None:
    at = opened()
    at.segmented_control(key="order").set_value(2).run()
    at.segmented_control(key="belief").set_value("set").run()
    at.text_input(key="text_top_k").set_value("7").run()
    at.text_input(key="beginning").set_value("<b>she</b>").run()
    params = text_of(at).params
    assert (params.source.order, params.discount, params.top_k) == (2, 0.5, 7)
    # What a visitor types is text: it comes back as such, in pieces that are never parsed.
    first = "".join(piece for piece, _ in run_out(at)["texts"][0]["pieces"])
    assert first.lower().startswith("< b > she < / b >")
    at.button(key="undo").click().run()
    assert text_of(at).beginning == "Elizabeth was"


def test_a_dragged_dial_shows_texts_before_the_run_is_measured() -> None:
    at = opened()
    before = run_out(at)
    at.session_state["settings"] = settings_of(at).__class__(
        params=settings_of(at).params, text=text_of(at).replace(temperature=1.5)
    )
    at.session_state["live"] = True
    found = headers(at.run())["language"]
    assert found["live"] and found["says"] == before["says"]
    assert found["texts"][0] != before["texts"][0] and "old" not in found["texts"][0]
    assert "follow the dial" in clause(at, "ends")


def test_a_run_can_be_stopped_and_goes_on() -> None:
    at = opened(text_generations="100")
    at.session_state["text_stopped"] = text_of(at).params
    at.run()
    stopped = headers(at)["language"]
    assert stopped["state"] == "stopped" and len(stopped["says"]) < 101
    at.run()
    assert len(headers(at)["language"]["says"]) == len(stopped["says"])


def test_two_runs_stand_side_by_side() -> None:
    at = opened()
    at.button(key="text_keep").click().run()
    at.segmented_control(key="belief").set_value("none").run()
    found = run_out(at)
    assert len(found["kept"]["texts"]) == 4 and found["kept"]["words"] == "smoothing"
    assert found["words"] == "no smoothing"
    assert at.query_params["text_kept_v"] == "1"
    at.button(key="text_swap").click().run()
    assert text_of(at).params.smoothing == "kneser_ney"
    at.button(key="text_end").click().run()
    assert text_of(at).kept is None


def test_a_phrase_is_told_where_theory_tells_one() -> None:
    at = with_own_text()
    at.segmented_control(key="order").set_value(2).run()
    at.segmented_control(key="belief").set_value("none").run()
    for _ in range(200):
        if clause(at, "ends").startswith("It will end repeating"):
            break
        at.run()
    assert clause(at, "ends").startswith("It will end repeating ‹")


def test_a_phrase_is_asked_for_before_the_run_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[bool]()

    class Told:
        value = None

        def ask(self) -> bool:
            asked.append(True)
            return False

    monkeypatch.setattr(cached, "told_of", lambda *_: Told())
    query = {"text_source": "novel:2", "text_smoothing": "none", "text_generations": "400"}
    at = open_shut(PAGE, (), v="1", **query)
    assert headers(at)["language"]["state"] == "writing" and asked


def test_an_own_text_stays_in_the_visit() -> None:
    at = with_own_text(TALE + SECRET)
    found = run_out(at)
    assert text_of(at).params.source.vocabulary.count(SECRET) == 1
    assert at.query_params["text_source"] == "file"
    assert SECRET not in str(dict(at.query_params))
    assert found["source"] == "your text" and found["beginning"] == ""
    assert any("does not carry your text" in box.value for box in at.info)
    # Another visitor, in the same server, with that link: told, and shown nothing of it.
    link = {name: str(value) for name, value in dict(at.query_params).items()}
    other = open_shut(PAGE, (), **link)
    assert "does not carry its text" in notes(other)
    assert SECRET not in str(headers(other))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("one two", "text must hold at least 3 words"), ("\x00" * 50, "must be text")],
)
def test_a_text_that_cannot_be_used_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    at = with_own_text(text)
    said = notes(at) + " ".join(box.value for box in at.error).replace("\\", "")
    assert sentence in said
    assert text_of(at).params.source.name == "novel:3"


def test_a_text_without_spaces_is_cut_into_its_characters() -> None:
    at = with_own_text("\u6211\u662f\u4e00\u4e2a\u4eba\u3002\u4f60\u597d\u4e16\u754c\u3002" * 30)
    assert len(text_of(at).params.source.vocabulary) < 15
    assert any("without spaces" in caption.value for caption in at.caption)


def test_contexts_are_starved_and_open_in_the_playground() -> None:
    at = with_own_text(TALE + SECRET, text_external_fraction="0.3", text_temperature="0.8")
    for _ in range(200):
        found = [b for b in at.button if str(b.key).startswith("context_")]
        if found:
            break
        at.run()
    assert found
    at.switch_page("app.py")  # the test's own browser does not follow `st.switch_page`
    found[0].click()
    at.run()
    run = settings_of(at).params
    assert 0 < run.external_fraction < 1 and run.temperature == 0.8
    assert run.initial.private and not run.initial.fits_link()
    assert at.query_params["initial"] == "file"


def test_no_contexts_are_shown_without_external_text() -> None:
    assert not [b for b in opened().button if str(b.key).startswith("context_")]


def test_the_map_runs_on_demand_and_can_be_stopped() -> None:
    at = with_own_text(text_sample_size="1000")
    assert not components(at, "text_map")
    at.button(key="run_map").click().run()
    until(lambda: components(at.run(), "text_map"))
    assert headers(at)["text_map"]["done"] >= 9 and headers(at)["text_map"]["total"] == 132
    at.button(key="stop_map").click().run()
    pool = worker_pool(takes_long=True)
    until(lambda: len(pool._free) == JOBS)  # the part at work comes to its end
    done = headers(at.run())["text_map"]["done"]
    assert 9 <= headers(at.run())["text_map"]["done"] == done < 132
    assert len(pool._free) == JOBS and at.button(key="stop_map").label == "Go on"


def test_a_larger_run_than_a_visitor_may_ask_for_is_made_smaller_with_a_note() -> None:
    found, complaints = TextSettings.from_query(
        {"text_sample_size": "5000000", "text_generations": "9999", "text_growth": "0.1"}
    )
    assert found is not None and found.params.growth is None
    words = found.params.sample_size * (found.params.generations + 1)
    assert words <= MAX_WORDS and len(complaints) == 3
    assert all(note.startswith("Language: ") for note in complaints)


def test_settings_and_link_are_one() -> None:
    text = TextSettings(
        LearnerParams(temperature=1.2, top_p=0.9, seed=5), "the  house", LearnerParams(discount=0.3)
    )
    assert text.beginning == "the house" and text.kept and text.kept.seed == 5
    query = text.to_query()
    assert TextSettings.from_query(query) == (text, ())
    assert TextSettings.default().to_query() == {}
    assert TextSettings.from_query({"temperature": "2"}) == (None, ())
