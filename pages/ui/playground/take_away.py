"""What can be taken along from the playground: link, data, settings, offline page."""

import json
from collections.abc import Callable

import streamlit as st

from closedloop_core import simulate
from closedloop_core.settings.laws import MAX_LINK_LABELS
from pages.ui.canvas import pack
from pages.ui.frame import CITATION, PAPER, link_to_copy, sheet
from pages.ui.playground.run import run_csv
from pages.ui.session import settings
from pages.ui.session.scenes import scene_of
from pages.ui.session.settings import Settings
from pages.ui.widgets.offline import standalone_page
from pages.ui.widgets.save import save_button
from pages.ui.wording import count


def take_away(now: Settings, played: Callable[[], bytes]) -> None:
    """Draw what can be taken along; ``played`` returns what the player shows."""
    if not settings.fits_link(now):
        own = any(law.private for law in settings.laws_of(now))
        why = "words of your own text" if own else f"more than {MAX_LINK_LABELS} labels"
        st.info(
            f"This link does not carry your data ({why}). Save the"
            " settings below: the file holds the data too, and loads under “Own data”.",
            icon=":material/link_off:",
        )
    label = "Take away: link, data, offline page"
    sheet(label, "take_away", "Take away", lambda: _taken(now, played))


def _taken(now: Settings, played: Callable[[], bytes]) -> None:
    # Now: when a button is pressed, there is no session to ask.
    link, shown = link_to_copy(now), played()
    which = "Run" if now.kept is None else "Run B"
    with st.container(horizontal=True, gap="small"):
        save_button(
            "Offline page (HTML)",
            lambda: _offline_page(now, shown, link),
            "closed-loop.html",
            "save_html",
            "One file that plays this run without a server, from a mail attachment.",
        )
        save_button(
            f"{which} as CSV",
            lambda: run_csv(simulate(now.params)),
            "closed-loop-run.csv",
            "save_csv",
            "One line a generation, every probability in full precision.",
        )
        save_button(
            "Settings as JSON" if now.kept is None else "Run B's settings as JSON",
            lambda: json.dumps(now.params.to_dict(), indent=1),
            "closed-loop-settings.json",
            "save_json",
            "The file holds your own data too, and loads under “Own data”."
            + (" Of two runs it holds B: swap them to save A." if now.kept else ""),
        )
    st.caption("Pictures, as PNG or SVG: “Save picture” above the bars.")
    st.markdown("**To cite**")
    st.code(f"{CITATION}. {PAPER}", language=None, wrap_lines=True)


def _offline_page(now: Settings, played: bytes, link: str) -> str:
    header = pack.unpack(played)[0]
    changes = [
        f"{c['words']} from generation {count(c['generation'])} on" for c in header["schedule"]
    ]
    lines = [
        header["alt"],
        *([f"Changed on the way: {', '.join(changes)}."] if changes else []),
        *([f"Run A beside it: {header['kept']['words']}."] if "kept" in header else []),
        f"{count(now.params.generations)} generations, seed {now.params.seed}.",
        link,
        f"Model: {CITATION}.",
        PAPER,
    ]
    scene = scene_of(now)
    title = f"Closed loop: {scene.name if scene else now.params.initial.describe()}"
    return standalone_page(pack.with_header(played, {"link": link}), title, "\n".join(lines))
