"""The three clauses above the texts, and what else is said of a run. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from closedloop_core import LearnerParams, NGrams, ToldPhrase
from closedloop_core.learners.ngram_learner import TextMeasures
from pages.ui.language.classes import WORDS, class_of_text
from pages.ui.language.runs import Moment
from pages.ui.wording import NBSP, Pieces, count, percent, percent_least

_QUOTED = 70  # characters of a text that a clause quotes


def source_word(source: NGrams) -> str:
    """Return what a source is called in a sentence."""
    kind = source.name.split(":")[0]
    return {"novel": "the novel", "reference": "Python’s manual"}.get(kind, "your text")


def noun(source: NGrams) -> str:
    """Return what an n-gram is made of."""
    return source.unit


def words_number(value: float) -> str:
    """Return how many words there are to choose from: one decimal, whole from 100 on."""
    return f"{value:.1f}" if value < 99.95 else count(value)


@dataclass(frozen=True)
class Faithful:
    """What is called faithful: within the tolerance plus the luck of a fresh sample."""

    tolerance: float
    luck: float

    @property
    def within(self) -> float:
        """The largest distance that is called faithful."""
        return self.tolerance + self.luck


def phase_of(moment: Moment, first: Moment, params: LearnerParams, rule: Faithful) -> str:
    """Return the class of a generation."""
    now, start = moment.measures, first.measures
    assert now is not None and start is not None
    kinds = len(params.source.vocabulary)
    return class_of_text(
        now.distance, now.next_words, start.next_words, kinds, rule.within, params.temperature
    )


def now_clause(
    moment: Moment, first: Moment, params: LearnerParams, rule: Faithful
) -> dict[str, Any]:
    """Return the first clause at one generation, for the verdict component."""
    now, start = moment.measures, first.measures
    assert now is not None and start is not None
    phase = phase_of(moment, first, params, rule)
    number = words_number(now.next_words)
    thing = noun(params.source)
    if moment.index == 0:
        return {
            "phase": phase,
            "word": "Generation 0",
            "middle": f"Learned from {source_word(params.source)}, it picks each {thing} out"
            f" of{NBSP}",
            "number": number,
            "after": "",
        }
    times = "1 generation" if moment.index == 1 else f"{count(moment.index)} generations"
    return {
        "phase": phase,
        "word": WORDS[phase],
        "middle": f"After {times} it picks each {thing} out of{NBSP}",
        "number": number,
        "after": f", at first out of {words_number(start.next_words)}",
    }


def beside(moment: Moment, params: LearnerParams, rule: Faithful) -> str:
    """Return how far the words written are from the source's, and what is called faithful."""
    assert moment.measures is not None
    words = f"{noun(params.source)}s"
    return (
        f"Law of the {words} it writes: {percent(moment.measures.distance, 0)} from"
        f" {source_word(params.source)}. Luck alone puts a fresh sample of"
        f" {count(params.sample_size)} {percent(rule.luck, 0)} away; faithful up to"
        f" {percent(rule.within, 0)}.{_also(moment.measures, params)}"
    )


def _also(measures: TextMeasures, params: LearnerParams) -> str:
    """Return what else is measured: words left, the loop texts are in, passages copied."""
    unit = params.source.unit
    said = f" Kinds of {unit}s left: {count(measures.words)}."
    if measures.period:
        said += f" Texts go round in {count(measures.period, unit)}."
    if not math.isnan(measures.copied):
        said += f" Passages of eight {unit}s copied: {percent(measures.copied, 0)}."
    return said


def can_be_told(params: LearnerParams) -> bool:
    """Say whether theory tells the phrase that this loop ends up repeating."""
    return (
        params.source.order == 2
        and params.smoothing == "none"
        and params.temperature < 1
        and params.external_fraction == 0
        and params.regime == "replace"
        and not params.schedule
        and params.truncation.is_off
    )


def ends_clause(
    params: LearnerParams, last: Moment | None, is_done: bool, told: ToldPhrase | None
) -> Pieces:
    """Return what the loop ends up saying: told where theory tells it, else the last text."""
    if told is not None and told.words:
        # Word by word: a cycle has no beginning, and marks in it would lose their places.
        phrase = quoted(" ".join("¶" if word == "\n" else word for word in told.words))
        tied = " (tied: luck may part it)" if told.is_tied else ""
        share = percent(told.mass, 0)
        return [
            {"text": "It will end repeating "},
            {"text": phrase, "style": "collapse"},
            {"text": f"{tied}: told before the first generation; {share} of all words. "},
        ]
    if last is None:
        return [{"text": "The first generation is being written. "}]
    if not is_done:
        return [{"text": f"Generation {last.index} of {params.generations} is written so far. "}]
    tail = last.text.replace("\n\n", " ¶ ").replace("\n", " ¶ ")[-_QUOTED:]
    tail = tail.partition(" ")[2] or tail
    return [
        {"text": f"In generation {last.index} it says "},
        {"text": quoted(f"… {tail}"), "style": "said"},
        {"text": " "},
    ]


