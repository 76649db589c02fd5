"""Lessons as files and links: what is read, and one sentence with line and field for the rest."""

import json
from pathlib import Path
from typing import Any

import pytest

from pages.ui.lessons import model, reading
from pages.ui.lessons.model import Lesson, Question, Step
from pages.ui.lessons.reading import LessonError

PAGES = ("Playground", "Luck")
SCHEMA = json.loads(Path(reading.__file__).with_name("lesson.schema.json").read_text("utf-8"))
GOOD = """{
 "title": "A lesson",
 "steps": [
  { "page": "Playground", "link": "temperature=0.7", "title": "One",
    "question": { "kind": "share", "text": "How much?", "options": ["20", "62.5"] } },
  { "page": "Luck",
    "link": "", "title": "Two", "minutes": 2.5, "moral": "So it is." }
 ]
}"""


def test_a_lesson_is_read_and_written_back() -> None:
    lesson = reading.read(GOOD, PAGES)
    assert lesson == Lesson(
        "A lesson",
        (
            Step(
                "Playground",
                "temperature=0.7",
                "One",
                question=Question("share", "How much?", ("20", "62.5")),
            ),
            Step("Luck", "", "Two", moral="So it is.", minutes=2.5),
        ),
    )
    assert lesson.minutes == 3.5 and lesson.begins(2) == 1.0
    assert lesson.steps[0].query == {"temperature": "0.7"}
    assert reading.read(reading.to_json(lesson), PAGES) == lesson
    assert reading.read(b"\xef\xbb\xbf" + GOOD.encode(), PAGES) == lesson
    token = reading.to_token(lesson)
    assert token is not None and reading.is_token(token)
    assert reading.from_token(token, PAGES) == lesson


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ('"Luck"', '"Nowhere"', 6, "steps[2].page"),
        ('"moral": "So it is."', '"moral": 3', 7, "steps[2].moral"),
        ('"moral": "So it is."', '"morale": ""', 7, "steps[2].morale"),
        ('"minutes": 2.5', '"minutes": 61', 7, "steps[2].minutes"),
        ('"minutes": 2.5', '"minutes": NaN', 7, "steps[2].minutes"),
        ('"minutes": 2.5', '"minutes": true', 7, "steps[2].minutes"),
        ('"share"', '"guess"', 5, "steps[1].question.kind"),
        ('"62.5"', '"lots"', 5, "steps[1].question.options[2]"),
        ('"62.5"', '"nan"', 5, "steps[1].question.options[2]"),
        ('"62.5"', '"1","2","3","4","5","6"', 5, "steps[1].question.options"),
        ('"share"', '"curve"', 5, "steps[1].question.options"),
        ('"title": "Two"', '"title": " "', 7, "steps[2].title"),
        ('"title": "Two", ', "", 6, "steps[2].title"),
        ('"title": "Two"', f'"title": "{81 * "x"}"', 7, "steps[2].title"),
        ('"title": "Two"', '"title": "Two", "title": "Two"', 7, "steps[2].title"),
        ('"A lesson"', "[]", 2, "title"),
        ('"temperature=0.7"', '"' + "&".join(["a=1"] * 201) + '"', 4, "steps[1].link"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_field(
    old: str, new: str, line: int, field: str
) -> None:
    assert old in GOOD
    with pytest.raises(LessonError) as error:
        reading.read(GOOD.replace(old, new), PAGES)
    told = str(error.value)
    assert told.startswith(f"line {line}, {field}: ") and len(told) < 250 and "\n" not in told


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("", "line 1, column 1: a lesson must be JSON"),
        (GOOD[:-3], "line 8"),
        ("[]", "line 1, the file: must be an object"),
        ('{"title": "x", "steps": []}', "got 0 steps"),
        (b"\n\xff", "line 2: a lesson must be a text in UTF-8"),
        ("[" * 90_000, "must not be nested"),
        (" " * 100_001, "at most 100,000 bytes, got 100,001"),
        (GOOD.replace('"Luck"', json.dumps("<b>" * 500)), "at most 40 characters"),
    ],
)
def test_what_is_no_lesson_is_refused_in_one_sentence(data: str | bytes, told: str) -> None:
    with pytest.raises(LessonError) as error:
        reading.read(data, PAGES)
    assert told in str(error.value) and len(str(error.value)) < 250


def test_what_an_app_cannot_use_is_told_with_its_line() -> None:
    def check(step: Step) -> tuple[str, str] | None:
        return ("link", "leads nowhere") if step.title == "Two" else None

    with pytest.raises(LessonError, match=r"^line 7, steps\[2\].link: leads nowhere$"):
        reading.read(GOOD, PAGES, check)


@pytest.mark.parametrize("token", ["z", "zabc", "z" + "A" * 50, "z!!", "zeNo"])
def test_a_damaged_link_is_no_lesson(token: str) -> None:
    with pytest.raises(LessonError):
        reading.from_token(token, PAGES)


def test_a_lesson_too_long_for_a_link_has_no_token() -> None:
    # Random digits do not pack well.
    digits = "".join(str((i * 48271) % 2147483647) for i in range(10_000))
    steps = [Step("Luck", "", str(i), notes=digits[i : i + 2_000]) for i in range(0, 60_000, 2_000)]
    assert reading.to_token(Lesson("Short", tuple(steps[:1]))) is not None
    assert reading.to_token(Lesson("Long", tuple(steps))) is None


def _properties(name: str) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMA["$defs"][name]["properties"]
    return found


def test_the_schema_says_what_the_reader_does() -> None:
    step, question = _properties("step"), _properties("question")
    assert set(step) == set(Step.__dataclass_fields__)
    assert set(question) == set(Question.__dataclass_fields__)
    assert SCHEMA["properties"]["steps"]["maxItems"] == model.MAX_STEPS
    assert question["options"]["maxItems"] == model.MAX_OPTIONS
    assert question["options"]["items"]["maxLength"] == model.LONGEST["option"]
    assert tuple(question["kind"]["enum"]) == model.KINDS
    assert step["minutes"]["maximum"] == model.MAX_MINUTES
    texts = {**SCHEMA["properties"], **step, **question}
    for name, longest in model.LONGEST.items():
        assert name == "option" or texts[name]["maxLength"] == longest
