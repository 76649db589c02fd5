"""The small map "You are here", and what any map asks of the dials."""

from typing import Any

import streamlit as st

from closedloop_core import LoopParams
from closedloop_core.exact.summary import SettledSummary
from pages.ui import cached
from pages.ui.canvas import components, pack
from pages.ui.session import parts, settings
from pages.ui.session.settings import Settings
from pages.ui.terms import MAP_TERMS


def picked(key: str) -> None:
    """Load the point that was clicked or dragged on a map into the dials."""
    point: Any = st.session_state[key]["picked"]
    if isinstance(point, dict):
        settings.change(
            final=bool(point.get("final", True)),
            temperature=point.get("temperature"),
            external_fraction=point.get("external_fraction"),
        )
        parts.redraw()


def send_fields(now: Settings) -> None:
    """Send what the small map shows of this source, ahead of the map itself."""
    components.send_ahead(cached.small_map_fields(now.params.source, now.tolerance)[0], "small_map")


def small_map() -> None:
    """Draw "you are here" from what another component carries as ``small_map``.

    Pressing or dragging it turns both dials.
    """
    _draw("small_map", pack.carried_as("small_map", {"terms": MAP_TERMS}))


def small_map_data(now: Settings, limit: SettledSummary) -> bytes:
    """Return what "you are here" shows."""
    name = cached.small_map_fields(now.params.source, now.tolerance)[1]
    return map_data(pack.pack({"payload": name}, {}), now, limit, "small")


def draw_map(data: bytes, now: Settings, limit: SettledSummary) -> None:
    """Draw a page's large map, with the settings and their summary marked on it."""
    shown = map_data(data, now, limit, "page")
    _draw("page_map", pack.with_header(shown, {"terms": MAP_TERMS}))


def map_data(data: bytes, now: Settings, limit: SettledSummary, kind: str) -> bytes:
    """Return what a map shows, ``kind`` "small" or "page": its fields, and the settings on it."""
    params = now.params
    here = {
        "temperature": params.temperature,
        "external_fraction": params.external_fraction,
        "class": limit.phase,
        "shift": limit.shift,
        "distance": limit.distance,
        "effective": limit.effective,
        "states": limit.n_stable,
        "least_external": limit.least_external,
    }
    header = {
        "kind": kind,
        "mode": now.mode,
        "point": here,
        "segments": _segments(params) if kind == "small" else None,
        "elsewhere": kind == "small" and params.initial != params.source,
        "kept": now.kept
        and {
            "temperature": now.kept.temperature,
            "external_fraction": now.kept.external_fraction,
        },
        # So that map and axes fit a screen of 900 (projector: 1080) pixels.
        "plot_height": 640 if now.projector else 500,
    }
    return pack.with_header(data, header)


def _draw(key: str, data: bytes) -> None:
    components.phase_map(
        key=key,
        data=data,
        on_picked_change=lambda: picked(key),
        on_shown_change=_nothing,
    )


def _segments(params: LoopParams) -> list[dict[str, float]] | None:
    """Return the settings from each generation on at which interventions change them."""
    if len(params.segments) == 1:
        return None
    return [
        {
            "start": start,
            "temperature": now.temperature,
            "external_fraction": now.external_fraction,
        }
        for start, now in params.segments
    ]


def _nothing() -> None:
    """Do nothing: which lines are shown is the map's own affair, kept in its state."""
