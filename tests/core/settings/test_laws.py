"""Laws: named ones by their formulas, texts, CSV, uploads, tokens."""

import base64
import copy
import json
import math
import pickle
import tracemalloc
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core import Law, LoopParams
from closedloop_core.settings.laws import KINDS, Kind
from closedloop_core.settings.real_text import count_reference
from closedloop_core.settings.texts import most_frequent, words

often = settings(deadline=None, max_examples=80)
weights = st.lists(
    st.one_of(st.integers(0, 10**9), st.floats(0, 1e300)), min_size=2, max_size=20
).filter(any)
MAKERS = [
    lambda: Law.uniform(7),
    lambda: Law.zipf(10, 1.5),
    lambda: Law.geometric(12, 0.3),
    lambda: Law.two_peaks(20, 0.4),
    lambda: Law.dirichlet(9, 0.05, 3),
    lambda: Law.real_text(30),
    lambda: Law.from_weights([3, 1, 0.5], ["a", "b", "c"]),
    lambda: Law.from_text("one two two, three three three", 2),
]


def token(weights: Any, labels: Any = None, dropped: Any = 0.0) -> Any:
    packed = json.dumps([weights, labels, dropped]).encode()
    return "data:" + base64.urlsafe_b64encode(zlib.compress(packed)).decode()


@pytest.mark.parametrize("make", MAKERS)
def test_laws_are_frozen_read_only_and_know_their_twin(make: Any) -> None:
    law, twin = make(), make()
    assert (law, hash(law), law.digest) == (twin, hash(twin), twin.digest)
    assert law.probabilities().sum() == pytest.approx(1, abs=1e-14)
    with pytest.raises(ValueError, match="read-only"):
        law.probabilities()[0] = 1
    for name in ("kind", "labels", "digest", "n", "anything"):
        with pytest.raises(AttributeError, match="frozen"):
            setattr(law, name, "x")


def test_a_law_is_printed_in_words() -> None:
    assert repr(Law.zipf(10)) == "<Law Zipf, 10 outcomes>"
    assert repr(Law.from_weights([1, 2])) == "<Law own data, 2 outcomes>"


def test_nothing_can_be_taken_from_a_law() -> None:
    with pytest.raises(AttributeError, match="frozen"):
        del Law.zipf(3).labels


@pytest.mark.parametrize("make", MAKERS)
def test_laws_survive_pickle_copy_dict_and_token(make: Any) -> None:
    law = make()
    for again in (
        pickle.loads(pickle.dumps(law)),
        copy.deepcopy(law),
        Law.from_dict(json.loads(json.dumps(law.to_dict()))),
        Law.from_token(law.to_token()),
    ):
        assert again == law
        assert again.labels == law.labels
        assert again.dropped_share == law.dropped_share
        np.testing.assert_array_equal(again.probabilities(), law.probabilities())


def test_different_laws_differ() -> None:
    laws = [make() for make in MAKERS]
    same_numbers = [Law.from_weights(np.ones(7)), Law.from_weights(np.ones(7), list("abcdefg"))]
    assert len({law.digest for law in laws + same_numbers}) == len(laws) + 2
    assert Law.uniform(7) != "uniform"


def test_named_laws_follow_their_formulas() -> None:
    rank = np.arange(1, 11)
    np.testing.assert_allclose(Law.uniform(4).probabilities(), 0.25)
    zipf = Law.zipf(10, 2).probabilities()
    np.testing.assert_allclose(zipf / zipf[0], 1 / rank**2.0, rtol=1e-14)
    geometric = Law.geometric(10, 0.3).probabilities()
    np.testing.assert_allclose(geometric[1:] / geometric[:-1], 0.3, rtol=1e-12)
    peaks = Law.two_peaks(101, 0.5).probabilities()
    assert (np.argmax(peaks), np.argmax(peaks[50:]) + 50) == (20, 80)  # type: ignore[comparison-overlap]
    assert peaks[80] / peaks[20] == pytest.approx(0.5, rel=1e-4)
    drawn = Law.dirichlet(50, 0.2, 5).probabilities()
    assert np.all(np.diff(drawn) <= 0)
    assert Law.dirichlet(50, 0.2, 6) != Law.dirichlet(50, 0.2, 5)


