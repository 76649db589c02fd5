"""The geometry page's pictures as bytes: three outcomes as a triangle, two as a well. Pure.

Both show the mean field of `accumulate`: dp/ds = F(p) - p in the clock s = ln N, so one doubling
of the dataset is ln 2 of it. V = -Phi is the potential in which a ball rolls down.
"""

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from closedloop_core import (
    Law,
    class_of,
    collapse_threshold,
    fixed_points,
    free_energy,
    settled_state,
    total_variation,
)
from closedloop_core.loop.dynamics import image_of
from closedloop_core.measures import Array
from pages.ui.charts import pack

LATTICE = 60  # cells along a side of the triangle
ARROWS = 13
STEPS_PER_DOUBLING = 8
FEWEST_DOUBLINGS, MOST_DOUBLINGS = 8, 32
SETTLED = 0.004  # closer than this to a stable state, a path has arrived
WELL_POINTS = 241
_LONG_STEPS = 96  # enough for the slowest starts, but for a few beside a border
_INSET = 0.25  # cells: where V is read on an edge, on which it is infinite
_NAMES = ("A", "B", "C")
_NBSP = "\N{NO-BREAK SPACE}"

Point = tuple[float, float, float]


class _Loop:
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
        return image_of(p, self.q, self.temperature, self.fraction)

    def potential(self, p: Array) -> Array:
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


def pack_triangle(
    reference: Law,
    temperature: float,
    external_fraction: float,
    tolerance: float,
    starts: Sequence[Point],
    mode: str,
) -> bytes:
    """Pack the simplex of three outcomes: basins, potential, flow, paths, fixed points."""
    loop = _Loop(reference, temperature, external_fraction, tolerance)
    lattice, weights = _lattice(LATTICE)
    basin = _basins(loop, lattice)
    arrows = _arrow_starts(ARROWS)
    paths = _paths(loop, np.array([_source_start(loop), *starts], dtype=np.float64))
    fixed = _described(loop, basin, weights)
    home = _home(loop)
    header = {
        "mode": mode,
        "labels": loop.labels,
        "point": {"temperature": temperature, "external_fraction": external_fraction},
        "source": loop.q.tolist(),
        "fixed_points": fixed,
        "winner_from_source": home,
        "alt": _triangle_words(loop, fixed, home),
        "picture_name": _picture_name("triangle", temperature, external_fraction),
    }
    shown = lattice if external_fraction == 0 else _inset(lattice, _INSET / LATTICE)
    arrays: dict[str, NDArray[Any]] = {
        "grid": lattice.astype(np.float32),
        "lattice_size": np.array([LATTICE], dtype=np.uint32),
        "potential": loop.potential(shown).astype(np.float32),
        "basin": basin,
        "borders": _borders(loop).astype(np.float32),
        "arrows": np.concatenate([arrows, loop.image(arrows) - arrows], axis=1).astype(np.float32),
        "paths": paths.astype(np.float32),
        "path_doublings": _doublings(paths.shape[1]),
    }
    return pack(header, arrays)


def pack_well(
    reference: Law,
    temperature: float,
    external_fraction: float,
    tolerance: float,
    start: float,
    mode: str,
) -> bytes:
    """Pack the potential of two outcomes, the ball's run in it, and five small wells."""
    loop = _Loop(reference, temperature, external_fraction, tolerance)
    x = np.linspace(0.0, 1.0, WELL_POINTS)
    run = _paths(loop, np.array([[start, 1.0 - start]]))[0]
    vanish = _vanishing(loop)
    shares = _small_shares(vanish, external_fraction)
    ends = np.array([_end(loop, start, share) for share in shares])
    fixed = [
        {
            "x": float(p[0]),
            "V": float(loop.potential(p)),
            "kind": "unstable" if unstable else "stable",
            "class": loop.phase(p),
        }
        for p, unstable in sorted(loop.fixed, key=lambda entry: float(entry[0][0]))
    ]
    header = {
        "mode": mode,
        "labels": loop.labels,
        "source": float(loop.q[0]),
        "point": {"temperature": temperature, "external_fraction": external_fraction},
        "fixed_points": fixed,
        "start": start,
        "vanish": vanish,
        "wells": [
            {
                "external_fraction": share,
                "stuck": _is_wrong(loop, float(end)),
                "is_now": share == external_fraction,
            }
            for share, end in zip(shares, ends, strict=True)
        ],
        "alt": _well_words(loop, start, float(run[-1, 0]), vanish),
        "picture_name": _picture_name("well", temperature, external_fraction),
    }
    arrays: dict[str, NDArray[Any]] = {
        "x": x.astype(np.float32),
        "potential": _well_potential(loop, x, external_fraction),
        "ball": run[:, 0].astype(np.float32),
        "ball_doublings": _doublings(len(run)),
        "wells_potential": np.stack([_well_potential(loop, x, share) for share in shares]),
        "wells_end": ends.astype(np.float32),
    }
    return pack(header, arrays)


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
def _lattice(cells: int) -> tuple[Array, Array]:
    """Return the triangle's lattice, row by row, and the share of its area at each point."""
    i, j = (axis.ravel() for axis in np.meshgrid(*2 * [np.arange(cells + 1)], indexing="ij"))
    inside = i + j <= cells
    counts = np.stack([i, j, cells - i - j], axis=-1)[inside]
    # A point has six cells around it, on an edge three, at a corner one.
    weights = np.array([6.0, 3.0, 1.0])[np.count_nonzero(counts == 0, axis=1)]
    return counts / cells, weights / weights.sum()


