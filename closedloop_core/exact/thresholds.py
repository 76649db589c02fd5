r"""How many states are stable, at many temperatures below 1 at once (ours).

A winner's branch (`branches`) is S_w = B + gap_w, with one B for all of them, and a state with this
winner exists while (1-a)/a is above the minimum of S_w. Measure how far kappa has fallen below its
largest value, at the leader's crest (`curve`), by ln kappa = top - (1-T) sigma^2 / 2. Outcome i
then lies at sigma_i^2 = sigma^2 + 2b ln(q_0/q_i) below its own crest, and e^y = T/(1-T) E there
with E = e^-r on its lower root, where

.. math:: r + \ln(1 - T + T e^{-r}) / T = (1 - T) \sigma_i^2 / 2,

and 1/E on its upper root, where T and 1 - T change places. So one solver finds both. In units of
T/(1-T), B = sum q_i E_i and gap_w = q_w (1/E'_w - E_w). B is smooth in sigma, singular only where
an outcome's sigma_i is 0: a dozen nodes, clustered on the scale of the runner-up's, carry ln B to
nine digits by quintic Hermite polynomials. The gaps are exact. Next: `stability`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from closedloop_core.exact.arguments import checked_reference, checked_settings
from closedloop_core.exact.branches import lowest_sums, row_of, trace_branches
from closedloop_core.exact.curve import group_outcomes
from closedloop_core.measures import Array
from closedloop_core.settings.laws import Law

_Rows = NDArray[np.intp]

_BLOCK = 16_384  # elements that fit the cache
_RATIO = 0.25  # between nodes, as a part of the distance to the nearest singularity
_NEAREST = 1e-9  # from 1: closer, every threshold is below this, and counts as at it
_USUAL = 0.4  # where most minima lie, in sigma
_RAREST = 600.0  # in ln(q_0/q_i): rarer outcomes win like absent ones, to e^-600


@dataclass(frozen=True)
class _Law:
    """Groups of outcomes with equal q, leader first and absent ones last: q, sizes, ln(q_0/q)."""

    q: Array
    sizes: Array
    gaps: Array

    @property
    def is_tied(self) -> bool:
        return bool(self.sizes[0] > 1)


@dataclass(frozen=True)
class _Sums:
    """ln B over sigma at some temperatures: nodes (rows, k), quintics (6, rows, k - 1)."""

    temperatures: Array
    scale: Array
    first: Array
    step: Array
    nodes: Array
    quintics: Array

    def at(self, rows: _Rows, sigma: Array) -> tuple[Array, Array, Array]:
        """Return B and its two derivatives along sigma."""
        place = (np.arcsinh(sigma / self.scale[rows]) - self.first[rows]) / self.step[rows]
        at = np.clip(place.astype(np.intp), 0, self.nodes.shape[1] - 2)
        start = self.nodes[rows, at]
        width = self.nodes[rows, at + 1] - start
        x = (sigma - start) / width
        c = self.quintics[:, rows, at]
        value, slope, bend = c[5], np.zeros_like(x), np.zeros_like(x)
        for k in (4, 3, 2, 1, 0):
            bend = bend * x + slope
            slope = slope * x + value
            value = value * x + c[k]
        slope /= width
        value = np.exp(value)
        return value, value * slope, value * (2.0 * bend / width**2 + slope * slope)


def count_stable(q: Array, temperatures: Array, fractions: Array) -> NDArray[np.int64]:
    """Return the number of stable states on a grid; thresholds are right to 1e-8 in a.

    Parameters
    ----------
    q : (n,) float
    temperatures : (rows,) float below 1
    fractions : (columns,) float inside (0, 1)

    Returns
    -------
    (rows, columns) int
    """
    law, t = _grouped_law(q), np.minimum(temperatures, 1.0 - _NEAREST)
    odds = 1.0 / np.maximum(fractions, 1e-300) - 1.0
    sums, targets = _traced(law, t), odds * ((1.0 - t) / t)[:, None]
    lowest = _minima(law, sums, np.arange(1, len(law.q)))
    counts = (_tied_leaders if law.is_tied else _one_leader)(law, sums, targets)
    others = np.concatenate([[0], np.cumsum(law.sizes[1:])])
    for row, ends, wanted in zip(counts, lowest, targets, strict=True):
        row += others[np.searchsorted(ends, wanted)]
    return counts.astype(np.int64)


def other_winner(q: Array, temperatures: Array) -> Array:
    """Return the largest collapse threshold of all outcomes but the leader.

    Parameters
    ----------
    q : (n,) float
    temperatures : (m,) float below 1

    Returns
    -------
    (m,) float in [0, 1), external shares
    """
    law, t = _grouped_law(q), np.minimum(temperatures, 1.0 - _NEAREST)
    sums = _traced(law, t)
    lowest = _parting(law, sums)[1] if law.is_tied else _minima(law, sums, np.array([1]))[:, 0]
    return np.asarray((1.0 - t) / (1.0 - t + t * lowest))


def leaders_fold(q: Array, temperatures: Array) -> Array:
    """Return the leader's y (see `curve`) at the top and the bottom of its branch's fold.

    A branch folds where (1-a)/a along it rises, falls and rises again. Those of tied leaders fold
    where the leaders part.

    Parameters
    ----------
    q : (n,) float
    temperatures : (m,) float below 1

    Returns
    -------
    (2, m) float; -inf where there is no fold
    """
    law, t = _grouped_law(q), np.minimum(temperatures, 1.0 - _NEAREST)
    sums, sigma = _traced(law, t), np.full((2, len(t)), -np.inf)
    if law.is_tied:
        sigma[0], sigma[1] = 0.0, _parting(law, sums)[2]
    else:
        rows, top, bottom = _folds(law, sums)
        sigma[:, rows] = top[1], bottom[1]
    upper = -np.log(_fallen(np.maximum(sigma, 0.0) ** 2, 1.0 - t))
    return np.asarray(np.where(sigma < 0, sigma, np.log(t) - np.log1p(-t) + upper))


def _grouped_law(q: Array) -> _Law:
    groups = group_outcomes(q[q > 0], cold=True, ties_broken=False)
    absent = np.count_nonzero(q == 0)
    gaps = np.minimum(groups.log_q[0] - groups.log_q, _RAREST)
    sizes = groups.sizes
    if absent:
        gaps, sizes = np.append(gaps, _RAREST), np.append(sizes, absent)
    return _Law(np.exp(groups.log_q[0] - gaps), sizes, gaps)


def _fallen(square: Array, t: Array) -> Array:
    """Return E = e^-r on the lower root, given sigma_i^2; with 1 - t for t, on the upper one."""
    most = -np.log1p(-t) / t  # what r exceeds its depth by, far below the crest
    sharp = np.maximum(0.26 / most - 0.03, 0.01)
    sigma, depth = np.sqrt(square), 0.5 * (1.0 - t) * square
    # Right to second order at the crest and in the limit; in between to 0.3 at worst.
    r = (sharp * sigma + 1.0) * sigma
    r /= (sharp / most) * square + (sharp + (2.0 - t) / 6.0) * sigma + 1.0
    r += depth
    for _ in range(2 if t.max(initial=0.0) < 0.99 else 3):
        e = np.exp(-r)
        p = (1.0 - t) + t * e
        room = np.maximum(1.0 - e, 1e-9)
        step = np.log(p)
        step /= t
        step += r
        step -= depth
        step *= p
        step /= (1.0 - t) * room  # Newton's
        e *= step
        p *= room
        e /= p
        e *= -0.5
        e += 1.0
        step /= e  # Halley's: it triples the digits
        r -= step
    return np.exp(-r)


def _rates(e: Array, t: Array) -> tuple[Array, Array]:
    """Return -dE/dtau / E and d2E/dtau2 of lower roots, tau = sigma^2 / 2."""
    room = np.maximum(1.0 - e, 1e-12)
    rate = t * e
    rate += 1.0 - t
    rate /= room
    room *= room
    bend = e / room
    bend += rate
    bend *= rate
    bend *= e
    return rate, bend


def _traced(law: _Law, t: Array) -> _Sums:
    """Lay nodes to where no minimum can lie any more, and sum there."""
    # S_w is above the leader's upper term, and min S_w below S_w at sigma = 1 of an absent winner.
    most = 1.0 / law.q[0] + np.exp(0.5 * t) * t ** (-1.0 / (1.0 - t))
    reach = np.log(most) + 1.0
    end = np.sqrt(2.0 / t * (reach + np.log(t + (1.0 - t) / most) / (1.0 - t)))
    gap = law.gaps[1] if len(law.gaps) > 1 else 1.0
    scale = np.clip(np.sqrt(2.0 * gap / t), 1e-3, 1.5)
    first, last = np.full(len(t), 0.01), np.arcsinh(end / scale)
    count = int(np.ceil(((last - first) / _RATIO).max(initial=1.0))) + 1
    step = (last - first) / (count - 1)
    nodes = scale[:, None] * np.sinh(first[:, None] + step[:, None] * np.arange(count))
    present = law.gaps < _RAREST
    weights = (law.sizes * law.q)[present]
    logs = np.empty((3, *nodes.shape))
    block = max(1, _BLOCK // (count * len(weights)))
    for rows in (slice(at, at + block) for at in range(0, len(t), block)):
        cold = t[rows, None, None]
        tau = nodes[rows, :, None] ** 2
        e = _fallen(tau + 2.0 / cold * law.gaps[present], cold)
        rate, bend = _rates(e, cold)
        rate *= e
        total = e @ weights
        slope, bend = -(rate @ weights) / total, (bend @ weights) / total
        logs[0, rows] = np.log(total)
        logs[1, rows] = nodes[rows] * slope
        logs[2, rows] = slope + tau[..., 0] * (bend - slope * slope)
    return _Sums(t, scale, first, step, nodes, _quintics(nodes, logs))


def _quintics(nodes: Array, values: Array) -> Array:
    """Return the quintic Hermite polynomials between nodes, lowest coefficient first."""
    width = np.diff(nodes, axis=1)
    scaled = values[:, :, :-1], values[:, :, 1:]
    f0, d0, s0 = (v * width**k for k, v in enumerate(scaled[0]))
    f1, d1, s1 = (v * width**k for k, v in enumerate(scaled[1]))
    rise = f1 - f0
    return np.stack(
        [
            f0,
            d0,
            0.5 * s0,
            10 * rise - 6 * d0 - 4 * d1 - 1.5 * s0 + 0.5 * s1,
            -15 * rise + 8 * d0 + 7 * d1 + 1.5 * s0 - s1,
            6 * rise - 3 * (d0 + d1) - 0.5 * (s0 - s1),
        ]
    )


def _branch(
    law: _Law, sums: _Sums, rows: _Rows, winners: _Rows, sigma: Array
) -> tuple[Array, Array, Array, Array]:
    """Return S_w, its slope and bend along sigma, and Newton's step to where the slope is 0."""
    t, q, square = sums.temperatures[rows], law.q[winners], sigma * sigma
    base, slope, bend = sums.at(rows, sigma)
    square_w = square + 2.0 / t * law.gaps[winners]
    low, high = _fallen(square_w, t), _fallen(square_w, 1.0 - t)
    (fall, turn), (rise, _) = _rates(low, t), _rates(high, 1.0 - t)
    up = q / high
    # The gap's derivatives over sigma^2 / 2.
    rate = up * rise + q * fall * low
    curve = up * rise * (rise - high / np.maximum(1.0 - high, 1e-12) ** 2) - q * turn
    # For ln(rise of the gap / fall of B), which is nearly straight.
    step = -np.log(sigma * rate / -slope) / (1.0 / sigma + sigma * curve / rate - bend / slope)
    return base + up - q * low, slope + sigma * rate, bend + rate + square * curve, step


