"""docs/theory.md keeps its promises: anchors and links exist, snippets print what is said."""

import ast
import re
from pathlib import Path

import pytest

from pages.ui.theory import STATEMENTS
from pages.ui.theory.model import Statement
from pages.ui.theory.proofs import anchor_of

DOCUMENT = Path(__file__).parents[1] / "docs" / "theory.md"
TEXT = DOCUMENT.read_text("utf-8")
PROSE = re.sub(r"^```.*?^```$", "", TEXT, flags=re.S | re.M)
IDS = re.findall(r'<a id="([^"]+)"></a>', PROSE)
SNIPPETS = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", TEXT, flags=re.S | re.M)
STATUSES = {
    "proved": "proved",
    "checked": "checked numerically",
    "conjecture": "conjecture",
    "definition": "definition",
}

ANCHORS = [anchor_of(statement.title) for statement in STATEMENTS]


def status_of(statement: Statement) -> str:
    """Return what the document says of a statement: status, scope and origin."""
    below = PROSE.split(f'<a id="{anchor_of(statement.title)}"></a>\n#### ')[1]
    found = re.match(r"[^\n]+\n\n\*\*Status:\*\* (.+?)\n\n", below, flags=re.S)
    assert found is not None
    return " ".join(found[1].split())


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.title)
def test_each_statement_has_a_place_and_the_status_and_origin_that_the_page_shows(
    statement: Statement,
) -> None:
    assert IDS.count(anchor_of(statement.title)) == 1
    status, *rest = status_of(statement).split(" · ")
    assert STATUSES[statement.status] == next(s for s in STATUSES.values() if status.startswith(s))
    assert ("ours" in " ".join(rest)) == ("ours" in statement.source)


def test_there_is_no_statement_that_the_page_does_not_make() -> None:
    assert sorted(ANCHORS) == sorted(name for name in IDS if name.startswith("s-"))


def test_every_link_inside_the_document_leads_somewhere() -> None:
    assert len(IDS) == len(set(IDS))
    targets = set(re.findall(r"\]\(#([^)]*)\)", PROSE))
    assert targets
    assert targets <= set(IDS)


SECTION = r"(\d\w*(?:\.\d)?)"
CITED = re.compile(rf"docs/theory\.md, sections? {SECTION}(?: and {SECTION})?")


def claims_of_proof() -> dict[str, str]:
    """Return what the core's docstrings say in paragraphs that claim a proof, by file and text."""
    found = {}
    for path in sorted((DOCUMENT.parents[1] / "closedloop_core").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                for paragraph in (ast.get_docstring(node) or "").split("\n\n"):
                    if re.search(r"\bproved\b", paragraph, flags=re.I):
                        found[f"{path.stem}.{node.name}"] = " ".join(paragraph.split())
    return found


def test_what_the_core_calls_proved_has_its_proof_in_a_section_that_exists() -> None:
    claims, named = claims_of_proof(), re.findall(rf"^#+ {SECTION} ", PROSE, flags=re.M)
    assert len(claims) > 12
    for where, words in claims.items():
        cited = CITED.search(words)
        assert cited, f"{where} does not say where the proof is: {words}"
        assert {section for section in cited.groups() if section} <= set(named), where


def test_every_snippet_is_followed_by_what_it_prints() -> None:
    assert len(SNIPPETS) == TEXT.count("```python") > 15


@pytest.mark.parametrize(("code", "printed"), SNIPPETS, ids=range(len(SNIPPETS)))
def test_a_snippet_prints_what_the_document_says(
    code: str, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(code, DOCUMENT.name, "exec"), {})
    assert capsys.readouterr().out == printed


def test_every_formula_can_be_set_by_every_browser() -> None:
    # An operator alone in a subscript makes MathML with three children where two may stand.
    formulas = PROSE + "".join(statement.formula for statement in STATEMENTS)
    assert (
        re.findall(
            r"[_^]\{?\\(?:max|min|sup|inf|lim|arg|ln|log|exp|det|dim|Pr|operatorname)\b", formulas
        )
        == []
    )
