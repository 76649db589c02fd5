"""All stable states at one setting below T = 1, on the branches of `sums` (ours).

Every one is where a branch rises through the odds (1 - a)/a of the loop. Next: `interior`, the
unstable ones too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.exact.crest import distance_of
from closedloop_core.exact.crossings import far_above, upper_places
from closedloop_core.exact.curve import TINY, log_odds_at
from closedloop_core.exact.groups import group_outcomes
from closedloop_core.exact.sums import Rows, Sums, branch_at, direct_sums, smooth_sums, winners_of
from closedloop_core.exact.thresholds import SURE, folds, lowest_sums, parting, which_stand
from closedloop_core.measures import Array

_DEEPEST = 600.0  # exp(-700) is no longer a full number, and smooth sums take logarithms
_MANY = 64  # winners, and groups, for which smooth sums pay


@dataclass(frozen=True)
class Standing:
    """The stable states at one setting below T = 1: whether one has no winner, and who can win.

    ``rows``, (m,), are groups of ``sums.winners``, each with a bracket of sigma, ``low`` and
    ``high``, (m,); all leaders of a tie are in row 0.
    """

    sums: Sums
    target: float
    has_lone: bool
    rows: Rows
    low: Array
    high: Array

    @property
    def count(self) -> int:
        """The number of stable states."""
        return int(self.has_lone + self.sums.winners.sizes[self.rows].sum())


def standing(q: Array, temperature: float, a: float) -> Standing:
    """Return which stable states there are for q, (n,), below T = 1 and with 0 < a < 1."""
    t, winners = np.array([temperature]), winners_of(q)
    target = log_odds_at(np.array([a])) + np.log1p(-t) - np.log(t)
    sums, wanted = direct_sums(winners, t), np.exp(target)
    if winners.is_tied:
        meeting, lowest, place = parting(sums)
        undecided, win = which_stand(meeting, lowest, wanted)
        has_lone, rows, low = bool(undecided[0]), np.zeros(int(win[0]), dtype=np.intp), place
        low = low[: len(rows)]
        high = np.repeat(far_above(sums, np.zeros(1, dtype=np.intp), target), len(rows))
    else:
        has_lone, low, high = _leading(sums, target)
        rows = np.zeros(len(low), dtype=np.intp)
    others = np.arange(1, len(winners.q))
    if len(others):
        lowest, place = (
            found[0] for found in lowest_sums(smooth_sums(winners, t), others, wanted[:, None])
        )
        stands = wanted > lowest * (1.0 + SURE)
        rows = np.concatenate([rows, others[stands]])
        low = np.concatenate([low, place[stands]])
        far = far_above(sums, np.zeros(1, dtype=np.intp), target)
        high = np.concatenate([high, np.repeat(far, np.count_nonzero(stands))])
    return Standing(sums, float(target[0]), has_lone, rows, low, high)


def _leading(sums: Sums, target: Array) -> tuple[bool, Array, Array]:
    """Return whether nobody has won, and brackets of the only leader's victories."""
    row, wanted = np.zeros(1, dtype=np.intp), np.exp(target)[0]
    far = float(far_above(sums, row, target)[0])
    has_lone = bool(wanted <= sums.at(row, np.zeros(1))[0][0])
    folded, top, bottom = folds(sums)
    stretches = []
    if len(folded):
        if not has_lone and wanted <= top[0][0]:
            stretches.append((0.0, float(top[1][0])))
        if wanted > bottom[0][0] * (1.0 + SURE):
            stretches.append((float(bottom[1][0]), far))
    if not has_lone and not stretches:
        stretches.append((0.0, far))
    low, high = np.array(stretches).reshape(-1, 2).T
    return has_lone, low, high


def winners_states(q: Array, found: Standing) -> Array:
    """Return the stable states with a winner, (m, n), in the order of the rows, then of indices."""
    winners, zeros = found.sums.winners, np.zeros_like(found.rows)
    target, low, high = np.full(len(found.rows), found.target), found.low, found.high
    reach = float(high.max(initial=0.0))
    depth = distance_of(np.array([0.5 * reach**2]), found.sums.t, found.sums.rest)[0]
    if min(len(found.rows), len(winners.q)) > _MANY and depth < _DEEPEST:
        # Most of the way on smooth sums.
        smooth = smooth_sums(winners, found.sums.t, reach)
        near = upper_places(smooth, zeros, found.rows, target, (low, high))
        high = np.minimum(high, near + 1e-6 * (1.0 + near))
        is_above = branch_at(found.sums, zeros, found.rows, high)[0] >= np.exp(target)
        high = np.where(is_above, high, found.high)
    sigma = upper_places(found.sums, zeros, found.rows, target, (low, high))
    states = []
    for row, place in zip(found.rows, sigma, strict=True):
        others, won, members = winner_values(q, found.sums, int(row), float(place))
        for winner in members:
            state = others.copy()
            state[winner] = won
            states.append(state / state.sum())
    return np.array(states).reshape(-1, len(q))


def winner_values(
    q: Array, sums: Sums, row: int, sigma: float
) -> tuple[Array, float, NDArray[np.intp]]:
    """Return the parts of the states in which one outcome of a group has won, but for a factor.

    Parameters
    ----------
    q : (n,) float
    sums : Sums of q at one temperature
    row : int, the winner's group
    sigma : float >= 0, the place on its branch

    Returns
    -------
    others : (n,) float, every outcome on its lower root
    won : float, the winner on its upper root
    members : (m,) int, the outcomes of the group
    """
    winners, t, rest = sums.winners, sums.t, sums.rest
    groups, depth = group_outcomes(q[q > 0], cold=True, ties_broken=False), 0.5 * sigma**2
    r = distance_of(max(depth, 0.5 * TINY**2) + groups.gaps / t, t, rest)
    others = np.zeros(len(q))
    others[q > 0] = (groups.q * (rest + t * np.exp(-r)))[groups.members]
    own = distance_of(depth + winners.gaps[row] / t, rest, t)
    # Rare and absent ones win alike (`sums`), and q alone tells them apart.
    won, is_member = t * np.exp(np.log(winners.q[row]) + own), q == 0
    if row < len(groups.q):
        won, is_member = won + rest * groups.q[row], q == groups.q[row]
    return others, float(won[0]), np.flatnonzero(is_member)
