"""Two runs side by side: A is kept, B is what the dials set; seed and length are shared."""

import dataclasses

import streamlit as st

from closedloop_core import LoopParams
from pages.ui.frame import drawer, plain
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.wording import differences


def compare_box(now: Settings) -> None:
    """Start a comparison, or show what sets the two runs apart and what can be done with them."""
    if now.kept is None:
        box = drawer("Compare A | B", "compare", width="stretch")
        if not box.open:
            return
        with box:
            st.markdown(
                "Two runs on one clock, with the same seed. This run is kept as **A**; the dials"
                " then turn **B**."
            )
            st.button("Keep this run as A", key="keep_a", on_click=_keep, width="stretch")
            st.button(
                "Replace against accumulate",
                key="compare_regimes",
                on_click=_compare_regimes,
                width="stretch",
                help="A: new data join the old. B: they take their place. All else the same.",
            )
        return
    with st.container(key="comparing", gap="small"):
        st.markdown(_table(now.kept, now.params))
        with st.container(horizontal=True, gap="small"):
            _button("Swap", "swap_runs", _swap, "A becomes B, and B becomes A.")
            _button("A to B", "copy_a", _copy, "Copy A's settings to B, to start over from there.")
            _button("B alone", "end_compare", _end, "Go on with B alone.")


def _button(label: str, key: str, action: object, text: str) -> None:
    st.button(label, key=key, on_click=action, help=text, width="stretch")  # type: ignore[arg-type]


def _table(kept: LoopParams, params: LoopParams) -> str:
    """Return what differs, as a Markdown table; labels are visitors' text."""
    ones, others = differences(kept, params)
    if not ones:
        return "**A** and **B** are the same run. Turn a dial to change **B**."
    rows = [f"| {plain(a)} | **{plain(b)}** |" for a, b in zip(ones, others, strict=True)]
    return "\n".join(["| A | B |", "|---|---|", *rows])


def _keep() -> None:
    settings.change(kept=settings.current().params)


def _compare_regimes() -> None:
    params = settings.current().params
    accumulate = params.replace(regime="accumulate")
    settings.change(regime="replace", growth=None, kept=accumulate, restart=True)


def _swap() -> None:
    now = settings.current()
    if now.kept is not None:
        settings.apply(dataclasses.replace(now, params=now.kept, kept=now.params))


def _copy() -> None:
    now = settings.current()
    if now.kept is not None:
        settings.apply(dataclasses.replace(now, params=now.kept))


def _end() -> None:
    settings.change(kept=None)
