"""Every public function of the core says in its docstring what it takes, returns and refuses.

Read from the source text, so that a new file is covered from its first day: a docstring, the shapes
of arrays, and the errors that are raised. The same is asked of a public class for the arrays that
it holds or is made from, and for the errors of its constructor.
"""

import ast
import doctest
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import closedloop_core as core

CORE = Path(__file__).parents[1] / "closedloop_core"
FILES = sorted(CORE.rglob("*.py"))
ARRAYS = {"Array", "ArrayLike", "NDArray"}
ERRORS = {"ValueError": "ValueError", "ParameterError": "ValueError", "TypeError": "TypeError"}

# A length: n, 3, ..., or a sum or product such as "generations + 1".
LENGTH = r"(?:\.\.\.|\w+(?: ?[-+*/] ?\w+)*)"
# (n,) or (m, n) or (..., n); and (...) for what has no outcome axis.
SHAPE = re.compile(rf"\((?:\.\.\.|{LENGTH},|{LENGTH}(?:, {LENGTH})+)\)")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def complaints(source: str) -> list[str]:
    """Return a sentence for everything that the docstrings of a module's public names leave out."""
    tree = ast.parse(source)
    arrays = ARRAYS | _aliases(tree)
    found = []
    for name, node in _public(tree):
        words = ast.get_docstring(node)
        if words is None:
            found.append(f"{name} has no docstring")
            continue
        if arrays & _annotated(node) and not SHAPE.search(words):
            found.append(f"{name} takes, holds or returns arrays, and gives no shape")
        missing = {ERRORS[error] for error in _raised(node) if ERRORS[error] not in words}
        found += [f"{name} raises {error}, and does not say so" for error in sorted(missing)]
    return found


def _aliases(tree: ast.Module) -> set[str]:
    """Return the module's own names for kinds of arrays: ``Rows = NDArray[np.intp]``."""
    return {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and ARRAYS & _names(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _public(tree: ast.Module) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    for node in tree.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield node.name, node
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Function) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", inner


def _annotated(node: Function | ast.ClassDef) -> set[str]:
    """Return the names in the annotations of a function, or of a class's fields and constructor."""
    if isinstance(node, ast.ClassDef):
        fields = [inner for inner in node.body if isinstance(inner, ast.AnnAssign)]
        kept = [f for f in fields if not _is_private(f.target)]
        names = set().union(*(_names(field.annotation) for field in kept))
        return names.union(*(_annotated(made) for made in _constructors(node)))
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    every += [one for one in (node.args.vararg, node.args.kwarg) if one is not None]
    annotations = [one.annotation for one in every] + [node.returns]
    return set().union(*(_names(a) for a in annotations if a is not None))


def _raised(node: Function | ast.ClassDef) -> set[str]:
    """Return the errors that a function raises itself, or a class's constructor does."""
    bodies = _constructors(node) if isinstance(node, ast.ClassDef) else [node]
    raises = [inner for body in bodies for inner in ast.walk(body) if isinstance(inner, ast.Raise)]
    return {name for one in raises if one.exc for name in _names(one.exc) if name in ERRORS}


def _constructors(node: ast.ClassDef) -> list[Function]:
    made = ("__init__", "__new__", "__post_init__")
    return [inner for inner in node.body if isinstance(inner, Function) and inner.name in made]


def _is_private(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id.startswith("_")


def _names(node: ast.AST) -> set[str]:
    """Return every name in an expression, also in an annotation that is written as a text."""
    found = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            found.add(inner.id)
        elif isinstance(inner, ast.Attribute):
            found.add(inner.attr)
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            found |= set(re.findall(r"\w+", inner.value))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORE)))
def test_public_functions_state_shapes_and_errors(path: Path) -> None:
    assert complaints(path.read_text("utf-8")) == []


