"""Choose what the first model learns from: the novel, Python's manual, or a text of one's own."""

import json
from typing import Any

import streamlit as st

from closedloop_core import LearnerParams, NGrams
from closedloop_core.learners.params import HELP
from closedloop_core.learners.source import UNITS, Unit
from closedloop_core.settings.reading import decode
from pages.ui.frame import plain
from pages.ui.hall import Drop
from pages.ui.language import own_text
from pages.ui.language.change import change, current
from pages.ui.language.own_text import OwnText
from pages.ui.session import settings
from pages.ui.session.dropped import Dropped
from pages.ui.session.shown import shown
from pages.ui.session.text_settings import TextSettings, within_bounds

_SOURCES = {"novel": "A novel of 1813", "reference": "Python’s manual", "file": "Your text"}
_OPEN = "own_text_open"
# Order and unit to count it by (None: as the run has them), and the source when that was asked.
_WANTED = "own_text_wanted"


def kind_of(source: NGrams) -> str:
    """Return which of the three a source is."""
    return source.name.split(":")[0]


def source_box(text: TextSettings) -> None:
    """Draw the choice of the source, of its unit and order, and the box for one's own text."""
    source = text.params.source
    kind = "file" if st.session_state.get(_OPEN) else kind_of(source)
    st.segmented_control(
        "Learned from",
        list(_SOURCES),
        format_func=_SOURCES.__getitem__,
        required=True,
        width="stretch",
        help=HELP["source"],
        **shown("text_kind", kind, _change_kind),
    )
    if source.python is not None:
        st.caption(f"The language reference of Python {source.python}; other versions differ.")
    if st.session_state.get(_OPEN) or kind_of(source) == "file":
        _own_box()
    if kind_of(source) != "novel":
        _unit(source)
    _order(source)


def _change_kind(kind: str) -> None:
    source = current().params.source
    st.session_state[_OPEN] = kind == "file"
    if kind == "novel":
        use(NGrams.novel(min(source.order, 3)))
    elif kind == "reference":
        use(NGrams.reference(source.order, source.unit))
    elif own_text.own_text() is not None:
        _use_own()


def use(source: NGrams) -> None:
    """Let the run learn from a source; a beginning that belonged to the last one goes with it.

    What is still to be counted is not wanted any more.
    """
    st.session_state.pop(_WANTED, None)
    before = current()
    changes: dict[str, Any] = {"source": source}
    kind = kind_of(source)
    if kind_of(before.params.source) != kind and before.beginning == before.usual:
        changes["beginning"] = None
    change(**changes)
    own_text.bound_history(source)


def _order(source: NGrams) -> None:
    orders = [1, 2, 3] if kind_of(source) == "novel" else [1, 2, 3, 4, 5]
    st.segmented_control(
        f"{source.unit.capitalize()}s seen at once (n-gram order)",
        orders,
        required=True,
        width="stretch",
        help="A model of order n picks each word by the n − 1 words before it.",
        **shown("order", source.order, lambda order: _recount(order=order)),
    )


def _unit(source: NGrams) -> None:
    st.segmented_control(
        "It writes",
        UNITS,
        format_func=lambda unit: f"{unit}s",
        required=True,
        width="stretch",
        **shown("unit", source.unit, lambda unit: _recount(unit=unit)),
    )


def _recount(order: int | None = None, unit: Unit | None = None) -> None:
    source = current().params.source
    order, unit = order or source.order, unit or source.unit
    kind = kind_of(source)
    if kind == "novel":
        use(NGrams.novel(order))
    elif kind == "reference":
        use(NGrams.reference(order, unit))
    else:
        _use_own(order, unit)


