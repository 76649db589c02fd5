"""Simulated x, theory y: what one run, or many, should show wherever theory gives a number.

`agreements` compares one run, `evidence` an ensemble, whose means have a known error. This module
alone imports both the simulation and the closed forms.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from closedloop_core.checks import of_kind
from closedloop_core.closed_forms.drift import (
    MAX_CHAIN_WORK,
    expected_diversity_accumulate,
    expected_diversity_replace,
    mean_field_replace,
    mean_time_to_one,
    stationary_concentration,
    takeover_by,
)
from closedloop_core.closed_forms.noise import stationary_covariance
from closedloop_core.closed_forms.urn import rubin_odds
from closedloop_core.ensembles.ensemble import Ensemble
from closedloop_core.exact.settled import settled_from
from closedloop_core.exact.stability import leading_eigenvalue
from closedloop_core.exact.summary import settled_after
from closedloop_core.loop.simulate import Trajectory, simulate
from closedloop_core.measures import Array, shannon_entropy, total_variation
from closedloop_core.settings.params import LoopParams

MAX_LINEAR = 200  # outcomes; the time of `resting_spread` grows with their cube
_MAX_RUBIN = (100, 10_000)  # outcomes and original items

Kind = Literal["exact", "mean", "limit", "diffusion", "linear", "infinite", "end"]


@dataclass(frozen=True)
class Comparison:
    """One number of a run or an ensemble beside its theory.

    Attributes
    ----------
    words : what the number is
    simulated : float
    theory : float
    kind : what theory gives. ``exact``: the number itself. ``mean``: the mean over many runs, from
        which a single one may differ. ``limit``: where the run ends without noise and after
        endless time. ``diffusion``: the limit of many samples. ``linear``: noise to first order
        (many samples too). ``infinite``: the loop with infinite samples, from which a median may
        differ. ``end``: what holds after endless time.
    error : float, the standard error of ``simulated``; NaN for a single run, which has none
    """

    words: str
    simulated: float
    theory: float
    kind: Kind
    error: float = math.nan


Agreement = Comparison
Evidence = Comparison


def agreements(run: Trajectory) -> list[Comparison]:
    """Return every number of ``run`` that theory gives; possibly none.

    Parameters
    ----------
    run : Trajectory

    Returns
    -------
    list of Comparison

    Raises
    ------
    TypeError
        If ``run`` is not a Trajectory.

    Examples
    --------
    >>> from closedloop_core import Law, LoopParams, agreements, simulate
    >>> found = agreements(simulate(LoopParams(initial=Law.zipf(5), temperature=1.0)))
    >>> len(found) > 0
    True
    """
    params = of_kind("run", run, Trajectory, "a Trajectory").params
    if len(params.segments) > 1:
        return [_distance_at_the_end(run)]  # no closed form covers interventions
    started_at_source = params.reference is None or params.reference == params.initial
    found = []
    if params.temperature == 1 and params.growth is None and params.noise:
        found += _at_temperature_one(run)
    if params.regime == "replace" and params.external_fraction == 0 and not params.noise:
        found.append(_largest_share(run))
    if started_at_source and params.temperature != 1:
        found.append(_distance_at_the_end(run))
    return found


def _at_temperature_one(run: Trajectory) -> list[Comparison]:
    params, p = run.params, run.params.initial.probabilities()
    diversity = float(1 - (run.probabilities[-1] ** 2).sum())
    words = f"1 - sum p^2 after {params.generations:,} generations"
    if params.external_fraction == 0 and params.regime == "replace":
        theory = expected_diversity_replace(p, params.sample_size, params.generations)
        return [Comparison(words, diversity, theory, "mean")]
    if params.external_fraction == 0 and params.regime == "accumulate":
        sizes = params.sample_size, params.initial_size
        theory = expected_diversity_accumulate(p, *sizes, params.generations)
        return [Comparison(words, diversity, theory, "mean")]
    if params.regime == "replace":
        late = run.probabilities[len(run.probabilities) // 2 :]
        theory = stationary_concentration(
            params.source.probabilities(), params.external_fraction, params.sample_size
        )
        words = "sum p^2, mean over the second half"
        return [Comparison(words, float((late**2).sum(axis=1).mean()), theory, "mean")]
    return []


def _largest_share(run: Trajectory) -> Comparison:
    params = run.params
    # An early generation: later on, simulation and theory are both settled and agree anyway.
    t = min(params.generations, 3)
    theory = mean_field_replace(params.initial.probabilities(), params.temperature, t)
    simulated, words = float(run.probabilities[t].max()), f"largest share after {t} generations"
    return Comparison(words, simulated, float(theory.max()), "exact")


def _distance_at_the_end(run: Trajectory) -> Comparison:
    last, q = run.params.segments[-1][1], run.params.source.probabilities()
    simulated = float(total_variation(run.probabilities[-1], q))
    words = f"distance to the source after {last.generations:,} generations"
    return Comparison(words, simulated, float(total_variation(settled_after(run), q)), "limit")


def lasting(params: LoopParams) -> bool:
    """Say whether the settings stay the same from start to end, with noise and without growth."""
    return params.noise and params.growth is None and len(params.segments) == 1


def pure_luck(params: LoopParams) -> bool:
    """Say whether nothing but luck moves the loop: `lasting`, T = 1, no external data."""
    return lasting(params) and params.temperature == 1 and params.external_fraction == 0


def winning_odds(ensemble: Ensemble) -> tuple[Array, Array, Array | None]:
    """Return each outcome's odds: simulated, their standard errors, and theory's or None.

    Where runs end with one outcome by luck alone (``replace``, T = 1, no external data), runs that
    have not ended yet count for each outcome with its share: that is its chance from there on.
    Elsewhere the winner is the most frequent outcome of the last generation; for ``accumulate``,
    one item at a time and T < 1, theory gives the odds of taking all in the end.

    Parameters
    ----------
    ensemble : Ensemble

    Returns
    -------
    simulated, errors : (n,) float
    theory : (n,) float, or None where none is known

    Notes
    -----
    Source: Wright-Fisher drift, Rubin's embedding (classical; proved: docs/theory.md, sections 2.4
    and 2.5).
    """
    params, runs = ensemble.params, ensemble.runs
    if pure_luck(params) and params.regime == "replace":
        shares = ensemble.final
        errors = shares.std(axis=0, ddof=1) / np.sqrt(runs)
        return shares.mean(axis=0), errors, params.initial.probabilities()
    odds = np.bincount(ensemble.winner, minlength=params.initial.n) / runs
    return odds, np.sqrt(odds * (1.0 - odds) / runs), _rubin(params)


def _rubin(params: LoopParams) -> Array | None:
    """Return the odds of taking all in the end, (n,), if Rubin's theorem gives them; else None."""
    alone = lasting(params) and params.external_fraction == 0 and params.temperature < 1
    urn = params.regime == "accumulate" and params.sample_size == 1
    if not (alone and urn) or params.initial.n > _MAX_RUBIN[0]:
        return None
    if params.initial_size > _MAX_RUBIN[1]:
        return None
    return rubin_odds(params.initial.probabilities(), params.initial_size, params.temperature)


