"""The visitor's own lesson: views added by one press, edited, loaded. It is valid at any time.

It lives in this visit, in the file it is saved to, and, while it fits, in a link.
"""

import json
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages.ui.lessons import course
from pages.ui.lessons.model import Lesson
from pages.ui.lessons.reading import LessonError
from pages.ui.session import settings
from pages.ui.session.places import PAGES
from pages.ui.session.settings import BARE, Settings

_TITLE = "My lesson"


def add_view(path: str) -> None:
    """Add the page at ``path`` with the settings now in force as the last step."""
    now, found = settings.current(), course.own()
    runs = [run for run in (now.params, now.kept) if run is not None]
    if not all(run.initial.fits_link() and run.source.fits_link() for run in runs):
        settings.refuse("a step is a link, and the data of this view do not fit into one")
        return
    data = Lesson(_TITLE, ()).to_dict() if found is None else found.to_dict()
    number = len(data["steps"]) + 1
    step = {"page": PAGES[path], "link": link_of(now), "title": f"Step {number}"}
    if _use({**data, "steps": [*data["steps"], step]}):
        st.toast(f"Step {number} of your lesson: edit it on the page Lessons.")


def link_of(now: Settings) -> str:
    """Return the query of a step's link to these settings."""
    query = {name: text for name, text in now.to_query().items() if name not in BARE}
    return urlencode(query, safe=":,")


def _use(data: dict[str, Any]) -> bool:
    """Keep the lesson of this JSON; where it is none, say why and keep the one before."""
    try:
        course.keep(course.read(json.dumps(data, ensure_ascii=False, indent=1)))
    except LessonError as error:
        settings.refuse(f"{str(error).partition(', ')[2] or error}; nothing was changed.")
        return False
    settings.stay()
    return True


def load(data: bytes) -> None:
    """Take the lesson of a file; a bad one is refused with line and field."""
    try:
        course.keep(course.read(data))
    except LessonError as error:
        settings.refuse(f"{error}; nothing was loaded.")
        return
    settings.stay()


def copy(lesson: Lesson) -> None:
    """Take another lesson as one's own, to edit it."""
    course.keep(lesson)
    settings.stay()


def forget() -> None:
    """Drop the lesson."""
    course.keep(None)
    settings.stay()


def change(field: str, value: Any) -> None:
    """Change title or sentence of the lesson."""
    found = course.own()
    if found is not None:
        _use({**found.to_dict(), field: value})


def change_step(at: int, field: str, value: Any) -> None:
    """Change a field of the step at ``at``, from 0; None leaves it out."""
    found = course.own()
    if found is None or not 0 <= at < len(found.steps):
        return
    data = found.to_dict()
    step = {**data["steps"][at], field: value}
    data["steps"][at] = {name: text for name, text in step.items() if text is not None}
    _use(data)


def move(at: int, by: int) -> None:
    """Move a step on or back."""
    found = course.own()
    if found is None or not 0 <= at + by < len(found.steps):
        return
    data = found.to_dict()
    data["steps"].insert(at + by, data["steps"].pop(at))
    _use(data)


def remove(at: int) -> None:
    """Remove a step; with the last one the lesson is gone."""
    found = course.own()
    if found is None:
        return
    data = found.to_dict()
    del data["steps"][at]
    if data["steps"]:
        _use(data)
    else:
        forget()
