"""Type-check the canvas components' JavaScript: ``python -m tests.js.check``.

All scripts of a component share one scope, see `files.component`. So they are put together as they
are sent, checked by TypeScript (``npm ci`` installs it) against their JSDoc comments and the
``types.d.ts`` beside them, and what it finds is told at the line of the file that holds it.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pages.ui.canvas import files

ROOT = Path(__file__).parents[2]
CANVAS = ROOT / "pages" / "ui" / "canvas"
SHARED = CANVAS / "shared"
SETTINGS = Path(__file__).parent / "tsconfig.json"
TSC = ROOT / "node_modules" / ".bin" / "tsc"
# What files.py puts in front of the scripts that are not a component's.
_GIVEN = {
    "stub": 'const NAME = "";',
    "definition": 'const NAME = "", STYLE = "", BODY = "";'
    " const mountComponent = (/** @type {MountArguments} */ args) => () => void args;",
    "payload": "",
    "painted": "",
}
_EXPORT = "export default "
# A name that only some of the components use is no mistake of a shared file.
_UNUSED = {"TS6133", "TS6192", "TS6196", "TS6198"}
_FOUND = re.compile(r"^(.+)\((\d+),(\d+)\): error (TS\d+): (.*)$")


class Program(NamedTuple):
    """Scripts that are sent as one, and what stands in front of them."""

    scripts: list[Path]
    before: str = ""


class Complaint(NamedTuple):
    """What TypeScript has found, and where."""

    path: Path
    line: int
    column: int
    code: str
    words: str

    def __str__(self) -> str:
        """Return the complaint as editors and people read it."""
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}:{self.line}:{self.column}: {self.words} [{self.code}]"


def programs() -> dict[str, Program]:
    """Return every program that the app sends, by a name."""
    names = sorted(path.parent.name for path in CANVAS.glob("*/*.html"))
    found = {name: Program(files.scripts(name)) for name in names}
    for name in ("player", "language"):
        found[f"offline_{name}"] = Program([*files.scripts(name), SHARED / "offline.js"])
    for name, given in _GIVEN.items():
        found[f"shared_{name}"] = Program([SHARED / f"{name}.js"], given)
    return found


def joined(program: Program) -> tuple[str, list[tuple[Path, int]]]:
    """Return a program's text in a scope of its own, and the file and line of each of its lines."""
    lines, places, exports = [f"(() => {{ {program.before}"], [(program.scripts[0], 1)], 0
    for path in program.scripts:
        text = path.read_text("utf-8")
        exports += text.count(_EXPORT)
        text = text.replace(_EXPORT, "const startPlayer = ", 1)
        for number, line in enumerate(text.splitlines(), 1):
            lines.append(line)
            places.append((path, number))
    lines.append("void startPlayer; })();\n" if exports else "})();\n")
    return "\n".join(lines), [*places, places[-1]]


def complaints(found: dict[str, Program]) -> list[Complaint]:
    """Return what TypeScript has to say of some programs, each thing once, by file and line."""
    with TemporaryDirectory() as folder:
        places = {}
        for name, program in found.items():
            text, places[name] = joined(program)
            Path(folder, f"{name}.js").write_text(text, "utf-8")
        types = sorted(str(path) for path in CANVAS.rglob("*.d.ts"))
        settings = {"extends": str(SETTINGS), "files": [*(f"{name}.js" for name in found), *types]}
        Path(folder, "tsconfig.json").write_text(json.dumps(settings), "utf-8")
        command = [str(TSC), "--project", folder, "--pretty", "false"]
        told = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    if told.stderr or (told.returncode and "error" not in told.stdout):
        raise RuntimeError(f"tsc: {told.stderr or told.stdout}")
    users = Counter(path for program in found.values() for path in program.scripts)
    heard = _at_their_places(told.stdout.splitlines(), Path(folder), places)
    return sorted(one for one in heard if one.code not in _UNUSED or heard[one] == users[one.path])


def _at_their_places(
    lines: list[str], folder: Path, places: dict[str, list[tuple[Path, int]]]
) -> Counter[Complaint]:
    heard: Counter[Complaint] = Counter()
    for line in lines:
        match = _FOUND.match(line)
        if match:
            file, at, column, code, words = match.groups()
            name = file.removesuffix(".js")
            # What is no program of ours is a file with types.
            types = Path(os.path.normpath(folder / file)), int(at)
            place = places[name][int(at) - 1] if name in places else types
            heard[Complaint(*place, int(column), code, words)] += 1
        elif line and not line.startswith(" "):
            raise RuntimeError(f"tsc: {line}")
    return heard


def main() -> int:
    """Print what is wrong; return 1 if anything is."""
    if not TSC.exists():
        print("TypeScript is not installed: run `npm ci`", file=sys.stderr)
        return 2
    found = complaints(programs())
    for one in found:
        print(one)
    print(f"{len(found)} mistakes" if found else "The JavaScript's types hold.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
