"""The proofs on the theory page: each statement has one, it stands alone, and it is drawn."""

import csv
import fnmatch
import io
import re
from pathlib import Path

import pytest

from closedloop_core import LoopParams
from pages.ui.theory import SECTIONS, STATEMENTS, proofs, show, to_csv
from pages.ui.theory.model import Statement, examine
from tests.pages.visit import open_shut

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

ROOT = Path(__file__).parents[3]


def titled(statement: Statement) -> str:
    return statement.title


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("One generation's data follow F(p)", "s-one-generations-data-follow-f-p"),
        ("At T = 1, everyone’s odds are their share", "s-at-t-1-everyones-odds-are-their-share"),
        ("The flow climbs at the speed χ²", "s-the-flow-climbs-at-the-speed-2"),
        ("The Fisher–Rao bound", "s-the-fisher-rao-bound"),
        ("The even state is stable above a = 1 − T", "s-the-even-state-is-stable-above-a-1-t"),
        ("Rényi’s number", "s-renyis-number"),
    ],
)
def test_an_anchor_is_the_title_in_small_letters(title: str, anchor: str) -> None:
    assert proofs.anchor_of(title) == anchor
    assert proofs.place_of(title) == f"docs/theory.md#{anchor}"


@pytest.mark.parametrize("statement", STATEMENTS, ids=titled)
def test_each_statement_has_a_proof_that_stands_alone(statement: Statement) -> None:
    text = proofs.proof_of(statement.title)
    assert "**Status:**" in text and len(text) > 150
    assert "](#" not in text and "<a id" not in text and "\n#### " not in text
    prose = re.sub(r"```.*?```", "", text, flags=re.S)
    # Dollars come in pairs, and a formula on a line of its own is set as one.
    assert prose.count("$") % 2 == 0 and not re.search(r"^\$\$.+", prose, flags=re.M)


def test_a_proof_brings_the_lemmas_that_it_uses() -> None:
    text = proofs.proof_of("How many stable states there are")
    own, used = text.split("**What this uses**")
    assert "theorem on convexity (below)" in own
    assert "(below)" not in used
    for lemma in ("Lemma (slope)", "Theorem (convexity)", "Theorem (two folds)"):
        assert used.count(f"**{lemma}") == 1


def test_links_lead_to_what_the_page_shows() -> None:
    title, target = "Stability needs no root", "s-stable-states-are-summits"
    one_root = "One scalar equation gives the leading eigenvalue"
    assert f"(#{target})" in proofs.proof_of(one_root, {target})
    assert f"(#{target})" not in proofs.proof_of(one_root, {proofs.anchor_of(title)})
    statement = next(s for s in STATEMENTS if s.title == "Stable states are summits")
    assert f'id="{target}"' in show.claim(statement)


def test_a_statement_without_a_place_is_an_error() -> None:
    with pytest.raises(KeyError):
        proofs.proof_of("What nobody said")


def test_the_csv_names_the_place_of_each_proof() -> None:
    section, params = SECTIONS[4], LoopParams()
    outcomes = [examine(s, params) for s in section.statements]
    rows = csv.DictReader(io.StringIO(to_csv(params, [(section, outcomes)])))
    assert [row["proof"] for row in rows] == [proofs.place_of(s.title) for s in section.statements]


def test_a_proof_is_drawn_only_where_it_is_opened() -> None:
    at = open_shut("pages/4_Theory.py")
    assert not any("**Status:**" in m.value for m in at.markdown)
    assert sum("(arXiv 2609.18878)" in m.value for m in at.markdown) == 1  # the credits


def test_every_proof_can_be_drawn() -> None:
    keys = tuple(f"proof_{proofs.anchor_of(s.title)}" for s in STATEMENTS)
    at = open_shut("pages/4_Theory.py", keys)
    drawn = [m.value for m in at.markdown if "**Status:**" in m.value]
    everywhere = {proofs.anchor_of(s.title) for s in STATEMENTS}
    assert drawn == [proofs.proof_of(s.title, everywhere) for s in STATEMENTS]


def test_the_container_has_the_proofs() -> None:
    copied = re.findall(r"^COPY .*", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.M)
    assert any(f"{proofs.PATH} ./{proofs.PATH}" in line for line in copied)
    for rule in (ROOT / ".dockerignore").read_text("utf-8").split():
        assert not fnmatch.filter(["docs", proofs.PATH], rule)
