"""The sentences of the chapter "Who wins, and when". Pure.

A headline is a list of pieces (text, emphasised); the digest gives the numbers, so that no
sentence claims more than the runs show.
"""

from closedloop_core import class_of
from closedloop_core.comparisons import Evidence, pure_luck
from closedloop_core.exact.classes import TOLERANCE
from pages.ui.luck.odds.digest import Digest
from pages.ui.luck.quantiles import band_key
from pages.ui.wording import Headline, count, outcome_name, percent_down, percent_tenths

MARKS = {"exact": "", "diffusion": " ◇", "linear": " ◆", "infinite": " ∞", "end": " →"}
_NOTES = {
    "exact": "Unmarked: exact.",
    "diffusion": "◇ Diffusion limit, exact only for many samples.",
    "linear": "◆ Linear theory of small noise, exact only for many samples.",
    "end": "→ The odds of taking all in the end: leaders may still change.",
    "infinite": "∞ The loop with infinite samples: a median of finite ones may differ.",
}


def headline(digest: Digest, tolerance: float = TOLERANCE) -> Headline:
    """Return the verdict in one sentence: what luck does here.

    Its first word is the class of the last state of the loop without noise (`class_of`), within
    the visitor's ``tolerance``: the playground's, where the run is that one.
    """
    params, runs = digest.params, f"{count(digest.runs)} runs"
    last = params.segments[-1][1]
    if not params.noise:
        return [("No luck here: ", False), ("without sampling noise all runs are one.", True)]
    if digest.by_survivors and (pure_luck(params) or digest.ended > 0.5):
        return _ended(digest, runs)
    if pure_luck(params):
        return _frozen(digest, runs)
    if last.external_fraction == 0 and last.temperature < 1:
        return _cold(digest, runs)
    low, high = (float(digest.effective[i, -1]) for i in (0, 4))
    spread = f"90 % of the {runs} end acting like {low:.1f} to {high:.1f} outcomes"
    limit = f", infinite samples like {digest.twin_effective[-1]:.1f}."
    phase = class_of(digest.twin_final, last.source, last.temperature, tolerance)
    lead = f"{phase.capitalize()}, whatever the luck: "
    if phase == "faithful":
        is_held = last.external_fraction > 0
        lead = "Held by external data: " if is_held else "Faithful so far, whatever the luck: "
    return [(lead, False), (spread, True), (limit, False)]


def _ended(digest: Digest, runs: str) -> Headline:
    """Speak of the runs that one outcome has won."""
    alone = "Luck alone ends it: " if pure_luck(digest.params) else "It ends with one winner: "
    last = count(digest.params.generations)
    if digest.half is None:
        like = f"half of the {runs} act like {digest.effective[2, -1]:.1f} outcomes or fewer"
        return [("Luck alone wears it down: ", False), (f"{like} by generation {last}.", True)]
    if digest.ended == 1:
        told = f"all {runs} finish with a single outcome,"
    else:
        share = percent_down(digest.ended)
        told = f"{share} of {runs} are down to one outcome by generation {last},"
    return [(alone, False), (told, True), (f" half within {count(digest.half)}.", False)]


def _frozen(digest: Digest, runs: str) -> Headline:
    moved = f"half of the {runs} end more than {digest.distance[2, -1]:.3f} from their source,"
    return [("Luck, then a freeze: ", False), (moved, True), (" and no outcome wins.", False)]


def _cold(digest: Digest, runs: str) -> Headline:
    leader = int(digest.odds.argmax())
    name, share = outcome_name(digest.params.initial, leader), float(digest.odds[leader])
    if share == 1:
        return [
            ("Temperature, not luck: ", False),
            (f"{name} leads in all {runs} at the end,", True),
            (" as with infinite samples.", False),
        ]
    return [
        ("Luck picks the favourite: ", False),
        (f"{name} leads in {percent_tenths(share)} of {runs} at the end,", True),
        (f" another outcome in {percent_tenths(1 - share)}.", False),
    ]


