"""The headline of the phase diagram: where the infinite-sample loop settles. Pure."""

from typing import Any

from closedloop_core import LoopParams, hill_number
from closedloop_core.exact.summary import SettledSummary
from pages.ui.widgets.verdict import VERDICT_TERMS, clauses, count_words
from pages.ui.wording import CLASS_WORDS


def settled_verdict(params: LoopParams, limit: SettledSummary, mode: str) -> dict[str, Any]:
    """Return the verdict of the map, which knows no time: *now* is the settled state."""
    source = f"{hill_number(params.source.probabilities(), 1):.1f}"
    told = clauses(params, limit)
    return {
        "settled": {
            "class": limit.phase,
            "word": CLASS_WORDS[limit.phase],
            "words": f"{count_words(params)} that act like {source} settle acting like ",
            "number": f"{limit.effective:.1f}",
        },
        "ends": told.ends,
        "needs": told.needs,
        "terms": VERDICT_TERMS,
        "mode": mode,
    }
