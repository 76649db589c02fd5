"""Where stable states appear and vanish, and how many there are, below T = 1 (ours).

A winner's branch S_w (see `sums`) has a minimum, and its state exists below the share
1 / (1 + T/(1 - T) min S_w). The only leader's branch may fold instead: history leaves it at its
top. Extrema are found on smooth sums, at all temperatures at once, and where a share is too near
to one of them for those, from the sums themselves. Next: `crossings`, the states.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from closedloop_core.checks import one_number
from closedloop_core.exact.arguments import checked_reference, checked_setting
from closedloop_core.exact.sums import (
    Rows,
    Sums,
    Winners,
    branch_at,
    direct_sums,
    smooth_sums,
    winners_of,
)
from closedloop_core.measures import Array
from closedloop_core.settings.laws import Law

_BLOCK = 16_384  # pairs at a time
_USUAL = 0.4  # where most minima lie, in sigma
_DOUBT = 1e-7  # smooth extrema are right to half of it, relatively
SURE = 1e-14  # so are exact ones, but for rounding


def units(temperatures: Array, fractions: Array) -> Array:
    """Return (1 - a)/a in units of T/(1 - T), (rows, columns): what branches have to reach."""
    odds = 1.0 / np.maximum(fractions, 1e-300) - 1.0
    return np.asarray(odds * ((1.0 - temperatures) / temperatures)[:, None])


def count_stable(q: Array, temperatures: Array, fractions: Array) -> NDArray[np.int64]:
    """Return the number of stable states, (rows, columns).

    Temperatures lie below 1, fractions inside (0, 1). Exact but for rounding, and for folds of the
    leader's branch that are no wider than 1e-7 of a.
    """
    winners, t = winners_of(q), temperatures
    sums, targets = smooth_sums(winners, t), units(t, fractions)
    counts = (_tied_leaders if winners.is_tied else _one_leader)(sums, targets)
    lowest = lowest_sums(sums, np.arange(1, len(winners.q)), targets)[0]
    others = np.concatenate([[0], np.cumsum(winners.sizes[1:])])
    counts += others[_passed(lowest * (1.0 + SURE), targets)]
    return counts.astype(np.int64)


def _passed(rising: Array, wanted: Array) -> Rows:
    """Return how many values of each row lie below each of its wanted ones."""
    return np.array(
        [np.searchsorted(*pair) for pair in zip(rising, wanted, strict=True)], dtype=np.intp
    ).reshape(wanted.shape)


def other_winner(q: Array, temperatures: Array) -> Array:
    """Return the largest collapse threshold beside the leader's, (m,); of temperatures below 1."""
    sums = smooth_sums(winners_of(q), temperatures)
    if sums.winners.is_tied:
        lowest = parting(sums)[1]
    else:
        lowest = lowest_sums(sums, np.array([1]))[0][:, 0]
    return share_at(lowest, temperatures)


def share_at(height: Array, temperatures: Array) -> Array:
    """Return the shares, (m,), at which branches stand, in units of T/(1 - T), this high."""
    return np.asarray((1.0 - temperatures) / (1.0 - temperatures + temperatures * height))


def leaders_fold(q: Array, temperatures: Array) -> Array:
    """Return sigma at the top and the bottom of the fold of the leader's branch, (2, m).

    -inf where it does not fold. Branches of tied leaders fold where the leaders part.
    """
    sums, sigma = smooth_sums(winners_of(q), temperatures), np.full((2, len(temperatures)), -np.inf)
    if sums.winners.is_tied:
        sigma[0], sigma[1] = 0.0, parting(sums)[2]
    else:
        rows, top, bottom = folds(sums)
        sigma[:, rows] = top[1], bottom[1]
    return sigma


def lowest_sums(
    sums: Sums, others: Rows, targets: Array | None = None, near: Array | float = _USUAL
) -> tuple[Array, Array]:
    """Return min S_w and its sigma, (rows, winners) each; the minimum rises as q_w falls.

    Exact where one of the ``targets``, (rows, columns), is in doubt. ``near`` are first guesses.
    """
    found, places = np.empty((2, len(sums.t), len(others)))
    for at in range(0, found.size, _BLOCK):
        rows, which = np.divmod(np.arange(at, min(at + _BLOCK, found.size)), len(others))
        ends = sums.nodes[rows, 0], sums.nodes[rows, -1]
        start = np.broadcast_to(near, found.shape)[rows, which]
        found[rows, which], places[rows, which] = _extremum(
            sums, rows, others[which], *ends, start=start
        )
    if targets is None or sums.is_exact:
        return found, places
    for row in _in_doubt(found, targets):
        doubtful = np.unique(_near(found[row], targets[row]))
        exact = direct_sums(sums.winners, sums.t[row : row + 1])
        better = lowest_sums(exact, others[doubtful], near=places[row, doubtful])
        found[row, doubtful], places[row, doubtful] = better[0][0], better[1][0]
    return found, places


