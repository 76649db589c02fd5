"""The arrows between the rooms, read from the source: who may import whom, and what nobody may.

Each rule is a function from source text to complaints, so that a test can feed it a bad example.
"""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "closedloop_core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
UI = sorted((ROOT / "pages" / "ui").rglob("*.py"))
OURS = [*CORE, *PAGES, *UI, ROOT / "app.py", *sorted((ROOT / "tests").rglob("*.py"))]

# Left to right (design.md): a room imports only from rooms to its left. `curve` and `stability`
# carry the mathematics of `equilibria`; `__init__` is the tour, and may import them all.
ROOMS = [
    *("laws", "measures", "limits", "schedule", "params", "dynamics", "simulate", "stages"),
    *("draws", "books", "blocks", "ensemble", "grid"),
    *("curve", "thresholds", "least", "equilibria", "branches", "stability"),
    *("interpolation", "phases", "agreement", "evidence", "lifetime", "sweep"),
]
LEFT = {room: set(ROOMS[:i]) for i, room in enumerate(ROOMS)}
LEFT["_version"] = set()
# The closed forms know no loop; the exact rooms may quote them, the loop itself may not.
LEFT["theory"] = LEFT["chances"] = {"laws", "measures"}
for room in ("equilibria", "branches", "stability", "phases", "agreement", "evidence"):
    LEFT[room].add("theory")
LEFT["sweep"].add("_version")
LEFT["evidence"].add("chances")
LEFT["real_text"] = {"laws"}
LEFT["__init__"] = {*ROOMS, "theory", "chances", "_version"}

CLOCKS_AND_CHANCE = {"time", "datetime", "random", "secrets", "uuid", "calendar"}
# The names of numpy.random that hold no global state.
STATELESS = {"Generator", "SeedSequence", "default_rng", "BitGenerator", "PCG64", "PCG64DXSM"}


def name(path):
    return str(path.relative_to(ROOT))


def imports(source):
    """Return every module that ``source`` imports, as dotted names (names imported included)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (node.module or "")
            found.append(prefix)
            found += [f"{prefix}.{alias.name}" for alias in node.names]
    return found


def wrong_rooms(room, source):
    """Complain about core modules that do not lie to the left of ``room``."""
    wrong = []
    for module in imports(source):
        parts = module.split(".")
        if module.startswith(".") or module == "closedloop_core":
            wrong.append(module)  # through the tour, or relative: the direction is hidden
        elif parts[0] == "closedloop_core" and parts[1] not in LEFT[room]:
            wrong.append(module)
    return wrong


def foreign_modules(source):
    """Complain about what is neither ours, nor numpy, nor the standard library."""
    allowed = sys.stdlib_module_names | {"numpy", "closedloop_core"}
    tops = {module.split(".")[0] for module in imports(source)}
    return sorted((tops - allowed) | (tops & CLOCKS_AND_CHANCE))


def dotted(node):
    """Return ``np.random.seed`` for the attribute node that spells it, else an empty text."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def global_chance(source):
    """Complain about numpy.random beyond generators and seed sequences."""
    wrong = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            parts = dotted(node).split(".")
            if parts[:2] in (["np", "random"], ["numpy", "random"]) and len(parts) > 2:
                wrong += [dotted(node)] if parts[2] not in STATELESS else []
        elif isinstance(node, ast.ImportFrom) and node.module == "numpy.random":
            wrong += [alias.name for alias in node.names if alias.name not in STATELESS]
        elif isinstance(node, ast.Import):
            wrong += [
                alias.name for alias in node.names if alias.asname and "numpy.random" in alias.name
            ]
        elif isinstance(node, ast.ImportFrom) and node.module == "numpy":
            wrong += [alias.name for alias in node.names if alias.name == "random"]
    return wrong


