"""The proofs of the statements, read from docs/theory.md, so that the page can show each in place.

An anchor `<a id="s-..."></a>` in the document begins a statement, `l-...` a lemma and `sec-...` a
section. Pure; no streamlit.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PATH = "docs/theory.md"
_DOCUMENT = Path(__file__).parents[3] / PATH
_ANCHOR = re.compile(r'<a id="([^"]+)"></a>\n')
_LINK = re.compile(r"\[([^\]]+)\]\(#([^)]+)\)")
# Section 1 explains all symbols, and is long: its statements are read without it.
_WITHOUT_INTRODUCTION = {"sec-1"}


@dataclass(frozen=True)
class Block:
    """A piece of the document: its heading (empty for a lemma), its text, and its section."""

    heading: str
    text: str
    section: str


def anchor_of(title: str) -> str:
    """Return the anchor of a statement in the document: its title in small ASCII letters."""
    plain = unicodedata.normalize("NFKD", title.lower())
    kept = "".join(c for c in plain if c not in "'\u2019" and not unicodedata.combining(c))
    return "s-" + re.sub(r"[^a-z0-9]+", "-", kept).strip("-")


def place_of(title: str) -> str:
    """Return where the proof of a statement stands: file and anchor."""
    return f"{PATH}#{anchor_of(title)}"


def proof_of(title: str, shown: Collection[str] = ()) -> str:
    """Return the proof of a statement as Markdown, and below it the lemmas that it uses.

    ``shown`` are the anchors of statements that the page shows: only these remain links.

    Raises
    ------
    KeyError
        If the document has no place for this statement.
    """
    own = _blocks()[anchor_of(title)]
    introduction = "" if own.section in _WITHOUT_INTRODUCTION else _blocks()[own.section].text
    status, _, rest = own.text.partition("\n\n")
    text = "\n\n".join(part for part in (status, introduction, rest) if part)
    lemmas = [_blocks()[name].text for name in _lemmas_of(text)]
    pieces = [_for_the_page(text, shown, " (below)")]
    if lemmas:
        pieces += ["---\n\n**What this uses**", *(_for_the_page(one, shown) for one in lemmas)]
    return "\n\n".join(pieces)


def credits() -> str:
    """Return who found what before, and what is ours, as Markdown."""
    return _for_the_page(_blocks()["sec-3-7"].text)


def _lemmas_of(text: str) -> list[str]:
    """Return the lemmas that a text links to, and those that they link to in turn."""
    found: list[str] = []
    waiting = [text]
    while waiting:
        for _, name in _LINK.findall(waiting.pop(0)):
            if name.startswith("l-") and name not in found:
                found.append(name)
                waiting.append(_blocks()[name].text)
    return found


def _for_the_page(text: str, shown: Collection[str] = (), after_lemma: str = "") -> str:
    """Return Markdown that stands alone: dead links become words, formulas get their own lines.

    ``after_lemma`` is said after the name of a lemma that the text links to.
    """

    def link(found: re.Match[str]) -> str:
        label, name = found[1], found[2]
        if name in shown:
            return found[0]
        return label + after_lemma if name.startswith("l-") else label

    # Streamlit colours code of a named language, in hues too pale to read.
    plain = re.sub(r"^```\w+$", "```text", _LINK.sub(link, text), flags=re.M)
    return re.sub(r"^\$\$(.+)\$\$$", r"$$\n\1\n$$", plain, flags=re.M)


@cache
def _blocks() -> dict[str, Block]:
    """Return the document cut at its anchors, and before every heading."""
    text = _DOCUMENT.read_text("utf-8")
    marks = list(_ANCHOR.finditer(text))
    blocks: dict[str, Block] = {}
    section = ""
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        name = mark[1]
        section = name if name.startswith("sec-") else section
        body = text[mark.end() : after.start() if after else len(text)]
        heading = re.match(r"#+ (.+)\n", body)
        body = body[heading.end() :] if heading else body
        body = re.split(r"^##+ ", body, maxsplit=1, flags=re.M)[0].strip()
        blocks[name] = Block(heading[1] if heading else "", body, section)
    return blocks
