"""The files of the canvas components: html, css and js, put together. Pure.

Each component lives in a folder of its own; what several share is in ``shared/``.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent
_PAUSE = 20  # milliseconds from one definition to the next: a frame
# Comments that fill their lines, and the types written in them, are for those who read the files.
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*(?:(?!\*/)[\s\S])*\*/[ \t]*)\n", re.MULTILINE)
_EXPORT = "export default function ("
# The files of shared/ that a component uses besides common and mount; most use text alone.
_USES: dict[str, tuple[str, ...]] = {
    "player": ("text", "labels", "picture", "svg", "playhead"),
    "language": ("text", "labels", "picture", "playhead"),
    "map": ("text", "labels", "picture", "svg"),
    "geometry": ("text", "labels", "picture", "landscape"),
    "well": ("text", "labels", "picture", "landscape"),
    "sheets": ("text", "labels", "picture", "landscape"),
    "scenes_box": (),
    "keys": (),
    "lesson": ("sync",),
    "notes": ("sync",),
    "tour": (),
    "highlight": (),
    "charts": ("text", "picture", "svg"),
}


class Component(NamedTuple):
    """What a component is made of, as texts."""

    html: str
    css: str
    js: str


def shared(name: str) -> str:
    """Return the text of a file of ``shared/``; a script's as it is sent."""
    return _sent(_HERE / "shared" / name)


def _sent(path: Path) -> str:
    text = path.read_text("utf-8")
    return _COMMENT.sub("", text) if path.suffix == ".js" else text


def component(name: str) -> Component:
    """Return the component in the folder ``name``."""
    folder = _HERE / name
    styles = [*_shared_by(name, "css"), folder / f"{name}.css"]
    return Component(
        html=(folder / f"{name}.html").read_text("utf-8"),
        css="".join(path.read_text("utf-8") for path in styles),
        js="\n".join(map(_sent, scripts(name))),
    )


def scripts(name: str) -> list[Path]:
    """Return the scripts of the component ``name``, which are put together as one.

    First the shared ones that it uses, then its own in the order of their names; the one named
    after its folder exports and comes last.
    """
    folder = _HERE / name
    last = folder / f"{name}.js"
    own = [path for path in sorted(folder.glob("*.js")) if path != last]
    return [*_shared_by(name, "js"), *own, last]


def _shared_by(name: str, ending: str) -> list[Path]:
    parts = ("common", "mount", *_USES.get(name, ("text",)))
    paths = (_HERE / "shared" / f"{part}.{ending}" for part in parts)
    return [path for path in paths if path.exists()]


def export_as(script: str, name: str) -> str:
    """Return a component's script with its export turned into a function called ``name``.

    Raises ValueError if the script does not export exactly one function.
    """
    if script.count(_EXPORT) != 1:
        raise ValueError(f"a component's script must hold {_EXPORT!r} once")
    return script.replace(_EXPORT, f"function {name}(")


def definition(name: str, parts: Component) -> str:
    """Return a component's script, style and elements as one script that its stub finds."""
    # A scope of its own: no other component sees the names in it.
    code = f"(() => {{\n{export_as(parts.js, 'mountExport')}\nreturn mountExport;\n}})()"
    texts = {"NAME": name, "STYLE": parts.css, "BODY": parts.html}
    values = {**{key: json.dumps(text) for key, text in texts.items()}, "mountComponent": code}
    lines = "".join(f"const {key} = {value};\n" for key, value in values.items())
    return f"{{\n{lines}{shared('definition.js')}}}"


def bundle(definitions: Iterable[str]) -> str:
    """Return the definitions of one page's components as one component, which shows nothing.

    The first is run at once, the others one by one: the first is drawn before they are read.
    """
    first, *others = definitions
    later = (
        f"setTimeout(() => {text}, {_PAUSE * number});\n" for number, text in enumerate(others, 1)
    )
    return first + "\n" + "".join(later) + "export default () => {};\n"


def stub(name: str) -> str:
    """Return the script that mounts a component: short, as it comes with every change."""
    lines = (line.strip() for line in shared("stub.js").splitlines())
    code = "\n".join(line for line in lines if line)
    return f"const NAME = {json.dumps(name)};\n{code}\n"
