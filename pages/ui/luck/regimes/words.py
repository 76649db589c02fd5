"""The three sentences of the chapter "Why results disagree", and what stands around them. Pure.

Each number in them is that of the runs on the page; each claim follows from the settings.
"""

from closedloop_core import LoopParams
from pages.ui.luck.quantiles import band_key
from pages.ui.luck.regimes.digest import REGIMES_IN_ORDER, Curves
from pages.ui.wording import count, percent

TITLES = {
    "replace": "New data replace the old",
    "accumulate": "New data join the old",
    "subsample": "They join, and a sample is learned",
}
_NAMES = {"replace": "replacing acts", "accumulate": "accumulating", "subsample": "subsampling"}


def remark(params: LoopParams, runs: int) -> str:
    """Return the line below the title: what all six have in common."""
    size = count(params.sample_size, "new item")
    return (
        f"Same seed, same {size} a generation, {percent(params.external_fraction)} external"
        f" data; {count(runs)} runs each, and the logarithmic clock shows slow changes too."
    )


def sentences(found: list[Curves], params: LoopParams) -> tuple[str, str, str]:
    """Return the answer in three sentences; ``found`` are the six loops, T = 1 first."""
    still, moved = found[:3], found[3:]
    end, t = f"after {count(params.generations)} generations", moved[0].temperature
    if params.external_fraction > 0:
        return (
            f"At T = 1 only luck takes the loop away from its source, and external data pull it"
            f" back: {end} {_numbers(still)}.",
            f"At T = {t:.3g} temperature pulls as well: {_numbers(moved)}.",
            "Without sampling noise they have the same resting points: they differ in pace, in how"
            " far luck carries a run, and in which of several such points they reach.",
        )
    p = params.initial.probabilities()
    alone = "one outcome" if (p == p.max()).sum() == 1 else "even shares of the tied favourites"
    side = alone if t < 1 else "even shares"
    return (
        "At T = 1, where most results on accumulating live, only luck moves the loop: replaced"
        " data wear down to one outcome, piled-up data freeze at a random mix"
        f" ({end} {_numbers(still)}).",
        f"At T = {t:.3g} temperature moves it too, and without sampling noise all three end at"
        f" {side} (so far {_numbers(moved)}).",
        "So accumulating buys time, since each generation weighs less in a growing dataset, but"
        " below and above T = 1 only external data keep the loop from that end.",
    )


def _numbers(found: list[Curves]) -> str:
    """Return how many outcomes the loops act like, by regime (medians)."""
    by = {curves.regime: curves.median for curves in found}
    parts = [f"{_NAMES[regime]} like {by[regime]:.1f}" for regime in REGIMES_IN_ORDER]
    return f"{parts[0]} outcomes, {parts[1]}, {parts[2]}"


def row_title(temperature: float, external_fraction: float) -> str:
    """Return the title of a row of fans."""
    if temperature == 1:
        return "T = 1: nothing but luck" + (" and external data" if external_fraction else "")
    pull = "towards the favourites" if temperature < 1 else "towards even shares"
    return f"T = {temperature:.3g}: luck, and temperature {pull}"


def key(runs: int) -> list[tuple[str, str]]:
    """Return the key of the fans: glyph and words."""
    return [
        *band_key(count(runs, "run")),
        ("thin-ink", "this seed's run"),
        ("dashed", "no sampling noise"),
    ]


def description(found: Curves) -> str:
    """Return one fan in words, for a screen reader: live numbers."""
    low, high = float(found.quantiles[0, -1]), float(found.quantiles[-1, -1])
    return (
        f"{TITLES[found.regime]}, T = {found.temperature:.3g}: effective outcomes in generation"
        f" {count(found.at[-1])}, median {found.median:.2f}, nine in ten runs between {low:.2f} and"
        f" {high:.2f}, without noise {float(found.twin[-1]):.2f}."
    )
