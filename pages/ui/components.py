"""The canvas components: registered once, from files of their own (see `files`).

A component receives one bytes object per change: a JSON header and raw arrays, see `charts.pack`.
"""

from typing import Any

import streamlit as st

from pages.ui import files


def _register(name: str, *extras: str) -> Any:
    """Register the component in the folder ``name``; ``extras`` are more files of ``shared``."""
    return st.components.v2.component(
        f"closedloop_{name}", **files.component(name, *extras)._asdict()
    )


player = _register("player")
inside = _register("inside")
phase_map = _register("map")
dials = _register("dials")
verdict = _register("verdict")
geometry = _register("geometry", "landscape")
well = _register("well", "landscape")
