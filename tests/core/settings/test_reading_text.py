"""The words of a text: every script, every mark; what is kept of them and what is said."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core.settings.reading import Reading, understand, unspaced_scripts, words_of

often = settings(deadline=None, max_examples=200)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I saw a cat.", ["i", "saw", "a", "cat"]),
        ("don't l’été ’tis dogs’", ["don't", "l'été", "tis", "dogs"]),
        ("e-mail AT&T x_1", ["e", "mail", "at", "t", "x"]),
        ("H2O 19th 1984 3.14 1'000", ["h2o", "19th"]),
        ("я и ты в лесу", ["я", "и", "ты", "в", "лесу"]),
        ("м’ята мʼята м'ята", ["м'ята"] * 3),
        ("नमस्ते दुनिया, क्‍षि", ["नमस्ते", "दुनिया", "क्‍षि"]),
        ("می‌خواهم کِتاب", ["می‌خواهم", "کِتاب"]),
        ("വന്‍ അവള്‍", ["വന്‍", "അവള്‍"]),
        ("צה״ל צה\"ל צ'ק", ["צה״ל", 'צה"ל', "צ'ק"]),
        ("col·lecció", ["col·lecció"]),
        ("오늘은 날씨가", ["오늘은", "날씨가"]),
        ("Tiếng Việt", ["tiếng", "việt"]),
        ("한국어 ኢትዮጵያ ქართული", ["한국어", "ኢትዮጵያ", "ქართული"]),
        ("ef\u00adfect ﬁnd", ["effect", "find"]),
        (
            "hi😀👨‍👩‍👧👍🏽🇩🇪🇫🇷 1️⃣❤️ ☕ © ™",
            ["hi", "😀", "👨‍👩‍👧", "👍🏽", "🇩🇪", "🇫🇷", "1️⃣", "❤️", "☕"],
        ),
        ("… — 42 !", []),
    ],
)
def test_words_follow_unicode(text: str, words: Any) -> None:
    assert words_of(text) == [unicodedata.normalize("NFC", word) for word in words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Straße STRASSE Maße Masse", ["straße", "strasse", "maße", "masse"]),
        ("GROẞ groß", ["groß", "groß"]),
        ("ΛΌΓΟΣ λόγος ΣΊΣΥΦΟΣ", ["λόγος", "λόγος", "σίσυφος"]),
        ("İstanbul IS Kadıköy, in English it is IN", None),
        ("Iğdır IŞIK ışık kızı İZMİR ayı", ["ığdır", "ışık", "ışık", "kızı", "izmir", "ayı"]),
        ("ЁЛКА ёлка", ["ёлка", "ёлка"]),
    ],
)
def test_case_is_folded_where_this_destroys_nothing(text: str, words: Any) -> None:
    if words is None:
        text += " INTO IT" * 30  # one ı among very many letters: English
        assert "it" in words_of(text) and "ıt" not in words_of(text)
        assert words_of(text)[0] == "istanbul"
    else:
        assert words_of(text) == words


@pytest.mark.parametrize(
    ("text", "words", "scripts"),
    [
        ("我爱Python，天气好。2024", ["我", "爱", "python", "天", "气", "好"], ("Chinese",)),
        ("今日はコーヒー", ["今", "日", "は", "コ", "ー", "ヒ", "ー"], ("Japanese",)),
        ("ภาษาน้ำ", ["ภ", "า", "ษ", "า", "น้ำ"], ("Thai",)),
        ("ភាសា", ["ភា", "សា"], ("Khmer",)),
        ("ພາສາ", ["ພ", "າ", "ສ", "າ"], ("Lao",)),
        ("မြန်မာ", ["မြ", "န်", "မာ"], ("Burmese",)),
        ("no such script", ["no", "such", "script"], ()),
    ],
)
def test_scripts_without_spaces_give_characters(text: str, words: Any, scripts: Any) -> None:
    found = words_of(text)
    assert unspaced_scripts(text) == scripts
    if scripts in (("Thai",), ("Lao",)):
        # Where clusters part within these scripts is for Unicode to say; none is a clause.
        assert "".join(found) == text and all(len(word) <= 4 for word in found)
    else:
        assert found == words


def test_one_letter_words_are_words() -> None:
    # They vanished: half of the tokens of Chinese, a tenth of Russian.
    text = "а и в к я о с у " * 5 + "мир дом"
    assert len(words_of(text)) == 42


def test_characters_and_lines() -> None:
    assert words_of("Hé, 1\n🇩🇪", "characters") == ["h", "é", ",", "1", "🇩🇪"]
    assert words_of(" New  York \r\n\nLA\u2028x\r", "lines") == ["New York", "LA x"]
    with pytest.raises(ValueError, match="unit must be one of words, characters, lines"):
        words_of("a", "syllables")


@often
@given(st.text(max_size=80))
def test_composed_and_decomposed_texts_have_the_same_words(text: Any) -> None:
    text = unicodedata.normalize("NFC", text)
    for unit in ("words", "characters", "lines"):
        words = words_of(text, unit)
        assert words_of(unicodedata.normalize("NFD", text), unit) == words
        assert all(word == unicodedata.normalize("NFC", word) and word.strip() for word in words)


@often
@given(st.text(max_size=80))
def test_a_word_holds_no_space_and_no_control_character(text: Any) -> None:
    for word in words_of(text):
        assert word and not any(character.isspace() for character in word)
        assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in word)


TEXT = "one one one one two two two three three four"


def test_a_text_says_what_it_keeps() -> None:
    found = understand(TEXT, Reading(keep=2))
    assert found.labels == ("one", "two") and found.weights == (4, 3)
    assert (found.total, found.left_out) == (10, 2)
    assert found.dropped_share == pytest.approx(0.3)
    assert found.sentence == (
        "Text, words: 10 words, 4 different; the 2 most frequent kept (70 % of the text): one, two"
    )
    everything = understand(TEXT)  # the case 11_keep_number_dead, with 30
    assert everything.labels == ("one", "two", "three", "four")
    assert everything.dropped_share == 0 and everything.reading.keep == 30
    assert everything.sentence.endswith("4 different; all kept: one, two, three, …")


def test_ties_go_by_the_alphabet() -> None:
    assert understand("pear apple fig apple pear").labels == ("apple", "pear", "fig")


def test_common_words_are_left_out_only_where_asked() -> None:
    text = "The cat and the dog. The cat!"
    assert understand(text).labels == ("the", "cat", "and", "dog")
    found = understand(text, Reading(drop_common="en"))
    assert found.labels == ("cat", "dog") and found.total == 7
    assert found.dropped_share == pytest.approx(4 / 7) and found.left_out == 2
    assert "the most common English words left out (57 % of the text)" in found.sentence


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "der und Haus Baum"),
        ("es", "el y casa árbol"),
        ("fr", "le où maison arbre"),
        ("it", "il è casa albero"),
        ("nl", "de het huis boom"),
        ("pt", "o não casa árvore"),
        ("ru", "и ещё дом дерево"),
    ],
)
def test_common_words_of_every_language(language: str, text: str) -> None:
    found = understand(text, Reading(kind="text", drop_common=language))
    assert sorted(found.labels) == sorted(text.lower().split()[2:])


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("hello", {}, "a text must hold at least 2 different words, got 1"),
        ("12 34", {"kind": "text"}, "at least 2 different words, got 0"),
        ("aaaa", {"unit": "characters"}, "at least 2 different characters, got 1"),
        ("the cat and", {"drop_common": "en"}, "at least 2 labels with a positive sum must stay"),
        (" \n", {}, "a file must not be empty"),
        ("a" * 5_000_001, {}, "at most 5,000,000 characters"),
    ],
)
def test_unusable_texts_are_refused_in_one_sentence(text: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        understand(text, Reading(**options))
    assert message in str(caught.value) and "\n" not in str(caught.value)
