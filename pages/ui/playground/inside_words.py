"""What is said about the six stages of one generation: title, symbol, number, sentence. Pure."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from closedloop_core import Stages, total_variation
from closedloop_core.measures import Array
from pages.ui.wording import (
    NBSP,
    SUBSCRIPTS,
    Pieces,
    average_count,
    count,
    indexed,
    label,
    percent_on_bar,
    short_count,
    times,
)


@dataclass(frozen=True)
class Telling:
    """What is said of one stage: the number that matters, then a sentence in pieces.

    A piece is ``{"text": ..., "style": ...}``; ``distance`` is the style of the share that has
    moved away from the source, which wears the colour of the class.
    """

    title: str
    symbol: str
    number: str
    words: Pieces


def heading(found: Stages) -> dict[str, str]:
    """Return the heading, the settings in force, and the check that the numbers add up."""
    now = found.settings
    before = str(found.generation - 1).translate(SUBSCRIPTS)
    after = str(found.generation).translate(SUBSCRIPTS)
    miss = f"largest difference {found.residual:.0e}" if found.residual else "to the last digit"
    luck = f"seed {now.seed}" if now.noise else "no sampling noise"
    return {
        "title": f"Inside generation {count(found.generation)}",
        "settings": f"T = {now.temperature:.3g}, {percent_on_bar(now.external_fraction)} external"
        f" data, {short_count(found.batch_size, 'new item')}, {luck}",
        "check": f"The run’s own numbers, and they add up: p{before} + γ (batch − p{before})"
        f" = p{after}, {miss}.",
    }


def tellings(found: Stages) -> list[dict[str, Any]]:
    """Return what is said of each of the six stages, JSON-ready."""
    tell = (_dataset, _learning, _temperature, _from_model, _from_outside, _new_dataset)
    return [asdict(stage(found)) for stage in tell]


def _dataset(found: Stages) -> Telling:
    i = _leader(found)
    leads = f"{_name(found, i)} leads with {percent_on_bar(found.dataset[i])}; "
    return Telling(
        "The dataset",
        indexed("p", found.generation - 1),
        short_count(found.dataset_size, "item"),
        [{"text": leads}, *_away(found, found.dataset)],
    )


def _learning(found: Stages) -> Telling:
    whole = found.learned_size == found.dataset_size
    if whole and found.settings.regime != "subsample":
        words = "Learning is perfect here: the model knows every share."
    elif whole:
        words = "The sample that it learns from is all of the dataset."
        if not found.settings.noise:
            words = "On average the sample that it learns from is like the dataset."
    else:
        change = _change(found, found.dataset, found.learned)
        words = f"It sees a sample, drawn without replacement. {change}."
    size, of = short_count(found.learned_size), short_count(found.dataset_size)
    number = f"from all {size} items" if whole else f"{size} of {of} items"
    return Telling(
        "The model learns",
        _learned_symbol(found),
        number,
        [{"text": words}],
    )


def _temperature(found: Stages) -> Telling:
    temperature = found.settings.temperature
    verb = "sharpens" if temperature < 1 else "flattens" if temperature > 1 else "copies"
    change = _change(found, found.learned, found.tempered)
    return Telling(
        "Apply temperature",
        f"E({_learned_symbol(found)})",
        f"T = {temperature:.3g} {verb}",
        [{"text": f"{change}; "}, *_away(found, found.tempered)],
    )


def _from_model(found: Stages) -> Telling:
    now, i = found.settings, _leader(found)
    expected = (1 - now.external_fraction) * found.batch_size * found.tempered[i]
    if now.external_fraction == 1:
        words = "All new data come from outside: nothing that the model writes is kept."
    elif now.noise:
        words = (
            f"{_name(found, i)}: {times(found.synthetic[i])}; {average_count(expected)} on average."
        )
    else:
        words = f"{_name(found, i)}: {times(expected)}. The average draw, without luck."
    total = found.synthetic.sum()
    return Telling("The model writes", "k − j", short_count(total, "item"), [{"text": words}])


def _from_outside(found: Stages) -> Telling:
    now = found.settings
    expected = now.external_fraction * found.batch_size
    if now.external_fraction == 0:
        words = "The loop is closed: nothing comes from outside."
    elif now.external_fraction == 1:
        words = "Drawn from the law of the external data, every one of them."
    elif now.noise:
        words = (
            f"Each new item is from outside with chance {percent_on_bar(now.external_fraction)}:"
            f" {average_count(expected)} on average."
        )
    else:
        words = f"Exactly {percent_on_bar(now.external_fraction)} of the new items, without luck."
    total = found.external.sum()
    return Telling("From outside", "j", short_count(total, "item"), [{"text": words}])


def _new_dataset(found: Stages) -> Telling:
    old, new = short_count(found.dataset_size), short_count(found.batch_size)
    size = short_count(found.new_dataset_size)
    if found.settings.regime == "replace":
        number = short_count(found.new_dataset_size, "item")
        step = "The old data are gone: step γ = 1. "
    else:
        number = f"{old} → {size} items" if old != size else f"{old} + {new} items"
        step = f"Step γ = {new}{NBSP}/{NBSP}{size} = {found.step:.2g}. "
    change = _change(found, found.dataset, found.new_dataset)
    words = [{"text": f"{step}{change}; "}, *_away(found, found.new_dataset)]
    words += [{"text": sentence} for sentence in _deaths(found)]
    return Telling("The new dataset", indexed("p", found.generation), number, words)


def _deaths(found: Stages) -> list[str]:
    dead = np.flatnonzero((found.dataset > 0) & (found.new_dataset == 0))
    if not len(dead):
        return []
    who = _name(found, int(dead[0])) if len(dead) == 1 else f"{len(dead)} outcomes"
    return [f" {who} {'dies' if len(dead) == 1 else 'die'} out."]


def _leader(found: Stages) -> int:
    """Return the outcome that all stages are told by: the one that the model likes best."""
    return int(np.argmax(found.learned))


def _name(found: Stages, index: int) -> str:
    law = found.settings.initial
    return f"“{label(law, index)}”" if law.labels else f"Outcome{NBSP}{index + 1}"


def _away(found: Stages, law: Array) -> Pieces:
    distance = round(float(total_variation(law, found.reference)), 12)  # no rounding errors
    told = {"text": percent_on_bar(distance), "style": "distance"}
    return [{"text": "distance to the source "}, told, {"text": "."}]


def _change(found: Stages, before: Array, after: Array) -> str:
    """Tell the leader's change with as many decimals, two at most, as tell its shares apart."""
    i = _leader(found)
    name = _name(found, i)
    for digits in range(3):
        texts = [percent_on_bar(law[i], digits) for law in (before, after)]
        if texts[0] != texts[1]:
            return f"{name}: {texts[0]} →{NBSP}{texts[1]}"
    return f"{name} stays at {percent_on_bar(after[i])}"


def _learned_symbol(found: Stages) -> str:
    sampled = found.learned_size != found.dataset_size
    return "p̂" if sampled else indexed("p", found.generation - 1)
