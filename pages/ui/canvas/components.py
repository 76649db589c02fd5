"""The canvas components: registered once, from files of their own (see `files`).

A component receives one bytes object per change: a JSON header and raw arrays, see `pack.pack`.
Streamlit sends a component's script, style and elements along with every change of its data. So
they go in an element of their own, the bundle, which a page lays out once for all its components
(`load_components`), and what comes with a change is a stub of 20 lines. The same holds for arrays
that stay while the rest changes: they are sent once, as a payload (`send_ahead`).

Each message costs the server a quarter of a millisecond, and each component drawn more. So where
several follow the hand, one carries the data of those that need not be drawn in the part that
follows it (`pack.carry`); they stay outside, and their own data holds what never changes.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui.canvas import files, pack
from pages.ui.canvas.presenting import read_states_lightly

read_states_lightly()  # before the first component is drawn
_definitions: dict[str, str] = {}
_PAGES = {
    "playground": ("player", "verdict", "dials", "map", "scenes_box", "keys"),
    "phase": ("verdict", "dials", "map", "scenes_box", "keys"),
    "geometry": ("verdict", "dials", "geometry", "well", "scenes_box", "keys"),
    "luck": ("dials", "highlight", "charts", "scenes_box", "keys"),
    "theory": ("dials", "scenes_box", "keys"),
    "language": ("language", "verdict", "dials", "text_map", "scenes_box", "keys"),
    "images": ("sheets", "verdict", "dials", "scenes_box", "keys"),
    "still": ("scenes_box", "keys"),
    "inside": ("inside",),
    "lesson": ("lesson",),
    "notes": ("notes",),
    "tour": ("tour",),
    "player": ("player",),
}


def _register(name: str) -> Any:
    """Register the component in the folder ``name``.

    Returns what mounts it: the renderer of Streamlit, with ``key`` and ``data`` as keywords.
    """
    _definitions[name] = files.definition(name, files.component(name))
    return st.components.v2.component(f"closedloop_{name}", js=files.stub(name))


def load_components(page: str) -> None:
    """Send the code of all components of a page, a name in ``_PAGES``; before any is drawn.

    Not in a fragment: it would be sent, and looked at, again and again.
    """
    _bundles[page](key=f"code_{page}")


player = _register("player")
inside = _register("inside")
language = _register("language")
text_map = _register("text_map")
phase_map = _register("map")
dials = _register("dials")
verdict = _register("verdict")
geometry = _register("geometry")
well = _register("well")
sheets = _register("sheets")
highlight = _register("highlight")
charts = _register("charts")
scenes_box = _register("scenes_box")
lesson = _register("lesson")
notes = _register("notes")
tour = _register("tour")
keys = _register("keys")
_bundles = {
    page: st.components.v2.component(
        f"closedloop_code_{page}", js=files.bundle(_definitions[name] for name in names)
    )
    for page, names in _PAGES.items()
}
_payload = st.components.v2.component("closedloop_code_payload", js=files.shared("payload.js"))
_connection = st.components.v2.component(
    "closedloop_code_connection", js=files.shared("connection.js")
)
_painted = st.components.v2.component("closedloop_code_painted", js=files.shared("painted.js"))


def ask_for_the_rest(answer: Callable[[], None]) -> None:
    """Have the browser call ``answer`` once the page's picture is on screen."""
    _painted(key="code_painted", on_painted_change=answer)


def watch_connection() -> None:
    """Have the page drawn anew when a lost connection is back; not in a fragment."""
    _connection(key="code_connection", on_back_change=lambda: None)


def send_ahead(data: bytes, key: str, name: str | None = None) -> None:
    """Send packed bytes that are needed later, by a name: their `pack.payload_name` if None."""
    named = pack.with_header(data, {"payload_name": name or pack.payload_name(data)})
    _payload(key=f"code_{key}", data=named)
