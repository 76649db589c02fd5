"""Lists of the kinds that people bring: languages, surnames, species, emoji, spreadsheets."""

import unicodedata
from typing import Any

import pytest

from closedloop_core.settings.reading import Reading, read, understand

HEADED = {
    "German": "Wort;Häufigkeit\nStraße;1.200,5\nÄpfel;30,25\nMaße;2",
    "French": "mot;fréquence\nl'été;1 200,5\nœuvre;30,25\nà;2",
    "Spanish": "palabra;frecuencia\nniño;1.200,5\n¿qué?;30,25\ny;2",
    "Polish": "słowo;liczba\nżółć;1 200,5\nłąka;30,25\ni;2",
    "Czech": "slovo;počet\nžluťoučký;1 200,5\nkůň;30,25\na;2",
    "Turkish": "kelime;sıklık\nİstanbul;1.200,5\nışık;30,25\no;2",
    "Russian": "слово;частота\nёлка;1 200,5\nцвет;30,25\nя;2",
    "Greek": "λέξη;συχνότητα\nλόγος;1.200,5\nφως;30,25\nο;2",
    "Arabic": "كلمة;عدد\nكتاب;1200,5\nقلم;30,25\nو;2",
    "Hindi": "शब्द;संख्या\nनमस्ते;1200,5\nक्‍षि;30,25\nव;2",
    "Chinese": "词;频率\n数据;1200,5\n颜色;30,25\n我;2",
    "Korean": "단어;빈도\n빨강;1200,5\n파랑;30,25\n물;2",
}


@pytest.mark.parametrize("text", HEADED.values(), ids=HEADED)
def test_word_lists_of_twelve_languages(text: Any) -> None:
    found = understand(text)
    assert found.weights == (1200.5, 30.25, 2.0)
    assert found.labels == tuple(line.split(";")[0] for line in text.split("\n")[1:])
    assert found.reading.heading == "yes" and found.reading.decimal == ","


@pytest.mark.parametrize("text", HEADED.values(), ids=HEADED)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_in_every_unicode_encoding_and_line_end(text: Any, encoding: str) -> None:
    expected = understand(text)
    for end in ("\n", "\r", "\r\n"):
        found = read(text.replace("\n", end).encode(encoding), "words.csv")
        assert (found.labels, found.weights) == (expected.labels, expected.weights)


def test_composed_and_decomposed_labels_are_one() -> None:
    text = unicodedata.normalize("NFD", "é,2\n한,1\n") + "é,3\n한,4\nx,1"
    found = understand(text)
    assert dict(zip(found.labels, found.weights, strict=True)) == {"é": 5, "한": 5, "x": 1}


def test_surnames_of_one_column_are_counted_and_keep_their_case() -> None:
    found = understand("Müller\nO'Brien\nMüller\nd’Artagnan\nMüller\nO'Brien")
    assert found.kind == "list"
    assert found.labels == ("Müller", "O'Brien", "d’Artagnan") and found.weights == (3, 2, 1)
    assert found.sentence.startswith("Counted list, one label a line: 3 labels, total 6: Müller 3")
    names = "de la Cruz\nvan Dyck\nde la Cruz"
    assert read(names.encode(), "names.csv").labels == ("de la Cruz", "van Dyck")
    assert understand(names).kind == "text"
    assert understand(names, Reading(unit="lines")).labels == ("de la Cruz", "van Dyck")


def test_a_species_table_of_many_sites() -> None:
    text = "site,year,species,abundance\nA,2019,Quercus robur,5\nA,2020,Ulmus minor,3\n"
    text += "B,2019,Quercus robur,2"
    found = understand(text)
    assert dict(zip(found.labels, found.weights, strict=True)) == {
        "Quercus robur": 7,
        "Ulmus minor": 3,
    }
    assert "labels in column 3 “species”, counts in column 4 “abundance”" in found.sentence
    assert found.columns == ("site", "year", "species", "abundance")


