"""Laws from counted lists and texts: what they may look like, and the sentence where they do not.

The reader itself is tested beside this; here it is what a `Law` makes of its answer.
"""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core import Law, LoopParams
from closedloop_core.settings.reading import Reading, read, understand

COUNTED = Law.from_weights([5, 3, 1], ["a", "b", "c"])
often = settings(deadline=None, max_examples=80)


@pytest.mark.parametrize(
    "text",
    [
        "a,5\nb,3\nc,1",
        "a;5\nb;3\nc;1\n",
        "a\t5\nb\t3\nc\t1",
        "a 5\nb 3\nc 1",
        "word,count\na,5\nb,3\nc,1",
        "label;Frequency\na;5\nb;3\nc;1",
        "Kolor,Liczba\na,5\nb,3\nc,1",
        "species,abundance\na,5\nb,3\nc,1",
        ",word,count\n0,a,5\n1,b,3\n2,c,1",
        "c,1\nb,3\na,5",
        "a,2\nb,3\nc,1\na,3",
        '"a","5"\r\n"b","3"\r\n"c","1"\r\n',
        "a,5\rb,3\rc,1",
        "\n\na , 5\n\nb, 3.0\n,\nc,1e0\n\n",
        "sep=;\na;5;\nb;3;\nc;1;",
    ],
)
def test_the_same_counts_make_the_same_law_however_they_are_written(text: str) -> None:
    assert Law.from_csv(text) == COUNTED


def test_ties_keep_the_order_of_the_file() -> None:
    assert Law.from_csv("x,1\nc,2\na,1\nb,1").labels == ("c", "x", "a", "b")


def test_formulas_are_text() -> None:
    law = Law.from_csv('=1+1,4\n"=HYPERLINK(""x"",""y"")",3\n+cmd|x,2\n@sum,1')
    assert law.labels == ("=1+1", '=HYPERLINK("x","y")', "+cmd|x", "@sum")
    with pytest.raises(ValueError, match="a count must be a number >= 0, got “=1[+]1” in line 2"):
        Law.from_csv("a,1\nb,=1+1")


def test_a_label_holds_no_line_end() -> None:
    assert Law.from_csv('"a,b",2\n"two\nlines",1').labels == ("a,b", "two lines")


def test_composed_and_decomposed_labels_are_one() -> None:
    law = Law.from_csv("Caf\N{LATIN SMALL LETTER E WITH ACUTE},1\nCafe\u0301,2\ntea,4")
    assert law.labels == ("tea", "Café")
    assert Law.from_text("caf\u00e9 cafe\u0301 tea", 5).labels == ("café", "tea")


def test_zero_counts_are_absent_outcomes() -> None:
    np.testing.assert_array_equal(Law.from_csv("a,1\nb,0").probabilities(), [1, 0])


@pytest.mark.parametrize("count", ["-1", "many", "nan", "NaN", "inf", "-inf", "1e999", "1;2"])
def test_counts_that_are_no_numbers_from_zero_are_refused_with_their_line(count: str) -> None:
    with pytest.raises(ValueError, match="a count must be a number .*, got .* in line 2"):
        Law.from_csv(f"a,1\nb,{count}\nc,2")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must not be empty"),
        ("a,1", "at least 2 different labels, got 1"),
        ("a,1\na,2", "at least 2 different labels, got 1"),
        ("a,1\nb", "every label must have a count, and “b” has none in line 2"),
        ("a,1\nb,\nc,2", "every label must have a count, and “b” has none in line 2"),
        ("a,0\nb,0", "positive sum, got only zeros"),
        ("a,1e308\na,1e308\nb,1", "a count must be a number up to 1e.300"),
        (
            "rot;12.345\nblau;1.234\ngelb;999",
            "“12.345” in line 1 could be 12.345 or 12345.*decimal",
        ),
        ("red;72;w;2\nblue;70;m;2", "There are 4 columns .* label_column"),
    ],
)
def test_unusable_lists_are_refused_in_one_sentence(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        Law.from_csv(text)
    assert "\n" not in str(caught.value)


def test_of_more_than_ten_thousand_labels_the_most_frequent_are_kept() -> None:
    text = "word,count\n" + "\n".join(f"w{i},{20_000 - i}" for i in range(1, 10_002))
    law = Law.from_csv(text)
    total = sum(20_000 - i for i in range(1, 10_002))
    assert law.n == 10_000 and "w10001" not in law.labels
    assert law.dropped_share == pytest.approx((20_000 - 10_001) / total, rel=1e-9)
    thirty = Law.from_understood(understand(text, Reading(kind="list", keep=30)))
    assert thirty.labels == tuple(f"w{i}" for i in range(1, 31))


def test_a_file_of_settings_is_no_data() -> None:
    understood = read(json.dumps(LoopParams().to_dict()).encode(), "a.json")
    with pytest.raises(ValueError, match="data must be a text or a counted list"):
        Law.from_understood(understood)


@often
@given(st.text(alphabet='abc,;\t\n"=0159.-eE \r\x00', max_size=60))
def test_any_text_is_either_a_law_or_a_sentence(text: Any) -> None:
    for make in (Law.from_csv, lambda t: Law.from_text(t, 10)):
        try:
            assert abs(make(text).probabilities().sum() - 1) < 1e-12
        except ValueError as error:
            assert str(error) and "\n" not in str(error)
