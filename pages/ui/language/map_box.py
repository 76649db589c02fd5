"""The measured map beside the exact one: run on demand by workers, coarse first."""

from typing import Any

import streamlit as st

from closedloop_core import LearnerMap, LearnerParams
from pages.ui.canvas import components
from pages.ui.frame import plain
from pages.ui.language import cached
from pages.ui.language.change import change, text_of
from pages.ui.language.maps import map_csv, map_params, pack_maps
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.session.text_settings import TextSettings
from pages.ui.widgets.save import save_button
from pages.ui.wording import count

_EVERY = 0.4  # seconds between two looks at how far it is
_RUNNING = "text_map_runs"  # in the session: the settings whose map runs


def measured(params: LearnerParams) -> LearnerMap | None:
    """Return the whole measured map of these settings, if this visitor has asked for it."""
    if st.session_state.get(_RUNNING) != map_params(params):
        return None
    found = cached.map_of(map_params(params)).found
    return found if found is not None and found.done == found.total else None


def map_box(text: TextSettings) -> None:
    """Draw the map, or the button that runs it."""
    base = map_params(text.params)
    st.markdown("## Measured beside exact")
    if st.session_state.get(_RUNNING) != base:
        st.caption(
            "Run this model at 12 temperatures and 11 external shares, 12 generations each"
            f" (regime replace, {count(base.sample_size)} {base.source.unit}s), beside the exact"
            f" map of its {base.source.unit}s alone."
        )
        st.button("Run the map", key="run_map", on_click=_start, args=(base,), width="stretch")
        return
    found = cached.map_of(base)
    is_going = not st.session_state.get("text_map_stopped") and not found.ask()
    st.fragment(_live, run_every=_EVERY if is_going else None)(base, is_going, [True])


def _start(base: LearnerParams) -> None:
    st.session_state[_RUNNING] = base
    st.session_state["text_map_stopped"] = False


def _stop(stops: bool) -> None:
    st.session_state["text_map_stopped"] = stops


def _live(base: LearnerParams, is_timed: bool, whole: list[bool]) -> None:
    is_alone = not whole
    whole.clear()
    now, found = settings.current(), cached.map_of(base)
    stopped = bool(st.session_state.get("text_map_stopped"))
    if not stopped:
        found.ask()
    picture = found.found
    if picture is not None:
        _draw(picture, base, now)
    if found.refusal:
        st.error(f"{plain(found.refusal).rstrip('.')}.")
    elif not found.is_over:
        _progress(0 if picture is None else picture.done, found.total, stopped)
    is_going = not found.is_over and not stopped
    if is_alone and not st.session_state["live"] and is_going != is_timed:
        settings.stay()
        st.rerun()  # the clock starts or stops


def _draw(found: LearnerMap, base: LearnerParams, now: Settings) -> None:
    text = text_of(now)
    names = ("temperature", "external_fraction")
    header = {
        "point": {name: getattr(text.params, name) for name in names},
        "kept": text.kept and {name: getattr(text.kept, name) for name in names},
        "unit": base.source.unit,
    }
    beside = cached.beside_map(base, now.tolerance)
    components.text_map(
        key="text_map", data=pack_maps(found, beside, header), on_picked_change=_picked
    )
    if found.done == found.total:
        save_button(
            "Map as CSV", lambda: map_csv(found, beside), "closed-loop-map.csv", "save_text_map"
        )


def _progress(done: int, total: int, stopped: bool) -> None:
    st.progress(done / total, f"{done} of {total} settings run")
    label = "Go on" if stopped else "Stop"
    st.button(label, key="stop_map", on_click=_stop, args=(not stopped,))


def _picked() -> None:
    sent: Any = st.session_state["text_map"]["picked"]
    if not isinstance(sent, dict):
        return
    names = ("temperature", "external_fraction")
    if all(isinstance(sent.get(name), int | float) for name in names):
        change(**{name: sent[name] for name in names})
