"""The branches of fixed points over the external share, to be drawn (ours).

The winners' branches are those of `sums`, on fixed nodes; each is cut where its stability changes.
Next: `stability`, the public side.
"""

from dataclasses import dataclass

import numpy as np

from closedloop_core.exact.crest import depth_of, distance_of
from closedloop_core.exact.curve import TINY, place_of
from closedloop_core.exact.groups import OutcomeGroups, group_outcomes
from closedloop_core.measures import Array

_NODES = 200
_MOST_LOG_ODDS = 45.0
_LEAST_LOGIT = -14.0  # of the self-generated share: a hair from a = 1


@dataclass(frozen=True)
class Piece:
    """A stretch of a branch that is stable, or unstable, throughout.

    ``winner`` is the outcome that won (of equal ones the first), None for the even-handed one;
    ``external_fraction`` and ``distance`` (total variation to q), (m,) each, are its points.
    """

    winner: int | None
    is_stable: bool
    external_fraction: Array
    distance: Array


def bifurcation(q: Array, temperature: float, most_winners: int = 10) -> list[Piece]:
    """Return the branches of fixed points of q, (n,), over the share at one temperature.

    The state reached from q first; below T = 1 then the winners' branches, likeliest first.
    """
    if temperature == 1:
        share = np.linspace(1.0, 0.0, 101)
        return [Piece(None, True, share, np.zeros_like(share))]
    groups = group_outcomes(q[q > 0], cold=temperature < 1, ties_broken=False)
    crest = np.log(temperature) - np.log1p(-temperature) if temperature < 1 else 0.0
    last = 0.0 if temperature < 1 else 40.0 - groups.log_q[0]
    first = min(_LEAST_LOGIT - crest, last)
    leader = np.linspace(first, last, _NODES)
    place = place_of(groups, np.full(_NODES, temperature), leader)
    gained = np.maximum(place.values - groups.q, 0.0) @ groups.sizes
    start = 1.0 / (1.0 + np.exp(place.log_odds)), gained
    if temperature > 1:
        return [Piece(None, True, *start)]
    walk = _Walk(groups, temperature)
    winners = [int(np.flatnonzero(q == weight)[0]) for weight in groups.q]
    if groups.is_tied:
        pieces = [Piece(None, True, *start), Piece(None, False, *walk.points((), all_leaders=True))]
        pieces += _pieces(winners[0], *walk.points((0,)))
    else:
        # Both parts hold the crest: a point given twice would be cut out as a piece of its own.
        own = [points[1:] for points in walk.points((0,))]
        joined = [np.concatenate(pair) for pair in zip(start, own, strict=True)]
        pieces = _pieces(winners[0], *joined)
    for row in range(1, min(most_winners, len(groups.q))):
        pieces += _pieces(winners[row], *walk.points((row,)))
    if not groups.is_tied and len(groups.q) > 1:
        pieces.append(Piece(winners[1], False, *walk.points((0, 1))))
    return pieces


class _Walk:
    """Nodes from the crest to where the leader's own term alone passes any odds of a float."""

    def __init__(self, groups: OutcomeGroups, temperature: float) -> None:
        self.groups, self.t, self.rest = groups, np.array(temperature), np.array(1 - temperature)
        crest = float(np.log(self.t) - np.log(self.rest))
        gap = groups.gaps[1] if len(groups.gaps) > 1 else 1.0
        scale = 0.3 * float(np.clip(np.sqrt(2.0 * gap / temperature), 1e-6, 1.0))
        if groups.is_tied:
            scale = 3e-7
        reach = _MOST_LOG_ODDS - groups.log_q[0] - min(crest, 0.0)
        leader = scale * np.sinh(np.arcsinh(reach / scale) * np.linspace(0.0, 1.0, _NODES))
        depth = depth_of(np.maximum(leader, TINY), self.rest, self.t)
        self.depths = depth[:, None] + groups.gaps / self.t
        self.low = np.exp(-distance_of(self.depths, self.t, self.rest))

    def points(self, winners: tuple[int, ...], all_leaders: bool = False) -> tuple[Array, Array]:
        """Return external share and distance to q where one of each of these groups has won."""
        q, sizes = self.groups.q, self.groups.sizes
        v = q * (1.0 + self.t / self.rest * self.low)
        moved = sizes[:1] if all_leaders else np.ones(len(winners))
        rows = [0] if all_leaders else list(winners)
        up = distance_of(self.depths[:, rows], self.rest, self.t)
        won = q[rows] * (1.0 + self.t / self.rest * np.exp(np.minimum(up, 700.0)))
        total = v @ sizes + (won - v[:, rows]) @ moved
        gains, others = (
            np.maximum(x / total[:, None] - weights, 0.0) for x, weights in ((won, q[rows]), (v, q))
        )
        distance = others @ sizes + (gains - others[:, rows]) @ moved
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