@cache
def _arrow_starts(rows: int) -> Array:
    """Return the arrows' feet: a lattice of its own, inside the edges."""
    counts = np.round(_lattice(rows - 1)[0] * (rows - 1))
    return np.asarray((counts + 0.5) / (rows + 0.5))


def _inset(p: Array, least: float) -> Array:
    """Return points moved inside the simplex: no share below about ``least``."""
    kept = np.maximum(p, least)
    return np.asarray(kept / kept.sum(axis=-1, keepdims=True))


def _nearest(p: Array, states: Array) -> tuple[NDArray[np.intp], Array]:
    """Return the nearest of ``states`` to each point, and its total variation."""
    distances = 0.5 * np.abs(p[:, None, :] - states[None, :, :]).sum(axis=-1)
    index = distances.argmin(axis=1)
    return index, distances[np.arange(len(p)), index]


def _basins(loop: _Loop, points: Array) -> NDArray[np.uint8]:
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
            p = _inset(p, 1e-9)
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


def _stays_tied(loop: _Loop, points: Array) -> NDArray[np.bool_]:
    """Say which starts have tied leaders that nothing parts: they lie on a border."""
    second, first = np.argsort(points, axis=1, kind="stable")[:, -2:].T
    rows = np.arange(len(points))
    tied = np.abs(points[rows, first] - points[rows, second]) < 1e-12
    return np.asarray(tied & ((loop.fraction == 0) | (loop.q[first] == loop.q[second])))


def _safe_length(loop: _Loop) -> float:
    """Return a step in ln N, 1 to 6: long where the flow is slow everywhere."""
    p = _inset(_lattice(24)[0], _INSET / LATTICE)
    own = (loop.image(p) - loop.fraction * loop.q) / p
    rate = max(1.0 - float(own.min()), float(own.max()) / loop.temperature - 1.0)
    return float(np.clip(0.8 / max(rate, 1e-9), 1.0, 6.0))


def _borders(loop: _Loop, step: float = 0.008, most: int = 160) -> Array:
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
        flow = p - loop.image(_inset(p, 1e-12))
        middle = _inset(p + 0.5 * step * _unit(flow, heading), 1e-12)
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


def _border_direction(loop: _Loop, saddle: Array) -> Array:
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


def _source_start(loop: _Loop) -> Array:
    """Return where the source's path starts: at a tie a hair's breadth off, as the core settles."""
    leaders = np.flatnonzero(loop.q == loop.q.max())
    if len(leaders) == 1 or loop.temperature >= 1:
        return loop.q
    corner = np.eye(len(loop.q))[leaders[0]]
    return np.asarray(loop.q + 1e-3 * (corner - loop.q))


def _paths(loop: _Loop, starts: Array) -> Array:
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


def _doublings(steps: int) -> NDArray[np.float32]:
    """Return the clock of a path: doublings of the dataset since its start."""
    return np.asarray(np.arange(steps) / STEPS_PER_DOUBLING, dtype=np.float32)


def _described(loop: _Loop, basin: NDArray[np.uint8], weights: Array) -> list[dict[str, Any]]:
    """Return the fixed points in words and numbers: kind, winner, class, share of all starts."""
    kinds = {0: "stable", 1: "saddle", 2: "unstable"}
    reached = float(weights[basin != 255].sum())
    return [
        {
            "p": p.tolist(),
            "kind": kinds[unstable],
            "share": float(weights[basin == k].sum() / reached) if unstable == 0 else None,
            "winner": loop.winner(p) if unstable == 0 else None,
            "class": loop.phase(p),
        }
        for k, (p, unstable) in enumerate(loop.fixed)
    ]


