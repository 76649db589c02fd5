"""The page "Language", opened as a link does: what it shows, and what links and controls do."""

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.pages.visit import clause, headers, notes, open_page

PAGE = "pages/5_Language.py"


def run_out(at: AppTest) -> dict[str, Any]:
    """Go on until the run is written, and return what the texts' component gets."""
    for _ in range(60):
        found = headers(at)["language"]
        if found["state"] != "writing":
            return found
        at.run()
    raise AssertionError("the run does not end")


def opened(**query: str) -> AppTest:
    """Open the page with these settings of its own."""
    given = {"text_generations": "3", "text_sample_size": "2000"} | query
    return open_page(PAGE, v="1", **given)


def test_the_page_shows_texts_from_one_beginning_and_three_clauses() -> None:
    at = opened()
    found = run_out(at)
    assert len(found["texts"]) == len(found["moments"]) == len(found["says"]) == 4
    for text in found["texts"]:
        assert "".join(piece for piece, _ in text["pieces"]).startswith("Elizabeth was")
    assert found["says"][0] > found["says"][-1]
    assert headers(at)["verdict"]["moment"]["word"] == "Generation 0"
    assert clause(at, "ends").startswith("In generation 3 it says ")
    assert "Its words alone need at least" in clause(at, "needs")
    assert notes(at) == ""


def test_the_link_carries_the_settings_and_says_what_it_does_not_understand() -> None:
    at = opened(text_temperature="1.3", text_beginning="The house", text_discount="nine")
    found = run_out(at)
    assert found["temperature"] == 1.3 and found["beginning"] == "The house"
    assert "discount must be a number" in notes(at)
    assert at.query_params["text_temperature"] == "1.3"
    assert "text_discount" not in at.query_params
