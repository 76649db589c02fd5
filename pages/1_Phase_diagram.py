"""The phase diagram: where the loop settles, over temperature and external data."""

import streamlit as st

from pages.ui import (
    cached,
    charts,
    components,
    controls,
    frame,
    map_controls,
    source_controls,
    words,
)
from pages.ui.folds import drawer
from pages.ui.settings import Settings


def control_row(now: Settings, limit: cached.Limit) -> None:
    """Draw the row above the map: source, tolerance, and the dials behind a button."""
    with st.container(horizontal=True, vertical_alignment="center", key="controls"):
        source_controls.quick_source(now)
        controls.tolerance_box(now)
        box = drawer("Dials and more", "drawer_dials")
        if box.open:
            with box:
                controls.scene_box(now)
                controls.dial_box(now, limit.least_external)
                controls.proof_fold(now, limit)
                controls.more_fold(now)
                map_controls.diagram_fold(now)
                controls.seed_row(now)


def phase_page() -> None:
    """Lay out the page: the verdict of the settled state, one row of controls, the map."""
    now = frame.open_page("pages/1_Phase_diagram.py", "Phase diagram")
    components.furnish("phase")
    # The map knows no time: it speaks of the settings at the start of the run.
    params = now.params.at(0)
    limit = cached.limit_of(params, now.tolerance)
    settled = words.settled_verdict(params, limit, now.mode)
    components.verdict(key="settled_verdict", data=charts.pack(settled, {}))
    control_row(now, limit)
    map_controls.phase_map(now, limit)
    frame.close_page()


phase_page()
