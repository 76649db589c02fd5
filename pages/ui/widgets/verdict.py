"""The three clauses above every picture: now, ends, needs. Pure.

*Now* is the class of the state at the playhead; its numbers follow in the browser (verdict.js).
*Ends* is where this loop settles with the settings of its last segment, from the state of its last
generation. *Needs* is the least external share to stay and, where it is another, to come back.
"""

from typing import Any, NamedTuple

from closedloop_core import LoopParams
from closedloop_core.exact.summary import Needs, SettledSummary
from pages.ui.terms import help_of
from pages.ui.widgets.cached import start_of
from pages.ui.wording import ENDS_WORDS, Pieces, count, percent, percent_least

# On hover, by part of the verdict.
VERDICT_TERMS = {
    "middle": help_of("act like", "exp(entropy)"),
    "ends": help_of("stable state", "multistable", "TV"),
    "needs": help_of("needs"),
}
_COUNTED = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


class Clauses(NamedTuple):
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
    """Return what the verdict component shows above a run, but for `VERDICT_TERMS`."""
    return {"begins": begins(params), **clauses(params, ends)._asdict(), "mode": mode}


def begins(params: LoopParams) -> dict[str, Any]:
    """Return what the clause *now* speaks of: how many outcomes, and where the run starts."""
    effective, distance = start_of(params.initial, params.source)
    return {
        "count": count_words(params),
        "effective": effective,
        "at_source": bool(params.initial == params.source),
        "distance": distance,
    }


def count_words(params: LoopParams) -> str:
    """Return how many outcomes a run has, in words: ``Ten outcomes``, ``30 words``."""
    n = params.initial.n
    noun = "words" if params.initial.kind == "text" else "outcomes"
    return f"{_COUNTED[n] if n < len(_COUNTED) else count(n)} {noun}"


def ends_clause(params: LoopParams, ends: SettledSummary) -> Pieces:
    """Return where the loop settles: its class, its numbers, and whether history decides."""
    start, last = params.segments[-1]
    prefix = f"With the settings since generation {count(start)} it" if start else "It"
    if last.temperature == 1 and last.external_fraction == 0:
        return [{"text": _ends_at_balance(last, prefix)}]
    settled = {"text": f"{prefix} settles "}
    word = {"text": ENDS_WORDS[ends.phase], "style": ends.phase}
    number = f"{ends.effective:.1f} outcome{'' if f'{ends.effective:.1f}' == '1.0' else 's'}"
    away = f", acting like {number}, {percent(ends.distance, 0)} from the source"
    history = ""
    if ends.n_stable > 1:
        history = f"; {count(ends.n_stable)} states are stable here, so history decides"
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
    prefix = f"Since generation {count(start)} it" if start else "It"
    if last.temperature == 1:
        led = "At T = 1 nothing is distorted: "
        if last.external_fraction > 0:
            return [{"text": f"{led}any share of external data leads the loop to its source."}]
        return [{"text": f"{led}any share of external data would lead it back to its source."}]
    within = percent(needs.tolerance)
    if needs.return_external == 0:
        return [{"text": f"{prefix} needs no external data to stay within {within}."}]
    stay, back = percent_least(needs.least_external), percent_least(needs.return_external)
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


def summary(params: LoopParams, ends: SettledSummary) -> str:
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
        f"Temperature {params.temperature:.3g}, external data"
        f" {percent(params.external_fraction, unit=' per cent')}, {batch}{noise}, {params.regime},"
        f" {params.initial.describe()}{since}. {plain_text(ends_clause(params, ends))}"
        f" {plain_text(needs_clause(params, ends.needs))}"
    )
