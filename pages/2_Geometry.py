"""Geometry: the landscape in which the loop rolls downhill, for three and for two outcomes."""

import streamlit as st

from pages.ui import frame
from pages.ui.canvas import components
from pages.ui.geometry.controls import surface_fold, title, triangle, well
from pages.ui.hall import OWN_DATA
from pages.ui.session.settings import Settings
from pages.ui.widgets.drawer import dials_drawer
from pages.ui.widgets.own_data import dropped_box
from pages.ui.widgets.source import quick_source


def dial_row(now: Settings) -> None:
    """Draw the dials beside each other: temperature and external data matter here."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        quick_source(now)
        dials_drawer(now)


def geometry_page() -> None:
    """Lay out the page: the triangle left, the well right, one clock."""
    now = frame.open_page("pages/2_Geometry.py", "Geometry", OWN_DATA)
    if frame.is_hidden():
        return
    dropped_box()
    components.load_components("geometry")
    components.verdict(key="geometry_verdict", data=title(now))
    dial_row(now)
    with st.container(key="body"):
        left, right = st.columns([880, 440], gap="large")
        with left:
            triangle(now)
        with right:
            well(now)
    surface_fold(now)
    frame.close_page()


geometry_page()