def _in_doubt(rising: Array, wanted: Array) -> Rows:
    """Return the rows in which a wanted value is next to one of the rising ones."""
    at, rows = _passed(rising, wanted), np.arange(len(rising))[:, None]
    ends = np.pad(rising, ((0, 0), (1, 1)), constant_values=(0.0, np.inf))
    near = wanted <= ends[rows, at] * (1.0 + _DOUBT)
    near |= wanted >= ends[rows, at + 1] * (1.0 - _DOUBT)
    return np.flatnonzero(near.any(axis=1))


def _near(rising: Array, wanted: Array) -> Rows:
    """Return the places in ``rising`` of values next to which one of the wanted ones is."""
    first = np.searchsorted(rising, wanted * (1.0 - _DOUBT))
    last = np.searchsorted(rising, wanted * (1.0 + _DOUBT))
    ranges = [np.arange(first[k], last[k]) for k in np.flatnonzero(last > first)]
    return np.concatenate(ranges) if ranges else np.empty(0, dtype=np.intp)


def _extremum(
    sums: Sums,
    rows: Rows,
    winners: Rows,
    low: Array,
    high: Array,
    sign: float = 1.0,
    moved: float = 1.0,
    start: Array | float = _USUAL,
) -> tuple[Array, Array]:
    """Return min S_w (max S_w with ``sign`` -1) of pairs (row, winner) in brackets, and sigma."""
    enough = 1e-8 if sums.is_exact else 1e-3
    sigma = np.clip(start, low, high)
    for _ in range(90):
        value, slope, bend, step = branch_at(sums, rows, winners, sigma, moved)
        before = sign * slope < 0
        low, high = np.where(before, sigma, low), np.where(before, high, sigma)
        fresh = sigma + step
        fresh = np.where((fresh >= low) & (fresh <= high), fresh, np.sqrt(low * high))
        if np.all(np.abs(fresh - sigma) < enough * sigma):
            break
        sigma = fresh
    # There S is flat: the parabola at the last place knows the rest.
    return value - np.where(sign * bend > 0, 0.5 * slope * slope / bend, 0.0), fresh


def _one_leader(sums: Sums, targets: Array) -> Array:
    """Return how many states have the only leader ahead, or no winner: 1, or 2 inside a fold."""
    counts = np.ones(targets.shape)
    rows, top, bottom = folds(sums)
    ends = np.stack([bottom[0], top[0]], axis=1)
    doubtful = np.isin(np.arange(len(rows)), _in_doubt(ends, targets[rows]))
    for row, high, low, is_doubtful in zip(rows, top[0], bottom[0], doubtful, strict=True):
        wanted = targets[row]
        if is_doubtful:
            exact = folds(direct_sums(sums.winners, sums.t[row : row + 1]))
            if not len(exact[0]):
                continue
            high, low = exact[1][0][0], exact[2][0][0]
        counts[row] += (low * (1.0 + SURE) < wanted) & (wanted <= high)
    return counts


def folds(sums: Sums, moved: float = 1.0) -> tuple[Rows, tuple[Array, Array], tuple[Array, Array]]:
    """Return the rows where the leader's branch folds, and S and sigma, (m,), at top and bottom.

    With ``moved`` all so many tied leaders are ahead together.
    """
    rows, middle = _falling(sums, moved)
    if len(rows) == 0:
        return rows, (middle, middle), (middle, middle)
    leader, ends = np.zeros_like(rows), (sums.nodes[rows, 0], sums.nodes[rows, -1])
    top = _extremum(sums, rows, leader, ends[0], middle, -1.0, moved)
    return rows, top, _extremum(sums, rows, leader, middle, ends[1], 1.0, moved)


