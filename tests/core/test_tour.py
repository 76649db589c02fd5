"""The tour through the core: its modules in reading order, each of which names the next."""

import ast
import re
from pathlib import Path
from typing import Any

CORE = Path(__file__).parents[2] / "closedloop_core"
# The learners and the reader are folders of their own, beside the model's tour.
FILES = {
    path.stem: path
    for path in CORE.rglob("*.py")
    if not path.stem.startswith("_") and not {"learners", "reading"} & set(path.parts)
}


def docstring(path: Any) -> Any:
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""


def tour() -> Any:
    """Return the modules that the tour names, in its order."""
    text = re.sub(
        r"^\d+\. `learners`.*?(?=^\d+\. )", "", docstring(CORE / "__init__.py"), flags=re.M | re.S
    )
    named = re.findall(r"`(\w+)`", text)
    return [name for name in named if name in FILES]


def test_each_module_of_the_tour_names_the_next() -> None:
    stops = tour()
    assert len(stops) == len(set(stops)) > 25
    for here, there in zip(stops, [*stops[1:], None], strict=True):
        found = re.search(r"Next:\s+`(?:\w+\.)?(\w+)`", docstring(FILES[here]))
        assert (found and found[1]) == there, here


def test_what_is_beside_the_tour_leads_into_it() -> None:
    beside = set(FILES) - set(tour())
    assert beside == {"arguments", "links", "quoting", "real_text", "tables", "texts"}
    for name in beside:
        found = re.search(r"Next:\s+`(?:\w+\.)?(\w+)`", docstring(FILES[name]))
        assert found is None or found[1] in tour()
