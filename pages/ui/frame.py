"""The frame of every page: header with links, notes, footer, and the measures of the layout."""

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from closedloop_core import __version__
from closedloop_core.quoting import MAX_SENTENCE, shortened
from pages.ui import hall
from pages.ui.cached import prepare_process
from pages.ui.canvas.components import watch_connection
from pages.ui.lessons import bar, course, notes, own
from pages.ui.session import parts, places, settings
from pages.ui.wording import settings_words

PAGES = places.PAGES
CITATION = (
    "M. Marchi, S. Soatto, P. Chaudhari, P. Tabuada, Heat Death of Generative Models in"
    " Closed-Loop Learning, CDC 2024"
)
PAPER = "https://arxiv.org/abs/2404.02325"

_MOST_NOTES = 20  # on bad input; each is bounded too
# Whether a visitor's first run goes ahead of what frames it, until the browser asks for the rest.
RUN_FIRST = True

_SHARED = Path(__file__).parent / "canvas" / "shared"
# As a data address: Streamlit fetches named icons from another site, and goes through all
# visitors' files at every change.
_ICON = f"data:image/png;base64,{b64encode((_SHARED / 'icon.png').read_bytes()).decode()}"


# What the renderer turns into links, pictures and signs even where every sign is escaped: it looks
# for them in the finished text. A word joiner, which is not seen, keeps each apart.
_APART = re.compile(
    r"(?=@)|(?<=:)(?=\S)|(?<=www)(?=\.)|(?<!\S)(?=(?:<->|->|<-|--|>=|<=|~=)(?!\S))", re.IGNORECASE
)
WORD_JOINER = "\u2060"


def plain(text: str, limit: int = MAX_SENTENCE) -> str:
    """Return ``text`` so that Markdown shows it as it is: labels and links are visitors' text.

    It is bounded, clean (see `quoting.clean_label`) and inert: no address becomes a link.
    """
    text = _APART.sub(WORD_JOINER, shortened(text, limit))
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def open_page(path: str, title: str, drop: hall.Drop | None = None) -> settings.Settings:
    """Start a page: title, style, settings, header and notes. Returns the settings.

    ``drop`` is what the page does with a file that is dropped on it; None: nothing.
    """
    now, top, _ = open_ahead(path, title)
    with top:
        header(path, now, drop)
    return now


