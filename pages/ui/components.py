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


def _register(name: str, *extras: str) -> Any:
    """Register the component in the folder ``name``; ``extras`` are more files of ``shared``."""
    folder, shared = _HERE / name, _HERE / "shared"
    return st.components.v2.component(
        f"closedloop_{name}",
        html=(folder / f"{name}.html").read_text("utf-8"),
        css="".join((shared / f"{part}.css").read_text("utf-8") for part in ("common", *extras))
        + (folder / f"{name}.css").read_text("utf-8"),
        js="".join((shared / f"{part}.js").read_text("utf-8") for part in ("common", *extras))
        + _scripts(folder),
    )


player = _register("player")
inside = _register("inside")
phase_map = _register("map")
dials = _register("dials")
verdict = _register("verdict")
geometry = _register("geometry", "landscape")
well = _register("well", "landscape")
