"""What is cached for this chapter; every cache is bounded. See `pages.ui.cached`."""

from typing import Any

import streamlit as st

from closedloop_core import LoopParams
from pages.ui.cached import computed, kept
from pages.ui.luck.sizes.digest import Lifetime, SizePoint, lifetimes, size_point_of, sizes_of, warm
from pages.ui.luck.sizes.figures import lifetimes_figure, sizes_figure, spread_figure
from pages.ui.luck.theme import drawn, look

Drawings = dict[str, dict[str, Any]]


@kept(max_entries=500)
def luck_size(params: LoopParams, runs: int) -> SizePoint:
    """Return where many runs end at one sample size."""
    return computed(size_point_of, params, runs, takes_long=True)


@st.cache_data(max_entries=64, show_spinner=False)
def lifetimes_at(temperature: float, seed: int) -> list[Lifetime]:
    """Return how long chance takes to kill one of two even outcomes, at one temperature."""
    return computed(lifetimes, temperature, seed, takes_long=True)


def both_lifetimes(temperature: float, seed: int) -> list[Lifetime]:
    """Return the lifetimes at T = 1 and at a temperature above it, the dial's if it is one."""
    return lifetimes_at(1.0, seed) + lifetimes_at(warm(temperature), seed)


@kept(max_entries=32)
def sizes_drawings(params: LoopParams, runs: int, theme: tuple[str, str, bool]) -> Drawings:
    """Return the figures of the sample sizes as the browser draws them; "spread" may be missing."""
    style, noisy = look(*theme), params.replace(noise=True)
    sizes = sizes_of(params)
    points = [luck_size(noisy.replace(sample_size=k), runs) for k in sizes]
    lives = both_lifetimes(params.temperature, params.seed)
    figures = {
        "sizes": computed(drawn, sizes_figure, points, params, style, not theme[2]),
        "lifetimes": computed(drawn, lifetimes_figure, lives, style),
        "spread": computed(drawn, spread_figure, points, style),
    }
    return {name: figure for name, figure in figures.items() if figure}