def other_pages(source):
    """Complain about imports of a page: of app, or of anything in pages but pages.ui."""
    wrong = []
    for module in imports(source):
        parts = module.split(".")
        is_page = parts[0] == "pages" and len(parts) > 1 and parts[1] != "ui"
        if parts[0] == "app" or module.startswith(".") or is_page:
            wrong.append(module)
    return wrong


def test_every_core_file_has_its_place():
    rooms = {path.stem for path in CORE}
    learners = {path.stem for path in CORE if path.parent.name == "learners"}
    assert rooms - learners - {"__main__"} <= set(LEFT)
    assert len(CORE) >= 10 and UI and PAGES


@pytest.mark.parametrize("path", [p for p in CORE if p.stem in LEFT], ids=name)
def test_a_room_imports_only_from_rooms_to_its_left(path):
    assert wrong_rooms(path.stem, path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_core_needs_numpy_and_the_standard_library_and_no_clock(path):
    if path.stem != "__main__":  # the command line may touch disk and clock
        assert foreign_modules(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", [*PAGES, *UI, ROOT / "app.py"], ids=name)
def test_no_page_imports_another(path):
    assert other_pages(path.read_text("utf-8")) == []


def path_of(module):
    """Return the file of a module below pages.ui, given by its dotted name from there."""
    return (ROOT / "pages" / "ui").joinpath(*module.split(".")).with_suffix(".py")


PARTS = ("digest", "figures", "words")
PURE = ["charts", "inside_figures", "offline"]
LUCK = [
    *("axes", "digest", "export", "figures", "odds_figures", "theme", "times", "words"),
    *(f"{chapter}_{part}" for chapter in ("map", "regimes", "sizes") for part in PARTS),
]


@pytest.mark.parametrize("pure", [*PURE, *(f"luck.luck_{name}" for name in LUCK)])
def test_what_is_pure_imports_no_streamlit_not_even_through_a_neighbour(pure):
    seen, todo = set(), [pure]
    while todo:
        module = todo.pop()
        seen.add(module)
        found = imports(path_of(module).read_text("utf-8"))
        assert not [other for other in found if other.split(".")[0] == "streamlit"], module
        names = [other.split(".")[2:] for other in found if other.startswith("pages.ui.")]
        near = {".".join(parts[:depth]) for parts in names for depth in (1, 2)}
        todo += [m for m in near - seen if path_of(m).exists()]


@pytest.mark.parametrize("path", OURS, ids=name)
def test_nothing_touches_the_global_random_state(path):
    assert global_chance(path.read_text("utf-8")) == []


def test_theory_stays_apart_from_what_it_checks():
    found = imports((ROOT / "closedloop_core" / "theory.py").read_text("utf-8"))
    tainted = {"dynamics", "simulate", "curve", "equilibria", "phases"}
    assert not [m for m in found if m.startswith("closedloop_core.") and m.split(".")[1] in tainted]


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (
            lambda source: wrong_rooms("dynamics", source),
            "from closedloop_core.measures import Array",
            "def f():\n    from closedloop_core.simulate import simulate",
        ),
        (
            lambda source: wrong_rooms("theory", source),
            "import closedloop_core.measures",
            "import closedloop_core.dynamics as d",
        ),
        (lambda source: wrong_rooms("phases", source), "import math", "from . import laws"),
        (foreign_modules, "import numpy as np\nimport math", "import scipy.stats"),
        (foreign_modules, "import json", "from time import perf_counter"),
        (other_pages, "from pages.ui import charts", "import app"),
        (other_pages, "import streamlit", "from pages.theatre import stage"),
        (global_chance, "np.random.default_rng(1)", "np.random.seed(1)"),
        (global_chance, "x: np.random.Generator", "numpy.random.rand(3)"),
        (global_chance, "from numpy.random import default_rng", "from numpy.random import rand"),
        (global_chance, "import numpy as np", "from numpy import random"),
    ],
)
def test_each_rule_can_fail(rule, good, bad):
    assert rule(good) == []
    assert rule(bad) != []
