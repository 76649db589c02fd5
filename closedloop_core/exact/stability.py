"""Every fixed point, its stability, and the free energy that orders them (ours).

The functions here check their arguments and leave the solving to `standing`, `interior` and
`branches`. Next: `least`.
"""

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.exact.above import hot_state
from closedloop_core.exact.arguments import checked_reference, checked_setting, checked_state
from closedloop_core.exact.branches import Piece, bifurcation
from closedloop_core.exact.crossings import settle
from closedloop_core.exact.interior import all_interior
from closedloop_core.exact.standing import standing, winners_states
from closedloop_core.loop.dynamics import temper
from closedloop_core.measures import Array, check_same_outcomes, checked_distribution
from closedloop_core.settings.laws import Law

MAX_LISTED = 1_000
MAX_ALL = 6


def free_energy(
    p: ArrayLike, reference: ArrayLike | Law, temperature: float, external_fraction: float
) -> Array:
    """Return Phi(p) = (1 - a) T ln sum p^(1/T) + a sum q ln p, which the loop climbs.

    Stable states are its local maxima; V = -Phi is the potential in which a ball rolls down.

    Parameters
    ----------
    p : (..., n) float
    reference : Law or (n,) float
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]

    Returns
    -------
    (...) float, nats; -inf where an outcome of the reference is absent and a > 0

    Raises
    ------
    ValueError
        If an argument is outside its range, or the numbers of outcomes differ.

    Notes
    -----
    Source: ours: p_i dPhi/dp_i = F_i(p) (proved for the mean field: docs/theory.md, section 3.1).
    Without external data it has forerunners, see section 3.7 there.

    Examples
    --------
    >>> from closedloop_core import free_energy, settled_state
    >>> q = [0.5, 0.3, 0.2]
    >>> low = free_energy(settled_state(q, 0.8, 0.5), q, 0.8, 0.5)
    >>> bool(free_energy(q, q, 0.8, 0.5) != low)
    True
    """
    points, q = checked_distribution(p, "p"), checked_reference(reference)
    check_same_outcomes(points, q, "p and reference")
    temperature, external_fraction = checked_setting(temperature, external_fraction)
    largest = points.max(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", under="ignore"):
        logs = np.log(points)
        powers = np.exp((logs - np.log(largest)) / temperature)
    # T ln sum p^b = ln max p + T ln sum (p / max p)^b: nothing underflows to a log of 0.
    own = np.log(largest[..., 0]) + temperature * np.log(powers.sum(axis=-1))
    pull = np.where(q > 0, q, 0.0) * np.where(q > 0, logs, 0.0) if external_fraction > 0 else 0.0
    return np.asarray((1 - external_fraction) * own + external_fraction * np.sum(pull, axis=-1))


def leading_eigenvalue(
    p: ArrayLike, reference: ArrayLike | Law, temperature: float, external_fraction: float
) -> float:
    """Return the largest eigenvalue of the Jacobian of F on the simplex at ``p``.

    Below 1 the state is stable. Found as the largest root of sum e_i / (d_i - x) = 0, with
    e = E_T(p) and d_i = (1 - a) e_i / (T p_i); no matrix is built. An absent outcome that could
    grow back counts: (1 - a) at T = 1, infinity above.

    Parameters
    ----------
    p : (n,) float
    reference : Law or (n,) float
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]

    Returns
    -------
    float >= 0, possibly inf

    Raises
    ------
    ValueError
        If an argument is outside its range, or the numbers of outcomes differ.

    Notes
    -----
    Source: ours. The Jacobian is similar to a symmetric positive semi-definite matrix (proved:
    docs/theory.md, section 3.2).

    Examples
    --------
    >>> from closedloop_core import leading_eigenvalue
    >>> print(round(leading_eigenvalue([0.5, 0.5], [0.5, 0.5], 0.5, 0.4), 6))  # (1 - a) / T
    1.2
    """
    state, q = checked_state(p, "p"), checked_reference(reference)
    check_same_outcomes(state, q, "p and reference")
    temperature, external_fraction = checked_setting(temperature, external_fraction)
    absent = bool(np.any(state == 0)) and external_fraction < 1
    if absent and temperature > 1:
        return float("inf")
    outside = 1 - external_fraction if absent and temperature == 1 else 0.0
    state = state[state > 0]
    tempered = temper(state, temperature)
    with np.errstate(under="ignore"):
        d = (1 - external_fraction) / temperature * tempered / state
    return max(outside, _secular_root(tempered, d))


def _secular_root(e: Array, d: Array) -> float:
    """Return the largest root of sum e_i / (d_i - x), between the two largest d; 0 for one."""
    if len(d) == 1:
        return 0.0
    second, first = np.sort(d)[-2:]
    low, high = float(second), float(first)
    for _ in range(200):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        # The sum rises from -inf to +inf between its two poles.
        if (e / (d - middle)).sum() < 0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def stable_states(
    reference: ArrayLike | Law, temperature: float, external_fraction: float
) -> Array:
    """Return all stable fixed points of the infinite-sample loop, on the whole simplex.

    First the one without a winner, if there is one, then by winner. At a = 0 and T < 1 these are
    the n vertices, above T = 1 the even distribution alone; at a = 1 the reference alone.

    Parameters
    ----------
    reference : Law or (n,) float, n <= 1,000
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]

    Returns
    -------
    (m, n) float, m between 1 and n + 1 (one more where the leader's branch folds)

    Raises
    ------
    ValueError
        If an argument is outside its range, n > 1,000, or a = 0 at T = 1 (every state stays).

    Notes
    -----
    Source: ours. That no state is missed follows from the shape of the winners' branches, which is
    proved in docs/theory.md, section 3.3.

    Examples
    --------
    >>> from closedloop_core import stable_states
    >>> len(stable_states([0.1] * 10, 0.5, 0.6))  # one faithful, ten collapsed
    11
    """
    q, temperature, a = _checked(reference, temperature, external_fraction)
    if len(q) > MAX_LISTED:
        raise ValueError(f"reference must have at most {MAX_LISTED} outcomes, got {len(q)}")
    if a == 0 or a == 1 or temperature >= 1:
        return np.asarray(_simple_states(q, temperature, a))
    found = standing(q, temperature, a)
    states = winners_states(q, found)
    if not found.has_lone:
        return states
    lone = settle(q, np.array([temperature]), np.array([a]), ties_broken=False)
    return np.concatenate([lone, states])


def count_stable_states(
    reference: ArrayLike | Law, temperature: float, external_fraction: float
) -> int:
    """Return how many stable states there are, without listing them.

    Parameters
    ----------
    reference : Law or (n,) float, n <= 10,000
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]

    Returns
    -------
    int >= 1

    Raises
    ------
    ValueError
        As `stable_states`, without its limit on n.

    Examples
    --------
    >>> from closedloop_core import count_stable_states
    >>> print(count_stable_states([0.1] * 10, 0.5, 0.6))  # one faithful, ten collapsed
    11
    """
    q, temperature, a = _checked(reference, temperature, external_fraction)
    if a == 0 or a == 1 or temperature >= 1:
        return len(q) if a == 0 and temperature < 1 else 1
    return standing(q, temperature, a).count


def fixed_points(
    reference: ArrayLike | Law, temperature: float, external_fraction: float
) -> list[tuple[Array, int]]:
    """Return every interior fixed point with its number of unstable directions; few outcomes.

    0 unstable directions is a stable state, all of them a summit, anything between a saddle.

    Parameters
    ----------
    reference : Law or (n,) float, positive everywhere, n <= 6
    temperature : float in [0.02, 50]
    external_fraction : float in (0, 1]

    Returns
    -------
    list of ((n,) float, int)

    Raises
    ------
    ValueError
        If n > 6, an entry of the reference is 0, or a = 0 (then the fixed points are the even
        distributions on subsets).

    Notes
    -----
    Source: ours; each choice of upper and lower roots is one branch.

    Examples
    --------
    >>> from closedloop_core import fixed_points
    >>> len(fixed_points([0.5, 0.5], 0.5, 0.4))  # two stable, one between them
    3
    """
    q, temperature, a = _checked(reference, temperature, external_fraction)
    if len(q) > MAX_ALL or not np.all(q > 0):
        got = f"{len(q)} outcomes, {np.count_nonzero(q == 0)} of them absent"
        raise ValueError(f"reference must be positive on at most {MAX_ALL} outcomes, got {got}")
    if not a > 0:
        raise ValueError("external_fraction must be > 0 to list interior fixed points, got 0")
    if a == 1 or temperature >= 1:
        points = [_simple_states(q, temperature, a)[0]]
    else:
        points = all_interior(q, temperature, a)
    return [(p, _unstable_directions(p, temperature, a)) for p in points]


def bifurcation_branches(reference: ArrayLike | Law, temperature: float) -> list[Piece]:
    """Return the exact branches of fixed points over the external share, stable and unstable.

    Parameters
    ----------
    reference : Law or (n,) float
    temperature : float in [0.02, 50]

    Returns
    -------
    list of Piece, the state reached from the reference first; at most ten winners

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours.

    Examples
    --------
    >>> from closedloop_core import Law, bifurcation_branches
    >>> len(bifurcation_branches(Law.uniform(2), 0.5)) > 1  # the middle, and two sides
    True
    """
    q = checked_reference(reference)
    return bifurcation(q, checked_setting(temperature)[0])


def _checked(
    reference: ArrayLike | Law, temperature: float, external_fraction: float
) -> tuple[Array, float, float]:
    q = checked_reference(reference)
    temperature, external_fraction = checked_setting(temperature, external_fraction)
    if temperature == 1 and external_fraction == 0:
        raise ValueError(
            "external_fraction must be > 0 at temperature 1, where every state stays, got 0"
        )
    return q, temperature, external_fraction


def _simple_states(q: Array, temperature: float, a: float) -> Array:
    """Return the stable states where there is no curve to follow: a = 0, a = 1 or T >= 1."""
    n = len(q)
    if a == 0:
        return np.eye(n) if temperature < 1 else np.full((1, n), 1.0 / n)
    if a == 1 or temperature == 1:
        return q[None].copy()
    return hot_state(q, temperature, a, np.ones(n, dtype=bool))[None]


def _unstable_directions(p: Array, temperature: float, a: float) -> int:
    """Count the eigenvalues of the Jacobian above 1 (few outcomes: a dense matrix will do)."""
    if is_stable(p, temperature, a):
        return 0
    e = temper(p, temperature)
    # Similar to the Jacobian, and symmetric.
    root = np.sqrt(1.0 / p)
    symmetric = (1 - a) / temperature * root[:, None] * (np.diag(e) - np.outer(e, e)) * root
    return int(np.count_nonzero(np.linalg.eigvalsh(symmetric) > 1.0))


def is_stable(p: Array, temperature: float, a: float) -> bool:
    """Say whether a fixed point is stable: whether the leading eigenvalue is below 1.

    With e and d as in `leading_eigenvalue`, it is if no d_i >= 1, or one is and
    sum e_i / (d_i - 1) > 0: no root need be found. No checks of the arguments.

    Parameters
    ----------
    p : (n,) float > 0
    temperature : float > 0
    a : float in [0, 1], the external share

    Returns
    -------
    bool

    Notes
    -----
    Source: ours.
    """
    tempered = temper(p, temperature)
    d = (1 - a) / temperature * tempered / p
    above = np.count_nonzero(d >= 1)
    if above == 0:
        return True
    return bool(above == 1 and (tempered / (d - 1.0)).sum() > 0)
