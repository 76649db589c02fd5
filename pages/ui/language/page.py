"""How the page "Language" is laid out."""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import frame
from pages.ui.canvas import components
from pages.ui.language import cached
from pages.ui.language.change import text_of
from pages.ui.language.compare import compare_box
from pages.ui.language.controls import controls
from pages.ui.language.live import Places, live_part, played, rule_of, runs_of
from pages.ui.language.map_box import map_box
from pages.ui.language.network.drawer import network_fold
from pages.ui.language.source_box import OWN_TEXT, count_wanted
from pages.ui.language.starved_box import starved_box
from pages.ui.language.take_away import take_away
from pages.ui.session import settings
from pages.ui.session.settings import Settings

_PATH = "pages/5_Language.py"


def language_page() -> None:
    """Draw the page."""
    now, top, is_ahead = frame.open_ahead(_PATH, "Language")
    if not is_ahead:
        with top:
            frame.header(_PATH, now, OWN_TEXT)
    if frame.is_hidden():
        return
    count_wanted()
    frame.write_style(Path(__file__).parent, "language.css", now.projector)
    components.load_components("language")
    text = text_of(now)
    components.send_ahead(cached.dial_frame(text.params.source, now.tolerance), "dial_frame")
    places, left, right = lay_out(now.projector)
    live_part(places, now)
    if is_ahead:
        # The texts first: what frames them follows once they are on screen.
        components.ask_for_the_rest(settings.stay)
        return
    if left is not None and right is not None:
        with left:
            controls(text, now)
        with right:
            _side(now)
        with st.container(key="below_network"):
            network_fold(now)
    frame.close_page()


def _side(now: Settings) -> None:
    text = text_of(now)
    map_box(text)
    starved_box(text)
    with st.container(key="text_take_away"):
        compare_box(text)
        rule = rule_of(text.params, now.tolerance)
        take_away(text, now, runs_of(text)[0].items, rule, played(text, now))


def lay_out(projector: bool) -> tuple[Places, DeltaGenerator | None, DeltaGenerator | None]:
    """Lay out the page: verdict, and below it dials, texts, and what stands beside them."""
    verdict = st.container(key="verdict_place")
    if projector:
        texts, right = st.columns([1300, 430], gap="large")
        return Places(verdict, texts.container(), right.container()), None, None
    with st.container(key="body"):
        left, middle, right = st.columns([272, 736, 272], gap="medium")
    head = left.container(key="hand_head")
    head.markdown("## What you set")
    places = Places(verdict, middle.container(), left.container(key="hand"))
    return places, left.container(), right.container(key="text_side")
