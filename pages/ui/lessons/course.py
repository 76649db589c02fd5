"""The lesson that is open in this visit: which step, what was answered, and where it leads.

Lesson and step are part of the settings, and so of the link. A lesson is built in, held by the link
itself, or the visitor's own, which lives in this visit and in the file it was saved to. Answers are
kept for the visit alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from closedloop_core.quoting import quoted
from pages.ui.lessons import reading
from pages.ui.lessons.model import Lesson, Question, Step
from pages.ui.lessons.reading import LessonError
from pages.ui.session import settings
from pages.ui.session.places import PAGES, path_of
from pages.ui.session.scenes import OPENING, SCENES
from pages.ui.session.settings import Settings
from pages.ui.wording import outcome_name

_FILES = Path(__file__).parent / "built_in"
BUILT_IN = ("ten", "fifty")
OWN = "own"
TOUR = "tour"
_QUIET = next(scene for scene in SCENES if scene.name == "Balanced")


def check(step: Step) -> tuple[str, str] | None:
    """Return field and sentence of what this app cannot use of a step, or None."""
    found, complaints = Settings.from_query(step.query)
    if complaints:
        return "link", complaints[0]
    if step.question is not None and step.question.kind == "winner":
        law = found.params.initial
        names = {outcome_name(law, i) for i in range(law.n)}
        for name in step.question.options:
            if name not in names:
                return "question.options", f"{quoted(name)} is no outcome of this step"
    return None


def read(data: str | bytes) -> Lesson:
    """Return the lesson that a file holds; `LessonError` as in `reading.read`."""
    return reading.read(data, tuple(PAGES.values()), check)


def built_in(name: str) -> Lesson:
    """Return a lesson of `BUILT_IN`."""
    return read((_FILES / f"{name}.json").read_text("utf-8"))


def find(name: str) -> Lesson | None:
    """Return the lesson that a link names or holds; None where this visit has none of that name.

    Raises
    ------
    LessonError
        If the link holds a damaged one.
    """
    if name in BUILT_IN:
        return built_in(name)
    if name == OWN:
        return own()
    if reading.is_token(name):
        return reading.from_token(name, tuple(PAGES.values()), check)
    return None


def own() -> Lesson | None:
    """Return the visitor's own lesson, or None."""
    found: Lesson | None = st.session_state.get("own_lesson")
    return found


def keep(lesson: Lesson | None) -> None:
    """Keep the visitor's own lesson for this visit; None forgets it."""
    st.session_state["own_lesson"] = lesson
    st.session_state.pop("lesson_read", None)


def lesson() -> Lesson | None:
    """Return the lesson that is open, or None. Where the link names none that is here, say so."""
    name = settings.current().lesson
    if not name or name == TOUR:
        return None
    known: tuple[str, Lesson] | None = st.session_state.get("lesson_read")
    if known is None or known[0] != name:
        try:
            found, sentence = find(name), f"no lesson is called {quoted(name)} in this visit"
        except LessonError as error:
            found, sentence = None, str(error)
        if found is None:
            leave()
            settings.refuse(f"{sentence}; none is open.")
            return None
        st.session_state["lesson_read"] = known = (name, found)
    return known[1]


def step() -> Step | None:
    """Return the step that is open, or None."""
    found = lesson()
    return None if found is None else found.steps[number() - 1]


def number() -> int:
    """Return the number of the step that is open, from 1; a number beyond the last is the last."""
    found = lesson()
    return 1 if found is None else min(settings.current().step, len(found.steps))


def settings_of(found: Step, now: Settings) -> Settings:
    """Return what a step's link leads to, in the lesson and the projector mode of ``now``."""
    asked = Settings.from_query(found.query)[0]
    return replace(asked, projector=now.projector, lesson=now.lesson, step=now.step)


def is_changed(path: str) -> bool:
    """Say whether this page and these settings are others than those of the step."""
    now, found = settings.current(), step()
    if found is None:
        return False
    return path != path_of(found.page) or now != settings_of(found, now)


def opening(query: Mapping[str, str]) -> tuple[Settings, tuple[str, ...]] | None:
    """Return the settings of a link without any: those of its lesson's step, or the first scene.

    With a sentence for each value that was not used. None for a link that spells settings out.
    """
    if not query:
        return OPENING.settings(projector=False), ()
    if "lesson" not in query or not set(query) <= settings.BARE:
        return None
    asked, complaints = Settings.from_query(query)
    if asked.lesson == TOUR:
        st.session_state["to_page"] = "app.py"
        return _tour(asked), complaints
    try:
        found = find(asked.lesson)
    except LessonError:
        return None  # `lesson` says why
    if found is None:
        return replace(OPENING.settings(asked.projector), lesson=asked.lesson), complaints
    here = found.steps[min(asked.step, len(found.steps)) - 1]
    st.session_state["to_page"] = path_of(here.page)
    return settings_of(here, replace(asked, step=min(asked.step, len(found.steps)))), complaints


def _tour(now: Settings) -> Settings:
    """Return what the tour begins with: nothing pulls, nothing is rescued yet."""
    return replace(_QUIET.settings(now.projector), lesson=TOUR)


def follow(path: str) -> None:
    """Go to the page that was asked for, a step's or another, if it is another than this one.

    It is asked for until it is there: where a fragment's clock ticks at that moment, Streamlit
    makes one request of both, that of the page on which it ticks.
    """
    to_page = st.session_state.get("to_page", path)
    if to_page != path:
        st.switch_page(to_page, query_params=settings.current().to_query())
    st.session_state.pop("to_page", None)


def start(name: str, at: int = 1) -> None:
    """Open a lesson at a step, or the tour."""
    if name == TOUR:
        st.session_state.pop("tour_state", None)
        st.session_state["to_page"] = "app.py"
        settings.apply(_tour(settings.current()), restart=True)
        return
    settings.apply(replace(settings.current(), lesson=name, step=at))
    go(at)


def go(to: Any) -> None:
    """Open a step of this lesson as it was meant, from its start; out of range nothing happens."""
    found, now = lesson(), settings.current()
    if found is None or not isinstance(to, int) or not 1 <= to <= len(found.steps):
        return
    here = found.steps[to - 1]
    st.session_state["to_page"] = path_of(here.page)
    settings.apply(settings_of(here, replace(now, step=to)), restart=True)


def restore() -> None:
    """Go back to the step, whatever has been changed since."""
    go(number())


def leave() -> None:
    """Close the lesson; what is on screen stays."""
    settings.apply(replace(settings.current(), lesson="", step=1), leaves_lesson=True)


def _answers() -> dict[tuple[str, int], Any]:
    found: dict[tuple[str, int], Any] = st.session_state.setdefault("answers", {})
    return found


def open_question() -> Question | None:
    """Return the question of this step as long as it is not answered: what lies ahead is hidden."""
    found = step()
    if found is None or found.question is None:
        return None
    return None if (settings.current().lesson, number()) in _answers() else found.question


def answer() -> Any:
    """Return what was answered here; None for "show it"."""
    return _answers().get((settings.current().lesson, number()))


def give_answer(value: Any) -> None:
    """Take the answer; None only shows it. The run plays from its start."""
    if open_question() is None:
        return
    _answers()[settings.current().lesson, number()] = value
    settings.apply(settings.current(), restart=True)


def ask_again() -> None:
    """Forget the answer, for the next class."""
    _answers().pop((settings.current().lesson, number()), None)
    restore()
