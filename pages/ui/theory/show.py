"""Statements as HTML and Markdown: words and formula left, the two numbers right. Pure."""

import html
import math

from closedloop_core import LoopParams
from pages.ui.theory.model import Check, Outcome, Statement
from pages.ui.theory.proofs import anchor_of
from pages.ui.wording import count, percent, power_of_ten

# A shape beside each word: never colour alone.
BADGES = {
    "proved": ("■", "proved"),
    "checked": ("◐", "checked numerically"),
    "conjecture": ("○", "conjecture"),
    "definition": ("≔", "definition"),
}
# What the fold below a statement is called: only a proof is called a proof.
FOLDS = {
    "proved": "Proof",
    "checked": "What was computed",
    "conjecture": "What is known",
    "definition": "What follows from it",
}
_RELATIONS = {"=": "=", "<=": "≤", ">=": "≥"}


def number(x: float, error: float = 0.0) -> str:
    """Return a number for the eye: six digits, or as many as its standard error allows."""
    if not math.isfinite(x):
        return "∞" if x > 0 else "−∞"
    if error > 0:
        places = max(0, 1 - math.floor(math.log10(error)))
        return f"{x:,.{places}f}".replace("-", "−")
    if abs(x) < 1e-13:
        return "0"
    if x == round(x) and abs(x) < 1e9:
        return f"{x:,.0f}".replace("-", "−")
    mantissa, _, exponent = f"{x:.6g}".partition("e")
    if exponent:
        return f"{mantissa} · {power_of_ten(int(exponent))}".replace("-", "−")
    return mantissa.replace("-", "−")


def badge(status: str) -> str:
    """Return a status as a word with its shape."""
    shape, word = BADGES[status]
    return f'<span class="cl-badge cl-{status}"><i aria-hidden="true">{shape}</i> {word}</span>'


def claim(statement: Statement) -> str:
    """Return the left side: status, title, words, formula, scope and source (Markdown)."""
    ours = statement.source.startswith("ours")
    source = statement.source.replace("ours", "ours: derived for this project", 1)
    said = source if ours else statement.source
    return (
        f'<div class="cl-head" id="{anchor_of(statement.title)}">{badge(statement.status)}'
        f'<span class="cl-scope">{html.escape(statement.scope)}</span></div>\n\n'
        f"### {statement.title}\n\n{statement.words}\n\n$$\n{statement.formula}\n$$\n\n"
        f'<div class="cl-source">Source: {html.escape(said)}</div>'
    )


def verdict(outcome: Outcome, elsewhere: str) -> str:
    """Return the right side: the two numbers, their relation, and whether they agree (HTML)."""
    check = outcome.check
    left, right = number(check.left, check.left_error), number(check.right, check.left_error)
    near = check.relation == "=" and left != right
    sign = "≈" if near else _RELATIONS[check.relation]
    error = f"<small> ± {number(check.left_error, check.left_error)}</small>"
    return (
        f'<div class="cl-check"><div class="cl-pair">'
        f"<div><b>{left}{error if check.left_error > 0 else ''}</b>"
        f"<span>{html.escape(check.left_words)}</span></div>"
        f'<div class="cl-relation">{sign}</div>'
        f"<div><b>{right}</b><span>{html.escape(check.right_words)}</span></div></div>"
        f"{_mark(check)}{_elsewhere(outcome, elsewhere)}</div>"
    )


def _mark(check: Check) -> str:
    tolerance = html.escape(check.tolerance_words)
    if check.holds:
        return f'<p class="cl-mark"><b class="cl-agrees">✓ agrees</b> <span>{tolerance}</span></p>'
    gap = number(abs(check.left - check.right))
    return (
        f'<p class="cl-mark"><b class="cl-differs">≠ differs by {gap}</b>'
        f" <span>{tolerance}</span></p>"
    )


def _elsewhere(outcome: Outcome, elsewhere: str) -> str:
    if not outcome.missing:
        return ""
    needs = html.escape("; ".join(outcome.missing))
    if needs == html.escape(elsewhere):
        return f'<p class="cl-elsewhere"><b>Checked nearby:</b> {needs}, which it needs.</p>'
    return (
        f'<p class="cl-elsewhere"><b>Checked nearby:</b> {html.escape(elsewhere)}.'
        f" It needs {needs}.</p>"
    )


def setting_line(params: LoopParams) -> str:
    """Return the current settings in one line."""
    a = params.external_fraction
    ratio = "∞" if a == 1 else f"{a / (1 - a):.3g}"
    return (
        f"T = {params.temperature:.4g} · a = {percent(a, significant=4)} external data"
        f" (μ = {ratio}) · k = {count(params.sample_size)} · N₀ = {count(params.initial_size)}"
        f" · {params.source.describe()}"
    )


def tally(agree: int, total: int) -> str:
    """Return how many of the statements shown agree."""
    if agree == total:
        return f"<b>✓ {agree} of {total} checks agree</b> at these settings."
    return f"<b>{agree} of {total} checks agree</b> at these settings; {total - agree} differ."
