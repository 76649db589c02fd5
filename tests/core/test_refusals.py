"""Every public function says of a bad argument, in one sentence of its own, what is wrong with it.

Rude values are put in the place of every argument, one at a time and then several; whatever is not
answered is refused by a `raise` of this package, never by NumPy's or Python's.
"""

import inspect
import linecache
import time
import traceback
import warnings
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import closedloop_core as core
from closedloop_core import Change, Ensemble, Law, LearnerParams, LoopParams, NGramModel, NGrams
from closedloop_core.exact.settled import settled_from
from closedloop_core.settings.reading import Reading, understand

ROOT = str(Path(core.__file__).parent)
LONGEST = 300  # characters of a message
SLOWEST = 30.0  # seconds, on a machine that others use too


class Rude:
    """It has a name too long for a message, breaks when asked to be a number, and lies."""

    def __repr__(self) -> str:
        return "rude\n" * 1000

    def __float__(self) -> float:
        raise RuntimeError("no number")

    def __len__(self) -> int:
        raise RuntimeError("no length")

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise RuntimeError("no array")


POOL: list[Any] = [
    None,
    True,
    float("nan"),
    float("inf"),
    -float("inf"),
    -1,
    0,
    0.5,
    3,
    3.5,
    1e300,
    5e-324,
    10**400,
    10**6000,
    -(10**400),
    1j,
    "x",
    "0.5",
    "",
    "y" * 1_000_000,
    b"x",
    bytearray(b"x"),
    [],
    [[1]],
    [0.5, 0.5],
    [0.5, [0.5]],
    [None, 1],
    ["a", "b"],
    [10**400, 1],
    [1j, 0],
    (0.2, 0.3, 0.5),
    {},
    {"a": 1},
    {5: "x"},
    {"v": 2},
    {"v": "2", 3: 4},
    {"format": "closedloop", "version": 1, "temperature": [1]},
    {"format": "closedloop", "version": 1, 7: 8},
    {"format": "closedloop", "version": 10**6000},
    {"weights": [1, 2], "labels": [1, 2]},
    {"weights": ["a"]},
    {"law": b"zipf"},
    {1, 2},
    object(),
    Rude(),
    int,
    len,
    range(3),
    iter([0.5, 0.5]),
    Fraction(1, 2),
    Decimal("0.5"),
    np.float64("nan"),
    np.int64(3),
    np.array(0.5),
    np.array([0.5]),
    np.array([3]),
    np.array("x"),
    np.array(None),
    np.array([0.5, 0.5], dtype=object),
    np.array([0.5], dtype=object),
    np.array([True, False]),
    np.array([0.5 + 0j, 0.5]),
    np.array(["a", "b"]),
    np.array([], dtype=float),
    np.zeros((0, 3)),
    np.zeros((2, 0)),
    np.full((2, 2, 2), 0.5),
    np.full((1, 2), 0.5),
    np.array(["2020-01-01"], dtype="datetime64[D]"),
    np.full(3, 1 / 3, dtype=np.float32),
    np.array([np.nan, 1.0]),
    np.array([np.inf, 1.0]),
    np.array([-0.5, 1.5]),
    Law.zipf(3),
    LoopParams(),
    "zipf:3",
    "zipf:1e400",
    "data:" + "A" * 5000,
    "data:\ud800",
    "a,b\nc,1",
    'a,"1\n',
]

P, Q = [0.5, 0.3, 0.2], [0.4, 0.35, 0.25]
SMALL = LoopParams(initial=Law.zipf(3), generations=3, sample_size=5)
RUN, RUNS = core.simulate(SMALL), core.simulate_ensemble(SMALL, 3)
TEXT = "the cat saw the dog and the dog saw the cat and the end"
WORDS = NGrams.from_text(TEXT, 2)
MODEL, RNG = core.fit_ngrams(WORDS), np.random.default_rng(0)
LEARNER = LearnerParams(source=WORDS, generations=2, sample_size=20, subsample_size=20)
SETTING = {"reference": Q, "temperature": 0.6, "external_fraction": 0.3}
GRID = {"temperatures": [0.5, 2.0], "external_fractions": [0.1, 0.6]}

