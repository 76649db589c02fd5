"""What a lesson is: an ordered list of steps over all pages. Pure.

A lesson is a small JSON file (`reading` reads it, ``lesson.schema.json`` describes it). Each step
is a page and a link's query, with a sentence to set it up, perhaps a question, and a moral.
"""

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qsl

# What is asked: which outcome wins, the class at the end, the curve of the effective outcomes, the
# least external share that keeps the loop faithful or brings it back from any state.
KINDS = ("winner", "class", "curve", "share", "return")
MAX_BYTES = 100_000
MAX_STEPS = 40
MAX_OPTIONS = 6
# The longest text of each field, in characters.
LONGEST = {
    "title": 80,
    "about": 300,
    "page": 40,
    "link": 2_000,
    "setup": 300,
    "text": 200,
    "option": 40,
    "moral": 400,
    "notes": 2_000,
}
MAX_MINUTES = 60


@dataclass(frozen=True)
class Question:
    """A question that hides what lies ahead until it is answered.

    ``kind`` is one of `KINDS`; ``options`` are the answers to choose from: outcomes' names for
    "winner" (empty: the source's likeliest), shares in per cent for "share" and "return" (empty:
    any).
    """

    kind: str
    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step: a page with its settings, and what is said there.

    ``page`` is a page's name in the header, ``link`` the query of a link to it; ``minutes`` is how
    long it is meant to take.
    """

    page: str
    link: str
    title: str
    setup: str = ""
    question: Question | None = None
    moral: str = ""
    notes: str = ""
    minutes: float = 1.0

    @property
    def query(self) -> dict[str, str]:
        """The names and values of its link."""
        return dict(parse_qsl(self.link, keep_blank_values=True, max_num_fields=200))


@dataclass(frozen=True)
class Lesson:
    """An ordered list of steps, with a title and a sentence about it."""

    title: str
    steps: tuple[Step, ...]
    about: str = ""

    @property
    def minutes(self) -> float:
        """How long it is meant to take."""
        return sum(step.minutes for step in self.steps)

    def begins(self, number: int) -> float:
        """Return the minute in which a step, counted from 1, is meant to begin."""
        return sum(step.minutes for step in self.steps[: number - 1])

    def to_dict(self) -> dict[str, Any]:
        """Return the lesson as JSON holds it, without what is empty or usual."""
        return {
            "title": self.title,
            **({"about": self.about} if self.about else {}),
            "steps": [_plain(step) for step in self.steps],
        }


def _plain(step: Step) -> dict[str, Any]:
    usual: dict[str, Any] = {"setup": "", "question": None, "moral": "", "notes": "", "minutes": 1}
    found = {name: value for name, value in asdict(step).items() if value != usual.get(name, ...)}
    if step.question is not None and not step.question.options:
        del found["question"]["options"]
    return found
