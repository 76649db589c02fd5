"""A model's next words against a dictionary twin, at every context and temperature; and its range.

The twin knows nothing of levels, layouts or back-off parts: it makes whole laws from definitions.
"""

import itertools
from typing import Any

import numpy as np
import pytest

from closedloop_core.learners.levels import _listed_below
from closedloop_core.learners.model import fit_ngrams
from closedloop_core.learners.source import NGrams
from tests.core.learners.twins import (
    Twin,
    all_contexts,
    entropy,
    heat,
    ragged,
    random_source,
    tale,
)

TEMPERATURES = (0.02, 0.3, 0.8, 1.0, 2.5, 50.0)


def datasets(order: Any) -> Any:
    source = random_source(order, 12, 120, seed=order)
    return [tale(order).table, source.table, ragged(source, seed=order)]


@pytest.mark.parametrize("smoothing", ["kneser_ney", "none"])
@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_every_law_is_the_twins_and_sums_to_one(order: int, smoothing: str) -> None:
    for table in datasets(order):
        model, twin = fit_ngrams(table, smoothing), Twin(table, smoothing)
        known, rows = [], []
        for context in all_contexts(table):
            words = [table.vocabulary[w] for w in context]
            law = twin.law(context)
            if law is None or (smoothing == "none" and len(context) < order - 1):
                with pytest.raises(ValueError, match="context must be"):
                    model.next_word(words)
                continue
            known.append((words, law))
            rows.append(model.row_of(words))
        for temperature in TEMPERATURES:
            sampler = model.sampler(temperature)
            laws = sampler.laws(np.array(rows))
            expected = np.array([heat(law, temperature) for _, law in known])
            np.testing.assert_allclose(laws.sum(axis=1), 1, atol=1e-12)
            np.testing.assert_allclose(laws, expected, atol=1e-12, rtol=0)
            entropies = sampler.entropy[rows]
            np.testing.assert_allclose(entropies, [entropy(p) for p in expected], atol=1e-9)
        words, law = known[-1]
        np.testing.assert_allclose(model.next_word(words, 0.7), heat(law, 0.7), atol=1e-12)


@pytest.mark.parametrize("discount", [0.001, 0.4, 1.0])
def test_a_set_discount_is_used_on_every_level(discount: float) -> None:
    table = tale(3).table
    model, twin = fit_ngrams(table, discount=discount), Twin(table, "kneser_ney", discount)
    for context in all_contexts(table):
        words = [table.vocabulary[w] for w in context]
        np.testing.assert_allclose(model.next_word(words), twin.law(context), atol=1e-12)


def test_nltk_says_the_same() -> None:
    """Figures of `nltk.lm.KneserNeyInterpolated` (NLTK 3.10.4), frozen.

    Made with ``lm = KneserNeyInterpolated(2, discount=d)``, then
    ``lm.fit([list(everygrams(words, max_len=2))], vocabulary_text=words)`` and ``lm.score(word,
    [context])``. It does not discount words alone, and nothing is padded.
    """
    words = "the cat sat on the mat and the cat ran to the dog on the mat".split()
    kinds = ["and", "cat", "dog", "mat", "on", "ran", "sat", "the", "to"]
    figures = {
        (0.75, "the"): [0.0375, 0.2875, 0.0875, 0.2875, 0.075, 0.0375, 0.0375, 0.1125, 0.0375],
        (0.75, "cat"): [0.0625, 0.0625, 0.0625, 0.0625, 0.125, 0.1875, 0.1875, 0.1875, 0.0625],
        (0.75, "mat"): [0.3125, 0.0625, 0.0625, 0.0625, 0.125, 0.0625, 0.0625, 0.1875, 0.0625],
        (0.3, "the"): [0.015, 0.355, 0.155, 0.355, 0.03, 0.015, 0.015, 0.045, 0.015],
        (0.3, "cat"): [0.025, 0.025, 0.025, 0.025, 0.05, 0.375, 0.375, 0.075, 0.025],
        (0.3, "mat"): [0.725, 0.025, 0.025, 0.025, 0.05, 0.025, 0.025, 0.075, 0.025],
    }
    source = NGrams.from_words(words, 2)
    for (discount, context), expected in figures.items():
        model = fit_ngrams(source, discount=discount, uniform_base=False)
        law = model.next_word([context])
        found = [law[model.numbers[word]] for word in kinds]
        np.testing.assert_allclose(found, expected, atol=1e-12)


def test_without_a_uniform_base_an_unseen_word_stays_impossible() -> None:
    source = NGrams.from_words("a b a b a c".split(), 2)
    table = source.table.only(np.where(source.keys % 3 == source.vocabulary.index("c"), 0, 1.0))
    c = source.vocabulary.index("c")
    for temperature in (0.5, 1.0, 3.0):
        assert fit_ngrams(table, uniform_base=False).next_word(["a"], temperature)[c] == 0
        assert fit_ngrams(table).next_word(["a"], temperature)[c] > 0


def test_the_discount_has_a_floor() -> None:
    """After a collapse no n-gram counts 1: the estimate would be 0, and perplexity infinite."""
    source = NGrams.from_words(["a", "b"] * 50 + ["c"], 3, held_out=0.0)
    model = fit_ngrams(source.table.only(np.where(source.counts > 1, source.counts, 0)))
    assert model.beliefs[-1].discount == 0.05
    assert np.isfinite(model.perplexity(source))


