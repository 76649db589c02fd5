"""Loops and readers that the tests of the chapters share."""

from typing import Any

from closedloop_core import Law, LoopParams
from pages.ui.luck.theme import drawing, look

STYLE = look("light", "collapse", False)
PURE = LoopParams(temperature=1.0, regime="replace", sample_size=30, generations=120, seed=5)
RESTING = LoopParams(
    initial=Law.zipf(5),
    temperature=0.8,
    external_fraction=0.5,
    regime="replace",
    generations=40,
    seed=2,
)
SMALL = LoopParams(initial=Law.zipf(3), regime="replace", sample_size=20, generations=6, seed=4)


def rows_of(chart: Any) -> list[dict[str, Any]]:
    """Return the rows of all tables of a figure."""
    return [row for rows in drawing(chart)["datasets"].values() for row in rows]


def text_of(pieces: list[tuple[str, bool]]) -> str:
    """Return a headline as one text."""
    return "".join(text for text, _ in pieces)