def _home(loop: _Loop) -> int | None:
    """Return the index of the stable state that a loop from the source settles in."""
    if not len(loop.stable):
        return None
    settled = settled_state(loop.q, loop.temperature, loop.fraction)
    distances = [
        np.inf if unstable else float(total_variation(p, settled)) for p, unstable in loop.fixed
    ]
    return int(np.argmin(distances))


def _well_potential(loop: _Loop, x: Array, fraction: float) -> NDArray[np.float32]:
    """Return V over the share of A; at the very ends, where it is infinite, just inside."""
    inside = np.clip(x, 1e-4, 1.0 - 1e-4) if fraction > 0 else x
    points = np.stack([inside, 1.0 - inside], axis=-1)
    return np.asarray(-free_energy(points, loop.q, loop.temperature, fraction), dtype=np.float32)


def _vanishing(loop: _Loop) -> float | None:
    """Return the external share at which the wrong well vanishes; None where there is none."""
    if loop.temperature >= 1:
        return None
    return float(collapse_threshold(loop.q, loop.temperature, int(loop.q[1] <= loop.q[0])))


def _small_shares(vanish: float | None, now: float) -> list[float]:
    """Return five external shares around the one where the well vanishes, ``now`` among them."""
    if vanish is None:
        wanted = np.array([0.0, 0.2, 0.4, 0.6, 0.8])
    else:
        over = 1.0 - vanish
        wanted = np.array([0.26 * vanish, 0.72 * vanish, 0.905 * vanish])
        wanted = np.append(wanted, [vanish + 0.022 * over, vanish + 0.35 * over])
    digits = 2 if vanish is None or vanish > 0.12 else 3 if vanish > 0.012 else 4
    shares = [float(share) for share in np.round(wanted, digits)]
    if vanish is not None and shares[3] <= vanish:
        shares[3] = round(shares[3] + 0.1**digits, digits)
    # `now` takes the place of its nearest neighbour on its own side of the threshold.
    beyond = vanish is not None and now > vanish
    own = [k for k in range(5) if vanish is None or (shares[k] > vanish) == beyond] or [4]
    shares[min(own, key=lambda k: abs(shares[k] - now))] = now
    return sorted(shares)


def _end(loop: _Loop, start: float, fraction: float) -> float:
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


def _is_wrong(loop: _Loop, x: float) -> bool:
    """Say whether a ball rests on the side that the source does not favour."""
    if loop.q[0] == loop.q[1] or loop.temperature >= 1:
        return False
    return bool((x > 0.5) != (loop.q[0] > 0.5))


def _whole(share: float) -> str:
    return f"{100 * share:.0f}{_NBSP}%"


def _percent(share: float) -> str:
    return f"{100 * share:.3g}{_NBSP}%"


def _picture_name(what: str, temperature: float, fraction: float) -> str:
    return f"{what}-T{temperature:.3g}-external{100 * fraction:.3g}.png"


def _triangle_words(loop: _Loop, fixed: Sequence[dict[str, Any]], home: int | None) -> str:
    """Return the triangle in words, with its numbers, for those who cannot see it."""
    setting = f"T = {loop.temperature:.3g} with {_percent(loop.fraction)} external data"
    if home is None:
        return f"Triangle of three outcomes at {setting}: without sampling noise nothing moves."
    parts = [
        f"{_mix(loop.labels, np.array(entry['p']))} ({_whole(entry['share'])} of all starts)"
        for entry in fixed
        if entry["share"] is not None
    ]
    count = f"{len(parts)} stable state{'s' if len(parts) > 1 else ''}"
    end = _mix(loop.labels, np.array(fixed[home]["p"]))
    return (
        f"Triangle of three outcomes at {setting}: {count}. {'; '.join(parts)}."
        f" From the source, {_mix(loop.labels, loop.q)}, the loop settles at {end}."
    )


def _mix(labels: Sequence[str], p: Array) -> str:
    return ", ".join(
        f"{name} {_whole(share)}" for name, share in zip(labels, p.tolist(), strict=True)
    )


def _well_words(loop: _Loop, start: float, end: float, vanish: float | None) -> str:
    """Return the well in words, with its numbers."""
    setting = f"T = {loop.temperature:.3g} with {_percent(loop.fraction)} external data"
    wells = len(loop.stable)
    shape = {0: "flat: without sampling noise nothing moves", 1: "one well"}.get(wells, "two wells")
    words = (
        f"Potential of two outcomes at {setting}: {shape}. A ball that starts at"
        f" {loop.labels[0]} {_whole(start)} ends at {loop.labels[0]} {_whole(end)}"
        f" (source {_whole(float(loop.q[0]))})."
    )
    if vanish is None:
        return words
    return words + f" The wrong well vanishes at {_percent(vanish)} external data."
