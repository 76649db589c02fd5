"""What is cached for this chapter; every cache is bounded. See `pages.ui.cached`."""

import os
import threading
from typing import Any

import numpy as np
import streamlit as st

from closedloop_core import Law, LoopParams, simulate_grid
from pages.ui.cached import LAW_KEYS, contour, diagram, line_size, temperature_axis
from pages.ui.luck.diagram.digest import SIDE, measured, stream_of
from pages.ui.luck.diagram.figures import exact_points, map_figure
from pages.ui.luck.theme import drawing, look


@st.cache_data(max_entries=4_000, hash_funcs=LAW_KEYS, show_spinner=False)
def map_batch(
    params: LoopParams, runs: int, row: int, columns: tuple[int, ...], side: int
) -> list[tuple[float, float, float]]:
    """Return median shift, distance and effective outcomes at points of one temperature."""
    temperatures = np.repeat(temperature_axis(side)[row], len(columns))
    fractions = np.linspace(0.0, 1.0, side)[list(columns)]
    stream = stream_of(row, columns)
    states = simulate_grid(params, temperatures, fractions, runs, stream)
    medians = measured(states, params.source)
    return [(float(s), float(d), float(e)) for s, d, e in medians.T]


@st.cache_data(max_entries=64, hash_funcs=LAW_KEYS, show_spinner=False)
def exact_map(
    source: Law, tolerance: float, here: tuple[float, float], theme: str, projector: bool
) -> dict[str, Any]:
    """Return the exact diagram beside the simulated one, as the browser draws it."""
    exact = diagram(source, SIDE)
    lines = temperature_axis(line_size(source)), contour(source, tolerance)
    style = look(theme, "faithful", projector)
    points = exact_points(exact)
    figure = map_figure(points, exact, lines, here, (theme, style))
    return drawing(figure)


@st.cache_resource(max_entries=1)
def heavy_work() -> threading.BoundedSemaphore:
    """Return what long work waits for: of several processors one stays free for those who look."""
    return threading.BoundedSemaphore(max(1, (os.cpu_count() or 2) - 1))
