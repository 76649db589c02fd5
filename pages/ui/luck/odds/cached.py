"""What is cached for this chapter; every cache is bounded. See `pages.ui.cached`."""

from typing import Any

from closedloop_core import LoopParams
from pages.ui.cached import computed, kept
from pages.ui.luck.odds.bars import mix_figure, odds_figure
from pages.ui.luck.odds.digest import Digest, digest_of
from pages.ui.luck.odds.fan import fan_figure
from pages.ui.luck.theme import drawn, look


@kept(max_entries=32, spinner="Running the loop many times …")
def luck(params: LoopParams, runs: int, few: tuple[int, ...]) -> Digest:
    """Return what is drawn of many runs; the runs themselves are not kept."""
    return computed(digest_of, params, runs, few, takes_long=True)


@kept(max_entries=32)
def luck_drawings(
    params: LoopParams,
    runs: int,
    few: tuple[int, ...],
    quantity: str,
    theme: tuple[str, str, bool],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return fan and odds as the browser draws them; ``theme`` is name, class, projector."""
    found, style = luck(params, runs, few), look(*theme)
    odds = odds_figure if found.has_winner else mix_figure
    has_distance = not theme[2]
    return (
        computed(drawn, fan_figure, found, style, quantity, has_distance),
        computed(drawn, odds, found, style),
    )
