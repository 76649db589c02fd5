"""The chapter "Why results disagree": three regimes at T = 1 and beside it, same seed. Pure."""

from dataclasses import dataclass

import numpy as np

from closedloop_core import Ensemble, LoopParams, hill_number, simulate, simulate_ensemble
from closedloop_core.ensembles.ensemble import LEVELS
from closedloop_core.measures import Array
from closedloop_core.settings.params import Regime
from pages.ui.exports import table_csv
from pages.ui.luck.quantiles import QUANTILES
from pages.ui.pool import InTurn

_BESIDE = 0.7  # the other temperature where the dial stands at 1
_MOST_DRAWN = 120  # points of a curve


@dataclass(frozen=True)
class Curves:
    """Effective outcomes of one regime at one temperature over the generations ``at``.

    ``quantiles`` are (levels, at) over runs; ``single`` is the run with the playground's numbers,
    ``twin`` the loop without sampling noise.
    """

    regime: Regime
    temperature: float
    at: list[int]
    quantiles: Array
    single: Array
    twin: Array

    @property
    def median(self) -> float:
        """The median over runs in the last generation."""
        return float(self.quantiles[len(LEVELS) // 2, -1])


def temperatures(params: LoopParams) -> tuple[float, float]:
    """Return T = 1 and the temperature beside it: the dial's."""
    return 1.0, _BESIDE if params.temperature == 1 else params.temperature


def cases(params: LoopParams) -> list[LoopParams]:
    """Return the six loops, T = 1 first: all but regime and temperature is shared."""
    base = params.at(0).replace(schedule=(), growth=None, noise=True)
    return [
        base.replace(regime=regime, temperature=temperature)
        for temperature in temperatures(params)
        for regime in REGIMES_IN_ORDER
    ]


REGIMES_IN_ORDER: tuple[Regime, ...] = ("replace", "accumulate", "subsample")


def curves_of(params: LoopParams, runs: int) -> Curves:
    """Return `curves` of so many runs; for a worker."""
    return curves(simulate_ensemble(params, runs, InTurn()))


def curves(ensemble: Ensemble) -> Curves:
    """Return what is drawn of one loop."""
    params = ensemble.params
    spaced = np.geomspace(1, params.generations + 1, _MOST_DRAWN) - 1
    at = np.unique(np.round(spaced).astype(np.intp))
    single = simulate(params).learned[at]
    twin = simulate(params.replace(noise=False)).learned[at]
    return Curves(
        regime=params.regime,
        temperature=params.temperature,
        at=at.tolist(),
        quantiles=ensemble.effective[:, at],
        single=hill_number(single, 1),
        twin=hill_number(twin, 1),
    )


def regimes_csv(found: list[Curves]) -> str:
    """Return the curves as CSV: one line a loop and generation."""
    levels = [f"effective_outcomes_{name}" for name in QUANTILES]
    head = ["temperature", "regime", "generation", *levels, "single_run", "no_noise"]
    rows: list[list[object]] = [list(head)]
    for c in found:
        for place, t in enumerate(c.at):
            values = [float(x) for x in c.quantiles[:, place]]
            ends = [float(c.single[place]), float(c.twin[place])]
            rows.append([c.temperature, c.regime, t, *values, *ends])
    return table_csv(rows)
