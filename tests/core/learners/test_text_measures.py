"""What is measured of texts, by hand."""

import math
from typing import Any

import numpy as np
import pytest

from closedloop_core.learners.source import NGrams
from closedloop_core.learners.text_measures import (
    copied_share,
    distinct_shares,
    fresh_distance,
    loop_period,
)
from tests.core.learners.twins import random_source


def test_distinct_passages() -> None:
    texts = np.array([[0, 1, 0, 1], [0, 1, 2, 2]])
    # Words 0 1 2 of 8; pairs 01 10 12 22 of 6; triples 010 101 012 122 of 4.
    assert distinct_shares(texts, 3) == pytest.approx((3 / 8, 4 / 6, 1.0))
    assert distinct_shares(np.array([[1], [1]]), 3) == (0.5, 1.0, 1.0)


@pytest.mark.parametrize(
    ("texts", "period"),
    [
        ([[5, 9, 1, 1, 1]] * 2, 1),
        ([[7, 1, 2, 1, 2, 1, 2]] * 2, 2),
        ([[1, 2, 3] * 3], 3),
        ([[1, 2, 3, 4, 5, 6]], 0),
        ([[1, 2, 1, 2, 1, 2], [1, 2, 3, 4, 5, 6]], 2),  # half of the texts are enough
        ([[1, 2, 1, 2, 1, 2], [1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]], 0),
        ([[1]], 0),
    ],
)
def test_the_loop_that_texts_have_fallen_into(texts: Any, period: int) -> None:
    assert loop_period(np.array(texts)) == period


def test_copied_passages() -> None:
    source = NGrams.from_words([f"w{i:03}" for i in range(100)], 2)
    numbers = {word: i for i, word in enumerate(source.vocabulary)}
    line = np.array([numbers[f"w{i:03}"] for i in range(100)])
    assert copied_share(line[None, 10:40], source) == 1
    assert copied_share(line[None, ::-1], source) == 0
    both = np.concatenate([line[20:30], line[50:60]])[None, :]
    # 13 passages of eight words: three before the seam, three after it.
    assert copied_share(both, source) == pytest.approx(6 / 13)
    assert math.isnan(copied_share(line[None, :5], source))
    assert math.isnan(copied_share(np.zeros((1, 20), dtype=np.int64), NGrams.novel(2)))


def test_fresh_words_keep_the_distance_that_chance_gives() -> None:
    """Against 400 samples, within 4 standard errors; 0.118 for 20,000 words of the novel."""
    source = random_source(1, 40, 5_000, seed=2)
    q = source.word_shares()
    rng = np.random.default_rng(0)
    found = 0.5 * np.abs(rng.multinomial(300, q, size=400) / 300 - q).sum(axis=1)
    error = found.std(ddof=1) / 20
    assert abs(found.mean() - fresh_distance(source, 300)) < 4 * error
    assert fresh_distance(NGrams.novel(3), 20_000) == pytest.approx(0.118, abs=0.001)
    assert fresh_distance(NGrams.from_words(["a"] * 9, 1), 10) == 0
