"""Own data: paste or load, see what was understood, change the guesses, and use it.

`pages.ui.session.own_data` keeps what was brought. Where an answer is needed it is asked here.
"""

from typing import Any

import streamlit as st

from closedloop_core.settings.limits import Limit
from closedloop_core.settings.reading import (
    COMMON_LANGUAGES,
    DECIMALS,
    SEPARATORS,
    UNITS,
    Understood,
)
from closedloop_core.settings.reading.options import MAX_LABELS, MIN_LABELS, NO_COUNTS, Question
from pages.ui.frame import drawer, plain
from pages.ui.session import own_data, settings
from pages.ui.session.own_data import Brought
from pages.ui.session.shown import shown
from pages.ui.widgets.numbers import number_box

_KINDS = {"auto": "find out", "text": "text", "list": "counted list", "json": "JSON"}
_AUTO = ("auto", None)
_WIDTH = 210  # pixels: two stand side by side in the drawer, one in the fold
_MOST_COLUMNS = 20  # that can be chosen from a list


def own_words_drawer() -> None:
    """Draw the button "Your words"; behind it, `own_data_box`."""
    box = drawer("Your words", "drawer_words", icon=":material/edit_note:", width="content")
    if box.open:
        with box:
            own_data_box("words")


def dropped_box() -> None:
    """Show a file that was dropped on the page, until it is used or put away."""
    if st.session_state.get("dropped"):
        _dropped()


@st.dialog("Your words", on_dismiss=lambda: _put_away())
def _dropped() -> None:
    found = own_data.brought()
    if found is None or own_data.is_in_use(found):
        _put_away()
        st.rerun()
    _brought(found, "dropped")


def _put_away() -> None:
    settings.stay()
    st.session_state.pop("dropped", None)


def own_data_box(place: str) -> None:
    """Paste or load data, and decide how to read them; ``place`` is the widgets' prefix."""
    st.text_area(
        "Paste a text or a list",
        key=f"{place}_pasted",
        placeholder="A text, lines such as “red 500”, or cells copied from a spreadsheet.",
        on_change=_paste,
        args=(place,),
    )
    # Any file may be tried: what is no text is refused by the reader, in one sentence.
    st.file_uploader(
        "or load a file: a text, a counted list (.csv, .tsv, .txt, .json), or saved settings",
        key=f"{place}_upload",
        on_change=_upload,
        args=(place,),
        help="Up to 5 MB of text; of more than 10,000 labels the most frequent are kept. The file"
        " stays in your visit. Labels are only ever shown as text.",
    )
    found = own_data.brought()
    if found is not None:
        _brought(found, place)


def _paste(place: str) -> None:
    text = st.session_state[f"{place}_pasted"]
    if text.strip():
        own_data.bring(text)
    else:
        own_data.forget()


def _upload(place: str) -> None:
    file = st.session_state[f"{place}_upload"]
    if file is None:
        own_data.forget()
    else:
        own_data.bring(file.getvalue(), file.name)


def _brought(found: Brought, place: str) -> None:
    """Say what was understood or why not; ask; offer to use it and to read it otherwise."""
    understood = found.understood
    if understood is None:
        st.error(f"{plain(found.refusal)}. Nothing was replaced.")
    else:
        _say(found, understood)
        for question in understood.questions:
            _ask(question, place)
    if understood is not None and understood.reading.keep is not None:
        _keep(understood.reading.keep, place)
    if understood is not None and not own_data.is_in_use(found):
        st.button(
            "Use these",
            key=f"{place}_use",
            type="primary",
            disabled=not found.is_ready,
            help=None if found.is_ready else "Answer the question above first.",
            on_click=own_data.use,
        )
    if understood is None or understood.kind != "settings":
        if st.toggle("Read it differently", key=f"{place}_differently"):
            with st.container(horizontal=True, gap="small"):
                _guesses(found, place)


def _say(found: Brought, understood: Understood) -> None:
    where = f"{plain(found.name, 60)}: " if found.name else ""
    st.markdown(f"**Understood:** {where}{plain(understood.sentence)}.")
    for note in understood.notes:
        st.caption(plain(note))
    if own_data.is_in_use(found):
        st.caption("In use: the run waits at generation 0 until you press Play.")


