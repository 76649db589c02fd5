"""Who may import whom, as rules on folders, read from the source; and what nobody may import.

Each rule is a function from source text to complaints, so that a test can feed it a bad example.
"""

import ast
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "closedloop_core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
UI = sorted((ROOT / "pages" / "ui").rglob("*.py"))
OURS = [*CORE, *PAGES, *UI, ROOT / "app.py", *sorted((ROOT / "tests").rglob("*.py"))]

# What a folder (or a file that stands beside folders) may import besides itself.
_SETTLED = {"checks", "measures", "quoting", "settings", "loop", "closed_forms", "exact"}
MAY_IMPORT = {
    "_version": set(),
    "quoting": set(),
    "checks": {"quoting"},
    "measures": {"checks", "quoting"},
    "settings": {"checks", "measures", "quoting"},
    "loop": {"checks", "measures", "quoting", "settings"},
    "closed_forms": {"checks", "measures", "quoting"},
    "exact": _SETTLED,
    "ensembles": _SETTLED | {"_version"},
    "learners": _SETTLED | {"ensembles"},
    "comparisons": _SETTLED | {"ensembles", "learners"},
}
# The same below pages/ui; a page's folder may import everything but another page's.
_LOWEST = {"exports", "wording", "terms", "canvas", "session"}
_PAGE = _LOWEST | {"cached", "frame", "hall", "helper", "lessons", "pool", "remembered", "settled"}
_PAGE |= {"widgets"}
UI_MAY_IMPORT = {
    "exports": set(),
    "wording": set(),
    "terms": set(),
    "canvas": set(),
    "session": {"wording"},
    "pool": set(),
    "collector": set(),
    "helper": {"collector", "pool"},
    "remembered": set(),
    "settled": {"remembered"},
    "cached": {"canvas", "collector", "pool", "remembered"},
    "qr_code": {"wording"},
    "hall": {"session", "canvas", "qr_code"},
    "lessons": {"session", "canvas", "wording", "cached", "settled"},
    "frame": {"session", "cached", "canvas", "hall", "lessons", "wording"},
    "widgets": _LOWEST | {"cached", "frame", "hall", "remembered", "settled"},
    "lesson": _PAGE,
    "playground": _PAGE,
    "maps": _PAGE,
    "geometry": _PAGE,
    "luck": _PAGE,
    "theory": _PAGE,
    "language": _PAGE,
    "images": _PAGE,
}
EVERYTHING = {"__init__", "__main__"}  # the tour and the command line
READERS = {"regex", "charset_normalizer"}  # of people's files, in settings alone

CLOCKS_AND_CHANCE = {"time", "datetime", "random", "secrets", "uuid", "calendar"}
# The names of numpy.random that hold no global state.
STATELESS = {"Generator", "SeedSequence", "default_rng", "BitGenerator", "PCG64", "PCG64DXSM"}


APP = [*PAGES, *UI, ROOT / "app.py"]


def name(path: Any) -> Any:
    return str(path.relative_to(ROOT))


