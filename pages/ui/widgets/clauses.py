"""The three clauses above every picture: now, ends, needs. Pure.

*Now* is the class of the state at the playhead; its numbers follow in the browser (verdict.js).
*Ends* is where this loop settles with the settings of its last segment, from the state of its last
generation. *Needs* is the least external share to stay and, where it is another, to come back.
"""

from dataclasses import dataclass
from typing import Any

from closedloop_core import LoopParams, hill_number
from closedloop_core.exact.summary import Needs, SettledSummary
from pages.ui.wording import ENDS_WORDS, Pieces, percent, percent_up

_COUNTED = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@dataclass(frozen=True)
class Clauses:
    """What the verdict says beside the numbers that follow the playhead."""

    ends: Pieces
    needs: Pieces


def clauses(params: LoopParams, ends: SettledSummary) -> Clauses:
    """Return *ends* and *needs* of a run.

    Parameters
    ----------
    params : LoopParams, of the whole run
    ends : SettledSummary, where it settles from the state of its last generation
    """
    return Clauses(ends_clause(params, ends), needs_clause(params, ends.needs))


def verdict(params: LoopParams, ends: SettledSummary, mode: str) -> dict[str, Any]:
    """Return what the verdict component shows above a run."""
    told = clauses(params, ends)
    return {"begins": begins(params), "ends": told.ends, "needs": told.needs, "mode": mode}


def begins(params: LoopParams) -> dict[str, Any]:
    """Return what the clause *now* speaks of: how many outcomes, and where the run starts."""
    start, source = params.initial.probabilities(), params.source.probabilities()
    return {
        "count": _count_words(params),
        "lower_count": _count_words(params).lower(),
        "outcomes": params.initial.n,
        "effective": float(hill_number(start, 1)),
        "at_source": bool(params.initial == params.source),
        "effective_source": float(hill_number(source, 1)),
    }


def _count_words(params: LoopParams) -> str:
    n = params.initial.n
    noun = "words" if params.initial.kind == "text" else "outcomes"
    return f"{_COUNTED[n] if n < len(_COUNTED) else f'{n:,}'} {noun}"


def ends_clause(params: LoopParams, ends: SettledSummary) -> Pieces:
    """Return where the loop settles: its class, its numbers, and whether history decides."""
    start, last = params.segments[-1]
    prefix = f"With the settings since generation {start:,} it" if start else "It"
    if last.temperature == 1 and last.external_fraction == 0:
        return [{"text": _ends_at_balance(last, prefix)}]
    settled = {"text": f"{prefix} settles "}
    word = {"text": ENDS_WORDS[ends.phase], "style": ends.phase}
    number = f"{ends.effective:.1f} outcome{'' if f'{ends.effective:.1f}' == '1.0' else 's'}"
    away = f", acting like {number}, {percent(ends.distance, 0)} from the source"
    history = ""
    if ends.n_stable > 1:
        history = f"; {ends.n_stable:,} states are stable here, so history decides"
    return [settled, word, {"text": f"{away}{history}."}]


def _ends_at_balance(last: LoopParams, prefix: str) -> str:
    if not last.noise:
        return f"{prefix} stays where it is: at T = 1 without sampling noise nothing moves."
    if last.regime == "replace":
        return f"{prefix} ends with one outcome, and luck alone decides which: T = 1 has no pull."
    return f"{prefix} freezes at a random mix: at T = 1 only luck moves it, less and less."


def needs_clause(params: LoopParams, needs: Needs) -> Pieces:
    """Return the least external share to stay and, where it is another, to come back (ours)."""
    start, last = params.segments[-1]
    prefix = f"Since generation {start:,} it" if start else "It"
    if last.temperature == 1:
        rest = " any external data to come back: at T = 1 every share leads to the source."
        if last.external_fraction > 0:
            rest = " no more: at T = 1 any share of external data leads to the source."
        return [{"text": f"{prefix} needs{rest}"}]
    within = percent(needs.tolerance)
    if needs.return_external == 0:
        return [{"text": f"{prefix} needs no external data to stay within {within}."}]
    stay, back = percent_up(needs.least_external), percent_up(needs.return_external)
    least = {"text": f"at least {stay}", "style": "faithful"}
    gets = f"gets {percent(last.external_fraction)}"
    if stay == back:
        return [
            {"text": f"{prefix} needs "},
            least,
            {"text": f" external data to stay within {within} of its source, and {gets}."},
        ]
    return [
        {"text": f"{prefix} needs "},
        least,
        {"text": f" external data to stay within {within}, but "},
        {"text": back, "style": "faithful"},
        {"text": f" to come back from any state; it {gets}."},
    ]


def plain_text(pieces: Pieces) -> str:
    """Return a clause without its styles, for exports and screen readers."""
    return "".join(piece["text"] for piece in pieces)
