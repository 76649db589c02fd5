"""The novel's text as the recorder reads it: paragraphs, plain characters, held-out chapters."""

import re
from pathlib import Path

from closedloop_core.learners.novel import HELD_OUT

_CHAPTER = re.compile(r"\n\s*chapter\s+[0-9ivxl]+\.?\s*\n", re.IGNORECASE)
_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u2014": "-"})
_OTHERS = re.compile(r"[^A-Za-z .,;:!?'\"()\n-]")


def parts_of(path: Path) -> tuple[str, str]:
    """Return the text of the chapters that are learned and of those that are held out.

    Raises
    ------
    ValueError
        If the text has too few chapters.
    """
    chapters = _CHAPTER.split("\n" + path.read_text(encoding="utf-8").replace("_", ""))[1:]
    if len(chapters) <= HELD_OUT:
        raise ValueError(f"the novel must have more than {HELD_OUT} chapters, got {len(chapters)}")
    learned, held = chapters[:-HELD_OUT], chapters[-HELD_OUT:]
    return _plain("\n\n".join(learned)), _plain("\n\n".join(held))


def _plain(text: str) -> str:
    """Return a text with one paragraph a line and some 60 kinds of characters."""
    paragraphs = (" ".join(part.split()) for part in text.translate(_QUOTES).split("\n\n"))
    return _OTHERS.sub("", "\n".join(part for part in paragraphs if part)) + "\n"
