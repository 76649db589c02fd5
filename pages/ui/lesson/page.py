"""The page Lessons: open one, or make one's own."""

import streamlit as st

from pages.ui import frame
from pages.ui.lessons import course


def lessons_page() -> None:
    """Lay out the page."""
    frame.open_page("pages/7_Lessons.py", "Lessons")
    st.html("<h1>Lessons</h1>")
    for name in course.BUILT_IN[:1]:
        lesson = course.built_in(name)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{frame.plain(lesson.title)}**: {frame.plain(lesson.about)}")
            st.button("Start", key=f"start_{name}", on_click=course.start, args=(name,))
    frame.close_page()