def _extremum(
    law: _Law, sums: _Sums, rows: _Rows, winners: _Rows, low: Array, high: Array, sign: float = 1.0
) -> tuple[Array, Array]:
    """Return min S_w (max S_w with ``sign`` -1) of pairs (row, winner) in brackets, and sigma."""
    sigma = np.clip(_USUAL, low, high)
    for _ in range(60):
        value, slope, bend, step = _branch(law, sums, rows, winners, sigma)
        before = sign * slope < 0
        low, high = np.where(before, sigma, low), np.where(before, high, sigma)
        fresh = sigma + step
        fresh = np.where((fresh >= low) & (fresh <= high), fresh, np.sqrt(low * high))
        if np.all(np.abs(fresh - sigma) < 1e-3 * sigma):
            break
        sigma = fresh
    # There S is flat: the parabola at the last place knows the rest.
    return value - np.where(sign * bend > 0, 0.5 * slope * slope / bend, 0.0), fresh


def _minima(law: _Law, sums: _Sums, winners: _Rows) -> Array:
    """Return min S_w, (rows, winners); it rises as q_w falls."""
    found = np.empty((len(sums.temperatures), len(winners)))
    for at in range(0, found.size, _BLOCK):
        rows, others = np.divmod(np.arange(at, min(at + _BLOCK, found.size)), len(winners))
        ends = sums.nodes[rows, 0], sums.nodes[rows, -1]
        found[rows, others] = _extremum(law, sums, rows, winners[others], *ends)[0]
    return found


