"""Theory: each statement in words and formula, and beside it a check at the current settings."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from closedloop_core import LoopParams
from pages.ui import frame, theory
from pages.ui.canvas import components
from pages.ui.hall import OWN_DATA
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.session.shown import shown
from pages.ui.theory import model, proofs, show
from pages.ui.theory.cached import theory_section
from pages.ui.widgets.drawer import dials_drawer
from pages.ui.widgets.own_data import dropped_box
from pages.ui.widgets.save import save_button
from pages.ui.widgets.source import quick_source

_STYLES = Path(theory.__file__).parent
_ALL = "All sections"
_MEANINGS = {
    "proved": "open its proof below it",
    "checked": "holds to many digits",
    "conjecture": "no counterexample in thousands of cases",
}


def settled_params() -> LoopParams:
    """Return the settings to check: while a dial is being dragged, those before it."""
    return theory.essence(settings.at_rest().params)


def title(params: LoopParams) -> None:
    """Draw the title, what the badges mean, and the settings in one line."""
    keys = "".join(
        f'<div>{show.badge(status)} <span class="cl-what">{meaning}</span></div>'
        for status, meaning in _MEANINGS.items()
        if any(statement.status == status for statement in theory.STATEMENTS)
    )
    st.html(
        '<h1 class="cl-title">What is proved, what is checked, what is ours</h1>'
        f'<p class="cl-sub">{show.setting_line(params)}</p><div class="cl-key">{keys}</div>'
    )


def control_row(now: Settings) -> str:
    """Draw source, dials and the choice of section; return the section chosen."""
    sections = [section.title for section in theory.SECTIONS]
    # Projector mode hides what is keyed "controls"; a lecture still wants one section at a time.
    key = "theory_controls" if now.projector else "controls"
    with st.container(horizontal=True, vertical_alignment="bottom", key=key):
        if not now.projector:
            _dials(now)
        with st.container(width=300):
            at = settings.CHOICES["section"].index(now.section)
            titles = [_ALL, *sections]
            chosen: str = st.selectbox(
                "Section",
                titles,
                **shown("theory_section", titles[at], lambda title: _choose(titles.index(title))),
            )
            return chosen


def _choose(at: int) -> None:
    settings.change(section=settings.CHOICES["section"][at])


def _dials(now: Settings) -> None:
    quick_source(now)
    dials_drawer(now)


def section_rows(number: int, params: LoopParams, shown: Sequence[int]) -> Sequence[model.Outcome]:
    """Draw a section: its title, then a row for each statement. ``shown`` are all sections."""
    section = theory.SECTIONS[number]
    st.html(f'<div class="cl-section"><h2>{section.title}</h2><p>{section.lead}</p></div>')
    outcomes = theory_section(number, params)
    for i, (statement, outcome) in enumerate(zip(section.statements, outcomes, strict=True)):
        with st.container(key=f"theory_row_{number}_{i}"):
            left, right = st.columns([7, 5], gap="large")
            left.markdown(show.claim(statement), unsafe_allow_html=True)
            right.html(show.verdict(outcome, theory.settings_words(outcome.used, params)))
            proof_fold(number, i, shown)
    return outcomes


@st.fragment
def proof_fold(number: int, i: int, shown: Sequence[int]) -> None:
    """Draw the fold with a statement's proof: read, sent and set only when it is opened."""
    statement = theory.SECTIONS[number].statements[i]
    anchor = proofs.anchor_of(statement.title)
    box = frame.fold(show.FOLDS[statement.status], f"proof_{anchor}")
    if box.open:
        here = {proofs.anchor_of(s.title) for j in shown for s in theory.SECTIONS[j].statements}
        box.markdown(proofs.proof_of(statement.title, here))
        box.caption(f"In the repository: {proofs.place_of(statement.title)}")


def credits_section() -> None:
    """Draw who found what before."""
    st.html('<div class="cl-section"><h2>Credits</h2></div>')
    with st.container(key="theory_credits"):
        st.markdown(proofs.credits())


def theory_page() -> None:
    """Lay out the page: title, settings, then the statements grouped by section."""
    now = frame.open_page("pages/4_Theory.py", "Theory", OWN_DATA)
    if frame.is_hidden():
        return
    dropped_box()
    components.load_components("theory")
    params = settled_params()
    frame.write_style(_STYLES, "theory.css", now.projector)
    title(params)
    chosen = control_row(now)
    tally = st.empty()
    tally.html('<p class="cl-sub">Checking …</p>')
    shown = [i for i, s in enumerate(theory.SECTIONS) if chosen in (_ALL, s.title)]
    examined = [(theory.SECTIONS[i], section_rows(i, params, shown)) for i in shown]
    checks = [outcome.check for _, outcomes in examined for outcome in outcomes]
    tally.html(f'<p class="cl-sub">{show.tally(sum(c.holds for c in checks), len(checks))}</p>')
    credits_section()
    save_button(
        "Checks as CSV",
        lambda: theory.to_csv(params, examined),
        "closed-loop-theory.csv",
        key="save_checks",
    )
    frame.close_page()


theory_page()
