r"""The branches of the winners at one temperature below 1 (ours).

A stable state has at most one *winner*, an outcome on the upper root of h (see `curve`): all the
others are on the lower root. For a winner w, as kappa falls from where the leader's two roots
meet,

.. math:: (1-a)/a = S_w(\kappa) = \sum_i q_i e^{y_i^{low}} + q_w (e^{y_w^{up}} - e^{y_w^{low}}),

and the state is stable where S_w rises. So all stable states at one a are the rising crossings of
(1-a)/a by the branches S_w, and the branch of w has one exactly while a is below its collapse
threshold 1 / (1 + min S_w). An outcome that is absent from q can win too: its upper root is
v = kappa^(-1/(b-1)). Next: `stability`, the public door.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.curve import _grouped, _half, _lower_roots
from closedloop_core.measures import Array

_NODES = 400
_BLOCK = 200_000


@dataclass(frozen=True)
class Branches:
    """The winners' branches at one temperature below 1, on nodes of the leader's upper root.

    ``level`` is h at the leader, ln kappa up to a constant; ``sums`` holds S_w, one row a winner
    (leader first), the last one for an outcome that is absent from q.
    """

    b: float
    log_q: Array
    sizes: Array
    upper: Array
    sums: Array


def trace_branches(q: Array, temperature: float) -> Branches:
    """Lay nodes along the leader's upper root and sum every winner's branch there."""
    groups = _grouped(q[q > 0], cold=True, ties_broken=False)
    b = 1.0 / temperature
    crest = -np.log(b - 1.0)
    gap = groups.log_q[0] - groups.log_q[1] if len(groups.log_q) > 1 else 1.0
    tied = groups.sizes[0] > 1
    scale = 1e-6 if tied else float(np.clip(np.sqrt(2.0 * gap * b), 1e-6, 1.0)) * 0.3
    # Where the leader's own term alone passes any (1 - a) / a that a float can hold.
    reach = 45.0 - groups.log_q[0] - min(crest, 0.0)
    upper = crest + scale * np.sinh(np.arcsinh(reach / scale) * np.linspace(0.0, 1.0, _NODES))
    sums = _branch_sums(b, groups.log_q, groups.sizes, upper)
    return Branches(b, groups.log_q, groups.sizes, upper, sums)


def _branch_sums(b: float, log_q: Array, sizes: Array, upper: Array) -> Array:
    """Return S_w at the leader's upper roots (k,), for each group as winner and an absent one."""
    order = np.array(b)
    level = _half(upper, order)[0] + (b - 1.0) * (log_q - log_q[0])[:, None]
    lower = _lower_roots(level, order)
    up = upper_roots(level, order)
    up[0] = upper
    q = np.exp(log_q)[:, None]
    base = (sizes[:, None] * q * np.exp(lower)).sum(axis=0)
    absent = np.exp(np.minimum(-(level[0] - (b - 1.0) * log_q[0]) / (b - 1.0), 700.0))
    with np.errstate(over="ignore"):
        gaps = q * (np.exp(np.minimum(up, 700.0)) - np.exp(lower))
    return np.concatenate([base + gaps, (base + absent)[None]])


def upper_roots(level: Array, b: Array) -> Array:
    """Solve h(y) = level for y above the crest of h (b > 1 only)."""
    crest = -np.log(b - 1.0)
    top = _half(crest, b)[0]
    fall = np.maximum(top - level, 0.0)
    # Right of the root h is steeper than the chord: Newton comes back to it monotonically.
    y = np.maximum(crest + np.sqrt(2.0 * fall / (1.0 - 1.0 / b)), -level / (b - 1.0)) + 1e-9
    for _ in range(60):
        value, slope, _ = _half(y, b)
        step = (level - value) / np.minimum(slope, -1e-12)
        y = np.maximum(y + step, crest)
        if not np.any(np.abs(step) > 1e-10 * (1.0 + np.abs(y))):
            break
    return np.asarray(y)


def row_of(branches: Branches, weight: float) -> int:
    """Return the branch of an outcome with this q_i; the last one is for absent outcomes."""
    if weight == 0:
        return len(branches.log_q)
    return int(np.argmin(np.abs(branches.log_q - np.log(weight))))


