"""The panel that shows one generation of the run stage by stage: opening, travelling, closing.

Which generation is shown lives in the session and not in the link: it is a moment of a talk, not
a setting of the run (which the link holds whole), and every press would be a step of the browser's
"back". Nor is it a step of undo.
"""

from typing import Any

import streamlit as st

from pages.ui.canvas import components, pack
from pages.ui.playground.cached import generation_stages, player_run
from pages.ui.playground.run import phase_at
from pages.ui.session import settings
from pages.ui.session.settings import Settings


def asked(sent: Any) -> None:
    """Open the panel where the player asks for it."""
    generation = sent.get("generation") if isinstance(sent, dict) else None
    if isinstance(generation, int):
        open_at(generation)


def panel(now: Settings) -> None:
    """Draw the panel while it is open."""
    if st.session_state.get("inside") is None:
        return
    # Kept as asked for: where a run becomes shorter and longer again, the panel returns.
    generation = min(st.session_state["inside"], now.params.generations)
    shown = {
        "mode": now.mode,
        "class": phase_at(player_run(now.params, now.tolerance).packed, generation),
        "opened": st.session_state["inside_opened"],
    }
    components.load_components("inside")
    components.inside(
        key="inside_panel",
        data=pack.with_header(generation_stages(now.params, generation), shown),
        on_generation_change=_travelled,
        on_closed_change=close,
    )


def open_at(generation: int) -> None:
    """Open the panel at a generation; one outside the run is moved into it."""
    st.session_state["inside"] = max(1, generation)
    st.session_state["inside_opened"] = st.session_state.get("inside_opened", 0) + 1


def close() -> None:
    """Close the panel."""
    settings.stay()
    st.session_state["inside"] = None


def _travelled() -> None:
    settings.stay()
    sent: Any = st.session_state["inside_panel"]["generation"]
    if isinstance(sent, int) and sent >= 1:
        st.session_state["inside"] = sent
