"""Print how long the core takes, as ratios to a floor in the same process.

A *pass* is one in-place np.log and one np.exp over as many elements as the task has numbers,
timed before and after it. A diagram has rows x columns x n numbers; so has its count of stable
states, asked for afterwards. The lines of the diagram have as many as the grid of 200 shares that
one would otherwise read them off. Ensembles and language models have floors of their own, and the
floor of a diagram above T = 1 is one below. Run ``python -m tests.bench`` (``--json`` for JSON).
"""

import argparse
import json
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial

import numpy as np

from closedloop_core import (
    Law,
    LoopParams,
    PhaseDiagram,
    boundary_lines,
    mean_field_steps,
    phase_diagram,
    simulate,
)
from tests.bench import ensembles, learners, reading
from tests.bench.ensembles import timed

RUNS = 9


@dataclass(frozen=True)
class Figure:
    """One measured task: passes (median over runs) and milliseconds."""

    task: str
    passes: float
    milliseconds: float


def one_pass(elements: int) -> float:
    """Return the seconds of a pass over ``elements``.

    At least 200,000 elements are timed, so that calls do not count, and at most 4 million, in one
    array: a larger one would time the memory twice.
    """
    size = min(max(elements, 200_000), 4_000_000)
    values = np.full(size, 0.5)

    def run() -> None:
        np.log(values, out=values)
        np.exp(values, out=values)

    return min(timed(run) for _ in range(2)) * elements / size


def measure(name: str, elements: int, task: Callable[[], object]) -> Figure:
    """Time a task between two passes, several times; return the medians."""
    task()
    ratios, seconds = [], []
    for _ in range(RUNS):
        before = one_pass(elements)
        took = timed(task)
        floor = 0.5 * (before + one_pass(elements))
        ratios.append(took / floor)
        seconds.append(took)
    return Figure(name, statistics.median(ratios), 1e3 * statistics.median(seconds))


def figures() -> list[Figure]:
    """Measure every task."""
    ours = [*_diagrams(), *_sides(), *_lines(), *_steps(), *_runs()]
    theirs = [*ensembles.figures(), *learners.figures()]
    return [*ours, *(Figure(*row) for row in theirs)]


def _diagrams() -> list[Figure]:
    axis, shares = np.geomspace(0.2, 5.0, 200), np.linspace(0.0, 1.0, 200)
    found = []
    for n in (20, 100, 1000):
        law, size, name = Law.zipf(n), 200 * 200 * n, f"n = {n}"
        task = partial(phase_diagram, law, axis, shares)
        found.append(measure(f"phase diagram 200 x 200, {name}", size, task))
        found.append(measure(f"its n_stable, {name}", size, partial(_count, task())))
    small = np.geomspace(0.2, 5.0, 64), np.linspace(0.0, 1.0, 64)
    task = partial(phase_diagram, Law.zipf(50), *small)
    found.append(measure("phase diagram 64 x 64, n = 50", 64 * 64 * 50, task))
    return found


def _sides() -> list[Figure]:
    """Measure diagrams above T = 1 against as large ones below, of shares that all differ.

    Some of them are below the smallest float: the curve is as long as it can be.
    """
    shares, found = np.linspace(0.0, 1.0, 60), []
    for n in (3_000, 10_000):
        law = Law.dirichlet(n, 0.01, 1)
        below = partial(phase_diagram, law, np.linspace(0.02, 0.98, 20), shares)
        above = partial(phase_diagram, law, np.linspace(1.02, 3.0, 20), shares)
        pairs = [(timed(above), timed(below)) for _ in range(5)]
        ratio = statistics.median(hot / cold for hot, cold in pairs)
        took = statistics.median(hot for hot, _ in pairs)
        name = f"phase diagram 20 x 60 above T = 1 / below, n = {n}"
        found.append(Figure(name, ratio, 1e3 * took))
    return found


def _count(diagram: PhaseDiagram) -> np.ndarray:
    return replace(diagram).n_stable  # a copy has not counted yet


def _lines() -> list[Figure]:
    found, shares = [], 200
    for law in (Law.zipf(10), Law.uniform(10), Law.zipf(100)):
        task, size = partial(boundary_lines, law, np.geomspace(0.2, 5.0, 129)), 129 * shares * law.n
        found.append(measure(f"all lines, 129 temperatures, {law.describe()}", size, task))
    return found


def _steps() -> list[Figure]:
    found = []
    for n in (10, 100, 1000):
        m, steps = 1_000_000 // n, 10
        p = np.full((m, n), 1.0 / n)
        p[:, 0] += 0.01
        p /= p.sum(axis=1, keepdims=True)
        settings = np.linspace(0.3, 3.0, m), np.linspace(0.0, 1.0, m)
        task = partial(mean_field_steps, p, p[0], *settings, steps)
        found.append(measure(f"mean-field step, {m} settings, n = {n}", m * n * steps, task))
    return found


def _runs() -> list[Figure]:
    found = []
    for noise in (False, True):
        params = LoopParams(initial=Law.zipf(64), noise=noise)
        name = "with noise" if noise else "mean field"
        found.append(measure(f"run 64 x 200, {name}", 64 * 200, partial(simulate, params)))
    return found


def _reading() -> list[Figure]:
    return [Figure(*row) for row in reading.figures()]


def main() -> None:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=["core", "reading", "browser"],
        default="core",
        help="the core (default), reading 5 MB of anything, or the app in a real Chromium",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    if arguments.what == "browser":
        # Only here: the core's figures need neither a browser nor its driver.
        from tests.bench import browser

        found_there = browser.figures()
        as_json = json.dumps([figure.as_dict() for figure in found_there], indent=1)
        print(as_json if arguments.json else browser.table(found_there))
        return
    found = _reading() if arguments.what == "reading" else figures()
    if arguments.json:
        print(json.dumps([asdict(figure) for figure in found], indent=1))
        return
    print(f"{'task':72} {'passes':>8} {'ms':>8}")
    for figure in found:
        print(f"{figure.task:72} {figure.passes:8.1f} {figure.milliseconds:8.1f}")


if __name__ == "__main__":
    main()
