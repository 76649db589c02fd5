"""The bar of an open lesson, on every page: step, question, what came of it, and the way on."""

from typing import Any

import streamlit as st

from closedloop_core import LoopParams
from closedloop_core.measures import hill_number
from pages.ui.canvas import components, pack
from pages.ui.lessons import cached, course, guide, odds
from pages.ui.lessons.model import Lesson, Question
from pages.ui.session.settings import Settings
from pages.ui.wording import count, percent


def lesson_bar(now: Settings, path: str) -> None:
    """Draw the bar of the lesson or the tour that is open, if one is."""
    if now.lesson == course.TOUR:
        guide.tour_bar(now, path)
        return
    lesson = course.lesson()
    if lesson is None:
        return
    components.load_components("lesson")
    components.lesson(
        key="lesson",
        data=pack.pack(header(lesson, now, path), {}),
        on_go_change=lambda: course.go(_sent("go")),
        on_answer_change=lambda: course.give_answer(_value(_sent("answer"))),
        on_restore_change=lambda: course.restore(),
        on_again_change=lambda: course.ask_again(),
        on_leave_change=lambda: course.leave(),
    )


def _sent(name: str) -> Any:
    return st.session_state["lesson"][name]


def _value(sent: Any) -> Any:
    return sent.get("value") if isinstance(sent, dict) else None


def header(lesson: Lesson, now: Settings, path: str) -> dict[str, Any]:
    """Return what the bar shows. As long as a question is open it holds no answer and no moral."""
    number = course.number()
    step = lesson.steps[number - 1]
    asked, run = course.open_question(), course.settings_of(step, now)
    came = None
    if step.question is not None and asked is None:
        came = told(step.question, run.params, run.tolerance, course.answer())
    return {
        "mode": now.mode,
        "lesson": now.lesson[:40],
        "name": lesson.title,
        "number": number,
        "count": len(lesson.steps),
        "title": step.title,
        "setup": step.setup,
        "question": None if step.question is None else _question(step.question, run.params),
        "isOpen": asked is not None,
        "told": came,
        "moral": "" if asked else step.moral,
        "isChanged": course.is_changed(path),
        "notes": f"?notes=1&lesson={now.lesson}&step={number}",
    }


def _question(question: Question, params: LoopParams) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": question.kind, "text": question.text}
    options = odds.options_of(question, params)
    if question.kind in ("share", "return"):
        options = [f"{option} %" for option in options]
    if question.kind == "curve":
        found |= {
            "generations": params.generations,
            "outcomes": params.initial.n,
            "start": float(hill_number(params.initial.probabilities(), 1)),
        }
    return {**found, "options": options}


def told(question: Question, params: LoopParams, tolerance: float, given: Any) -> dict[str, Any]:
    """Return what came of a question about a run, and of the answer that was ``given``.

    Whatever is no answer, None too, counts as none.
    """
    if question.kind in ("share", "return"):
        return _shares_told(question, params, tolerance, given)
    found = cached.outcome(params, tolerance)
    brief = f"Odds over {count(found.runs, 'run')} with other luck:"
    if question.kind == "winner":
        lead, rows = odds.winner_told(question, params, found, given)
        return {"lead": lead, "brief": brief, "rows": rows}
    if question.kind == "class":
        lead, rows = odds.class_told(found, given)
        return {"lead": lead, "brief": brief, "rows": rows}
    lead, drawn = odds.curve_told(found, given)
    names = ("curve", "low", "high", "generations")
    curves = {name: list(getattr(found, name)) for name in names}
    return {"lead": lead, "brief": lead, "rows": [], "drawn": drawn, **curves}


def _shares_told(
    question: Question, params: LoopParams, tolerance: float, given: Any
) -> dict[str, Any]:
    least = odds.least_share(question, params, tolerance)
    shares = odds.asked_shares(question, given)
    if not question.options:
        shares = sorted({*shares, odds.next_tenth(least)})
    tried = [params.replace(external_fraction=share, schedule=()) for share in shares]
    found = [cached.outcome(loop, tolerance) for loop in tried]
    within = [(share, one.within) for share, one in zip(shares, found, strict=True)]
    runs = found[0].runs if found else odds.RUNS
    lead, rows = odds.share_told(question, least, within, runs, given, tolerance)
    brief = f"Within {percent(tolerance)} at the end, of {count(runs, 'run')} with other luck:"
    return {"lead": lead, "brief": brief, "rows": rows}
