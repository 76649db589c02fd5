"""Where loops settle and what they need, remembered, for the server and for its workers. Pure."""

from closedloop_core import Law, LoopParams, simulate
from closedloop_core.exact.settled import settled_from
from closedloop_core.exact.summary import Needs, SettledSummary, needs_at, settled_after, summarise
from closedloop_core.settings.params import Regime
from pages.ui.remembered import remembered


@remembered(max_entries=2_000)
def limit(
    initial: Law,
    source: Law,
    temperature: float,
    external_fraction: float,
    tolerance: float,
    regime: Regime = "accumulate",
) -> SettledSummary:
    """Return the infinite-sample limit of a loop that starts at ``initial``."""
    start = initial.probabilities()
    state = settled_from(start, source, temperature, external_fraction, regime)
    needs = needs_of(source, temperature, tolerance)
    return summarise(state, source, temperature, external_fraction, needs)


@remembered(max_entries=500)
def limit_after_changes(params: LoopParams, tolerance: float) -> SettledSummary:
    """Return the limit of a run's last segment, from the state in which this run enters it."""
    last, state = params.segments[-1][1], settled_after(simulate(params))
    needs = needs_of(last.source, last.temperature, tolerance)
    return summarise(state, last.source, last.temperature, last.external_fraction, needs)


@remembered(max_entries=2_000)
def needs_of(source: Law, temperature: float, tolerance: float) -> Needs:
    """Return what a temperature asks of the external share."""
    return needs_at(source, temperature, tolerance)


def limit_of(params: LoopParams, tolerance: float) -> SettledSummary:
    """Return the limit of these settings; runs that differ by luck alone share it.

    With interventions it is that of the last segment, and depends on the run.
    """
    if len(params.segments) > 1:
        return limit_after_changes(params, tolerance)
    setting = (params.temperature, params.external_fraction, tolerance)
    return limit(params.initial, params.source, *setting, params.regime)