@cache
def read(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def nodes(source: str) -> list[ast.AST]:
    """Return every node of a source; each rule looks at all of them."""
    return list(ast.walk(ast.parse(source)))


def complaints(files: Iterable[Path], rule: Callable[[Path], Any]) -> list[str]:
    """Return what a rule complains about, each with its file: one test a rule, not one a file."""
    found = ((name(path), rule(path)) for path in files)
    return [f"{path}: {wrong}" for path, wrong in found if wrong]


def assert_kept(files: Iterable[Path], rule: Callable[[Path], Any]) -> None:
    """Fail with all complaints of a rule."""
    found = complaints(files, rule)
    assert not found, "\n".join(found)


def folder_of(path: Any) -> Any:
    """Return the core's folder, or the file that stands beside folders, that ``path`` is in."""
    return path.relative_to(ROOT / "closedloop_core").parts[0].removesuffix(".py")


def imports(source: Any) -> Any:
    """Return every module that ``source`` imports, as dotted names (names imported included)."""
    found = []
    for node in nodes(source):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (node.module or "")
            found.append(prefix)
            found += [f"{prefix}.{alias.name}" for alias in node.names]
    return found


def modules(path: Any) -> Any:
    """Return the modules of the core that a file imports, by dotted name."""
    known = {module_of(file) for file in CORE}
    return {module for module in imports(read(path)) if module in known}


def module_of(path: Any) -> Any:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def upward(folder: Any, source: Any) -> Any:
    """Complain about modules of the core that ``folder`` may not import."""
    wrong = []
    for module in imports(source):
        parts = module.split(".")
        if module.startswith(".") or module == "closedloop_core":
            wrong.append(module)  # through the tour, or relative: the direction is hidden
        elif parts[0] == "closedloop_core" and parts[1] not in MAY_IMPORT[folder] | {folder}:
            wrong.append(module)
    return wrong


def foreign_modules(source: Any, also: Any = frozenset()) -> Any:
    """Complain about what is neither ours, nor numpy, nor the standard library, nor in ``also``."""
    allowed = sys.stdlib_module_names | {"numpy", "closedloop_core"} | also
    tops = {module.split(".")[0] for module in imports(source)}
    return sorted((tops - allowed) | (tops & CLOCKS_AND_CHANCE))


def dotted(node: Any) -> Any:
    """Return ``np.random.seed`` for the attribute node that spells it, else an empty text."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def global_chance(source: Any) -> Any:
    """Complain about numpy.random beyond generators and seed sequences."""
    wrong = []
    for node in nodes(source):
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


def private_names(source: Any) -> Any:
    """Complain about underscored names of our own modules that are imported or reached into."""
    wrong, ours = [], set()
    for node in nodes(source):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            ("closedloop_core", "pages")
        ):
            names = [alias.name for alias in node.names]
            ours |= {alias.asname or alias.name for alias in node.names}
            wrong += [n for n in names if n.startswith("_") and not n.startswith("__")]
            wrong += [n for n in names if n == "_version" and node.module == "closedloop_core"]
    for node in nodes(source):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            hidden = node.attr.startswith("_") and not node.attr.startswith("__")
            wrong += [node.attr] if hidden and node.value.id in ours else []
    return wrong


def other_pages(source: Any) -> Any:
    """Complain about imports of a page: of app, or of anything in pages but pages.ui."""
    wrong = []
    for module in imports(source):
        parts = module.split(".")
        is_page = parts[0] == "pages" and len(parts) > 1 and parts[1] != "ui"
        if parts[0] == "app" or module.startswith(".") or is_page:
            wrong.append(module)
    return wrong


def find_cycle(arrows: Any) -> Any:
    """Return a cycle of imports as a list of modules, or an empty list."""
    done, path = set(), []

    def visit(module: Any) -> Any:
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        path.append(module)
        for other in sorted(arrows.get(module, ())):
            found = visit(other)
            if found:
                return found
        done.add(path.pop())
        return []

    for module in sorted(arrows):
        found = visit(module)
        if found:
            return found
    return []


def test_a_complaint_names_its_file() -> None:
    assert complaints([Path(__file__)], lambda path: ["why"]) == ["tests/test_arrows.py: ['why']"]
    assert complaints([Path(__file__)], lambda path: []) == []


def test_every_core_folder_has_its_place() -> None:
    assert {folder_of(path) for path in CORE} <= set(MAY_IMPORT) | EVERYTHING
    assert len(CORE) >= 30 and UI and PAGES


def test_no_arrow_runs_up() -> None:
    files = [path for path in CORE if folder_of(path) in MAY_IMPORT]
    assert_kept(files, lambda path: upward(folder_of(path), read(path)))


def test_no_imports_run_in_a_circle() -> None:
    tour = module_of(ROOT / "closedloop_core" / "__init__.py")
    arrows = {module_of(path): modules(path) - {tour} for path in CORE}
    assert find_cycle(arrows) == []


def test_the_core_needs_numpy_and_the_standard_library_and_no_clock() -> None:
    def foreign(path: Path) -> Any:
        also = READERS if folder_of(path) == "settings" else frozenset()
        return foreign_modules(read(path), also)

    # The command line may touch disk and clock.
    assert_kept([path for path in CORE if path.stem != "__main__"], foreign)


def test_what_crosses_a_file_border_has_no_underscore() -> None:
    assert_kept([*CORE, *APP], lambda path: private_names(read(path)))


def test_no_page_imports_another() -> None:
    assert_kept(APP, lambda path: other_pages(read(path)))


def renamed(source: Any) -> Any:
    """Complain about modules and names of ours that are imported under another name."""
    return [
        alias.asname
        for node in nodes(source)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] in ("closedloop_core", "pages")
        for alias in node.names
        if alias.asname
    ]


def test_what_is_imported_keeps_its_name() -> None:
    assert_kept([*CORE, *APP], lambda path: renamed(read(path)))


def ui_folder(path: Any) -> Any:
    return path.relative_to(ROOT / "pages" / "ui").parts[0].removesuffix(".py")


def upward_in_ui(folder: Any, source: Any) -> Any:
    """Complain about modules below pages.ui that ``folder`` may not import."""
    wrong = []
    for module in imports(source):
        parts = module.split(".")
        if parts[:2] == ["pages", "ui"] and len(parts) > 2:
            wrong += [] if parts[2] in UI_MAY_IMPORT[folder] | {folder} else [module]
    return wrong


def test_every_part_of_the_interface_has_its_place() -> None:
    assert {ui_folder(path) for path in UI} == set(UI_MAY_IMPORT)


def test_no_arrow_of_the_interface_runs_up() -> None:
    assert_kept(UI, lambda path: upward_in_ui(ui_folder(path), read(path)))


CACHES = ("st.cache_data", "st.cache_resource", "remembered", "kept", "kept_text")


def unbounded_caches(source: Any) -> Any:
    """Complain about caches without ``max_entries``; see `caches`."""
    return [
        ast.unparse(node)
        for node in caches(source)
        if not (isinstance(node, ast.Call) and any(k.arg == "max_entries" for k in node.keywords))
    ]


def caches(source: Any) -> Any:
    """Return the decorators of Streamlit's caches, and of our own."""
    found = []
    for node in nodes(source):
        for decorator in getattr(node, "decorator_list", []):
            plain = decorator.func if isinstance(decorator, ast.Call) else decorator
            if dotted(plain) in CACHES:
                found.append(decorator)
    return found


def test_caches_stand_only_in_files_called_cached_and_are_bounded() -> None:
    words = ("cache_data", "cache_resource", "import remembered")
    elsewhere = [path for path in APP if path.name != "cached.py"]
    assert_kept(elsewhere, lambda path: [word for word in words if word in read(path)])
    assert_kept(APP, lambda path: unbounded_caches(read(path)))


def imports_inside(source: Any) -> Any:
    """Complain about imports inside functions."""
    return [
        inner.lineno
        for node in nodes(source)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


# Optional extras, a module that need not exist elsewhere, and a chart library behind a fold.
INSIDE = {
    "closedloop_core/__main__.py",
    "closedloop_core/settings/real_text.py",
    "closedloop_core/learners/reference.py",
    "pages/ui/geometry/cached.py",
}


def test_imports_stand_at_the_head_of_a_file() -> None:
    files = [path for path in [*CORE, *APP] if name(path) not in INSIDE]
    assert_kept(files, lambda path: imports_inside(read(path)))


def sleeps(source: Any) -> Any:
    """Complain about calls of anything called sleep: order is by structure, not by waiting."""
    calls = [node for node in nodes(source) if isinstance(node, ast.Call)]
    called = [dotted(c.func) for c in calls if isinstance(c.func, ast.Name | ast.Attribute)]
    return [name for name in called if name.split(".")[-1] == "sleep"]


def test_no_page_sleeps() -> None:
    assert_kept(APP, lambda path: sleeps(read(path)))


def is_pure(path: Any) -> Any:
    """Say whether a module's own docstring calls it pure."""
    return "Pure." in (ast.get_docstring(ast.parse(read(path))) or "")


def ui_files(source: Any) -> Any:
    """Return the files below pages/ui that ``source`` imports."""
    found = [module for module in imports(source) if module.startswith("pages.ui")]
    paths = [ROOT.joinpath(*module.split(".")) for module in found]
    files = [path.with_suffix(".py") for path in paths] + [path / "__init__.py" for path in paths]
    return {path for path in files if path.exists()}


def test_what_is_pure_imports_no_streamlit_not_even_through_a_neighbour() -> None:
    def impure(path: Path) -> list[str]:
        seen, todo = set(), [path]
        while todo:
            file = todo.pop()
            seen.add(file)
            if any(module.split(".")[0] == "streamlit" for module in imports(read(file))):
                return [name(file)]
            todo += ui_files(read(file)) - seen
        return []

    assert_kept([path for path in UI if is_pure(path)], impure)


def test_figures_words_digests_and_formats_are_pure() -> None:
    parts = {"figures", "words", "digest", "fan", "bars", "times", "export", "pack", "codes"}
    impure = [name(path) for path in UI if path.stem in parts and not is_pure(path)]
    assert impure == []
    assert sum(map(is_pure, UI)) > 25


def test_nothing_touches_the_global_random_state() -> None:
    assert_kept(OURS, lambda path: global_chance(read(path)))


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (
            lambda source: upward("loop", source),
            "from closedloop_core.measures import Array",
            "def f():\n    from closedloop_core.exact.curve import settle",
        ),
        (
            lambda source: upward("closed_forms", source),
            "import closedloop_core.measures",
            "import closedloop_core.loop.dynamics as d",
        ),
        (lambda source: upward("exact", source), "import math", "from . import laws"),
        (foreign_modules, "import numpy as np\nimport math", "import scipy.stats"),
        (foreign_modules, "import json", "from time import perf_counter"),
        (lambda source: foreign_modules(source, READERS), "import regex", "import pandas"),
        (other_pages, "from pages.ui import frame", "import app"),
        (other_pages, "import streamlit", "from pages.theatre import stage"),
        (global_chance, "np.random.default_rng(1)", "np.random.seed(1)"),
        (global_chance, "x: np.random.Generator", "numpy.random.rand(3)"),
        (global_chance, "from numpy.random import default_rng", "from numpy.random import rand"),
        (global_chance, "import numpy as np", "from numpy import random"),
        (
            private_names,
            "from closedloop_core._version import __version__",
            "from closedloop_core.exact.curve import _half",
        ),
        (private_names, "from numpy import _core", "from pages.ui import cached\ncached._half"),
        (
            lambda source: upward_in_ui("widgets", source),
            "from pages.ui import frame",
            "from pages.ui.maps import cached",
        ),
        (renamed, "from pages.ui import frame", "from pages.ui.maps import cached as maps_cached"),
        (sleeps, "lock.acquire(timeout=1)", "import time\ntime.sleep(0.1)"),
        (sleeps, "asleep()", "from time import sleep\nsleep(1)"),
        (imports_inside, "import math", "def f():\n    import math"),
        (
            unbounded_caches,
            "@st.cache_data(max_entries=3)\ndef f(): ...",
            "@st.cache_data\ndef f(): ...",
        ),
    ],
)
def test_each_rule_can_fail(rule: Any, good: str, bad: str) -> None:
    assert rule(good) == []
    assert rule(bad) != []


def test_a_circle_of_imports_is_found() -> None:
    assert find_cycle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert find_cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
