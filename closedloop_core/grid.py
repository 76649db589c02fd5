"""Many settings stepped together: the runs behind a simulated phase diagram.

An ensemble repeats one loop; here each row of a block is a loop of its own temperature and
external share, so that a map costs its random draws and little else. Next: `equilibria`, where
runs end without running them.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.draws import draw_counts, draw_subsamples
from closedloop_core.dynamics import _image
from closedloop_core.limits import LIMITS
from closedloop_core.measures import Array
from closedloop_core.params import LoopParams, dataset_sizes
from closedloop_core.simulate import _initial_counts, _stream

_PURPOSE = 2  # of the random streams: 0 items and 1 subsamples belong to a single run


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
    runs : int >= 1, of each setting
    stream : int >= 0; calls with another one have other random numbers

    Returns
    -------
    (m, runs, n) float, what the last models have learned; with noise off all runs are the mean
    field

    Raises
    ------
    ValueError
        If an argument is outside its range, the lengths differ, or there is a schedule.

    Notes
    -----
    The loop is that of `simulate`, with random streams of its own.
    """
    settings = _checked(params, temperatures, external_fractions, runs)
    # (m x runs, 1) each: one row a run.
    temperature, fraction = (np.repeat(values, runs)[:, None] for values in settings)
    q, sizes = params.source.probabilities(), dataset_sizes(params)
    replaced = params.regime == "replace"
    subsampled = params.noise and params.regime == "subsample"
    counts = np.tile(_initial_counts(params, subsampled), (len(temperature), 1))
    for t, size in enumerate(sizes):
        rng = _stream(params, t, _PURPOSE, stream)
        learned, items = counts, size
        if subsampled:
            items = min(params.subsample_size, size)
            learned = draw_subsamples(rng, counts, size, items)
        p = learned / items
        if t == params.generations:
            break
        added = sizes[t + 1] - (0 if replaced else size)
        image = _image(p, q, temperature, fraction)
        batch = draw_counts(rng, added, image) if params.noise else added * image
        if replaced:
            counts[...] = batch
        else:
            counts += batch
    return np.asarray(p.reshape(len(settings[0]), runs, -1))


def _checked(
    params: LoopParams, temperatures: ArrayLike, fractions: ArrayLike, runs: int
) -> tuple[Array, Array]:
    rows = np.asarray(temperatures, dtype=np.float64), np.asarray(fractions, dtype=np.float64)
    if rows[0].ndim != 1 or rows[0].shape != rows[1].shape:
        raise ValueError(
            "temperatures and external_fractions must be rows of one length,"
            f" got shapes {rows[0].shape} and {rows[1].shape}"
        )
    for name, values in zip(("temperature", "external_fraction"), rows, strict=True):
        limit = LIMITS[name]
        inside = (values >= limit.low) & (values <= limit.high)
        if not np.all(inside):
            raise ValueError(f"{name} must be {limit.rule()}, got {values[~inside][0]}")
    if isinstance(runs, bool) or not isinstance(runs, int | np.integer) or not runs >= 1:
        raise ValueError(f"runs must be a whole number >= 1, got {runs!r}")
    if params.schedule:
        raise ValueError(f"schedule must be empty for a grid, got {len(params.schedule)} changes")
    return rows
