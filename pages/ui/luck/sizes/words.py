"""The sentences of the chapter "Sample size". Pure."""

import math

from closedloop_core import LoopParams
from closedloop_core.comparisons import MAX_LINEAR
from pages.ui.luck.quantiles import band_key
from pages.ui.luck.sizes.digest import Lifetime, SizePoint, plain
from pages.ui.wording import Headline, count

_NO_REST = (
    "These settings have no resting point to spread around: it takes new data that replace the old"
    " (regime replace), some external data, and enough generations. Examples: “A loop at rest”."
)
_NOT_SOLVED = (
    f"Linear noise is solved for up to {MAX_LINEAR} outcomes, all of them present in the source."
)
_CLEAR = 0.05  # total variation: less of a spread hardly shows


def no_spread(params: LoopParams) -> str:
    """Say why there is no spread to compare with."""
    q = params.source.probabilities()
    rests = params.regime == "replace" and params.external_fraction > 0
    return _NOT_SOLVED if rests and (len(q) > MAX_LINEAR or q.min() == 0) else _NO_REST


def headline(here: SizePoint, params: LoopParams) -> Headline:
    """Return the verdict at the dial's sample size: what the loop does alone, and luck's part."""
    twin, end = f"{here.twin_effective:.1f}", f"after {count(params.generations)} generations"
    if not params.noise:
        what = f"the loop alone leaves {twin} effective outcomes"
        return [("No sampling noise: ", False), (what, True), (f" {end}.", False)]
    low, high = (f"{here.effective[i]:.1f}" for i in (0, -1))
    size = f"{count(params.sample_size, 'sample')} a generation"
    still = params.temperature == 1
    start = "At T = 1 temperature does nothing" if still else "Without luck the loop"
    lead = f"{start}{':' if still else ' leaves'} {twin} effective outcomes {end}; "
    far = max(abs(here.distance[0] - here.distance[-1]), abs(here.distance[2] - here.twin_distance))
    if low == high == twin:
        hardly = f"with {size} luck hardly shows."
        return [
            (lead, False),
            (hardly if far < _CLEAR else f"with {size} luck decides which.", True),
        ]
    return [(lead, False), (f"the luck of {size} scatters the runs from {low} to {high}.", True)]


def remark(params: LoopParams) -> str:
    """Return the line below the headline: how to read it, and what this chapter leaves out."""
    text = (
        "Dashed: the same loop without sampling noise. The band around it is luck; a median that"
        " leaves the dashed line is drift with a direction."
    )
    if params.regime != "replace":
        text += " Where data accumulate, a larger sample is a larger step as well."
    if plain(params) != params.replace(noise=True):
        text += " Interventions and growth are left out here."
    return text


def key(runs: int) -> list[tuple[str, str]]:
    """Return the key of the sizes: glyph and words."""
    return [
        *band_key(count(runs, "run")),
        ("dashed", "no sampling noise"),
    ]


def description(points: list[SizePoint], params: LoopParams, runs: int) -> str:
    """Return the sizes in words, for a screen reader: live numbers."""
    ends = "; ".join(
        f"k {count(p.sample_size)}: {p.effective[0]:.2f} to {p.effective[-1]:.2f},"
        f" median {p.effective[2]:.2f}, without noise {p.twin_effective:.2f}"
        for p in points
    )
    return (
        f"Effective outcomes of {count(runs)} runs after {count(params.generations)} generations,"
        f" nine in ten at each sample size: {ends}."
    )


def spread_words(points: list[SizePoint]) -> str:
    """Return the spread in words, for a screen reader."""
    parts = [
        f"k {count(p.sample_size)}: simulated {p.spread.simulated:.3g},"
        f" theory {p.spread.theory:.3g}"
        for p in points
        if p.spread is not None
    ]
    return f"Root of the mean squared distance from the resting point. {'; '.join(parts)}."


def lifetime_words(found: list[Lifetime]) -> str:
    """Return what the lifetimes show: linear growth at T = 1, exponential above."""
    cold, warm = ([x for x in found if (x.temperature == 1) == still] for still in (True, False))
    steps = cold[-1].sample_size - cold[-6].sample_size
    slope = (cold[-1].exact - cold[-6].exact) / steps
    rate = (math.log(warm[-1].exact) - math.log(warm[-6].exact)) / steps
    return (
        f"At T = 1 each sample more buys {slope:.1f} generations. At T = {warm[0].temperature:.3g}"
        f" it multiplies the wait by {math.exp(rate):.2f}: temperature holds both alive, and chance"
        " still kills one in the end (new data replace the old, no external data)."
    )
