"""The told phrase: by hand, against long runs, and where nothing is told."""

from typing import Any

import numpy as np
import pytest

from closedloop_core.learners.params import LearnerParams
from closedloop_core.learners.protocol import run_learner
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.told import told_phrase
from tests.core.learners.twins import tale


@pytest.mark.parametrize(
    ("text", "words", "is_tied"),
    [
        ("a a a a", ("a",), False),
        ("a b a b a b c", ("a", "b"), False),
        ("x y end end end end", ("end",), False),
        ("a b a c a b a c a", ("a", "b"), True),  # b and c are tied: luck parts them
        ("a b c d e", (), False),  # favourites lead to the end, where a text begins anew
    ],
)
def test_phrases_that_can_be_told_by_hand(text: str, words: Any, is_tied: bool) -> None:
    told = told_phrase(NGrams.from_text(text, 2), 0.7)
    assert (told.words, told.is_tied) == (words, is_tied)
    assert told.mass == pytest.approx(1.0 if words else 0.0, abs=2e-3)


def two_phrases(often: Any, seldom: Any) -> Any:
    """Mix two phrases, each of which its own words favour, four times in a row at a time."""
    rng = np.random.default_rng(0)
    parts = ["a b"] * often + ["x y"] * seldom
    return NGrams.from_text(" ".join(" ".join([parts[i]] * 4) for i in rng.permutation(15)), 2)


def share_said(source: Any, words: Any, temperature: Any, generations: Any, seed: Any) -> Any:
    """Run 50,000 words a generation; return the share of texts that end in the cycle."""
    params = LearnerParams(
        source=source, smoothing="none", temperature=temperature, sample_size=50_000,
        generations=generations, seed=seed,
    )  # fmt: skip
    *_, last = run_learner(params)
    ends = [
        tuple(source.vocabulary[w] for w in gram)
        for gram in last.text.words[:, -len(words) :].tolist()
    ]
    turned = {words[i:] + words[:i] for i in range(len(words))}
    return np.mean([end in turned for end in ends])


@pytest.mark.parametrize("temperature", [0.5, 0.7])
def test_all_texts_of_large_runs_end_in_the_told_phrase(temperature: float) -> None:
    told = told_phrase(tale(2), temperature)
    assert told.words == ("the", "cat", "saw") and not told.is_tied
    assert told.mass > 0.999
    assert share_said(tale(2), told.words, temperature, 15, seed=0) == 1


@pytest.mark.parametrize(("often", "words"), [(9, ("a", "b")), (6, ("x", "y"))])
def test_two_phrases_share_the_texts_as_told(often: int, words: Any) -> None:
    """The mean over six runs is near the told mass.

    Once no text leaves its cycle, the shares of 200 texts drift from generation to generation, by
    sqrt(0.22 / 200) each: in the four generations since, to a spread of 0.066. Four standard errors
    of the mean of six are 0.11.
    """
    source = two_phrases(often, 15 - often)
    told = told_phrase(source, 0.5)
    assert told.words == words and not told.is_tied
    shares = [share_said(source, words, 0.5, 7, seed) for seed in range(6)]
    assert np.mean(shares) == pytest.approx(told.mass, abs=0.11)
    assert 0.5 < told.mass < 0.9


def test_the_novel_ends_at_the_quotation_mark() -> None:
    """Not at ", and the room", where 85 % of its favourites lead (theory.md 6b.3)."""
    told = told_phrase(NGrams.novel(2), 0.7)
    assert told.words == ('"', "\n")
    assert told.mass > 0.99
    assert not told.is_tied


def test_nothing_is_told_of_other_settings() -> None:
    with pytest.raises(ValueError, match="source must be of order 2, got 3"):
        told_phrase(tale(3), 0.7)
    with pytest.raises(ValueError, match="temperature must be < 1, got 1.0"):
        told_phrase(tale(2), 1.0)
