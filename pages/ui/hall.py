"""What a lecture hall needs on every page: scenes for a clicker, keys, theme, link, the way out."""

import dataclasses
import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from pages.ui.canvas import components, pack
from pages.ui.qr_code import TooLong, qr_code
from pages.ui.session import own_data, parts, settings
from pages.ui.session.dropped import Dropped, read_dropped
from pages.ui.session.scenes import SCENES, place_of, scene_of
from pages.ui.session.settings import Settings

_OWN = "Own settings"


@dataclass(frozen=True)
class Drop:
    """What a page does with a file that is dropped on it.

    ``invite`` is said while the file is held over the page, ``take`` gets the file.
    """

    invite: str
    take: Callable[[Dropped], None]


OWN_DATA = Drop(
    "Drop a text, a counted list or saved settings: what was understood is said before it is used",
    own_data.drop,
)


def scene_box(now: Settings) -> None:
    """Choose a scene; the sentence says what to watch. A clicker goes from scene to scene."""
    scene, place = scene_of(now), place_of(now, st.session_state.get("scene_place"))
    st.session_state["scene_place"] = place and place.name
    header = {
        "mode": now.mode,
        "names": [s.name for s in SCENES],
        "own": _OWN,
        "chosen": place and place.name,
        "changed": scene is None,
        "watch": scene.watch if scene else "",
    }
    components.scenes_box(
        key="scene",
        data=pack.pack(header, {}),
        on_chosen_change=lambda: load_scene(st.session_state["scene"]["chosen"]),
    )


def load_scene(name: Any) -> None:
    """Load the scene of this name, from its start."""
    now = settings.current()
    for scene in SCENES:
        if scene.name == name:
            st.session_state["scene_place"] = scene.name
            settings.apply(
                dataclasses.replace(scene.settings(now.projector), text=now.text), restart=True
            )
            parts.redraw()


def keys_box(now: Settings, drop: Drop | None) -> None:
    """Draw what opens the list of keys, and in projector mode the switch of the theme.

    The same component hears of files, and of who goes for the links beside it: it is on every page.
    ``drop`` is None where no file is taken.
    """

    def dropped() -> None:
        file = read_dropped(st.session_state["keys"]["dropped"])
        if drop is not None and file is not None:
            drop.take(file)
        parts.redraw()

    def approached() -> None:
        settings.ask_for_links()
        parts.redraw()

    invite = "No file can be dropped here" if drop is None else drop.invite
    header = {
        "mode": now.mode,
        "takes": drop is not None,
        "invite": invite,
        "lags": parts.is_begun(),  # there the links wait until somebody goes for them
    }
    components.keys(
        key="keys",
        data=pack.pack(header, {}),
        on_dropped_change=dropped,
        on_approached_change=approached,
    )


def sheet(label: str, name: str, title: str, draw: Callable[[], None], **options: Any) -> None:
    """Draw a button that opens a sheet over the page; what ``draw`` draws has all its height.

    One sheet is open at a time. ``name`` is the sheet's, its button has the key ``open_name``.
    """
    options = {"width": "stretch", **options}
    st.button(label, key=f"open_{name}", on_click=_open_sheet, args=(name,), **options)
    # A change of the run that is being edited lies over the page already.
    if st.session_state.get("sheet") == name and "change" not in st.session_state:
        st.dialog(title, width="large", on_dismiss=lambda: _open_sheet(None))(draw)()


def _open_sheet(name: str | None) -> None:
    st.session_state["sheet"] = name


def link_button(now: Settings) -> None:
    """Draw the button that shows the link as a QR code: a class opens what it sees."""
    sheet(
        "QR code",
        "qr_code",
        "Open this on your phone",
        lambda: _draw_link(now),
        icon=":material/qr_code_2:",
        width="content",
    )


def _draw_link(now: Settings) -> None:
    link = settings.address(dataclasses.replace(now, projector=False))
    try:
        # On white, whatever the theme: that is what phones look for.
        st.html(f'<img class="cl-qr" alt="QR code of the link below" src="{qr_code(link)}">')
    except TooLong as error:
        st.warning(str(error))
    st.html(f'<p class="cl-qr-link">{html.escape(link)}</p>')
    if not settings.fits_link(now):
        st.info("This link does not carry the data: they are too many for it.")
    elif urlsplit(link).hostname in ("localhost", "127.0.0.1", "::1"):
        st.info("This address works on this computer alone: phones need that of a server.")


def projector_button(now: Settings) -> None:
    """Draw the way into projector mode, or out of it."""
    leaves = now.projector
    st.button(
        "Leave projector" if leaves else "Projector",
        icon=":material/close:" if leaves else ":material/cast:",
        key="projector_button",
        help=None if leaves else "Large type for a lecture hall; press again to leave.",
        on_click=settings.change,
        kwargs={"projector": not leaves},
    )
