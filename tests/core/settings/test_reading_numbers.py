"""Numbers as people write them: read, asked, or refused; never changed without a word."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core.settings.reading import (
    Number,
    Question,
    read_number,
    read_typed,
    shifted,
)

often = settings(deadline=None, max_examples=200)


@pytest.mark.parametrize(
    ("text", "value", "decimal"),
    [
        ("5", 5, None),
        (" 5 ", 5, None),
        ("+5", 5, None),
        ("-5", -5, None),
        ("−5", -5, None),
        ("007", 7, None),
        ("12.5", 12.5, "."),
        ("12,5", 12.5, ","),
        ("0.123", 0.123, "."),
        ("0,123", 0.123, ","),
        (".5", 0.5, "."),
        ("5.", 5, "."),
        ("12345.678", 12345.678, "."),
        ("12345,678", 12345.678, ","),
        ("1,234.5", 1234.5, "."),
        ("1.234,5", 1234.5, ","),
        ("1,234,567", 1234567, "."),
        ("1.234.567", 1234567, ","),
        ("1,00,000", 100000, "."),
        ("12,34,567.5", 1234567.5, "."),
        ("1 000", 1000, None),
        ("1 234 567,5", 1234567.5, ","),
        ("1\u00a0234\u202f567", 1234567, None),
        ("1\u202f234.5", 1234.5, "."),
        ("1'000", 1000, None),
        ("1’000’000.5", 1000000.5, "."),
        ("1e3", 1000, None),
        ("1.5E+3", 1500, "."),
        ("1,5e-3", 0.0015, ","),
        ("١٢٣", 123, None),
        ("१२", 12, None),
        ("１２", 12, None),
        ("1٫5", 1.5, "."),
        ("0" * 60, 0, None),
    ],
)
def test_numbers_of_many_countries(text: Any, value: float, decimal: str | None) -> None:
    assert read_number(text) == Number(value, decimal)


@pytest.mark.parametrize(("text", "value"), [("12 %", 12), ("12%", 12), ("12,5 %", 12.5)])
def test_percentages_are_marked_and_not_divided(text: str, value: float) -> None:
    read = read_number(text)
    assert isinstance(read, Number) and read.value == value and read.is_percent


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("1.234", 1.234, 1234),
        ("1,234", 1234, 1.234),
        ("1.000", 1, 1000),
        ("10,000", 10000, 10),
        ("-1.000", -1, -1000),
    ],
)
def test_one_mark_before_three_digits_is_asked_and_an_option_decides(
    text: str, point: float, comma: float
) -> None:
    question = read_number(text)
    assert isinstance(question, Question) and question.field == "decimal"
    assert f"“{text}” could be {point:g} or {comma:g}." in question.sentence.replace("−", "-")
    assert read_number(text, ".") == Number(point)
    assert read_number(text, ",") == Number(comma)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "%", "-", ".", ",", "e5", "1e", "1_0", "nan", "NaN", "inf", "-inf", "0x10"),
        *("1,2,3", "1.2.3", "1,234.5.6", "12.34.567", "1 2", "1 00", "01,234,567"),
        *("1'234 567", "1,234.5,6", "5 kg", "five", "½", "²", "--5", "+-5", "5-", "1e999"),
        *("9" * 61, "1\t000", "1\n000", "$5", "1:2"),
    ],
)
def test_what_is_no_number_is_refused_in_one_sentence(text: Any) -> None:
    with pytest.raises(ValueError, match="a number must be like") as caught:
        read_number(text)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 120


def test_a_declared_mark_refuses_the_other() -> None:
    assert read_number("12.5", ".") == Number(12.5, ".")
    with pytest.raises(ValueError, match="a number must be like 1.234,5, got “12.5”"):
        read_number("12.5", ",")
    with pytest.raises(ValueError, match="decimal must be"):
        read_number("12.5", ";")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1000", 1000),
        ("1,000", 1000),  # as the dashboard writes it
        ("1,234", 1234),
        ("1 000", 1000),
        ("1'000", 1000),
        ("1.000.000", 1000000),
        ("1,000,000", 1000000),
        ("1e3", 1000),
        ("5.0", 5),
    ],
)
def test_a_field_of_whole_numbers(text: str, value: int) -> None:
    assert read_typed("sample_size", text, whole=True, low=1, high=1e9) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1.000", "“1.000” could be 1 or 1000: write 1 or 1000"),
        ("10.000", "“10.000” could be 10 or 10000: write 10 or 10000"),
        ("1.234", "“1.234” could be 1.234 or 1234: write 1234"),
        ("12.5", "sample_size must be a whole number, got “12.5”"),
        ("12,5", "sample_size must be a whole number, got “12,5”"),
        ("1_0", "sample_size must be a whole number, got “1_0”"),
        ("12 %", "sample_size must be a whole number, got “12 %”"),
        ("", "sample_size must be a whole number, got “”"),
        ("1e999", "sample_size must be a whole number"),
    ],
)
def test_a_field_of_whole_numbers_changes_nothing_silently(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_typed("sample_size", text, whole=True, low=1, high=1e9)
    assert message in str(caught.value)
    assert caught.value.field == "sample_size"  # type: ignore[attr-defined]


def test_limits_settle_what_only_one_reading_meets() -> None:
    assert read_typed("temperature", "1.000", low=0.02, high=50) == 1.0
    assert read_typed("temperature", "1,500", low=0.02, high=50) == 1.5
    assert read_typed("temperature", "0,5", low=0.02, high=50) == 0.5
    with pytest.raises(ValueError, match="“1.500” could be 1.5 or 1500: write 1.5 or 1500"):
        read_typed("growth", "1.500", low=1e-6, high=1e9)


def test_shares_may_be_typed_in_per_cent() -> None:
    assert read_typed("external_fraction", "29 %", low=0, high=1, share=True) == 0.29
    assert read_typed("external_fraction", "0.29", low=0, high=1, share=True) == 0.29


def test_per_cent_are_moved_by_two_places_and_not_divided() -> None:
    divided = 0
    for hundredths in range(10_001):
        typed = f"{hundredths // 100}.{hundredths % 100:02}"
        wanted = float(f"{hundredths}e-4")
        assert read_typed("share", f"{typed} %", low=0, high=1, share=True) == wanted
        assert shifted(wanted, 2) == float(typed) and shifted(float(typed), -2) == wanted
        divided += float(typed) / 100 != wanted
    assert divided > 100  # 0.70 is not the only one that a division spoils
    assert shifted(5e-324, 2) == float("5e-322") and shifted(float("inf"), -2) == float("inf")


@often
@given(st.integers(0, 10**12), st.sampled_from([",", ".", " ", "'", "\u00a0", "\u202f"]))
def test_grouped_whole_numbers_are_read_or_asked(number: Any, mark: Any) -> None:
    text = f"{number:,}".replace(",", mark)
    read = read_number(text)
    if isinstance(read, Question):
        assert mark in ".," and text.count(mark) == 1
        read = read_number(text, "." if mark == "," else ",")
    assert read.value == number


@often
@given(
    st.floats(0, 1e12, allow_nan=False),
    st.sampled_from([".", ","]),
)
def test_floats_are_read_to_the_last_digit(number: Any, mark: Any) -> None:
    text = repr(number).replace(".", mark)
    read = read_number(text, mark)
    assert read.value == number


@often
@given(st.text(max_size=30), st.sampled_from(["auto", ".", ","]), st.booleans())
def test_any_text_is_a_number_a_question_or_a_sentence(text: Any, decimal: Any, whole: Any) -> None:
    for call in (
        lambda: read_number(text, decimal),
        lambda: read_typed("field", text, whole=whole, low=0, high=100),
    ):
        try:
            read = call()
        except ValueError as error:
            assert "must be" in str(error) and len(str(error)) < 160
            assert not any(one.isspace() and one != " " for one in str(error))
        else:
            assert isinstance(read, Number | Question | float)
