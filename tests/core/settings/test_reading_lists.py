"""Counted lists: what is understood, what is asked, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest

from closedloop_core.settings.reading import Reading, understand

RED_BLUE = {"red": 5.0, "blue": 3.0}


def counts(text: Any, **options: Any) -> Any:
    """Return the labels and weights of a list in which nothing is open."""
    found = understand(text, Reading(**options))
    assert found.kind == "list" and not found.questions, found.sentence
    return dict(zip(found.labels, found.weights, strict=True))


def asked(text: Any, **options: Any) -> Any:
    """Return the fields that are asked; nothing is read while they are open."""
    found = understand(text, Reading(**options))
    assert found.questions and not found.labels and not found.weights
    return [question.field for question in found.questions]


def refused(text: Any, **options: Any) -> Any:
    with pytest.raises(ValueError) as caught:
        understand(text, Reading(**options))
    message = str(caught.value)
    assert "\n" not in message and len(message) < 400
    return message


def test_it_says_what_it_understood() -> None:
    found = understand("Wort;Anteil\nrot;50,5\nblau;30,25\ngelb;19,25")
    assert found.sentence == (
        "Counted list, semicolons, decimal comma, heading “Wort;Anteil”: 3 labels, total 100:"
        " rot 50.5, blau 30.25, gelb 19.25"
    )
    assert found.reading == Reading(
        kind="list",
        separator=";",
        decimal=",",
        heading="yes",
        label_column=1,
        count_column=2,
        keep=10_000,
    )


@pytest.mark.parametrize(
    "text",
    [
        "red,5\nblue,3",
        "red;5\nblue;3\n",
        "red\t5\nblue\t3",
        "red|5\nblue|3",
        "red:5\nblue:3",
        "red 5\nblue 3",
        "red      5\nblue     3",
        "  red 5\n blue 3\n",
        "red , 5\n\n\nblue,3.0\n",
        '"red","5"\r\n"blue","3"\r\n',
        '"red";"5"\r"blue";"3"\r',
        "\ufeffred,5\nblue,3",
        "sep=;\nred;5\nblue;3",
        '"sep=,"\nred,5\nblue,3',
        "sep=\t\nred\t5\nblue\t3",
        "word,freq\nred,5\nblue,3",
        "Kolor,Liczba\nred,5\nblue,3",
        "gibberish;xyzzy\nred;5\nblue;3",
        "# made by a program\n# in May\nred,5\nblue,3",
        "#word,count\nred,5\nblue,3",
        "red,5\n# a remark\nblue,3",
        ",word,count\n0,red,5\n1,blue,3",
        ",count\nred,5\nblue,3",
        "rank;word;freq;percent\n1;red;5;62.5\n2;blue;3;37.5",
        "red,5,\nblue,3,\n",
        "red;5;;;\nblue;3;;;\n;;;;\n",
        "a table of colours\nword,count\nred,5\nblue,3",
        "5,red\n3,blue",
        "      5 red\n      3 blue",
        "red\nblue\nred\nred\nblue\nred\nred\nblue",
        "red,2\nblue,3\nred,3",
        "red,blue\n5,3",
        "| word | n |\n|------|--:|\n| red  | 5 |\n| blue | 3 |",
        "red,5.0\nblue,3e0",
        "red,+5\nblue,3",
        "red,٥\nblue,３",
    ],
)
def test_the_same_counts_are_read_however_they_are_written(text: str) -> None:
    assert counts(text) == RED_BLUE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a;1.234,5\nb;2", {"a": 1234.5, "b": 2}),
        ("a;1,234.5\nb;2", {"a": 1234.5, "b": 2}),
        ("a;1.234.567\nb;2,5", {"a": 1234567, "b": 2.5}),
        ("a;1 234\nb;2", {"a": 1234, "b": 2}),
        ("a;1\u00a0234,5\nb;2", {"a": 1234.5, "b": 2}),
        ("a;1'234\nb;1’000’000", {"a": 1234, "b": 1000000}),
        ("a;1,00,000\nb;2", {"a": 100000, "b": 2}),
        ("a;12 %\nb;88 %", {"a": 12, "b": 88}),
        ("a 12.5 %\nb 87.5%", {"a": 12.5, "b": 87.5}),
        ("a;0,123\nb;0,877", {"a": 0.123, "b": 0.877}),
        ("a;12345.678\nb;1.234", {"a": 12345.678, "b": 1.234}),
        ("red 1 000\nblue 300", {"red": 1000, "blue": 300}),
        ('"a","1,234.5"\n"b","2"', {"a": 1234.5, "b": 2}),
        ("New York 500\nLos Angeles 300", {"New York": 500, "Los Angeles": 300}),
        ("red x   1 200\nblue    300", {"red x": 1200, "blue": 300}),
    ],
)
def test_decimal_and_thousands_marks_that_prove_themselves(text: str, expected: Any) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    ("text", "field", "answers"),
    [
        (
            "rot;12.345\nblau;1.234\ngelb;999",  # the case 03_thousands_dot
            "decimal",
            {
                ".": {"gelb": 999, "rot": 12.345, "blau": 1.234},
                ",": {"rot": 12345, "blau": 1234, "gelb": 999},
            },
        ),
        (
            "rot,50,5\nblau,30,25",
            "separator",
            {"first comma": {"rot": 50.5, "blau": 30.25}},
        ),
        (
            "red 1,5\nblue 5,5",
            "separator",
            {",": {"red 1": 5, "blue 5": 5}, " ": {"red": 1.5, "blue": 5.5}},
        ),
        ("1,5\n2,3", "separator", {",": {"1": 5, "2": 3}}),
        ("4\n2\n2", "count_column", {0: {"4": 1, "2": 2}}),
        (
            "word;2020\nred;5\nblue;3",
            "heading",
            {"yes": RED_BLUE, "no": {"word": 2020, **RED_BLUE}},
        ),
        (
            "1;red\n2;blue\n3;green",
            "count_column",
            {
                0: {"red": 1, "blue": 1, "green": 1},
                1: {"green": 3, "blue": 2, "red": 1},
            },
        ),
        ("Name,Town\nAnn,Rom\nBob,Rom\nCid,Bonn", "label_column", {2: {"Rom": 2, "Bonn": 1}}),
    ],
)
def test_what_cannot_be_decided_is_asked_and_each_answer_decides(
    text: str, field: str, answers: Any
) -> None:
    found = understand(text)
    (question,) = found.questions
    assert question.field == field and not found.labels
    assert {choice.value for choice in question.choices} >= set(answers)
    assert "\n" not in question.sentence
    for value, expected in answers.items():
        options = {field: value, **({"heading": "yes"} if field == "label_column" else {})}
        assert counts(text, **options) == expected
    assert f"--{field}" in question.refusal(f"--{field}")


def test_counts_without_labels_are_numbered() -> None:
    assert counts("40\n20\n30", count_column=1) == {"1": 40, "3": 30, "2": 20}
    assert counts("n\n40\n20\n\n40\n20") == {"1": 40, "2": 20, "3": 40, "4": 20}


def test_open_questions_wait_for_each_other() -> None:
    text = "red;72;w;2\nblue;70;m;2"  # the case semicolon4
    assert asked(text) == ["label_column", "count_column"]
    assert asked(text, label_column=1) == ["count_column"]
    assert counts(text, label_column=1, count_column=2) == {"red": 72, "blue": 70}
    assert "1 “red”, 2 “72”, 3 “w”, 4 “2”" in understand(text).questions[0].sentence


def test_columns_are_chosen_by_number_or_heading() -> None:
    text = "site;Art;Anzahl;Gramm\nA;oak;5;1\nA;elm;3;2\nB;oak;2;9"
    assert counts(text) == {"oak": 7, "elm": 3}
    assert counts(text, label_column="SITE", count_column="Gramm") == {"B": 9, "A": 3}
    assert counts(text, label_column=1, count_column=0) == {"A": 2, "B": 1}
    assert "1 “site”, 2 “Art”" in refused(text, count_column="weight")
    assert "label_column" in refused(text, label_column=3, count_column=3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,1\nb,many", "a count must be a number >= 0, got “many” in line 2"),
        ("a,1\n\nb,-1", "a count must be a number >= 0, got “-1” in line 3"),
        ("a,nan\nb,2\nc,3", "got “nan” in line 1"),
        ("a,2\nb,NaN\nc,3", "got “NaN” in line 2"),
        ("a,2\nb,inf", "got “inf” in line 2"),
        ("a,1_0\nb,2", "got “1_0” in line 1"),
        ("a,5\nb,1_0", "got “1_0” in line 2"),
        ("a,1\nb,=1+1", "got “=1+1” in line 2"),
        ("a,1\nb,1e999", "a number up to 1e+300, got “1e999” in line 2"),
        ("a,1\nb", "every label must have a count, and “b” has none in line 2"),
        ("a,1\nb,\nc,2", "every label must have a count, and “b” has none in line 2"),
        ("a;12.5\nb;12,5", "one decimal mark, got “12.5” in line 1 and “12,5” in line 2"),
        ("a;12 %\nb;5", "must all be percentages, or none, got “5” in line 2"),
        ("a,0\nb,0", "counts must have a positive sum, got only zeros"),
        ("a,1", "at least 2 different labels, got 1"),
        ("a,1\na,2", "at least 2 different labels, got 1"),
        ("x,y\na,1", "got 1 (the first line is read as a heading)"),
        ("New York, NY,500\nRome,300\nRio,20", "got 3 in line 1 and 2 in others"),
        ("red 1 200\nblue 300", "“1 200” could be one number or two"),
        ("a," * 200 + "1\nb,2", "at most 100 columns"),
        ("", "a file must not be empty"),
        ("a,1\nb\0,2", "zero byte at character 6"),
    ],
)
def test_unusable_lists_are_refused_in_one_sentence(text: Any, message: str) -> None:
    assert message in refused(text, kind="list")


def test_zero_counts_are_absent_labels() -> None:
    assert counts("a,1\nb,0") == {"a": 1, "b": 0}


def test_stray_quotation_marks_swallow_no_lines() -> None:
    assert counts('5" nail;3\n6" nail;2\nbolt;1') == {'5" nail': 3, '6" nail': 2, "bolt": 1}
    assert counts('"red;5\nblue";3\nx;1') == {'"red': 5, 'blue"': 3, "x": 1}
    assert "2 lines with stray" in understand('"red;5\n"blue;3\nx;1').sentence


def test_quoted_separators_and_line_ends_belong_to_the_label_and_stay_on_one_line() -> None:
    assert counts('"a,b",2\n"two\nlines",1') == {"a,b": 2, "two lines": 1}
    assert "got “x” in line 4" in refused('"a,b",2\n"two\nlines",1\nc,x')


def test_formulas_are_text() -> None:
    text = '=1+1,4\n"=HYPERLINK(""x"",""y"")",3\n+cmd|x,2\n@sum,1'
    assert list(counts(text)) == ["=1+1", '=HYPERLINK("x","y")', "+cmd|x", "@sum"]


def test_what_was_left_out_or_added_up_is_said() -> None:
    text = "# remark\nword,count\nred,2\nblue,3\nred,3\n,7\nTotal,8"
    found = understand(text)
    assert dict(zip(found.labels, found.weights, strict=True)) == RED_BLUE
    assert found.total == 8
    for words in (
        "1 comment line left out",
        "1 repeated label added up",
        "1 line without a label left out",
        "the sum in the last line, “Total”, left out",
    ):
        assert words in found.sentence


def test_hashtags_are_labels() -> None:
    assert counts("#love,5\n#peace,3") == {"#love": 5, "#peace": 3}


def test_keep_acts_for_lists_and_the_rest_is_said() -> None:
    text = "word,count\n" + "\n".join(f"w{i},{20000 - i}" for i in range(1, 10_002))
    found = understand(text, Reading(keep=30))
    assert found.labels == tuple(f"w{i}" for i in range(1, 31))
    assert found.left_out == 10_001 - 30
    assert found.dropped_share == pytest.approx(1 - sum(found.weights) / found.total)
    assert "10,001 labels" in found.sentence and "the 30 most frequent kept" in found.sentence
    everything = understand(text)
    assert len(everything.labels) == 10_000 and everything.left_out == 1
    assert "the 10,000 most frequent kept (over 99 % of the total)" in everything.sentence
    assert understand(text, replace(everything.reading, keep=2)).labels == ("w1", "w2")


def test_ties_keep_the_order_of_the_file() -> None:
    assert list(counts("x,1\nc,2\na,1\nb,1")) == ["c", "x", "a", "b"]


def test_common_words_are_left_out_of_a_list_too() -> None:
    found = understand("The,60\nred,30\nblue,10", Reading(drop_common="en"))
    assert found.labels == ("red", "blue") and found.dropped_share == pytest.approx(0.6)
    assert "the most common English words left out (60 % of the total)" in found.sentence


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "table"},
        {"separator": "ab"},
        {"separator": "a"},
        {"decimal": "'"},
        {"heading": "perhaps"},
        {"label_column": 0},
        {"count_column": -1},
        {"count_column": True},
        {"unit": "syllables"},
        {"keep": 1},
        {"keep": 10_001},
        {"keep": 2.5},
        {"drop_common": "xx"},
    ],
)
def test_options_are_checked_at_birth(options: Any) -> None:
    (field,) = options
    with pytest.raises(ValueError, match=f"{field} must be") as caught:
        Reading(**options)
    assert caught.value.field == field  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "The cat sat on the mat.\nIt was 1984, and all was well.\nNobody came.",
        "I was born in the year 1984\nShe left us again in 1990\nWe met in the spring of 1999",
        "1. red\n2. blue\n3. green",
        "10:30 hello there\n10:31 well hi",
        "red blue red",
        "“Yes, 5,” he said.\nThen he left.",
    ],
)
def test_prose_is_no_list(text: str) -> None:
    assert understand(text).kind == "text"
