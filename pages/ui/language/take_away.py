"""What can be taken along from the page "Language": link, texts, numbers, settings, a file."""

import json

import streamlit as st

from pages.ui.canvas import pack
from pages.ui.frame import CITATION, drawer
from pages.ui.language.export import measures_csv, texts
from pages.ui.language.runs import Moment
from pages.ui.language.words import Faithful, setting_line
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.session.text_settings import TextSettings
from pages.ui.widgets.offline import standalone_page
from pages.ui.widgets.save import save_button


def take_away(
    text: TextSettings, now: Settings, moments: list[Moment], rule: Faithful, played: bytes
) -> None:
    """Draw what can be taken along; ``played`` is what the texts' component shows."""
    params = text.params
    runs = [run for run in (params, text.kept) if run is not None]
    if not all(run.source.fits_link for run in runs):
        st.info(
            "This link does not carry your text. It stays in your visit; the settings file holds"
            " its counts, and loads under “Your text”.",
            icon=":material/link_off:",
        )
    box = drawer("Take away: link, texts, data", "drawer_text_take_away", width="stretch")
    if not box.open:
        return
    link, shown = settings.address(now), list(moments)
    with box:
        st.markdown("**Link to this view**")
        st.code(link, language=None, wrap_lines=True)
        with st.container(horizontal=True, gap="small"):
            save_button(
                "Texts",
                lambda: texts(shown, params, link),
                "closed-loop-texts.txt",
                "save_texts",
                "What every generation wrote, as plain text.",
            )
            save_button(
                "Measures as CSV",
                lambda: measures_csv(shown, params, rule),
                "closed-loop-language.csv",
                "save_text_csv",
                "One line a generation, every measure in full precision.",
            )
            save_button(
                "Settings as JSON",
                lambda: json.dumps(params.to_dict(), indent=1),
                "closed-loop-language.json",
                "save_text_json",
                "For the library, or to load here under “Your text”.",
            )
            save_button(
                "Offline page (HTML)",
                lambda: _offline(text, played, link),
                "closed-loop-language.html",
                "save_text_html",
                "One file that plays this run without a server, from a mail attachment.",
            )
        st.caption("A picture: “Save picture” above the texts.")


def _offline(text: TextSettings, played: bytes, link: str) -> str:
    lines = [setting_line(text.params) + ".", link, f"Model: {CITATION}."]
    shown = pack.with_header(played, {"intro": None, "state": "done", "live": False})
    title = f"Closed loop: {text.params.source.describe()}"
    return standalone_page(shown, title, "\n".join(lines), "language")
