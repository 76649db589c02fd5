"""The sentences: verdict, remedy and summaries. Pure; what is proved and what is ours is said."""

import math
from typing import Any

from closedloop_core import LoopParams, hill_number
from pages.ui.cached import Limit

CLASS_WORDS = {"collapse": "Collapse", "heat death": "Heat death", "faithful": "Faithful"}


def percent_up(share: float) -> str:
    """Return a least share as whole per cent, rounded up so that it suffices."""
    return f"{math.ceil(round(100 * share, 6)):d}\N{NO-BREAK SPACE}%"


def verdict(
    params: LoopParams, limit: Limit, mode: str, final_distance: float | None = None
) -> dict[str, Any]:
    """Return what the verdict component shows: class, remedy, and a note on this run's end."""
    return {
        "class": limit.phase,
        "word": CLASS_WORDS[limit.phase],
        "outcomes": params.initial.n,
        "effective0": float(hill_number(params.initial.probabilities(), 1)),
        "remedy": remedy(params, limit),
        "note": _note(params, limit, final_distance),
        "mode": mode,
    }


def _note(params: LoopParams, limit: Limit, final_distance: float | None) -> str | None:
    notes = [bistable_note(limit)]
    if final_distance is not None:
        notes.append(run_note(params, limit, final_distance))
    return " ".join(note for note in notes if note) or None


def bistable_note(limit: Limit) -> str | None:
    """Say it when several states are stable: then history decides (ours)."""
    if limit.n_stable < 2:
        return None
    return f"Bistable: {limit.n_stable:,} states are stable here, so history decides which."


def proof(params: LoopParams, limit: Limit) -> list[str]:
    """Return the criterion behind the class, with its numbers, as Markdown lines."""
    within = f"{100 * limit.tolerance:.3g}\N{NO-BREAK SPACE}%"
    inside = limit.distance <= limit.tolerance
    side = "< 0: collapse" if limit.shift < 0 else "> 0: heat death"
    lines = [
        f"**Settled distance** TV = {limit.distance:.4f}, tolerance {limit.tolerance:g}:"
        f" {'within, so faithful' if inside else 'outside, so not faithful'}.",
        f"**Shift** s = {limit.shift:+.3f}{'' if inside else ' ' + side}.",
        f"**Leading eigenvalue** {limit.eigenvalue:.4f}"
        + (" < 1: the settled state is stable." if limit.eigenvalue < 1 else "."),
    ]
    if limit.n_stable:
        plural = "state" if limit.n_stable == 1 else "states, so history decides"
        lines.append(f"**Stable states** {limit.n_stable:,} {plural}.")
    lines.append(
        f"**Least rescue** {100 * limit.least_external:.2f}\N{NO-BREAK SPACE}% external data keep a"
        f" loop that starts at its source within {within} of it."
    )
    if limit.other_winner is not None:
        what = "a collapsed state can persist" if _is_even(params) else "another outcome can win"
        share = f"{100 * limit.other_winner:.2f}\N{NO-BREAK SPACE}%"
        lines.append(f"**Below** {share} {what}.")
    return lines


def _is_even(params: LoopParams) -> bool:
    q = params.source.probabilities()
    return bool(q.max() == q.min())


def run_note(params: LoopParams, limit: Limit, final_distance: float) -> str | None:
    """Say it when this run's end and its class, which is the infinite-sample limit's, differ."""
    away = f"{100 * final_distance:.0f}\N{NO-BREAK SPACE}%"
    inside = final_distance <= limit.tolerance
    if limit.phase == "faithful" and not inside:
        return (
            f"The class is the infinite-sample limit's. This run ends {away} away from the source:"
            " that is sampling noise, and a larger sample size tames it."
        )
    if limit.phase != "faithful" and inside:
        return (
            f"The class is the infinite-sample limit's. This run is on its way: after"
            f" {params.generations:,} generations it is {away} away from the source, in the end"
            f" {100 * limit.distance:.0f}\N{NO-BREAK SPACE}%."
        )
    return None


def settled_verdict(params: LoopParams, limit: Limit, mode: str) -> dict[str, Any]:
    """Return the verdict of the phase diagram: where the infinite-sample loop settles."""
    q = params.source.probabilities()
    source = f"{hill_number(q, 1):.1f}"
    ends = f"{params.initial.n:,} outcomes worth {source} end up acting like "
    settled = {"words": ends, "number": f"{limit.effective:.1f}"}
    found = {**verdict(params, limit, mode), "settled": settled}
    if limit.other_winner is not None and _is_even(params):
        found["remedy"] = [
            {"text": f"At T = {params.temperature:.3g} prevention takes "},
            {"text": _exact(limit.least_external), "style": "faithful"},
            {"text": " external data, a cure takes "},
            {"text": _exact(limit.other_winner), "style": "collapse"},
            {"text": ": between them history decides."},
        ]
    return found


def _exact(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0") + "\N{NO-BREAK SPACE}%"


def remedy(params: LoopParams, limit: Limit) -> list[dict[str, str]]:
    """Return the second sentence in pieces: the least external share, exactly (ours)."""
    within = f"{100 * limit.tolerance:.3g}\N{NO-BREAK SPACE}%"
    least = {"text": f"at least {percent_up(limit.least_external)}", "style": "faithful"}
    share = f"{100 * params.external_fraction:.3g}\N{NO-BREAK SPACE}%"
    if limit.phase != "faithful" and params.external_fraction >= limit.least_external:
        return [
            {"text": f"A loop that starts at the source stays within {within} with "},
            least,
            {"text": f" external data. This one did not start there: {share} is too late."},
        ]
    if limit.phase != "faithful":
        return [
            {"text": f"To stay within {within} of the source, "},
            least,
            {"text": " of new data must be external."},
        ]
    if params.temperature == 1:
        return [
            {"text": "Without sampling noise nothing moves at T = 1: what changes here is luck."}
        ]
    if limit.least_external == 0:
        return [{"text": f"At this temperature the loop stays within {within} by itself."}]
    return [
        {"text": f"Within {within} of the source: this temperature needs "},
        least,
        {"text": f" external data and gets {share}."},
    ]


def summary(params: LoopParams, limit: Limit) -> str:
    """Return one sentence for a screen reader: the settings and where they lead."""
    noise = f"{params.sample_size:,} items a generation" if params.noise else "no sampling noise"
    return (
        f"{CLASS_WORDS[limit.phase]}: temperature {params.temperature:.3g}, external data"
        f" {100 * params.external_fraction:.3g} per cent, {noise}, {params.regime},"
        f" {params.initial.describe()}; in the infinite-sample limit they act like"
        f" {limit.effective:.1f} outcomes."
    )
