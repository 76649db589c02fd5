"""What is cached of lessons; every cache is bounded. See `pages.ui.cached`."""

import streamlit as st

from closedloop_core import LoopParams
from pages.ui.cached import LAW_KEYS
from pages.ui.lessons import odds
from pages.ui.lessons.odds import Outcome


@st.cache_data(max_entries=128, hash_funcs=LAW_KEYS, show_spinner="Running the loop many times …")
def outcome(params: LoopParams, tolerance: float) -> Outcome:
    """Return how this run ends, and many others with other luck."""
    return odds.outcome(params, tolerance, odds.affordable_runs(params))