@pytest.mark.parametrize("maker", [Law.uniform, Law.zipf, Law.geometric, Law.two_peaks])
@pytest.mark.parametrize("n", [1, 0, -3, 10_001, 2.5, True, math.nan, math.inf])
def test_numbers_of_outcomes_outside_the_range_are_refused(maker: Any, n: Any) -> None:
    with pytest.raises(ValueError, match=r"n must .*got"):
        maker(n)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Law.zipf(5, -1), r"exponent must be between 0 and 20, got -1"),
        (lambda: Law.zipf(5, math.nan), "exponent must be between 0 and 20, got nan"),
        (lambda: Law.geometric(5, 0), "ratio must be between 0.001 and 1, got 0"),
        (lambda: Law.two_peaks(5, 2), "second must be between 0 and 1, got 2"),
        (lambda: Law.dirichlet(5, 0), "concentration must be between"),
        (lambda: Law.dirichlet(5, 1, -1), "seed must be between"),
        (lambda: Law.real_text(201), "n must be at most 200 words, got 201"),
        (lambda: Law.from_weights([1]), "number of outcomes must be between 2 and 10,000, got 1"),
        (lambda: Law.from_weights(np.ones(10_001)), "between 2 and 10,000, got 10001"),
        (lambda: Law.from_weights([[1, 2], [3, 4]]), r"one-dimensional, got shape \(2, 2\)"),
        (lambda: Law.from_weights([1, -1]), "weights must be finite and >= 0, got -1"),
        (lambda: Law.from_weights([1, math.nan]), "weights must be finite and >= 0, got nan"),
        (lambda: Law.from_weights([1, math.inf]), "weights must be finite and >= 0, got inf"),
        (lambda: Law.from_weights([0, 0]), "positive sum, got only zeros"),
        (
            lambda: Law.from_weights([1, 2], ["a"]),
            r"labels must be as many as weights \(2\), got 1",
        ),
    ],
)
def test_bad_numbers_are_refused_by_name(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_extreme_weights_are_normalised_without_overflow_or_loss() -> None:
    np.testing.assert_array_equal(Law.from_weights([1e308] * 4).probabilities(), [0.25] * 4)
    np.testing.assert_array_equal(Law.from_weights([5e-324] * 2).probabilities(), [0.5] * 2)
    assert Law.geometric(10_000, 0.001).probabilities()[-1] == 0
    assert Law.zipf(10_000, 20).probabilities()[-1] > 0


@often
@given(weights, st.booleans())
def test_data_tokens_come_back_bit_for_bit(values: Any, labelled: Any) -> None:
    labels = [f"naïve {i}\n\U0001f600" for i in range(len(values))] if labelled else None
    law = Law.from_weights(values, labels)
    again = Law.from_token(law.to_token())
    assert again.probabilities().tobytes() == law.probabilities().tobytes()
    assert (again.labels, again.digest) == (law.labels, law.digest)
    assert again.to_token() == law.to_token()


def test_a_negative_zero_comes_back_too() -> None:
    law = Law.from_weights([1.0, -0.0])
    assert Law.from_token(law.to_token()) == law


def test_zero_spelled_as_a_whole_number_is_the_same_law() -> None:
    # JavaScript and other writers of JSON spell 0.0 as 0.
    values = {"weights": [1, 2], "labels": None, "dropped_share": 0}
    assert Law.from_dict(values) == Law.from_weights([1, 2])


def test_what_fits_a_link_comes_back_from_it() -> None:
    for law in (
        Law.from_weights([2, 1], ["a" * 60_000, "b" * 60_000]),
        Law.from_weights(np.arange(1, 51), [f"word {i}" for i in range(50)]),
    ):
        if law.fits_link():
            assert Law.from_token(law.to_token()) == law


def test_only_small_data_fit_a_link() -> None:
    assert Law.real_text(200).fits_link()
    assert Law.zipf(10_000).fits_link()
    assert Law.from_weights(np.ones(50)).fits_link()
    assert not Law.from_weights(np.ones(51)).fits_link()
    noise = np.random.default_rng(0).integers(97, 123, (50, 200))
    assert not Law.from_weights(np.ones(50), ["".join(map(chr, row)) for row in noise]).fits_link()


def test_a_private_law_fits_no_link_and_is_another_law() -> None:
    plain, private = (Law.from_weights([2, 1], ["yes", "no"], private=x) for x in (False, True))
    assert plain.fits_link() and not private.fits_link()
    assert plain != private and not plain.private
    assert Law.from_dict(private.to_dict()) == private
    assert pickle.loads(pickle.dumps(private)) == private
    assert LoopParams(initial=private).to_query()["initial"] == "file"


@pytest.mark.parametrize(
    "text",
    ["", ":", "zipf", "zipf:", "zipf:10:x", "zipf:1", "zipf:nan", "zipf:10:inf", "uniform:3:4",
     "dirichlet:1:2:3:4", "pareto:10", "file", "data:", "data:!!!", "data:é", "data:AAAA",
     "uniform:1e400", "zipf:10:" + "9" * 5000, "\x00"],
)  # fmt: skip
def test_broken_tokens_are_refused_in_one_sentence(text: Any) -> None:
    with pytest.raises(ValueError) as caught:
        Law.from_token(text)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "text",
    [token([1]), token([1, "a"]), token([1, -1]), token([1, 10**400]), token("ab"), token({}),
     token([1, 2], ["a"]), token([1, 2], [1, 2]), token([1, 2], None, 1), token([1, 2], None, "x"),
     token([True, 1]), token([math.nan, 1]), token([1, 10**4000])],
    ids=range(13),
)  # fmt: skip
def test_forged_data_are_refused_in_one_sentence(text: Any) -> None:
    with pytest.raises(ValueError, match="data in the link must be whole"):
        Law.from_token(text)


