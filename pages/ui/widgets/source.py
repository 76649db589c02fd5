"""The source of a run: named laws, the real text, and own data (see `own_data`)."""

import streamlit as st

from closedloop_core import Law, LoopParams
from closedloop_core.settings.laws import KINDS
from closedloop_core.settings.limits import Limit
from closedloop_core.settings.params import HELP
from pages.ui.frame import plain
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.session.shown import shown
from pages.ui.terms import help_of
from pages.ui.widgets.numbers import number_box
from pages.ui.widgets.own_data import own_data_box
from pages.ui.wording import percent

_QUICK: dict[str, Law] = {
    "Zipf, 10 outcomes": Law.zipf(10),
    "10 even outcomes": Law.uniform(10),
    "10 words": Law.real_text(10),
}


def quick_source(now: Settings) -> None:
    """Switch the source with one press; other sources are under the dials' folds."""
    source = now.params.source
    name = next((key for key, law in _QUICK.items() if law == source), None)
    own = plain(source.describe())
    st.segmented_control(
        "Source",
        [*_QUICK] if name else [*_QUICK, own],
        label_visibility="collapsed",
        required=True,
        help=f"{HELP['reference']} {help_of('Zipf')}",
        **shown("quick_source", name or own, _change_quick),
    )


def _change_quick(name: str) -> None:
    law = _QUICK.get(name)
    if law is not None:
        _use(law)


def source_box(params: LoopParams) -> None:
    """Choose the source: a named law, the real text, or own data."""
    law = params.initial
    st.selectbox(
        "Source: the original data",
        [*KINDS, "data"],
        format_func=lambda kind: "Own data" if kind == "data" else KINDS[kind].choice,
        help=f"{HELP['initial']} {HELP['reference']} {help_of('Zipf')}",
        **shown("source_kind", law.kind, _change_kind),
    )
    if params.reference is not None:
        st.caption(plain(f"Starts away from its source ({params.source.describe()})."))
    if law.kind == "data":
        _own_data(law)
        return
    kind = KINDS[law.kind]
    most = Limit(2, kind.most, whole=True)
    number_box("Number of outcomes", "outcomes", law.n, most, _change_outcomes)
    if kind.about:
        st.caption(" ".join([kind.about, *_left_out(law)]))


def _change_kind(name: str) -> None:
    old = settings.current().params.initial
    if name == "data":
        _use(Law.from_weights(old.probabilities(), old.labels))
    else:
        _use(KINDS[name].make(min(old.n, KINDS[name].most)))


def _change_outcomes(n: int) -> None:
    law = settings.current().params.initial
    _use(Law.from_token(":".join([law.kind, str(n), *law.to_token().split(":")[2:]])))


def _use(law: Law) -> None:
    settings.change(initial=law, reference=None, restart=True, waits=True)


def _left_out(law: Law) -> list[str]:
    """Return what to say of the words that are left out: a sentence, or none."""
    share = percent(law.dropped_share, 0, unit="%")
    said = f"Words beyond the top {law.n} are left out: {share} of the text."
    return [said] if law.dropped_share > 0 else []


def _own_data(law: Law) -> None:
    for sentence in _left_out(law):
        st.caption(sentence)
    own_data_box("more")
