"""The canvas components: registered once, from files of their own.

Each lives in a folder (html, css, js); what they share is in ``shared/``. A component receives one
bytes object per change: a JSON header and raw arrays, see `charts.pack`.
"""

from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent


def _scripts(folder: Path) -> str:
    """Return the folder's scripts as one; the one named after the folder exports and comes last."""
    last = folder / f"{folder.name}.js"
    parts = [path for path in sorted(folder.glob("*.js")) if path != last]
    return "\n".join(path.read_text("utf-8") for path in [*parts, last])


def _register(name: str) -> Any:
    """Register the component whose files are in the folder ``name``."""
    folder, shared = _HERE / name, _HERE / "shared"
    return st.components.v2.component(
        f"closedloop_{name}",
        html=(folder / f"{name}.html").read_text("utf-8"),
        css=(shared / "common.css").read_text("utf-8")
        + (folder / f"{name}.css").read_text("utf-8"),
        js=(shared / "common.js").read_text("utf-8") + _scripts(folder),
    )


player = _register("player")
phase_map = _register("map")
dials = _register("dials")
verdict = _register("verdict")