CALLS: dict[str, dict[str, Any]] = {
    "agreements": {"run": RUN},
    "apply_temperature": {"p": P, "temperature": 0.5},
    "bifurcation_branches": {"reference": Q, "temperature": 0.6},
    "boundary_lines": {"reference": Q, "temperatures": [0.5, 2.0], "tolerance": 0.1},
    "class_of": {"state": P, "reference": Q, "temperature": 0.6, "tolerance": 0.1},
    "classify": {"shift": 0.1, "distance": 0.2, "tolerance": 0.1},
    "effective_external": {"source": WORDS, "temperature": 0.7, "external_fraction": 0.3},
    "gaussian_ensemble": {"params": core.GaussianParams(), "runs": 3},
    "gaussian_expectations": {"params": core.GaussianParams()},
    "GaussianParams": {
        "temperature": 0.7,
        "external_fraction": 0.1,
        "sample_size": 50,
        "generations": 5,
        "start_mean": 0.0,
        "start_sd": 1.0,
        "reference_mean": 0.0,
        "reference_sd": 1.0,
        "seed": 0,
    },
    "ImageParams": {"loop": core.ImageParams().loop},
    "fit_ngrams": {
        "source": WORDS,
        "smoothing": "kneser_ney",
        "discount": 0.5,
        "uniform_base": True,
    },
    "map_learner": {"params": LEARNER, **GRID},
    "ngram_mean_field": {
        "source": WORDS,
        "temperature": 0.7,
        "external_fraction": 0.3,
        "generations": 2,
        "regime": "accumulate",
        "sample_size": 5,
    },
    "return_external_fraction": {"reference": Q, "temperature": 0.6, "tolerance": 0.1},
    "run_learner": {"params": LEARNER},
    "settled_ngrams": {"source": WORDS, "temperature": 0.7, "external_fraction": 0.3},
    "told_phrase": {"source": WORDS, "temperature": 0.7},
    "collapse_threshold": {"reference": Q, "temperature": 0.6, "outcome": 1},
    "count_stable_states": SETTING,
    "entropy_shift": {"p": P, "reference": Q},
    "equilibrium": {**SETTING, "start": P, "regime": "replace"},
    "evidence": {"ensemble": RUNS},
    "fixed_points": SETTING,
    "free_energy": {"p": P, **SETTING},
    "hill_number": {"p": P, "order": 2},
    "kl_divergence": {"p": P, "q": Q},
    "leading_eigenvalue": {"p": P, **SETTING},
    "mean_field_step": {"p": P, **SETTING},
    "mean_field_steps": {
        "p": [P, Q],
        "reference": Q,
        "temperature": [0.5, 2.0],
        "external_fraction": [0.1, 0.2],
        "steps": 3,
    },
    "mean_lifetime": {"temperature": 2.0, "sample_size": 5},
    "minimum_external_fraction": {"reference": Q, "temperature": 0.6, "tolerance": 0.1},
    "phase_diagram": {"reference": Q, **GRID},
    "renyi_entropy": {"p": P, "order": 2},
    "settled_state": SETTING,
    "shannon_entropy": {"p": P},
    "simulate": {"params": SMALL},
    "simulate_ensemble": {"params": SMALL, "runs": 3, "executor": None, "progress": None},
    "simulate_grid": {"params": SMALL, **GRID, "runs": 2, "stream": 0},
    "stable_states": SETTING,
    "stages": {"run": RUN, "generation": 1},
    "support_size": {"p": P},
    "sweep_external": {
        "params": SMALL.replace(regime="replace"),
        "external_fractions": [0.5, 0.2],
        "generations_per_step": 2,
    },
    "tolerance_contour": {"reference": Q, "temperatures": [0.5, 2.0], "tolerance": 0.1},
    "total_variation": {"p": P, "q": Q},
    "uniform_thresholds": {"n": 10, "temperature": 0.5},
}
FIELDS: dict[str, Any] = {
    "initial": Law.zipf(3),
    "reference": None,
    "temperature": 0.5,
    "external_fraction": 0.1,
    "sample_size": 5,
    "noise": True,
    "regime": "accumulate",
    "initial_size": 10,
    "growth": None,
    "subsample_size": 5,
    "generations": 3,
    "schedule": (),
    "seed": 0,
}
LEARNING = {
    "source": WORDS,
    "smoothing": "none",
    "discount": None,
    "top_k": None,
    "top_p": None,
    "min_p": None,
    **{name: FIELDS[name] for name in ("temperature", "external_fraction", "sample_size")},
    **{name: FIELDS[name] for name in ("noise", "regime", "growth", "subsample_size")},
    **{name: FIELDS[name] for name in ("generations", "schedule", "seed")},
}
# Public methods for those who build on the language models, with arguments of their own kinds.
INSIDE = {
    *("NGrams.counted", "NGramModel.sampler", "NGramModel.starts", "NGramModel.visits"),
    *("NGramModel.context_keys", "NGramModel.keys_written"),
}
METHODS: dict[str, tuple[Any, dict[str, Any]]] = {
    "Law": (
        Law,
        {"kind": "data", "arguments": (), "weights": P, "labels": None, "dropped_share": 0.0},
    ),
    "Law.uniform": (Law.uniform, {"n": 3}),
    "Law.zipf": (Law.zipf, {"n": 3, "exponent": 1.0}),
    "Law.geometric": (Law.geometric, {"n": 3, "ratio": 0.5}),
    "Law.two_peaks": (Law.two_peaks, {"n": 3, "second": 0.5}),
    "Law.dirichlet": (Law.dirichlet, {"n": 3, "concentration": 1.0, "seed": 0}),
    "Law.real_text": (Law.real_text, {"n": 3}),
    "Law.from_weights": (Law.from_weights, {"weights": P, "labels": ["a", "b", "c"]}),
    "Law.from_text": (Law.from_text, {"text": "one two two", "n": 2}),
    "Law.from_csv": (Law.from_csv, {"text": "a,1\nb,2"}),
    "Law.from_token": (Law.from_token, {"token": "zipf:3"}),
    "Law.from_dict": (Law.from_dict, {"values": {"weights": [1, 2]}}),
    "Law.from_understood": (
        Law.from_understood,
        {"understood": understand("a,1\nb,2", Reading(kind="list"))},
    ),
    "LearnerParams": (LearnerParams, LEARNING),
    "LearnerParams.replace": (LEARNER.replace, LEARNING),
    "LearnerParams.from_dict": (LearnerParams.from_dict, {"values": LEARNER.to_dict()}),
    "LearnerParams.from_query": (LearnerParams.from_query, {"query": {"v": "1"}}),
    "NGrams.from_text": (
        NGrams.from_text,
        {"text": TEXT, "order": 2, "unit": "word", "held_out": 0.0, "progress": None},
    ),
    "NGrams.from_words": (
        NGrams.from_words,
        {"words": TEXT.split(), "order": 2, "unit": "word", "held_out": 0.0, "progress": None},
    ),
    "NGrams.novel": (NGrams.novel, {"order": 2}),
    "NGrams.reference": (NGrams.reference, {"order": 2, "unit": "word"}),
    "NGrams.from_token": (NGrams.from_token, {"token": "novel:2"}),
    "NGrams.from_dict": (NGrams.from_dict, {"values": {"name": "novel:2"}}),
    "NGramModel.next_word": (
        MODEL.next_word,
        {"context": ["the"], "temperature": 1.0, "top_k": None, "top_p": None, "min_p": None},
    ),
    "NGramModel.sample": (
        MODEL.sample,
        {
            "chains": 2,
            "steps": 3,
            "temperature": 1.0,
            "rng": np.random.default_rng(0),
            "start": None,
        },
    ),
    "NGramModel.entropy_rate": (MODEL.entropy_rate, {"temperature": 1.0}),
    "NGramModel.perplexity": (MODEL.perplexity, {"held": WORDS}),
    "NGramModel.probabilities": (MODEL.probabilities, {"held": WORDS}),
    "NGramModel.scores": (MODEL.scores, {"held": WORDS}),
    "NGramModel.impossible_share": (MODEL.impossible_share, {"held": WORDS}),
    "NGramModel.row_of": (MODEL.row_of, {"context": ["the"]}),
    "LoopParams": (LoopParams, FIELDS),
    "LoopParams.replace": (SMALL.replace, FIELDS),
    "LoopParams.at": (SMALL.at, {"generation": 1}),
    "LoopParams.over_time": (SMALL.over_time, {"name": "temperature"}),
    "LoopParams.from_dict": (LoopParams.from_dict, {"values": SMALL.to_dict()}),
    "LoopParams.from_query": (LoopParams.from_query, {"query": {"v": "1"}}),
    "Change": (Change, {"generation": 3, "field": "temperature", "value": 0.5}),
    "Ensemble.time_to": (RUNS.time_to, {"survivors": 1}),
    "settled_from": (settled_from, {"start": P, **SETTING, "regime": "replace"}),
}
RESULTS = {  # made by functions, not by callers
    *("Agreement", "BoundaryLines", "Comparison", "Ensemble", "Evidence", "Generation"),
    *("LearnerMap", "NGramModel", "NGrams", "PhaseDiagram", "Stages", "ToldPhrase", "Trajectory"),
    "__version__",
}
# What holds named things itself is refused by their names, or as what it stands for (a law).
HOLDS_FIELDS = {"values", "text", "token", "weights", "value", "params", "held_out", "loop"}
TASKS = {name: (getattr(core, name), good) for name, good in CALLS.items()} | METHODS


