"""Every term: a sentence for a student, a formula, a sentence for an expert."""

import re

import pytest

from pages.ui.lesson.glossary import entry, matching
from pages.ui.terms import ENTRIES
from pages.ui.wording import CLASS_WORDS
from tests.pages.visit import open_shut

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.mark.parametrize("name", ENTRIES)
def test_a_term_is_said_three_times(name: str) -> None:
    term = ENTRIES[name]
    for sentence in (term.plain, term.expert):
        assert sentence[0].isupper() and sentence.endswith(".") and 20 < len(sentence) < 220
    assert term.formula.count("{") == term.formula.count("}") and "$" not in term.formula
    # A student's sentence names no paper and is no formula.
    assert not re.search(r"\\|\$|CDC|et al|manifold|Jacobian", term.plain)
    assert entry(name).startswith("## ")


def test_what_the_screen_says_is_in_the_glossary() -> None:
    sentences = " ".join(term.plain + term.expert for term in ENTRIES.values())
    written = f"{' '.join(ENTRIES)} {sentences}".casefold()
    said = [word.split()[0].lower()[:6] for word in CLASS_WORDS.values()]
    dials = ["temperature", "external data", "sample size", "seed", "regime", "tolerance"]
    for word in (*said, *dials, "mu ", "hysteresis", "effective", "total variation", "perplexity"):
        assert word in written, word


def test_a_word_finds_its_terms() -> None:
    assert "Maxwell" in matching("MAXWELL") and matching("") == sorted(ENTRIES, key=str.casefold)
    assert matching("<b>") == []


def test_the_page_shows_all_terms() -> None:
    at = open_shut("pages/8_Glossary.py")
    text = " ".join(element.value for element in at.markdown)
    assert all(term.formula in text and term.plain in text for term in ENTRIES.values())
    at.text_input(key="glossary_word").set_value("no such word").run()
    assert "No term holds this word." in [element.value for element in at.markdown]