def _one_leader(law: _Law, sums: _Sums, targets: Array) -> Array:
    """Return how many states have the only leader ahead, or no winner: 1, or 2 inside a fold."""
    counts = np.ones(targets.shape)
    rows, top, bottom = _folds(law, sums)
    inside = (bottom[0][:, None] < targets[rows]) & (targets[rows] <= top[0][:, None])
    counts[rows] += inside
    return counts


def _folds(law: _Law, sums: _Sums) -> tuple[_Rows, tuple[Array, Array], tuple[Array, Array]]:
    """Return the rows where the leader's branch folds, and S and sigma at the top and bottom."""
    rows, middle = _falling(law, sums)
    leader, ends = np.zeros_like(rows), (sums.nodes[rows, 0], sums.nodes[rows, -1])
    top = _extremum(law, sums, rows, leader, ends[0], middle, -1.0)
    return rows, top, _extremum(law, sums, rows, leader, middle, ends[1])


def _falling(law: _Law, sums: _Sums) -> tuple[_Rows, Array]:
    """Return the rows where the leader's branch falls somewhere, and the sigma of its fastest."""
    nodes, last = sums.nodes, sums.nodes.shape[1] - 1
    rows = np.indices(nodes.shape)[0]
    slope, bend = _branch(law, sums, rows, np.zeros_like(rows), nodes)[1:3]
    at, rows = np.argmin(slope, axis=1), np.arange(len(nodes))
    # Between nodes the slope may dip below 0, but hardly below its tangent.
    ahead = np.clip(at + np.where(bend[rows, at] < 0, 1, -1), 0, last)
    dip = slope[rows, at] - np.abs(bend[rows, at] * (nodes[rows, ahead] - nodes[rows, at]))
    rows, at = rows[dip < 0], at[dip < 0]
    low, high = nodes[rows, np.maximum(at - 1, 0)], nodes[rows, np.minimum(at + 1, last)]
    pick = np.arange(len(rows))
    for _ in range(4):
        points = low[:, None] + (high - low)[:, None] * np.linspace(0.0, 1.0, 9)
        every = np.broadcast_to(rows[:, None], points.shape)
        slopes = _branch(law, sums, every, np.zeros_like(every), points)[1]
        at = np.argmin(slopes, axis=1)
        low, high = points[pick, np.maximum(at - 1, 0)], points[pick, np.minimum(at + 1, 8)]
    falls = slopes[pick, at] < 0
    return rows[falls], points[pick, at][falls]


