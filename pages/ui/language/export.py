"""A run to take along: its texts, and its measures as CSV. Pure."""

from collections.abc import Sequence
from typing import Any

from closedloop_core import LearnerParams
from pages.ui.exports import table_csv
from pages.ui.language.runs import Moment
from pages.ui.language.words import Faithful, phase_of, setting_line

_MEASURES = (
    *("next_words", "learned_words", "perplexity", "impossible", "words", "contexts"),
    *("period", "copied", "distance"),
)


def texts(moments: Sequence[Moment], params: LearnerParams, link: str) -> str:
    """Return what every generation wrote from the same beginning, as plain text."""
    parts = [setting_line(params), link, ""]
    for moment in moments:
        parts += [f"Generation {moment.index}", moment.text, ""]
    return "\n".join(parts)


def measures_csv(moments: Sequence[Moment], params: LearnerParams, rule: Faithful) -> str:
    """Return a run as CSV: one line a generation, every measure in full precision, and its text."""
    rows: list[list[Any]] = [
        ["generation", "class", *_MEASURES, "distinct_1", "distinct_2", "distinct_3", "text"]
    ]
    for moment in moments:
        if moment.measures is None:
            continue
        phase = phase_of(moment, moments[0], params, rule)
        values = [getattr(moment.measures, name) for name in _MEASURES]
        rows.append([moment.index, phase, *values, *moment.measures.distinct, moment.text])
    return table_csv(rows)
