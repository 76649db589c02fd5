"""What became of a question: this run, many others with other luck, and the answer. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from closedloop_core import LoopParams, simulate, simulate_ensemble
from closedloop_core.exact.classes import CLASSES, classes_of
from closedloop_core.exact.summary import needs_at
from closedloop_core.measures import hill_number, total_variation
from pages.ui.lessons.model import Question
from pages.ui.wording import HUES, count, outcome_name, percent, percent_least

RUNS = 200
_MOST_WORK = 30_000_000  # runs x outcomes x generations
_LEAST_RUNS = 20
CURVE_POINTS = 49
_LIKELIEST = 5
# The classes to choose from: mild states count with the severe ones of their side.
CLASS_OPTIONS = {
    "faithful": "Faithful: near its source",
    "collapse": "Towards collapse: few win",
    "heat death": "Towards heat death: all equal",
}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """How a run ends, and how many others with the same settings and other luck do.

    ``winners`` counts runs by their winner, ``classes`` by the hue of their last class, ``within``
    those that end within the tolerance. ``curve`` is this run's effective number of outcomes at
    ``generations``, ``low`` and ``high`` hold nine runs in ten there, and ``other_gap`` is how far
    another run is from this one on average.
    """

    runs: int
    winner: int
    hue: str
    winners: tuple[int, ...]
    classes: dict[str, int]
    within: int
    generations: tuple[int, ...]
    curve: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    other_gap: float


def affordable_runs(params: LoopParams, asked: int = RUNS) -> int:
    """Return how many runs one visitor may ask for, at least `_LEAST_RUNS`."""
    work = params.initial.n * (params.generations + 1)
    return max(_LEAST_RUNS, min(asked, _MOST_WORK // work))


def outcome(params: LoopParams, tolerance: float, runs: int) -> Outcome:
    """Simulate this run and ``runs`` others."""
    run, many = simulate(params), simulate_ensemble(params, runs)
    source, last = params.source, params.segments[-1][1].temperature
    ends = np.concatenate([run.learned[-1:], many.final])
    places = classes_of(ends, source, [last] * len(ends), tolerance)
    hues = [HUES[CLASSES[place]] for place in places]
    points = curve_generations(params)
    curve = np.asarray(hill_number(run.learned[points], 1))
    others = many.effective_runs[:, points]
    low, high = np.quantile(others, (0.05, 0.95), axis=0)
    distances = total_variation(many.final, source.probabilities())
    return Outcome(
        runs=runs,
        winner=int(np.argmax(run.probabilities[-1])),
        hue=hues[0],
        winners=tuple(np.bincount(many.winner, minlength=params.initial.n).tolist()),
        classes={hue: hues[1:].count(hue) for hue in CLASS_OPTIONS},
        within=int(np.sum(np.asarray(distances) <= tolerance)),
        generations=tuple(points.tolist()),
        curve=tuple(curve.tolist()),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        other_gap=float(np.mean(np.abs(others - curve))),
    )


def curve_generations(params: LoopParams) -> Any:
    """Return the generations at which a curve is drawn and compared, both ends included."""
    size = min(CURVE_POINTS, params.generations + 1)
    return np.unique(np.linspace(0, params.generations, size).round().astype(int))


def options_of(question: Question, params: LoopParams) -> list[str]:
    """Return the answers to choose from; none where a curve is drawn or any share may be given."""
    if question.kind == "class":
        return list(CLASS_OPTIONS.values())
    if question.kind != "winner" or question.options:
        return list(question.options)
    law = params.source
    likeliest = np.argsort(-law.probabilities(), kind="stable")[:_LIKELIEST]
    named = [outcome_name(params.initial, int(i)) for i in likeliest]
    return named if law.n <= _LIKELIEST else [*named, "another"]


def winner_told(
    question: Question, params: LoopParams, found: Outcome, answer: Any
) -> tuple[str, Rows]:
    """Return the sentence and the rows: who won, and who would with other luck."""
    law, options = params.initial, options_of(question, params)
    names = [outcome_name(law, i) for i in range(law.n)]
    won = names[found.winner]
    counts = {o: found.winners[names.index(o)] for o in options if o in names}
    counts["another"] = found.runs - sum(counts.values())
    if "another" not in options and counts["another"] and len(options) < law.n:
        options = [*options, "another"]
    right = won if won in options else "another"
    rows = [
        _row(o, counts[o], found.runs, o == right, _is_pick(answer, i))
        for i, o in enumerate(options)
    ]
    told = f"“{won}” wins this run, as in {_share(found.winners[found.winner], found.runs)}"
    return f"{told} of {count(found.runs, 'run')} with other luck: odds, not certainty.", rows


def class_told(found: Outcome, answer: Any) -> tuple[str, Rows]:
    """Return the sentence and the rows: where this run ends, and others with other luck."""
    rows = [
        _row(words, found.classes[hue], found.runs, hue == found.hue, _is_pick(answer, i))
        for i, (hue, words) in enumerate(CLASS_OPTIONS.items())
    ]
    words = CLASS_OPTIONS[found.hue].partition(":")[0].lower()
    share = _share(found.classes[found.hue], found.runs)
    lead = f"This run ends {words}, as {share} of {count(found.runs, 'run')} with other luck do"
    return f"{lead}: odds, not certainty.", rows


def curve_told(found: Outcome, answer: Any) -> tuple[str, list[float]]:
    """Return the sentence, and the drawn curve at the generations of the real one."""
    drawn = drawn_curve(answer, len(found.curve))
    if not drawn:
        return f"Another run with other luck is {found.other_gap:.1f} outcomes off on average.", []
    gap = float(np.mean(np.abs(np.array(drawn) - found.curve)))
    inside = float(
        np.mean(
            [
                low <= value <= high
                for value, low, high in zip(drawn, found.low, found.high, strict=True)
            ]
        )
    )
    return (
        f"Your curve is {gap:.1f} outcomes off on average; another run with other luck is"
        f" {found.other_gap:.1f} off. {percent(inside, 0)} of it lies in the band that holds nine"
        f" runs in ten.",
        drawn,
    )


def drawn_curve(answer: Any, size: int) -> list[float]:
    """Return a drawn curve, evenly spaced numbers, at ``size`` places; empty if it is none."""
    if not isinstance(answer, list) or not 2 <= len(answer) <= 200:
        return []
    if not all(isinstance(v, int | float) and np.isfinite(v) and 0 <= v <= 1e5 for v in answer):
        return []
    places = np.linspace(0, 1, size)
    drawn: list[float] = np.interp(places, np.linspace(0, 1, len(answer)), answer).tolist()
    return drawn


def least_share(question: Question, params: LoopParams, tolerance: float) -> float:
    """Return the least external share that a question asks for, solved exactly."""
    last = params.segments[-1][1]
    needs = needs_at(last.source, last.temperature, tolerance)
    return needs.least_external if question.kind == "share" else needs.return_external


def next_tenth(share: float) -> float:
    """Return a least share as it is printed: rounded up to a tenth of a per cent."""
    return math.ceil(round(1000 * share, 6)) / 1000


def asked_shares(question: Question, answer: Any) -> list[float]:
    """Return the shares to try: those to choose from or, where any may be given, the answer."""
    if question.options:
        return [float(option) / 100 for option in question.options]
    return [] if share_answered(question, answer) is None else [float(answer) / 100]


def share_answered(question: Question, answer: Any) -> float | None:
    """Return the share that was answered, or None."""
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return None
    if question.options:
        at = int(answer)
        return float(question.options[at]) / 100 if 0 <= at < len(question.options) else None
    return float(answer) / 100 if 0 <= answer <= 100 else None


def share_told(
    question: Question,
    least: float,
    within: Sequence[tuple[float, int]],
    runs: int,
    answer: Any,
    tolerance: float,
) -> tuple[str, Rows]:
    """Return the sentence and a row for each share tried: how many runs end within the tolerance.

    ``within`` are the shares tried, and of ``runs`` runs those that end within it.
    """
    given = share_answered(question, answer)
    enough = [share for share, _ in within if share >= least - 1e-9]
    right = min(enough, default=None)
    rows = [
        _row(percent(share), inside, runs, share == right, share == given)
        for share, inside in within
    ]
    does = "keeps it" if question.kind == "share" else "brings it back from any state"
    lead = f"{percent_least(least)} {does} within {percent(tolerance)} (infinite samples, exact)"
    if given is not None:
        lead += f"; {percent(given)} {'is enough' if given >= least - 1e-9 else 'is too little'}"
    return f"{lead}. Bars: how many of {count(runs, 'run')} end within it, luck included.", rows


def _is_pick(answer: Any, at: int) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool) and answer == at


def _row(label: str, hits: int, runs: int, right: bool, picked: bool) -> dict[str, Any]:
    share = hits / runs
    return {
        "label": label,
        "share": share,
        "text": _share(hits, runs),
        "right": right,
        "picked": picked,
    }


def _share(hits: int, runs: int) -> str:
    """Return a share of runs in whole per cent; only all of them are 100 %, only none 0 %."""
    share = hits / runs
    if 0 < share < 0.01:
        return f"<{percent(0.01)}"
    return percent(min(share, 0.99) if hits < runs else 1.0, 0)
