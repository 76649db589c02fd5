"""Hysteresis: the external share lowered and raised again, step by step.

Each run starts where the last one ended. Next: `closed_forms`.
"""

from collections.abc import Sequence

import numpy as np

from closedloop_core.loop.simulate import simulate
from closedloop_core.measures import Array
from closedloop_core.settings.laws import Law
from closedloop_core.settings.params import LoopParams


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
    """
    if params.regime != "replace":
        raise ValueError(f"regime must be replace for a sweep, got {params.regime!r}")
    states = np.empty((len(external_fractions), params.initial.n))
    state = params.initial.probabilities()
    for step, fraction in enumerate(external_fractions):
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
