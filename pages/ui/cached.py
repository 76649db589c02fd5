"""What several pages cache, and the axes of their maps; each page has a ``cached.py`` of its own.

Caches stand only in files of that name, and every one is bounded. Laws are keyed by their digest,
so a law of ten thousand labels is a cheap key. What every change asks for is `remembered`, the rest
is in Streamlit's cache. What is kept is what the browser gets (packed bytes) or a few numbers,
never a whole run.
"""

import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from closedloop_core import (
    Agreement,
    Law,
    LoopParams,
    agreements,
    phase_diagram,
    simulate,
    tolerance_contour,
)
from closedloop_core.exact.phases import PhaseDiagram, severe_shares
from closedloop_core.measures import Array, hill_number, is_even
from closedloop_core.settings.limits import LIMITS
from closedloop_core.settings.params import DEFAULTS, HELP
from pages.ui.canvas import pack
from pages.ui.collector import collect_seldom, collect_when_idle
from pages.ui.pool import TOO_BUSY, TooBusyError, WorkerPool
from pages.ui.remembered import is_private, remembered

TEMPERATURE_RANGE = (0.2, 5.0)
SAMPLE_SIZE_RANGE = (1, 1_000_000)
_OF_VISITOR = 16  # results of each kind that a visit keeps of the visitor's own text
_LOOK = 0.1  # seconds between two looks at whether the visitor is still there
LAW_KEYS: dict[str | type[Any], Callable[[Any], Any]] = {Law: lambda law: law.digest}

Args = ParamSpec("Args")
Result = TypeVar("Result")


def kept(
    max_entries: int, spinner: str | bool = False
) -> Callable[[Callable[Args, Result]], Callable[Args, Result]]:
    """Keep the last ``max_entries`` results in Streamlit's cache, shared by all visitors.

    What is made of a visitor's own data, whose labels may be anything, is kept in that visit alone.
    """

    def decorate(compute: Callable[Args, Result]) -> Callable[Args, Result]:
        options: dict[str, Any] = {"hash_funcs": LAW_KEYS, "show_spinner": spinner}
        shared = st.cache_data(max_entries=max_entries, **options)(compute)
        own = st.cache_data(max_entries=_OF_VISITOR, scope="session", **options)(compute)

        @wraps(compute)
        def answer(*args: Args.args, **named: Args.kwargs) -> Result:
            if not any(map(is_private, (*args, *named.values()))):
                return shared(*args, **named)
            if get_script_run_ctx(suppress_warning=True) is None:
                return compute(*args, **named)  # there is no visit to keep it in
            return own(*args, **named)

        return answer

    return decorate


@kept(max_entries=256)
def agreement(params: LoopParams) -> list[Agreement]:
    """Return the numbers of this run that theory gives, beside theory's."""
    return agreements(simulate(params))


@kept(max_entries=64, spinner="Drawing the phase diagram …")
def diagram(source: Law, size: int) -> PhaseDiagram:
    """Return the phase diagram of a law on the app's ranges, T = 1 included."""
    return phase_diagram(source, temperature_axis(size), np.linspace(0.0, 1.0, size))


def plain_map(source: Law, tolerance: float, size: int) -> bytes:
    """Return the map without lines of its own: fields, and the boundary of the faithful region."""
    return pack.pack_map(
        diagram(source, map_size(source, size)),
        temperature_axis(line_size(source)),
        contour(source, tolerance),
        tolerance,
    )


def about_map(source: Law) -> dict[str, Any]:
    """Return what a map says of its source, whatever the settings are."""
    return {
        "temperature_range": TEMPERATURE_RANGE,
        "effective_source": float(hill_number(source.probabilities(), 1)),
        "outcomes": source.n,
        "uniform": is_even(source.probabilities()),
        "picture_name": "closed-loop-phase-diagram.png",
        "alt": f"Phase diagram of {source.describe()}.",
    }


@remembered(max_entries=64)
def small_map_fields(source: Law, tolerance: float) -> tuple[bytes, str]:
    """Return what the small map shows of a source, and the name it travels under."""
    fields = pack.with_header(plain_map(source, tolerance, 65), about_map(source))
    return fields, pack.payload_name(fields)


@remembered(max_entries=64)
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
        "contour_temperatures": pack.single(temperature_axis(line_size(source))),
        "contour": pack.single(contour(source, tolerance)),
        "severe": pack.single(severe_line(source)),
    }
    frame = pack.pack(header, boundary)
    return frame, pack.payload_name(frame)


@kept(max_entries=256)
def contour(source: Law, tolerance: float) -> Array:
    """Return the boundary of the faithful region over `temperature_axis(line_size(source))`."""
    return tolerance_contour(source, temperature_axis(line_size(source)), tolerance)


@remembered(max_entries=1_000)
def distinct_weights(source: Law) -> int:
    """Return how many different shares a law has: what its exact curves cost."""
    return len(np.unique(source.probabilities()))


def severe_line(source: Law) -> Array:
    """Return where a state turns severe over `temperature_axis(line_size(source))`."""
    found = diagram(source, map_size(source, 65))
    lines = np.log(temperature_axis(line_size(source)))
    return np.interp(lines, np.log(found.temperatures), severe_shares(found))


def map_size(source: Law, size: int) -> int:
    """Return the grid size of a map: coarser for large laws, so that a shared host stays quick."""
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


# Not in Streamlit's cache: any visitor may have that cleared, and the processes would stay.
_POOLS = {takes_long: WorkerPool() for takes_long in (True, False)}


def worker_pool(takes_long: bool) -> WorkerPool:
    """Return the processes for work of seconds or minutes, or those for what is there at once."""
    return _POOLS[takes_long]


def computed(function: Callable[..., Result], *arguments: Any, takes_long: bool = False) -> Result:
    """Return ``function(*arguments)``, computed in a process for heavy work.

    It is stopped when this visitor changes a setting or leaves. What takes seconds says so: other
    work does not wait for it. For what is cached, or drawn once.
    """
    for is_last in (False, True):
        try:
            job = worker_pool(takes_long).submit(function, *arguments)
            try:
                while not job.is_done(_LOOK):
                    _stop_unless_looked_at()
            finally:
                job.stop()
            return job.result()
        except (BrokenProcessPool, TooBusyError):
            # A worker was killed, for its memory perhaps: tried once more, in a new one.
            if is_last:
                break
    st.warning(TOO_BUSY, icon=":material/info:")
    st.stop()


def _stop_unless_looked_at() -> None:
    """End this script run if its visitor has changed something, or is gone."""
    st.session_state.get("live")  # where Streamlit lets a newer run take over
    if not is_here(visitor()):
        st.stop()


def visitor() -> str:
    """Return whom this script run is for; empty where no server runs."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None and runtime.exists() else ""


def is_here(who: str) -> bool:
    """Say whether a visitor's page is still open; where no server runs, it is."""
    return not who or not runtime.exists() or runtime.get_instance().is_active_session(who)


@st.cache_resource(max_entries=1)
def prepare_process() -> None:
    """Prepare the interpreter for many visitors at a time, once per server.

    Threads take turns more often than usual: a run hands over the interpreter's lock at every draw,
    and beside somebody's long work it would wait a whole turn each time.
    """
    (collect_when_idle if runtime.exists() else collect_seldom)()
    sys.setswitchinterval(0.002)
