"""Geometry: the landscape in which the loop rolls downhill, for three and for two outcomes."""

import streamlit as st

from pages.ui import frame
from pages.ui.canvas import components
from pages.ui.geometry import controls as geometry_controls
from pages.ui.session.settings import Settings
from pages.ui.widgets import source as source_widget
from pages.ui.widgets.drawer import dials_drawer


def dial_row(now: Settings) -> None:
    """Draw the dials beside each other: temperature and external data matter here."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        source_widget.quick_source(now)
        dials_drawer(now, lambda: geometry_controls.least_external(now))


def geometry_page() -> None:
    """Lay out the page: the triangle left, the well right, one clock."""
    now = frame.open_page("pages/2_Geometry.py", "Geometry")
    components.load_components("geometry")
    title = geometry_controls.title(now)
    components.verdict(key="geometry_verdict", data=title)
    dial_row(now)
    with st.container(key="body"):
        left, right = st.columns([880, 440], gap="large")
        with left:
            geometry_controls.triangle(now)
        with right:
            geometry_controls.well(now)
    frame.close_page()


geometry_page()
