"""The arguments that all exact solutions take, checked once: reference, settings and tolerance."""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.checks import numbers, one_number, short_number
from closedloop_core.measures import Array, checked_distribution
from closedloop_core.settings.laws import Law
from closedloop_core.settings.limits import LIMITS, checked


def checked_reference(reference: ArrayLike | Law) -> Array:
    """Return the probabilities of a reference, checked.

    Parameters
    ----------
    reference : Law or (n,) float

    Returns
    -------
    (n,) float, an array of its own

    Raises
    ------
    ValueError
        If it is not one law of 2 or more outcomes.
    """
    if isinstance(reference, Law):
        return reference.probabilities().copy()
    q = checked_distribution(reference, "reference")
    if q.ndim != 1 or len(q) < 2:
        raise ValueError(f"reference must hold at least 2 outcomes in one row, got {q.shape}")
    return q.copy()


def checked_state(state: ArrayLike, name: str) -> Array:
    """Return one state as (n,) float; ValueError unless it is one row on the simplex."""
    p = checked_distribution(state, name)
    if p.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, got shape {p.shape}")
    return p


def checked_setting(temperature: float, external_fraction: float = 0.0) -> tuple[float, float]:
    """Return one temperature and one share; ValueError unless each is one number in its limits."""
    return checked("temperature", temperature), checked("external_fraction", external_fraction)


def checked_settings(temperature: ArrayLike, external_fraction: ArrayLike) -> tuple[Array, Array]:
    """Return temperatures and external shares, broadcast to one shape and checked.

    Parameters
    ----------
    temperature : float or (m,) float
    external_fraction : float or (m,) float

    Returns
    -------
    two (m,) float, arrays of their own; m = 1 for numbers

    Raises
    ------
    ValueError
        If a value is beyond its limits (``LIMITS``), or the lengths do not fit.
    """
    rows = []
    for name, given in (("temperature", temperature), ("external_fraction", external_fraction)):
        values, limit = np.atleast_1d(numbers(name, given)), LIMITS[name]
        if values.ndim != 1:
            raise ValueError(f"{name} must be one number or one row, got shape {values.shape}")
        inside = (values >= limit.low) & (values <= limit.high)
        if not np.all(inside):
            bad = short_number(float(values[~inside][0]))
            raise ValueError(f"{name} must be {limit.rule()}, got {bad}")
        rows.append(values)
    if 1 not in (len(rows[0]), len(rows[1])) and len(rows[0]) != len(rows[1]):
        raise ValueError(
            "temperature and external_fraction must be equally many,"
            f" got {len(rows[0])} and {len(rows[1])}"
        )
    both = np.broadcast_arrays(*rows)
    return np.array(both[0]), np.array(both[1])


def checked_tolerance(tolerance: float) -> float:
    """Return a tolerance; ValueError unless it is one number between 0 and 1."""
    found = one_number("tolerance", tolerance)
    if not 0 < found < 1:
        raise ValueError(f"tolerance must lie between 0 and 1, got {short_number(tolerance)}")
    return found
