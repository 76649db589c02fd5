r"""The branches of the winners at one temperature below 1 (ours).

A stable state has at most one *winner*, an outcome on the upper root of h (see `curve`): all the
others are on the lower root. For a winner w, as kappa falls from where the leader's two roots
meet,

.. math:: (1-a)/a = S_w(\kappa) = \sum_i q_i e^{y_i^{low}} + q_w (e^{y_w^{up}} - e^{y_w^{low}}),

and the state is stable where S_w rises. So all stable states at one a are the rising crossings of
(1-a)/a by the branches S_w, and the branch of w has one exactly while a is below its collapse
threshold 1 / (1 + min S_w). An outcome that is absent from q can win too: its upper root is
v = kappa^(-1/(b-1)). Next: `thresholds`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.exact.curve import group_outcomes, lower_roots, root_equation
from closedloop_core.measures import Array

_NODES = 400
_MOST_LOG_ODDS = 45.0
_BLOCK = 200_000


@dataclass(frozen=True)
class Branches:
    """The winners' branches at one temperature below 1, on nodes of the leader's upper root.

    Outcomes with equal q are one group; the first one is the leader's.

    Attributes
    ----------
    b : float > 1, 1/T
    log_q : (groups,) float, ln q
    sizes : (groups,) float, outcomes in each group
    upper : (k,) float, the nodes: values of the leader's upper root
    level : (groups, k) float, the value of h at each group's roots
    lower : (groups, k) float, each group's lower root
    base : (k,) float, the sum of q e^y over the lower roots of all outcomes
    """

    b: float
    log_q: Array
    sizes: Array
    upper: Array
    level: Array
    lower: Array
    base: Array

    @property
    def is_tied(self) -> bool:
        """Whether several outcomes share the largest q."""
        return bool(self.sizes[0] > 1)

    def sums(self, rows: NDArray[np.intp]) -> Array:
        """Return S_w on the nodes for some winners: (rows,) int to (rows, k) float.

        A winner is the number of its group; ``len(log_q)`` stands for an outcome absent from q.
        """
        present = rows[rows < len(self.log_q)]
        up = upper_roots(self.level[present], np.array(self.b))
        up[present == 0] = self.upper
        q = np.exp(self.log_q)[present, None]
        found = np.empty((len(rows), len(self.upper)))
        gaps = q * (np.exp(np.minimum(up, 700.0)) - np.exp(self.lower[present]))
        found[rows < len(self.log_q)] = self.base + gaps
        free = -(self.level[0] - (self.b - 1.0) * self.log_q[0]) / (self.b - 1.0)
        found[rows == len(self.log_q)] = self.base + np.exp(np.minimum(free, 700.0))
        return found

    def all_sums(self) -> Array:
        """Return S_w on the nodes for each group as winner, and last for an outcome absent from q.

        (groups + 1, k) float.
        """
        return self.sums(np.arange(len(self.log_q) + 1))


def trace_branches(q: Array, temperature: float, nodes: int = _NODES) -> Branches:
    """Choose nodes along the leader's upper root, and solve every lower root there.

    They reach to where the leader's own term alone passes any ln((1-a)/a) that a float can hold.

    Parameters
    ----------
    q : (n,) float
    temperature : float below 1
    nodes : int >= 2

    Returns
    -------
    Branches
    """
    groups = group_outcomes(q[q > 0], cold=True, ties_broken=False)
    b, log_q = 1.0 / temperature, groups.log_q
    crest = -np.log(b - 1.0)
    gap = log_q[0] - log_q[1] if len(log_q) > 1 else 1.0
    tied = groups.sizes[0] > 1
    scale = 1e-6 if tied else float(np.clip(np.sqrt(2.0 * gap * b), 1e-6, 1.0)) * 0.3
    reach = _MOST_LOG_ODDS - log_q[0] - min(crest, 0.0)
    stretch = np.arcsinh(reach / scale) * np.linspace(0.0, 1.0, nodes)
    upper = crest + scale * np.sinh(stretch)
    order = np.array(b)
    level = root_equation(upper, order)[0] + (b - 1.0) * (log_q - log_q[0])[:, None]
    lower = lower_roots(level, order)
    base = (groups.sizes[:, None] * np.exp(log_q[:, None] + lower)).sum(axis=0)
    return Branches(b, log_q, groups.sizes, upper, level, lower, base)


def upper_roots(level: Array, b: Array) -> Array:
    """Solve h(y) = level for y above the crest of h: the upper roots, for b > 1.

    Parameters
    ----------
    level : (...) float, at most h at the crest
    b : (...) float > 1, broadcast against ``level``

    Returns
    -------
    (...) float
    """
    crest = -np.log(b - 1.0)
    top = root_equation(crest, b)[0]
    fall = np.maximum(top - level, 0.0)
    # Right of the root h is steeper than the chord: Newton comes back to it monotonically.
    y = np.maximum(crest + np.sqrt(2.0 * fall / (1.0 - 1.0 / b)), -level / (b - 1.0)) + 1e-9
    for _ in range(60):
        value, slope, _ = root_equation(y, b)
        step = (level - value) / np.minimum(slope, -1e-12)
        y = np.maximum(y + step, crest)
        if not np.any(np.abs(step) > 1e-10 * (1.0 + np.abs(y))):
            break
    return np.asarray(y)


def row_of(branches: Branches, weight: float) -> int:
    """Return the number of the branch of an outcome with probability ``weight`` in q.

    The last branch, ``len(branches.log_q)``, is that of outcomes absent from q.
    """
    if weight == 0:
        return len(branches.log_q)
    return int(np.argmin(np.abs(branches.log_q - np.log(weight))))


def sum_and_slope(branches: Branches, rows: NDArray[np.intp], upper: Array) -> tuple[Array, Array]:
    """Return S_w and its slope along the leader's upper root.

    Parameters
    ----------
    branches : Branches
    rows : (m,) int, the winners, numbered as in `Branches.sums`
    upper : (m,) float, the leader's upper root for each of them

    Returns
    -------
    value, slope : (m,) float
    """
    order = np.array(branches.b)
    b, log_q = branches.b, branches.log_q
    level0, slope0, _ = root_equation(upper, order)
    level = level0[:, None] + (b - 1.0) * (log_q - log_q[0])
    lower = lower_roots(level, order)
    terms = branches.sizes * np.exp(log_q + lower)
    slopes = np.maximum(root_equation(lower, order)[1], 1e-150)
    base, rise = terms.sum(axis=1), (terms / slopes).sum(axis=1)
    absent = rows == len(log_q)
    row, pick = np.where(absent, 0, rows), np.arange(len(rows))
    own = level[pick, row]
    up = np.where(row == 0, upper, upper_roots(own, order))
    up_term = np.exp(np.minimum(log_q[row] + up, 700.0))
    low_term = np.exp(log_q[row] + lower[pick, row])
    up_slope = np.minimum(root_equation(up, order)[1], -1e-150)
    gap = up_term - low_term
    gap_rise = up_term / up_slope - low_term / slopes[pick, row]
    free = np.exp(np.minimum(-(level0 - (b - 1.0) * log_q[0]) / (b - 1.0), 700.0))
    gap = np.where(absent, free, gap)
    gap_rise = np.where(absent, -free / (b - 1.0), gap_rise)
    return base + gap, (rise + gap_rise) * slope0


def lowest_sums(branches: Branches, rows: NDArray[np.intp]) -> tuple[Array, Array]:
    """Return min S_w of some winners, and where it is.

    Parameters
    ----------
    branches : Branches
    rows : (m,) int, the winners, numbered as in `Branches.sums`

    Returns
    -------
    lowest : (m,) float
    root : (m,) float, the leader's upper root there
    """
    sums = branches.sums(rows)
    node = np.argmin(sums, axis=1)
    low = branches.upper[np.maximum(node - 1, 0)]
    high = branches.upper[np.minimum(node + 1, len(branches.upper) - 1)]
    # At the bottom S is flat: half the digits of the root give all the digits of S.
    for _ in range(30):
        middle = 0.5 * (low + high)
        rising = sum_and_slope(branches, rows, middle)[1] > 0
        low, high = np.where(rising, low, middle), np.where(rising, middle, high)
    root = 0.5 * (low + high)
    # A minimum at the very end (tied leaders part there) is known exactly on its node.
    found, at_node = sum_and_slope(branches, rows, root)[0], sums.min(axis=1)
    better = at_node < found
    return np.where(better, at_node, found), np.where(better, branches.upper[node], root)


def weight_of(q: Array, row: int) -> float:
    """Return the entry of q, (n,) float, that belongs to a branch; 0.0 for the last branch."""
    values = np.append(np.unique(q[q > 0])[::-1], 0.0)
    return float(values[row])


def rising_intervals(branches: Branches, target: float) -> tuple[NDArray[np.intp], Array, Array]:
    """Return where branches rise through an odds (1-a)/a: each such crossing is a stable state.

    Parameters
    ----------
    branches : Branches
    target : float > 0, (1-a)/a

    Returns
    -------
    rows : (m,) int, the winners, numbered as in `Branches.sums`, in order
    low, high : (m,) float, values of the leader's upper root between which the crossing lies
    """
    sums = branches.all_sums()
    below = sums < target
    if branches.is_tied:
        # At the crest S is flat to rounding: only its last rise through the target is a state.
        below[0] = np.logical_or.accumulate(below[0][::-1])[::-1]
        below[0] &= tied_states(branches, sums[0], np.array([target]))[1][0]
    rows, at = np.nonzero(below[:, :-1] & ~below[:, 1:])
    low, high = branches.upper[at], branches.upper[at + 1]
    # A branch may dip below the target between two nodes: look at the true minimum then.
    near = (~below.any(axis=1)) & (sums.min(axis=1) < 1.2 * target)
    near[0] &= not branches.is_tied
    near = np.flatnonzero(near)
    if len(near):
        lowest, root = lowest_sums(branches, near)
        dips = lowest < target
        node = np.searchsorted(branches.upper, root[dips])
        last = len(branches.upper) - 1
        rows = np.concatenate([rows, near[dips]])
        low = np.concatenate([low, root[dips]])
        high = np.concatenate([high, branches.upper[np.minimum(node + 1, last)]])
    order = np.argsort(rows, kind="stable")
    return rows[order], low[order], high[order]


def tied_states(
    branches: Branches, sums: Array, targets: Array
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say whether tied leaders have a stable state without a winner, and ones with a winner.

    The winners' states exist down to the minimum of their branch, the state without a winner up to
    the crest. Within 1e-9 of the crest it counts as unstable, unless the leaders leave the tie
    without a jump.

    Parameters
    ----------
    branches : Branches of tied leaders
    sums : (k,) float, the leaders' branch on the nodes
    targets : (m,) float, values of (1-a)/a

    Returns
    -------
    undecided, winners : (m,) bool
    """
    # So close to the crest S is known to 1e-8 only; at the crest itself it is exact.
    clear = branches.upper > branches.upper[0] + 1e-3
    meeting = sums[0]
    lowest = min(meeting, sums[clear].min())
    gently = lowest > meeting * (1.0 - 1e-9)
    undecided = targets < meeting * (1.0 - 1e-9)
    winners = targets > lowest * (1.0 + 1e-9)
    return undecided | (gently & ~winners), winners


