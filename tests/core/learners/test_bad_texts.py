"""Rude texts: a clear sentence or a correct run, and never a hang."""

import time
from typing import Any

import numpy as np
import pytest

from closedloop_core.learners.params import LearnerParams
from closedloop_core.learners.protocol import run_learner
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.told import told_phrase

SHALOM = "\u05e9\u05dc\u05d5\u05dd"
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
TEXTS = {
    "one word repeated": "word " * 400,
    "one letter repeated": "a" * 400,
    "as long as the order": "one two three",
    "every word once": " ".join(f"w{i}" for i in range(300)),
    "no spaces": "\u6211\u662f\u4e00\u4e2a\u4eba\u3002\u4f60\u597d\uff0c\u4e16\u754c\u3002" * 20,
    "right to left": f"{SHALOM}. \u0645\u0631\u062d\u0628\u0627 \u0628\u0643 " * 20,
    "emoji": f"{FAMILY} \U0001f44d\U0001f3fd\U0001f1e9\U0001f1ea " * 40,
    "binary": bytes(range(256)).decode("latin-1") * 8,
    "control characters": "\x00\x01 \x1b[0m\u202e\ufeff " * 50,
    "line ends": "a\r\nb\r\n\r\nc\r" * 30,
    "joiners": "\u200d" * 500 + "a b c",
}


@pytest.mark.parametrize("unit", ["word", "character"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_text_runs_or_is_refused_with_a_sentence(text: Any, unit: str) -> None:
    for order in (1, 3, 5):
        try:
            source = NGrams.from_text(text, order, unit)
        except ValueError as refusal:
            assert str(refusal).startswith("text must hold at least")
            continue
        for smoothing in ("kneser_ney", "none"):
            for temperature in (0.02, 1.5):
                params = LearnerParams(
                    source=source, smoothing=smoothing, temperature=temperature,
                    external_fraction=0.2, sample_size=250, generations=2,
                )  # fmt: skip
                *_, last = run_learner(params)
                assert last.dataset.size == 250
                measures = last.measures
                assert 1 <= measures.next_words <= len(source.vocabulary) * (1 + 1e-9)
                assert np.isfinite(measures.distance) and measures.words >= 1
        if order == 3:
            assert 0 <= told_phrase(NGrams.from_text(text, 2, unit), 0.5).mass <= 1


def test_one_repeated_word_is_the_whole_world() -> None:
    params = LearnerParams(source=NGrams.from_text("word " * 50, 3), sample_size=100)
    *_, last = run_learner(params)
    assert last.measures.next_words == pytest.approx(1, abs=1e-12)
    assert last.measures.period == 0 or last.measures.period == 1


@pytest.mark.parametrize(
    "word", ["word ", "wort\u00e9 ", "a"], ids=["ascii", "accents", "one line"]
)
def test_five_megabytes_on_one_line_are_read_in_time(word: str) -> None:
    """Twenty seconds are ten times what it takes: a hang would take hours."""
    text = word * (5_000_000 // len(word.encode()))
    before = time.process_time()
    try:
        assert NGrams.from_text(text, 3).size > 700_000
    except ValueError as refusal:
        assert str(refusal) == "text must hold at least 3 words, got 1"
    assert time.process_time() - before < 20
