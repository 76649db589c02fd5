"""How the files of the canvas components are put together: nothing of the code is lost."""

import re
from pathlib import Path

import pytest

from pages.ui.canvas import files

CANVAS = Path(files.__file__).parent
COMPONENTS = sorted(path.parent.name for path in CANVAS.glob("*/*.html"))


def code_lines(text: str) -> list[str]:
    """Return the lines of a script that are no comment, read in another way than `files` does."""
    kept, is_inside = [], False
    for line in text.splitlines():
        words = line.strip()
        starts = words.startswith("/**")
        if not is_inside and not starts and not words.startswith("//") and words:
            kept.append(line)
        elif starts and "*/" in words and not words.endswith("*/"):
            kept.append(line)  # code behind a short comment
        is_inside = (is_inside or starts) and "*/" not in words
    return kept


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_is_sent_without_comments_and_with_all_its_code(name: str) -> None:
    sources = [path.read_text("utf-8") for path in files.scripts(name)]
    sent = [line for line in files.component(name).js.splitlines() if line.strip()]
    assert sent == [line for source in sources for line in code_lines(source)]
    assert len(sent) > 50


@pytest.mark.parametrize("path", sorted(CANVAS.rglob("*.js")), ids=lambda path: path.name)
def test_no_text_in_a_script_goes_over_lines_and_could_look_like_a_comment(path: Path) -> None:
    assert [line for line in path.read_text("utf-8").splitlines() if line.count("`") % 2] == []


@pytest.mark.parametrize("name", COMPONENTS)
def test_what_comes_with_every_change_is_short(name: str) -> None:
    assert len(files.stub(name)) < 450
    assert files.definition(name, files.component(name)).count("export default") == 0


RANGE_PARTS = {"slider-runnable-track": "range-track", "slider-thumb": "range-thumb"}


def range_rules(text: str, prefix: str) -> dict[str, set[str]]:
    """Return selector to declarations of the rules for the parts of a range in one engine."""
    return {
        selector: {one.strip() for one in body.split(";") if one.strip()}
        for selector, body in re.findall(
            rf"([^\n{{}}]*::-{prefix}-[\w-]+) {{(.*?)}}", text, re.DOTALL
        )
        if "range" in selector or "slider" in selector
    }


def test_every_rule_for_a_range_has_its_twin_for_the_other_engines() -> None:
    n_rules = 0
    for path in CANVAS.rglob("*.css"):
        text = path.read_text("utf-8")
        webkit, moz = range_rules(text, "webkit"), range_rules(text, "moz")
        for part, other in RANGE_PARTS.items():
            webkit = {
                key.replace(f"-webkit-{part}", f"-moz-{other}"): webkit[key] for key in webkit
            }
        assert webkit.keys() == moz.keys(), path.name
        for selector, lines in webkit.items():
            # WebKit's thumb hangs from its track, and both have a look of the system's to lose.
            theirs = {line for line in lines if "appearance" in line or "margin-top" in line}
            assert lines - theirs == moz[selector] - {"box-sizing: border-box"}, selector
        n_rules += len(moz)
    assert n_rules == 6


def test_a_script_that_exports_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="must hold"):
        files.export_as("const a = 1;", "mount")
