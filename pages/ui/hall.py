"""What a lecture hall needs on every page: scenes for a clicker, keys, theme, and the way out."""

from dataclasses import replace
from typing import Any

import streamlit as st

from pages.ui.canvas import components, pack
from pages.ui.session import own_data, parts, settings
from pages.ui.session.scenes import SCENES, place_of, scene_of
from pages.ui.session.settings import Settings

_OWN = "Own settings"


def scene_box(now: Settings) -> None:
    """Choose a scene; the sentence says what to watch. A clicker goes from scene to scene."""
    scene, place = scene_of(now), place_of(now, st.session_state.get("scene_place"))
    st.session_state["scene_place"] = place and place.name
    header = {
        "mode": now.mode,
        "names": [s.name for s in SCENES],
        "own": _OWN,
        "chosen": place and place.name,
        "changed": scene is None,
        "watch": scene.watch if scene else "",
    }
    components.scenes_box(
        key="scene",
        data=pack.pack(header, {}),
        on_chosen_change=lambda: load_scene(st.session_state["scene"]["chosen"]),
        on_dropped_change=_dropped,
    )


def _dropped() -> None:
    """Keep a file that was dropped anywhere on the page."""
    own_data.drop(st.session_state["scene"]["dropped"])
    parts.redraw()


def load_scene(name: Any) -> None:
    """Load the scene of this name, from its start."""
    now = settings.current()
    for scene in SCENES:
        if scene.name == name:
            st.session_state["scene_place"] = scene.name
            settings.apply(replace(scene.settings(now.projector), text=now.text), restart=True)
            parts.redraw()


def keys_box(now: Settings) -> None:
    """Draw what opens the list of keys, and in projector mode the switch of the theme."""
    components.keys(key="keys", data=pack.pack({"mode": now.mode}, {}))


def projector_button(now: Settings) -> None:
    """Draw the way into projector mode, or out of it."""
    leaves = now.projector
    st.button(
        "Leave projector" if leaves else "Projector",
        icon=":material/close:" if leaves else ":material/cast:",
        key="projector_button",
        help=None if leaves else "Large type for a lecture hall; press again to leave.",
        on_click=settings.change,
        kwargs={"projector": not leaves},
    )
