"""Cutting texts into words and characters, numbering them, and joining them for a reader."""

from typing import Any

import pytest

from closedloop_core.learners.tokens import (
    MAX_WORD,
    UNKNOWN,
    characters_of,
    numbered,
    readable,
    words_of,
)

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
THUMB = "\U0001f44d\U0001f3fd"
FLAG = "\U0001f1e9\U0001f1ea"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It is a truth, I say!", ["it", "is", "a", "truth", ",", "i", "say", "!"]),
        ("one\nline\n\nnext", ["one", "line", "\n", "next"]),
        ("don\u2019t 'quote' rock'n'roll", ["don't", "'", "quote", "'", "rock'n'roll"]),
        ("\u201cSo?\u201d", ['"', "so", "?", '"']),
        (
            "well--known wide-eyed \u2014",
            ["well", "\u2014", "known", "wide", "-", "eyed", "\u2014"],
        ),
        ("_very_ 1813 x2", ["very", "1813", "x", "2"]),
        ("na\u00efve e\u0301lan", ["na\u00efve", "\u00e9lan"]),
        ("\u0928\u092e\u0938\u094d\u0924\u0947 ok", ["\u0928\u092e\u0938\u094d\u0924\u0947", "ok"]),
        (f"{FAMILY} {THUMB}{FLAG}{FLAG} \u2764\ufe0f", [FAMILY, THUMB, FLAG, FLAG, "\u2764\ufe0f"]),
        (
            "\u05e9\u05dc\u05d5\u05dd \u0633\u0644\u0627\u0645.",
            ["\u05e9\u05dc\u05d5\u05dd", "\u0633\u0644\u0627\u0645", "."],
        ),
        ("  \n\n ", []),
    ],
)
def test_words(text: str, words: Any) -> None:
    assert words_of(text) == words


def test_characters_are_those_that_are_seen() -> None:
    assert characters_of("ab  c\n\n\nd e\nf") == list("ab c\nd e f")
    assert characters_of(f"e\u0301{FAMILY}x{THUMB}") == ["\u00e9", FAMILY, "x", THUMB]


def test_a_word_has_a_bounded_length() -> None:
    assert words_of("a" * 5_000) == ["a" * MAX_WORD]


def test_written_text_reads_like_text() -> None:
    words = words_of('"So, Mr. Darcy (I am sure) is wide-eyed?" said she.\n\nThe end--now.')
    assert readable(words) == (
        "\u201cSo, mr. Darcy (I am sure) is wide-eyed?\u201d Said she.\n\nThe end\u2014now."
    )
    assert readable(list("a b"), "character") == "a b"
    assert readable([]) == ""


def test_words_are_numbered_by_how_often_they_come() -> None:
    kinds, learned, held = numbered(list("babac"), list("cd"), most=10)
    assert kinds == ("a", "b", "c", "d")
    assert (learned.tolist(), held.tolist()) == ([1, 0, 1, 0, 2], [2, 3])


def test_the_rarest_words_are_one() -> None:
    kinds, learned, held = numbered(list("aabbc"), list("ad"), most=3)
    assert kinds == ("a", "b", UNKNOWN)
    assert (learned.tolist(), held.tolist()) == ([0, 0, 1, 1, 2], [0, 2])
