"""What can be taken along from the playground: link, data, settings, offline page."""

import json
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from closedloop_core import simulate
from closedloop_core.settings.laws import MAX_LINK_LABELS
from pages.ui.canvas import pack
from pages.ui.frame import CITATION, PAPER, drawer
from pages.ui.playground.run import run_csv
from pages.ui.session.scenes import scene_of
from pages.ui.session.settings import Settings
from pages.ui.widgets.offline import standalone_page
from pages.ui.widgets.save import save_button
from pages.ui.wording import count


def take_away(now: Settings, played: Callable[[], bytes]) -> None:
    """Draw what can be taken along; ``played`` returns what the player shows."""
    if not fits_link(now):
        st.info(
            f"This link does not carry your data (more than {MAX_LINK_LABELS} labels). Save the"
            " settings below: the file holds the data too, and loads under “Own data”.",
            icon=":material/link_off:",
        )
    label = "Take away: link, data, offline page"
    box = drawer(label, "drawer_take_away", width="stretch")
    if not box.open:
        return
    # Now: when a button is pressed, there is no session to ask.
    link, shown = _address(now), played()
    which = "Run" if now.kept is None else "Run B"
    with box:
        st.markdown("**Link to this view**")
        st.code(link, language=None, wrap_lines=True)
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


def fits_link(now: Settings) -> bool:
    """Say whether the link carries the data of the run, and of the one beside it."""
    runs = [run for run in (now.params, now.kept) if run is not None]
    return all(run.initial.fits_link() and run.source.fits_link() for run in runs)


def _address(now: Settings) -> str:
    """Return the link in full, or only its query where the address is not known."""
    here = urlsplit(st.context.url or "")
    path = here.path or ("/" if here.netloc else "")
    return urlunsplit(here._replace(path=path, query=urlencode(now.to_query()), fragment=""))


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
    return standalone_page(played, title, "\n".join(lines))
