"""The sentences: verdict, remedy, notes and summaries. Pure.

The class is always that of the infinite-sample settled state, solved exactly (ours); what the run
itself does is said as a second clause.
"""

import math
from dataclasses import dataclass
from typing import Any

from closedloop_core import Change, LoopParams, hill_number
from closedloop_core.settings.params import DEFAULTS
from closedloop_core.settings.schedule import CHANGEABLE
from pages.ui.cached import Limit

CLASS_WORDS = {"collapse": "Collapse", "heat death": "Heat death", "faithful": "Faithful"}
_PER_CENT = "\N{NO-BREAK SPACE}%"
Pieces = list[dict[str, str]]


@dataclass(frozen=True)
class RunEnd:
    """Distances to the source at the end of a run and of its infinite-sample twin (or None)."""

    distance: float
    twin_distance: float | None


def verdict(
    params: LoopParams, limit: Limit, mode: str, end: RunEnd | None = None
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


def settled_verdict(params: LoopParams, limit: Limit, mode: str) -> dict[str, Any]:
    """Return the verdict of the phase diagram: where the infinite-sample loop settles."""
    source = f"{hill_number(params.source.probabilities(), 1):.1f}"
    ends = f"{params.initial.n:,} outcomes worth {source} end up acting like "
    settled = {"words": ends, "number": f"{limit.effective:.1f}"}
    found = {**verdict(params, limit, mode), "settled": settled}
    if limit.other_winner is not None and _is_even(params):
        found["remedy"] = _prevention_and_cure(params, limit)
    return found


def _prevention_and_cure(params: LoopParams, limit: Limit) -> Pieces:
    assert limit.other_winner is not None
    start = {"text": f"At T = {params.temperature:.3g} prevention takes "}
    prevention, cure = (_percent(x, 1) for x in (1 - params.temperature, limit.other_winner))
    if prevention == cure:
        start["text"] = f"At T = {params.temperature:.3g} prevention and cure both take "
        return [start, {"text": prevention, "style": "faithful"}, {"text": " external data."}]
    return [
        start,
        {"text": prevention, "style": "faithful"},
        {"text": " external data, a cure takes "},
        {"text": cure, "style": "collapse"},
        {"text": ": between them history decides."},
    ]


def remedy(params: LoopParams, limit: Limit) -> Pieces:
    """Return the second sentence in pieces: the least external share, exactly (ours).

    With interventions it speaks of the last segment, which starts in whatever state the run is in.
    """
    start, last = params.segments[-1]
    at_source = start == 0 and last.initial == last.source
    if last.temperature == 1:
        return [{"text": _at_temperature_one(last, at_source)}]
    if limit.phase == "faithful":
        return _remedy_of_the_faithful(last, limit)
    within = _percent(limit.tolerance)
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
        rest += f", and {_percent(last.external_fraction)} does not bring it back"
    return [
        {"text": f"A loop that starts at its source stays within {within} with "},
        least,
        {"text": f"{rest}."},
    ]


def _remedy_of_the_faithful(params: LoopParams, limit: Limit) -> Pieces:
    within, share = _percent(limit.tolerance), params.external_fraction
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
        {"text": f" external data and gets {_percent(share)}."},
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
        f"Since generation {start:,} the loop runs at T = {last.temperature:.3g} with"
        f" {_percent(last.external_fraction)} external data: the class speaks of this last part"
        " and of the state it starts in."
    )


def change_words(change: Change) -> str:
    """Return an intervention in a few words: ``external data 0 %``."""
    if change.field == "external_fraction":
        return f"external data {_percent(change.value)}"
    names = {"temperature": "T =", "sample_size": "k =", "subsample_size": "m ="}
    return f"{names[change.field]} {change.value:,.10g}"


def differences(one: LoopParams, other: LoopParams) -> tuple[list[str], list[str]]:
    """Return what sets two runs apart, for each in the same order; two empty lists if nothing."""
    found: tuple[list[str], list[str]] = ([], [])
    for name in DEFAULTS:
        if getattr(one, name) != getattr(other, name):
            for words, params in zip(found, (one, other), strict=True):
                words.append(_setting_words(params, name))
    return found


