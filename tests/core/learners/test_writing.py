"""Writing: each word is drawn where its context says, as often as its law says."""

import numpy as np
import pytest

from closedloop_core.learners.layout import BITS, LONG, ONE, Marks
from closedloop_core.learners.model import fit_ngrams
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.writing import draw_uniforms, write
from tests.core.learners.twins import ragged, random_source, tale


@pytest.mark.parametrize("order", [2, 3, 4, 5])
@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_each_word_is_drawn_in_the_row_of_the_longest_known_context(
    order: int, temperature: float
) -> None:
    table = ragged(random_source(order, 9, 300, seed=order), seed=order)
    model = fit_ngrams(table)
    sampler = model.sampler(temperature)
    starts = model.starts(sampler)
    rng = np.random.default_rng(order)
    rows = starts.draw(rng.random(40))
    uniforms = draw_uniforms(rng, 60, 40, len(model.levels))
    entries, states = write(sampler.layout, rows, uniforms, starts)
    words = sampler.layout.words[entries]
    keys, _ = model.keys_written(model.context_keys(rows), words)
    grams = model.table.__class__(order, table.vocabulary, keys.ravel(), keys.ravel()).ngrams
    for gram, row, word in zip(grams.tolist(), states[:-1].ravel(), words.ravel(), strict=True):
        assert gram[-1] == word
        assert model.row_of([table.vocabulary[w] for w in gram[:-1]]) == row


@pytest.mark.parametrize("smoothing", ["kneser_ney", "none"])
@pytest.mark.parametrize(("order", "temperature"), [(1, 0.7), (2, 1.4), (3, 0.8), (4, 1.0)])
def test_words_come_as_often_as_their_laws_say(
    order: int, temperature: float, smoothing: str
) -> None:
    """Given the rows that texts were in, words are independent: counts of each against its law.

    The largest of some thousand standardised deviations is below 5 (chance 1e-3 of all).
    """
    source = random_source(order, 10, 4_000, seed=order)
    model = fit_ngrams(source, smoothing)
    sampler = model.sampler(temperature)
    starts = model.starts(sampler)
    rng = np.random.default_rng(7)
    rows = starts.draw(rng.random(500))
    uniforms = draw_uniforms(rng, 400, 500, len(model.levels))
    entries, states = write(sampler.layout, rows, uniforms, starts)
    drawn_in = states[:-1].ravel()
    visited, number = np.unique(drawn_in, return_inverse=True)
    often = np.bincount(number)
    found = np.zeros((len(visited), len(source.vocabulary)))
    np.add.at(found, (number, sampler.layout.words[entries].ravel()), 1)
    laws = sampler.laws(visited)
    assert (found[laws < 1e-12] == 0).all()
    expected = often[:, None] * laws
    sure = (expected > 10) & (often[:, None] - expected > 10)
    error = np.sqrt(expected * (1 - laws))
    assert sure.sum() > 9
    assert np.abs((found - expected)[sure] / error[sure]).max() < 5


def test_a_dead_end_begins_anew_as_often_as_contexts_stand_in_the_data() -> None:
    source = NGrams.from_words("a b a b a c a d end".split(), 2)
    model = fit_ngrams(source, "none")
    texts = model.sample(2_000, 60, 1.0, np.random.default_rng(1))
    end = model.numbers["end"]
    after = texts[:, 1:][texts[:, :-1] == end]
    # A new beginning: a context by its counts (a 4, b 2, c 1, d 1), then one of its next words.
    context = np.zeros((len(source.vocabulary),) * 2)
    for (h, w), count in zip(source.ngrams, source.counts, strict=True):
        context[h, w] = count
    law = context.sum(axis=0) / context.sum()
    found = np.bincount(after, minlength=len(law)) / len(after)
    error = np.sqrt(law * (1 - law) / len(after))
    assert (np.abs(found - law) <= 4 * error + 1e-12).all()


def test_a_longer_text_begins_like_a_shorter_one() -> None:
    model = fit_ngrams(tale(3))
    short, long = (model.sample(5, n, 0.9, np.random.default_rng(4)) for n in (20, 50))
    np.testing.assert_array_equal(long[:, :20], short)


def test_texts_go_on_from_what_they_are_given() -> None:
    model = fit_ngrams(tale(3), "none")
    texts = model.sample(200, 1, 1.0, np.random.default_rng(4), start=["the", "cat"])
    assert {model.vocabulary[w] for w in texts[:, 0]} == {"saw", "ran", "."}
    smooth = fit_ngrams(tale(3))
    # A word that it never saw: it goes on as after what it knows.
    assert smooth.sample(3, 4, 1.0, np.random.default_rng(4), start=["unheard"]).shape == (3, 4)


def test_words_of_probability_zero_are_never_written() -> None:
    """At T = 0.02 all but the favourites underflow."""
    model = fit_ngrams(tale(2))
    texts = model.sample(50, 100, 0.02, np.random.default_rng(0))
    for before, word in zip(texts[:, :-1].ravel(), texts[:, 1:].ravel(), strict=True):
        law = model.next_word([model.vocabulary[before]])
        assert law[word] > 0.9 * law.max()


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_a_search_that_begins_near_its_end_finds_what_a_plain_one_finds(temperature: float) -> None:
    """In a model with many entries, drawn anywhere and on the very edges of entries and rows."""
    layout = fit_ngrams(NGrams.novel(2)).sampler(temperature).layout
    assert len(layout.ends) > LONG
    rng = np.random.default_rng(3)
    edges = rng.choice(layout.ends[:-1], 4_000)
    rows = np.append(rng.integers(0, len(layout.sizes), 4_000), edges >> BITS)
    uniforms = np.append(rng.integers(0, ONE, 4_000), edges & (ONE - 1))
    uniforms[:20], uniforms[20:40] = 0, ONE - 1
    for shift in (-1, 0, 1):
        near = np.clip(uniforms + shift, 0, ONE - 1)
        plain = layout.ends.searchsorted((rows << BITS) + near, side="right")
        np.testing.assert_array_equal(layout.find(rows, near), plain)


@pytest.mark.parametrize("largest", [9, 70_000, 2**62])
def test_marks_are_found_and_nothing_else(largest: int) -> None:
    rng = np.random.default_rng(3)
    values = np.unique(rng.integers(0, largest, 500))
    wanted = np.concatenate([values, rng.integers(0, largest, 500), values + 1, [0, largest]])
    which, places = Marks(values).find(wanted)
    assert which.tolist() == np.flatnonzero(np.isin(wanted, values)).tolist()
    assert (values[places] == wanted[which]).all()
