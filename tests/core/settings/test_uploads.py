"""Uploads: what CSV files may look like, and one clear sentence for what they may not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core import Law
from closedloop_core.settings.texts import decode_upload

COUNTED = Law.from_weights([5, 3, 1], ["a", "b", "c"])
often = settings(deadline=None, max_examples=80)


@pytest.mark.parametrize(
    "text",
    [
        "a,5\nb,3\nc,1",
        "a;5\nb;3\nc;1\n",
        "a\t5\nb\t3\nc\t1",
        "word,count\na,5\nb,3\nc,1",
        "label;Frequency\na;5\nb;3\nc;1",
        "c,1\nb,3\na,5",
        "a,2\nb,3\nc,1\na,3",
        '"a","5"\r\n"b","3"\r\n"c","1"\r\n',
        "\n\na , 5\n\nb, 3.0\n,\nc,1e0\n\n",
    ],
)
def test_the_same_counts_make_the_same_law_however_they_are_written(text):
    assert Law.from_csv(text) == COUNTED


def test_ties_keep_the_order_of_the_file():
    assert Law.from_csv("x,1\nc,2\na,1\nb,1").labels == ("c", "x", "a", "b")


def test_formulas_are_text():
    law = Law.from_csv('=1+1,4\n"=HYPERLINK(""x"",""y"")",3\n+cmd|x,2\n@sum,1')
    assert law.labels == ("=1+1", '=HYPERLINK("x","y")', "+cmd|x", "@sum")
    with pytest.raises(ValueError, match="a count must be a number >= 0, got '=1[+]1' in line 2"):
        Law.from_csv("a,1\nb,=1+1")


def test_quoted_separators_and_line_ends_belong_to_the_label():
    assert Law.from_csv('"a,b",2\n"two\nlines",1').labels == ("a,b", "two\nlines")


def test_zero_counts_are_absent_outcomes():
    np.testing.assert_array_equal(Law.from_csv("a,1\nb,0").probabilities(), [1, 0])


@pytest.mark.parametrize("count", ["-1", "many", "", "nan", "NaN", "inf", "-inf", "1e999", "1;2"])
def test_counts_that_are_no_numbers_from_zero_are_refused_with_their_line(count):
    with pytest.raises(ValueError, match="a count must be a number >= 0, got '.*' in line 2"):
        Law.from_csv(f"a,1\nb,{count}\nc,2")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "at least 2 different labels, got 0"),
        ("word,count", "at least 2 different labels, got 0"),
        ("a,1", "at least 2 different labels, got 1"),
        ("a,1\na,2", "at least 2 different labels, got 1"),
        ("a,1\nb", r"line must be label,count; line 2 has 1 cell"),
        ("a,1\nb,2,3", r"line must be label,count; line 2 has 3 cell"),
        ("just words\nin lines", r"line must be label,count; line 1 has 1 cell"),
        ("a,0\nb,0", "positive sum, got only zeros"),
        ("a,1e308\na,1e308\nb,1", "must be finite"),
        ("a,1\n" + "x" * 200_000 + ",2", "a CSV must be readable, line 2"),
        ("a,1\rb,2", "a CSV must be readable, line 1"),
        ("\n".join(f"w{i},1" for i in range(10_001)), "at most 10,000 different labels"),
    ],
)
def test_unusable_files_are_refused_in_one_sentence(text, message):
    with pytest.raises(ValueError, match=message) as caught:
        Law.from_csv(text)
    assert "\n" not in str(caught.value)


def test_ten_thousand_labels_are_accepted():
    assert Law.from_csv("\n".join(f"w{i},1" for i in range(10_000))).n == 10_000


@often
@given(st.text(alphabet='abc,;\t\n"=0159.-eE \r\x00', max_size=60))
def test_any_text_is_either_a_law_or_a_sentence(text):
    for read in (Law.from_csv, lambda t: Law.from_text(t, 10)):
        try:
            assert abs(read(text).probabilities().sum() - 1) < 1e-12
        except ValueError as error:
            assert "must" in str(error)


def test_uploads_are_utf8_with_or_without_a_mark():
    assert decode_upload("naïve".encode()) == "naïve"
    assert decode_upload(b"\xef\xbb\xbfa,1") == "a,1"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a file must not be empty"),
        (b" \n\t ", "a file must not be empty"),
        (b"\xef\xbb\xbf", "a file must not be empty"),
        (b"abc\xff", "a file must be UTF-8 text, got byte 3"),
        ("naïve".encode("latin-1"), "a file must be UTF-8 text, got byte 2"),
        ("ab".encode("utf-16"), "a file must be UTF-8 text, got byte 0"),
        (b"a" * 5_000_001, "a file may hold at most 5 MB, got 5.0 MB"),
        (b"\xff" * 6_000_000, "a file may hold at most 5 MB, got 6.0 MB"),
    ],
)
def test_unusable_uploads_are_refused_in_one_sentence(data, message):
    with pytest.raises(ValueError, match=message):
        decode_upload(data)


def test_five_megabytes_are_accepted():
    assert len(decode_upload(b"a" * 5_000_000)) == 5_000_000
