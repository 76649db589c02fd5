"""What is cached for this page; every cache is bounded. See `pages.ui.cached`."""

import streamlit as st

from closedloop_core import LoopParams
from pages.ui.cached import LAW_KEYS
from pages.ui.theory import SECTIONS, Outcome, examine


@st.cache_data(max_entries=512, hash_funcs=LAW_KEYS, show_spinner=False)
def theory_section(section: int, params: LoopParams) -> tuple[Outcome, ...]:
    """Return the checks of a section of the theory at these settings (see `essence`)."""
    chosen = SECTIONS[section].statements
    return tuple(examine(statement, params) for statement in chosen)
