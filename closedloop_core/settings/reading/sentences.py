"""What was understood, in one sentence.

``Counted list, semicolons, decimal comma, heading “Wort;Anteil”: 3 labels, total 100: rot 50.5,
blau 30.25, gelb 19.25``
"""

from collections.abc import Sequence

from closedloop_core.quoting import shortened
from closedloop_core.settings.reading.numerals import written
from closedloop_core.settings.reading.options import COMMON_LANGUAGES, SEPARATORS

_SHOWN = 5
_LONGEST = 20  # characters of a label in a sentence


def list_sentence(
    how: Sequence[str],
    n_labels: int,
    total: float,
    kept: Sequence[tuple[str, float]],
    common: str = "",
) -> str:
    """Say what a counted list holds; ``how`` are the words on how it was read."""
    shown = [f"{shortened(label, _LONGEST)} {written(weight)}" for label, weight in kept[:_SHOWN]]
    amount = f"{n_labels:,} labels, total {written(total)}"
    if common:
        amount += f"; {common}"
    if len(kept) < n_labels:
        share = sum(weight for _, weight in kept) / total
        amount += f"; the {len(kept):,} most frequent kept ({percent(share)} of the total)"
    return f"Counted list, {', '.join(how)}: {amount}: {_items(shown, len(kept))}"


def text_sentence(
    unit: str,
    scripts: Sequence[str],
    n_tokens: int,
    n_different: int,
    kept: Sequence[tuple[str, float]],
    common: str = "",
) -> str:
    """Say what a text holds: its words, characters or lines, and which are kept."""
    head, what = f"Text, {unit}", unit
    if unit == "words" and scripts:
        named = " and ".join(scripts) if "others" not in scripts else "a script without spaces"
        head = f"Text, words, and characters where it is {named} (no spaces between words)"
        what = "words or characters"
    shown = [shortened(label, _LONGEST) for label, _ in kept[: _SHOWN - 2]]
    words = f"{head}: {n_tokens:,} {what}, {n_different:,} different; "
    if common:
        words += f"{common}; "
    share = sum(weight for _, weight in kept) / n_tokens
    if len(kept) == n_different:
        words += "all kept"
    else:
        words += f"the {len(kept):,} most frequent kept ({percent(share)} of the text)"
    return f"{words}: {_items(shown, len(kept))}"


def common_words_left_out(language: str, share: float, of: str) -> str:
    """Say that a language's most common words are left out, and which share they had."""
    words = f"the most common {COMMON_LANGUAGES[language]} words left out"
    return f"{words} ({percent(share)} of the {of})" if share else f"{words} (none is here)"


def cut_words(separator: str) -> str:
    """Return where lines were cut, in words: ``semicolons``."""
    return SEPARATORS.get(separator, f"cut at {separator}")


def percent(share: float) -> str:
    """Return a share that is neither all nor nothing: ``62 %``, ``0.4 %``, ``over 99 %``."""
    value = 100 * share
    if value > 99 and value < 100:
        return "over 99 %"
    if value < 0.01:
        return "under 0.01 %" if value > 0 else "0 %"
    return f"{value:.0f} %" if value >= 1 else f"{value:.2g} %"


def _items(shown: Sequence[str], n: int) -> str:
    return ", ".join([*shown, "…"] if len(shown) < n else shown)
