"""Images: digits that fade generation by generation; below, the Gaussian solved by hand."""

import streamlit as st

from pages.ui import frame
from pages.ui.canvas import components
from pages.ui.images import folds, page
from pages.ui.session import settings


def images_page() -> None:
    """Lay out the page: clauses, dials left, sheets right, and the folds below them."""
    now = frame.open_page("pages/6_Images.py", "Images")
    components.load_components("images")
    chosen = settings.at_rest()
    loop = page.loop_of(chosen)
    page.title(loop, now)
    with st.container(key="body"):
        if now.projector:
            page.sheets(loop, now)
        else:
            left, right = st.columns([272, 1048], gap="medium")
            with left:
                with st.container(key="hand"):
                    page.hand(page.loop_of(now), now)
                with st.container(key="left_foot"):
                    page.foot(loop, now)
            with right:
                page.sheets(loop, now)
                page.told(loop)
    folds.gaussian_fold(loop, now)
    folds.settings_fold(loop, now)
    frame.close_page()


images_page()
