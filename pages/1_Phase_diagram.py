"""The phase diagram: where the loop settles, over temperature and external data."""

import streamlit as st

from pages.ui import cached, charts, components, controls, frame, words


def phase_page() -> None:
    """Lay out the page: the map, and beside it the dials that a click on it turns."""
    now = frame.open_page("pages/1_Phase_diagram.py", "Phase diagram")
    limit = cached.limit_of(now.params)
    settled = words.settled_verdict(now.params, limit, now.mode)
    components.verdict(key="settled_verdict", data=charts.pack(settled, {}))
    with st.container(key="body"):
        left, right = st.columns([1048, 272] if not now.projector else [1176, 552], gap="medium")
        with left:
            controls.map_box(now, limit, kind="page", size=129)
        with right:
            st.markdown("#### What you set")
            with st.container(key="scene_row"):
                controls.scene_box(now)
            controls.dial_box(now, limit.least_external)
            with st.container(key="folds"):
                controls.more_fold(now)
                controls.diagram_fold(now)
            controls.seed_row(now)
    frame.close_page()


phase_page()
