"""The fold "Why this verdict": the criterion with its numbers, and simulated beside theory."""

import math

import streamlit as st

from closedloop_core import LoopParams
from closedloop_core.exact.summary import SettledSummary
from closedloop_core.measures import is_even
from pages.ui import cached
from pages.ui.frame import fold, plain
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.terms import TERMS
from pages.ui.wording import CLASS_WORDS, count, percent, percent_up

# What a line speaks of, and the term that explains it.
_TERMS = (
    ("**Settled distance**", "TV"),
    ("**Shift**", "shift s"),
    ("**Leading eigenvalue**", "eigenvalue"),
    ("**Stable states**", "multistable"),
    ("**Least rescue**", "needs"),
)


def proof(params: LoopParams, limit: SettledSummary) -> list[str]:
    """Return the criterion behind the class, with its numbers, as Markdown lines."""
    params = params.segments[-1][1]
    within = percent(limit.tolerance)
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
        lines.append(f"**Stable states**: {count(limit.n_stable)}{history}")
    lines.append(
        f"**Least rescue** {percent_up(limit.least_external, digits=2)} external data keep a loop"
        f" that starts at its source within {within} of it."
    )
    if limit.other_winner is not None:
        what = (
            "a collapsed state can persist"
            if is_even(params.source.probabilities())
            else "another outcome can win"
        )
        lines.append(f"**Below** {percent(limit.other_winner, 2)} {what}.")
    return lines


def proof_fold(now: Settings, limit: SettledSummary) -> None:
    """Fold: the criterion behind the verdict, and simulated beside theory."""
    box = fold("Why this verdict", "fold_proof")
    if not box.open:
        return
    with box:
        for line in proof(now.params, limit):
            st.markdown(line, help=next((TERMS[n] for sign, n in _TERMS if sign in line), None))
        # A second simulation: not while a dial is dragged, when the picture has to follow.
        for found in cached.agreement(settings.at_rest().params):
            kind = {"exact": "theory", "mean": "theory (mean over luck)", "limit": "settles at"}
            st.markdown(
                f"{plain(found.words)}: **simulated {found.simulated:.4f}, {kind[found.kind]}"
                f" {found.theory:.4f}**"
            )
        st.caption(
            "The class is that of the infinite-sample settled state, solved exactly (derived for"
            " this project); the run's own numbers come second."
        )
