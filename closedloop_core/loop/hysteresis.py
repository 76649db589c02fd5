"""Hysteresis: the external share is lowered and raised again, step by step.

Each step starts from the state in which the last one ended: on the way up the loop may come back at
a higher share than the one at which it fell. Next: `closed_forms.drift`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from closedloop_core.checks import numbers, of_kind
from closedloop_core.loop.simulate import simulate
from closedloop_core.measures import Array, is_even
from closedloop_core.settings.laws import Law
from closedloop_core.settings.limits import LIMITS, checked
from closedloop_core.settings.params import LoopParams

SWEEP_SAMPLES = 100_000  # items a generation: little noise, and still a simulation
SWEEP_GENERATIONS = 40  # at each share, most of the time enough to settle


def sweep_external(
    params: LoopParams, external_fractions: Sequence[float], generations_per_step: int
) -> Array:
    """Change the external share step by step, each run starting where the last one ended.

    Parameters
    ----------
    params : LoopParams; regime ``replace`` (a dataset that only grows forgets nothing)
    external_fractions : the shares, in the order in which they are visited
    generations_per_step : int >= 1

    Returns
    -------
    (steps, n) float, the state at the end of each step

    Raises
    ------
    ValueError
        If the regime is not ``replace``, or a share is outside [0, 1].
    TypeError
        If ``params`` is not a LoopParams.

    Examples
    --------
    >>> from closedloop_core import Law, LoopParams, sweep_external
    >>> params = LoopParams(initial=Law.zipf(5), temperature=0.5, regime='replace')
    >>> sweep_external(params, [0.9, 0.1, 0.9], generations_per_step=20).shape  # steps, outcomes
    (3, 5)
    """
    of_kind("params", params, LoopParams, "a LoopParams")
    shares = np.atleast_1d(numbers("external_fractions", external_fractions))
    if shares.ndim != 1:
        raise ValueError(f"external_fractions must be one row, got shape {shares.shape}")
    checked("generations_per_step", generations_per_step, LIMITS["generations"])
    if params.regime != "replace":
        raise ValueError(f"regime must be replace for a sweep, got {params.regime!r}")
    states = np.empty((len(shares), params.initial.n))
    state = params.initial.probabilities()
    for step, fraction in enumerate(shares.tolist()):
        run = params.replace(
            initial=Law.from_weights(state),
            reference=params.source,
            external_fraction=fraction,
            generations=generations_per_step,
            seed=(params.seed + step) % 2**32,
        )
        state = simulate(run).probabilities[-1]
        states[step] = state
    return states


@dataclass(frozen=True)
class Sweep:
    """A simulated experiment: the external share lowered, then raised again.

    Attributes
    ----------
    external_fraction : (steps,) float, in the order in which they were visited
    distance : (steps,) float, total variation to the source at the end of each step
    turn : int, the first step of the way up
    accident : bool, whether at the turn the runner-up was put ahead, as luck seldom does by itself
    """

    external_fraction: Array
    distance: Array
    turn: int
    accident: bool


def run_sweep(source: Law, temperature: float, seed: int) -> Sweep:
    """Lower the external share from 100 % to 0 in steps of 1 %, then raise it again.

    Under ``replace``, with `SWEEP_SAMPLES` items a generation and `SWEEP_GENERATIONS` generations
    a step. Below T = 1, if the source is not even, its second likeliest outcome is put ahead at the
    turn, with 99 % of the data: otherwise the likeliest one would just stay ahead.

    Parameters
    ----------
    source : Law, the start and the external data
    temperature : float in [0.02, 50]
    seed : int in [0, 2^32)

    Returns
    -------
    Sweep of 201 steps

    Raises
    ------
    ValueError
        If an argument is outside its range.
    """
    down, up = np.linspace(1.0, 0.0, 101), np.linspace(0.0, 1.0, 101)
    params = LoopParams(
        initial=source,
        temperature=temperature,
        regime="replace",
        sample_size=SWEEP_SAMPLES,
        seed=seed,
    )
    fallen = sweep_external(params, down.tolist(), SWEEP_GENERATIONS)
    q, turned = source.probabilities(), fallen[-1]
    accident = temperature < 1 and not is_even(q)
    if accident:
        runner_up = int(np.argsort(-q, kind="stable")[1])
        turned = 0.01 * q + 0.99 * np.eye(source.n)[runner_up]
    start = params.replace(
        initial=Law.from_weights(turned), reference=source, seed=(seed + 101) % 2**32
    )
    risen = sweep_external(start, up[1:].tolist(), SWEEP_GENERATIONS)
    states = np.concatenate([fallen, risen])
    distance = 0.5 * np.abs(states - q).sum(axis=1)
    return Sweep(np.concatenate([down, up[1:]]), distance, len(down), accident)