def _setting_words(params: LoopParams, name: str) -> str:
    value = getattr(params, name)
    if name in CHANGEABLE:
        return change_words(Change(1, name, value))
    if name == "regime":
        return str(value)
    if name == "noise":
        return "with luck" if value else "no sampling noise"
    if name == "growth":
        return "fixed sample size" if value is None else f"growth {_percent(value)}"
    if name == "schedule":
        return (
            ", ".join(f"{change_words(c)} from {c.generation:,} on" for c in value) or "no changes"
        )
    if name == "initial_size":
        return f"N\u2080 = {value:,}"
    if name == "reference":
        return f"outside data: {'as the start' if value is None else value.describe()}"
    return str(value.describe())


def run_note(params: LoopParams, limit: Limit, end: RunEnd) -> str | None:
    """Say it when this run's end and its class, which is the infinite-sample limit's, differ."""
    away, after = _percent(end.distance), f"after {params.generations:,} generations"
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
        f" {_percent(limit.distance)}."
    )


def _by_luck_alone(limit: Limit, end: RunEnd) -> bool:
    """Say whether only noise keeps a faithful run from its source."""
    if end.twin_distance is None or limit.phase != "faithful":
        return False
    return end.distance > limit.tolerance >= end.twin_distance


def bistable_note(limit: Limit) -> str | None:
    """Say it when several states are stable: then history decides (ours)."""
    if limit.n_stable < 2:
        return None
    name = "Bistable" if limit.n_stable == 2 else "Multistable"
    return f"{name}: {limit.n_stable:,} states are stable here, so history decides which."


def proof(params: LoopParams, limit: Limit) -> list[str]:
    """Return the criterion behind the class, with its numbers, as Markdown lines."""
    params = params.segments[-1][1]
    within = _percent(limit.tolerance)
    inside = limit.distance <= limit.tolerance
    side = "" if inside else ", " + CLASS_WORDS[limit.phase].lower()
    lines = [
        f"**Settled distance** TV = {limit.distance:.4f}, tolerance {limit.tolerance:g}:"
        f" {'within, so faithful' if inside else 'outside, so not faithful'}.",
        f"**Shift** s = {limit.shift:+.3f}{side}.",
    ]
    if math.isfinite(limit.eigenvalue):
        below = " < 1: the settled state is stable" if limit.eigenvalue < 1 else ""
        lines.append(f"**Leading eigenvalue** {limit.eigenvalue:.4f}{below}.")
    if limit.n_stable:
        history = "." if limit.n_stable == 1 else ": history decides which."
        lines.append(f"**Stable states**: {limit.n_stable:,}{history}")
    lines.append(
        f"**Least rescue** {percent_up(limit.least_external, digits=2)} external data keep a loop"
        f" that starts at its source within {within} of it."
    )
    if limit.other_winner is not None:
        what = "a collapsed state can persist" if _is_even(params) else "another outcome can win"
        lines.append(f"**Below** {_percent(limit.other_winner, 2)} {what}.")
    return lines


def summary(params: LoopParams, limit: Limit) -> str:
    """Return one sentence for a screen reader: the settings and where they lead."""
    if params.growth is not None:
        batch = f"the dataset grows by {_percent(params.growth)} a generation"
    else:
        batch = f"{params.sample_size:,} items a generation"
    noise = "" if params.noise else ", no sampling noise"
    start, last = params.segments[-1]
    since = ""
    if start:
        since = (
            f"; since generation {start:,} temperature {last.temperature:.3g}, external data"
            f" {100 * last.external_fraction:.3g} per cent, {last.sample_size:,} items"
        )
    return (
        f"{CLASS_WORDS[limit.phase]}: temperature {params.temperature:.3g}, external data"
        f" {100 * params.external_fraction:.3g} per cent, {batch}{noise}, {params.regime},"
        f" {params.initial.describe()}{since}; in the infinite-sample limit they act like"
        f" {limit.effective:.1f} outcomes."
    )


def percent_up(share: float, beside: float | None = None, digits: int = 0) -> str:
    """Return a least share in per cent, rounded up so that it suffices.

    Next to a given share that does suffice it gets as many decimals as show that it does.
    """
    for places in range(digits, 4):
        scale = 10**places
        rounded = math.ceil(round(100 * share * scale, 6)) / scale
        if beside is None or beside < share or rounded <= 100 * beside + 1e-9:
            break
    return f"{rounded:.{places}f}{_PER_CENT}"


def _percent(share: float, digits: int = 0) -> str:
    """Return a share in per cent, with up to ``digits`` decimals, or as many as it needs."""
    text = f"{100 * share:.{digits}f}" if digits else f"{100 * share:.3g}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + _PER_CENT


def _is_even(params: LoopParams) -> bool:
    q = params.source.probabilities()
    return bool(q.max() == q.min())
