"""Where the infinite-sample loop ends (ours).

From the reference the end is solved exactly, along the curve of fixed points (`crossings`). From
any other start F is iterated until its limit is sure (`flow`). Next: `branches`, all the other
fixed points.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.closed_forms.published import fisher_rao_bound
from closedloop_core.exact.above import hot_state
from closedloop_core.exact.arguments import (
    checked_reference,
    checked_setting,
    checked_settings,
    checked_state,
)
from closedloop_core.exact.crossings import settle
from closedloop_core.exact.flow import limit_from, near_limit
from closedloop_core.exact.stability import is_stable
from closedloop_core.loop.dynamics import image_of, temper
from closedloop_core.measures import Array, check_same_outcomes, largest, total
from closedloop_core.quoting import quoted
from closedloop_core.settings.laws import Law
from closedloop_core.settings.params import REGIMES, Regime

_SMALL_STEP = 0.05  # of the clock s
_SMALL_STEPS = (20, 40, 80, 260)  # between looks for the limit; twenty e-foldings, near any floor
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
    Source: ours: the fixed points are those of a scalar equation, and the run from the source ends
    at the first one (proved for the mean field: docs/theory.md, sections 3.3 and 3.5).

    Examples
    --------
    >>> from closedloop_core import Law, settled_state
    >>> settled_state(Law.zipf(3), temperature=0.5, external_fraction=0.0).round(6)
    array([1., 0., 0.])
    """
    q, setting = checked_reference(reference), checked_setting(temperature, external_fraction)
    return _from_source(q, *setting, ties_broken=True)


def equilibrium(
    reference: ArrayLike | Law,
    temperature: float,
    external_fraction: float,
    start: ArrayLike | None = None,
    regime: Regime = "replace",
) -> Array:
    """Return where the infinite-sample loop goes from exactly ``start``, stable or not.

    Parameters
    ----------
    reference : Law or (n,) float, law q of the external data
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]
    start : (n,) float; None: the reference
    regime : "accumulate", "replace" or "subsample"; where several states are stable the steps
        matter, see `settled_from`

    Returns
    -------
    (n,) float, the limit of p -> F(p), or of dp/ds = F(p) - p where data accumulate

    Raises
    ------
    ValueError
        If an argument is outside its range, or the numbers of outcomes differ.

    Notes
    -----
    Source: ours. From the reference it is solved (ties stay tied); from elsewhere F is iterated
    until a stable state is near enough to be sure of, and that is solved (see `flow`).

    Examples
    --------
    >>> from closedloop_core import equilibrium
    >>> equilibrium([0.5, 0.5], 2.0, 0.0, start=[0.9, 0.1]).round(6)  # heat death
    array([0.5, 0.5])
    """
    q, setting = checked_reference(reference), checked_setting(temperature, external_fraction)
    regime = _checked_regime(regime)
    if start is None:
        return _from_source(q, *setting, ties_broken=False)
    p = checked_state(start, "start")
    check_same_outcomes(p, q, "start and reference")
    return _flow_by(regime, p, q, *setting)


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
    p, q = checked_state(start, "start"), checked_reference(reference)
    temperature, a = checked_setting(temperature, external_fraction)
    check_same_outcomes(p, q, "start and reference")
    regime = _checked_regime(regime)
    if np.allclose(p, q, rtol=0.0, atol=1e-12):
        return settled_state(q, temperature, a)
    p = _flow_by(regime, p, q, temperature, a)
    for _ in range(len(q) if temperature < 1 else 0):
        first = _first_of_the_unstable(p, temperature, a)
        if first is None:
            break
        p[first] += _PUSH
        p = _flow(p / p.sum(), q, temperature, a)
    return p


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
    Source: the Fisher-Rao paper's Theorem 1 (see `published`); solved by iteration (ours).
    """
    q, (temperature, _) = checked_reference(reference), checked_setting(temperature)
    if not np.all(q > 0):
        return 1.0
    return float(fisher_rao_line(q, [temperature])[0])


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


def _checked_regime(regime: Regime) -> Regime:
    if not isinstance(regime, str) or regime not in REGIMES:
        raise ValueError(f"regime must be one of {', '.join(REGIMES)}, got {quoted(regime)}")
    return regime


def _flow_by(regime: Regime, start: Array, q: Array, temperature: float, a: float) -> Array:
    """Return where a regime's steps go from ``start``: whole ones, or ever smaller ones."""
    if regime != "replace" and temperature < 1 and 0 < a < 1:
        return _flow_slowly(start, q, temperature, a)
    return _flow(start, q, temperature, a)


def _from_source(q: Array, temperature: float, a: float, ties_broken: bool) -> Array:
    return np.asarray(settle(q, np.array([temperature]), np.array([a]), ties_broken)[0])


def _flow_slowly(start: Array, q: Array, temperature: float, a: float) -> Array:
    """Return where dp/ds = F(p) - p leads from ``start``."""
    p = start.copy()
    for count in _SMALL_STEPS:
        _step_slowly(p, q, temperature, a, count)
        found = near_limit(p, q, temperature, a)
        if found is not None:
            return found
    return _flow(p, q, temperature, a)


def _step_slowly(p: Array, q: Array, temperature: float, a: float, count: int) -> None:
    """Follow dp/ds = F(p) - p from ``p`` on, in place: Euler's steps."""
    pull = _SMALL_STEP * a * q
    with np.errstate(divide="ignore", under="ignore"):
        for _ in range(count):
            weights = np.log(p)
            weights -= largest(weights)
            weights /= temperature
            np.exp(weights, out=weights)
            weights *= _SMALL_STEP * (1 - a) / total(weights)
            p *= 1 - _SMALL_STEP
            p += weights
            p += pull


def _flow(start: Array, q: Array, temperature: float, a: float) -> Array:
    """Return where iterating F goes from ``start``."""
    if a == 0:
        return _flow_alone(start, temperature)
    if a == 1 or temperature == 1:
        return q.copy()
    if temperature > 1:
        return hot_state(q, temperature, a, start > 0)
    return limit_from(start, q, temperature, a)


def _flow_alone(start: Array, temperature: float) -> Array:
    """Return the limit of E_{T^t}(start): uniform on the leaders (T < 1) or the support."""
    if temperature == 1:
        return start.copy()
    winners = (start == start.max()) if temperature < 1 else (start > 0)
    return np.asarray(winners / winners.sum())


def _first_of_the_unstable(p: Array, temperature: float, a: float) -> int | None:
    """Return the largest share of those that could win, the first of equal ones.

    None where the state is stable.
    """
    alive = np.flatnonzero(p)
    if is_stable(p[alive], temperature, a):
        return None
    growths = (1 - a) / temperature * temper(p[alive], temperature) / p[alive]
    rising = alive[growths >= min(1.0, growths.max())]
    return int(rising[np.argmax(p[rising])])
