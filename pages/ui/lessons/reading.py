"""Reading lessons: from a file, or from a link that holds one whole. Pure.

What is wrong is told in one sentence, with its line and field. ``lesson.schema.json`` says the same
to editors.
"""

import base64
import binascii
import json
import pathlib
import zlib
from collections.abc import Callable, Collection, Iterator
from typing import Any

from pages.ui.lessons.model import (
    KINDS,
    LONGEST,
    MAX_BYTES,
    MAX_MINUTES,
    MAX_OPTIONS,
    MAX_STEPS,
    Lesson,
    Question,
    Step,
)
from pages.ui.wording import count

MAX_TOKEN = 6_000  # characters of a lesson in a link: more does not arrive everywhere
_FIRST = "z"  # of a token; the names of built-in lessons begin with others
_FIELDS = {
    "lesson": {"title", "about", "steps", "$schema"},
    "step": {"page", "link", "title", "setup", "question", "moral", "notes", "minutes"},
    "question": {"kind", "text", "options"},
}
_decoder = json.JSONDecoder()
_HERE = pathlib.Path(__file__).parent
Path = tuple[str | int, ...]
# What only an app can check of a step: field and sentence of what is wrong, or None.
Check = Callable[[Step], tuple[str, str] | None]


class LessonError(ValueError):
    """What is wrong with a lesson, in one sentence with line and field."""


class _Wrong(Exception):
    def __init__(self, path: Path, sentence: str) -> None:
        self.path, self.sentence = path, sentence


def read(data: str | bytes, pages: Collection[str], check: Check | None = None) -> Lesson:
    """Return the lesson that a JSON file holds.

    Parameters
    ----------
    data : str or bytes (UTF-8), at most 100 kB
    pages : the names of the app's pages
    check : what only an app can check of a step, for instance its link

    Raises
    ------
    LessonError
        Naming line and field, the rule and the value.
    """
    text = _text(data)
    try:
        found = json.loads(text)
        _refuse_doubles(text, _skip(text, 0), ())
        return _lesson(found, pages, check)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise LessonError(f"{where}: a lesson must be JSON; {error.msg.lower()}") from None
    except RecursionError:
        raise LessonError("line 1: a lesson must not be nested this deep") from None
    except _Wrong as wrong:
        line = line_of(text, wrong.path)
        raise LessonError(f"line {line}, {_written(wrong.path)}: {wrong.sentence}") from None


def _text(data: str | bytes) -> str:
    size = len(data.encode("utf-8", "replace")) if isinstance(data, str) else len(data)
    if size > MAX_BYTES:
        most, got = count(MAX_BYTES), count(size)
        raise LessonError(f"line 1: a lesson may hold at most {most} bytes, got {got}")
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        raise LessonError(f"line {line}: a lesson must be a text in UTF-8") from None


def line_of(text: str, path: Path) -> int:
    """Return the line of a JSON text, from 1, at which the value at ``path`` begins.

    Where a part of the path is missing, it is the line of what should hold it.
    """
    at = _skip(text, 0)
    for key in path:
        inside = _child(text, at, key)
        if inside is None:
            break
        at = inside
    return 1 + text.count("\n", 0, at)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,:":
        at += 1
    return at


def _members(text: str, at: int) -> Iterator[tuple[str | int, int]]:
    """Return the members of the object or list that begins at ``at``, and where each begins."""
    if text[at] not in "{[":
        return
    is_object, number = text[at] == "{", 0
    at = _skip(text, at + 1)
    while text[at] not in "}]":
        name: str | int = number
        if is_object:
            name, at = _decoder.raw_decode(text, at)
            at = _skip(text, at)
        yield name, at
        at = _skip(text, _decoder.raw_decode(text, at)[1])
        number += 1


def _child(text: str, at: int, key: str | int) -> int | None:
    """Return where the member ``key`` begins: the last of several."""
    return {name: start for name, start in _members(text, at)}.get(key)


def _refuse_doubles(text: str, at: int, path: Path) -> None:
    seen: set[str | int] = set()
    for name, start in _members(text, at):
        if name in seen:
            raise _Wrong((*path, name), "is there twice")
        seen.add(name)
        _refuse_doubles(text, start, (*path, name))


def _written(path: Path) -> str:
    """Return a path as people write it: ``steps[2].question.kind``; steps count from 1."""
    if not path:
        return "the file"
    text = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in path)
    return text.removeprefix(".")


def _lesson(found: Any, pages: Collection[str], check: Check | None) -> Lesson:
    _object(found, (), "lesson")
    steps = found.get("steps")
    if not isinstance(steps, list) or not 1 <= len(steps) <= MAX_STEPS:
        got = f"{len(steps)} steps" if isinstance(steps, list) else _short(steps)
        raise _Wrong(("steps",), f"must be a list of 1 to {MAX_STEPS} steps, got {got}")
    title, about = _word(found, (), "title", needed=True), _word(found, (), "about")
    read_steps = tuple(_step(step, ("steps", i), pages) for i, step in enumerate(steps))
    for i, step in enumerate(read_steps):
        wrong = check(step) if check is not None else None
        if wrong is not None:
            raise _Wrong(("steps", i, *wrong[0].split(".")), wrong[1])
    return Lesson(title, read_steps, about)


