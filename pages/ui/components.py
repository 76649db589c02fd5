"""The canvas components: registered once, from files of their own (see `files`).

A component receives one bytes object per change: a JSON header and raw arrays, see `charts.pack`.
Streamlit sends a component's script, style and elements along with every change of its data. So
they go in an element of their own, which never changes: what was sent before goes as a reference.
The same holds for arrays that stay while the rest changes (`send_ahead`).
"""

import hashlib
from typing import Any

import streamlit as st

from pages.ui import charts, files


def _register(name: str, *extras: str) -> Any:
    """Register the component in the folder ``name``; ``extras`` are more files of ``shared``.

    Returns what mounts it: the renderer of Streamlit, with ``key`` and ``data`` as keywords.
    """
    room = files.room(name, files.component(name, *extras))
    code = st.components.v2.component(f"closedloop_code_{name}", js=room)
    door = st.components.v2.component(f"closedloop_{name}", js=files.door(name))

    def mount(**options: Any) -> Any:
        code(key=f"code_{name}")
        return door(**options)

    return mount


player = _register("player")
inside = _register("inside")
phase_map = _register("map")
dials = _register("dials")
verdict = _register("verdict")
geometry = _register("geometry", "landscape")
well = _register("well", "landscape")
lights = _register("lights")
_parcel = st.components.v2.component("closedloop_code_parcel", js=files.shared("parcel.js"))


def send_ahead(data: bytes, key: str) -> str:
    """Send packed bytes that later messages need; return the name to put under ``"parcel"``."""
    name = hashlib.blake2b(data, digest_size=8).hexdigest()
    _parcel(key=f"code_{key}", data=charts.with_header(data, {"parcel_name": name}))
    return name
