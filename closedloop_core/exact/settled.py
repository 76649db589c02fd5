"""Where the infinite-sample loop ends (ours).

From the reference the end is solved exactly, along the curve of fixed points (`curve`). From any
other start F is iterated, and Newton's method makes the limit exact. Next: `branches`, all the
other fixed points.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.closed_forms.published import fisher_rao_bound
from closedloop_core.exact.arguments import checked_reference, checked_settings
from closedloop_core.exact.curve import settle
from closedloop_core.exact.stability import is_stable
from closedloop_core.loop.dynamics import image_of, temper
from closedloop_core.measures import Array, check_same_outcomes, checked_distribution
from closedloop_core.settings.laws import Law
from closedloop_core.settings.params import Regime

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
    q = checked_reference(reference)
    states = settle(q, *checked_settings(temperature, external_fraction))
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
    q = checked_reference(reference)
    grid = checked_settings(temperature, external_fraction)
    if start is None:
        return np.asarray(settle(q, *grid, ties_broken=False)[0])
    p = checked_distribution(start, "start")
    if p.ndim != 1:
        raise ValueError(f"start must be one-dimensional, got shape {p.shape}")
    check_same_outcomes(p, q)
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
    p, q = checked_distribution(start, "start"), checked_reference(reference)
    if p.shape == q.shape and np.allclose(p, q, rtol=0.0, atol=1e-12):
        return settled_state(reference, temperature, external_fraction)
    if temperature < 1:
        p = p.copy()
        p[np.argmax(p)] += _PUSH
        p /= p.sum()
        if regime != "replace":
            for _ in range(_SMALL_STEPS):
                p += _SMALL_STEP * (image_of(p, q, temperature, external_fraction) - p)
    return equilibrium(reference, temperature, external_fraction, start=p)


def fisher_rao_share(reference: ArrayLike | Law, temperature: float) -> float:
    """Solve the implicit bound of the Fisher-Rao paper for the external share.

    A sufficient bound, as published (see `published.fisher_rao_bound`); not a threshold.

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
    q = checked_reference(reference)
    if not np.all(q > 0):
        return 1.0
    return float(fisher_rao_line(q, temperature)[0])


def fisher_rao_line(reference: ArrayLike | Law, temperatures: ArrayLike) -> Array:
    """Return `fisher_rao_share` over temperatures.

    Parameters
    ----------
    reference : Law or (n,) float > 0
    temperatures : (m,) float in [0.02, 50]

    Returns
    -------
    (m,) float in (0, 1)

    Raises
    ------
    ValueError
        If an argument is outside its range.
    """
    q, (rows, _) = checked_reference(reference), checked_settings(temperatures, 0.0)
    delta, temperature = float(q.min()), rows[:, None]
    p = np.tile(q, (len(rows), 1))
    for _ in range(200):
        # At such a share F is a strong contraction, and p* hardly answers to the share: both
        # settle together.
        share = fisher_rao_bound(delta, p.min(axis=1), rows)
        p, last = image_of(p, q, temperature, share[:, None]), p
        if np.abs(p - last).max(initial=0.0) <= 1e-15:
            break
    return share


def _flow(start: Array, q: Array, temperature: float, a: float) -> Array:
    """Iterate F from ``start``; polish by Newton once it is near a stable fixed point."""
    if a == 0:
        return _flow_alone(start, temperature)
    if a == 1 or temperature == 1:
        return q
    p = start
    for _ in range(2_000):
        for _ in range(50):
            p, last = image_of(p, q, temperature, a), p
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
        tempered = temper(p, temperature)
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
        np.abs(image_of(p, q, temperature, a) - p).sum() < 1e-12 and is_stable(p, temperature, a)
    ):
        return None
    whole = np.zeros(len(present))
    whole[present] = p / p.sum()
    return whole