def remark(digest: Digest) -> str:
    """Return the line below the headline: why."""
    params = digest.params
    last = params.segments[-1][1]
    batch = f"{count(params.sample_size, 'sample')} a generation"
    if len(params.segments) > 1:
        return "Settings change during the run: most closed forms know no such changes."
    if not params.noise:
        return "Switch the noise on, under the dials, to see what chance adds."
    if pure_luck(params):
        if params.regime == "replace":
            more = f"Drawing only {batch} is enough."
        else:
            more = "The data pile up: each batch weighs less, so the early draws decide."
        return f"At T = 1 nothing pushes and the infinite-sample loop never moves. {more}"
    if last.external_fraction > 0:
        return f"External data pull every run towards its source; {batch} blur where it rests."
    if last.temperature < 1:
        return "Below T = 1 whoever leads feeds itself: luck matters most in the first generations."
    return f"Above T = 1 every difference is worn down; {batch} keep the shares trembling."


def odds_title(digest: Digest) -> str:
    """Return the title of the odds, or of the mix."""
    if not digest.has_winner:
        return f"Where the runs end: shares of generation {count(digest.params.generations)}"
    if digest.odds_theory is not None:
        if pure_luck(digest.params):
            return "Who wins? The starting share sets the odds"
        return f"Who leads at generation {count(digest.params.generations)}, who wins in the end?"
    return f"Who leads at generation {count(digest.params.generations)}?"


def odds_key(digest: Digest) -> list[tuple[str, str]]:
    """Return the key of the odds or of the mix: glyph and words."""
    runs = f"{count(digest.runs)} runs"
    if digest.has_winner:
        key = [("bar", f"simulated, {runs}")]
        if digest.odds_theory is not None:
            odds = "odds = starting share" if pure_luck(digest.params) else "odds in the end"
            key.append(("dot", f"theory: {odds}, ±2 s.e."))
        return key
    key = [("band", f"50 % and 90 % of {runs}, median")]
    if digest.mix_theory is not None:
        exact = digest.params.sample_size == 1
        name = "Dirichlet law" + ("" if exact else " with the exact spread")
        key.append(("dot", f"theory: {name}, median and 90 %"))
    else:
        key.append(("point", "infinite samples"))
    return key


def odds_note(digest: Digest) -> str | None:
    """Return what must be known to read the odds."""
    hidden = digest.params.initial.n - len(digest.rows)
    notes = []
    if digest.by_survivors and digest.odds_theory is not None and digest.ended < 1:
        notes.append(
            f"{percent_tenths(1 - digest.ended)} of the runs are undecided: each counts for an"
            " outcome with its share, which is its chance from there on (exact)."
        )
    if hidden > 0:
        notes.append(
            f"The {len(digest.rows)} likeliest of {count(digest.params.initial.n)} outcomes."
        )
    return " ".join(notes) or None


def table_note(found: list[Evidence]) -> str:
    """Return the footnote of the table: what the marks mean."""
    kinds = [kind for kind in _NOTES if any(row.kind == kind for row in found)]
    if kinds == ["exact"]:
        return "Every theory value is exact."
    return " ".join(_NOTES[kind] for kind in reversed(kinds))


def fan_key(digest: Digest) -> list[tuple[str, str]]:
    """Return the key of the fan: glyph and words."""
    spread = "finishing time" if digest.by_survivors else "where they end"
    return [
        *band_key("runs"),
        ("thin", f"12 runs, evenly spread by {spread}"),
        ("dashed", "infinite samples"),
    ]


def description(digest: Digest) -> str:
    """Return the fan in words, for a screen reader: live numbers."""
    ends = [f"{digest.effective[i, -1]:.2f}" for i in range(5)]
    begins = f"{digest.effective[2, 0]:.2f}"
    return (
        f"Effective outcomes of {count(digest.runs)} runs over {count(digest.params.generations)}"
        f" generations: from {begins}, median {ends[2]} at the end, half of the runs between"
        f" {ends[1]} and {ends[3]}, nine in ten between {ends[0]} and {ends[4]}; infinite samples"
        f" {digest.twin_effective[-1]:.2f}."
    )


def odds_description(digest: Digest) -> str:
    """Return the odds in words, for a screen reader."""
    parts = []
    for i in digest.rows:
        share = digest.odds[i] if digest.has_winner else digest.mix[2, i]
        parts.append(f"{outcome_name(digest.params.initial, i)} {percent_tenths(float(share))}")
    return f"{odds_title(digest)}: " + ", ".join(parts) + "."