def _own_box() -> None:
    st.text_area(
        "Paste a text",
        key="own_text_pasted",
        height=110,
        placeholder="Some pages: a diary, minutes, a poem, your last paper.",
        on_change=_paste,
    )
    st.file_uploader(
        "or load a file: a text, or saved settings of this page (.json)",
        key="own_text_file",
        on_change=_upload,
        help="Up to 5 MB. The text stays in your visit: it is neither stored nor shared, and the"
        " link does not carry it.",
    )
    found = own_text.own_text()
    if found is not None:
        _say(found)


def _say(found: OwnText) -> None:
    if found.refusal:
        st.error(f"{plain(found.refusal)}. Nothing was replaced.")
        return
    for note in found.notes:
        st.caption(plain(note))
    if found.question is not None:
        question = found.question
        st.session_state["own_text_encoding"] = None
        st.radio(
            plain(question.sentence),
            range(len(question.choices)),
            index=None,
            format_func=lambda i: plain(question.choices[i].words),
            key="own_text_encoding",
            on_change=_answer,
            args=(found,),
        )
    source = current().params.source
    if kind_of(source) == "file":
        st.caption(
            f"In use: {plain(source.describe())}. It stays in your visit; the link does not"
            " carry it."
        )


def _paste() -> None:
    pasted = st.session_state["own_text_pasted"]
    if pasted.strip():
        own_text.bring(pasted)
        _use_own()


def _upload() -> None:
    file = st.session_state["own_text_file"]
    if file is not None:
        _take(file.name, file.getvalue())


def _take(name: str, data: bytes) -> None:
    if name.lower().endswith(".json"):
        _use_settings(data)
    else:
        own_text.bring(data, name)
        _use_own()


def _drop(file: Dropped) -> None:
    """Take a file that was dropped on the page, and open the box that tells what became of it."""
    if file.refusal:
        settings.refuse(f"{file.refusal}; nothing was changed.")
        return
    st.session_state[_OPEN] = True
    _take(file.name, file.data)


OWN_TEXT = Drop("Drop a text, or saved settings of this page: the model learns from it", _drop)


def _use_settings(data: bytes) -> None:
    """Load settings that were saved from this page; what is none is refused in one sentence."""
    try:
        params = LearnerParams.from_dict(json.loads(decode(data).text))
    except (ValueError, RecursionError) as error:
        settings.refuse(f"{error}; nothing was changed.")
        return
    params, notes = within_bounds(params)
    settings.change(text=TextSettings(params), restart=True)
    own_text.bound_history(params.source)
    for note in notes:
        settings.refuse(note)


def _answer(found: OwnText) -> None:
    at = st.session_state["own_text_encoding"]
    if at is not None and found.question is not None:
        own_text.bring(found.data, found.name, str(found.question.choices[at].value))
        _use_own()


def _use_own(order: int | None = None, unit: Unit | None = None) -> None:
    """Ask that the run learn from the visitor's text; it is counted by `count_wanted`."""
    before = st.session_state.get(_WANTED) or (None, None, None)
    source = current().params.source
    st.session_state[_WANTED] = (order or before[0], unit or before[1], source)


def count_wanted() -> None:
    """Count the visitor's text where that was asked for, with progress, and let the run learn.

    Not in the callback that asks for it: what goes on by itself may interrupt it wherever something
    is drawn, and what was brought would be lost. Here the next run of the page begins again.
    """
    wanted, found = st.session_state.get(_WANTED), own_text.own_text()
    if wanted is None:
        return
    if wanted[2] != current().params.source:  # undone, or another link has come meanwhile
        del st.session_state[_WANTED]
        return
    if found is not None and not found.refusal and found.question is None:
        source = current().params.source
        order, unit = wanted[0] or source.order, wanted[1] or source.unit
        bar = st.progress(0.0, "Counting your text …")
        try:
            counted = own_text.source_of(
                found, order, unit, lambda i, n: bar.progress(i / n, "Counting your text …")
            )
        except ValueError as error:
            settings.refuse(f"{error}; nothing was changed.")
        else:
            use(counted)
    st.session_state.pop(_WANTED, None)
    settings.stay()
    st.rerun()