def fresh(value: Any) -> Any:
    """Return a rude value that nobody has used up."""
    return iter([0.5, 0.5]) if hasattr(value, "__next__") else value


def is_sentence(message: str) -> bool:
    """Say whether a message is one line of bounded length that says what was found."""
    says = "got" in message or "Say which with" in message  # what the reader of files asks
    return says and "\n" not in message and len(message) <= LONGEST


def names(message: str, argument: str) -> bool:
    """Say whether a message names the argument, or one of its many by the singular."""
    return argument in HOLDS_FIELDS or argument.removesuffix("s") in message


def complaint(
    function: Callable[..., object], arguments: dict[str, Any], rude: str = ""
) -> str | None:
    """Call; return None if it answers, else what is wrong with how it refuses the rude one."""
    start = time.perf_counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", DeprecationWarning)
            function(**{name: fresh(value) for name, value in arguments.items()})
        found = None
    except (ValueError, TypeError) as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        line = linecache.getline(last.filename, last.lineno).strip()
        message, where = str(error), f"{last.filename}:{last.lineno}"
        found = ""
        if not last.filename.startswith(ROOT) or not line.startswith("raise"):
            found = f"raised at {where}: {message}"
        elif not is_sentence(message):
            found = f"not a sentence ({len(message)} characters) at {where}: {message[:400]}"
        elif not names(message, rude):
            found = f"does not name {rude} at {where}: {message}"
    except Exception as error:
        found = "".join(traceback.format_exception(error))[-600:]
    took = time.perf_counter() - start
    return f"{took:.0f} seconds" if took > SLOWEST else found


