"""Where the infinite-sample loop ends (ours).

From the reference the end is solved exactly, along the curve of fixed points (`curve`); from any
other start F is iterated and the limit polished. Next: `phases`, which paints these states.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.curve import settle
from closedloop_core.dynamics import _image, _temper
from closedloop_core.laws import Law
from closedloop_core.least import least_external
from closedloop_core.limits import LIMITS
from closedloop_core.measures import Array, _distribution, _same_outcomes
from closedloop_core.params import Regime
from closedloop_core.theory import fisher_rao_bound

_SMALL_STEP, _SMALL_STEPS = 0.05, 400  # twenty e-foldings of the clock s, near any basin's floor
_PUSH = 1e-9  # what breaks a tie: far below any probability that matters, far above rounding


def settled_state(
    reference: ArrayLike | Law, temperature: float, external_fraction: float
) -> Array:
    """Return the stable state of the infinite-sample loop that starts at the reference.

    Where the state reached from exactly the reference is unstable (ties at the top of q below
    T = 1), this is the state after an infinitesimal push: the tied outcome of lowest index wins.

    Parameters
    ----------
    reference : Law or (n,) float, law q of the external data and of the start
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]; at T = 1 without external data every state stays, so q is
        returned

    Returns
    -------
    (n,) float

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours (reduction of the fixed points to a scalar equation; proved for the mean field).
    """
    q = _reference(reference)
    states = settle(q, *_checked_grid(temperature, external_fraction))
    return np.asarray(states[0])


def equilibrium(
    reference: ArrayLike | Law,
    temperature: float,
    external_fraction: float,
    start: ArrayLike | None = None,
) -> Array:
    """Return where the infinite-sample loop goes from exactly ``start``, stable or not.

    Parameters
    ----------
    reference : Law or (n,) float, law q of the external data
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]
    start : (n,) float; None: the reference

    Returns
    -------
    (n,) float, the limit of p -> F(p)

    Raises
    ------
    ValueError
        If an argument is outside its range, or the numbers of outcomes differ.

    Notes
    -----
    Source: ours. From the reference it is solved (ties stay tied); from elsewhere F is iterated
    and the limit polished by Newton's method.
    """
    q = _reference(reference)
    grid = _checked_grid(temperature, external_fraction)
    if start is None:
        return np.asarray(settle(q, *grid, ties_broken=False)[0])
    p = _distribution(start, "start")
    if p.ndim != 1:
        raise ValueError(f"start must be one-dimensional, got shape {p.shape}")
    _same_outcomes(p, q)
    return _flow(p, q, temperature, external_fraction)


def settled_from(
    start: ArrayLike,
    reference: ArrayLike | Law,
    temperature: float,
    external_fraction: float,
    regime: Regime = "replace",
) -> Array:
    """Return the stable state of the infinite-sample loop that starts at ``start``.

    As `equilibrium`, but an exact tie is broken by an infinitesimal push: below T = 1 the tied
    leader of lowest index wins. Where several states are stable, the steps matter: ``replace``
    takes whole ones; where data accumulate they shrink, and dp/ds = F(p) - p decides.

    Parameters
    ----------
    start : (n,) float
    reference : Law or (n,) float, law q of the external data
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]
    regime : "accumulate", "replace" or "subsample"

    Returns
    -------
    (n,) float

    Raises
    ------
    ValueError
        If an argument is outside its range, or the numbers of outcomes differ.

    Notes
    -----
    Source: ours.
    """
    p, q = _distribution(start, "start"), _reference(reference)
    if p.shape == q.shape and np.allclose(p, q, rtol=0.0, atol=1e-12):
        return settled_state(reference, temperature, external_fraction)
    if temperature < 1:
        p = p.copy()
        p[np.argmax(p)] += _PUSH
        p /= p.sum()
        if regime != "replace":
            for _ in range(_SMALL_STEPS):
                p += _SMALL_STEP * (_image(p, q, temperature, external_fraction) - p)
    return equilibrium(reference, temperature, external_fraction, start=p)


def minimum_external_fraction(
    reference: ArrayLike | Law, temperature: float, tolerance: float = 0.1
) -> float:
    """Return a_min: the least external share from which on the settled state is within tolerance.

    "Faithful" and "a >= a_min" are one statement. For an even law it is 1 - T from three outcomes
    on; for two, which part gently, a little less.

    Parameters
    ----------
    reference : Law or (n,) float
    temperature : float in [0.02, 50]
    tolerance : float in (0, 1), the largest total variation called faithful

    Returns
    -------
    float in [0, 1); 0.0 at T = 1

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours. Total variation falls with a (conjecture, no counterexample), so there is one
    such share.
    """
    return float(tolerance_contour(reference, temperature, tolerance)[0])


def tolerance_contour(
    reference: ArrayLike | Law, temperatures: ArrayLike, tolerance: float = 0.1
) -> Array:
    """Return `minimum_external_fraction` over temperatures: the boundary of the faithful region.

    Parameters
    ----------
    reference : Law or (n,) float
    temperatures : (m,) float
    tolerance : float in (0, 1)

    Returns
    -------
    (m,) float in [0, 1)

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours; that total variation falls with the share is a conjecture.
    """
    checked_tolerance(tolerance)
    q, (rows, _) = _reference(reference), _checked_grid(temperatures, 0.0)
    return least_external(q, rows, tolerance)


def fisher_rao_share(reference: ArrayLike | Law, temperature: float) -> float:
    """Solve the implicit bound of the Fisher-Rao paper for the external share.

    A sufficient bound, as published (see `theory.fisher_rao_bound`); not a threshold.

    Parameters
    ----------
    reference : Law or (n,) float
    temperature : float in [0.02, 50]

    Returns
    -------
    float in (0, 1]: the share a that is the bound of its own equilibrium; 1.0 where an entry of
        the reference is 0

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: Marchi, Silvestre, Gharesifard, Tabuada, Theorem 1; solved by iteration (ours).
    """
    q = _reference(reference)
    if not np.all(q > 0):
        return 1.0
    return float(fisher_rao_line(q, temperature)[0])


def fisher_rao_line(reference: ArrayLike | Law, temperatures: ArrayLike) -> Array:
    """Return `fisher_rao_share` over temperatures, (m,); the reference must be positive."""
    q, (rows, _) = _reference(reference), _checked_grid(temperatures, 0.0)
    delta, temperature = float(q.min()), rows[:, None]
    p = np.tile(q, (len(rows), 1))
    for _ in range(200):
        # At such a share F is a strong contraction, and p* hardly answers to the share: both
        # settle together.
        share = fisher_rao_bound(delta, p.min(axis=1), rows)
        p, last = _image(p, q, temperature, share[:, None]), p
        if np.abs(p - last).max(initial=0.0) <= 1e-15:
            break
    return share


def _reference(reference: ArrayLike | Law) -> Array:
    if isinstance(reference, Law):
        return reference.probabilities()
    q = _distribution(reference, "reference")
    if q.ndim != 1 or len(q) < 2:
        raise ValueError(f"reference must hold at least 2 outcomes in one row, got {q.shape}")
    return q


def _checked_grid(temperature: ArrayLike, external_fraction: ArrayLike) -> tuple[Array, Array]:
    """Return both as equally long rows, each value inside its limits."""
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


def _flow(start: Array, q: Array, temperature: float, a: float) -> Array:
    """Iterate F from ``start``; polish by Newton once it is near a stable fixed point."""
    if a == 0:
        return _flow_alone(start, temperature)
    if a == 1 or temperature == 1:
        return q
    p = start
    for _ in range(2_000):
        for _ in range(50):
            p, last = _image(p, q, temperature, a), p
        if np.abs(p - last).sum() <= 1e-15:
            return p
        polished = _newton(p, q, temperature, a)
        if polished is not None and np.abs(polished - p).sum() < 0.05:
            return polished
    return p


def _flow_alone(start: Array, temperature: float) -> Array:
    """Return the limit of E_{T^t}(start): uniform on the leaders (T < 1) or the support."""
    if temperature == 1:
        return start
    winners = (start == start.max()) if temperature < 1 else (start > 0)
    return np.asarray(winners / winners.sum())


def _newton(p: Array, q: Array, temperature: float, a: float) -> Array | None:
    """Return the stable fixed point next to ``p``, or None if Newton does not find one."""
    present = p > 0
    p, q = p[present], q[present]
    for _ in range(12):
        tempered = _temper(p, temperature)
        residual = (1 - a) * tempered + a * q - p
        d = (1 - a) / temperature * tempered / p
        # (I - J) x = residual with J = diag(d) - e d^T: diagonal and one rank, O(n).
        diagonal = 1.0 - d
        if np.any(np.abs(diagonal) < 1e-12):
            return None
        plain, along = residual / diagonal, tempered / diagonal
        x = plain - along * (d @ plain) / (1.0 + d @ along)
        p = p + x
        if not np.all(p > 0):
            return None
        if np.abs(x).sum() < 1e-15:
            break
    if not (
        np.abs(_image(p, q, temperature, a) - p).sum() < 1e-12 and _is_stable(p, temperature, a)
    ):
        return None
    whole = np.zeros(len(present))
    whole[present] = p / p.sum()
    return whole


def _is_stable(p: Array, temperature: float, a: float) -> bool:
    """Test lambda_max < 1 without roots: no d_i >= 1, or one and sum e_i / (d_i - 1) > 0 (ours)."""
    tempered = _temper(p, temperature)
    d = (1 - a) / temperature * tempered / p
    above = np.count_nonzero(d >= 1)
    if above == 0:
        return True
    return bool(above == 1 and (tempered / (d - 1.0)).sum() > 0)
