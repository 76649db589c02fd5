"""What the Luck page does while a chapter computes."""

import pytest
from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def chapter() -> None:
    import streamlit as st

    from pages.ui.luck import page

    place = page.title_place(st.session_state["chapter"])
    if not st.session_state["computes"]:
        page.write_title(place, st.session_state["chapter"], "<h1>A finding</h1>")


def headline(at: AppTest, chapter: str, computes: bool) -> str:
    at.session_state["chapter"], at.session_state["computes"] = chapter, computes
    at.run()
    return "".join(element.proto.body for element in at.get("html"))


def test_the_headline_stays_pale_while_its_chapter_computes_and_goes_with_it() -> None:
    at = AppTest.from_function(chapter)
    assert headline(at, "odds", True) == ""
    assert headline(at, "odds", False) == "<h1>A finding</h1>"
    assert headline(at, "odds", True) == '<div class="lk-former"><h1>A finding</h1></div>'
    assert headline(at, "sizes", True) == ""


def examples() -> None:
    import streamlit as st

    from pages.ui.luck import page
    from pages.ui.session import settings

    settings.load("pages/3_Luck.py")
    st.session_state.setdefault("drawer_examples", True)
    if st.session_state["drawer_examples"]:
        page._example_button(page.Example("hot", "Hot", "why", {"temperature": 2.0}))


def test_the_box_of_examples_closes_when_one_is_chosen() -> None:
    at = AppTest.from_function(examples).run()
    at.button(key="hot").click().run()
    assert not at.session_state["drawer_examples"] and not at.button
    assert at.session_state["settings"].params.temperature == 2.0
