"""The landscape in which the mean-field loop rolls downhill: flow, basins, borders, paths (ours).

It is that of `accumulate`: dp/ds = F(p) - p in the clock s = ln N, so one doubling of the dataset
is ln 2 of it. V = -Phi is the potential. Three outcomes are a triangle, two a well. Next: `cuts`.
"""

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from closedloop_core.exact.classes import class_of
from closedloop_core.exact.settled import settled_state
from closedloop_core.exact.stability import fixed_points, free_energy
from closedloop_core.exact.thresholds import collapse_threshold
from closedloop_core.loop.dynamics import image_of
from closedloop_core.measures import Array, total_variation
from closedloop_core.settings.laws import Law

LATTICE = 60  # cells along a side of the triangle
STEPS_PER_DOUBLING = 8
FEWEST_DOUBLINGS, MOST_DOUBLINGS = 8, 32
SETTLED = 0.004  # closer than this to a stable state, a path has arrived
_LONG_STEPS = 96  # enough for the slowest starts, but for a few beside a border
EDGE_INSET = 0.25  # cells: where V is read on an edge, on which it is infinite
_NAMES = ("A", "B", "C")
Point = tuple[float, float, float]


class Landscape:
    """One setting of the mean-field loop: its law, dials, fixed points and steps."""

    def __init__(
        self, reference: Law, temperature: float, external_fraction: float, tolerance: float
    ) -> None:
        self.tolerance = tolerance
        self.q = reference.probabilities()
        self.temperature = temperature
        self.fraction = external_fraction
        self.labels = list(reference.labels or _NAMES[: reference.n])
        self.fixed = _fixed_points(self.q, temperature, external_fraction)
        self.stable = np.array([p for p, unstable in self.fixed if unstable == 0])

    def image(self, p: Array) -> Array:
        """Return F(p), (..., n)."""
        return image_of(p, self.q, self.temperature, self.fraction)

    def potential(self, p: Array) -> Array:
        """Return V = -Phi, (..., n) to (...), in nats."""
        return -free_energy(p, self.q, self.temperature, self.fraction)

    def step(self, p: Array, length: float) -> Array:
        """Advance by ``length`` in ln N: third order; up to 1 it never leaves the simplex."""
        # Each stage is an average of states and generations (Shu and Osher's scheme).
        once = np.maximum(p + length * (self.image(p) - p), 0.0)
        half = np.maximum(0.75 * p + 0.25 * (once + length * (self.image(once) - once)), 0.0)
        return np.asarray((p + 2.0 * (half + length * (self.image(half) - half))) / 3.0)

    def phase(self, p: Array) -> str:
        """Return the class of a fixed point, by the rule that the headline uses."""
        return class_of(p, self.q, self.temperature, self.tolerance)

    def winner(self, p: Array) -> int | None:
        """Return who has taken over at a fixed point, or None where nobody has."""
        return int(np.argmax(p)) if self.phase(p) == "collapse" and p.max() > 0.5 else None


def _fixed_points(q: Array, temperature: float, fraction: float) -> list[tuple[Array, int]]:
    """Return the fixed points with their unstable directions; none where every state stays."""
    if fraction > 0:
        return list(fixed_points(q, temperature, fraction))
    if temperature == 1:
        return []
    # Without external data they are the even distributions on subsets of the outcomes.
    n, found = len(q), []
    for size in range(1, n + 1):
        for members in combinations(range(n), size):
            p = np.zeros(n)
            p[list(members)] = 1.0 / size
            found.append((p, size - 1 if temperature < 1 else n - size))
    return found


@cache
def lattice_points(cells: int) -> tuple[Array, Array]:
    """Return the triangle's lattice, row by row, and the share of its area at each point."""
    i, j = (axis.ravel() for axis in np.meshgrid(*2 * [np.arange(cells + 1)], indexing="ij"))
    inside = i + j <= cells
    counts = np.stack([i, j, cells - i - j], axis=-1)[inside]
    # A point has six cells around it, on an edge three, at a corner one.
    weights = np.array([6.0, 3.0, 1.0])[np.count_nonzero(counts == 0, axis=1)]
    return counts / cells, weights / weights.sum()


@cache
def arrow_starts(rows: int) -> Array:
    """Return the arrows' feet: a lattice of its own, inside the edges."""
    counts = np.round(lattice_points(rows - 1)[0] * (rows - 1))
    return np.asarray((counts + 0.5) / (rows + 0.5))


def moved_inside(p: Array, least: float) -> Array:
    """Return points moved inside the simplex: no share below about ``least``."""
    kept = np.maximum(p, least)
    return np.asarray(kept / kept.sum(axis=-1, keepdims=True))


