"""What is cached for this chapter; every cache is bounded. See `pages.ui.cached`."""

from typing import Any

import streamlit as st

from closedloop_core import LoopParams, simulate_ensemble
from pages.ui.cached import LAW_KEYS
from pages.ui.luck import theme as luck_theme
from pages.ui.luck.sizes import digest as sizes_digest
from pages.ui.luck.sizes import figures as sizes_figures

Drawings = dict[str, dict[str, Any]]


@st.cache_data(max_entries=500, hash_funcs=LAW_KEYS, show_spinner=False)
def luck_size(params: LoopParams, runs: int) -> sizes_digest.SizePoint:
    """Return where many runs end at one sample size."""
    return sizes_digest.size_point(simulate_ensemble(params, runs))


@st.cache_data(max_entries=64, show_spinner=False)
def lifetimes(temperature: float, seed: int) -> list[sizes_digest.Lifetime]:
    """Return how long chance takes to kill one of two even outcomes, at one temperature."""
    return sizes_digest.lifetimes(temperature, seed)


def both_lifetimes(temperature: float, seed: int) -> list[sizes_digest.Lifetime]:
    """Return the lifetimes at T = 1 and at a temperature above it, the dial's if it is one."""
    return lifetimes(1.0, seed) + lifetimes(sizes_digest.warm(temperature), seed)


@st.cache_data(max_entries=32, hash_funcs=LAW_KEYS, show_spinner=False)
def sizes_drawings(params: LoopParams, runs: int, look: tuple[str, str, bool]) -> Drawings:
    """Return the figures of the sample sizes as the browser draws them; "spread" may be missing."""
    style, noisy = luck_theme.look(*look), params.replace(noise=True)
    sizes = sizes_digest.sizes_of(params)
    points = [luck_size(noisy.replace(sample_size=k), runs) for k in sizes]
    figures = {
        "sizes": sizes_figures.sizes_figure(points, params, style, distance=not look[2]),
        "lifetimes": sizes_figures.lifetimes_figure(
            both_lifetimes(params.temperature, params.seed), style
        ),
        "spread": sizes_figures.spread_figure(points, style),
    }
    return {name: luck_theme.drawing(f) for name, f in figures.items() if f is not None}