def sum_and_slope(branches: Branches, rows: NDArray[np.intp], upper: Array) -> tuple[Array, Array]:
    """Return S_w and its slope along the leader's upper root, for pairs (winner, root)."""
    order = np.array(branches.b)
    b, log_q = branches.b, branches.log_q
    level0, slope0, _ = _half(upper, order)
    level = level0[:, None] + (b - 1.0) * (log_q - log_q[0])
    lower = _lower_roots(level, order)
    terms = branches.sizes * np.exp(log_q + lower)
    slopes = np.maximum(_half(lower, order)[1], 1e-300)
    base, rise = terms.sum(axis=1), (terms / slopes).sum(axis=1)
    absent = rows == len(log_q)
    row, pick = np.where(absent, 0, rows), np.arange(len(rows))
    own = level[pick, row]
    up = np.where(row == 0, upper, upper_roots(own, order))
    up_term = np.exp(np.minimum(log_q[row] + up, 700.0))
    low_term = np.exp(log_q[row] + lower[pick, row])
    up_slope = np.minimum(_half(up, order)[1], -1e-300)
    gap = up_term - low_term
    gap_rise = up_term / up_slope - low_term / slopes[pick, row]
    free = np.exp(np.minimum(-(level0 - (b - 1.0) * log_q[0]) / (b - 1.0), 700.0))
    gap = np.where(absent, free, gap)
    gap_rise = np.where(absent, -free / (b - 1.0), gap_rise)
    return base + gap, (rise + gap_rise) * slope0


def lowest_sums(branches: Branches, rows: NDArray[np.intp]) -> tuple[Array, Array]:
    """Return min S_w, and the leader's root there, for some winners."""
    node = np.argmin(branches.sums[rows], axis=1)
    low = branches.upper[np.maximum(node - 1, 0)]
    high = branches.upper[np.minimum(node + 1, _NODES - 1)]
    for _ in range(60):
        middle = 0.5 * (low + high)
        rising = sum_and_slope(branches, rows, middle)[1] > 0
        low, high = np.where(rising, low, middle), np.where(rising, middle, high)
    root = 0.5 * (low + high)
    return sum_and_slope(branches, rows, root)[0], root


def weight_of(q: Array, row: int) -> float:
    """Return the entry of q that belongs to a branch; 0.0 for the last one."""
    values = np.append(np.unique(q[q > 0])[::-1], 0.0)
    return float(values[row])


def rising_intervals(branches: Branches, target: float) -> tuple[NDArray[np.intp], Array, Array]:
    """Return winners and brackets in which their branch rises through ``target``."""
    below = branches.sums < target
    rows, at = np.nonzero(below[:, :-1] & ~below[:, 1:])
    low, high = branches.upper[at], branches.upper[at + 1]
    # A branch may dip below the target between two nodes: look at the true minimum then.
    near = (~below.any(axis=1)) & (branches.sums.min(axis=1) < 1.2 * target)
    near = np.flatnonzero(near)
    if len(near):
        lowest, root = lowest_sums(branches, near)
        dips = lowest < target
        node = np.searchsorted(branches.upper, root[dips])
        rows = np.concatenate([rows, near[dips]])
        low = np.concatenate([low, root[dips]])
        high = np.concatenate([high, branches.upper[np.minimum(node + 1, _NODES - 1)]])
    order = np.argsort(rows, kind="stable")
    return rows[order], low[order], high[order]


def solve_crossings(
    branches: Branches, rows: NDArray[np.intp], target: float, low: Array, high: Array
) -> Array:
    """Return the leader's roots where S_w rises through ``target``: Newton inside brackets."""
    roots = np.empty(len(rows))
    step = max(1, _BLOCK // len(branches.log_q))
    for at in range(0, len(rows), step):
        block = slice(at, at + step)
        roots[block] = _newton_inside(branches, rows[block], target, low[block], high[block])
    return roots


def _newton_inside(
    branches: Branches, rows: NDArray[np.intp], target: float, low: Array, high: Array
) -> Array:
    root = 0.5 * (low + high)
    for _ in range(100):
        value, slope = sum_and_slope(branches, rows, root)
        low, high = np.where(value < target, root, low), np.where(value < target, high, root)
        with np.errstate(divide="ignore", invalid="ignore"):
            # In logs: S_w grows like e^y.
            fresh = root + (np.log(target) - np.log(value)) * value / slope
        inside = (fresh >= low) & (fresh <= high)
        fresh = np.where(inside, fresh, 0.5 * (low + high))
        if not np.any(np.abs(fresh - root) > 1e-14 * (1.0 + np.abs(root))):
            break
        root = fresh
    return np.asarray(root)


def winner_state(q: Array, b: float, winner: int, leader: float) -> Array:
    """Return the state in which ``winner`` is on the upper root, at the leader's upper root."""
    order, largest = np.array(b), q.max()
    level0 = _half(np.array(leader), order)[0]
    present = q > 0
    values = np.zeros(len(q))
    level = level0 + (b - 1.0) * (np.log(q[present]) - np.log(largest))
    values[present] = q[present] * (1.0 + np.exp(_lower_roots(level, order)))
    if q[winner] == 0:
        values[winner] = np.exp(-(level0 - (b - 1.0) * np.log(largest)) / (b - 1.0))
    elif q[winner] == largest:
        values[winner] = q[winner] * (1.0 + np.exp(leader))
    else:
        own = np.atleast_1d(level0 + (b - 1.0) * (np.log(q[winner]) - np.log(largest)))
        values[winner] = q[winner] * (1.0 + np.exp(upper_roots(own, order)[0]))
    return np.asarray(values / values.sum())
