"""Which column holds the labels and which the counts: by contents, by headings, or by a question.

Next: `counting`, which adds up.
"""

from dataclasses import dataclass

from closedloop_core.quoting import quoted
from closedloop_core.settings.reading.columns import Columns, no_counts, text_of
from closedloop_core.settings.reading.headings import COUNT, INDEX, LABEL, SHARE, named_as
from closedloop_core.settings.reading.options import (
    NO_COUNTS,
    Choice,
    Question,
    Reading,
    ReadingError,
)
from closedloop_core.settings.reading.records import Table


@dataclass(frozen=True)
class Chosen:
    """The columns of labels and counts, from 0; None where a list has no such column."""

    label: int | None
    count: int | None
    questions: tuple[Question, ...] = ()


def choose(table: Table, columns: Columns, reading: Reading) -> Chosen:
    """Choose the columns of labels and counts; what an option says is kept.

    Raises
    ------
    ReadingError
        (A ValueError.) If an option names no column, or both name the same.
    """
    has_none = no_counts(reading.count_column)
    label = count = None
    if reading.label_column is not None:
        label = columns.numbered(reading.label_column, "label_column")
    if reading.count_column is not None and not has_none:
        count = columns.numbered(reading.count_column, "count_column")
    if label is not None and label == count:
        raise ReadingError(
            "label_column", f"label_column must not be the column of counts, got {label + 1}"
        )
    if len(columns.filled) == 1 and label is None and reading.count_column is None:
        return _one_column(columns)
    questions: list[Question] = []
    if count is None and not has_none:
        count = _count_column(columns, label, questions)
    if label is None:
        label = _label_column(columns, count, questions)
    if not questions and reading.heading == "auto":
        questions += _heading_question(table, columns, label, count)
    return Chosen(label, count, tuple(questions))


def _one_column(columns: Columns) -> Chosen:
    """Labels to be counted, or counts without labels: of a column of numbers this is asked."""
    j = columns.filled[0]
    title = columns.title(j)
    if not columns.numeric or named_as(title, LABEL):
        return Chosen(j, None)
    if named_as(title, COUNT) or named_as(title, SHARE):
        return Chosen(None, j)
    question = Question(
        "count_column",
        f"One column of numbers ({columns.example(j).partition(': ')[2]}, …) could be labels to be"
        " counted, or counts without labels.",
        (
            Choice(NO_COUNTS, "labels: every line counts once"),
            Choice(j + 1, "counts: the labels are 1, 2, 3 and so on"),
        ),
    )
    return Chosen(j, None, (question,))


def _count_column(columns: Columns, label: int | None, questions: list[Question]) -> int | None:
    candidates = [j for j in columns.numeric if j != label]
    if len(candidates) > 1:
        candidates = _best_named(columns, candidates, COUNT) or candidates
    if len(candidates) > 1:
        others = [j for j in candidates if not columns.numbers_lines(j)]
        candidates = _best_named(columns, others, SHARE) or others or candidates
    texts = [j for j in columns.filled if j not in columns.numeric]
    if len(candidates) == 2 == len(columns.filled) and label is None and not texts:
        return candidates[1]  # as label,count is written
    if len(candidates) > 1:
        questions.append(_question(columns, candidates, "count_column", "counts"))
        return None
    if candidates and _may_number_lines(columns, candidates[0], texts):
        if not named_as(columns.title(candidates[0]), INDEX):
            questions.append(_number_question(columns, candidates[0]))
        return None
    return candidates[0] if candidates else None


def _may_number_lines(columns: Columns, j: int, texts: list[int]) -> bool:
    """Say whether the only numbers stand before the labels and may be those of the lines."""
    title = columns.title(j)
    is_named = named_as(title, COUNT) or named_as(title, SHARE)
    is_before = any(text > j for text in texts)
    is_long = len(columns.rows) - columns.first > 2 or bool(named_as(title, INDEX))
    return is_before and is_long and not is_named and columns.numbers_lines(j)


def _number_question(columns: Columns, j: int) -> Question:
    return Question(
        "count_column",
        f"The numbers in {columns.example(j)} and so on could be counts, or number the lines.",
        (Choice(NO_COUNTS, "line numbers: every line counts once"), Choice(j + 1, "counts")),
    )


def _label_column(columns: Columns, count: int | None, questions: list[Question]) -> int | None:
    texts = [j for j in columns.filled if j not in columns.numeric and j != count]
    candidates = texts or [j for j in columns.filled if j != count]
    if len(candidates) > 1:
        candidates = _best_named(columns, candidates, LABEL) or candidates
    if len(candidates) > 1 and (texts or not questions):
        questions.insert(0, _question(columns, candidates, "label_column", "labels"))
    return candidates[0] if candidates else None


def _best_named(columns: Columns, candidates: list[int], kind: str) -> list[int]:
    """Return the one column whose heading names the kind best, if there is one."""
    points = {j: named_as(columns.title(j), kind) for j in candidates}
    top = max(points.values(), default=0)
    best = [j for j in candidates if points[j] == top]
    return best if top and len(best) == 1 else []


def _question(columns: Columns, candidates: list[int], field: str, what: str) -> Question:
    numbers = "" if columns.numeric else ", none of numbers"
    return Question(
        field,
        f"There are {len(columns.filled)} columns{numbers} ({columns.listed()}), and several could"
        f" hold the {what}.",
        tuple(Choice(j + 1, columns.example(j)) for j in candidates),
    )


def _heading_question(
    table: Table, columns: Columns, label: int | None, count: int | None
) -> list[Question]:
    """Ask about a first line such as species,2020: a heading with a year, or data."""
    if columns.heading is not None or label is None or count is None or len(table.rows) < 3:
        return []
    name = text_of(table.rows[0], label)
    year = text_of(table.rows[0], count)
    if named_as(name, LABEL) < 2 or not (year.isdecimal() and "1900" <= year <= "2100"):
        return []
    if len(year) != 4:
        return []
    choices = (Choice("yes", "a heading"), Choice("no", f"data: {quoted(name)} is a label"))
    sentence = (
        f"The first line, {quoted(table.raw[0])}, could be a heading or a label with its count."
    )
    return [Question("heading", sentence, choices)]
