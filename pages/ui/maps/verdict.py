"""The headline of the phase diagram: where the infinite-sample loop settles. Pure."""

from typing import Any

from closedloop_core import LoopParams, hill_number
from closedloop_core.exact.summary import SettledSummary
from closedloop_core.measures import is_even
from pages.ui.widgets.verdict import verdict
from pages.ui.wording import Pieces, count, percent


def settled_verdict(params: LoopParams, limit: SettledSummary, mode: str) -> dict[str, Any]:
    """Return the verdict of the phase diagram: where the infinite-sample loop settles."""
    source = f"{hill_number(params.source.probabilities(), 1):.1f}"
    ends = f"{count(params.initial.n)} outcomes worth {source} end up acting like "
    settled = {"words": ends, "number": f"{limit.effective:.1f}"}
    found = {**verdict(params, limit, mode), "settled": settled}
    if limit.other_winner is not None and is_even(params.source.probabilities()):
        found["remedy"] = _prevention_and_cure(params, limit)
    return found


def _prevention_and_cure(params: LoopParams, limit: SettledSummary) -> Pieces:
    assert limit.other_winner is not None
    start = {"text": f"At T = {params.temperature:.3g} prevention takes "}
    prevention, cure = (percent(x, 1) for x in (1 - params.temperature, limit.other_winner))
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