def open_ahead(path: str, title: str) -> tuple[settings.Settings, DeltaGenerator, bool]:
    """Start a page without its header, so that its picture can go ahead of what frames it.

    Returns
    -------
    settings, where the header goes, and whether this run is to draw the picture alone and then to
    call `ask_for_the_rest`: a visitor's first, where nothing hides the picture
    """
    is_new = "settings" not in st.session_state
    st.set_page_config(
        page_title=f"{title} · Closed loop",
        page_icon=_ICON,
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    prepare_process()
    parts.forget()
    if notes.is_notes(st.query_params):
        write_style(_SHARED, "page.css", projector=False)
        notes.notes_page(st.query_params)
        st.stop()
    now = settings.load(path, course.opening)
    course.follow(path)
    course.lesson()  # where the link names none that is here, it is closed before anything is drawn
    now = settings.current()
    write_style(_SHARED, "page.css", now.projector)
    top = st.container(key="header_place")
    told = [plain(sentence) for sentence in st.session_state["complaints"][:_MOST_NOTES]]
    if told:
        text = told[0] if len(told) == 1 else "\n".join(f"- {sentence}" for sentence in told)
        st.warning(text, icon=":material/info:")
    is_ahead = RUN_FIRST and is_new and not now.projector and course.open_question() is None
    return now, top, is_ahead


def write_style(folder: Path, sheet: str, projector: bool) -> None:
    """Write a style sheet into the page; in projector mode the folder's ``projector.css`` too."""
    sheets = (sheet, "projector.css") if projector else (sheet,)
    st.html(f"<style>{''.join((folder / name).read_text('utf-8') for name in sheets)}</style>")


def header(path: str, now: settings.Settings, drop: hall.Drop | None = None) -> None:
    """Draw the header: name, links to the pages with the settings, projector button; the lesson."""
    if course.open_question() is not None:
        drop = None
    query = settings.links_with(now)
    with st.container(key="header", horizontal=True, gap="medium", vertical_alignment="center"):
        if not now.projector:
            st.markdown("**Closed loop**", width="content")
            with st.container(key="tagline", width="stretch"):
                st.caption("a model that learns from what it wrote")
        for page, label in PAGES.items():
            key = "here" if page == path else f"to_{label.split()[0].lower()}"
            with st.container(key=key, width="content"):
                st.page_link(page, label=label, query_params=query)
        with st.container(key="header_tools", width="content", horizontal=True, gap="small"):
            hall.keys_box(now, drop)
            if now.projector:
                hall.link_button(now)
            hall.projector_button(now)
    if now.projector and course.lesson() is None:  # whose steps take the scenes' place
        hall.scene_box(now)
    bar.lesson_bar(now, path)


def is_hidden() -> bool:
    """Say whether a lesson's question hides this page; if so, draw what stands in its place."""
    if course.open_question() is None:
        return False
    hidden_note(settings.current())
    close_page()
    return True


def hidden_note(now: settings.Settings) -> None:
    """Draw what stands in the place of pictures and dials while a question is open."""
    with st.container(key="hidden_note"):
        st.markdown("\n".join(f"- {part}" for part in settings_words(now.params)))
        st.caption("What lies ahead is hidden until the question above is answered.")


def close_page() -> None:
    """End a page: footer, and the settings written into the link."""
    with st.container(key="footer", horizontal=True, gap="medium"):
        st.caption(
            f"Model: [{CITATION}]({PAPER}). Thresholds: derived for this project.", width="stretch"
        )
        path = st.session_state["page"]
        if PAGES.get(path) != "Lessons":
            st.button(
                "Add to my lesson",
                key="add_view",
                type="tertiary",
                on_click=own.add_view,
                args=(path,),
                help="This page with its settings becomes the next step of a lesson of your own.",
            )
        box = drawer("Cite", "drawer_cite", type="tertiary", width="content")
        if box.open:
            box.markdown("If this dashboard helped your work, cite the paper and the software.")
            box.code(citation(), language="bibtex", wrap_lines=True)
        st.caption(f"v {__version__}", width="content")
    watch_connection()
    settings.mirror()


def citation() -> str:
    """Return BibTeX entries for the paper and for this software."""
    return f"""@inproceedings{{marchi2024heat,
  title = {{Heat Death of Generative Models in Closed-Loop Learning}},
  author = {{Marchi, Matteo and Soatto, Stefano and Chaudhari, Pratik and Tabuada, Paulo}},
  booktitle = {{63rd IEEE Conference on Decision and Control}},
  pages = {{1524--1530}},
  year = {{2024}},
  doi = {{10.1109/CDC56724.2024.10886816}}
}}
@software{{closedloop,
  title = {{Closed loop: an interactive dashboard of closed-loop learning}},
  author = {{{{The Closed loop developers}}}},
  version = {{{__version__}}},
  year = {{2026}}
}}"""


def fold(label: str, key: str) -> Any:
    """Return a fold in the page; its state is kept under ``key``.

    Draw what belongs into it only where ``.open`` says so: what is shut is neither drawn, nor sent,
    nor computed, and the rest of the page answers the sooner.
    """
    return st.expander(label, key=key, type="compact", on_change=settings.stay)


def link_to_copy(now: settings.Settings) -> str:
    """Draw the link to this view, to be copied; returns it."""
    link = settings.address(now)
    st.markdown("**Link to this view**")
    st.code(link, language=None, wrap_lines=True)
    return link


sheet = hall.sheet


def drawer(label: str, key: str, **options: Any) -> Any:
    """Return a drawer behind a button, as `fold`; its state is kept under ``key``."""
    return st.popover(label, key=key, on_change=settings.stay, **options)
