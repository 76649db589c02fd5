"""What is cached for this page; every cache is bounded. See `pages.ui.cached`."""

import threading
from collections.abc import Callable
from contextlib import nullcontext

import numpy as np
import streamlit as st

from closedloop_core import LoopParams, equilibrium, simulate
from closedloop_core.exact.summary import SettledSummary, settled_after, summarise
from closedloop_core.loop.simulate import Trajectory
from closedloop_core.measures import Array
from pages.ui import cached
from pages.ui.cached import is_private, kept, remembered
from pages.ui.canvas import pack
from pages.ui.playground.inside_figures import pack_stages
from pages.ui.playground.run import basin_flag, pack_run
from pages.ui.session.scenes import SCENES
from pages.ui.session.settings import Settings

_LONG = 200_000  # outcomes x generations: what takes a moment says so
_SMALL = 5_000  # of a run without noise that is kept: 140 kB with where it goes
Run = tuple[bytes, SettledSummary]
Twin = tuple[Trajectory, Array | None]
# One short run of few outcomes after another: threads that hand each other the interpreter's lock
# at every step take twice the time of a processor for the same runs. For many outcomes that are
# nearly even, what is solved beside a run may take seconds: nobody waits for that.
_FEW = 32
_TURN = threading.Lock()


def player_run(params: LoopParams, tolerance: float) -> Run:
    """Return the run with its infinite-sample twin, packed for the player, and where it settles.

    It settles from the state of its last generation, with the settings of its last segment.
    """
    found = _own_run if is_private(params) else _run
    if not _is_long(params):
        return found(params, tolerance)
    with st.spinner("Running the loop …"):
        return found(params, tolerance)


def _is_long(params: LoopParams) -> bool:
    return params.initial.n * params.generations >= _LONG


# As many as a class drags through in some seconds, so that the scenes, warm from the start, stay.
@remembered(max_entries=512)
def _run(params: LoopParams, tolerance: float) -> Run:
    return _packed_run(params, tolerance)


@kept(max_entries=16)
def _own_run(params: LoopParams, tolerance: float) -> Run:
    return _packed_run(params, tolerance)


def _packed_run(params: LoopParams, tolerance: float) -> Run:
    is_quick = params.initial.n <= _FEW and not _is_long(params)
    with _TURN if is_quick else nullcontext():
        run, twin, flag = simulate(params), None, None
        if params.noise:
            twin, end = _twin_of(params)
            flag = _flag(run, end)
        return pack_run(run, twin, flag, tolerance), ends_of(run, tolerance)


def _twin_of(params: LoopParams) -> Twin:
    """Return the run without noise and where it goes, below T = 1; luck has no part in it."""
    twin = params.replace(noise=False, seed=0)
    is_small = params.initial.n * (params.generations + 1) <= _SMALL
    return _small_twin(twin) if is_small and not is_private(params) else _made_twin(twin)


# Those who have the same settings and another seed share it: whole runs, 70 MB at most.
@remembered(max_entries=512)
def _small_twin(params: LoopParams) -> Twin:
    return _made_twin(params)


def _made_twin(params: LoopParams) -> Twin:
    twin = simulate(params)
    return twin, None if params.temperature >= 1 else _end_of(twin)


def ends_of(run: Trajectory, tolerance: float) -> SettledSummary:
    """Return where a run settles from the state of its last generation.

    Where one state alone is stable every start leads to it, so it is that of these settings.
    """
    last = run.params.segments[-1][1]
    setting = (last.source, last.temperature, last.external_fraction)
    n_stable = None
    if last.external_fraction > 0 and last.source.probabilities().all():
        limit = cached.limit(last.initial, *setting, tolerance, last.regime)
        n_stable = limit.n_stable
        if n_stable == 1:
            return limit
    needs = cached.needs_of(last.source, last.temperature, tolerance)
    return summarise(settled_after(run), *setting, needs, n_stable)


def generation_stages(params: LoopParams, generation: int) -> bytes:
    """Return one generation of the run, packed stage by stage."""
    if is_private(params):
        return pack_stages(simulate(params), generation)
    return _stages(params, generation)


@remembered(max_entries=512)
def _stages(params: LoopParams, generation: int) -> bytes:
    return pack_stages(simulate(params), generation)


def _flag(run: Trajectory, twin_end: Array | None) -> str | None:
    """Say it when luck has carried the run to another winner than the infinite-sample loop's."""
    return None if twin_end is None else basin_flag(_end_of(run), twin_end, run.params.initial)


def _end_of(run: Trajectory) -> Array:
    """Return where a run goes from its last generation, with the settings of its last segment."""
    last = run.params.segments[-1][1]
    setting = (last.source, last.temperature, last.external_fraction)
    return equilibrium(*setting, start=run.probabilities[-1])


@st.cache_resource(max_entries=1, show_spinner=False)
def warm_scenes(_shown: Callable[[Settings], bytes]) -> bytes:
    """Return what the player shows of every scene, packed under the scenes' names.

    Computed at the end of a server's first visit, with all else a scene needs: in a lecture none
    may wait. ``_shown`` returns what the player shows of some settings.
    """
    pictures = {}
    for scene in SCENES:
        now = scene.settings(projector=False)
        pictures[scene.name] = np.frombuffer(_shown(now), np.uint8)
        cached.limit_of(now.params.at(0), now.tolerance)
        cached.dial_frame(now.params.source, now.tolerance)
        cached.small_map_fields(now.params.source, now.tolerance)
    return pack.pack({}, pictures)
