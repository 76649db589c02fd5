"""What a reader can be told, what it asks, and what it answers: three frozen records.

Next: `decoding`, from bytes to text, and `understanding`, from text to labels and weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from closedloop_core.quoting import quoted

MAX_BYTES = 5_000_000
MIN_LABELS, MAX_LABELS = 2, 10_000
KEPT_OF_A_TEXT = 30
MAX_COLUMNS = 100

NO_COUNTS = 0  # a count column of 0: there is none, and every line counts once
SEPARATORS: dict[str, str] = {
    "\t": "tabs",
    ";": "semicolons",
    "|": "pipes",
    ",": "commas",
    "first comma": "cut at the first comma",
    ":": "colons",
    " ": "spaces",
    "none": "one label a line",
}
DECIMALS: dict[str, str] = {".": "decimal point", ",": "decimal comma"}
UNITS = ("words", "characters", "lines")
KINDS = ("auto", "text", "list", "json")
COMMON_LANGUAGES: dict[str, str] = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
    "ru": "Russian",
}


class ReadingError(ValueError):
    """A refused input: one sentence; ``field`` is the option or input that it is about."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field

    def __reduce__(self) -> tuple[Any, ...]:
        return (ReadingError, (self.field, str(self)))


def refuse_unless(is_right: bool, field: str, rule: str, value: object) -> None:
    """Raise a ReadingError that says ``field must be rule, got value``, unless it is right."""
    if not is_right:
        raise ReadingError(field, f"{field} must be {rule}, got {quoted(str(value))}")


@dataclass(frozen=True)
class Reading:
    """How a text or a list is to be read; what is left at its default is found out.

    Parameters
    ----------
    kind : "auto", "text" (its words, characters or lines are counted), "list" (lines of label
        and count, or of labels alone) or "json".
    encoding : "auto", or a name such as "windows-1252"; only `decode` and `read` look at it.
    separator : "auto", a key of `SEPARATORS` ("none": every line is one label), or any other
        sign that is no letter, digit or quote.
    decimal : "auto", "." or ",": the mark before the fraction of a number.
    heading : "auto", "yes" or "no": whether the first line names the columns.
    label_column, count_column : None (found out), a number from 1, or the column's heading;
        a count column of 0 says that there is none: every line counts once.
    unit : "words", "characters" or "lines": what is counted in a text.
    keep : how many of the most frequent labels are kept, 2 to 10,000; None keeps 30 of a text
        and all of a list (at most 10,000).
    drop_common : None, or the language (a key of `COMMON_LANGUAGES`) of which the most common
        words are left out.
    """

    kind: Literal["auto", "text", "list", "json"] = "auto"
    encoding: str = "auto"
    separator: str = "auto"
    decimal: Literal["auto", ".", ","] = "auto"
    heading: Literal["auto", "yes", "no"] = "auto"
    label_column: int | str | None = None
    count_column: int | str | None = None
    unit: Literal["words", "characters", "lines"] = "words"
    keep: int | None = None
    drop_common: str | None = None

    def __post_init__(self) -> None:
        for name, allowed in (
            ("kind", KINDS),
            ("decimal", ("auto", *DECIMALS)),
            ("heading", ("auto", "yes", "no")),
            ("unit", UNITS),
            ("drop_common", (None, *COMMON_LANGUAGES)),
        ):
            value = getattr(self, name)
            rule = "one of " + ", ".join(str(one) for one in allowed)
            refuse_unless(value in allowed, name, rule, value)
        mark = self.separator
        is_sign = len(mark) == 1 and mark.isprintable() and not mark.isalnum() and mark not in "\"'"
        refuse_unless(
            mark in ("auto", *SEPARATORS) or is_sign,
            "separator",
            "auto, a sign, “first comma” or “none”",
            mark,
        )
        for name, low in (("label_column", 1), ("count_column", NO_COUNTS)):
            value = getattr(self, name)
            is_column = value is None or isinstance(value, str) or _is_whole(value, low)
            refuse_unless(is_column, name, f"a number from {low}, or a heading", value)
        refuse_unless(
            self.keep is None or _is_whole(self.keep, MIN_LABELS, MAX_LABELS),
            "keep",
            f"a whole number between {MIN_LABELS} and {MAX_LABELS:,}",
            self.keep,
        )


def _is_whole(value: object, low: int, high: int | None = None) -> bool:
    if isinstance(value, bool) or not isinstance(value, int):
        return False
    return low <= value and (high is None or value <= high)


@dataclass(frozen=True)
class Choice:
    """One answer to a `Question`: the option's value, and what it means, in words."""

    value: int | str
    words: str


@dataclass(frozen=True)
class Question:
    """What the input alone cannot decide; the answer is a value of one option.

    Parameters
    ----------
    field : the field of `Reading` that decides; answer with
        ``dataclasses.replace(reading, **{question.field: choice.value})``.
    sentence : one plain sentence with the two readings.
    choices : the possible answers.
    """

    field: str
    sentence: str
    choices: tuple[Choice, ...]

    def refusal(self, option: str | None = None) -> str:
        """Return a sentence for where nobody can be asked: it names the option that decides.

        ``option`` is its name there, ``--decimal`` for instance (default: the field's name).
        """
        values = " or ".join(f"{choice.value!r} ({choice.words})" for choice in self.choices)
        return f"{self.sentence} Say which with {option or self.field}: {values}."


@dataclass(frozen=True)
class Understood:
    """What was read, said in one sentence, and how it was read.

    Parameters
    ----------
    kind : "text", "list", or "settings" (a settings file of the dashboard).
    sentence : what was understood; no full stop at its end.
    reading : the options with every guess filled in: with them the same input is read the same.
    labels, weights : the kept labels, largest weight first (ties: as in a list, by alphabet in a
        text), and their counts, >= 0, not normalised. Empty while a question is open.
    total : the sum of all weights, kept or not.
    dropped_share : the share of ``total`` that the labels left out had, in [0, 1).
    left_out : the number of different labels left out.
    columns : the columns of a list, in words, for a form that lets one choose.
    questions : what has to be answered before there are labels.
    notes : further sentences to show, the encoding for instance.
    settings : the parsed settings file, where kind is "settings".
    """

    kind: Literal["text", "list", "settings"]
    sentence: str
    reading: Reading
    labels: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    total: float = 0.0
    dropped_share: float = 0.0
    left_out: int = 0
    columns: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    settings: Mapping[str, Any] | None = field(default=None)
