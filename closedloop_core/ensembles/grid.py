"""Many settings stepped together: the runs behind a simulated phase diagram.

An ensemble repeats one loop; here each row of a block is a loop of its own temperature and
external share, so that a map takes little longer than its random draws. Next: `plan`.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from closedloop_core.checks import numbers, of_kind, one_number
from closedloop_core.ensembles.ensemble import checked_runs
from closedloop_core.exact.arguments import checked_settings
from closedloop_core.loop.draws import draw_counts, random_stream
from closedloop_core.loop.dynamics import image_of
from closedloop_core.loop.regimes import (
    Counts,
    generations,
    initial_counts,
    is_subsampled,
    last_of,
)
from closedloop_core.measures import Array
from closedloop_core.settings.params import LoopParams

_PURPOSE = 2  # part of the key of random numbers; `simulate` uses none for items, 1 for samples


def simulate_grid(
    params: LoopParams,
    temperatures: ArrayLike,
    external_fractions: ArrayLike,
    runs: int,
    stream: int = 0,
) -> Array:
    """Run each setting ``runs`` times, independently, and return where the runs end.

    Parameters
    ----------
    params : LoopParams without a schedule; everything but temperature and external share
    temperatures, external_fractions : (m,) float within their limits, the settings
    runs : int >= 1, of each setting; settings x runs x outcomes at most 200 million, 1.6 GB
    stream : int in [0, 2^64), part of the key of the random numbers: another one, other numbers

    Returns
    -------
    (m, runs, n) float, what the last models have learned; with noise off all runs are the mean
    field

    Raises
    ------
    ValueError
        If an argument is outside its range, the lengths differ, or there is a schedule.
    TypeError
        If ``params`` is not a LoopParams.

    Notes
    -----
    The loop is that of `simulate`, with random streams of its own.

    Examples
    --------
    >>> from closedloop_core import Law, LoopParams, simulate_grid
    >>> params = LoopParams(initial=Law.zipf(5), sample_size=10, generations=3)
    >>> simulate_grid(params, [0.5, 2.0], [0.0, 0.3], runs=4).shape  # points, runs, outcomes
    (2, 4, 5)
    """
    of_kind("params", params, LoopParams, "a LoopParams")
    settings = _checked_points(params, temperatures, external_fractions)
    runs = checked_runs(runs, 1, max(1, len(settings[0])) * params.initial.n)
    stream = int(one_number("stream", stream, 0, 2**64 - 1, whole=True))
    # (m x runs, 1) each: one row a run.
    temperature, fraction = (np.repeat(values, runs)[:, None] for values in settings)
    q = params.source.probabilities()
    dataset = Counts(np.tile(initial_counts(params, is_subsampled(params)), (len(temperature), 1)))
    # One generator a generation: first it draws what is learned from, then the batch.
    rng = lru_cache(maxsize=1)(lambda t: random_stream(params, t, _PURPOSE, stream))

    def learn(t: int, data: Counts, items: int) -> Array:
        return data.items / items

    def write(t: int, p: Array, items: int) -> NDArray[Any]:
        image = image_of(p, q, temperature, fraction)
        return draw_counts(rng(t), items, image) if params.noise else items * image

    p = last_of(generations(params, dataset, learn, write, rng))
    assert p is not None  # it never stops early
    return p.reshape(len(settings[0]), runs, -1)


def _checked_points(
    params: LoopParams, temperatures: ArrayLike, fractions: ArrayLike
) -> tuple[Array, Array]:
    rows = numbers("temperatures", temperatures), numbers("external_fractions", fractions)
    if rows[0].ndim != 1 or rows[0].shape != rows[1].shape:
        raise ValueError(
            "temperatures and external_fractions must be rows of one length,"
            f" got shapes {rows[0].shape} and {rows[1].shape}"
        )
    rows = checked_settings(*rows)
    if params.schedule:
        raise ValueError(f"schedule must be empty for a grid, got {len(params.schedule)} changes")
    return rows
