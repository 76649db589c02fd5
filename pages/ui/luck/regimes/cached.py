"""What is cached for this chapter; every cache is bounded. See `pages.ui.cached`."""

from typing import Any

from closedloop_core import LoopParams
from pages.ui.cached import computed, kept
from pages.ui.luck.regimes.digest import Curves, curves_of
from pages.ui.luck.regimes.figures import regime_figure
from pages.ui.luck.theme import drawn, look


@kept(max_entries=200)
def regime_curves(params: LoopParams, runs: int) -> Curves:
    """Return what is drawn of many runs of one regime."""
    return computed(curves_of, params, runs, takes_long=True)


@kept(max_entries=200)
def regime_drawing(params: LoopParams, runs: int, theme: tuple[str, str, bool]) -> dict[str, Any]:
    """Return the fan of one regime as the browser draws it."""
    found, style = regime_curves(params, runs), look(*theme)
    figure: dict[str, Any] = computed(drawn, regime_figure, found, params.initial.n, style)
    return figure
