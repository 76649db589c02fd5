"""Every fixed point, its stability, and the free energy that orders them (ours).

The functions here check their arguments and leave the solving to `branches`. Next: `least`.
"""

from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.exact.arguments import checked_reference, checked_settings
from closedloop_core.exact.branches import (
    Branches,
    Piece,
    bifurcation,
    rising_intervals,
    solve_crossings,
    tied_states,
    trace_branches,
    upper_roots,
    weight_of,
    winner_state,
)
from closedloop_core.exact.curve import lower_roots, root_equation, settle
from closedloop_core.exact.thresholds import count_stable
from closedloop_core.loop.dynamics import temper
from closedloop_core.measures import Array, check_same_outcomes, checked_distribution
from closedloop_core.settings.laws import Law

MAX_LISTED = 1_000
MAX_ALL = 6
_DEPTHS = 1_600


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
    Source: ours (proved for the mean field): p_i dPhi/dp_i = F_i(p).
    """
    points, q = checked_distribution(p, "p"), checked_reference(reference)
    check_same_outcomes(points, q)
    checked_settings(temperature, external_fraction)
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
    Source: ours (proved: the Jacobian is similar to a symmetric positive semi-definite matrix).
    """
    state, q = checked_distribution(p, "p"), checked_reference(reference)
    check_same_outcomes(state, q)
    checked_settings(temperature, external_fraction)
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
    """
    q = _checked_setting(reference, temperature, external_fraction)
    if len(q) > MAX_LISTED:
        raise ValueError(f"reference must have at most {MAX_LISTED} outcomes, got {len(q)}")
    a = external_fraction
    if a == 0 or a == 1 or temperature >= 1:
        return np.asarray(_simple_states(q, temperature, a))
    branches = trace_branches(q, temperature)
    lone = _lone_state(q, temperature, a, branches)
    states = [] if lone is None else [lone]
    rows, low, high = rising_intervals(branches, _odds(a))
    roots = solve_crossings(branches, rows, _odds(a), low, high)
    for row, root in zip(rows, roots, strict=True):
        for winner in np.flatnonzero(q == weight_of(q, int(row))):
            states.append(winner_state(q, 1.0 / temperature, int(winner), float(root)))
    return np.array(states)


def count_stable_states(
    reference: ArrayLike | Law, temperature: float, external_fraction: float
) -> int:
    """Return how many stable states there are, without listing them.

    Right unless a is within 1e-8 of a share at which a state appears or vanishes.

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
    """
    q = _checked_setting(reference, temperature, external_fraction)
    a = external_fraction
    if a == 0 or a == 1 or temperature >= 1:
        return len(q) if a == 0 and temperature < 1 else 1
    return int(count_stable(q, np.array([temperature]), np.array([a]))[0, 0])


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
    """
    q = _checked_setting(reference, temperature, external_fraction)
    if len(q) > MAX_ALL or not np.all(q > 0):
        raise ValueError(f"reference must be positive on at most {MAX_ALL} outcomes, got {q}")
    if not external_fraction > 0:
        raise ValueError("external_fraction must be > 0 to list interior fixed points, got 0")
    if external_fraction == 1 or temperature >= 1:
        points = [_simple_states(q, temperature, external_fraction)[0]]
    else:
        points = _all_interior(q, temperature, external_fraction)
    return [(p, _unstable_directions(p, temperature, external_fraction)) for p in points]


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
    """
    q = checked_reference(reference)
    checked_settings(temperature, 0.0)
    return bifurcation(q, temperature)


def _checked_setting(
    reference: ArrayLike | Law, temperature: float, external_fraction: float
) -> Array:
    q = checked_reference(reference)
    checked_settings(temperature, external_fraction)
    if temperature == 1 and external_fraction == 0:
        raise ValueError("external_fraction must be > 0 at temperature 1, where every state stays")
    return q


def _simple_states(q: Array, temperature: float, a: float) -> Array:
    """Return the stable states where there is no curve to follow: a = 0, a = 1 or T >= 1."""
    n = len(q)
    if a == 0:
        return np.eye(n) if temperature < 1 else np.full((1, n), 1.0 / n)
    if a == 1 or temperature == 1:
        return q[None].copy()
    return _hot_state(q, 1.0 / temperature, a)[None]


def _hot_state(q: Array, b: float, a: float) -> Array:
    """Return the one stable state above T = 1; absent outcomes of q come alive there."""
    target, order = np.log1p(-a) - np.log(a), np.array(b)
    present = q > 0
    log_q = np.log(q[present])
    absent = len(q) - len(log_q)

    def values(level: float) -> tuple[Array, float]:
        y = lower_roots(level + (b - 1.0) * log_q, order)
        return y, level / (1.0 - b)

    low, high = -800.0, 800.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        y, lone = values(middle)
        terms = np.concatenate([log_q + y, np.full(absent, lone)])
        top = terms.max()
        odds = top + np.log(np.exp(terms - top).sum())
        low, high = (middle, high) if odds < target else (low, middle)
    y, lone = values(0.5 * (low + high))
    logs = np.full(len(q), lone)
    logs[present] = log_q + np.logaddexp(0.0, y)
    p = np.exp(logs - logs.max())
    return np.asarray(p / p.sum())


def _odds(a: float) -> float:
    """Return (1 - a)/a, at most e^40: a share below 4e-18 is 0 in effect."""
    return min((1.0 - a) / a, 2.3e17) if a > 1e-300 else 2.3e17


def _lone_state(q: Array, temperature: float, a: float, branches: Branches) -> Array | None:
    """Return the stable state without a winner; None where it is not stable."""
    # At the crest the leader's two roots meet: the state exists while it lies below.
    sums, target = branches.sums(np.array([0]))[0], _odds(a)
    if branches.is_tied:
        exists = bool(tied_states(branches, sums, np.array([target]))[0][0])
    else:
        exists = target <= sums[0]
    if not exists:
        return None
    return np.asarray(settle(q, np.array([temperature]), np.array([a]), ties_broken=False)[0])


def _all_interior(q: Array, temperature: float, a: float) -> list[Array]:
    """Solve every choice of upper and lower roots (2^n branches) below T = 1."""
    b, target = 1.0 / temperature, _odds(a)
    order = np.array(b)
    top = root_equation(np.array(-np.log(b - 1.0)), order)[0]
    gap = (b - 1.0) * (np.log(q.max()) - np.log(q))[:, None]
    choices = np.array(list(product((False, True), repeat=len(q))))

    def values(depth: Array) -> tuple[Array, Array]:
        """Return q e^y of the lower and the upper roots, (n, k), this deep below the crest."""
        level = top - depth - gap
        low, up = lower_roots(level, order), upper_roots(level, order)
        return q[:, None] * np.exp(low), q[:, None] * np.exp(np.minimum(up, 700.0))

    # From the leader's crest down: dense near it, where two roots meet.
    depth = np.concatenate([[0.0], np.geomspace(1e-12, 60.0 * b + 60.0, _DEPTHS)])
    low, up = values(depth)
    excess = ~choices @ low + choices @ up - target
    which, at = np.nonzero((excess[:, :-1] < 0) != (excess[:, 1:] < 0))
    upper, starts_below = choices[which].T, excess[which, at] < 0
    left, right = depth[at], depth[at + 1]
    for _ in range(60):
        middle = 0.5 * (left + right)
        same = (np.where(upper, *values(middle)[::-1]).sum(axis=0) < target) == starts_below
        left, right = np.where(same, middle, left), np.where(same, right, middle)
    v = q[:, None] + np.where(upper, *values(0.5 * (left + right))[::-1])
    return list((v / v.sum(axis=0)).T)


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