def solve_crossings(
    branches: Branches, rows: NDArray[np.intp], target: float, low: Array, high: Array
) -> Array:
    """Return where S_w rises through an odds (1-a)/a, by Newton's method kept inside brackets.

    Parameters
    ----------
    branches : Branches
    rows : (m,) int, the winners, numbered as in `Branches.sums`
    target : float > 0, (1-a)/a
    low, high : (m,) float, the brackets that `rising_intervals` found

    Returns
    -------
    (m,) float, values of the leader's upper root
    """
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
    """Return the state in which one outcome is on its upper root and all others on their lower.

    Parameters
    ----------
    q : (n,) float
    b : float > 1, 1/T
    winner : int, the outcome
    leader : float, the leader's upper root, which fixes kappa

    Returns
    -------
    (n,) float
    """
    order, largest = np.array(b), q.max()
    level0 = root_equation(np.array(leader), order)[0]
    present = q > 0
    values = np.zeros(len(q))
    level = level0 + (b - 1.0) * (np.log(q[present]) - np.log(largest))
    values[present] = q[present] * (1.0 + np.exp(lower_roots(level, order)))
    if q[winner] == 0:
        values[winner] = np.exp(-(level0 - (b - 1.0) * np.log(largest)) / (b - 1.0))
    elif q[winner] == largest:
        values[winner] = q[winner] * (1.0 + np.exp(leader))
    else:
        own = np.atleast_1d(level0 + (b - 1.0) * (np.log(q[winner]) - np.log(largest)))
        values[winner] = q[winner] * (1.0 + np.exp(upper_roots(own, order)[0]))
    return np.asarray(values / values.sum())


