"""What a browser reports of a widget whose value the server has replaced in the meantime."""

from streamlit.testing.v1 import AppTest


def _app() -> None:
    import streamlit as st

    from pages.ui.session.shown import shown

    state = st.session_state
    state.setdefault("value", "a")
    state.setdefault("chosen", [])

    def use(value: str) -> None:
        state["chosen"].append(value)
        state["value"] = "b" if value == "refused" else value

    if state.pop("cut", None):
        st.stop()
    if state.pop("replace", None):
        state["value"] = "c"
        state["revision"] = 1
    st.segmented_control(
        "Which",
        ["a", "b", "c", "refused"],
        required=True,
        **shown("which", state["value"], use),
    )


def test_a_choice_is_used_once_and_keeps_its_widget() -> None:
    at = AppTest.from_function(_app).run()
    at.segmented_control(key="which").set_value("b").run()
    at.run()
    assert at.session_state["chosen"] == ["b"]
    assert at.segmented_control(key="which").value == "b"
    # What is refused goes back in the same widget: the keyboard's focus stays.
    at.segmented_control(key="which").set_value("refused").run()
    assert at.segmented_control(key="which").value == "b"


def test_a_late_report_of_a_replaced_value_is_no_choice() -> None:
    at = AppTest.from_function(_app).run()
    at.session_state["replace"] = True
    late = at.segmented_control(key="which")  # what the browser shows, and reports: "a"
    at.run()
    assert at.segmented_control(key="which_1").value == "c"
    at._tree[0].children[len(at._tree[0].children)] = late.set_value("a")
    at.run()
    assert at.session_state["chosen"] == []
    assert at.segmented_control(key="which_1").value == "c"
    at.segmented_control(key="which_1").set_value("a").run()
    assert at.session_state["chosen"] == ["a"]


def test_a_choice_whose_run_was_cut_short_does_not_outlive_an_undo() -> None:
    at = AppTest.from_function(_app).run()
    at.session_state["cut"] = True
    late = at.segmented_control(key="which").set_value("b")
    at.run()
    assert at.session_state["chosen"] == ["b"]
    at.session_state["replace"] = True
    at._tree[0].children[len(at._tree[0].children)] = late
    at.run()
    assert at.segmented_control(key="which_1").value == "c"
    at._tree[0].children[len(at._tree[0].children)] = late
    at.run()
    assert at.session_state["chosen"] == ["b"]
