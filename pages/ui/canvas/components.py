"""The canvas components: registered once, from files of their own (see `files`).

A component receives one bytes object per change: a JSON header and raw arrays, see `charts.pack`.
Streamlit sends a component's script, style and elements along with every change of its data. So
they go in an element of their own, which a page lays out once for all its components (`furnish`):
what never changes travels once, and what is redrawn while a dial moves need not mention it. The
same holds for arrays that stay while the rest changes (`send_ahead`).
"""

from typing import Any

import streamlit as st

from pages.ui.canvas import files, pack

_rooms: dict[str, str] = {}
_PAGES = {
    "playground": ("player", "verdict", "dials", "map", "scenes_box"),
    "phase": ("verdict", "dials", "map", "scenes_box"),
    "geometry": ("verdict", "dials", "geometry", "well", "scenes_box"),
    "luck": ("dials", "lights", "scenes_box"),
    "theory": ("dials", "scenes_box"),
    "inside": ("inside",),
    "player": ("player",),
}


def _register(name: str, *extras: str) -> Any:
    """Register the component in the folder ``name``; ``extras`` are more files of ``shared``.

    Returns what mounts it: the renderer of Streamlit, with ``key`` and ``data`` as keywords.
    """
    _rooms[name] = files.room(name, files.component(name, *extras))
    return st.components.v2.component(f"closedloop_{name}", js=files.door(name))


def furnish(page: str) -> None:
    """Lay out the code of all components of a page, a name in ``_PAGES``; before any is drawn.

    Not in a fragment: it would be sent, and looked at, again and again.
    """
    _codes[page](key=f"code_{page}")


player = _register("player")
inside = _register("inside")
phase_map = _register("map")
dials = _register("dials")
verdict = _register("verdict")
geometry = _register("geometry", "landscape")
well = _register("well", "landscape")
lights = _register("lights")
scenes_box = _register("scenes_box")
_codes = {
    page: st.components.v2.component(
        f"closedloop_code_{page}", js=files.house(_rooms[name] for name in names)
    )
    for page, names in _PAGES.items()
}
_parcel = st.components.v2.component("closedloop_code_parcel", js=files.shared("parcel.js"))


def send_ahead(data: bytes, key: str, name: str | None = None) -> None:
    """Send packed bytes that are needed later, by a name: their `charts.parcel_name` if None."""
    named = pack.with_header(data, {"parcel_name": name or pack.parcel_name(data)})
    _parcel(key=f"code_{key}", data=named)
