"""The page Lessons: open one, take the tour, or make one's own."""

from collections.abc import Callable

import streamlit as st

from pages.ui import frame
from pages.ui.canvas import components
from pages.ui.lesson.editor import OWN_LESSON, own_lesson
from pages.ui.lessons import course, own
from pages.ui.lessons.model import Lesson
from pages.ui.wording import count

_PATH = "pages/7_Lessons.py"
_LEAD = (
    "A lesson goes over all pages, step by step: Page Down and Page Up of a clicker, a swipe, or"
    " its buttons. Where it asks, the answer stays hidden until the audience has given theirs."
)


def lessons_page() -> None:
    """Lay out the page: the built-in lessons, the tour, one's own."""
    frame.open_page(_PATH, "Lessons", OWN_LESSON)
    components.load_components("still")
    if frame.is_hidden():
        return
    st.html(f'<h1 class="cl-page-title">Lessons</h1><p class="cl-page-lead">{_LEAD}</p>')
    with st.container(key="lesson_cards"):
        *columns, last = st.columns(len(course.BUILT_IN) + 1, gap="large")
        for column, name in zip(columns, course.BUILT_IN, strict=True):
            with column:
                _card(name, course.built_in(name))
        with last:
            _tour()
    with st.container(key="own_lesson"):
        own_lesson()
    frame.close_page()


def _card(name: str, lesson: Lesson) -> None:
    st.markdown(f"## {frame.plain(lesson.title)}")
    st.markdown(
        f"{lesson.minutes:g} minutes, {count(len(lesson.steps), 'step')}."
        f" {frame.plain(lesson.about)}"
    )
    with st.container(horizontal=True, gap="small"):
        _button("Start", f"start_{name}", lambda: course.start(name))
        _button("Copy to my own", f"copy_{name}", lambda: own.copy(lesson))
        st.link_button("Notes", f"?notes=1&lesson={name}&step=1")
    box = frame.fold("Its steps", f"steps_{name}")
    if box.open:
        box.markdown(steps_words(lesson))


def steps_words(lesson: Lesson) -> str:
    """Return the steps of a lesson as a list in Markdown."""
    return "\n".join(
        f"{number}. **{frame.plain(step.title)}** {frame.plain(step.setup)} *({step.page})*"
        for number, step in enumerate(lesson.steps, 1)
    )


def _tour() -> None:
    st.markdown("## At your own pace")
    st.markdown("Ten tasks from the first touch to hysteresis; each ticks itself off once done.")
    _button("Take the tour", "start_tour", lambda: course.start(course.TOUR))


def _button(label: str, key: str, action: Callable[[], None]) -> None:
    st.button(label, key=key, on_click=action)
