"""What is computed for one run, whichever process computes it; twins are remembered. Pure."""

from typing import NamedTuple

from closedloop_core import LoopParams, equilibrium, simulate
from closedloop_core.exact.summary import SettledSummary, settled_after, summarise
from closedloop_core.loop.simulate import Trajectory
from closedloop_core.measures import Array
from pages.ui.playground.run import basin_flag, pack_run
from pages.ui.remembered import is_private, remembered
from pages.ui.settled.cached import limit, limit_of, needs_of

_SMALL = 5_000  # outcomes x generations of a run without noise that is kept: 140 kB with its end
Twin = tuple[Trajectory, Array | None]


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
    if params.noise:
        twin, end = _twin_of(params)
        flag = _flag(run, end)
    packed = pack_run(run, twin, flag, tolerance)
    return Run(packed, ends_of(run, tolerance), limit_of(params.at(0), tolerance))


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
        found = limit(last.initial, *setting, tolerance, last.regime)
        n_stable = found.n_stable
        if n_stable == 1:
            return found
    needs = needs_of(last.source, last.temperature, tolerance)
    return summarise(settled_after(run), *setting, needs, n_stable)


def _flag(run: Trajectory, twin_end: Array | None) -> str | None:
    """Say it when luck has carried the run to another winner than the infinite-sample loop's."""
    return None if twin_end is None else basin_flag(_end_of(run), twin_end, run.params.initial)


def _end_of(run: Trajectory) -> Array:
    """Return where a run goes from its last generation, with the settings of its last segment."""
    last = run.params.segments[-1][1]
    setting = (last.source, last.temperature, last.external_fraction)
    return equilibrium(*setting, start=run.probabilities[-1])