def test_every_public_name_is_tried() -> None:
    public = set(core.__all__) - RESULTS
    assert public == set(CALLS) | {"Law", "LoopParams", "LearnerParams", "Change"}
    for kind in (Law, LoopParams, LearnerParams, Change, Ensemble, NGrams, NGramModel):
        for name, method in vars(kind).items():
            takes = inspect.isfunction(method) or isinstance(method, classmethod)
            if not takes or name.startswith("_"):
                continue
            signature = inspect.signature(getattr(kind, name))
            if set(signature.parameters) - {"self"}:
                assert f"{kind.__name__}.{name}" in set(METHODS) | INSIDE


def test_what_is_right_is_answered() -> None:
    for name, (function, good) in TASKS.items():
        assert complaint(function, good) is None, name


@pytest.mark.parametrize("name", TASKS)
def test_rude_values_are_refused_in_a_sentence(name: str) -> None:
    function, good = TASKS[name]
    for argument in good:
        if argument == "progress":
            continue  # what it raises goes through
        for value in POOL:
            wrong = complaint(function, {**good, argument: value}, argument)
            assert not wrong, f"{name}({argument}={str(type(value))}): {wrong}"


@pytest.mark.parametrize("name", TASKS)
def test_several_rude_values_at_once_are_refused_too(name: str) -> None:
    function, good = TASKS[name]
    rng = np.random.default_rng(len(name))
    for _ in range(30):
        chosen = {
            argument: POOL[rng.integers(len(POOL))]
            if rng.random() < 0.6 and argument != "progress"
            else value
            for argument, value in good.items()
        }
        wrong = complaint(function, chosen)
        assert not wrong, f"{name}: {wrong}"