def _tied_leaders(law: _Law, sums: _Sums, targets: Array) -> Array:
    """Return how many states have one of the tied leaders ahead, or none of them.

    The winners' states end at the minimum of their branch, the undecided one where the leaders
    part. Within 1e-9 of it that one counts as unstable, unless they part without a jump.
    """
    meeting, lowest = (value[:, None] for value in _parting(law, sums)[:2])
    undecided = targets < meeting * (1.0 - 1e-9)
    winners = targets > lowest * (1.0 + 1e-9)
    undecided |= (lowest == meeting) & ~winners
    return np.asarray(undecided + law.sizes[0] * winners)


def _parting(law: _Law, sums: _Sums) -> tuple[Array, Array, Array]:
    """Return the tied leaders' S_w where they part, at their crest; its minimum, and sigma."""
    t, start = sums.temperatures, sums.nodes[:, 0]
    crest = _fallen(2.0 / t[:, None] * law.gaps, t[:, None])
    meeting = crest @ (law.sizes * law.q * (law.gaps < _RAREST))
    lowest, sigma, rows = meeting.copy(), np.zeros(len(t)), np.arange(len(t))
    dips = rows[_branch(law, sums, rows, np.zeros_like(rows), start)[1] < 0]
    ends = start[dips], sums.nodes[dips, -1]
    found, sigma[dips] = _extremum(law, sums, dips, np.zeros_like(dips), *ends)
    lowest[dips] = np.minimum(found, meeting[dips])
    return meeting, lowest, sigma


def collapse_threshold(reference: ArrayLike | Law, temperature: float, outcome: int) -> float:
    """Return the external share below which ``outcome`` can win: a_j, the end of its branch.

    Parameters
    ----------
    reference : Law or (n,) float, n <= 10,000
    temperature : float in [0.02, 50]
    outcome : int, an index that is not the reference's only largest entry

    Returns
    -------
    float in [0, 1); 0.0 at T >= 1

    Raises
    ------
    ValueError
        If ``outcome`` is the unique largest entry (its branch need not end) or out of range.

    Notes
    -----
    Source: ours. Thresholds fall in the order of q (proved).
    """
    q = checked_reference(reference)
    checked_settings(temperature, 0.0)
    if not 0 <= outcome < len(q):
        raise ValueError(f"outcome must be an index below {len(q)}, got {outcome}")
    if q[outcome] == q.max() and np.count_nonzero(q == q.max()) == 1:
        raise ValueError(f"outcome must not be the only largest entry, got {outcome}")
    if temperature >= 1:
        return 0.0
    branches = trace_branches(q, temperature, nodes=100)
    row = row_of(branches, q[outcome])
    return float(1.0 / (1.0 + lowest_sums(branches, np.array([row]))[0][0]))
