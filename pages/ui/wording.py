"""How numbers, classes and changes are said, once for all pages. Pure.

Every share on screen is written by one of `percent`, `percent_tenths`, `percent_up`, `percent_down`
and `percent_on_bar`, every number of things by one of `count`, `short_count`, `average_count` and
`times`: change them here, and all pages follow. (What the browser computes itself while a run plays
is written by the canvas components, in JavaScript.)
"""

import math

from closedloop_core import Change, Law, LoopParams
from closedloop_core.settings.params import DEFAULTS
from closedloop_core.settings.schedule import CHANGEABLE

# What a state is called in a headline, and where a loop settles.
CLASS_WORDS = {
    "faithful": "Faithful",
    "sharpened": "Sharpened",
    "collapse": "Collapsed",
    "flattened": "Flattened",
    "heat death": "Heat death",
}
ENDS_WORDS = {name: word.lower() for name, word in CLASS_WORDS.items()} | {
    "heat death": "in heat death"
}
# The hue of each class: mild states have that of the severe one.
HUES = {name: name for name in CLASS_WORDS} | {"sharpened": "collapse", "flattened": "heat death"}
Pieces = list[dict[str, str]]  # of a sentence for a component: {"text": ..., "style": ...}
Headline = list[tuple[str, bool]]  # pieces of a headline, and whether each is emphasised
NBSP = "\N{NO-BREAK SPACE}"
PER_CENT = f"{NBSP}%"
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONGEST_LABEL = 16
_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def percent(
    share: float,
    digits: int | None = None,
    *,
    significant: int = 3,
    unit: str = PER_CENT,
) -> str:
    """Return a share in per cent: ``12.3 %``.

    Parameters
    ----------
    share : float
        A share, 0.123 for 12.3 %.
    digits : int, optional
        At most so many decimals; without it, ``significant`` digits.
    significant : int
        How many digits matter where no number of decimals is given.
    unit : str
        What stands behind the number, with its space.
    """
    if digits is None:
        return f"{100 * share:.{significant}g}{unit}"
    text = f"{100 * share:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if digits else text) + unit


def percent_tenths(share: float, unit: str = PER_CENT) -> str:
    """Return a share in per cent with exactly one decimal, for numbers to compare: ``10.0 %``."""
    return f"{100 * share:.1f}{unit}"


def percent_up(share: float, beside: float | None = None, digits: int = 0) -> str:
    """Return a least share in per cent, rounded up so that it suffices.

    Next to a given share that does suffice it gets as many decimals as show that it does.
    """
    for places in range(digits, 4):
        scale = 10**places
        up = math.ceil(round(100 * share * scale, 6)) / scale
        if beside is None or beside < share or up <= 100 * beside + 1e-9:
            break
    return f"{up:.{places}f}{PER_CENT}"


def percent_least(share: float) -> str:
    """Return a least share: to a tenth of a per cent, rounded up so that it suffices."""
    tenths = math.ceil(round(1000 * share, 6))
    return f"{tenths / 10:.10g}{PER_CENT}"


def percent_down(share: float) -> str:
    """Return a share in per cent, cut to a tenth: only a whole that is reached is 100 %."""
    return f"{int(1000 * share) / 10:g}{PER_CENT}"


def percent_on_bar(share: float, digits: int | None = None) -> str:
    """Return a share in per cent as the numbers over the bars are: halves are rounded up.

    Without ``digits`` it is whole, with one decimal below 10 %, and ``<0.1 %`` at the least.
    """
    hundredths = 100 * float(share)
    if digits is None and 0 < hundredths < 0.05:
        return f"<0.1{PER_CENT}"
    if digits is None and hundredths < 9.95:
        return _half_up(hundredths, 1).removesuffix(".0") + PER_CENT
    return _half_up(hundredths, digits or 0) + PER_CENT


def _half_up(value: float, digits: int) -> str:
    scale = 10**digits
    return f"{math.floor(float(value) * scale + 0.5) / scale:.{digits}f}"


def count(number: float, noun: str = "") -> str:
    """Return a whole number of things, grouped, with its noun: ``1 run``, ``1,000 runs``."""
    return _with_noun(f"{number:,.0f}", noun)


def short_count(number: float, noun: str = "") -> str:
    """Return a number of things in little space: in words above a million, else one decimal."""
    for unit, word in _LARGE:
        if number >= unit:
            return _with_noun(f"{number / unit:,.3g}{NBSP}{word}", noun)
    return _with_noun(f"{number:,.1f}".removesuffix(".0"), noun)


def average_count(number: float) -> str:
    """Return an expected number of things: two digits below one."""
    return f"{number:.2g}" if 0 < number < 0.95 else short_count(number)


def times(number: float) -> str:
    """Return how often: ``never``, ``once``, ``twice``, ``3 times``."""
    text = average_count(number)
    return {"0": "never", "1": "once", "2": "twice"}.get(text, f"{text} times")


def _with_noun(text: str, noun: str) -> str:
    if not noun:
        return text
    return f"{text} {noun}" if text == "1" else f"{text} {noun}s"


def indexed(symbol: str, index: int) -> str:
    """Return a symbol with a subscript: ``p₃``."""
    return symbol + str(index).translate(SUBSCRIPTS)


def power_of_ten(exponent: int) -> str:
    """Return a power of ten: ``10⁻³``."""
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def label(law: Law, index: int) -> str:
    """Return a label, cut to what fits under a small bar; or the outcome's number."""
    text = str(index + 1) if law.labels is None else law.labels[index]
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1] + "…"


def outcome_name(law: Law, index: int) -> str:
    """Return the label of an outcome, or its number."""
    return law.labels[index] if law.labels is not None else f"outcome {index + 1}"


def change_words(change: Change) -> str:
    """Return an intervention in a few words: ``external data 0 %``."""
    if change.field == "external_fraction":
        return f"external data {percent(change.value)}"
    if change.field == "temperature":
        return f"T = {change.value:.10g}"
    return f"{'k' if change.field == 'sample_size' else 'm'} = {count(change.value)}"


def differences(one: LoopParams, other: LoopParams) -> tuple[list[str], list[str]]:
    """Return what sets two runs apart, for each in the same order; two empty lists if nothing."""
    found: tuple[list[str], list[str]] = ([], [])
    for name in DEFAULTS:
        if getattr(one, name) != getattr(other, name):
            for words, params in zip(found, (one, other), strict=True):
                words.append(_setting_words(params, name))
    return found


def settings_words(params: LoopParams) -> list[str]:
    """Return the settings of a run in words: dials, length and regime."""
    return [
        f"Temperature {params.temperature:.3g}",
        f"External data {percent(params.external_fraction)}",
        f"{count(params.sample_size, 'item')} a generation",
        f"{count(params.generations, 'generation')}, regime {params.regime}",
    ]


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
        changes = (f"{change_words(c)} from {count(c.generation)} on" for c in value)
        return ", ".join(changes) or "no changes"
    if name == "initial_size":
        return f"N\u2080 = {count(value)}"
    if name == "reference":
        return f"outside data: {'as the start' if value is None else value.describe()}"
    return str(value.describe())
