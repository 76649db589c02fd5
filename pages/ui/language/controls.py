"""What a visitor sets on the page "Language" beside the dials."""

from typing import Any

import streamlit as st

from closedloop_core import NGrams
from closedloop_core.learners.params import HELP
from closedloop_core.learners.source import Unit
from pages.ui.session import settings
from pages.ui.session.text_settings import MAX_BEGINNING, TextSettings

_SOURCES = {"novel": "A novel of 1813", "reference": "Python’s manual", "file": "Your text"}
_BELIEFS = {"none": "none", "estimated": "as estimated", "set": "set"}


def change(*, final: bool = True, from_dial: bool = False, **changes: Any) -> None:
    """Change the run of this page; a refused value leaves everything as it was."""
    text = settings.current().text or TextSettings.default()
    try:
        changed = text.replace(**changes)
    except ValueError as error:
        settings.refuse(f"{error}; nothing was changed.")
        return
    settings.change(text=changed, final=final, from_dial=from_dial)


def controls(text: TextSettings) -> None:
    """Draw what stands below the dials: memory, belief, source, beginning."""
    with st.container(key="text_controls"):
        _beginning(text)
        _order(text)
        _belief(text)
        _source(text)


def _beginning(text: TextSettings) -> None:
    with st.container(key="beginning_row"):
        st.session_state["beginning"] = text.beginning
        st.text_input(
            "Every text begins with",
            max_chars=MAX_BEGINNING,
            key="beginning",
            help="Words, or nothing: then each generation begins where its data do.",
            on_change=lambda: change(beginning=st.session_state["beginning"]),
        )


def _order(text: TextSettings) -> None:
    source = text.params.source
    orders = [1, 2, 3] if source.name.startswith("novel") else [1, 2, 3, 4, 5]
    st.session_state["order"] = source.order
    st.segmented_control(
        f"{source.unit.capitalize()}s seen at once (n-gram order)",
        orders,
        key="order",
        required=True,
        width="stretch",
        help="A model of order n picks each word by the n − 1 words before it.",
        on_change=lambda: _change_source(order=st.session_state["order"]),
    )


def _change_source(**changes: Any) -> None:
    source = (settings.current().text or TextSettings.default()).params.source
    order, unit = changes.get("order", source.order), changes.get("unit", source.unit)
    if source.name.startswith("novel"):
        change(source=NGrams.novel(order))
    elif source.name.startswith("reference"):
        change(source=NGrams.reference(order, unit))


def _belief(text: TextSettings) -> None:
    params = text.params
    now = "none" if params.smoothing == "none" else "set" if params.discount else "estimated"
    st.session_state["belief"] = now
    st.segmented_control(
        "Belief in the unseen",
        list(_BELIEFS),
        format_func=_BELIEFS.__getitem__,
        key="belief",
        required=True,
        width="stretch",
        help=f"{HELP['smoothing']} {HELP['discount']}",
        on_change=_change_belief,
    )
    if now == "set":
        st.session_state["discount"] = params.discount
        st.number_input(
            "Taken off every count (discount)",
            0.001,
            1.0,
            step=0.05,
            format="%g",
            key="discount",
            on_change=lambda: change(discount=st.session_state["discount"]),
        )


def _change_belief() -> None:
    belief = st.session_state["belief"]
    smoothing = "none" if belief == "none" else "kneser_ney"
    change(smoothing=smoothing, discount=0.5 if belief == "set" else None)


def _source(text: TextSettings) -> None:
    kind = text.params.source.name.split(":")[0]
    st.session_state["text_source"] = kind
    st.segmented_control(
        "Learned from",
        list(_SOURCES),
        format_func=_SOURCES.__getitem__,
        key="text_source",
        required=True,
        width="stretch",
        help=HELP["source"],
        on_change=_change_kind,
    )


def _change_kind() -> None:
    kind = st.session_state["text_source"]
    source = (settings.current().text or TextSettings.default()).params.source
    unit: Unit = source.unit
    if kind == "novel":
        change(source=NGrams.novel(min(source.order, 3)))
    elif kind == "reference":
        change(source=NGrams.reference(source.order, unit))