def test_emoji_stay_whole() -> None:
    text = "👨‍👩‍👧 5\n👍🏽 4\n🇩🇪 3\n❤️ 2\n🏴󠁧󠁢󠁥󠁮󠁧󠁿 1"
    assert understand(text).labels == ("👨‍👩‍👧", "👍🏽", "🇩🇪", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿")


def test_columns_copied_from_a_spreadsheet() -> None:
    text = "Farbe\tAnzahl\tAnteil\t\r\nrot\t1.200\t80,0 %\t\r\nblau\t300\t20,0 %\t\r\n"
    (question,) = understand(text).questions
    assert question.field == "decimal" and "“1.200” in line 2" in question.sentence
    found = understand(text, Reading(decimal=","))
    assert found.labels == ("rot", "blau") and found.weights == (1200, 300)


def test_lines_in_scripts_without_spaces_are_a_text_of_characters() -> None:
    found = understand("我爱你\n你爱我们\n天气很好")
    assert found.kind == "text" and all(len(label) == 1 for label in found.labels)
    assert "characters where it is Chinese" in found.sentence


@pytest.mark.parametrize(
    ("name", "kind"), [("a.csv", "list"), ("a.TSV", "list"), ("a.txt", "text"), ("", "text")]
)
def test_the_ending_of_a_name_settles_what_the_text_leaves_open(name: str, kind: str) -> None:
    assert read(b"red house\nblue house\n", name).kind == kind


def test_the_case_of_the_tsv_ending() -> None:
    found = read(b"label\tcount\nred\t5\nblue\t3\n", "list.tsv")
    assert found.labels == ("red", "blue") and found.weights == (5, 3)


@pytest.mark.parametrize(
    "text",
    [
        '{"red": 5, "blue": 3}',
        '{"red": 2, "blue": 3, "red": 3}',
        '[["red", 5], ["blue", 3]]',
        '[{"word": "red", "n": 5}, {"word": "blue", "n": 3}]',
        '[{"id": 7, "count": "3", "label": "blue"}, {"id": 9, "count": "5", "label": "red"}]',
        '["red", "blue", "red", "blue", "red", "blue", "red", "red"]',
        '{"labels": ["red", "blue"], "counts": [5, 3]}',
        '\ufeff{"red": 5.0, "blue": 3e0}',
    ],
)
def test_lists_in_json(text: str) -> None:
    found = read(text.encode(), "list.json")
    assert dict(zip(found.labels, found.weights, strict=True)) == {"red": 5, "blue": 3}
    assert found.sentence.startswith("Counted list, JSON")


def test_numbers_in_json_are_never_open() -> None:
    assert understand('{"a": 12.345, "b": 1.234}').weights == (12.345, 1.234)
    assert understand('{"a": "12.345", "b": "1.234"}').questions[0].field == "decimal"


def test_numbers_in_json_can_be_labels() -> None:
    found = understand("[6, 1, 6, 2.5]", Reading(count_column=0))
    assert dict(zip(found.labels, found.weights, strict=True)) == {"6": 2, "1": 1, "2.5": 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 the 22038615\n2 be 12545825\n3 and 10741073", {"the": 22038615, "be": 12545825}),
        ("Rank\tWord\tPart of speech\tFrequency\n1\tthe\ta\t22\n2\tbe\tv\t12", {"the": 22}),
        ("word count\nthe 22\nbe 12", {"the": 22, "be": 12}),
        ("0;5\n1;7\n2;9", {"0": 5, "1": 7, "2": 9}),
        ("2020;5\n2021;7", {"2020": 5, "2021": 7}),
        ("word;Anzahl (Stück)\nred;5\nblue;3", {"red": 5, "blue": 3}),
        ("Liste der Farben;;\nFarbe;Zahl;\nrot;5;\nblau;3;", {"rot": 5, "blau": 3}),
    ],
)
def test_lists_as_corpora_and_statistics_publish_them(text: str, expected: Any) -> None:
    found = understand(text)
    assert not found.questions, found.questions
    read_back = dict(zip(found.labels, found.weights, strict=True))
    assert {label: read_back[label] for label in expected} == expected


def test_a_settings_file_is_recognised() -> None:
    found = read(b'\xef\xbb\xbf{"format": "closedloop", "version": 3, "seed": 7}', "settings.json")
    assert found.kind == "settings" and found.labels == ()
    assert found.settings == {"format": "closedloop", "version": 3, "seed": 7}
    assert understand('{"format": 5, "version": 3}').kind == "list"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "a JSON file must be whole, got an error in line 1"),
        ('["a",\n', "a JSON file must be whole, got an error in line 2"),
        ("5", "a JSON file must hold saved settings"),
        ("[]", "got an empty one"),
        ('{"a": true, "b": 1}', "got true as item 1"),
        ('{"a": [1], "b": 1}', "got a list of 1 as item 1"),
        ('[["a", 1], "b"]', "got “b” as item 2"),
        ('{"a": NaN, "b": 1}', "a count must be a number >= 0, got NaN"),
        ('{"a": 1e999, "b": 1}', "as item 1"),
        ('{"a": 1, "b": -2}', "a count must be a number >= 0, got “-2” in item 2"),
        ('{"labels": ["a", "b"], "counts": [1]}', "as many, got 2 and 1"),
        ("[" * 100_000, "a JSON file must be"),
        ("9" * 5_000, "a JSON file must be"),
    ],
)
def test_unusable_json_is_refused_in_one_sentence(text: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        read(text.encode(), "list.json")
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_text_in_brackets_is_still_text() -> None:
    assert understand("[Music] he sang, [music] she sang").kind == "text"
