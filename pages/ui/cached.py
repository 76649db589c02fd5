"""All caching: every cached function of the app is here, and every cache is bounded.

Laws are keyed by their digest, so a law of ten thousand labels is a cheap key. What is kept is
what the browser gets (packed bytes) or a few numbers, never whole runs.
"""

import gc
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from closedloop_core import (
    Agreement,
    BoundaryLines,
    Law,
    LoopParams,
    agreements,
    bifurcation_branches,
    boundary_lines,
    class_of,
    count_stable_states,
    entropy_shift,
    equilibrium,
    leading_eigenvalue,
    minimum_external_fraction,
    phase_diagram,
    simulate,
    simulate_ensemble,
    simulate_grid,
    tolerance_contour,
    total_variation,
    uniform_thresholds,
)
from closedloop_core.closed_forms.published import euclidean_bound
from closedloop_core.exact import thresholds
from closedloop_core.exact.branches import Piece
from closedloop_core.exact.classes import Phase
from closedloop_core.exact.phases import PhaseDiagram
from closedloop_core.exact.settled import fisher_rao_share, settled_from
from closedloop_core.loop.simulate import Trajectory
from closedloop_core.measures import Array
from closedloop_core.settings.limits import LIMITS
from closedloop_core.settings.params import DEFAULTS, HELP, Regime
from pages.ui import charts, geometry_figures, inside_figures, phase_figures, statements
from pages.ui.luck import luck_digest, luck_map_digest, luck_regimes_digest, luck_sizes_digest
from pages.ui.statements import model

TEMPERATURE_RANGE = (0.2, 5.0)
SAMPLE_SIZE_RANGE = (1, 1_000_000)
_KEYS: dict[str | type[Any], Callable[[Any], Any]] = {Law: lambda law: law.digest}


@dataclass(frozen=True)
class Limit:
    """Where the infinite-sample loop of these settings settles, and what it would take to stay.

    ``phase`` is the class of theory; ``shift``, ``distance`` and ``effective`` are the settled
    state's, ``eigenvalue`` its leading one; ``n_stable`` counts the stable states (0: every state
    stays); ``least_external`` is the least share that keeps a loop that starts at the source
    within the tolerance; ``other_winner`` the share below which another outcome than the leader
    can win, or for an even source collapse can persist (None above T = 1).
    """

    phase: Phase
    shift: float
    distance: float
    effective: float
    eigenvalue: float
    n_stable: int
    least_external: float
    other_winner: float | None
    tolerance: float


@st.cache_data(max_entries=2_000, hash_funcs=_KEYS, show_spinner=False)
def limit(
    initial: Law,
    source: Law,
    temperature: float,
    external_fraction: float,
    tolerance: float,
    regime: Regime = "accumulate",
) -> Limit:
    """Return the infinite-sample limit of a loop that starts at ``initial``."""
    start = initial.probabilities()
    state = settled_from(start, source, temperature, external_fraction, regime)
    return _limit_at(state, source, temperature, external_fraction, tolerance)


@st.cache_data(max_entries=500, hash_funcs=_KEYS, show_spinner=False)
def limit_after_changes(params: LoopParams, tolerance: float) -> Limit:
    """Return the limit of a run's last segment, from the state in which this run enters it."""
    start, last = params.segments[-1]
    setting = (last.source, last.temperature, last.external_fraction)
    state = settled_from(simulate(params).probabilities[start], *setting, last.regime)
    return _limit_at(state, *setting, tolerance)


def _limit_at(
    state: Array, source: Law, temperature: float, external_fraction: float, tolerance: float
) -> Limit:
    q = source.probabilities()
    shift, distance = float(entropy_shift(state, q)), float(total_variation(state, q))
    stays = temperature == 1 and external_fraction == 0
    return Limit(
        phase=class_of(state, q, temperature, tolerance),
        shift=shift,
        distance=distance,
        effective=charts.effective_outcomes(state),
        eigenvalue=leading_eigenvalue(state, source, temperature, external_fraction),
        n_stable=0 if stays else count_stable_states(source, temperature, external_fraction),
        least_external=least_external(source, temperature, tolerance),
        other_winner=other_winner(source, temperature),
        tolerance=tolerance,
    )


@st.cache_data(max_entries=2_000, hash_funcs=_KEYS, show_spinner=False)
def least_external(source: Law, temperature: float, tolerance: float) -> float:
    """Return the least external share that keeps a loop faithful."""
    return minimum_external_fraction(source, temperature, tolerance)


@st.cache_data(max_entries=2_000, hash_funcs=_KEYS, show_spinner=False)
def other_winner(source: Law, temperature: float) -> float | None:
    """Return the share below which another winner (even source: any) can hold; None if hot."""
    if temperature >= 1:
        return None
    q = source.probabilities()
    if q[0] == q.max() == q.min():
        return uniform_thresholds(source.n, temperature)[2]
    return float(thresholds.other_winner(q, np.array([temperature]))[0])