def quoted(text: str) -> str:
    """Return a text of a model in quotation marks of its own, bounded."""
    plain = " ".join(text.split())
    return f"‹{plain[:_QUOTED]}{'…' if len(plain) > _QUOTED else ''}›"


@dataclass(frozen=True)
class Least:
    """The least external share: of the measured map, or exact for the words alone.

    ``share`` is None where not even the largest share of the map is enough; ``most`` is that share.
    """

    share: float | None
    is_measured: bool
    most: float = 1.0


def needs_clause(params: LearnerParams, least: Least) -> Pieces:
    """Return the least external share to stay, and what it was read off."""
    gets = f"; it gets {percent(params.external_fraction)}."
    thing = source_word(params.source)
    if least.share is None:
        return [
            {"text": f"To stay {thing} it needs "},
            {"text": f"more than {percent(least.most)}", "style": "faithful"},
            {"text": f" external text, measured{gets}"},
        ]
    if least.share == 0:
        by = "measured" if least.is_measured else "exact for its words alone"
        return [{"text": f"It needs no external text to stay {thing} ({by}){gets}"}]
    share = {"text": f"at least {percent_least(least.share)}", "style": "faithful"}
    if least.is_measured:
        return [
            {"text": f"To stay {thing} it needs "},
            share,
            {"text": f" external text, measured on the map{gets}"},
        ]
    return [
        {"text": "Its words alone need "},
        share,
        {"text": f" external text to stay (exact; the model itself: run the map){gets}"},
    ]


def rows_of(generations: int, projector: bool) -> Sequence[int]:
    """Return the generations that have a row of their own."""
    wanted = (0, 2, 10) if projector else (0, 1, 2, 5, 10)
    kept = [g for g in wanted if g <= generations]
    # A short run ends before the last row would come.
    missing = min(len(wanted), generations + 1) - len(kept)
    spare = [g for g in range(generations, 0, -1) if g not in kept]
    return sorted([*kept, *spare[:missing]])


def differences(one: LearnerParams, other: LearnerParams) -> tuple[list[str], list[str]]:
    """Return what sets two runs apart, for each in the same order; two empty lists if nothing."""
    found: tuple[list[str], list[str]] = ([], [])
    for name in _SAID:
        if getattr(one, name) != getattr(other, name):
            for said, params in zip(found, (one, other), strict=True):
                said.append(_setting(params, name))
    return found


_SAID = (
    *("source", "temperature", "external_fraction", "sample_size", "smoothing", "discount"),
    *("regime", "subsample_size", "top_k", "top_p", "min_p"),
)


def _setting(params: LearnerParams, name: str) -> str:
    value = getattr(params, name)
    if name == "source":
        return f"{source_word(value)}, order {value.order}, {value.unit}s"
    if name == "temperature":
        return f"T = {value:.10g}"
    if name == "external_fraction":
        return f"{percent(value)} external"
    if name == "sample_size":
        return f"k = {count(value)}"
    if name == "smoothing":
        return "no smoothing" if value == "none" else "smoothing"
    if name == "regime":
        return str(value)
    label = name.replace("_", "-").removesuffix("-size")
    return (
        f"{label} {'as estimated' if name == 'discount' else 'off'}"
        if value is None
        else (f"{label} {value:.10g}")
    )


def setting_line(params: LearnerParams) -> str:
    """Return the settings of a run in one line."""
    smoothing = {"none": "no smoothing", "kneser_ney": "Kneser-Ney"}[params.smoothing]
    belief = "" if params.discount is None else f", discount {params.discount:.3g}"
    cut = "".join(
        f", {name.replace('_', '-')} {getattr(params, name):.10g}"
        for name in ("top_k", "top_p", "min_p")
        if getattr(params, name) is not None
    )
    unit = params.source.unit
    return (
        f"{params.source.describe()}, order {params.source.order}, {smoothing}{belief}{cut},"
        f" T = {params.temperature:.10g}, {percent(params.external_fraction)} external,"
        f" {params.regime}, {count(params.sample_size, unit)} a generation,"
        f" {count(params.generations)} generations, seed {params.seed}"
    )
