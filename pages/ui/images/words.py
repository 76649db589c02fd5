"""What the page Images says. Pure."""

import numpy as np

from closedloop_core import LoopParams, total_variation
from closedloop_core.exact.summary import SettledSummary
from closedloop_core.learners.judge import NONE, Quality
from pages.ui.images.run import ImageRun, Theory
from pages.ui.widgets.verdict import begins, needs_clause, plain_text
from pages.ui.wording import ENDS_WORDS, Pieces, count, percent

_AGREES = 0.15  # total variation: less is what learning and judging cost
ABOUT = (
    "Real digits of 8 × 8 pixels; the model is a mixture of ten Gaussians on 24 principal"
    " components, fitted anew each generation from where the last one stood. Temperature T: its"
    " weights to the power 1/T, its covariances times T (the exact power of the density would also"
    " favour narrow classes, which win at once)."
)

LUCK = "Luck stays on here: what images without sampling noise would do is not known."


def image_verdict(loop: LoopParams, ends: SettledSummary, mode: str) -> dict[str, object]:
    """Return what the verdict shows: the clauses of ten outcomes, said to be theirs."""
    return {
        "begins": {**begins(loop), "count": "Ten digits"},
        "ends": ends_of(loop, ends),
        "needs": needs_of(loop, ends),
        "mode": mode,
    }


def ends_of(loop: LoopParams, ends: SettledSummary) -> Pieces:
    """Return where ten outcomes settle, exactly, in place of the digits."""
    if loop.temperature == 1 and loop.external_fraction == 0:
        return [{"text": "Ten outcomes would end with one, by luck: at T = 1 nothing pulls."}]
    number = f"{ends.effective:.1f}"
    return [
        {"text": "Ten outcomes would settle "},
        {"text": ENDS_WORDS[ends.phase], "style": ends.phase},
        {"text": f", acting like {number}, {percent(ends.distance, 0)} from the source (exact)."},
    ]


def needs_of(loop: LoopParams, ends: SettledSummary) -> Pieces:
    """Return the least external share for ten outcomes."""
    return needs_clause(loop, ends.needs)


def loop_words(loop: LoopParams) -> str:
    """Return the settings of a run in a few words."""
    return (
        f"{count(loop.sample_size)} images a generation (600 to 2,000 here), new ones replace the"
        f" old,"
        f" T = {loop.temperature:.3g}, external data {percent(loop.external_fraction)},"
        f" seed {loop.seed}."
    )


def parting(run: ImageRun, theory: Theory) -> str:
    """Return how far images and ten outcomes have come apart, and why if they have."""
    last, drawn = run.loop.generations, run.digits[-1]
    apart = float(total_variation(drawn, np.append(theory.written[-1], 0.0)))
    first = (
        f"At generation {last} the digits drawn are {percent(apart, 0)} (total variation) from what"
        " ten outcomes write with the same draws:"
    )
    if apart <= _AGREES:
        return f"{first} images and theory agree, but for how well a mixture learns."
    if drawn[NONE] > _AGREES / 2:
        return f"{first} images dissolve into what is no digit, which no outcome can do."
    return (
        f"{first} here they part. Our reading: rare digits share one wide Gaussian, and what it"
        " draws lies between them."
    )


def quality_words(quality: Quality) -> str:
    """Return how good the classifier is, as measured."""
    kinds = ", ".join(f"{percent(share, 1)} of {kind}" for kind, share in quality.rejected.items())
    return (
        f"The classifier names {percent(quality.right, 1)} of held-out real digits rightly"
        f" (rejecting one counts as wrong) and rejects {kinds} (1,000 images each)."
    )


def spoken(loop: LoopParams, ends: SettledSummary) -> str:
    """Return a sentence for who does not see the page."""
    return (
        f"{loop_words(loop)} {plain_text(ends_of(loop, ends))} {plain_text(needs_of(loop, ends))}"
    )