def _falling(sums: Sums, moved: float) -> tuple[Rows, Array]:
    """Return the rows where the leader's branch falls somewhere, and the sigma of its fastest."""
    rows, points = np.arange(len(sums.t)), sums.nodes
    for _ in range(7 if sums.is_exact else 5):
        every = np.broadcast_to(rows[:, None], points.shape)
        slope, bend = branch_at(sums, every, np.zeros_like(every), points, moved)[1:3]
        at, pick, last = np.argmin(slope, axis=1), np.arange(len(rows)), points.shape[1] - 1
        # Between points the slope may dip below 0, but hardly below its tangent.
        ahead = np.clip(at + np.where(bend[pick, at] < 0, 1, -1), 0, last)
        step = points[pick, ahead] - points[pick, at]
        dips = slope[pick, at] - np.abs(bend[pick, at] * step) < 0
        rows, at, points, slope = rows[dips], at[dips], points[dips], slope[dips]
        pick = pick[: len(rows)]
        lowest, middle = slope[pick, at], points[pick, at]
        low, high = points[pick, np.maximum(at - 1, 0)], points[pick, np.minimum(at + 1, last)]
        points = low[:, None] + (high - low)[:, None] * np.linspace(0.0, 1.0, 9)
        if len(rows) == 0:
            break
    return rows[lowest < 0], middle[lowest < 0]


def _tied_leaders(sums: Sums, targets: Array) -> Array:
    """Return how many states have one of the tied leaders ahead, or none of them."""
    meeting, lowest = parting(sums, targets)[:2]
    undecided, winners = which_stand(meeting[:, None], lowest[:, None], targets)
    return np.asarray(undecided + sums.winners.sizes[0] * winners)


def which_stand(
    meeting: Array, lowest: Array, targets: Array
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say for m tied leaders if the undecided and the winners' states are stable, (m,) each.

    The winners' states end at the minimum of their branch, the undecided one where the leaders
    part. There, but for rounding, it is unstable, unless they part gently.
    """
    undecided = targets < meeting * (1.0 - SURE)
    winners = targets > lowest * (1.0 + SURE)
    gently = lowest >= meeting * (1.0 - 10.0 * SURE)
    return undecided | (gently & ~winners), winners


def parting(sums: Sums, targets: Array | None = None) -> tuple[Array, Array, Array]:
    """Return the tied leaders' S_w where they part, at their crest; its minimum, and sigma.

    The minimum is exact where one of the ``targets``, (rows, columns), is in doubt.
    """
    start, rows = sums.nodes[:, 0], np.arange(len(sums.t))
    exact = direct_sums(sums.winners, sums.t)
    meeting = exact.at(rows, np.zeros(len(rows)))[0]
    lowest, sigma = meeting.copy(), np.zeros(len(rows))
    leader = np.zeros_like(rows)
    dips = rows[branch_at(sums, rows, leader, start)[1] < 0]

    def improve(sums: Sums, some: Rows) -> None:
        ends = start[some], sums.nodes[some, -1]
        found, sigma[some] = _extremum(sums, some, np.zeros_like(some), *ends)
        lowest[some] = np.minimum(found, meeting[some])

    improve(sums, dips)
    if targets is not None and not sums.is_exact:
        improve(exact, dips[_in_doubt(lowest[dips, None], targets[dips])])
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
    Source: ours. Thresholds fall in the order of q (proved: docs/theory.md, section 3.3).

    Examples
    --------
    >>> from closedloop_core import Law, collapse_threshold
    >>> print(round(collapse_threshold(Law.uniform(10), 0.5, 0), 3))
    0.625
    """
    q, (temperature, _) = checked_reference(reference), checked_setting(temperature)
    outcome = int(one_number("outcome", outcome, 0, len(q) - 1, whole=True))
    if q[outcome] == q.max() and np.count_nonzero(q == q.max()) == 1:
        raise ValueError(f"outcome must not be the only largest entry, got {outcome}")
    if temperature >= 1:
        return 0.0
    t, winners = np.array([temperature]), winners_of(q)
    sums = direct_sums(winners, t)
    if q[outcome] == q.max():
        lowest = parting(sums)[1]
    else:
        lowest = lowest_sums(sums, np.array([row_of(winners, q[outcome])]))[0][:, 0]
    return float(share_at(lowest, t)[0])


def row_of(winners: Winners, weight: float) -> int:
    """Return the group of an outcome with this q_i; the last one is for absent outcomes."""
    if weight == 0:
        return len(winners.q) - 1
    return int(np.argmin(np.abs(winners.q - weight) / np.maximum(winners.q, weight)))
