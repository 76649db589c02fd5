"""How the page "Language" is laid out, and what follows the hand."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from closedloop_core import LearnerParams
from pages.ui import frame
from pages.ui.canvas import components, pack
from pages.ui.language import cached, controls, figures, map_box, starved_box, words
from pages.ui.language.maps import least_on_map
from pages.ui.language.runs import Moment
from pages.ui.language.stepped import Stepped
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.session.text_settings import TextSettings

_AT_ONCE = 0.3  # seconds of work in one run of the script
_EVERY = 0.15  # seconds from one part of the work to the next
_ON_ITS_WAY = 0.06  # until a message has left
_LONGEST = {"word": "Gibberish", "number": "88.8", "after": ", at first out of 88.8"}


@dataclass(frozen=True)
class Places:
    """Where the parts of the page go that follow the hand."""

    verdict: DeltaGenerator
    texts: DeltaGenerator
    hand: DeltaGenerator


def language_page() -> None:
    """Draw the page."""
    now = frame.open_page("pages/5_Language.py", "Language")
    frame.write_style(Path(__file__).parent, "language.css", now.projector)
    components.load_components("language")
    text = text_of(now)
    components.send_ahead(_dial_frame(text, now), "dial_frame")
    places, left, right = lay_out(now)
    live_part(text, places, now)
    with left:
        controls.controls(text)
    with right:
        map_box.map_box(text, now)
        starved_box.starved_box(text)
    frame.close_page()


def text_of(now: Settings) -> TextSettings:
    """Return what this page shows."""
    return now.text or TextSettings.default()


def lay_out(now: Settings) -> tuple[Places, DeltaGenerator, DeltaGenerator]:
    """Lay out the page: verdict, and below it dials, texts, and what stands beside them."""
    verdict = st.container(key="verdict_place")
    if now.projector:
        texts, right = st.columns([1300, 430], gap="large")
        return Places(verdict, texts, right.container()), right.container(), right.container()
    with st.container(key="body"):
        left, middle, right = st.columns([272, 736, 272], gap="medium")
    left.markdown("## What you set")
    return (
        Places(verdict, middle.container(), left.container(key="hand")),
        left.container(),
        right.container(key="text_side"),
    )


def live_part(text: TextSettings, places: Places, now: Settings) -> None:
    """Draw what follows the hand, and go on with the run as long as it is not whole."""
    run = cached.run_of(text.params, text.beginning)
    every = _EVERY if not run.is_done and not is_stopped(text) else None
    st.fragment(_live, run_every=every)(places, [True])


def _live(places: Places, whole: list[bool]) -> None:
    is_alone = not whole
    whole.clear()
    now = settings.current()
    text = text_of(now)
    run = cached.run_of(text.params, text.beginning)
    if not is_stopped(text):
        run.advance(_AT_ONCE, least=1)
    with places.verdict:
        draw_verdict(text, run, now)
    with places.texts:
        draw_texts(text, run, now)
    with places.hand:
        dial_box(text, now)
    if is_alone and not st.session_state["live"] and (run.is_done or is_stopped(text)):
        time.sleep(_ON_ITS_WAY)
        st.rerun()


def is_stopped(text: TextSettings) -> bool:
    """Say whether the visitor has stopped this run."""
    return bool(st.session_state.get("text_stopped") == text.params)


def rule_of(params: LearnerParams, tolerance: float) -> words.Faithful:
    """Return what is called faithful."""
    return words.Faithful(tolerance, cached.luck_of(params.source, params.sample_size))


def draw_texts(text: TextSettings, run: Stepped[Moment], now: Settings) -> None:
    """Draw the texts and curves."""
    params = text.params
    shown = figures.shown_run(run.items, params, rule_of(params, now.tolerance))
    header = figures.header(
        shown, params, text.beginning, f"{hash(params):x}", now.mode, st.session_state["restart"]
    )
    state = "done" if run.is_done else "stopped" if is_stopped(text) else "writing"
    header |= {
        "live": False,
        "state": state,
        "refusal": run.refusal,
        "picture_name": "closed-loop-language",
    }
    components.language(
        key="language", data=pack.pack(header, {}), on_stop_change=lambda: _stop(text)
    )


def _stop(text: TextSettings) -> None:
    sent: Any = st.session_state["language"]["stop"]
    st.session_state["text_stopped"] = text.params if sent == "stop" else None


def draw_verdict(text: TextSettings, run: Stepped[Moment], now: Settings) -> None:
    """Draw the three clauses."""
    params, items = text.params, run.items
    rule = rule_of(params, now.tolerance)
    moment = words.now_clause(items[0], items[0], params, rule)
    last = words.now_clause(items[-1], items[0], params, rule)
    measured = map_box.measured(params)
    least = None
    if measured is not None:
        least = least_on_map(measured, params.temperature, rule.within)
    if least is None:
        exact = cached.needs_of(params.source, params.temperature, now.tolerance)
        least = words.Least(exact, False)
    header = {
        "mode": now.mode,
        "moment": {**moment, "longest": {**last, **_LONGEST}},
        "begins": None,
        "ends": words.ends_clause(params, items[-1], run.is_done, None),
        "needs": words.needs_clause(params, least),
    }
    components.verdict(key="verdict", data=pack.pack(header, {}))


def _dial_frame(text: TextSettings, now: Settings) -> bytes:
    return cached.dial_frame(text.params.source, now.tolerance)


def dial_box(text: TextSettings, now: Settings) -> None:
    """Draw the three dials; each change comes back through `_dialled`."""
    params, names = text.params, ("temperature", "external_fraction", "sample_size")
    header = {
        "mode": now.mode,
        "values": {**{name: getattr(params, name) for name in names}, "noise": True},
        "kept": text.kept and {name: getattr(text.kept, name) for name in names},
        "echo": st.session_state.get("dial_sequence", 0),
        "revision": st.session_state["revision"],
        "payload": pack.payload_name(_dial_frame(text, now)),
        "least_rescue": cached.needs_of(params.source, params.temperature, now.tolerance),
        "sample_size_note": None,
    }
    components.dials(key="dials", data=pack.pack(header, {}), on_values_change=_dialled)


def _dialled() -> None:
    sent: Any = st.session_state["dials"]["values"]
    if not isinstance(sent, dict):
        return
    st.session_state["dial_sequence"] = sent.get("sequence", 0)
    if sent.get("revision") != st.session_state["revision"]:
        return  # sent before an undo that it does not know of
    names = ("temperature", "external_fraction", "sample_size")
    values = {name: sent[name] for name in names if name in sent}
    controls.change(final=bool(sent.get("final", True)), from_dial=True, **values)
