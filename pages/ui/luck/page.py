"""What the chapters of the Luck page have in common: title, controls, charts and their keys."""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from closedloop_core import Law
from closedloop_core.settings.limits import Limit
from pages.ui.canvas import components, pack
from pages.ui.frame import drawer, link_to_copy, plain, sheet, write_style
from pages.ui.hall import scene_box
from pages.ui.luck.theme import Look
from pages.ui.remembered import LETTERS
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.widgets.dials import dial_box, seed_row
from pages.ui.widgets.more import more_fold
from pages.ui.widgets.numbers import number_box
from pages.ui.widgets.save import save_button
from pages.ui.wording import settings_words

TEN = Law.from_weights([1 / i for i in range(1, 11)], LETTERS)
# What an example leaves as it is in every loop of the literature: changes are to this.
PLAIN: Mapping[str, Any] = {
    "initial": TEN,
    "reference": None,
    "temperature": 1.0,
    "external_fraction": 0.0,
    "sample_size": 100,
    "initial_size": 100,
    "growth": None,
    "noise": True,
    "regime": "replace",
    "schedule": (),
    "seed": 2404,
}


# What the charts of a chapter do not take from the settings.
_VARIED = {
    "odds": "many runs with other luck",
    "sizes": "the charts vary the sample size",
    "map": "the diagrams vary temperature and external data",
    "regimes": "the charts vary the regime",
}


@dataclass(frozen=True)
class Example:
    """Settings worth a look: ``changes`` are fields of `LoopParams` and of the view."""

    key: str
    label: str
    why: str
    changes: Mapping[str, Any]


def style_sheets(now: Settings) -> None:
    """Write the style of the Luck page."""
    write_style(Path(__file__).parent, "luck.css", now.projector)


def title(pieces: Sequence[tuple[str, bool]], remark: str, style: Look) -> str:
    """Return the headline, its emphasised pieces in the class's colour, and the line below it."""
    shown = "".join(
        f'<span style="color:{style.text}">{html.escape(text)}</span>'
        if told
        else html.escape(text)
        for text, told in pieces
    )
    return f'<h1 class="lk-title">{shown}</h1><p class="lk-sub">{html.escape(remark)}</p>'


def control_row(
    now: Settings, examples: Sequence[Example], more: Callable[[Settings], None] | None = None
) -> None:
    """Draw the dials, the examples, and what is rarely turned; ``more`` is the chapter's own."""
    with st.container(key="luck_controls", horizontal=True, vertical_alignment="center"):
        with st.container(key="luck_dials", width="stretch"):
            dial_box(now)
        with st.container(key="luck_side", width=330):
            with st.container(horizontal=True, vertical_alignment="center", key="luck_scene"):
                box = drawer("Examples", "drawer_examples", width="stretch")
                if box.open:
                    with box:
                        for example in examples:
                            _example_button(example)
                box = drawer("More", "drawer_more", width="stretch")
                if box.open:
                    with box:
                        if more is not None:
                            more(now)
                        if not now.projector:  # there it stands in the header
                            scene_box(now)
                        more_fold(now)
            seed_row(now)


def _example_button(example: Example) -> None:
    st.button(
        example.label,
        key=example.key,
        on_click=_take_example,
        args=(example,),
        width="stretch",
    )
    st.caption(example.why)


def _take_example(example: Example) -> None:
    st.session_state["drawer_examples"] = False  # what was chosen is to be seen
    settings.change(restart=True, **example.changes)


def title_place(chapter: str) -> DeltaGenerator:
    """Return where a chapter's headline goes; the last one stays, pale, while it computes."""
    place = st.empty()
    last = st.session_state.get("luck_title")
    if last is not None and last[0] == chapter:
        place.html(f'<div class="lk-former">{last[1]}</div>')
    return place


def write_title(place: DeltaGenerator, chapter: str, text: str) -> None:
    """Write a chapter's headline, and keep it for the next time."""
    st.session_state["luck_title"] = (chapter, text)
    place.html(text)


def runs_box(now: Settings) -> None:
    """Choose how many runs stand for chance."""
    number_box(
        "Runs",
        "runs",
        now.runs,
        Limit(*settings.RUNS, whole=True),
        lambda runs: settings.change(runs=runs),
        help="How many runs of the same settings stand for chance. More runs, smaller errors.",
    )


def bounded_note(note: str | None) -> None:
    """Say it when less is computed than was asked for."""
    if note:
        st.info(plain(note), icon=":material/speed:")


def head(words: str, keys: str = "") -> None:
    """Draw the title of a figure and its key."""
    st.html(f'<div class="lk-head"><h2>{html.escape(words)}</h2>{keys}</div>')


def keys(entries: Sequence[tuple[str, str]], colour: str) -> str:
    """Return a key: glyph and words of each entry; ``colour`` is that of the runs."""
    shown = "".join(
        f'<span class="lk-key lk-{glyph}"><i></i>{html.escape(words)}</span>'
        for glyph, words in entries
    )
    return f'<div class="lk-keys" style="--class:{colour}">{shown}</div>'


def chart(drawn: dict[str, Any], words: str, key: str) -> None:
    """Draw a figure as wide as its column; ``words`` are for a screen reader."""
    with st.container(key=key):
        st.vega_lite_chart(drawn, theme=None, width="stretch", alt=words)


def theme() -> str:
    """Return "light" or "dark"."""
    return st.context.theme.type or "light"


def take_away(files: Sequence[tuple[str, Callable[[], str], str]]) -> None:
    """Draw what can be taken along: label, what makes it, and file name of each table."""
    with st.container(key="luck_take_away"):
        sheet("Take away: link, data", "take_away", "Take away", lambda: _taken(files))


def _taken(files: Sequence[tuple[str, Callable[[], str], str]]) -> None:
    link_to_copy(settings.current())
    with st.container(horizontal=True, gap="small"):
        for label, make, name in files:
            save_button(label, make, name, key=name)
    now = settings.current()
    header = {
        "place": ".st-key-luck_body",
        "settings": f"{now.params.source.describe()}. {', '.join(settings_words(now.params))};"
        f" {_VARIED[now.chapter]}.",
        "picture_name": f"closed-loop-{now.chapter}",
    }
    components.charts(key="charts", data=pack.pack(header, {}))
