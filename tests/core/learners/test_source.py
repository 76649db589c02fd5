"""Sources: what is counted, what is frozen, what a link carries, and what is refused."""

import copy
import pickle
import platform
from collections import Counter
from typing import Any

import numpy as np
import pytest

from closedloop_core.learners import novel, reference
from closedloop_core.learners.counting import fingerprints
from closedloop_core.learners.model import fit_ngrams
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.table import MAX_KINDS, rising_order
from closedloop_core.learners.tokens import UNKNOWN, words_of
from tests.core.learners.twins import TALE, tale


def counted(source: Any) -> Any:
    """Return an NGrams as a Counter of tuples of words."""
    grams = [tuple(source.vocabulary[w] for w in gram) for gram in source.ngrams]
    return Counter(dict(zip(grams, source.counts.tolist(), strict=True)))


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("unit", ["word", "character"])
def test_ngrams_are_counted(order: int, unit: str) -> None:
    text = "the cat saw the cat. the cat saw a cat."
    tokens = words_of(text) if unit == "word" else list(text)
    expected = Counter(zip(*(tokens[i:] for i in range(order)), strict=False))
    source = NGrams.from_text(text, order, unit)
    assert counted(source) == expected
    assert source.size == len(tokens) - order + 1
    assert (np.diff(source.keys) > 0).all()
    contexts = {tuple(row) for row in source.contexts.tolist()}
    assert contexts == {tuple(gram[:-1]) for gram in source.ngrams.tolist()}
    assert source.contexts.shape == (len(contexts), order - 1)


def test_held_out_text_is_not_learned() -> None:
    words = [f"w{i}" for i in range(100)]
    source = NGrams.from_words(words, 2, held_out=0.2)
    assert (source.size, source.held_out.size) == (79, 19)
    assert source.held_out.vocabulary == source.vocabulary
    assert not set(counted(source)) & set(counted(source.held_out))


def test_counting_tells_how_far_it_is_and_can_be_stopped() -> None:
    told = []
    NGrams.from_text(TALE, 2, progress=lambda *stages: told.append(stages))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def stop(done: Any, total: Any) -> None:
        raise InterruptedError(done)

    with pytest.raises(InterruptedError):
        NGrams.from_text(TALE, 2, progress=stop)