def _ask(question: Question, place: str) -> None:
    key = f"{place}_answer_{question.field}"
    st.session_state[key] = None
    st.markdown(plain(question.sentence))
    st.radio(
        question.sentence,  # unseen, and read out as it is, signs and all
        range(len(question.choices)),
        index=None,
        format_func=lambda i: plain(question.choices[i].words),
        key=key,
        on_change=_answer,
        args=(question, key),
        label_visibility="collapsed",
    )


def _answer(question: Question, key: str) -> None:
    at = st.session_state[key]
    if at is not None:
        own_data.choose(**{question.field: question.choices[at].value})


def _keep(kept: int, place: str) -> None:
    number_box(
        "Keep the most frequent",
        f"{place}_keep",
        kept,
        Limit(MIN_LABELS, MAX_LABELS, whole=True),
        lambda keep: own_data.choose(keep=keep),
        help="The rest is left out, and its share is said. A change acts at once.",
    )


def _guesses(found: Brought, place: str) -> None:
    """Every guess of the reader, to be changed: of a list its form, of a text what is counted."""
    reading = found.understood.reading if found.understood else None
    guess = {
        "kind": _KINDS.get(reading.kind, "") if reading else "",
        "separator": SEPARATORS.get(reading.separator, reading.separator) if reading else "",
        "decimal": DECIMALS.get(reading.decimal, "") if reading else "",
        "heading": reading.heading if reading and reading.heading != "auto" else "",
    }
    kinds = [kind for kind in _KINDS if kind != "json" or found.name.lower().endswith(".json")]
    _select(found, place, "kind", "Read as", {kind: _KINDS[kind] for kind in kinds}, guess["kind"])
    if found.understood is None or found.understood.kind == "list":
        marks = {"auto": "find out", **SEPARATORS}
        _select(found, place, "separator", "Cut at", marks, guess["separator"])
        decimals = {"auto": "find out", **DECIMALS}
        _select(found, place, "decimal", "Decimal mark", decimals, guess["decimal"])
        headings = {"auto": "find out", "yes": "yes", "no": "no"}
        _select(found, place, "heading", "First line is a heading", headings, guess["heading"])
        _columns(found, place)
    else:
        units = {unit: unit for unit in UNITS}
        _select(found, place, "unit", "Count", units, "")
    common: dict[Any, str] = {None: "none", **COMMON_LANGUAGES}
    _select(found, place, "drop_common", "Leave out common words", common, "")


def _columns(found: Brought, place: str) -> None:
    understood = found.understood
    if understood is None or not 2 <= len(understood.columns) <= _MOST_COLUMNS:
        return
    numbered: dict[Any, str] = {
        j: f"column {j}: {name}" for j, name in enumerate(understood.columns, start=1)
    }
    reading = understood.reading
    _select(
        found,
        place,
        "label_column",
        "Labels",
        {None: "find out", **numbered},
        numbered.get(reading.label_column, "") if isinstance(reading.label_column, int) else "",
    )
    counts: dict[Any, str] = {NO_COUNTS: "none: every line counts once", **numbered}
    _select(
        found,
        place,
        "count_column",
        "Counts",
        {None: "find out", **counts},
        counts.get(reading.count_column, "") if isinstance(reading.count_column, int) else "",
    )


def _select(
    found: Brought,
    place: str,
    field: str,
    label: str,
    choices: dict[Any, str],
    guess: str,
) -> None:
    """Draw the choice of one option; where it is found out, the guess stands beside it."""
    key = f"{place}_{field}"
    values = list(choices)
    chosen = getattr(found.options, field)
    if chosen not in values:
        values.append(chosen)

    def words(value: object) -> str:
        if value in _AUTO and chosen in _AUTO and guess:
            return f"found out: {guess}"
        return choices.get(value, str(value))

    st.selectbox(
        label,
        values,
        format_func=words,
        width=_WIDTH,
        **shown(key, chosen, lambda choice: own_data.choose(**{field: choice})),
    )
