"""The sentences: verdict, remedy and summaries. Pure; what is proved and what is ours is said."""

import math
from typing import Any

from closedloop_core import LoopParams, hill_number
from closedloop_core.phases import TOLERANCE
from pages.ui.cached import Limit

CLASS_WORDS = {"collapse": "Collapse", "heat death": "Heat death", "faithful": "Faithful"}
_WITHIN = f"{TOLERANCE:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


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
        "note": None if final_distance is None else run_note(params, limit, final_distance),
        "mode": mode,
    }


def run_note(params: LoopParams, limit: Limit, final_distance: float) -> str | None:
    """Say it when this run's end and its class, which is the infinite-sample limit's, differ."""
    away = f"{100 * final_distance:.0f}\N{NO-BREAK SPACE}%"
    inside = final_distance <= TOLERANCE
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
    source = hill_number(params.source.probabilities(), 1)
    ends = f"{params.initial.n:,} outcomes worth {source:.1f} end up acting like "
    return {
        **verdict(params, limit, mode),
        "settled": {"words": ends, "number": f"{limit.effective:.1f}"},
    }


def remedy(params: LoopParams, limit: Limit) -> list[dict[str, str]]:
    """Return the second sentence in pieces: the least external share, exactly (ours)."""
    least = {"text": f"at least {percent_up(limit.least_external)}", "style": "faithful"}
    share = f"{100 * params.external_fraction:.3g}\N{NO-BREAK SPACE}%"
    if limit.phase != "faithful" and params.external_fraction >= limit.least_external:
        return [
            {"text": f"A loop that starts at the source stays within {_WITHIN} with "},
            least,
            {"text": f" external data. This one did not start there: {share} is too late."},
        ]
    if limit.phase != "faithful":
        return [
            {"text": f"To stay within {_WITHIN} of the source, "},
            least,
            {"text": " of new data must be external."},
        ]
    if params.temperature == 1:
        return [
            {"text": "Without sampling noise nothing moves at T = 1: what changes here is luck."}
        ]
    if limit.least_external == 0:
        return [{"text": f"At this temperature the loop stays within {_WITHIN} by itself."}]
    return [
        {"text": f"Within {_WITHIN} of the source: this temperature needs "},
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
