"""The type check of the JavaScript itself: it tells mistakes, and tells them at their place."""

from pathlib import Path

import pytest

from tests.js import check
from tests.js.check import Program

needs_typescript = pytest.mark.skipif(
    not check.TSC.exists(), reason="no TypeScript (npm ci installs it) to check the JavaScript"
)
MISTAKES = """// A script with one mistake in each of its functions.
/** @param {Dials.Dial} dial */
const wrongField = (dial) => dial.nmae;

/** @param {string} text */
function wrongCall(text) {
  return setText(text, text);
}

const wrongName = () => clmap(1, 0, 1);
/** @param {HTMLElement | null} element */
const maybeNothing = (element) => element.hidden;

export default function (args) {
  const unused = 1;
  return [args, wrongField, wrongCall, wrongName, maybeNothing];
}
"""


@pytest.mark.parametrize("name", check.programs())
def test_every_line_that_is_checked_knows_its_file_and_line(name: str) -> None:
    text, places = check.joined(check.programs()[name])
    lines = text.split("\n")[1:-2]  # but the scope around them
    sources = {path: path.read_text("utf-8").splitlines() for path, _ in places}
    assert len(lines) == sum(map(len, sources.values()))
    for line, (path, number) in zip(lines, places[1:-1], strict=True):
        assert line == sources[path][number - 1].replace("export default ", "const startPlayer = ")


@needs_typescript
def test_the_types_of_all_scripts_hold() -> None:
    assert [str(one) for one in check.complaints(check.programs())] == []


@needs_typescript
def test_each_mistake_is_told_once_at_its_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.js"
    bad.write_text(MISTAKES, "utf-8")
    shared = [check.SHARED / f"{name}.js" for name in ("common", "mount", "text")]
    found = check.complaints({"one": Program([*shared, bad]), "two": Program([*shared, bad])})
    told = [(one.line, one.words) for one in found if one.path == bad]
    expected = [(3, "nmae"), (7, "'Element'"), (10, "clmap"), (12, "null"), (15, "unused")]
    assert [line for line, _ in told] == [line for line, _ in expected]
    for (_, words), (_, piece) in zip(told, expected, strict=True):
        assert piece in words
    assert any(str(one).startswith(f"{bad}:15:") for one in found)
