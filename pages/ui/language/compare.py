"""Two runs side by side in text: A is kept, B is what the dials set; seed and length are shared."""

from dataclasses import replace

import streamlit as st

from closedloop_core import LearnerParams
from pages.ui.frame import drawer, plain
from pages.ui.language.change import change, current
from pages.ui.language.words import differences
from pages.ui.session import settings
from pages.ui.session.text_settings import TextSettings


def compare_box(text: TextSettings) -> None:
    """Start a comparison, or show what sets the runs apart and what can be done with them."""
    if text.kept is None:
        box = drawer("Compare A | B", "text_compare", width="stretch")
        if box.open:
            with box:
                st.markdown("This run is kept as **A**; the dials then turn **B** beside it.")
                st.button("Keep this run as A", key="text_keep", on_click=_keep, width="stretch")
        return
    with st.container(key="comparing", gap="small"):
        st.markdown(_table(text.kept, text.params))
        with st.container(horizontal=True, gap="small"):
            st.button("Swap", key="text_swap", on_click=_swap, width="stretch")
            st.button("A to B", key="text_copy", on_click=_copy, width="stretch")
            st.button("B alone", key="text_end", on_click=_end, width="stretch")


def _table(kept: LearnerParams, params: LearnerParams) -> str:
    ones, others = differences(kept, params)
    if not ones:
        return "**A** and **B** are the same run. Turn a dial to change **B**."
    rows = [f"| {plain(a)} | **{plain(b)}** |" for a, b in zip(ones, others, strict=True)]
    return "\n".join(["| A | B |", "|---|---|", *rows])


def _keep() -> None:
    change(kept=current().params)


def _swap() -> None:
    text = current()
    if text.kept is not None:
        settings.change(text=replace(text, params=text.kept, kept=text.params))


def _copy() -> None:
    text = current()
    if text.kept is not None:
        settings.change(text=replace(text, params=text.kept))


def _end() -> None:
    change(kept=None)