def test_equal_sources_are_equal_and_nothing_can_be_changed() -> None:
    one, two = (NGrams.from_text(TALE, 2) for _ in range(2))
    assert one == two and hash(one) == hash(two) and one is not two
    assert one not in (NGrams.from_text(TALE, 3), NGrams.from_text(TALE + " ran", 2))
    assert pickle.loads(pickle.dumps(one)) == one == copy.deepcopy(one)
    with pytest.raises(AttributeError):
        one.order = 3  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        one.counts[0] = 5
    assert NGrams.from_text(TALE, 2, held_out=0.2) != one


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_novel_is_one_text_in_all_orders(order: int) -> None:
    source = NGrams.novel(order)
    assert source.order == order and source.unit == "word"
    assert source.size == 131_683 - order
    assert source.held_out.size == 14_768 - order
    assert len(source.vocabulary) == 6_363 and source.vocabulary[:3] == (",", ".", "the")
    longer, kinds = NGrams.novel(3), len(source.vocabulary)
    # The n-grams of three words begin with all shorter ones but the last few.
    shorter = np.unique(longer.keys // kinds ** (3 - order))
    assert np.isin(shorter, source.keys).all() and len(source.keys) - len(shorter) <= 2
    assert source.passages is None


def test_the_novel_is_counted_as_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count another novel: its table gives the n-grams of its text in every order."""
    chapters = [f"{TALE} Chapter {i} ends. _{i}_\n\n" for i in range(8)]
    text = "A title\n" + "".join(f"\n\n\nChapter {i}\n\n\n{t}" for i, t in enumerate(chapters))
    table = novel.count_novel(text)
    vocabulary = tuple(table["vocabulary"].tobytes().decode().split(" "))
    monkeypatch.setattr(novel, "_frozen", lambda: (vocabulary, table))
    learned, held = ("\n\n".join(part).replace("_", "") for part in (chapters[:2], chapters[2:]))
    for order in (1, 2, 3):
        kinds, parts = novel.counts(order)
        found = [counted(NGrams(order, "word", kinds, *part)) for part in parts]
        assert found == [counted(NGrams.from_text(part, order)) for part in (learned, held)]
    with pytest.raises(ValueError, match="more than 6 chapters, got 0"):
        novel.count_novel("no chapters here")


def test_the_novel_is_measured_as_theory_says() -> None:
    """Figures of theory.md 6b: perplexity near 120, and 18 next words at T = 0.8."""
    model = fit_ngrams(NGrams.novel(3))
    assert 100 < model.perplexity(NGrams.novel(3).held_out) < 140
    assert model.impossible_share(NGrams.novel(3).held_out) == 0
    assert len(NGrams.novel(2).contexts) == 6_146


def test_the_reference_carries_the_version_of_python() -> None:
    source = NGrams.reference(4)
    version = platform.python_version()
    assert source.name == f"reference:4:{version}" and source.python == version
    assert NGrams.from_token(f"reference:4:{version}") == source
    letters = NGrams.reference(2, "character")
    assert letters.name == f"reference:2:{version}:character"
    assert NGrams.from_token(letters.name) == letters
    # Another version's text cannot be had: this one's is taken, and says so.
    assert NGrams.from_token("reference:4:3.99.0").python == version
    prose = reference.prose()
    assert "::=" not in prose and "\n   " not in prose and len(prose) > 50_000
    assert source.passages is not None and source.held_out.size > 1_000


def test_a_vocabulary_is_bounded() -> None:
    words = [f"w{i}" for i in range(12_000)]
    source = NGrams.from_words([*words, "w1", "w1"], 2)
    assert len(source.vocabulary) == MAX_KINDS[2] == 10_000
    assert source.vocabulary[-1] == UNKNOWN and source.vocabulary[0] == "w1"
    # Of five words a key must fit 63 bits.
    assert len(NGrams.from_words(words, 5).vocabulary) == MAX_KINDS[5]
    assert MAX_KINDS[5] ** 5 < 2**63


@pytest.mark.parametrize("source", [NGrams.novel(2), NGrams.from_text(TALE, 3, held_out=0.2)])
def test_sources_come_back_from_their_dictionary(source: Any) -> None:
    found = NGrams.from_dict(source.to_dict())
    assert found.keys.tolist() == source.keys.tolist()
    assert found.counts.tolist() == source.counts.tolist()
    assert found.vocabulary == source.vocabulary
    assert found.held_out.keys.tolist() == source.held_out.keys.tolist()
    assert found.fits_link == source.fits_link


def test_passages_are_told_apart() -> None:
    ids = np.array([[1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9]])
    found = fingerprints(ids)[0]
    assert len(found) == 10 and found[0] == found[8] and len(set(found.tolist())) == 9
    # The order of words matters, and so does each of them.
    swapped = fingerprints(np.array([[2, 1, 3, 4, 5, 6, 7, 8]]))[0]
    assert swapped[0] != found[0]


def test_what_is_no_source_is_refused() -> None:
    whole = tale(2).to_dict()
    for call, sentence in (
        (lambda: NGrams.from_text("one two", 3), "text must hold at least 3 words"),
        (lambda: NGrams.from_text(" \n ", 1), "text must hold at least 1 words"),
        (lambda: NGrams.from_text(b"bytes", 1), "text must be a str, got bytes"),
        (lambda: NGrams.from_text(TALE, 0), "order must be a whole number in 1..5, got 0"),
        (lambda: NGrams.from_text(TALE, 6), "order must be a whole number in 1..5, got 6"),
        (lambda: NGrams.from_text(TALE, 2, "line"), "unit must be word or character"),
        (lambda: NGrams.from_text(TALE, 2, held_out=0.9), "held_out must be between"),
        (lambda: NGrams.novel(4), "order must be at most 3 for the novel"),
        (lambda: NGrams.from_token("file"), "does not carry its text"),
        (lambda: NGrams.from_token("novel:4"), "order must be at most 3"),
        (lambda: NGrams.from_token("novel:x"), "a source's order must be a number"),
        (lambda: NGrams.from_token("poem:3"), "a source must be novel:ORDER or"),
        (lambda: NGrams.from_dict([]), "a source must be an object"),
        (lambda: NGrams.from_dict({**whole, "keys": whole["keys"][::-1]}), "rising keys"),
        (lambda: NGrams.from_dict({**whole, "counts": [0] * len(whole["keys"])}), "counts >= 1"),
        (lambda: NGrams.from_dict({**whole, "vocabulary": []}), "a source must list words"),
        (lambda: NGrams.from_dict({**whole, "order": 9}), "order must be"),
    ):
        with pytest.raises(ValueError, match=sentence):
            call()


@pytest.mark.parametrize("limit", [1, 2, 2**16, 2**16 + 1, 10**12, 2**62])
def test_keys_are_put_in_rising_order(limit: int) -> None:
    keys = np.random.default_rng(1).integers(0, limit, 400).repeat(2)
    keys[-1] = limit - 1
    assert rising_order(keys, limit).tolist() == keys.argsort(kind="stable").tolist()


def test_an_order_of_numpy_is_a_number_like_others() -> None:
    text = "a rose is a rose is a rose and a daisy is no rose " * 9
    for unit in ("word", "character"):
        ours, numpys = (NGrams.from_text(text, order, unit) for order in (5, np.int64(5)))
        assert numpys == ours and numpys.digest == ours.digest and type(numpys.order) is int
    assert NGrams.novel(np.int8(2)) == NGrams.novel(2)
