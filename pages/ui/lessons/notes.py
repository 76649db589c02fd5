"""The speaker's window (``?notes=1``): notes, clock and next step, in step with the lesson.

The whole lesson is sent once; which step it shows it hears from the lesson's window, through the
browser alone.
"""

from collections.abc import Mapping

import streamlit as st

from pages.ui.canvas import components, pack
from pages.ui.lessons import course
from pages.ui.lessons.model import Lesson
from pages.ui.lessons.reading import LessonError
from pages.ui.session.settings import read_lesson


def is_notes(query: Mapping[str, str]) -> bool:
    """Say whether a link asks for the speaker's window."""
    return query.get("notes") == "1"


def notes_page(query: Mapping[str, str]) -> None:
    """Draw the window; where there is no lesson, say what is missing."""
    asked, notes = read_lesson(query)
    name = asked.get("lesson", "")
    try:
        lesson, sentence = course.find(name), "No lesson of this name is in this visit."
    except LessonError as error:
        lesson, sentence = None, str(error)
    if lesson is None:
        st.html("<h1>Notes</h1>")
        st.warning(notes[0] if notes else sentence, icon=":material/info:")
        return
    components.load_components("notes")
    components.notes(key="notes", data=pack.pack(header(lesson, name, asked["step"]), {}))


def header(lesson: Lesson, name: str, number: int) -> dict[str, object]:
    """Return what the window shows: every step's words, and when it is meant to begin."""
    return {
        "lesson": name[:40],
        "name": lesson.title,
        "number": min(number, len(lesson.steps)),
        "minutes": lesson.minutes,
        "steps": [
            {
                "title": step.title,
                "page": step.page,
                "setup": step.setup,
                "question": step.question.text if step.question else "",
                "moral": step.moral,
                "notes": step.notes,
                "begins": lesson.begins(at),
                "minutes": step.minutes,
            }
            for at, step in enumerate(lesson.steps, 1)
        ],
    }
