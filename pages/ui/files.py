"""The files of the canvas components: html, css and js, put together. Pure; no streamlit.

Each component lives in a folder of its own; what several share is in ``shared/``.
"""

from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent


class Component(NamedTuple):
    """What a component is made of, as texts."""

    html: str
    css: str
    js: str


def shared(name: str) -> str:
    """Return the text of a file of ``shared/``."""
    return (_HERE / "shared" / name).read_text("utf-8")


def component(name: str, *extras: str) -> Component:
    """Return the component in the folder ``name``; ``extras`` are more files of ``shared/``.

    Its scripts are one, in the order of their names; the one named after the folder exports and
    comes last.
    """
    folder = _HERE / name
    last = folder / f"{name}.js"
    scripts = [*(path for path in sorted(folder.glob("*.js")) if path != last), last]
    parts = ("common", *extras)
    return Component(
        html=(folder / f"{name}.html").read_text("utf-8"),
        css="".join(shared(f"{part}.css") for part in parts)
        + (folder / f"{name}.css").read_text("utf-8"),
        js="".join(shared(f"{part}.js") for part in parts)
        + "\n".join(path.read_text("utf-8") for path in scripts),
    )
