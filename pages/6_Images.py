"""Images: digits that fade generation by generation; below, the Gaussian solved by hand."""

import streamlit as st

from pages.ui import frame
from pages.ui.canvas import components
from pages.ui.images import folds, page
from pages.ui.session import settings

_PATH = "pages/6_Images.py"
_COLUMNS = [272, 1048]


def images_page() -> None:
    """Lay out the page: clauses, dials left, sheets right, and the folds below them."""
    now, top, is_ahead = frame.open_ahead(_PATH, "Images")
    if not is_ahead:
        with top:
            frame.header(_PATH, now)
    if frame.is_hidden():
        return
    components.load_components("images")
    chosen = settings.at_rest()
    loop = page.loop_of(chosen)
    clauses = st.container(key="verdict_place")
    with st.container(key="body"):
        left, right = (
            (None, st.container()) if now.projector else st.columns(_COLUMNS, gap="medium")
        )
    # The sheets first: there the eye rests.
    with right:
        page.sheets(loop, now)
    with clauses:
        page.title(loop, now)
    if is_ahead:
        # The sheets first: what frames them follows once they are on screen.
        components.ask_for_the_rest(settings.stay)
        return
    if left is not None:
        with left.container(key="hand"):
            page.hand(page.loop_of(now), now)
        with left.container(key="left_foot"):
            page.foot(loop, now)
        with right:
            page.told(loop, now)
    with st.container(key="below_images"):
        folds.gaussian_fold(loop, now)
        folds.settings_fold(loop, now)
    frame.close_page()


images_page()
