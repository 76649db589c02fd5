"""What is cached for this chapter; every cache is bounded. See `pages.ui.cached`."""

from typing import Any

import streamlit as st

from closedloop_core import LoopParams, simulate_ensemble
from pages.ui.cached import LAW_KEYS
from pages.ui.luck import theme as luck_theme
from pages.ui.luck.regimes import digest as regimes_digest
from pages.ui.luck.regimes import figures as regimes_figures


@st.cache_data(max_entries=200, hash_funcs=LAW_KEYS, show_spinner=False)
def regime_curves(params: LoopParams, runs: int) -> regimes_digest.Curves:
    """Return what is drawn of many runs of one regime."""
    return regimes_digest.curves(simulate_ensemble(params, runs))


@st.cache_data(max_entries=200, hash_funcs=LAW_KEYS, show_spinner=False)
def regime_drawing(params: LoopParams, runs: int, look: tuple[str, str, bool]) -> dict[str, Any]:
    """Return the fan of one regime as the browser draws it."""
    found, style = regime_curves(params, runs), luck_theme.look(*look)
    figure = regimes_figures.regime_figure(found, params.initial.n, style)
    return luck_theme.drawing(figure)
