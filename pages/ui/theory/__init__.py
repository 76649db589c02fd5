"""The theory in statements, each with a live check; grouped as in the README's theory.

`model` says what a statement is; `without_external`, `energy`, `states`, `from_source`,
`published`, `learners` and `ngrams` make them, `show` draws them.
Pure; no streamlit.
"""

import csv
import io
from collections.abc import Sequence

from closedloop_core import Law, LoopParams
from pages.ui.theory.energy import ENERGY
from pages.ui.theory.from_source import NOISE, SOURCE
from pages.ui.theory.learners import LEARNERS
from pages.ui.theory.model import Check, Outcome, Section, Statement, examine
from pages.ui.theory.ngrams import NGRAMS
from pages.ui.theory.proofs import place_of
from pages.ui.theory.published import BOUNDS, PHASES
from pages.ui.theory.states import STATES, UNIFORM
from pages.ui.theory.without_external import LOOP, WITHOUT
from pages.ui.wording import count

SECTIONS: tuple[Section, ...] = (
    LOOP, WITHOUT, ENERGY, STATES, UNIFORM, SOURCE, NOISE, PHASES, BOUNDS, LEARNERS, NGRAMS
)  # fmt: skip
STATEMENTS: tuple[Statement, ...] = tuple(s for section in SECTIONS for s in section.statements)

__all__ = [
    "SECTIONS",
    "STATEMENTS",
    "Check",
    "Outcome",
    "Section",
    "Statement",
    "essence",
    "examine",
    "examined",
    "settings_words",
    "to_csv",
]


def examined(section: int, params: LoopParams) -> tuple[Outcome, ...]:
    """Check all statements of a section at these settings; see `examine`."""
    return tuple(examine(statement, params) for statement in SECTIONS[section].statements)


def essence(params: LoopParams) -> LoopParams:
    """Return the settings with everything at its default that no check reads."""
    return LoopParams(
        initial=params.initial,
        reference=params.reference,
        temperature=params.temperature,
        external_fraction=params.external_fraction,
        sample_size=params.sample_size,
        initial_size=params.initial_size,
        seed=params.seed,
    )


def settings_words(used: LoopParams, given: LoopParams) -> str:
    """Return what differs between the settings of a check and the visitor's own, in words."""
    words = []
    if used.temperature != given.temperature:
        words.append(f"T = {used.temperature:.4g}")
    if used.external_fraction != given.external_fraction:
        words.append(f"a = {used.external_fraction:.4g}")
    if used.sample_size != given.sample_size:
        words.append(f"k = {count(used.sample_size)}")
    if used.initial_size != given.initial_size:
        words.append(f"N₀ = {count(used.initial_size)}")
    if used.initial != given.initial or used.source != given.source:
        words.append(_law_words(used.source, given.source))
    return ", ".join(words)


def _law_words(used: Law, given: Law) -> str:
    if used.kind == "data" and used.n < given.n:
        return f"the {used.n} likeliest outcomes"
    if used.kind == "data" and not used.probabilities().all():
        return "one outcome left out"
    return "a changed source" if used.kind == "data" and used != given else used.describe()


def to_csv(params: LoopParams, examined: Sequence[tuple[Section, Sequence[Outcome]]]) -> str:
    """Return all checks as CSV, one line per statement."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [
            *("section", "statement", "status", "scope", "source", "proof"),
            *("left", "relation", "right", "standard_error", "agrees"),
            *("left_is", "right_is", "tolerance", "checked_at"),
        ]
    )
    for section, outcomes in examined:
        for statement, outcome in zip(section.statements, outcomes, strict=True):
            check = outcome.check
            at = settings_words(outcome.used, params) or "these settings"
            writer.writerow(
                [
                    *(section.title, statement.title, statement.status, statement.scope),
                    *(statement.source, place_of(statement.title)),
                    *(repr(check.left), check.relation, repr(check.right)),
                    *(repr(check.left_error), "yes" if check.holds else "no"),
                    *(check.left_words, check.right_words, check.tolerance_words, at),
                ]
            )
    return out.getvalue()