def limit_of(params: LoopParams, tolerance: float) -> Limit:
    """Return the limit of these settings; runs that differ by luck alone share it.

    With interventions it is that of the last segment, and depends on the run.
    """
    if len(params.segments) > 1:
        return limit_after_changes(params, tolerance)
    setting = (params.temperature, params.external_fraction, tolerance)
    return limit(params.initial, params.source, *setting, params.regime)


# As many as a class drags through in some seconds, so that the scenes, warm from the start, stay.
@st.cache_data(max_entries=512, hash_funcs=_KEYS, show_spinner="Running the loop …")
def player_run(params: LoopParams) -> bytes:
    """Return the run, its infinite-sample twin and its flag, packed for the player."""
    run = simulate(params)
    twin = simulate(params.replace(noise=False)) if params.noise else None
    return charts.pack_run(run, twin, _flag(run, twin))


@st.cache_data(max_entries=512, hash_funcs=_KEYS, show_spinner=False)
def generation_stages(params: LoopParams, generation: int) -> bytes:
    """Return one generation of the run, packed stage by stage."""
    return inside_figures.pack_stages(simulate(params), generation)


@st.cache_data(max_entries=256, hash_funcs=_KEYS, show_spinner=False)
def agreement(params: LoopParams) -> list[Agreement]:
    """Return the numbers of this run that theory gives, beside theory's."""
    return agreements(simulate(params))


def _flag(run: Trajectory, twin: Trajectory | None) -> str | None:
    """Say it when luck has carried the run to another winner than the infinite-sample loop's."""
    params = run.params
    if twin is None or params.temperature >= 1:
        return None
    last = params.segments[-1][1]
    setting = (last.source, last.temperature, last.external_fraction)
    ends = [equilibrium(*setting, start=r.probabilities[-1]) for r in (run, twin)]
    return charts.basin_flag(ends[0], ends[1], params.initial)


@st.cache_data(max_entries=32, hash_funcs=_KEYS, show_spinner="Running the loop many times …")
def luck(params: LoopParams, runs: int, few: tuple[int, ...]) -> luck_digest.Digest:
    """Return what is drawn of many runs; the runs themselves are not kept."""
    return luck_digest.digest(simulate_ensemble(params, runs), few)


