"""The sentences: verdict, remedy, notes and summaries. Pure.

The class is always that of the infinite-sample settled state, solved exactly (ours); what the run
itself does is said as a second clause.
"""

from dataclasses import dataclass
from typing import Any

from closedloop_core import LoopParams, hill_number
from closedloop_core.exact.summary import SettledSummary
from pages.ui.wording import CLASS_WORDS, Pieces, count, percent, percent_up


@dataclass(frozen=True)
class RunEnd:
    """Distances to the source at the end of a run and of its infinite-sample twin (or None)."""

    distance: float
    twin_distance: float | None


def verdict(
    params: LoopParams, limit: SettledSummary, mode: str, end: RunEnd | None = None
) -> dict[str, Any]:
    """Return what the verdict component shows: class, remedy, and a note on this run's end."""
    word = CLASS_WORDS[limit.phase]
    start, last = params.segments[-1]
    if end is not None and _by_luck_alone(limit, end):
        word = "Faithful in the limit, not in this run"
    notes = [
        segment_note(start, last),
        None if end is None else run_note(last, limit, end),
        bistable_note(limit),
    ]
    return {
        "class": limit.phase,
        "word": word,
        "outcomes": params.initial.n,
        "effective0": float(hill_number(params.initial.probabilities(), 1)),
        "remedy": remedy(params, limit),
        "note": " ".join(note for note in notes if note) or None,
        "mode": mode,
    }


def remedy(params: LoopParams, limit: SettledSummary) -> Pieces:
    """Return the second sentence in pieces: the least external share, exactly (ours).

    With interventions it speaks of the last segment, which starts in whatever state the run is in.
    """
    start, last = params.segments[-1]
    at_source = start == 0 and last.initial == last.source
    if last.temperature == 1:
        return [{"text": _at_temperature_one(last, at_source)}]
    if limit.phase == "faithful":
        return _remedy_of_the_faithful(last, limit)
    within = percent(limit.tolerance)
    least = {"text": f"at least {percent_up(limit.least_external)}", "style": "faithful"}
    if at_source:
        return [
            {"text": f"To stay within {within} of the source, "},
            least,
            {"text": " of new data must be external."},
        ]
    start_words = "starts elsewhere" if start == 0 else f"is elsewhere by generation {start}"
    rest = f" external data. This one {start_words}"
    if last.external_fraction >= limit.least_external:
        rest += f", and {percent(last.external_fraction)} does not bring it back"
    return [
        {"text": f"A loop that starts at its source stays within {within} with "},
        least,
        {"text": f"{rest}."},
    ]


def _remedy_of_the_faithful(params: LoopParams, limit: SettledSummary) -> Pieces:
    within, share = percent(limit.tolerance), params.external_fraction
    if limit.least_external == 0:
        return [{"text": f"At this temperature the loop stays within {within} by itself."}]
    if share < limit.least_external:
        return [
            {"text": f"It settles within {within} of the source, but not on it: that takes "},
            {"text": f"at least {percent_up(limit.least_external, share)}", "style": "faithful"},
            {"text": " external data."},
        ]
    return [
        {"text": f"Within {within} of the source: this temperature needs "},
        {"text": f"at least {percent_up(limit.least_external, share)}", "style": "faithful"},
        {"text": f" external data and gets {percent(share)}."},
    ]


def _at_temperature_one(params: LoopParams, at_source: bool) -> str:
    if params.external_fraction > 0:
        return "At T = 1 any share of external data leads the loop to its source and holds it."
    if not at_source:
        return "At T = 1 without external data a loop stays where it starts."
    if params.noise:
        return "Without sampling noise nothing moves at T = 1: what changes here is luck."
    return "At T = 1 without sampling noise nothing moves."


def segment_note(start: int, last: LoopParams) -> str | None:
    """Say it when interventions make the class that of the run's last part."""
    if start == 0:
        return None
    return (
        f"Since generation {count(start)} the loop runs at T = {last.temperature:.3g} with"
        f" {percent(last.external_fraction)} external data: the class speaks of this last part"
        " and of the state it starts in."
    )


def run_note(params: LoopParams, limit: SettledSummary, end: RunEnd) -> str | None:
    """Say it when this run's end and its class, which is the infinite-sample limit's, differ."""
    away, after = percent(end.distance), f"after {count(params.generations)} generations"
    inside = end.distance <= limit.tolerance
    if _by_luck_alone(limit, end):
        return f"This run ends {away} away from its source: that is luck; more samples tame it."
    if limit.phase == "faithful" and not inside:
        return f"This run is on its way: {after} it is still {away} away from its source."
    if limit.phase == "faithful" or not inside:
        return None
    if not params.noise and end.distance == 0:
        return "An exact tie never breaks without noise: the class is where the least push leads."
    return (
        f"This run is on its way: {after} it is {away} away from its source, in the end"
        f" {percent(limit.distance)}."
    )


def _by_luck_alone(limit: SettledSummary, end: RunEnd) -> bool:
    """Say whether only noise keeps a faithful run from its source."""
    if end.twin_distance is None or limit.phase != "faithful":
        return False
    return end.distance > limit.tolerance >= end.twin_distance


def bistable_note(limit: SettledSummary) -> str | None:
    """Say it when several states are stable: then history decides (ours)."""
    if limit.n_stable < 2:
        return None
    name = "Bistable" if limit.n_stable == 2 else "Multistable"
    return f"{name}: {count(limit.n_stable)} states are stable here, so history decides which."


def summary(params: LoopParams, limit: SettledSummary) -> str:
    """Return one sentence for a screen reader: the settings and where they lead."""
    if params.growth is not None:
        batch = f"the dataset grows by {percent(params.growth)} a generation"
    else:
        batch = f"{count(params.sample_size)} items a generation"
    noise = "" if params.noise else ", no sampling noise"
    start, last = params.segments[-1]
    since = ""
    if start:
        since = (
            f"; since generation {count(start)} temperature {last.temperature:.3g}, external data"
            f" {percent(last.external_fraction, unit=' per cent')}, {count(last.sample_size)} items"
        )
    return (
        f"{CLASS_WORDS[limit.phase]}: temperature {params.temperature:.3g}, external data"
        f" {percent(params.external_fraction, unit=' per cent')}, {batch}{noise}, {params.regime},"
        f" {params.initial.describe()}{since}; in the infinite-sample limit they act like"
        f" {limit.effective:.1f} outcomes."
    )
