"""The tour on screen: what is done in this visit, and the task that comes next."""

from typing import Any

import streamlit as st

from closedloop_core import LoopParams
from pages.ui.canvas import components, pack
from pages.ui.lessons import course, tour
from pages.ui.lessons.tour import TASKS, Seen
from pages.ui.session import settings
from pages.ui.session.places import PAGES
from pages.ui.session.settings import Settings
from pages.ui.settled.cached import limit_of


def tour_bar(now: Settings, path: str) -> None:
    """Draw the task that comes next; tick off what has been done since the last run."""
    done = _look(now, path)
    current = next((at for at in range(len(TASKS)) if at not in done), None)
    header = {
        "mode": now.mode,
        "page": PAGES[path],
        "generations": now.params.generations,
        "current": current,
        "tasks": [
            {
                "title": task.title,
                "text": task.text,
                "hints": list(task.hints),
                "page": task.page,
                "isDone": at in done,
            }
            for at, task in enumerate(TASKS)
        ],
    }
    components.load_components("tour")
    components.tour(
        key="tour",
        data=pack.pack(header, {}),
        on_played_change=_played,
        on_leave_change=lambda: course.leave(),
    )


def _state() -> dict[str, Any]:
    found: dict[str, Any] = st.session_state.setdefault(
        "tour_state", {"done": frozenset(), "before": None, "page": "", "played": False}
    )
    return found


def _played() -> None:
    _state()["played"] = True
    settings.stay()


def _look(now: Settings, path: str) -> frozenset[int]:
    state, shown = _state(), tour.without_view(now)
    before: Settings | None = state["before"]
    seen = Seen(
        page=PAGES[path],
        now=shown,
        phase=_phase(now.params, now.tolerance),
        kept_phase="" if now.kept is None else _phase(now.kept, now.tolerance),
        before=before,
        page_before=state["page"],
        has_played=state["played"],
    )
    # What the tour began with is nobody's doing.
    is_touched = state["played"] or (before is not None and before != shown) or state["done"]
    if is_touched:
        state["done"] = tour.done_by(seen, state["done"])
    state["before"], state["page"] = shown, PAGES[path]
    done: frozenset[int] = state["done"]
    return done


def _phase(params: LoopParams, tolerance: float) -> str:
    return limit_of(params, tolerance).phase
