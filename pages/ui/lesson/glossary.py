"""The page Glossary."""

import streamlit as st

from pages.ui import frame
from pages.ui.canvas import components
from pages.ui.terms import ENTRIES

_PATH = "pages/8_Glossary.py"


def glossary_page() -> None:
    """Lay out the page: all terms, or those in which a word occurs."""
    frame.open_page(_PATH, "Glossary")
    components.load_components("still")
    if frame.is_hidden():
        return
    st.html(
        '<h1 class="cl-page-title">Glossary</h1><p class="cl-page-lead">Each term in a sentence for'
        " a first-year student, as a formula, and in a sentence for an expert.</p>"
    )
    word = st.text_input("Find a term", key="glossary_word", max_chars=40, width=300)
    found = matching(word or "")
    with st.container(key="glossary"):
        if not found:
            st.markdown("No term holds this word.")
        st.markdown("\n\n".join(map(entry, found)))
    frame.close_page()


def matching(word: str) -> list[str]:
    """Return the terms in whose name or sentences a word occurs, in the order of the alphabet."""
    small = word.casefold().strip()
    ordered = sorted(ENTRIES, key=str.casefold)
    return [
        name
        for name in ordered
        if any(
            small in text.casefold() for text in (name, ENTRIES[name].plain, ENTRIES[name].expert)
        )
    ]


def entry(name: str) -> str:
    """Return a term as Markdown."""
    term = ENTRIES[name]
    head = name[0].upper() + name[1:]
    return f"## {head}\n\n{term.plain}\n\n${term.formula}$\n\n*For an expert:* {term.expert}"
