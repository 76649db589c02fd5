"""Luck: many runs of the same settings, and what their spread says; one chapter at a time."""

from collections.abc import Callable

import streamlit as st

from pages.ui import frame
from pages.ui.canvas import components
from pages.ui.hall import OWN_DATA
from pages.ui.luck.diagram.chapter import draw_diagram
from pages.ui.luck.odds.chapter import draw_odds
from pages.ui.luck.regimes.chapter import draw_regimes
from pages.ui.luck.sizes.chapter import draw_sizes
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.session.shown import shown
from pages.ui.widgets.own_data import dropped_box

# In the order of `settings.CHOICES["chapter"]`: the name in the link, the title, what draws it.
CHAPTERS: tuple[tuple[str, str, Callable[[Settings], None]], ...] = (
    ("odds", "Who wins, and when", draw_odds),
    ("sizes", "Sample size", draw_sizes),
    ("map", "Simulated diagram", draw_diagram),
    ("regimes", "Why results disagree", draw_regimes),
)
_TITLES = {name: title for name, title, _ in CHAPTERS}


def chapter_row(now: Settings) -> None:
    """Choose the chapter."""
    st.segmented_control(
        "Chapter",
        list(_TITLES),
        format_func=_TITLES.__getitem__,
        label_visibility="collapsed",
        required=True,
        **shown("chapter", now.chapter, lambda chapter: settings.change(chapter=chapter)),
    )


def luck_page() -> None:
    """Lay out the page: which chapter, then the chapter itself."""
    now = frame.open_page("pages/3_Luck.py", "Luck", OWN_DATA)
    if frame.is_hidden():
        return
    dropped_box()
    components.load_components("luck")
    chapter_row(now)
    for name, _, draw in CHAPTERS:
        # A place for each: that of the chapter left is empty at once, while the next one computes.
        if name == now.chapter:
            with st.container():
                draw(now)
        else:
            st.empty()
    frame.close_page()


luck_page()
