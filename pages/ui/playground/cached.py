"""What is cached for this page; every cache is bounded. See `pages.ui.cached`."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from closedloop_core import LoopParams, simulate
from pages.ui import cached
from pages.ui.cached import kept
from pages.ui.canvas import pack
from pages.ui.helper import Helper
from pages.ui.playground.inside_figures import pack_stages
from pages.ui.playground.work import ahead
from pages.ui.playground.work.cached import Run, computed_run
from pages.ui.remembered import is_private, remembered
from pages.ui.session.scenes import SCENES
from pages.ui.session.settings import Settings
from pages.ui.settled.cached import limit_of

_LONG = 200_000  # outcomes x generations: what takes a moment says so
# For many outcomes that are nearly even, what is solved beside a run may take seconds, and a run of
# many generations takes one: nobody else waits for these.
_FEW, _SHORT = 32, 2_000
_HELPER = Helper(between=ahead.do_one)  # in which short runs of few outcomes take turns


def player_run(params: LoopParams, tolerance: float) -> Run:
    """Return what the playground shows of a run."""
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
    return _made_run(params, tolerance)


@kept(max_entries=16)
def _own_run(params: LoopParams, tolerance: float) -> Run:
    return _made_run(params, tolerance)


def _made_run(params: LoopParams, tolerance: float) -> Run:
    if params.initial.n > _FEW or params.generations > _SHORT:
        return computed_run(params, tolerance)
    return _HELPER.ask(ahead.counted_run, params, tolerance)


def generation_stages(params: LoopParams, generation: int) -> bytes:
    """Return one generation of the run, packed stage by stage."""
    if is_private(params):
        return pack_stages(simulate(params), generation)
    return _stages(params, generation)


@remembered(max_entries=512)
def _stages(params: LoopParams, generation: int) -> bytes:
    return pack_stages(simulate(params), generation)


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
        limit_of(now.params.at(0), now.tolerance)
        cached.dial_frame(now.params.source, now.tolerance)
        cached.small_map_fields(now.params.source, now.tolerance)
    return pack.pack({}, pictures)
