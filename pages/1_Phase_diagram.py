"""The phase diagram: where the loop settles, over temperature and external data."""

import streamlit as st

from closedloop_core.exact.summary import SettledSummary
from pages.ui import frame
from pages.ui.canvas import components, pack
from pages.ui.hall import OWN_DATA
from pages.ui.maps.controls import diagram_fold, phase_map
from pages.ui.maps.verdict import settled_verdict
from pages.ui.session.settings import Settings
from pages.ui.settled.cached import limit_of
from pages.ui.widgets.dials import tolerance_box
from pages.ui.widgets.drawer import dials_drawer
from pages.ui.widgets.own_data import dropped_box
from pages.ui.widgets.proof import proof_fold
from pages.ui.widgets.source import quick_source


def control_row(now: Settings, limit: SettledSummary) -> None:
    """Draw the row above the map: source, tolerance, and the dials behind a button."""
    with st.container(horizontal=True, vertical_alignment="center", key="controls"):
        quick_source(now)
        tolerance_box(now)
        dials_drawer(
            now,
            before=lambda: proof_fold(now, limit),
            after=lambda: diagram_fold(now),
        )


def phase_page() -> None:
    """Lay out the page: the verdict of the settled state, one row of controls, the map."""
    now = frame.open_page("pages/1_Phase_diagram.py", "Phase diagram", OWN_DATA)
    if frame.is_hidden():
        return
    dropped_box()
    components.load_components("phase")
    # The map knows no time: it speaks of the settings at the start of the run.
    params = now.params.at(0)
    limit = limit_of(params, now.tolerance)
    settled = settled_verdict(params, limit, now.mode)
    components.verdict(key="settled_verdict", data=pack.pack(settled, {}))
    control_row(now, limit)
    phase_map(now, limit)
    frame.close_page()


phase_page()