def _nearest(p: Array, states: Array) -> tuple[NDArray[np.intp], Array]:
    """Return the nearest of ``states`` to each point, and its total variation."""
    distances = 0.5 * np.abs(p[:, None, :] - states[None, :, :]).sum(axis=-1)
    index = distances.argmin(axis=1)
    return index, distances[np.arange(len(p)), index]


def basins_of(loop: Landscape, points: Array) -> NDArray[np.uint8]:
    """Return which fixed point each start reaches; 255 where there is none, or on a border."""
    labels = np.full(len(points), 255, dtype=np.uint8)
    indices = np.array([k for k, (_, unstable) in enumerate(loop.fixed) if unstable == 0])
    if len(indices) <= 1:
        labels[:] = indices[0] if len(indices) else 255
        return labels
    left = np.flatnonzero(~_stays_tied(loop, points))
    p = points[left]
    if loop.fraction == 0:
        # Order is kept: whoever leads at the start wins.
        labels[left] = indices[p.argmax(axis=1)]
        return labels
    unit = _safe_length(loop)
    # Short steps while a start chooses its side, then long ones while it rolls.
    for round_, length in enumerate([0.25 * unit] * 24 + [unit] * _LONG_STEPS):
        p = loop.step(p, length)
        if length > 1.0:
            p = moved_inside(p, 1e-9)
        if round_ % 6 == 5:
            index, away = _nearest(p, loop.stable)
            done = away < 0.03
            labels[left[done]] = indices[index[done]]
            left, p = left[~done], p[~done]
            if not len(left):
                return labels
    # What is still on its way rolls so slowly that its leader will not change.
    leaders = np.argmax(loop.stable, axis=1)
    matches = np.argmax(p, axis=1)[:, None] == leaders[None, :]
    chosen = np.where(matches.any(axis=1), matches.argmax(axis=1), _nearest(p, loop.stable)[0])
    labels[left] = indices[chosen]
    return labels


def _stays_tied(loop: Landscape, points: Array) -> NDArray[np.bool_]:
    """Say which starts have tied leaders that nothing parts: they lie on a border."""
    second, first = np.argsort(points, axis=1, kind="stable")[:, -2:].T
    rows = np.arange(len(points))
    tied = np.abs(points[rows, first] - points[rows, second]) < 1e-12
    return np.asarray(tied & ((loop.fraction == 0) | (loop.q[first] == loop.q[second])))


def _safe_length(loop: Landscape) -> float:
    """Return a step in ln N, 1 to 6: long where the flow is slow everywhere."""
    p = moved_inside(lattice_points(24)[0], EDGE_INSET / LATTICE)
    own = (loop.image(p) - loop.fraction * loop.q) / p
    rate = max(1.0 - float(own.min()), float(own.max()) / loop.temperature - 1.0)
    return float(np.clip(0.8 / max(rate, 1e-9), 1.0, 6.0))


def borders_between(loop: Landscape, step: float = 0.008, most: int = 160) -> Array:
    """Return the borders between basins, two lines a saddle, traced back from it: (R, B, 3)."""
    saddles = [p for p, unstable in loop.fixed if unstable == 1]
    if len(loop.stable) < 2 or not saddles:
        return np.empty((0, 0, 3))
    directions = np.array([_border_direction(loop, p) for p in saddles])
    p = np.array(saddles).repeat(2, axis=0)
    heading = directions.repeat(2, axis=0) * np.tile([1.0, -1.0], len(saddles))[:, None]
    sources = np.array([p for p, unstable in loop.fixed if unstable == 2]).reshape(-1, 3)
    lines = [p]
    p = _stopped(p, p + step * heading)
    open_ = p.min(axis=1) > 0
    for _ in range(most):
        flow = p - loop.image(moved_inside(p, 1e-12))
        middle = moved_inside(p + 0.5 * step * _unit(flow, heading), 1e-12)
        heading = _unit(middle - loop.image(middle), heading)
        lines.append(np.where(open_[:, None], p, lines[-1]))
        ahead = p + step * heading
        leaves = open_ & (ahead.min(axis=1) <= 0)
        p = np.where(open_[:, None], _stopped(p, ahead), p)
        if len(sources):
            index, away = _nearest(p, sources)
            arrived = open_ & (away < 0.75 * step)
            p = np.where(arrived[:, None], sources[index], p)
            leaves |= arrived
        open_ &= ~leaves
        if not open_.any():
            break
    lines.append(p)
    return np.stack(lines, axis=1)