NUMBERS: list[Any] = [
    None,
    True,
    float("nan"),
    10**400,
    "0.5",
    b"1",
    1j,
    np.array(0.5, dtype=object),
    np.array([0.5]),
    np.array([1]),
    [0.5],
    Decimal("0.5"),
]
ARRAYS = {  # where many numbers are meant
    *("p", "q", "reference", "state", "start", "temperatures", "external_fractions", "weights"),
    *("labels", "params", "run", "ensemble", "executor", "progress", "initial", "schedule"),
    *("arguments", "kind", "text", "token", "values", "query", "field", "regime", "noise"),
    *("understood", "source", "smoothing", "uniform_base", "words", "unit", "context", "rng"),
    *("held", "name"),
}
MAY_BE_NONE = {"growth", "discount", "top_k", "top_p", "min_p", "sample_size"}


@pytest.mark.parametrize("name", TASKS)
def test_where_one_number_is_meant_nothing_else_is_read_as_one(name: str) -> None:
    function, good = TASKS[name]
    for argument in set(good) - ARRAYS:
        if name == "mean_field_steps" and argument != "steps":
            continue  # an array of them, by its contract
        for value in NUMBERS:
            if value is None and argument in MAY_BE_NONE:
                continue
            with pytest.raises((ValueError, TypeError), match="must be"):
                function(**{**good, argument: value})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: core.uniform_thresholds(3.5, 0.5), "n must be a whole number, got 3.5"),
        (lambda: core.mean_field_steps([P], Q, 0.5, 0.1, -1), "steps must be .* got -1"),
        (lambda: core.classify(np.nan, np.nan), "shift must be between -1 and 1, got nan"),
        (lambda: core.collapse_threshold(Q, 0.5, 1.5), "outcome must be a whole number, got 1.5"),
        (lambda: core.simulate_ensemble(SMALL, 10**12), "runs must be at most 13,333,333 .* got 1"),
        (lambda: core.simulate_grid(SMALL, [0.5], [0.1], 10**12), "runs must be at most .* got"),
        (lambda: Law.from_csv(b"a,1"), "text must be a text, got b'a,1'"),
        (lambda: Law.from_token(None), "a law must be written as a text, got None"),
        (lambda: core.settled_state(Q, [0.5], 0.1), r"temperature must be a number, got \[0.5\]"),
        (lambda: core.settled_state(Q, 10**400, 0.1), "temperature must be .* 401 digits"),
        (lambda: core.renyi_entropy(P, np.array([2])), "order must be a number, got an array"),
        (lambda: core.total_variation([P, P], [Q, Q, Q]), "leading axes that fit"),
        (lambda: SMALL.replace(colour=1), "settings must only name known fields, got “colour”"),
        (lambda: LoopParams.from_query(None), "query must be a mapping of texts, got None"),
    ],
)
def test_what_was_accepted_or_answered_by_others_is_refused_by_name(
    call: Callable[[], object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_a_link_of_odd_values_is_read_with_complaints() -> None:
    for query in ({"v": 2}, {5: "x"}, {"temperature": None}, {"v": 10**6000, "seed": 10**6000}):
        params, complaints = LoopParams.from_query(query)
        assert params == LoopParams() and len(complaints) == len(query)
        assert all(len(one) <= LONGEST for one in complaints)
    numbers: Any = {"v": 1, "temperature": 0.5}
    assert LoopParams.from_query(numbers)[0].temperature == 0.5


def test_a_measure_of_one_law_is_one_number() -> None:
    shift, distance = core.entropy_shift(P, Q), core.total_variation(P, Q)
    with pytest.warns(DeprecationWarning):
        assert core.classify(shift, distance, np.array(0.2)) == "faithful"
    at = core.settled_state(Q, np.array(0.6), np.array(0.3))
    np.testing.assert_array_equal(at, core.settled_state(Q, 0.6, 0.3))


def test_whole_numbers_may_be_written_as_floats() -> None:
    assert core.mean_lifetime(0.5, 5.0) == core.mean_lifetime(0.5, 5)
    assert core.collapse_threshold(Q, 0.5, 1.0) == core.collapse_threshold(Q, 0.5, 1)
