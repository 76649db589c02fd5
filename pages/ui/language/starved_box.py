"""It starves what it visits: contexts by their own external share; each opens in the playground."""

import dataclasses

import streamlit as st

from closedloop_core import LearnerParams
from pages.ui.frame import plain
from pages.ui.language import cached
from pages.ui.language.starved import Starved, playground_run, shown_word
from pages.ui.session import settings
from pages.ui.session.text_settings import TextSettings
from pages.ui.wording import percent_on_bar

_EVERY = 0.5  # seconds between two looks whether it is solved
_LITTLE = 50  # per cent: below it a bar has the colour of collapse
_LONGEST = 24  # characters of a word


def starved_box(text: TextSettings) -> None:
    """Draw the contexts; only for an external share above 0."""
    params = text.params
    if params.external_fraction == 0:
        return
    st.markdown("## It starves what it visits")
    source = cached.bigrams_of(params.source)
    if source is None:
        st.caption("A model of order 1 has one context: all its words share the external text.")
        return
    found = cached.starved_of(source, params.temperature, params.external_fraction)
    st.fragment(_live, run_every=None if found.ask() else _EVERY)(params, [True])


def _live(params: LearnerParams, whole: list[bool]) -> None:
    is_alone = not whole
    whole.clear()
    source = cached.bigrams_of(params.source)
    assert source is not None
    found = cached.starved_of(source, params.temperature, params.external_fraction)
    if found.value is not None:
        _contexts(found.value, params)
    else:
        st.caption(found.refusal or "Solving where each context settles …")
    if is_alone and found.ask() and not st.session_state["live"]:
        settings.stay()
        st.rerun()


def _contexts(found: Starved, params: LearnerParams) -> None:
    unit, overall = params.source.unit, percent_on_bar(params.external_fraction)
    st.caption(
        f"Exact, without smoothing: the external share that reaches the {unit} after …"
        f" ({overall} overall; the median {unit}: {percent_on_bar(found.median)})"
    )
    st.html(f"<style>{''.join(_bar(found, context) for context in found.listed())}</style>")
    with st.container(key="contexts", gap=None):
        for context in found.listed():
            share = percent_on_bar(float(found.shares[context]))
            word = shown_word(found.word(context))[:_LONGEST]
            st.button(
                f"{plain(word)} … **{share}**",
                key=f"context_{context}",
                type="tertiary",
                width="stretch",
                help="Open as a run of the playground: its next words, with this share.",
                on_click=_open,
                args=(found, context, params),
            )
    if not found.source.fits_link:
        st.caption("The words of your own text stay in your visit: no link will carry them.")
    if st.session_state.get("to_page") == "app.py":
        st.switch_page("app.py")


def _bar(found: Starved, context: int) -> str:
    """Return the style that draws a context's share as a bar under its words."""
    share = 100 * float(found.shares[context])
    hue, rest = "#D55E00" if share < _LITTLE else "#14AD82", "rgba(128, 136, 150, 0.22)"
    return (
        f".st-key-context_{context} button {{ background: linear-gradient(90deg,"
        f" {hue} {share:.2f}%, {rest} {share:.2f}%) left bottom / 100% 6px no-repeat; }}"
    )


def _open(found: Starved, context: int, params: LearnerParams) -> None:
    run = playground_run(found, context, params)
    now = settings.current()
    settings.apply(dataclasses.replace(now, params=run, kept=None), restart=True)
    st.session_state["to_page"] = "app.py"  # until it is there, see `course.follow`
