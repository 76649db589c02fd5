"""The widgets that every page has: scenes, dials, seed with undo and redo, and the tolerance."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from closedloop_core.settings.limits import LIMITS, Limit
from closedloop_core.settings.params import HELP
from pages.ui import cached
from pages.ui.canvas import components, pack
from pages.ui.session import own_data, settings
from pages.ui.session.scenes import SCENES, scene_of
from pages.ui.session.settings import Settings
from pages.ui.widgets.numbers import number_box, percent_of, refusal, share_of

_OWN = "Own settings"
_DIAL_FIELDS = ("temperature", "external_fraction", "sample_size")


def scene_box(now: Settings) -> None:
    """Choose a scene; the sentence below says what to watch. Files may be dropped on the page."""
    scene = scene_of(now)
    header = {
        "names": [s.name for s in SCENES],
        "own": _OWN,
        "chosen": scene and scene.name,
        "watch": scene.watch if scene else "",
    }
    components.scenes_box(
        key="scene",
        data=pack.pack(header, {}),
        on_chosen_change=lambda: load_scene(st.session_state["scene"]["chosen"]),
        on_dropped_change=_dropped,
    )


def _dropped() -> None:
    own_data.drop(st.session_state["scene"]["dropped"])
    settings.redraw()


def load_scene(name: Any) -> None:
    """Load the scene of this name, from its start."""
    for scene in SCENES:
        if scene.name == name:
            settings.apply(scene.settings(settings.current().projector), restart=True)
            settings.redraw()


def send_dial_frame(now: Settings) -> None:
    """Send what the dials show of this source, and of no setting, ahead of `dial_box`."""
    components.send_ahead(cached.dial_frame(now.params.source, now.tolerance)[0], "dial_frame")


def dial_box(now: Settings, is_framed: bool = False) -> None:
    """Draw the three dials and the noise switch; each change comes back through `_dialled`.

    They show the settings at the start of the run. ``is_framed`` says that `send_dial_frame` has
    been called.
    """
    if not is_framed:
        send_dial_frame(now)
    params = now.params
    start = cached.limit_of(params.at(0), now.tolerance)
    header = {
        "mode": now.mode,
        "values": {name: getattr(params, name) for name in (*_DIAL_FIELDS, "noise")},
        "kept": now.kept and {name: getattr(now.kept, name) for name in _DIAL_FIELDS},
        "echo": st.session_state.get("dial_sequence", 0),
        "revision": st.session_state["revision"],
        "payload": cached.dial_frame(params.source, now.tolerance)[1],
        "least_rescue": start.least_external,
        "sample_size_note": None if params.growth is None else "set by growth, below",
    }
    components.dials(key="dials", data=pack.pack(header, {}), on_values_change=_dialled)


def _dialled() -> None:
    sent: Any = st.session_state["dials"]["values"]
    if not isinstance(sent, dict):
        return
    st.session_state["dial_sequence"] = sent.get("sequence", 0)
    if sent.get("revision") != st.session_state["revision"]:
        return  # sent before an undo or a scene that it does not know of
    values = {name: sent[name] for name in (*_DIAL_FIELDS, "noise") if name in sent}
    settings.change(final=bool(sent.get("final", True)), from_dial=True, **values)
    settings.redraw()


def seed_row(now: Settings) -> None:
    """Seed box, new seed, undo and redo."""
    past, future = st.session_state["past"], st.session_state["future"]
    with st.container(horizontal=True, vertical_alignment="center", key="seed_row"):
        st.markdown("Seed", width="content", help=HELP["seed"])
        number_box(
            "Seed",
            "seed",
            now.params.seed,
            LIMITS["seed"],
            lambda seed: settings.change(seed=seed, restart=True),
            says=False,
            label_visibility="collapsed",
        )
        _icon_button("New seed", "casino", "The same settings, other luck.", _new_seed)
        undo_help = "Undo: back to the settings before the last change."
        _icon_button("Undo", "undo", undo_help, settings.undo, disabled=not past)
        _icon_button("Redo", "redo", "Redo: take back an undo.", settings.redo, disabled=not future)
    refusal("seed")


def _icon_button(
    label: str, icon: str, text: str, action: Callable[[], None], disabled: bool = False
) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=label.lower().replace(" ", "_"),
        help=text,
        on_click=action,
        disabled=disabled,
    )


def _new_seed() -> None:
    settings.change(seed=(settings.current().params.seed + 1) % 2**32, restart=True)


def tolerance_box(now: Settings) -> None:
    """Choose how far from the source is still called faithful."""
    low, high = settings.TOLERANCES
    help_text = (
        "Largest total variation distance to the source that is called faithful: the share of all"
        " probability that has moved."
    )
    st.markdown("Faithful within, %", width="content", help=help_text)
    number_box(
        "Faithful within, %",
        "tolerance",
        percent_of(now.tolerance),
        Limit(percent_of(low), percent_of(high), whole=False),
        lambda percent: settings.change(tolerance=share_of(percent)),
        width=110,
        label_visibility="collapsed",
    )
