"""All caching: every cached function of the app is here, and every cache is bounded.

Laws are keyed by their digest, so a law of ten thousand labels is a cheap key. What is kept is
what the browser gets (packed bytes) or a few numbers, never whole runs.
"""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from closedloop_core import (
    Law,
    LoopParams,
    classify,
    entropy_shift,
    equilibrium,
    minimum_external_fraction,
    phase_diagram,
    settled_state,
    simulate,
    tolerance_contour,
    total_variation,
)
from closedloop_core.measures import Array
from closedloop_core.phases import TOLERANCE, Phase, PhaseDiagram
from closedloop_core.simulate import Trajectory
from pages.ui import charts

TEMPERATURE_RANGE = (0.2, 5.0)
_KEYS: dict[str | type[Any], Callable[[Any], Any]] = {Law: lambda law: law.digest}


@dataclass(frozen=True)
class Limit:
    """Where the infinite-sample loop of these settings settles, and what it would take to stay.

    ``phase`` is the class of theory; ``shift``, ``distance`` and ``effective`` are the settled
    state's; ``least_external`` is the least share that keeps a loop that starts at the source
    within the tolerance.
    """

    phase: Phase
    shift: float
    distance: float
    effective: float
    least_external: float


@st.cache_data(max_entries=2_000, hash_funcs=_KEYS, show_spinner=False)
def limit(initial: Law, source: Law, temperature: float, external_fraction: float) -> Limit:
    """Return the infinite-sample limit of a loop that starts at ``initial``."""
    if initial == source:
        state = settled_state(source, temperature, external_fraction)
    else:
        start = initial.probabilities()
        state = equilibrium(source, temperature, external_fraction, start=start)
    q = source.probabilities()
    shift, distance = float(entropy_shift(state, q)), float(total_variation(state, q))
    return Limit(
        classify(shift, distance),
        shift,
        distance,
        charts.effective_outcomes(state),
        minimum_external_fraction(source, temperature, TOLERANCE),
    )


def limit_of(params: LoopParams) -> Limit:
    """Return the limit of these settings; runs that differ by luck alone share it."""
    return limit(params.initial, params.source, params.temperature, params.external_fraction)


@st.cache_data(max_entries=64, hash_funcs=_KEYS, show_spinner="Running the loop …")
def player_run(params: LoopParams) -> bytes:
    """Return the run, its infinite-sample twin and its flag, packed for the player."""
    run = simulate(params)
    twin = simulate(params.replace(noise=False)) if params.noise else None
    return charts.pack_run(run, twin, _flag(run, twin))


def _flag(run: Trajectory, twin: Trajectory | None) -> str | None:
    """Say it when luck has carried the run to another winner than the infinite-sample loop's."""
    params = run.params
    if twin is None or params.temperature >= 1:
        return None
    setting = (params.source, params.temperature, params.external_fraction)
    ends = [equilibrium(*setting, start=r.probabilities[-1]) for r in (run, twin)]
    return charts.basin_flag(ends[0], ends[1], params.initial)


@st.cache_data(max_entries=64, hash_funcs=_KEYS, show_spinner="Drawing the phase diagram …")
def diagram(source: Law, size: int) -> PhaseDiagram:
    """Return the phase diagram of a law on the app's ranges, T = 1 included."""
    return phase_diagram(source, temperature_axis(size), np.linspace(0.0, 1.0, size))


@st.cache_data(max_entries=256, hash_funcs=_KEYS, show_spinner=False)
def contour(source: Law) -> Array:
    """Return the boundary of the faithful region over `temperature_axis` (129 values)."""
    return tolerance_contour(source, temperature_axis(129), TOLERANCE)


def map_size(n: int, size: int) -> int:
    """Return the grid size of a map: coarser for large laws, so that the host keeps breathing."""
    return size if n <= 200 else 33


def temperature_axis(size: int) -> Array:
    """Return ``size`` (odd) temperatures, evenly spaced in the log, the middle one exactly 1."""
    low, high = np.log(TEMPERATURE_RANGE)
    axis = np.exp(np.linspace(low, high, size))
    axis[size // 2] = 1.0
    # exp(log(x)) may miss x by a rounding error; the ends are limits of the dial.
    axis[0], axis[-1] = TEMPERATURE_RANGE
    return np.asarray(axis)


@st.cache_resource
def settle_memory() -> None:
    """Move what was imported out of the garbage collector's sight, once per server."""
    gc.collect()
    gc.freeze()