def frozen_concentration(params: LoopParams) -> float:
    """Return the concentration c of the Dirichlet law that spreads like the last generation.

    For ``accumulate`` at T = 1 without external data: Var p_i = p_0i (1 - p_0i) / (1 + c). With one
    item a generation, and after endless time, that law is exact, and c is the original size.

    Parameters
    ----------
    params : LoopParams, of which the sizes and the generations are read

    Returns
    -------
    float > 0

    Notes
    -----
    Source: generalised Polya urn (proved: docs/theory.md, section 2.4; for k > 1 the form of the
    law is an approximation).
    """
    p, sizes = np.array([0.5, 0.5]), (params.sample_size, params.initial_size)
    kept = 2.0 * expected_diversity_accumulate(p, *sizes, params.generations)
    return kept / (1.0 - kept)


def evidence(ensemble: Ensemble) -> list[Comparison]:
    """Return every number of ``ensemble`` that theory gives; possibly none.

    Parameters
    ----------
    ensemble : Ensemble

    Returns
    -------
    list of Comparison

    Raises
    ------
    TypeError
        If ``ensemble`` is not an Ensemble.

    Examples
    --------
    >>> from closedloop_core import Law, LoopParams, evidence, simulate_ensemble
    >>> params = LoopParams(initial=Law.uniform(2), temperature=1.0, regime='replace')
    >>> len(evidence(simulate_ensemble(params, runs=50))) > 0
    True
    """
    params = of_kind("ensemble", ensemble, Ensemble, "an Ensemble").params
    if not params.noise:
        return []
    found: list[Comparison] = []
    if lasting(params) and params.temperature == 1 and params.regime != "subsample":
        found += _winners(ensemble) + _diversities(ensemble)
    if pure_luck(params) and params.regime == "replace":
        found += _takeovers(ensemble)
    rubin = _rubin(params)
    if rubin is not None:
        leader = int(rubin.argmax())
        leads = (ensemble.winner == leader).astype(np.float64)
        words = f"{_name(params, leader)} leads"
        found.append(_mean(words, leads, float(rubin[leader]), "end"))
    if params.temperature != 1 or len(params.segments) > 1:
        found += _infinite_samples(ensemble)
    spread = resting_spread(ensemble)
    return found if spread is None else [*found, spread]


