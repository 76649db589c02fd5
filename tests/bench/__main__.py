"""Print how long the core takes, as ratios to a floor in the same process.

A *pass* is one in-place np.log and one np.exp over as many elements as the task has numbers,
timed before and after it. Run ``python -m tests.bench`` (``--json`` for JSON).
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from closedloop_core import Law, LoopParams, phase_diagram, simulate, tolerance_contour
from pages.ui.cached import temperature_axis

RUNS = 5


@dataclass(frozen=True)
class Figure:
    """One measured task: passes (median over runs) and milliseconds."""

    task: str
    passes: float
    milliseconds: float


def timed(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def one_pass(elements: int) -> float:
    """Return the seconds of a pass, at least 200,000 elements timed so that calls do not count."""
    values = np.full(max(elements, 200_000), 0.5)

    def run() -> None:
        np.log(values, out=values)
        np.exp(values, out=values)

    return timed(run) * elements / len(values)


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
    found = []
    for n in (10, 50, 100):
        law, axis = Law.zipf(n), np.geomspace(0.2, 5.0, 64)
        shares = np.linspace(0.0, 1.0, 64)
        found.append(
            measure(
                f"phase diagram 64 x 64, n = {n}",
                64 * 64 * n,
                lambda law=law, axis=axis, shares=shares: phase_diagram(law, axis, shares),
            )
        )
        found.append(
            measure(
                f"tolerance contour, 129 temperatures, n = {n}",
                129 * n,
                lambda law=law: tolerance_contour(law, temperature_axis(129)),
            )
        )
    for noise in (False, True):
        params = LoopParams(initial=Law.zipf(64), noise=noise)
        name = "with noise" if noise else "mean field"
        found.append(measure(f"run 64 x 200, {name}", 64 * 200, lambda p=params: simulate(p)))
    return found


def main() -> None:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    found = figures()
    if arguments.json:
        print(json.dumps([asdict(figure) for figure in found], indent=1))
        return
    print(f"{'task':48} {'passes':>8} {'ms':>8}")
    for figure in found:
        print(f"{figure.task:48} {figure.passes:8.1f} {figure.milliseconds:8.1f}")


if __name__ == "__main__":
    main()