def _border_direction(loop: Landscape, saddle: Array) -> Array:
    """Return the direction in which the flow runs into a saddle: along the border."""
    basis = np.array([[1.0, -1.0, 0.0], [1.0, 1.0, -2.0]]) / np.sqrt([[2.0], [6.0]])
    if saddle.min() == 0:
        # At an edge's middle (a = 0) the border leaves the edge at a right angle.
        inward = np.where(saddle == 0, 2.0, -1.0)
        return np.asarray(inward / np.linalg.norm(inward))
    small = 1e-5 * saddle.min()
    columns = [
        (loop.image(saddle + small * v) - loop.image(saddle - small * v)) / (2 * small)
        for v in basis
    ]
    values, vectors = np.linalg.eig(basis @ np.array(columns).T)
    return np.asarray(np.real(vectors[:, np.argmin(np.real(values))]) @ basis)


def _unit(flow: Array, heading: Array) -> Array:
    """Return directions of length 1; where nothing flows, the last one."""
    length = np.linalg.norm(flow, axis=1, keepdims=True)
    return np.asarray(np.where(length > 1e-12, flow / np.maximum(length, 1e-300), heading))


def _stopped(p: Array, ahead: Array) -> Array:
    """Return ``ahead``, but not beyond the edge of the triangle."""
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(ahead < 0, p / (p - ahead), 1.0).min(axis=1, keepdims=True)
    return np.asarray(p + reach * (ahead - p))


def source_start(loop: Landscape) -> Array:
    """Return where the source's path starts: at a tie a hair's breadth off, as the core settles."""
    leaders = np.flatnonzero(loop.q == loop.q.max())
    if len(leaders) == 1 or loop.temperature >= 1:
        return loop.q
    corner = np.eye(len(loop.q))[leaders[0]]
    return np.asarray(loop.q + 1e-3 * (corner - loop.q))


def follow_paths(loop: Landscape, starts: Array) -> Array:
    """Follow the flow from each start until all have settled: (starts, steps, n)."""
    length = np.log(2.0) / STEPS_PER_DOUBLING
    states = [starts]
    for doubling in range(1, MOST_DOUBLINGS + 1):
        for _ in range(STEPS_PER_DOUBLING):
            states.append(loop.step(states[-1], length))
        resting = np.abs(loop.image(states[-1]) - states[-1]).sum(axis=1) < SETTLED / 4
        if len(loop.stable):
            resting &= _nearest(states[-1], loop.stable)[1] < SETTLED
        if doubling >= FEWEST_DOUBLINGS and resting.all():
            break
    return np.stack(states, axis=1)


def path_doublings(steps: int) -> NDArray[np.float32]:
    """Return the clock of a path: doublings of the dataset since its start."""
    return np.asarray(np.arange(steps) / STEPS_PER_DOUBLING, dtype=np.float32)


def home_of_source(loop: Landscape) -> int | None:
    """Return the index of the stable state that a loop from the source settles in."""
    if not len(loop.stable):
        return None
    settled = settled_state(loop.q, loop.temperature, loop.fraction)
    distances = [
        np.inf if unstable else float(total_variation(p, settled)) for p, unstable in loop.fixed
    ]
    return int(np.argmin(distances))


def well_potential(loop: Landscape, x: Array, fraction: float) -> NDArray[np.float32]:
    """Return V over the share of A; at the very ends, where it is infinite, just inside."""
    inside = np.clip(x, 1e-4, 1.0 - 1e-4) if fraction > 0 else x
    points = np.stack([inside, 1.0 - inside], axis=-1)
    return np.asarray(-free_energy(points, loop.q, loop.temperature, fraction), dtype=np.float32)


def vanishing_share(loop: Landscape) -> float | None:
    """Return the external share at which the wrong well vanishes; None where there is none."""
    if loop.temperature >= 1:
        return None
    return float(collapse_threshold(loop.q, loop.temperature, int(loop.q[1] <= loop.q[0])))


def resting_place(loop: Landscape, start: float, fraction: float) -> float:
    """Return where the ball ends at another external share: the next zero of the flow."""
    grid = np.linspace(0.0, 1.0, 2001)
    points = np.stack([grid, 1.0 - grid], axis=-1)
    flow = (image_of(points, loop.q, loop.temperature, fraction) - points)[:, 0]
    here = float(np.interp(start, grid, flow))
    if abs(here) < 1e-12:
        return start
    side = grid > start if here > 0 else grid < start
    path, speed = (grid[side], flow[side]) if here > 0 else (grid[side][::-1], flow[side][::-1])
    stops = np.flatnonzero(speed * np.sign(here) <= 0)
    if not len(stops):
        return float(np.clip(np.sign(here), 0.0, 1.0))
    at = int(stops[0])
    if at == 0:
        return float(path[0])
    share = speed[at - 1] / (speed[at - 1] - speed[at])
    return float(path[at - 1] + share * (path[at] - path[at - 1]))


def is_wrong_side(loop: Landscape, x: float) -> bool:
    """Say whether a ball rests on the side that the source does not favour."""
    if loop.q[0] == loop.q[1] or loop.temperature >= 1:
        return False
    return bool((x > 0.5) != (loop.q[0] > 0.5))
