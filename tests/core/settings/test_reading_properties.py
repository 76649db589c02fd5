"""What holds for every list: written in any manner and read back it is the same."""

import csv
import io
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from closedloop_core.settings.reading import Reading, clean_label, understand

often = settings(deadline=None, max_examples=150)

LETTERS = st.text(st.characters(categories=("Lu", "Ll", "Lo")), min_size=1, max_size=8)
LABELS = st.lists(
    LETTERS.map(clean_label).filter(bool), min_size=2, max_size=20, unique_by=str.casefold
)
COUNTS = st.decimals(min_value=0, max_value=10**9, places=2)
ANY_LABEL = st.text(max_size=30)
SIGNS = st.sampled_from(["\t", ";", "|", ","])


def written(labels: Any, counts: Any, sign: Any, mark: Any, heading: Any, quoted: Any) -> Any:
    """Return a list as a program writes it."""
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted or sign == mark else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=sign, quoting=quoting)
    if heading:
        writer.writerow(["word", "count"])
    writer.writerows(
        [label, str(count).replace(".", mark)] for label, count in zip(labels, counts, strict=True)
    )
    return out.getvalue()


@often
@given(LABELS, st.data(), SIGNS, st.sampled_from(".,"), st.booleans(), st.booleans())
def test_a_list_reads_back_whatever_separates_it(
    labels: Any, data: Any, sign: Any, mark: Any, heading: Any, quoted: Any
) -> None:
    counts = data.draw(st.lists(COUNTS, min_size=len(labels), max_size=len(labels)))
    assume(any(counts))
    text = written(labels, counts, sign, mark, heading, quoted)
    found = understand(text)
    assert not found.questions, found.questions
    assert dict(zip(found.labels, found.weights, strict=True)) == {
        label: float(count) for label, count in zip(labels, counts, strict=True)
    }
    assert found.reading.separator == sign and found.reading.decimal == mark
    assert list(found.weights) == sorted(found.weights, reverse=True)


@often
@given(LABELS, st.data(), st.sampled_from(["\n", "\r", "\r\n"]), st.integers(1, 4))
def test_a_list_with_spaces_reads_back(labels: Any, data: Any, end: Any, width: Any) -> None:
    counts = data.draw(st.lists(st.integers(1, 999), min_size=len(labels), max_size=len(labels)))
    lines = [f"{label}{' ' * width}{n}" for label, n in zip(labels, counts, strict=True)]
    found = understand(end.join(lines))
    assert dict(zip(found.labels, found.weights, strict=True)) == dict(
        zip(labels, counts, strict=True)
    )


@often
@given(st.lists(st.tuples(ANY_LABEL, st.integers(0, 99)), min_size=2, max_size=12), SIGNS)
def test_labels_are_clean_and_nothing_is_lost(rows: Any, sign: Any) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=sign, quoting=csv.QUOTE_ALL).writerows(rows)
    try:
        found = understand(out.getvalue(), Reading(kind="list", separator=sign, heading="no"))
    except ValueError as error:
        assert len(str(error).splitlines()) == 1
        return
    if found.questions:
        assert not found.labels and not found.weights
        return
    for label in found.labels:
        assert label and len(label) <= 100 and label == unicodedata.normalize("NFC", label)
        assert len(label.splitlines()) == 1 and label == label.strip()
        assert not any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in label)
    assert len(set(found.labels)) == len(found.labels)
    assert sum(found.weights) + found.dropped_share * found.total == pytest.approx(found.total)


@often
@given(LABELS, st.data(), st.integers(2, 30))
def test_what_is_kept_and_what_is_dropped_make_the_total(labels: Any, data: Any, keep: Any) -> None:
    counts = data.draw(st.lists(st.integers(1, 9999), min_size=len(labels), max_size=len(labels)))
    text = "".join(f"{label};{n}\n" for label, n in zip(labels, counts, strict=True))
    found = understand(text, Reading(keep=keep))
    assert len(found.labels) == min(keep, len(labels))
    assert found.left_out == len(labels) - len(found.labels)
    assert found.total == sum(counts)
    assert sum(found.weights) == pytest.approx((1 - found.dropped_share) * found.total)


@often
@given(st.text(alphabet="ab é1205.,;|:\t\n\r\"%#-'\u0301\u00a0", max_size=60))
def test_the_guesses_it_reports_read_the_same(text: Any) -> None:
    try:
        found = understand(text)
    except ValueError as error:
        assert len(str(error).splitlines()) == 1 and len(str(error)) < 500
        return
    if found.questions:
        for question in found.questions:
            for choice in question.choices:
                replace(found.reading, **{question.field: choice.value})  # a valid option
        return
    again = understand(text, found.reading)
    assert (again.labels, again.weights) == (found.labels, found.weights)
    assert again.dropped_share == found.dropped_share and again.reading == found.reading


@often
@given(st.text(max_size=120))
def test_clean_labels_are_clean_and_stay_so(text: Any) -> None:
    label = clean_label(text)
    assert clean_label(label) == label
    assert clean_label(unicodedata.normalize("NFD", text)) == clean_label(
        unicodedata.normalize("NFC", text)
    )


def test_long_labels_are_cut_and_stay_different() -> None:
    text = "".join(f"{'x' * 150}{i};{i + 1}\n" for i in range(5)) + "short;9"
    found = understand(text)
    assert len(set(found.labels)) == 6 and max(map(len, found.labels)) <= 100
    assert found.notes == ("5 labels cut at 100 characters.",)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("  two   words ", "two words"),
        ("a\tb\nc\r\nd", "a b c d"),
        ("a\u2028b\u2029c\u0085d\x0be", "a b c d e"),
        ("a\x00\x07b\u200bc\ufeffd\u202ee\u00adf", "abcdef"),
        ("e\u0301", "é"),
        ("\u1112\u1161\u11ab", "한"),
        ("\ud800x", "\ufffdx"),
        ("می‌خواهم", "می‌خواهم"),
        ("\u200d\u200c", ""),
        ("ß ﬁ Ⅳ", "ß ﬁ Ⅳ"),
    ],
)
def test_labels_keep_what_is_seen(text: str, label: str) -> None:
    assert clean_label(text) == label
