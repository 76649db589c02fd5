"""The widgets of the Geometry page: triangle, well, and the starts that a visitor drops."""

from typing import Any

import numpy as np
import streamlit as st

from closedloop_core import support_size
from closedloop_core.exact.landscape import few_outcomes
from pages.ui.canvas import components, pack
from pages.ui.frame import fold
from pages.ui.geometry.cached import packed_surface, packed_triangle, packed_well
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.settled.cached import limit
from pages.ui.terms import help_of
from pages.ui.widgets.verdict import VERDICT_TERMS, needs_clause
from pages.ui.wording import CLASS_WORDS, percent

_MAX_STARTS = 8
_PRESET_STARTS = ((0.2, 0.7, 0.1), (0.1, 0.2, 0.7), (0.45, 0.1, 0.45))
_BALL = 0.3
_PLOTLY = {"displaylogo": False, "modeBarButtonsToRemove": ["tableRotation"]}


def _holds(now: Settings, n: int) -> bool:
    """Say whether the source has n possible outcomes; an even law is shown where it has not."""
    return bool(support_size(now.params.source.probabilities()) >= n)


def title(now: Settings) -> bytes:
    """Return the page's verdict: where the source of the three outcomes goes, and how many win."""
    law, params = few_outcomes(now.params.source, 3), now.params
    setting = (params.temperature, params.external_fraction)
    settled = limit(law, law, *setting, now.tolerance)
    valleys = {
        0: "there is no slope: every mix stays where it is.",
        1: "there is one valley: every start that holds all outcomes ends there.",
    }.get(settled.n_stable, f"there are {settled.n_stable} valleys: the start decides.")
    which = "Three" if _holds(now, 3) else "Three even"
    header = {
        "settled": {
            "class": settled.phase,
            "word": CLASS_WORDS[settled.phase],
            "words": f"{which} outcomes, rolling from their source, end up acting like ",
            "number": f"{settled.effective:.1f}",
        },
        "ends": [
            {"text": "The loop can only roll downhill on the potential V = \N{MINUS SIGN}Φ. "},
            {"text": f"At T = {setting[0]:.3g} with {percent(setting[1])}"},
            {"text": f" external data {valleys}"},
        ],
        "needs": needs_clause(params.at(0), settled.needs),
        "terms": {**VERDICT_TERMS, "ends": help_of("potential", "stable state", "multistable")},
        "mode": now.mode,
    }
    return pack.pack(header, {})


def triangle(now: Settings) -> None:
    """Draw the triangle; a click drops a start."""
    law = few_outcomes(now.params.source, 3)
    starts = st.session_state.setdefault("starts", _PRESET_STARTS)
    setting = (now.params.temperature, now.params.external_fraction, now.tolerance)
    data = packed_triangle(law, *setting, starts, now.mode)
    data = pack.with_header(data, {"terms": help_of("basin", "stable state", "potential")})
    components.geometry(
        key="geometry", data=data, on_started_change=_started, on_cleared_change=_cleared
    )
    if not _holds(now, 3):
        st.caption(
            "The source has fewer than three possible outcomes: the triangle shows three even ones"
            " instead."
        )
    elif law != now.params.source:
        st.caption("The three likeliest outcomes of the source, renormalised.")


def _started() -> None:
    sent: Any = st.session_state["geometry"]["started"]
    p = sent.get("p") if isinstance(sent, dict) else None
    if isinstance(p, list) and len(p) == 3 and all(isinstance(x, int | float) for x in p):
        point = np.clip(np.array(p, dtype=np.float64), 1e-6, 1.0)
        if np.all(np.isfinite(point)):
            start = tuple((point / point.sum()).tolist())
            kept = st.session_state["starts"][-(_MAX_STARTS - 1) :]
            st.session_state["starts"] = (*kept, start)


def _cleared() -> None:
    st.session_state["starts"] = ()


def surface_fold(now: Settings) -> None:
    """Fold: the triangle's potential as a surface that can be turned by hand."""
    box = fold("Turn the landscape by hand (in three dimensions)", "fold_surface")
    if not box.open:
        return
    law = few_outcomes(now.params.source, 3)
    # While a dial is being dragged the surface waits: it is drawn anew when the hand rests.
    rests = settings.at_rest()
    setting = (rests.params.temperature, rests.params.external_fraction, rests.tolerance)
    look = (st.context.theme.type or "light", now.projector)
    figure, words = packed_surface(law, *setting, st.session_state["starts"], look)
    with box:
        st.plotly_chart(
            figure, theme=None, width="stretch", key="surface", alt=words, config=_PLOTLY
        )
        st.caption(
            "The height is the potential V = −Φ, which the loop without sampling noise can only"
            " go down (proved: section 3.1 of the theory). The thick line is the path from the"
            " source, thin ones start where you dropped a start on the triangle. A disc is a stable"
            " state in the colour of its class, a diamond a saddle, a ring an unstable point. With"
            " external data V rises without end towards the rim: the surface is cut off there. Drag"
            " to turn, scroll to zoom, point to read."
        )


def well(now: Settings) -> None:
    """Draw the well of the two likeliest outcomes; the ball can be dropped anywhere."""
    law = few_outcomes(now.params.source, 2)
    start = st.session_state.setdefault("ball", _BALL)
    setting = (now.params.temperature, now.params.external_fraction, now.tolerance)
    data = packed_well(law, *setting, start, now.mode)
    data = pack.with_header(data, {"terms": help_of("potential", "multistable")})
    components.well(key="well", data=data, on_dropped_change=_dropped)
    if not _holds(now, 2):
        st.caption(
            "The source has one possible outcome only: the well shows two even ones instead."
        )
    elif law != now.params.source:
        st.caption("The two likeliest outcomes of the source, renormalised.")


def _dropped() -> None:
    sent: Any = st.session_state["well"]["dropped"]
    x = sent.get("x") if isinstance(sent, dict) else None
    if isinstance(x, int | float) and 0 <= x <= 1:
        st.session_state["ball"] = min(max(float(x), 0.001), 0.999)