@dataclass(frozen=True)
class Piece:
    """A stretch of a branch of fixed points that is stable, or unstable, throughout.

    Attributes
    ----------
    winner : int or None, the outcome that has won (of equal ones the first); None where nobody has
    is_stable : bool
    external_fraction : (m,) float, the points along it
    distance : (m,) float, their total variation to the reference
    """

    winner: int | None
    is_stable: bool
    external_fraction: Array
    distance: Array


def bifurcation(q: Array, temperature: float, most_winners: int = 10) -> list[Piece]:
    """Return the branches of fixed points over the external share at one temperature.

    Parameters
    ----------
    q : (n,) float
    temperature : float > 0
    most_winners : int >= 1, the number of winners at most

    Returns
    -------
    list of Piece: first the states reached from q; below T = 1 then the winners' branches, the
        likeliest first
    """
    groups = group_outcomes(q[q > 0], cold=temperature < 1, ties_broken=False)
    b = 1.0 / temperature
    if temperature == 1:
        share = np.linspace(1.0, 0.0, 101)
        return [Piece(None, True, share, np.zeros_like(share))]
    crest = -np.log(b - 1.0) if b > 1 else 0.0
    leader = np.linspace(-14.0, crest if b > 1 else 40.0 - groups.log_q[0], _NODES // 2)
    order = np.array(b)
    level = root_equation(leader, order)[0] + (b - 1.0) * (groups.log_q - groups.log_q[0])[:, None]
    lower = lower_roots(level, order)
    lower[0] = leader
    share, distance = _points(groups.log_q, groups.sizes, lower, None, leader)
    if b < 1:
        return [Piece(None, True, share, distance)]
    branches = trace_branches(q, temperature, _NODES // 2)
    winners = [int(np.flatnonzero(q == weight)[0]) for weight in np.unique(q[q > 0])[::-1]]
    rows = range(1, min(most_winners, len(groups.log_q)))
    if branches.is_tied:
        pieces = [Piece(None, True, share, distance)]
        pieces.append(Piece(None, False, *_branch(branches, None)))
        pieces += _pieces(winners[0], *_branch(branches, 0))
    else:
        # Both parts hold the crest: a point given twice would be cut out as a piece of its own.
        own = [points[1:] for points in _branch(branches, 0)]
        joined = np.concatenate([share, own[0]]), np.concatenate([distance, own[1]])
        pieces = _pieces(winners[0], *joined)
    for row in rows:
        pieces += _pieces(winners[row], *_branch(branches, row))
    if not branches.is_tied and len(groups.log_q) > 1:
        pieces.append(Piece(winners[1], False, *_branch(branches, 1, leader_wins_too=True)))
    return pieces


def _branch(
    branches: Branches, row: int | None, leader_wins_too: bool = False
) -> tuple[Array, Array]:
    """Return external share and distance to q on a winner's branch (None: all leaders ahead)."""
    roots = branches.lower
    if row is None or leader_wins_too:
        roots = np.concatenate([branches.upper[None], branches.lower[1:]])
    own = branches.upper
    if row is not None and row > 0:
        own = upper_roots(branches.level[row], np.array(branches.b))
    return _points(branches.log_q, branches.sizes, roots, row, own)


def _points(
    log_q: Array, sizes: Array, roots: Array, row: int | None, own: Array
) -> tuple[Array, Array]:
    """Return external share and distance to q from the groups' roots, and one winner's own."""
    q, members = np.exp(log_q)[:, None], sizes[:, None]
    v = q * (1.0 + np.exp(np.minimum(roots, 700.0)))
    total = (members * v).sum(axis=0)
    if row is None:
        return 1.0 / total, (members * np.maximum(v / total - q, 0.0)).sum(axis=0)
    winner = q[row] * (1.0 + np.exp(np.minimum(own, 700.0)))
    total = total + winner - v[row]
    distance = (members * np.maximum(v / total - q, 0.0)).sum(axis=0)
    distance += np.maximum(winner / total - q[row], 0.0) - np.maximum(v[row] / total - q[row], 0.0)
    return 1.0 / total, distance


def _pieces(winner: int, share: Array, distance: Array) -> list[Piece]:
    """Cut a branch where its stability changes: stable where the share falls along it."""
    falling = np.diff(share) < 0
    cuts = np.flatnonzero(falling[1:] != falling[:-1]) + 1
    pieces = []
    for start, stop in zip([0, *cuts], [*cuts, len(falling)], strict=True):
        points = slice(start, stop + 1)
        pieces.append(Piece(winner, bool(falling[start]), share[points], distance[points]))
    return pieces