@st.cache_data(max_entries=32, hash_funcs=_KEYS, show_spinner=False)
def luck_drawings(
    params: LoopParams,
    runs: int,
    few: tuple[int, ...],
    quantity: str,
    look: tuple[str, str, bool],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fan and the odds as the browser draws them; ``look`` is theme, class, projector.

    What draws is imported here: other pages need not pay for it.
    """
    from pages.ui.luck import luck_figures, luck_odds_figures, luck_theme

    found, style = luck(params, runs, few), luck_theme.look(*look)
    fan = luck_figures.fan_figure(found, style, quantity, distance=not look[2])
    odds = luck_odds_figures.odds_figure if found.has_winner else luck_odds_figures.mix_figure
    return luck_theme.drawing(fan), luck_theme.drawing(odds(found, style))


Drawings = dict[str, dict[str, Any]]


@st.cache_data(max_entries=500, hash_funcs=_KEYS, show_spinner=False)
def luck_size(params: LoopParams, runs: int) -> luck_sizes_digest.SizePoint:
    """Return where many runs end at one sample size."""
    return luck_sizes_digest.size_point(simulate_ensemble(params, runs))


@st.cache_data(max_entries=64, show_spinner=False)
def lifetimes(temperature: float, seed: int) -> list[luck_sizes_digest.Lifetime]:
    """Return how long chance takes to kill one of two even outcomes, at one temperature."""
    return luck_sizes_digest.lifetimes(temperature, seed)


def both_lifetimes(temperature: float, seed: int) -> list[luck_sizes_digest.Lifetime]:
    """Return the lifetimes at T = 1 and at a temperature above it, the dial's if it is one."""
    return lifetimes(1.0, seed) + lifetimes(luck_sizes_digest.warm(temperature), seed)


@st.cache_data(max_entries=32, hash_funcs=_KEYS, show_spinner=False)
def sizes_drawings(params: LoopParams, runs: int, look: tuple[str, str, bool]) -> Drawings:
    """Return the figures of the sample sizes as the browser draws them; "spread" may be missing."""
    from pages.ui.luck import luck_sizes_figures, luck_theme

    style, noisy = luck_theme.look(*look), params.replace(noise=True)
    sizes = luck_sizes_digest.sizes_of(params)
    points = [luck_size(noisy.replace(sample_size=k), runs) for k in sizes]
    figures = {
        "sizes": luck_sizes_figures.sizes_figure(points, params, style, distance=not look[2]),
        "lifetimes": luck_sizes_figures.lifetimes_figure(
            both_lifetimes(params.temperature, params.seed), style
        ),
        "spread": luck_sizes_figures.spread_figure(points, style),
    }
    return {name: luck_theme.drawing(f) for name, f in figures.items() if f is not None}


@st.cache_data(max_entries=200, hash_funcs=_KEYS, show_spinner=False)
def regime_curves(params: LoopParams, runs: int) -> luck_regimes_digest.Curves:
    """Return what is drawn of many runs of one regime."""
    return luck_regimes_digest.curves(simulate_ensemble(params, runs))


@st.cache_data(max_entries=200, hash_funcs=_KEYS, show_spinner=False)
def regime_drawing(params: LoopParams, runs: int, look: tuple[str, str, bool]) -> dict[str, Any]:
    """Return the fan of one regime as the browser draws it."""
    from pages.ui.luck import luck_regimes_figures, luck_theme

    found, style = regime_curves(params, runs), luck_theme.look(*look)
    figure = luck_regimes_figures.regime_figure(found, params.initial.n, style)
    return luck_theme.drawing(figure)


@st.cache_data(max_entries=4_000, hash_funcs=_KEYS, show_spinner=False)
def map_batch(
    params: LoopParams, runs: int, row: int, columns: tuple[int, ...], side: int
) -> list[tuple[float, float, float]]:
    """Return median shift, distance and effective outcomes at points of one temperature."""
    temperatures = np.repeat(temperature_axis(side)[row], len(columns))
    fractions = np.linspace(0.0, 1.0, side)[list(columns)]
    stream = luck_map_digest.stream_of(row, columns)
    states = simulate_grid(params, temperatures, fractions, runs, stream)
    medians = luck_map_digest.measured(states, params.source)
    return [(float(s), float(d), float(e)) for s, d, e in medians.T]


@st.cache_data(max_entries=64, hash_funcs=_KEYS, show_spinner=False)
def exact_map(
    source: Law, tolerance: float, here: tuple[float, float], theme: str, projector: bool
) -> dict[str, Any]:
    """Return the exact diagram beside the simulated one, as the browser draws it."""
    from pages.ui.luck import luck_map_figures, luck_theme

    exact = diagram(source, luck_map_digest.SIDE)
    lines = temperature_axis(line_size(source)), contour(source, tolerance)
    style = luck_theme.look(theme, "faithful", projector)
    points = luck_map_figures.exact_points(exact)
    figure = luck_map_figures.map_figure(points, exact, lines, here, (theme, style))
    return luck_theme.drawing(figure)


@st.cache_resource
def heavy_work() -> threading.BoundedSemaphore:
    """Return the gate for long work: of several processors one stays free for those who look."""
    return threading.BoundedSemaphore(max(1, (os.cpu_count() or 2) - 1))


@st.cache_data(max_entries=64, hash_funcs=_KEYS, show_spinner="Drawing the phase diagram …")
def diagram(source: Law, size: int) -> PhaseDiagram:
    """Return the phase diagram of a law on the app's ranges, T = 1 included."""
    return phase_diagram(source, temperature_axis(size), np.linspace(0.0, 1.0, size))


def plain_map(source: Law, tolerance: float, size: int) -> bytes:
    """Return the map without lines of its own: fields, and the boundary of the faithful region."""
    return charts.pack_map(
        diagram(source, map_size(source, size)),
        temperature_axis(line_size(source)),
        contour(source, tolerance),
        tolerance,
    )


def about_map(source: Law) -> dict[str, Any]:
    """Return what a map says of its source, whatever the settings are."""
    return {
        "temperature_range": TEMPERATURE_RANGE,
        "effective_source": charts.effective_outcomes(source.probabilities()),
        "outcomes": source.n,
        "uniform": phase_figures.is_even(source),
        "picture_name": "closed-loop-phase-diagram.png",
        "alt": f"Phase diagram of {source.describe()}.",
    }


@st.cache_data(max_entries=64, hash_funcs=_KEYS, show_spinner=False)
def small_map_fields(source: Law, tolerance: float) -> tuple[bytes, str]:
    """Return what the small map shows of a source, and the name it travels under."""
    fields = charts.with_header(plain_map(source, tolerance, 65), about_map(source))
    return fields, charts.parcel_name(fields)


@st.cache_data(max_entries=64, hash_funcs=_KEYS, show_spinner=False)
def dial_frame(source: Law, tolerance: float) -> tuple[bytes, str]:
    """Return what the dials show of a source, whatever they are set to, and its name."""
    dials = ("temperature", "external_fraction", "sample_size")
    header = {
        "temperature_range": TEMPERATURE_RANGE,
        "sample_size_range": SAMPLE_SIZE_RANGE,
        **{f"{name}_limits": [LIMITS[name].low, LIMITS[name].high] for name in dials},
        "help": {name: HELP[name] for name in (*dials, "noise")},
        "defaults": {name: DEFAULTS[name] for name in dials},
    }
    boundary = {
        "contour_temperatures": charts.single(temperature_axis(line_size(source))),
        "contour": charts.single(contour(source, tolerance)),
    }
    frame = charts.pack(header, boundary)
    return frame, charts.parcel_name(frame)


@st.cache_data(max_entries=256, hash_funcs=_KEYS, show_spinner=False)
def contour(source: Law, tolerance: float) -> Array:
    """Return the boundary of the faithful region over `temperature_axis(line_size(source))`."""
    return tolerance_contour(source, temperature_axis(line_size(source)), tolerance)


@st.cache_data(max_entries=64, hash_funcs=_KEYS, show_spinner="Solving the lines …")
def lines(source: Law, tolerance: float) -> BoundaryLines:
    """Return every line of the phase diagram over `temperature_axis(line_size(source))`."""
    return boundary_lines(source, temperature_axis(line_size(source)), tolerance)


@st.cache_data(max_entries=1_000, hash_funcs=_KEYS, show_spinner=False)
def published_bounds(source: Law, temperature: float) -> tuple[float, float]:
    """Return the Euclidean and the Fisher-Rao bound as shares; NaN if q has a zero."""
    q = source.probabilities()
    if not np.all(q > 0):
        return float("nan"), float("nan")
    return float(euclidean_bound(q, temperature)), fisher_rao_share(source, temperature)


@st.cache_data(max_entries=64, hash_funcs=_KEYS, show_spinner=False)
def stable_counts(source: Law, size: int) -> NDArray[np.uint32]:
    """Return the number of stable states on the diagram's grid."""
    return diagram(source, size).n_stable.astype(np.uint32)


@st.cache_data(max_entries=256, hash_funcs=_KEYS, show_spinner=False)
def branches(source: Law, temperature: float) -> list[Piece]:
    """Return the branches of fixed points over the external share at one temperature."""
    return bifurcation_branches(source, temperature)


@st.cache_data(max_entries=64, hash_funcs=_KEYS, show_spinner="Sweeping …")
def sweep(source: Law, temperature: float, seed: int) -> phase_figures.Sweep:
    """Lower the external share, then raise it again: a real down and up."""
    return phase_figures.run_sweep(source, temperature, seed)


@st.cache_data(max_entries=64, hash_funcs=_KEYS, show_spinner="Following the branches …")
def branches_over_temperature(source: Law, external_fraction: float) -> list[phase_figures.Strand]:
    """Return the branches over temperature at one external share (for the panel below the map)."""
    axis = temperature_axis(65 if distinct_weights(source) <= 200 else 33)
    return phase_figures.cut_along_temperature(source, axis, external_fraction)


@st.cache_data(max_entries=1_000, hash_funcs=_KEYS, show_spinner=False)
def distinct_weights(source: Law) -> int:
    """Return how many different shares a law has: what its exact curves cost."""
    return len(np.unique(source.probabilities()))


def map_size(source: Law, size: int) -> int:
    """Return the grid size of a map: coarser for large laws, so that the host keeps breathing."""
    groups = distinct_weights(source)
    return size if groups <= 1_000 else 65 if groups <= 2_000 else 17


def line_size(source: Law) -> int:
    """Return on how many temperatures the lines of a map are solved."""
    groups = distinct_weights(source)
    return 129 if groups <= 200 else 65 if groups <= 1_000 else 33 if groups <= 2_000 else 17


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


@st.cache_data(max_entries=128, hash_funcs=_KEYS, show_spinner=False)
def triangle(
    law: Law,
    temperature: float,
    external_fraction: float,
    tolerance: float,
    starts: tuple[tuple[float, float, float], ...],
    mode: str,
) -> bytes:
    """Return the landscape of three outcomes, packed for the triangle."""
    setting = (law, temperature, external_fraction, tolerance)
    return geometry_figures.pack_triangle(*setting, starts, mode)


@st.cache_data(max_entries=256, hash_funcs=_KEYS, show_spinner=False)
def well(
    law: Law,
    temperature: float,
    external_fraction: float,
    tolerance: float,
    start: float,
    mode: str,
) -> bytes:
    """Return the potential of two outcomes, packed for the well."""
    setting = (law, temperature, external_fraction, tolerance)
    return geometry_figures.pack_well(*setting, start, mode)


@st.cache_data(max_entries=512, hash_funcs=_KEYS, show_spinner=False)
def theory_section(section: int, params: LoopParams) -> tuple[model.Outcome, ...]:
    """Return the checks of a section of the theory at these settings (see `essence`)."""
    chosen = statements.SECTIONS[section].statements
    return tuple(model.examine(statement, params) for statement in chosen)
