"""What is computed for one run, whichever process computes it; twins are remembered. Pure."""

from typing import NamedTuple

import numpy as np

from closedloop_core import LoopParams, equilibrium, simulate
from closedloop_core.exact.summary import SettledSummary, settled_after, summarise
from closedloop_core.loop.simulate import Trajectory
from closedloop_core.measures import Array
from pages.ui.playground.run import TwinPicture, basin_flag, pack_run, picture_of
from pages.ui.remembered import is_private, remembered
from pages.ui.settled.cached import limit, limit_of, needs_of

_SMALL = 5_000  # outcomes x generations of a twin that is kept
Twin = tuple[TwinPicture, Array | None]


class Run(NamedTuple):
    """What the playground shows of a run.

    Attributes
    ----------
    packed : bytes, the run with its infinite-sample twin, for the player
    ends : SettledSummary, where it settles from the state of its last generation, with the settings
        of its last segment
    limit : SettledSummary, the infinite-sample limit of the settings at its start
    """

    packed: bytes
    ends: SettledSummary
    limit: SettledSummary


def computed_run(params: LoopParams, tolerance: float) -> Run:
    """Compute a run, its twin, and where they go."""
    run, twin, flag = simulate(params), None, None
    ends, end = ends_of(run, tolerance)
    if params.noise:
        twin, twin_end = _twin_of(params, tolerance)
        if end is not None and twin_end is not None and not _is_tied(run.probabilities[-1]):
            flag = basin_flag(end, twin_end, params.initial)
    packed = pack_run(run, twin, flag, tolerance)
    return Run(packed, ends, limit_of(params.at(0), tolerance))


def _is_tied(state: Array) -> bool:
    """Say whether several lead: luck has not chosen yet."""
    return bool(np.count_nonzero(state == state.max()) > 1)


def ends_of(run: Trajectory, tolerance: float) -> tuple[SettledSummary, Array | None]:
    """Return where a run settles from the state of its last generation, and that state, (n,).

    Where one state alone is stable every start leads to it, so it is that of these settings; the
    state is None then.
    """
    last = run.params.segments[-1][1]
    setting = (last.source, last.temperature, last.external_fraction)
    n_stable = None
    if last.external_fraction > 0 and last.source.probabilities().all():
        found = limit(last.initial, *setting, tolerance, last.regime)
        n_stable = found.n_stable
        if n_stable == 1:
            return found, None
    needs = needs_of(last.source, last.temperature, tolerance)
    end = settled_after(run)
    return summarise(end, *setting, needs, n_stable), end


def _twin_of(params: LoopParams, tolerance: float) -> Twin:
    """Return the run without noise and, below T = 1, where it goes; luck has no part in it."""
    twin = params.replace(noise=False, seed=0)
    return (_small_twin if is_shared(params) else _made_twin)(twin, tolerance)


def is_shared(params: LoopParams) -> bool:
    """Say whether a run's twin is kept for those who have the same settings and another seed."""
    return params.initial.n * (params.generations + 1) <= _SMALL and not is_private(params)


def make_ready(params: LoopParams, tolerance: float) -> None:
    """Compute what runs of these settings share, whatever their seed."""
    if params.noise:
        _twin_of(params, tolerance)
    limit_of(params, tolerance)


# As many as the temperature's dial has places, and some: 25 MB at most.
@remembered(max_entries=600)
def _small_twin(params: LoopParams, tolerance: float) -> Twin:
    return _made_twin(params, tolerance)


def _made_twin(params: LoopParams, tolerance: float) -> Twin:
    twin, last = simulate(params), params.segments[-1][1]
    picture = picture_of(twin, tolerance)
    if params.temperature >= 1:
        return picture, None
    # Ties stay tied here: then luck, not the loop, chooses.
    setting = (last.source, last.temperature, last.external_fraction)
    return picture, equilibrium(*setting, start=twin.probabilities[-1], regime=last.regime)
