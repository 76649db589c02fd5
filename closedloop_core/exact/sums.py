r"""The branches of the winners at temperatures below 1, each one smooth function (ours).

A stable state has at most one *winner*, an outcome on the upper root of h (see `curve`): all the
others are on the lower root. For a winner w, as kappa falls from where the leader's two roots
meet,

.. math:: (1-a)/a = S_w(\kappa) = \sum_i q_i e^{y_i^{low}} + q_w (e^{y_w^{up}} - e^{y_w^{low}}),

and the state is stable where S_w rises. Measure how deep kappa has fallen by sigma, with
sigma^2 / 2 the leader's depth (see `crest`). In units of T/(1 - T), S_w = B + gap_w: B, the sum of
the lower roots, is the same for all winners, smooth in sigma, and singular only where an outcome's
own sigma_i is 0. So a dozen nodes, clustered on the scale of the runner-up's, carry ln B to nine
digits by quintic Hermite polynomials (`smooth_sums`), at many temperatures at once; and where that
is not enough it is summed (`direct_sums`). The gaps are exact. Next: `thresholds`, the extrema.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.exact.crest import distance_of, rate_of
from closedloop_core.exact.curve import TINY
from closedloop_core.exact.groups import group_outcomes
from closedloop_core.measures import Array

Rows = NDArray[np.intp]

_BLOCK = 16_384  # elements that fit the cache
_RATIO = 0.25  # between nodes, as a part of the distance to the nearest singularity
_NEAREST_TIE = 1e-8  # in sigma: closer runners-up are resolved like this one
_EXTREME = 1e-3  # next to T = 1 and to 0 the fast roots lose digits
RAREST = 600.0  # in ln(q_0/q_i): rarer outcomes win like absent ones, to e^-600


@dataclass(frozen=True)
class Winners:
    """Groups of equal q, leader first, absent ones last: q, sizes and ln(q_0/q), (groups,) each."""

    q: Array
    sizes: Array
    gaps: Array

    @property
    def is_tied(self) -> bool:
        """Whether several outcomes share the largest q."""
        return bool(self.sizes[0] > 1)


def winners_of(q: Array) -> Winners:
    """Group the outcomes of a law, (n,)."""
    groups = group_outcomes(q[q > 0], cold=True, ties_broken=False)
    absent = np.count_nonzero(q == 0)
    gaps, sizes = np.minimum(groups.gaps, RAREST), groups.sizes
    if absent:
        gaps, sizes = np.append(gaps, RAREST), np.append(sizes, absent)
    return Winners(groups.q[0] * np.exp(-gaps), sizes, gaps)


@dataclass(frozen=True)
class Sums:
    """B over sigma at some temperatures, and nodes (rows, k) that reach past every minimum.

    ``at`` takes rows and sigma, (k,) each, and returns B and its two derivatives along sigma.
    """

    winners: Winners
    t: Array
    rest: Array
    nodes: Array
    at: Callable[[Rows, Array], tuple[Array, Array, Array]]
    is_exact: bool


def direct_sums(winners: Winners, temperatures: Array, reach: float = 0.0) -> Sums:
    """Return B at temperatures, (rows,), to the last digit, summed wherever it is asked for."""
    t, rest = temperatures, 1.0 - temperatures
    weights, gaps = _present(winners)

    def at(rows: Rows, sigma: Array) -> tuple[Array, Array, Array]:
        found = np.empty((3, *sigma.shape))
        flat, rows, sigma = found.reshape(3, -1), rows.ravel(), np.maximum(sigma.ravel(), TINY)
        block = max(1, _BLOCK // len(weights))
        for here in (slice(k, k + block) for k in range(0, len(rows), block)):
            cold, left = t[rows[here], None], rest[rows[here], None]
            square = (sigma[here] ** 2)[:, None]
            r = distance_of(0.5 * square + gaps / cold, cold, left)
            rate, low = rate_of(r, cold, left), np.exp(-r)
            bend = low * rate * (rate + low / np.expm1(-r) ** 2)
            low_rate = (rate * low) @ weights
            flat[0, here] = low @ weights
            flat[1, here] = -sigma[here] * low_rate
            flat[2, here] = square[:, 0] * (bend @ weights) - low_rate
        return found[0], found[1], found[2]

    return Sums(winners, t, rest, _lay_nodes(winners, t, rest, reach)[3], at, True)


def smooth_sums(winners: Winners, temperatures: Array, reach: float = 0.0) -> Sums:
    """Return B at temperatures, (rows,), to nine digits, from sums on the nodes alone."""
    t, rest = temperatures, 1.0 - temperatures
    scale, first, step, nodes = _lay_nodes(winners, t, rest, reach)
    weights, gaps = _present(winners)
    logs = np.empty((3, *nodes.shape))
    block = max(1, _BLOCK // (nodes.shape[1] * len(weights)))
    for rows in (slice(at, at + block) for at in range(0, len(t), block)):
        cold, left = t[rows, None, None], rest[rows, None, None]
        tau = nodes[rows, :, None] ** 2
        e = fallen(tau + 2.0 / cold * gaps, cold, left)
        rate, bend = _rates(e, cold, left)
        rate *= e
        total = e @ weights
        slope, bend = -(rate @ weights) / total, (bend @ weights) / total
        logs[0, rows] = np.log(total)
        logs[1, rows] = nodes[rows] * slope
        logs[2, rows] = slope + tau[..., 0] * (bend - slope * slope)
    quintics = _quintics(nodes, logs)

    def at(rows: Rows, sigma: Array) -> tuple[Array, Array, Array]:
        place = (np.arcsinh(sigma / scale[rows]) - first[rows]) / step[rows]
        at = np.clip(place.astype(np.intp), 0, nodes.shape[1] - 2)
        start = nodes[rows, at]
        width = nodes[rows, at + 1] - start
        x = (sigma - start) / width
        c = quintics[:, rows, at]
        value, slope, bend = c[5], np.zeros_like(x), np.zeros_like(x)
        for k in (4, 3, 2, 1, 0):
            bend = bend * x + slope
            slope = slope * x + value
            value = value * x + c[k]
        slope /= width
        value = np.exp(value)
        return value, value * slope, value * (2.0 * bend / width**2 + slope * slope)

    return Sums(winners, t, rest, nodes, at, False)


def _present(winners: Winners) -> tuple[Array, Array]:
    present = winners.gaps < RAREST
    return (winners.sizes * winners.q)[present], winners.gaps[present]


def _lay_nodes(
    winners: Winners, t: Array, rest: Array, reach: float
) -> tuple[Array, Array, Array, Array]:
    """Lay nodes to where no minimum can lie any more, or to ``reach``: scale, first, step, nodes.

    They stand at scale sinh(first + k step).
    """
    # S_w is above the leader's upper term, and min S_w below S_w at sigma = 1 of an absent winner.
    most = 1.0 / winners.q[0] + np.exp(0.5 * t - np.log(t) / rest)
    room = (np.log(most) + 1.0) + np.log1p(-rest * (1.0 - 1.0 / most)) / rest
    end = np.maximum(np.sqrt(2.0 / t * room), reach)
    gap = winners.gaps[1] if len(winners.gaps) > 1 else 1.0
    scale = np.clip(np.sqrt(2.0 * gap / t), _NEAREST_TIE, 1.5)
    if gap == 0 or winners.is_tied:
        scale = np.clip(scale, 1e-3, 1.5)
    first, last = np.full(len(t), 0.01), np.arcsinh(end / scale)
    count = int(np.ceil(((last - first) / _RATIO).max(initial=1.0))) + 1
    step = (last - first) / (count - 1)
    nodes = scale[:, None] * np.sinh(first[:, None] + step[:, None] * np.arange(count))
    return scale, first, step, nodes


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


def fallen(square: Array, t: Array, rest: Array) -> Array:
    """Return e^-r at depths of square/2, (...), to about 1e-12; t and rest exchanged: on top."""
    if t.max(initial=0.0) > 1.0 - _EXTREME or t.min(initial=1.0) < _EXTREME:
        return np.exp(-distance_of(0.5 * square, t, rest))
    most = -np.log(rest) / t  # what r exceeds its depth by, far below the crest
    sharp = np.maximum(0.26 / most - 0.03, 0.01)
    sigma, depth = np.sqrt(square), 0.5 * rest * square
    # Right to second order at the crest and in the limit; in between to 0.3 at worst.
    r = (sharp * sigma + 1.0) * sigma
    r /= (sharp / most) * square + (sharp + (2.0 - t) / 6.0) * sigma + 1.0
    r += depth
    for _ in range(2 if t.max(initial=0.0) < 0.99 else 3):
        e = np.exp(-r)
        p = rest + t * e
        room = np.maximum(1.0 - e, 1e-9)
        step = np.log(p)
        step /= t
        step += r
        step -= depth
        step *= p
        step /= rest * room  # Newton's
        e *= step
        p *= room
        e /= p
        e *= -0.5
        e += 1.0
        step /= e  # Halley's: it triples the digits
        r -= step
    return np.exp(-r)


def _rates(e: Array, t: Array, rest: Array) -> tuple[Array, Array]:
    """Return -dE/dtau / E and d2E/dtau2 of lower roots, tau = sigma^2 / 2."""
    room = np.maximum(1.0 - e, 1e-12)
    rate = t * e
    rate += rest
    rate /= room
    room *= room
    bend = e / room
    bend += rate
    bend *= rate
    bend *= e
    return rate, bend


def height_of(
    sums: Sums, rows: Rows, winners: Rows, sigma: Array, moved: float = 1.0
) -> tuple[Array, Array]:
    """Return S_w and its slope along sigma, (k,) each; see `branch_at`."""
    t, rest, q = sums.t[rows], sums.rest[rows], sums.winners.q[winners]
    base, slope, _ = sums.at(rows, sigma)
    sigma = np.maximum(sigma, TINY)
    depth = 0.5 * sigma**2 + sums.winners.gaps[winners] / t
    far, near = distance_of(np.stack([depth, depth]), np.stack([rest, t]), np.stack([t, rest]))
    up, low = np.exp(np.log(q) + far), q * np.exp(-near)
    rate = up * rate_of(far, rest, t) + low * rate_of(near, t, rest)
    return base + moved * (up - low), slope + moved * sigma * rate


def branch_at(
    sums: Sums, rows: Rows, winners: Rows, sigma: Array, moved: float = 1.0
) -> tuple[Array, Array, Array, Array]:
    """Return S_w, its slope, bend and Newton's step to where the slope is 0, (k,) each.

    ``moved`` outcomes of the winner's group are on the upper root together.
    """
    t, rest, q = sums.t[rows], sums.rest[rows], sums.winners.q[winners]
    base, slope, bend = sums.at(rows, sigma)
    sigma = np.maximum(sigma, TINY)
    square = sigma * sigma
    square_w = square + 2.0 / t * sums.winners.gaps[winners]
    if sums.is_exact:
        far, near = distance_of(0.5 * square_w, rest, t), distance_of(0.5 * square_w, t, rest)
        up, low = np.exp(np.log(q) + far), q * np.exp(-near)
        rise, fall = rate_of(far, rest, t), rate_of(near, t, rest)
        turned, turn = np.exp(-far) / np.expm1(-far) ** 2, np.exp(-near) / np.expm1(-near) ** 2
    else:
        lower, high = fallen(square_w, t, rest), fallen(square_w, rest, t)
        up, low = q / high, q * lower
        fall, rise = _rates(lower, t, rest)[0], _rates(high, rest, t)[0]
        turned, turn = (e / np.maximum(1.0 - e, 1e-12) ** 2 for e in (high, lower))
    # The gap's derivatives over sigma^2 / 2.
    rate = moved * (up * rise + low * fall)
    curve = moved * (up * rise * (rise - turned) - low * fall * (fall + turn))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # For ln(rise of the gap / fall of B), which is nearly straight.
        step = -np.log(sigma * rate / -slope)
        step /= 1.0 / sigma + sigma * curve / rate - bend / slope
    value = base + moved * (up - low)
    return value, slope + sigma * rate, bend + rate + square * curve, step
