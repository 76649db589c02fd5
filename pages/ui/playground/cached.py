"""What is cached for this page; every cache is bounded. See `pages.ui.cached`."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from closedloop_core import LoopParams, equilibrium, simulate
from closedloop_core.exact.summary import SettledSummary, settled_after, summarise
from closedloop_core.loop.simulate import Trajectory
from pages.ui import cached
from pages.ui.cached import LAW_KEYS
from pages.ui.canvas import pack
from pages.ui.playground.inside_figures import pack_stages
from pages.ui.playground.run import basin_flag, pack_run
from pages.ui.session.scenes import SCENES
from pages.ui.session.settings import Settings

Run = tuple[bytes, SettledSummary]


def player_run(params: LoopParams, tolerance: float) -> Run:
    """Return the run with its infinite-sample twin, packed for the player, and where it settles.

    It settles from the state of its last generation, with the settings of its last segment.
    """
    return (_own_run if _is_private(params) else _run)(params, tolerance)


# As many as a class drags through in some seconds, so that the scenes, warm from the start, stay.
@st.cache_data(max_entries=512, hash_funcs=LAW_KEYS, show_spinner="Running the loop …")
def _run(params: LoopParams, tolerance: float) -> Run:
    return _packed_run(params, tolerance)


@st.cache_data(max_entries=16, hash_funcs=LAW_KEYS, show_spinner=False, scope="session")
def _own_run(params: LoopParams, tolerance: float) -> Run:
    return _packed_run(params, tolerance)


def _is_private(params: LoopParams) -> bool:
    """Say whether a run holds words of a visitor's own text: they stay in that session."""
    return params.initial.private or params.source.private


def _packed_run(params: LoopParams, tolerance: float) -> Run:
    run, last = simulate(params), params.segments[-1][1]
    twin = simulate(params.replace(noise=False)) if params.noise else None
    packed = pack_run(run, twin, _flag(run, twin), tolerance)
    needs = cached.needs_of(last.source, last.temperature, tolerance)
    setting = (last.source, last.temperature, last.external_fraction)
    return packed, summarise(settled_after(run), *setting, needs)


def generation_stages(params: LoopParams, generation: int) -> bytes:
    """Return one generation of the run, packed stage by stage."""
    if _is_private(params):
        return pack_stages(simulate(params), generation)
    return _stages(params, generation)


@st.cache_data(max_entries=512, hash_funcs=LAW_KEYS, show_spinner=False)
def _stages(params: LoopParams, generation: int) -> bytes:
    return pack_stages(simulate(params), generation)


def _flag(run: Trajectory, twin: Trajectory | None) -> str | None:
    """Say it when luck has carried the run to another winner than the infinite-sample loop's."""
    params = run.params
    if twin is None or params.temperature >= 1:
        return None
    last = params.segments[-1][1]
    setting = (last.source, last.temperature, last.external_fraction)
    ends = [equilibrium(*setting, start=r.probabilities[-1]) for r in (run, twin)]
    return basin_flag(ends[0], ends[1], params.initial)


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