def _step(found: Any, path: Path, pages: Collection[str]) -> Step:
    _object(found, path, "step")
    page = _word(found, path, "page", needed=True)
    if page not in pages:
        raise _Wrong((*path, "page"), f"must be one of {', '.join(pages)}, got {_short(page)}")
    minutes = found.get("minutes", 1.0)
    if isinstance(minutes, bool) or not isinstance(minutes, int | float):
        raise _Wrong((*path, "minutes"), f"must be a number, got {_short(minutes)}")
    if not 0 < minutes <= MAX_MINUTES:
        rule = f"must be above 0 and at most {MAX_MINUTES}"
        raise _Wrong((*path, "minutes"), f"{rule}, got {_short(minutes)}")
    step = Step(
        page=page,
        link=_word(found, path, "link").removeprefix("?"),
        title=_word(found, path, "title", needed=True),
        setup=_word(found, path, "setup"),
        question=_question(found.get("question"), (*path, "question")),
        moral=_word(found, path, "moral"),
        notes=_word(found, path, "notes"),
        minutes=float(minutes),
    )
    try:
        step.query  # noqa: B018
    except ValueError:
        raise _Wrong((*path, "link"), "must be the query of a link, such as temperature=0.7") from (
            None
        )
    return step


def _question(found: Any, path: Path) -> Question | None:
    if found is None:
        return None
    _object(found, path, "question")
    kind = found.get("kind")
    if kind not in KINDS:
        raise _Wrong((*path, "kind"), f"must be one of {', '.join(KINDS)}, got {_short(kind)}")
    options = found.get("options", [])
    if not isinstance(options, list) or len(options) > MAX_OPTIONS:
        rule = f"must be a list of at most {MAX_OPTIONS} texts"
        raise _Wrong((*path, "options"), f"{rule}, got {_short(options)}")
    where = (*path, "options")
    read_options = tuple(_checked(o, (*where, i), "option", True) for i, o in enumerate(options))
    if read_options and kind in ("class", "curve"):
        raise _Wrong(where, f"must be left out for the kind {kind}")
    if kind in ("share", "return"):
        for i, option in enumerate(read_options):
            if not _is_percent(option):
                rule = "must be a share in per cent from 0 to 100"
                raise _Wrong((*where, i), f"{rule}, got {_short(option)}")
    return Question(kind, _word(found, path, "text", needed=True), read_options)


def _is_percent(option: str) -> bool:
    try:
        return 0 <= float(option) <= 100
    except ValueError:
        return False


def _object(found: Any, path: Path, what: str) -> None:
    if not isinstance(found, dict):
        raise _Wrong(path, f"must be an object in braces, got {_short(found)}")
    unknown = [name for name in found if name not in _FIELDS[what]]
    if unknown:
        known = ", ".join(sorted(_FIELDS[what] - {"$schema"}))
        raise _Wrong((*path, unknown[0][:40]), f"is no field of a {what}; it has {known}")


def _word(found: dict[str, Any], path: Path, name: str, needed: bool = False) -> str:
    return _checked(found.get(name, ""), (*path, name), name, needed)


def _checked(value: Any, path: Path, name: str, needed: bool) -> str:
    most = LONGEST[name]
    if not isinstance(value, str):
        raise _Wrong(path, f"must be a text, got {_short(value)}")
    if needed and not value.strip():
        raise _Wrong(path, "must be a text that is not empty")
    if len(value) > most:
        raise _Wrong(path, f"must be at most {most} characters, got {len(value)}")
    return value.strip()


def _short(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


def schema() -> str:
    """Return the JSON schema of the file."""
    return _HERE.joinpath("lesson.schema.json").read_text("utf-8")


def to_json(lesson: Lesson) -> str:
    """Return a lesson as the text of its file."""
    return json.dumps(lesson.to_dict(), ensure_ascii=False, indent=1) + "\n"


def to_token(lesson: Lesson) -> str | None:
    """Return a lesson as a link holds it; None where it does not fit."""
    text = json.dumps(lesson.to_dict(), ensure_ascii=False, separators=(",", ":"))
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    return _FIRST + packed if len(packed) < MAX_TOKEN else None


def from_token(token: str, pages: Collection[str], check: Check | None = None) -> Lesson:
    """Return the lesson that a link holds whole.

    Raises
    ------
    LessonError
        If it is damaged, too large, or no lesson.
    """
    try:
        packed = base64.urlsafe_b64decode(token.removeprefix(_FIRST) + "===")
        inflate = zlib.decompressobj()
        text = inflate.decompress(packed, MAX_BYTES + 1)
    except (binascii.Error, zlib.error, ValueError):
        raise LessonError("the lesson in this link is damaged: was it cut off?") from None
    if not inflate.eof and len(text) <= MAX_BYTES:
        raise LessonError("the lesson in this link is damaged: was it cut off?")
    return read(text, pages, check)


def is_token(name: str) -> bool:
    """Say whether a link's ``lesson`` holds a lesson whole."""
    return name.startswith(_FIRST)
