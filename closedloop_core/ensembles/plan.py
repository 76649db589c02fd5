"""A grid of ensembles: temperature x external share x sample size, with what each point ends in.

Nothing here reads or writes files; the command line (`python -m closedloop_core sweep`) does. Next:
`comparisons`.
"""

import hashlib
import itertools
import json
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from closedloop_core._version import __version__
from closedloop_core.ensembles.ensemble import LEVELS, simulate_ensemble
from closedloop_core.exact.settled import settled_from
from closedloop_core.measures import unchecked_entropy
from closedloop_core.quoting import quoted
from closedloop_core.settings.limits import ParameterError, checked
from closedloop_core.settings.params import LoopParams

AXES = ("temperature", "external_fraction", "sample_size")
MAX_POINTS = 1_000_000
_MEASURED = ("effective", "distance", "survivors")
COLUMNS = (
    *AXES,
    *(f"{name}_{round(100 * level):02d}" for name in _MEASURED for level in LEVELS),
    "diversity_mean",
    "diversity_error",
    "leader_wins",
    "limit_effective",
    "limit_distance",
)


@dataclass(frozen=True)
class SweepPlan:
    """What a sweep computes: ``runs`` runs at each point of a grid around ``base``.

    Parameters
    ----------
    base : LoopParams, everything that is the same at all points
    temperatures, external_fractions, sample_sizes : tuple of numbers, the grid's axes
    runs : int >= 2, runs at each point

    Raises
    ------
    ValueError
        If a value is outside its limits or given twice, an axis is empty, there are more than
        1,000,000 points, or several sample sizes while ``growth`` overrides them (a
        `ParameterError`).
    """

    base: LoopParams
    temperatures: tuple[float, ...]
    external_fractions: tuple[float, ...]
    sample_sizes: tuple[float, ...]
    runs: int

    def __post_init__(self) -> None:
        if isinstance(self.runs, bool) or not isinstance(self.runs, int) or self.runs < 2:
            raise ParameterError(
                "runs", f"runs must be a whole number >= 2, got {quoted(self.runs)}"
            )
        for name, values in zip(AXES, self.axes, strict=True):
            if not values:
                raise ParameterError(name, f"{name} must have at least one value, got none")
            if len(set(values)) < len(values):
                raise ParameterError(name, f"{name} must not repeat a value, got {quoted(values)}")
            field = f"{name}s"
            object.__setattr__(self, field, tuple(checked(name, value) for value in values))
        if self.size > MAX_POINTS:
            raise ParameterError(
                "points", f"points must be at most {MAX_POINTS:,}, got {self.size:,}"
            )
        if self.base.growth is not None and len(self.sample_sizes) > 1:
            raise ParameterError(
                "sample_size",
                f"sample_size must be one value while growth is {self.base.growth:g}"
                f" (growth overrides it), got {len(self.sample_sizes)}",
            )

    @property
    def axes(self) -> tuple[tuple[float, ...], ...]:
        """The grid's axes, in the order of ``AXES``."""
        return self.temperatures, self.external_fractions, self.sample_sizes

    @property
    def size(self) -> int:
        """The number of points."""
        return int(np.prod([len(axis) for axis in self.axes], dtype=np.int64))

    def points(self) -> Iterator[LoopParams]:
        """Yield the settings of each point, the last axis fastest."""
        for values in itertools.product(*self.axes):
            yield self.base.replace(**dict(zip(AXES, values, strict=True)))

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as values that JSON can hold, with the version of this package."""
        return {
            "format": "closedloop sweep",
            "version": __version__,
            "runs": self.runs,
            **{name: list(axis) for name, axis in zip(AXES, self.axes, strict=True)},
            "base": self.base.to_dict(),
        }

    def digest(self) -> str:
        """Return a fingerprint: equal for equal plans of the same version."""
        text = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def measure_point(
    params: LoopParams, runs: int, executor: Executor | None = None
) -> dict[str, float]:
    """Run an ensemble and return what it ends in, one number for each of ``COLUMNS``.

    Quantiles over runs of effective outcomes, distance to the source (total variation) and
    outcomes left; mean and standard error of 1 - sum p^2; ``leader_wins``, the share of runs in
    which the source's most likely outcome leads at the end; ``limit_...``, the infinite-sample
    limit of the same settings (NaN with interventions).

    Parameters
    ----------
    params : LoopParams
    runs : int >= 2
    executor : concurrent.futures.Executor or None, see `simulate_ensemble`

    Returns
    -------
    dict of float, keys in the order of ``COLUMNS``

    Raises
    ------
    ValueError, RuntimeError
        As `simulate_ensemble`.
    """
    found = simulate_ensemble(params, runs, executor)
    source = params.source.probabilities()
    limit = np.full(len(source), np.nan)
    if len(params.segments) == 1:
        setting = (params.temperature, params.external_fraction, params.regime)
        limit = settled_from(params.initial.probabilities(), params.source, *setting)
    numbers = [
        *(getattr(params, name) for name in AXES),
        *(getattr(found, name)[level, -1] for name in _MEASURED for level in range(len(LEVELS))),
        found.diversity_mean[-1],
        found.diversity_error[-1],
        np.mean(found.winner == np.argmax(source)),
        np.exp(unchecked_entropy(limit)),
        0.5 * np.abs(limit - source).sum(),
    ]
    return {name: float(number) for name, number in zip(COLUMNS, numbers, strict=True)}


def without_axes(params: LoopParams) -> LoopParams:
    """Return ``params`` with the settings that a grid varies at their defaults: a plan's base."""
    return replace(params, **{name: getattr(LoopParams(), name) for name in AXES})
