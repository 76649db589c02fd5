"""Top-k, top-p and min-p against their definitions, and in the loop."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import total_variation
from closedloop_core.learners.model import fit_ngrams
from closedloop_core.learners.params import LearnerParams
from closedloop_core.learners.protocol import run_learner
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.truncation import Truncation
from tests.core.learners.twins import heat, random_source, tale

SETTINGS = [
    Truncation(top_k=3),
    Truncation(top_p=0.6),
    Truncation(min_p=0.4),
    Truncation(top_k=4, top_p=0.7),
    Truncation(top_k=5, top_p=0.9, min_p=0.2),
]


def slow_truncation(law: Any, setting: Any) -> Any:
    """Follow the definitions, word by word, in the order top-k, top-p, min-p."""
    order = sorted(range(len(law)), key=lambda i: (-law[i], i))
    kept = order[: setting.top_k] if setting.top_k else order
    if setting.top_p:
        whole, reached, some = sum(law[i] for i in kept), 0.0, []
        for i in kept:
            some.append(i)
            reached += law[i]
            if reached >= (setting.top_p - 1e-12) * whole:
                break
        kept = some
    if setting.min_p:
        kept = [i for i in kept if law[i] >= setting.min_p * max(law) * (1 - 1e-12)]
    found = np.zeros(len(law))
    found[kept] = law[kept]
    return found / found.sum()


@pytest.mark.parametrize("setting", SETTINGS, ids=repr)
@pytest.mark.parametrize("smoothing", ["kneser_ney", "none"])
def test_truncated_laws_follow_the_definitions(smoothing: str, setting: Any) -> None:
    model = fit_ngrams(tale(2), smoothing)
    for word in model.vocabulary:
        for temperature in (0.6, 1.0, 1.7):
            whole = heat(model.next_word([word]), temperature)
            arguments = (setting.top_k, setting.top_p, setting.min_p)
            found = model.next_word([word], temperature, *arguments)
            np.testing.assert_allclose(found, slow_truncation(whole, setting), atol=1e-12)


def test_of_equal_words_the_lowest_number_stays() -> None:
    law = np.array([[0.2, 0.3, 0.2, 0.3]])
    np.testing.assert_allclose(Truncation(top_k=3).of_rows(law), [[0.25, 0.375, 0, 0.375]])
    np.testing.assert_allclose(Truncation(top_p=0.3).of_rows(law), [[0, 1, 0, 0]])
    row, edges = np.zeros(4, dtype=np.intp), np.array([0, 4])
    for setting in (Truncation(top_k=3), Truncation(top_p=0.3)):
        flat = setting.of_groups(law[0], row, edges)
        np.testing.assert_allclose(flat, setting.of_rows(law)[0])


@pytest.mark.parametrize("smoothing", ["kneser_ney", "none"])
@pytest.mark.parametrize("setting", [SETTINGS[0], SETTINGS[4]], ids=repr)
def test_what_is_written_follows_the_truncated_laws(smoothing: str, setting: Any) -> None:
    """Pairs of words: standardised deviations of independent texts' counts, of 121 none over 5."""
    model = fit_ngrams(tale(2), smoothing)
    chains = 40_000
    rng = np.random.default_rng(2)
    cuts = {"top_k": setting.top_k, "top_p": setting.top_p, "min_p": setting.min_p}
    texts = model.sample(chains, 2, 1.2, rng, start=["the"], **cuts)
    first = model.next_word(["the"], 1.2, **cuts)
    found = np.zeros((len(first), len(first)))
    np.add.at(found, tuple(texts.T), 1)
    expected = np.array(
        [
            p * model.next_word([word], 1.2, **cuts) if p > 0 else np.zeros(len(first))
            for word, p in zip(model.vocabulary, first, strict=True)
        ]
    )
    assert (found[expected == 0] == 0).all()
    sure = expected * chains > 5
    error = np.sqrt(chains * expected * (1 - expected))
    assert np.abs((found - chains * expected)[sure] / error[sure]).max() < 5


def test_entropies_are_those_of_the_truncated_laws() -> None:
    for smoothing in ("kneser_ney", "none"):
        params = LearnerParams(
            source=tale(2), smoothing=smoothing, top_k=2, temperature=1.0, generations=1,
            sample_size=4_000,
        )  # fmt: skip
        first = next(run_learner(params))
        # Two words to choose from at most.
        assert 1 < first.measures.next_words <= 2


def test_top_k_keeps_what_theory_says_at_order_1() -> None:
    """TV(p*, q) = (1 - a)(1 - q(S)) with S the k favourites (theory.md 6), but for noise.

    The last generation of 100,000 words is within four standard errors of the mean deviation:
    that of 60 words is below sqrt(60 / 100,000) / 2.
    """
    source = random_source(1, 60, 6_000, seed=5)
    q = source.word_shares()
    a, k = 0.3, 20
    params = LearnerParams(
        source=source, smoothing="none", top_k=k, temperature=1.0, external_fraction=a,
        sample_size=100_000, generations=4,
    )  # fmt: skip
    *_, last = run_learner(params)
    counts = np.bincount(last.dataset.keys, weights=last.dataset.counts, minlength=len(q))
    favourites = np.sort(q)[::-1][:k].sum()
    found = total_variation(counts / counts.sum(), q)
    assert abs(found - (1 - a) * (1 - favourites)) < 4 * 0.5 * np.sqrt(60 / 100_000)


def test_top_p_stops_shrinking_when_every_survivor_is_needed() -> None:
    """At p = 0.9 and a = 0 at most nine words are left (theory.md 6)."""
    source = NGrams.from_words([f"w{i:02}" for i in range(40) for _ in range(40 - i)], 1)
    params = LearnerParams(
        source=source, smoothing="none", top_p=0.9, temperature=1.0, sample_size=20_000,
        generations=40,
    )  # fmt: skip
    *_, last = run_learner(params)
    assert len(last.dataset.keys) <= 9
