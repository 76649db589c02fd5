"""The widgets of the Geometry page: triangle, well, and the starts that a visitor drops."""

from typing import Any

import numpy as np
import streamlit as st

from closedloop_core import Law
from pages.ui import cached
from pages.ui.canvas import components, pack
from pages.ui.geometry.cached import packed_triangle, packed_well
from pages.ui.session.settings import Settings
from pages.ui.wording import CLASS_WORDS, percent

_MAX_STARTS = 8
_PRESET_STARTS = ((0.2, 0.7, 0.1), (0.1, 0.2, 0.7), (0.45, 0.1, 0.45))
_BALL = 0.3


def few_outcomes(source: Law, n: int) -> Law:
    """Return the n likeliest outcomes of a source, renormalised: what fits in a picture."""
    if source.n == n:
        return source
    q = source.probabilities()
    kept = np.argsort(-q, kind="stable")[:n]
    if len(kept) < n:
        kept = np.arange(n)
        q = np.ones(n)
    labels = None if source.labels is None else [source.labels[i] for i in kept]
    return Law.from_weights(q[kept], labels)


def title(now: Settings) -> bytes:
    """Return the page's verdict: where the source of the three outcomes goes, and how many win."""
    law, params = few_outcomes(now.params.source, 3), now.params
    setting = (params.temperature, params.external_fraction)
    limit = cached.limit(law, law, *setting, now.tolerance)
    valleys = {
        0: "there is no slope: every mix stays where it is.",
        1: "there is one valley: every start that holds all outcomes ends there.",
    }.get(limit.n_stable, f"there are {limit.n_stable} valleys: the start decides.")
    which = "Three even" if params.source.n < 3 else "Three"
    header = {
        "class": limit.phase,
        "word": CLASS_WORDS[limit.phase],
        "outcomes": 3,
        "effective0": limit.effective,
        "settled": {
            "words": f"{which} outcomes, rolling from their source, end up acting like ",
            "number": f"{limit.effective:.1f}",
        },
        "remedy": [
            {"text": "The loop can only roll downhill on the potential V = \N{MINUS SIGN}Φ. "},
            {"text": f"At T = {setting[0]:.3g} with {percent(setting[1])}"},
            {"text": f" external data {valleys}"},
        ],
        "note": None,
        "mode": now.mode,
    }
    return pack.pack(header, {})


def triangle(now: Settings) -> None:
    """Draw the triangle; a click drops a start."""
    law = few_outcomes(now.params.source, 3)
    starts = st.session_state.setdefault("starts", _PRESET_STARTS)
    setting = (now.params.temperature, now.params.external_fraction, now.tolerance)
    data = packed_triangle(law, *setting, starts, now.mode)
    components.geometry(
        key="geometry", data=data, on_started_change=_started, on_cleared_change=_cleared
    )
    if now.params.source.n < 3:
        st.caption("The source has two outcomes only: the triangle shows three even ones instead.")
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


def well(now: Settings) -> None:
    """Draw the well of the two likeliest outcomes; the ball can be dropped anywhere."""
    law = few_outcomes(now.params.source, 2)
    start = st.session_state.setdefault("ball", _BALL)
    setting = (now.params.temperature, now.params.external_fraction, now.tolerance)
    data = packed_well(law, *setting, start, now.mode)
    components.well(key="well", data=data, on_dropped_change=_dropped)
    if law != now.params.source:
        st.caption("The two likeliest outcomes of the source, renormalised.")


def _dropped() -> None:
    sent: Any = st.session_state["well"]["dropped"]
    x = sent.get("x") if isinstance(sent, dict) else None
    if isinstance(x, int | float) and 0 <= x <= 1:
        st.session_state["ball"] = min(max(float(x), 0.001), 0.999)
