"""How numbers, classes and changes are said, once for all pages. Pure."""

import math

import numpy as np

from closedloop_core import Change, Law, LoopParams, shannon_entropy
from closedloop_core.measures import Array
from closedloop_core.settings.params import DEFAULTS
from closedloop_core.settings.schedule import CHANGEABLE

CLASS_WORDS = {"collapse": "Collapse", "heat death": "Heat death", "faithful": "Faithful"}
PER_CENT = "\N{NO-BREAK SPACE}%"
Pieces = list[dict[str, str]]
_LONGEST_LABEL = 16
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def change_words(change: Change) -> str:
    """Return an intervention in a few words: ``external data 0 %``."""
    if change.field == "external_fraction":
        return f"external data {percent(change.value)}"
    names = {"temperature": "T =", "sample_size": "k =", "subsample_size": "m ="}
    return f"{names[change.field]} {change.value:,.10g}"


def differences(one: LoopParams, other: LoopParams) -> tuple[list[str], list[str]]:
    """Return what sets two runs apart, for each in the same order; two empty lists if nothing."""
    found: tuple[list[str], list[str]] = ([], [])
    for name in DEFAULTS:
        if getattr(one, name) != getattr(other, name):
            for words, params in zip(found, (one, other), strict=True):
                words.append(_setting_words(params, name))
    return found


def _setting_words(params: LoopParams, name: str) -> str:
    value = getattr(params, name)
    if name in CHANGEABLE:
        return change_words(Change(1, name, value))
    if name == "regime":
        return str(value)
    if name == "noise":
        return "with luck" if value else "no sampling noise"
    if name == "growth":
        return "fixed sample size" if value is None else f"growth {percent(value)}"
    if name == "schedule":
        return (
            ", ".join(f"{change_words(c)} from {c.generation:,} on" for c in value) or "no changes"
        )
    if name == "initial_size":
        return f"N\u2080 = {value:,}"
    if name == "reference":
        return f"outside data: {'as the start' if value is None else value.describe()}"
    return str(value.describe())


def percent_up(share: float, beside: float | None = None, digits: int = 0) -> str:
    """Return a least share in per cent, rounded up so that it suffices.

    Next to a given share that does suffice it gets as many decimals as show that it does.
    """
    for places in range(digits, 4):
        scale = 10**places
        rounded = math.ceil(round(100 * share * scale, 6)) / scale
        if beside is None or beside < share or rounded <= 100 * beside + 1e-9:
            break
    return f"{rounded:.{places}f}{PER_CENT}"


def percent(share: float, digits: int = 0) -> str:
    """Return a share in per cent, with up to ``digits`` decimals, or as many as it needs."""
    text = f"{100 * share:.{digits}f}" if digits else f"{100 * share:.3g}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + PER_CENT


def label(law: Law, index: int) -> str:
    """Return a label, cut to what fits under a small bar; or the outcome's number."""
    text = str(index + 1) if law.labels is None else law.labels[index]
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1] + "…"


def share(value: float) -> str:
    """Return a share in whole per cent; small ones with the digits that they need."""
    hundredths = 100 * float(value)
    if 0 < hundredths < 0.05:
        return f"<0.1{PER_CENT}"
    text = (
        rounded(hundredths, 0) if hundredths >= 9.95 else rounded(hundredths, 1).removesuffix(".0")
    )
    return f"{text}{PER_CENT}"


def rounded(value: float, digits: int) -> str:
    """Round halves up, as the numbers over the bars are: else one number would read as two."""
    scale = 10**digits
    return f"{math.floor(float(value) * scale + 0.5) / scale:.{digits}f}"


def items(count: float) -> str:
    """Return a number of items: grouped, in words above a million, whole or to one decimal."""
    for unit, word in _LARGE:
        if count >= unit:
            return f"{count / unit:,.3g}\N{NO-BREAK SPACE}{word}"
    return f"{count:,.1f}".removesuffix(".0")


def average_count(count: float) -> str:
    """Return an expected number of items: two digits below one."""
    return f"{count:.2g}" if 0 < count < 0.95 else items(count)


def counted(count: float, what: str = "item") -> str:
    """Return a number with its noun: ``1 item``, ``2 items``."""
    text = items(count)
    return f"{text} {what}" if text == "1" else f"{text} {what}s"


def times(count: float) -> str:
    """Return how often: ``never``, ``once``, ``twice``, ``3 times``."""
    text = average_count(count)
    return {"0": "never", "1": "once", "2": "twice"}.get(text, f"{text} times")


def indexed(symbol: str, index: int) -> str:
    """Return a symbol with a subscript: ``p₃``."""
    return symbol + str(index).translate(SUBSCRIPTS)


def effective_outcomes(p: Array) -> float:
    """Return exp of the entropy: how many outcomes these act like."""
    return float(np.exp(shannon_entropy(p)))


def outcome_name(law: Law, index: int) -> str:
    """Return the label of an outcome, or its number."""
    return law.labels[index] if law.labels is not None else f"outcome {index + 1}"
