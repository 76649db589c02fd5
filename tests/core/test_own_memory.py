"""Results share no memory with arguments, and arguments stay as they were, function by function."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import closedloop_core as core
from closedloop_core import Law, LoopParams
from closedloop_core.exact.settled import settled_from
from closedloop_core.learners.levels import Level
from closedloop_core.learners.table import NGramTable
from tests.core.test_refusals import CALLS, SMALL, Q

# Where an answer might be an argument itself: at the ends of temperature and share.
ENDS = [(t, a) for t in (0.5, 1.0, 2.0) for a in (0.0, 0.3, 1.0)]
P = [0.5, 0.3, 0.2]
HELD = {"params", "settings"}  # arguments that are handed back on purpose


def as_arrays(value: Any) -> Any:
    """Return lists of numbers as arrays, everything else as it is."""
    return np.array(value, dtype=np.float64) if isinstance(value, list) else value


def arrays_in(value: Any) -> Any:
    """Yield every array that a result, or an argument, holds."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, Law):
        yield value.probabilities()
    elif isinstance(value, LoopParams):
        yield value.initial.probabilities()
        yield value.source.probabilities()
    elif isinstance(value, NGramTable | Level):
        return  # read-only, so that a source and all that learn from it may share them
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in HELD:
                yield from arrays_in(getattr(value, field.name))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from arrays_in(part)


def check(function: Any, arguments: dict[str, Any]) -> Any:
    arguments = {name: as_arrays(value) for name, value in arguments.items()}
    given = [x for value in arguments.values() for x in arrays_in(value)]
    before = [x.copy() for x in given]
    result = function(**arguments)
    result = list(result) if isinstance(result, Iterator) else result
    for x, old in zip(given, before, strict=True):
        np.testing.assert_array_equal(x, old)
    found = list(arrays_in(result))
    assert not any(np.shares_memory(x, y) for x in found for y in given)
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", sorted(set(CALLS) - {"ImageParams"}))  # which is its loop, frozen
def test_results_are_their_own_and_arguments_stay(name: str) -> None:
    check(getattr(core, name), CALLS[name])


@pytest.mark.parametrize(("temperature", "share"), ENDS)
@pytest.mark.parametrize("reference", [Q, Law.zipf(3), [0.5, 0.5, 0.0]])
@pytest.mark.parametrize(
    "name",
    [name for name, call in CALLS.items() if {"reference", "external_fraction"} <= set(call)],
)
def test_at_the_ends_of_the_dials_too(
    name: str, temperature: float, share: float, reference: Any
) -> None:
    if temperature == 1 and share == 0 and "stable" in name or name == "fixed_points":
        return  # every state stays; refused
    if isinstance(reference, Law) and name.startswith("mean_field"):
        return  # takes an array
    setting = {"reference": reference, "temperature": temperature, "external_fraction": share}
    found = check(getattr(core, name), {**CALLS[name], **setting})
    if name == "equilibrium":
        assert len(found) == 1
        for start in (reference, [0.2, 0.3, 0.5], [0.0, 0.0, 1.0]):
            start = start.probabilities() if isinstance(start, Law) else start
            check(core.equilibrium, {**setting, "start": start})
            check(settled_from, {**setting, "start": start})


def test_a_diagram_and_its_lines_have_their_own_axes() -> None:
    axes = np.array([0.5, 2.0]), np.array([0.0, 0.3, 1.0])
    law = Law.zipf(3)
    diagram, lines = core.phase_diagram(law, *axes), core.boundary_lines(law, axes[0])
    for found in (diagram.temperatures, diagram.external_fractions, diagram.reference):
        assert not any(np.shares_memory(found, x) for x in (*axes, law.probabilities()))
        found[0] = 0.7  # and they may be written to
    lines.temperatures[0] = 0.7
    assert axes[0][0] == 0.5 and law.probabilities()[0] != 0.7


def test_a_generation_taken_apart_is_a_copy() -> None:
    run = core.simulate(SMALL)
    for found in arrays_in(core.stages(run, 1)):
        assert not any(np.shares_memory(found, x) for x in arrays_in(run))


def test_weights_and_labels_of_a_law_may_change_afterwards() -> None:
    weights, labels = np.array(P), ["a", "b", "c"]
    law = Law.from_weights(weights, labels)
    weights[0], labels[0] = 9.0, "z"
    assert law.labels == ("a", "b", "c")
    np.testing.assert_allclose(law.probabilities(), P)