def test_a_zip_bomb_is_refused_in_little_memory() -> None:
    bomb = zlib.compress(b"[[" + b"1," * 50_000_000 + b"1],null,0]", 9)
    text = "data:" + base64.urlsafe_b64encode(bomb).decode()
    tracemalloc.start()
    with pytest.raises(ValueError, match="cannot be read"):
        Law.from_token(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000  # the bomb unpacks to 100 MB


def test_nested_json_is_refused() -> None:
    deep = zlib.compress(b"[" * 90_000)
    with pytest.raises(ValueError, match="cannot be read"):
        Law.from_token("data:" + base64.urlsafe_b64encode(deep).decode())


def test_words_are_lower_case_letters_and_inner_apostrophes() -> None:
    text = "The cat's 3 cats: THE don\N{RIGHT SINGLE QUOTATION MARK}t, 'quoted' x_y I a b naïve"
    expected = ["the", "cat's", "cats", "the", "don't", "quoted", "i", "a", "naïve"]
    assert words(text) == expected
    assert words("12 _ -- ''") == []


def test_most_frequent_breaks_ties_alphabetically() -> None:
    assert most_frequent(["b", "a", "c", "c"]) == [("c", 2), ("a", 1), ("b", 1)]


def test_text_keeps_its_top_words_and_the_share_of_the_rest() -> None:
    law = Law.from_text("bb bb bb a a cc CC dd", 3)
    assert law.labels == ("bb", "a", "cc")
    np.testing.assert_allclose(law.probabilities(), [3 / 7, 2 / 7, 2 / 7])
    assert law.dropped_share == pytest.approx(1 / 8)
    assert Law.from_text("bb bb a", 10).n == 2
    assert Law.from_text("bb bb a", 10).dropped_share == 0


@pytest.mark.parametrize("text", ["12 34", "same Same SAME", "-- ' --"])
def test_texts_without_two_words_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="at least 2 different words, got [01]"):
        Law.from_text(text, 10)


def test_real_text_is_a_frozen_table_of_the_shape_that_is_counted_today() -> None:
    counted = count_reference()
    law = Law.real_text(200)
    assert len(counted["words"]) == len(counted["counts"]) == law.n == len(set(law.labels)) == 200
    frequencies = law.probabilities()
    assert np.all(np.diff(frequencies) <= 0)
    assert np.all(np.diff(counted["counts"]) <= 0)
    assert Law.real_text(2).labels == law.labels[:2]
    assert 0 < law.dropped_share < Law.real_text(30).dropped_share < 1
    # The text differs between Python versions, not the language: most of the words remain.
    assert len(set(law.labels) & set(counted["words"])) > 120


def test_a_law_is_added_by_a_row_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def stairs(n: Any, height: Any = 1) -> Any:
        return Law("stairs", (n, height), np.arange(n, 0, -1.0) ** height)

    monkeypatch.setitem(KINDS, "stairs", Kind(stairs, "stairs", "Stairs"))
    law = Law.from_token("stairs:4:2")
    assert law == stairs(4, 2) and law.to_token() == "stairs:4:2"
    assert law.describe() == "stairs, 4 outcomes"
    with pytest.raises(ValueError, match="zipf, .*, stairs or data"):
        Law.from_token("steps:4")


def test_every_row_of_the_table_makes_its_own_kind() -> None:
    for name, kind in KINDS.items():
        law = kind.make(7)
        assert law.kind == name and law.n == 7
        assert law.describe() == f"{kind.words}, 7 outcomes"
        assert kind.make(kind.most).n == kind.most
