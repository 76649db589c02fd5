"""What a first visit sees for a moment: the same model cold, balanced and hot, in three columns."""

from typing import Any

import streamlit as st

from closedloop_core import LearnerParams
from pages.ui.language import cached
from pages.ui.language.runs import Moment
from pages.ui.language.stepped import Stepped
from pages.ui.session.settings import Settings
from pages.ui.session.text_settings import BEGINNINGS
from pages.ui.wording import percent

LAST = 10  # the generation that the columns come to
COLUMNS = (("Cold", 0.7, 0.0), ("As learned, 30 % real", 1.0, 0.3), ("Hot", 1.4, 0.0))
_SEEN = "text_intro_seen"


def is_first_visit(now: Settings) -> bool:
    """Say whether this visitor has neither settings of this page nor seen its beginning."""
    return now.text is None and not now.projector and not st.session_state.get(_SEEN, False)


def leave() -> None:
    """Go on to the visitor's own run."""
    st.session_state[_SEEN] = True


def works() -> list[tuple[str, LearnerParams, Stepped[Moment]]]:
    """Return the three runs, as far as they have come."""
    found = []
    for title, temperature, share in COLUMNS:
        params = LearnerParams(temperature=temperature, external_fraction=share)
        found.append((title, params, cached.glance_of(params, BEGINNINGS["novel"], LAST)))
    return found


def advance(seconds: float) -> None:
    """Go on with the three runs, side by side."""
    for _, _, run in works():
        run.advance(seconds / len(COLUMNS), least=1)


def is_done() -> bool:
    """Say whether all three have come to their last generation."""
    return all(run.is_done for _, _, run in works())


def header() -> dict[str, Any]:
    """Return what the texts' component shows of them."""
    columns = [
        {
            "title": title,
            "words": f"T = {params.temperature:.3g},"
            f" {percent(params.external_fraction)} external text",
            "generation": run.items[-1].index,
            "pieces": run.items[-1].pieces,
        }
        for title, params, run in works()
        if run.items
    ]
    return {"columns": columns, "done": is_done()}
