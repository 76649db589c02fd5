"""What the chapter "Sample size" keeps: what temperature does, and what luck adds. Pure.

Each sample size is an ensemble of its own; the same loop without sampling noise stands beside it.
"""

import math
from dataclasses import dataclass

import numpy as np

from closedloop_core import Ensemble, Law, LoopParams, hill_number, simulate, total_variation
from closedloop_core.comparisons import Evidence, resting_spread
from closedloop_core.ensembles.ensemble import simulate_ensemble
from closedloop_core.exact.lifetime import mean_lifetime
from closedloop_core.measures import Array
from pages.ui.exports import table_csv
from pages.ui.luck.quantiles import QUANTILES
from pages.ui.pool import InTurn

SIZES = (10, 30, 100, 300, 1_000, 3_000, 10_000, 100_000, 1_000_000)
LIFETIME_SIZES = tuple(range(2, 61, 2))
_SIMULATED_SIZES = (2, 4, 6, 8, 12, 16, 24, 32, 48, 60)
_LONGEST = 300.0  # mean generations that are simulated
_LIFETIME_RUNS = 400
_WARM = 1.5  # the temperature of the lifetimes where the loop's own is not above 1


@dataclass(frozen=True)
class SizePoint:
    """The last generation at one sample size: quantiles over runs (levels,), and the twin's."""

    sample_size: int
    effective: Array
    distance: Array
    twin_effective: float
    twin_distance: float
    spread: Evidence | None


@dataclass(frozen=True)
class Lifetime:
    """Mean generations until one of two even outcomes is lost: exact, and simulated or None."""

    temperature: float
    sample_size: int
    exact: float
    simulated: float | None
    error: float | None


def plain(params: LoopParams) -> LoopParams:
    """Return the loop of this chapter: a fixed sample size, settings as at the start, noise."""
    return params.at(0).replace(schedule=(), growth=None, noise=True)


def sizes_of(params: LoopParams) -> tuple[int, ...]:
    """Return the sample sizes to compute: ours, and the dial's."""
    return tuple(sorted({*SIZES, params.sample_size}))


def size_point_of(params: LoopParams, runs: int) -> SizePoint:
    """Return `size_point` of so many runs; for a worker."""
    return size_point(simulate_ensemble(params, runs, InTurn()))


def size_point(ensemble: Ensemble) -> SizePoint:
    """Return what is kept of the runs at one sample size."""
    params = ensemble.params
    twin = simulate(params.replace(noise=False)).learned[-1]
    return SizePoint(
        sample_size=params.sample_size,
        effective=ensemble.effective[:, -1].copy(),
        distance=ensemble.distance[:, -1].copy(),
        twin_effective=float(hill_number(twin, 1)),
        twin_distance=float(total_variation(twin, params.source.probabilities())),
        spread=resting_spread(ensemble),
    )


def warm(temperature: float) -> float:
    """Return the temperature above 1 whose lifetimes are shown: the loop's own if it is one."""
    return temperature if temperature > 1 else _WARM


def lifetimes(temperature: float, seed: int) -> list[Lifetime]:
    """Return the lifetimes of two even outcomes at a temperature."""
    sizes = sorted({*LIFETIME_SIZES, *_SIMULATED_SIZES})
    return [_lifetime(temperature, k, seed) for k in sizes]


def _lifetime(temperature: float, sample_size: int, seed: int) -> Lifetime:
    exact = mean_lifetime(temperature, sample_size)
    if sample_size not in _SIMULATED_SIZES or exact > _LONGEST:
        return Lifetime(temperature, sample_size, exact, None, None)
    params = LoopParams(
        initial=Law.uniform(2),
        temperature=temperature,
        sample_size=sample_size,
        regime="replace",
        # What lasts longer, about e^-12 of the runs, is counted short by as much again.
        generations=math.ceil(12 * exact) + 12,
        seed=seed,
    )
    times = simulate_ensemble(params, _LIFETIME_RUNS, InTurn()).time_to(1)
    times = np.minimum(times, params.generations)
    error = float(times.std(ddof=1)) / math.sqrt(_LIFETIME_RUNS)
    return Lifetime(temperature, sample_size, exact, float(times.mean()), error)


def sizes_csv(points: list[SizePoint]) -> str:
    """Return the sizes as CSV: one line a sample size."""
    measures = ("effective_outcomes", "distance")
    names = [f"{name}_{level}" for name in measures for level in QUANTILES]
    tail = ["effective_outcomes_no_noise", "distance_no_noise", "rms_spread", "linear_noise"]
    rows: list[list[object]] = [["sample_size", *names, *tail]]
    for p in points:
        spread = ["", ""] if p.spread is None else [p.spread.simulated, p.spread.theory]
        quantiles = [*map(float, p.effective), *map(float, p.distance)]
        rows.append([p.sample_size, *quantiles, p.twin_effective, p.twin_distance, *spread])
    return table_csv(rows)
