"""What is cached for this chapter; every cache is bounded. See `pages.ui.cached`."""

from typing import Any

import streamlit as st

from closedloop_core import LoopParams, simulate_ensemble
from pages.ui.cached import LAW_KEYS
from pages.ui.luck import theme as luck_theme
from pages.ui.luck.odds import bars as odds_bars
from pages.ui.luck.odds import digest as odds_digest
from pages.ui.luck.odds import fan as odds_fan


@st.cache_data(max_entries=32, hash_funcs=LAW_KEYS, show_spinner="Running the loop many times …")
def luck(params: LoopParams, runs: int, few: tuple[int, ...]) -> odds_digest.Digest:
    """Return what is drawn of many runs; the runs themselves are not kept."""
    return odds_digest.digest(simulate_ensemble(params, runs), few)


@st.cache_data(max_entries=32, hash_funcs=LAW_KEYS, show_spinner=False)
def luck_drawings(
    params: LoopParams,
    runs: int,
    few: tuple[int, ...],
    quantity: str,
    look: tuple[str, str, bool],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return fan and odds as the browser draws them; ``look`` is theme, class, projector."""
    found, style = luck(params, runs, few), luck_theme.look(*look)
    fan = odds_fan.fan_figure(found, style, quantity, distance=not look[2])
    odds = odds_bars.odds_figure if found.has_winner else odds_bars.mix_figure
    return luck_theme.drawing(fan), luck_theme.drawing(odds(found, style))
