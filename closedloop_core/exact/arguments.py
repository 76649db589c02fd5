"""The arguments that all exact solutions take, checked once: reference, settings and tolerance."""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.measures import Array, checked_distribution
from closedloop_core.settings.laws import Law
from closedloop_core.settings.limits import LIMITS


def checked_reference(reference: ArrayLike | Law) -> Array:
    """Return the probabilities of a reference, checked.

    Parameters
    ----------
    reference : Law or (n,) float

    Returns
    -------
    (n,) float

    Raises
    ------
    ValueError
        If it is not one law of 2 or more outcomes.
    """
    if isinstance(reference, Law):
        return reference.probabilities()
    q = checked_distribution(reference, "reference")
    if q.ndim != 1 or len(q) < 2:
        raise ValueError(f"reference must hold at least 2 outcomes in one row, got {q.shape}")
    return q


def checked_settings(temperature: ArrayLike, external_fraction: ArrayLike) -> tuple[Array, Array]:
    """Return temperatures and external shares, broadcast to one shape and checked.

    Parameters
    ----------
    temperature : float or (m,) float
    external_fraction : float or (m,) float

    Returns
    -------
    two (m,) float; m = 1 for numbers

    Raises
    ------
    ValueError
        If a value is beyond its limits (``LIMITS``), or the lengths do not fit.
    """
    temperatures = np.atleast_1d(np.asarray(temperature, dtype=np.float64))
    fractions = np.atleast_1d(np.asarray(external_fraction, dtype=np.float64))
    for name, values in (("temperature", temperatures), ("external_fraction", fractions)):
        limit = LIMITS[name]
        inside = (values >= limit.low) & (values <= limit.high)
        if not np.all(inside):
            raise ValueError(f"{name} must be {limit.rule()}, got {values[~inside][0]}")
    both = np.broadcast_arrays(temperatures, fractions)
    return np.array(both[0]), np.array(both[1])


def checked_tolerance(tolerance: float) -> None:
    """Raise ValueError unless a tolerance lies between 0 and 1."""
    if not 0 < tolerance < 1:
        raise ValueError(f"tolerance must lie between 0 and 1, got {tolerance}")
