"""Two outcomes: the potential as a curve over the share of A, and a ball that rolls in it (ours).

Below T = 1 with little external data the curve has two wells. The *wrong* one lies on the side of
the outcome that the source does not favour, and vanishes when there are enough external data.
Next: `cuts`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from closedloop_core.exact.arguments import checked_settings
from closedloop_core.exact.landscape import Landscape
from closedloop_core.exact.stability import free_energy
from closedloop_core.exact.thresholds import collapse_threshold
from closedloop_core.loop.dynamics import image_of
from closedloop_core.measures import Array

_END = 1e-4  # a share: how far from the ends the curve is read where it is infinite there
_POINTS = 2001  # of the flow; its zeros between them are right to about 1e-5


def well_potential(
    landscape: Landscape, x: ArrayLike, external_fraction: float
) -> NDArray[np.float32]:
    """Return V at another external share, in nats; just inside the ends, where it is infinite.

    Parameters
    ----------
    landscape : Landscape of two outcomes
    x : (m,) float in [0, 1], shares of A
    external_fraction : float in [0, 1]

    Returns
    -------
    (m,) float32

    Raises
    ------
    ValueError
        If the landscape does not have two outcomes, or an argument is outside its range.
    """
    _check_two(landscape)
    share = np.asarray(x, dtype=np.float64)
    inside = np.clip(share, _END, 1.0 - _END) if external_fraction > 0 else share
    setting = (landscape.q, landscape.temperature, external_fraction)
    return np.asarray(-free_energy(_states(inside), *setting), dtype=np.float32)


def vanishing_share(landscape: Landscape) -> float | None:
    """Return the external share at which the wrong well vanishes; None from T = 1 on.

    Raises ValueError if the landscape does not have two outcomes. Source: `collapse_threshold`.
    """
    _check_two(landscape)
    if landscape.temperature >= 1:
        return None
    other = int(landscape.q[1] <= landscape.q[0])
    return float(collapse_threshold(landscape.q, landscape.temperature, other))


def resting_place(landscape: Landscape, start: float, external_fraction: float) -> float:
    """Return where a ball comes to rest at another external share: the next zero of the flow.

    Parameters
    ----------
    landscape : Landscape of two outcomes
    start : float in [0, 1], the share of A at which it is let go
    external_fraction : float in [0, 1]

    Returns
    -------
    float in [0, 1], the share of A, to about 1e-5; ``start`` itself where nothing flows

    Raises
    ------
    ValueError
        If the landscape does not have two outcomes, or an argument is outside its range.
    """
    _check_two(landscape)
    checked_settings(landscape.temperature, external_fraction)
    if not 0 <= start <= 1:
        raise ValueError(f"start must lie in [0, 1], got {start}")
    grid = np.linspace(0.0, 1.0, _POINTS)
    points = _states(grid)
    image = image_of(points, landscape.q, landscape.temperature, external_fraction)
    flow = (image - points)[:, 0]
    here = float(np.interp(start, grid, flow))
    if abs(here) < 1e-12:
        return start
    side = grid > start if here > 0 else grid < start
    path, speed = (grid[side], flow[side]) if here > 0 else (grid[side][::-1], flow[side][::-1])
    # There is one: at the ends of the grid the flow does not point outwards.
    at = int(np.flatnonzero(speed * np.sign(here) <= 0)[0])
    if at == 0:
        return float(path[0])
    share = speed[at - 1] / (speed[at - 1] - speed[at])
    return float(path[at - 1] + share * (path[at] - path[at - 1]))


def is_wrong_side(landscape: Landscape, x: float) -> bool:
    """Say whether a ball at share ``x`` of A is on the side that the source does not favour.

    Never from T = 1 on, nor where both outcomes are equally likely. Raises ValueError if the
    landscape does not have two outcomes.
    """
    _check_two(landscape)
    if landscape.q[0] == landscape.q[1] or landscape.temperature >= 1:
        return False
    return bool((x > 0.5) != (landscape.q[0] > 0.5))


def _states(share: Array) -> Array:
    """Return the states with these shares of A, (m, 2)."""
    return np.stack([share, 1.0 - share], axis=-1)


def _check_two(landscape: Landscape) -> None:
    if len(landscape.q) != 2:
        raise ValueError(f"landscape must have two outcomes, got {len(landscape.q)}")
