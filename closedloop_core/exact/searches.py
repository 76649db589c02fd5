"""Two searches for many functions at once: where they reach a value, and where they are highest.

Next: `crest`, the roots of the scalar equation.
"""

from collections.abc import Callable

import numpy as np

from closedloop_core.measures import Array

ENOUGH = 1e-10  # relative to the place: Newton squares it
_GOLDEN = 0.5 * (5**0.5 - 1)


def newton_inside(
    height: Callable[[Array], tuple[Array, Array]],
    target: Array,
    low: Array,
    high: Array,
    enough: float = ENOUGH,
) -> Array:
    """Return where m rising functions reach their targets, (m,), from ``high``.

    ``height`` returns values and slopes, (m,) each.
    """
    place = high.copy()
    for _ in range(120):
        value, slope = height(place)
        below = value < target
        low, high = np.where(below, place, low), np.where(below, high, place)
        with np.errstate(divide="ignore", invalid="ignore"):
            fresh = place + (target - value) / slope
        inside = (fresh >= low) & (fresh <= high)
        fresh = np.where(inside, fresh, 0.5 * (low + high))
        moved = np.abs(fresh - place)
        place = fresh
        if not np.any(moved > enough * (1e-3 + np.abs(place))):
            break
    return place


def golden(height: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """Return where m functions with one top in each bracket have it, (m,), by golden section.

    The top is flat: a place right to the root of a rounding error is right to the error in height.
    """
    inside = [low + part * (high - low) for part in (1.0 - _GOLDEN, _GOLDEN)]
    heights = [height(place) for place in inside]
    for _ in range(50):
        falls = heights[0] > heights[1]
        low, high = np.where(falls, low, inside[0]), np.where(falls, inside[1], high)
        fresh = np.where(falls, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
        tried = height(fresh)
        inside = [np.where(falls, fresh, inside[1]), np.where(falls, inside[0], fresh)]
        heights = [np.where(falls, tried, heights[1]), np.where(falls, heights[0], tried)]
    return 0.5 * (low + high)