def test_the_tour_from_module_to_module_has_no_dead_end() -> None:
    modules = {".".join(path.relative_to(CORE).with_suffix("").parts): path for path in FILES}
    names = {name.rsplit(".", 1)[-1]: name for name in modules} | {name: name for name in modules}
    at, seen = "measures", []
    while at is not None:
        assert at not in seen, f"the tour goes round in a circle at {at}"
        seen.append(at)
        words = ast.get_docstring(ast.parse(modules[at].read_text("utf-8"))) or ""
        found = re.search(r"Next:\s+`([\w.]+)`", words)
        at = names[found[1]] if found else None  # type: ignore[assignment]
    assert seen[-1] == "comparisons"
    assert len(seen) > 30


def test_the_whole_core_is_read() -> None:
    assert len(FILES) > 40
    assert {path.parent.name for path in FILES} >= {"settings", "loop", "exact", "ensembles"}


GOOD = '''
def entropy(p: ArrayLike) -> Array:
    """Return the entropy of laws in nats: (..., n) to (...). Raises ValueError off the simplex."""
    if p.min() < 0:
        raise ValueError("no")
'''


def test_a_good_docstring_is_accepted() -> None:
    assert complaints(GOOD) == []


@pytest.mark.parametrize("shape", ["(n,)", "(3,)", "(m, n)", "(..., n)", "(2, t + 1)", "(...)"])
def test_a_shape_is_recognised(shape: str) -> None:
    assert SHAPE.search(f"weights : {shape} float")


@pytest.mark.parametrize("words", ["(ours)", "(proved by induction, see there)", "f(x)", "()"])
def test_a_remark_in_brackets_is_no_shape(words: str) -> None:
    assert not SHAPE.search(words)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("def f():\n    return 1", "f has no docstring"),
        ("class A:\n    pass", "A has no docstring"),
        (
            GOOD.replace("(..., n) to (...)", "all of them"),
            "entropy takes, holds or returns arrays",
        ),
        (GOOD.replace("ValueError off", "an error off"), "entropy raises ValueError"),
        ('def f() -> "Array | None":\n    """Return them."""', "f takes, holds or returns arrays"),
        ('def f(*p: Array):\n    """Take them."""', "f takes, holds or returns arrays"),
        (
            'Rows = NDArray[np.intp]\n\ndef f(x: Rows):\n    """Take rows."""',
            "f takes, holds or returns arrays",
        ),
        (
            'def f(n):\n    """Say n."""\n    raise ParameterError("n", "no")',
            "f raises ValueError",
        ),
        ('def f(n):\n    """Say n."""\n    raise TypeError', "f raises TypeError"),
        (
            'class A:\n    """An a."""\n    def f(self):\n        return 1',
            "A.f has no docstring",
        ),
        (
            'class A:\n    """An a."""\n    @property\n    def f(self) -> Array:\n'
            '        """Return it."""',
            "A.f takes, holds or returns arrays",
        ),
        ('class A:\n    """An a."""\n    p: Array', "A takes, holds or returns arrays"),
        (
            'class A:\n    """An a."""\n    def __init__(self, p: Array):\n        pass',
            "A takes, holds or returns arrays",
        ),
        (
            'class A:\n    """An a."""\n    def __post_init__(self):\n        raise ValueError',
            "A raises ValueError",
        ),
    ],
)
def test_what_is_left_out_is_found(source: str, complaint: str) -> None:
    (found,) = complaints(source)
    assert found.startswith(complaint)


def test_what_is_private_is_free() -> None:
    assert complaints("def _f(p: Array):\n    raise ValueError") == []
    assert complaints("class _A:\n    p: Array") == []
    assert complaints('class A:\n    """An a."""\n    _p: Array\n    def _f(self): pass') == []


def test_every_public_function_has_an_example() -> None:
    functions = {name: getattr(core, name) for name in core.__all__}
    functions = {name: value for name, value in functions.items() if inspect.isfunction(value)}
    without = {name for name, value in functions.items() if ">>> " not in (value.__doc__ or "")}
    # One is on its way out, the other runs a hundred loops.
    assert without == {"classify", "map_learner"}


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if ">>> " in path.read_text("utf-8")],
    ids=lambda path: path.stem,
)
def test_the_examples_print_what_they_say(path: Path) -> None:
    name = ".".join(path.relative_to(CORE.parent).with_suffix("").parts)
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried and not failed