def _winners(ensemble: Ensemble) -> list[Comparison]:
    """Compare mean final shares: without external data they are the odds, and stay."""
    params = ensemble.params
    if params.external_fraction > 0:
        return []
    p = params.initial.probabilities()
    present = np.flatnonzero(p)
    ends = sorted({int(p.argmax()), int(present[p[present].argmin()])}, key=lambda i: -p[i])
    wins = "{} wins" if params.regime == "replace" else "Mean final share of {}"
    return [
        _mean(wins.format(_name(params, i)), ensemble.final[:, i], float(p[i]), "exact")
        for i in ends
    ]


def _diversities(ensemble: Ensemble) -> list[Comparison]:
    params = ensemble.params
    if params.external_fraction > 0 and params.regime != "replace":
        return []
    p, q, k = params.initial.probabilities(), params.source.probabilities(), params.sample_size
    found = []
    for t in sorted({max(1, params.generations // 8), max(1, params.generations // 2)}):
        if params.regime == "replace":
            theory = expected_diversity_replace(p, k, t, q, params.external_fraction)
        else:
            theory = expected_diversity_accumulate(p, k, params.initial_size, t)
        simulated, error = float(ensemble.diversity_mean[t]), float(ensemble.diversity_error[t])
        words = f"Diversity 1 − Σp², generation {t:,}"
        found.append(Comparison(words, simulated, theory, "exact", error))
    return found


def _takeovers(ensemble: Ensemble) -> list[Comparison]:
    params, p = ensemble.params, ensemble.params.initial.probabilities()
    last, times = params.generations, ensemble.time_to(1)
    found, ended = [], np.isfinite(times)
    if (params.sample_size + 1) ** 2 * last <= MAX_CHAIN_WORK:
        by = takeover_by(p, params.sample_size, last)
        words = f"One outcome left by generation {last:,}"
        found.append(_mean(words, ended.astype(np.float64), float(by[-1]), "exact"))
        words = f"Mean generations to one (at most {last:,})"
        cut = np.minimum(times, last)
        found.append(_mean(words, cut, float((1.0 - by[:-1]).sum()), "exact"))
    if ended.all():
        theory = mean_time_to_one(p, params.sample_size)
        found.append(_mean("Mean generations to one outcome", times, theory, "diffusion"))
    return found


def _infinite_samples(ensemble: Ensemble) -> list[Comparison]:
    params = ensemble.params
    twin, q = simulate(params.replace(noise=False)).learned[-1], params.source.probabilities()
    rows = (
        ("Effective outcomes", ensemble.effective, float(np.exp(shannon_entropy(twin)))),
        ("Distance to the source", ensemble.distance, float(total_variation(twin, q))),
    )
    return [
        Comparison(
            f"{words}, median at {params.generations:,}",
            float(levels[2, -1]),
            theory,
            "infinite",
            # The standard error of a median, for normal values with these quartiles.
            1.2533 * float(levels[3, -1] - levels[1, -1]) / 1.349 / np.sqrt(ensemble.runs),
        )
        for words, levels, theory in rows
    ]


def resting_spread(ensemble: Ensemble) -> Comparison | None:
    """Compare how far runs are from the stable state with what small noise predicts.

    Parameters
    ----------
    ensemble : Ensemble

    Returns
    -------
    Comparison of root mean square distances (Euclidean), kind "linear"; None where runs do not come
    to rest around a state: without noise or external data, where data accumulate, where settings
    change, or where the slowest perturbation has not died away at the end

    Notes
    -----
    Source: linear noise (checked numerically), see `stationary_covariance`.
    """
    params, n = ensemble.params, ensemble.params.initial.n
    if not lasting(params) or params.regime != "replace" or n > MAX_LINEAR:
        return None
    if params.external_fraction == 0:
        return None
    setting = (params.source, params.temperature, params.external_fraction)
    state = settled_from(params.initial.probabilities(), *setting)
    # The slowest perturbation must have died away, and every outcome be present.
    rate = leading_eigenvalue(state, *setting)
    if not (rate < 1 and rate**params.generations < 1e-3 and state.min() > 0):
        return None
    q, (_, temperature, external) = params.source.probabilities(), setting
    covariance = stationary_covariance(state, q, temperature, external, params.sample_size)
    squares = ((ensemble.final - state) ** 2).sum(axis=1)
    mean, error = float(squares.mean()), float(squares.std(ddof=1) / np.sqrt(ensemble.runs))
    theory = float(np.sqrt(np.trace(covariance)))
    words = "Spread √(mean squared distance) around the resting point"
    return Comparison(words, np.sqrt(mean), theory, "linear", error / (2.0 * np.sqrt(mean)))


def _mean(words: str, values: Array, theory: float, kind: Kind) -> Comparison:
    error = float(values.std(ddof=1) / np.sqrt(len(values)))
    return Comparison(words, float(values.mean()), theory, kind, error)


def _name(params: LoopParams, index: int) -> str:
    labels = params.initial.labels
    return f"Outcome {index + 1}" if labels is None else labels[index]
