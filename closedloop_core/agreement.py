"""Simulated x, theory y: what a run should show wherever a closed form or an exact end exists.

The last room of the core: it may look at runs and at theory, and belongs to neither.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from closedloop_core.equilibria import settled_from
from closedloop_core.simulate import Trajectory
from closedloop_core.theory import (
    expected_diversity_accumulate,
    expected_diversity_replace,
    mean_field_replace,
    stationary_concentration,
)


@dataclass(frozen=True)
class Agreement:
    """One number of a run beside its theory.

    ``words`` says what it is. ``kind`` says what theory gives: ``exact`` the number itself,
    ``mean`` the mean over many runs, from which a single one may differ, ``limit`` where it ends
    without noise and after endless time.
    """

    words: str
    simulated: float
    theory: float
    kind: Literal["exact", "mean", "limit"]


def agreements(run: Trajectory) -> list[Agreement]:
    """Return every number of ``run`` that theory gives; possibly none.

    Parameters
    ----------
    run : Trajectory

    Returns
    -------
    list of Agreement
    """
    params = run.params
    if len(params.segments) > 1:
        return [_distance_at_the_end(run)]  # the closed forms know no interventions
    started_at_source = params.reference is None or params.reference == params.initial
    found = []
    if params.temperature == 1 and params.growth is None and params.noise:
        found += _at_temperature_one(run)
    if params.regime == "replace" and params.external_fraction == 0 and not params.noise:
        found.append(_largest_share(run))
    if started_at_source and params.temperature != 1:
        found.append(_distance_at_the_end(run))
    return found


def _at_temperature_one(run: Trajectory) -> list[Agreement]:
    params, p = run.params, run.params.initial.probabilities()
    diversity = float(1 - (run.probabilities[-1] ** 2).sum())
    words = f"1 - sum p^2 after {params.generations:,} generations"
    if params.external_fraction == 0 and params.regime == "replace":
        theory = expected_diversity_replace(p, params.sample_size, params.generations)
        return [Agreement(words, diversity, theory, "mean")]
    if params.external_fraction == 0 and params.regime == "accumulate":
        sizes = params.sample_size, params.initial_size
        theory = expected_diversity_accumulate(p, *sizes, params.generations)
        return [Agreement(words, diversity, theory, "mean")]
    if params.regime == "replace":
        late = run.probabilities[len(run.probabilities) // 2 :]
        theory = stationary_concentration(
            params.source.probabilities(), params.external_fraction, params.sample_size
        )
        words = "sum p^2, mean over the second half"
        return [Agreement(words, float((late**2).sum(axis=1).mean()), theory, "mean")]
    return []


def _largest_share(run: Trajectory) -> Agreement:
    params = run.params
    # While nothing has settled yet: the first generation after the start shows most.
    t = min(params.generations, 3)
    theory = mean_field_replace(params.initial.probabilities(), params.temperature, t)
    simulated, words = float(run.probabilities[t].max()), f"largest share after {t} generations"
    return Agreement(words, simulated, float(theory.max()), "exact")


def _distance_at_the_end(run: Trajectory) -> Agreement:
    start, last = run.params.segments[-1]
    setting = (last.source, last.temperature, last.external_fraction)
    end = settled_from(run.probabilities[start], *setting, last.regime)
    q = last.source.probabilities()
    simulated = 0.5 * np.abs(run.probabilities[-1] - q).sum()
    words = f"distance to the source after {last.generations:,} generations"
    return Agreement(words, float(simulated), float(0.5 * np.abs(end - q).sum()), "limit")