@pytest.mark.parametrize("smoothing", ["kneser_ney", "none"])
def test_scores_are_the_twins(smoothing: str) -> None:
    words = tale(1).vocabulary
    rng = np.random.default_rng(3)
    text = [words[i] for i in rng.integers(0, len(words), 400)]
    source = NGrams.from_words(text, 3, held_out=0.2)
    model, twin = fit_ngrams(source, smoothing), Twin(source.table, smoothing)
    held = source.held_out
    expected = []
    for *context, word in held.ngrams.tolist():
        law = twin.law(context)
        expected.append(0.0 if law is None else law[word])
    p = np.array(expected)
    np.testing.assert_allclose(model.probabilities(held), p, atol=1e-14)
    share = held.counts[p == 0].sum() / held.counts.sum()
    assert model.impossible_share(held) == pytest.approx(share, abs=1e-15)
    if smoothing == "none":
        assert share > 0
        assert model.perplexity(held) == np.inf
    else:
        mean = (held.counts * np.log(p)).sum() / held.counts.sum()
        assert model.perplexity(held) == pytest.approx(np.exp(-mean), rel=1e-12)


@pytest.mark.parametrize("smoothing", ["kneser_ney", "none"])
def test_other_numbers_of_the_same_words_score_the_same(smoothing: str) -> None:
    """Text held out elsewhere numbers its words in its own way, and may hold others."""
    words = [w for w, _ in zip(itertools.cycle("a b c a b d".split()), range(60), strict=False)]
    source = NGrams.from_words(words, 3)
    model = fit_ngrams(source, smoothing)
    same, other = NGrams.from_words("d a b c a b".split(), 3), NGrams.from_words(list("abxab"), 3)
    twin = Twin(source.table, smoothing)
    for held in (same, other):
        found = model.probabilities(held)
        for gram, p in zip(held.ngrams.tolist(), found, strict=True):
            *context, word = [model.numbers.get(held.vocabulary[w], -1) for w in gram]
            known = context[context.index(-1) + 1 :] if -1 in context else context
            law = twin.law(known) if smoothing == "kneser_ney" or known == context else None
            expected = 0.0 if law is None or word < 0 else law[word]
            assert p == pytest.approx(expected, abs=1e-14)


def test_a_model_says_what_it_refuses() -> None:
    source = tale(2)
    model = fit_ngrams(source, "none")
    for call, sentence in (
        (lambda: fit_ngrams(source, "laplace"), "smoothing must be one of kneser_ney, none"),
        (lambda: fit_ngrams(source, "none", 0.5), "discount must be None without smoothing"),
        (lambda: fit_ngrams(source, discount=0.0), "discount must be between 0.001 and 1"),
        (lambda: fit_ngrams(source, discount=float("nan")), "discount must be between"),
        (lambda: fit_ngrams(source.table.only(0 * source.counts)), "at least one n-gram"),
        (lambda: model.next_word(["unheard"]), "context must be 1 word"),
        (lambda: model.next_word(["the"], 0.0), "temperature must be > 0"),
        (lambda: model.next_word(["the"], top_k=0), "top_k must be between 1 and 10,000"),
        (lambda: model.next_word(["the"], top_p=0.0), "top_p must be between 1e-06 and 1"),
        (lambda: model.next_word(["the"], min_p=1.5), "min_p must be between 0 and 1"),
        (lambda: model.sample(0, 5, 1.0, np.random.default_rng(0)), "chains must be"),
        (lambda: model.perplexity(tale(3)), "held must be of order 2"),
    ):
        with pytest.raises(ValueError, match=sentence):
            call()


@pytest.mark.parametrize("seed", range(30))
def test_shorter_ends_and_contexts_are_listed_once_and_found(seed: int) -> None:
    """Against NumPy's union and searches; contexts before, between and beyond what ends with them.

    Every fifth list has a context beyond the last of the others.
    """
    rng = np.random.default_rng(seed)
    rest = rng.integers(0, 40, 30)
    contexts = np.unique(rng.integers(0, 60 if seed % 5 == 0 else 40, 12))
    keys, lower, known_at = _listed_below(rest, contexts, 60)
    assert keys.tolist() == np.union1d(rest, contexts).tolist()
    assert (keys[lower] == rest).all() and (keys[known_at] == contexts).all()


@pytest.mark.parametrize("temperature", TEMPERATURES)
@pytest.mark.parametrize("order", [2, 3])
def test_a_word_with_nothing_of_its_own_lists_exactly_nothing(
    order: int, temperature: float
) -> None:
    """Equal words of a context stay equal, whatever the rounding: a truncation keeps the first."""
    model = fit_ngrams(random_source(order, 30, 300, seed=order), discount=1.0)
    above = list(zip(model.beliefs, model.sampler(temperature).tempered, strict=True))[1:]
    assert sum((belief.p == belief.low).sum() for belief, _ in above) > 5
    for belief, now in above:
        assert (now.listed[belief.p == belief.low] == 0).all()
