"""The infinite-sample loop as a landscape: its height, its slope, and the way down (ours).

The height of a state p is the potential V = -Phi (`stability.free_energy`), and the loop moves
downhill. The flow is that of ``accumulate``: dp/ds = F(p) - p in the clock s = ln N, N the number
of items in the dataset, so that one doubling of the dataset is ln 2 of the clock.

Three outcomes make a triangle, whose corners are A, B and C; `wells` treats two. Next: `basins`,
where each start in the triangle ends.
"""

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from closedloop_core.exact.arguments import checked_settings, checked_tolerance
from closedloop_core.exact.classes import TOLERANCE, Phase, class_of
from closedloop_core.exact.settled import settled_state
from closedloop_core.exact.stability import MAX_ALL, fixed_points, free_energy
from closedloop_core.loop.dynamics import image_of
from closedloop_core.measures import Array, check_same_outcomes, checked_distribution
from closedloop_core.settings.laws import Law

STEPS_PER_DOUBLING = 8  # of third order: a path is then right to about 0.001
FEWEST_DOUBLINGS, MOST_DOUBLINGS = 8, 32  # of a path; 32 doublings are a factor of 4 billion
ARRIVED = 0.004  # total variation to a stable state: a path that is closer has arrived
LONGEST_STEP = 1.0  # in ln N: up to here a step never leaves the simplex
_PUSH = 1e-3  # share moved to break a tie: a smaller one would not show within 32 doublings
_NAMES = ("A", "B", "C", "D", "E", "F")


def few_outcomes(source: Law, n: int) -> Law:
    """Return the n likeliest outcomes of a source, renormalised: as many as a picture can hold.

    Parameters
    ----------
    source : Law
    n : int >= 2

    Returns
    -------
    Law of n outcomes, all of them possible, with the source's labels; the even law where the source
        has fewer than n possible outcomes

    Raises
    ------
    ValueError
        If ``n`` is below 2 or above 10,000.
    """
    q = source.probabilities()
    kept = np.argsort(-q, kind="stable")[:n]
    if len(kept) < n or q[kept[-1]] == 0:
        return Law.uniform(n)
    if source.n == n:
        return source
    labels = None if source.labels is None else [source.labels[i] for i in kept]
    return Law.from_weights(q[kept], labels)


class Landscape:
    """The landscape of one setting of the loop.

    Parameters
    ----------
    reference : Law of 2 to 6 outcomes, all of them possible: the external data, and the source
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]
    tolerance : float in (0, 1), the largest total variation to the source that is called faithful

    Attributes
    ----------
    q : (n,) float, the source's probabilities
    temperature, external_fraction, tolerance : float, as given
    labels : list of n str, the outcomes' names; A, B, C, ... where the law has none
    fixed_points : list of ((n,) float, int), each state that the loop never leaves and its number
        of unstable directions: 0 for a stable state, n - 1 for a summit, a saddle between them.
        Empty at T = 1 without external data, where every state stays
    stable : (m, n) float, the stable ones among them, in the same order; (0, n) if there are none

    Raises
    ------
    ValueError
        If an argument is outside its range.
    """

    def __init__(
        self,
        reference: Law,
        temperature: float,
        external_fraction: float,
        tolerance: float = TOLERANCE,
    ) -> None:
        checked_settings(temperature, external_fraction)
        checked_tolerance(tolerance)
        self.q = reference.probabilities()
        if len(self.q) > MAX_ALL or not np.all(self.q > 0):
            shown = f"{len(self.q)} outcomes, of which {np.count_nonzero(self.q)} are possible"
            raise ValueError(f"reference must be positive on at most {MAX_ALL}, got {shown}")
        self.temperature, self.external_fraction = temperature, external_fraction
        self.tolerance = tolerance
        self.labels = list(reference.labels or _NAMES[: reference.n])
        self.fixed_points = _fixed_points(self.q, temperature, external_fraction)
        stable = [p for p, unstable in self.fixed_points if unstable == 0]
        self.stable = np.array(stable).reshape(-1, len(self.q))

    def image(self, p: Array) -> Array:
        """Return F(p), what a generation's new data are like, without checks: (..., n) to the same.

        The flow is F(p) - p.
        """
        return image_of(p, self.q, self.temperature, self.external_fraction)

    def potential(self, p: ArrayLike) -> Array:
        """Return the height V = -Phi of states, in nats: (..., n) float to (...) float.

        Infinite where an outcome is absent and there are external data. Raises ValueError if ``p``
        is not on the simplex, or has another number of outcomes.
        """
        return -free_energy(p, self.q, self.temperature, self.external_fraction)

    def step(self, p: Array, length: float) -> Array:
        """Follow the flow for a while, without checks: one step of third order.

        Parameters
        ----------
        p : (..., n) float, states
        length : float > 0, in ln N; up to 1 the step never leaves the simplex

        Returns
        -------
        (..., n) float

        Notes
        -----
        Source: the scheme of Shu and Osher (1988), whose every stage is an average of states.
        """
        once = np.maximum(p + length * (self.image(p) - p), 0.0)
        half = np.maximum(0.75 * p + 0.25 * (once + length * (self.image(once) - once)), 0.0)
        return np.asarray((p + 2.0 * (half + length * (self.image(half) - half))) / 3.0)

    def phase(self, p: ArrayLike) -> Phase:
        """Return the class of a state, (n,) float; see `class_of`, whose ValueErrors it raises."""
        return class_of(p, self.q, self.temperature, self.tolerance)

    def winner(self, p: Array) -> int | None:
        """Return which outcome has taken over in a state, (n,) float; None where none has.

        It has if the state is a collapse and the outcome holds more than half. Raises ValueError as
        `phase`.
        """
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
    """Return a lattice over the triangle, row by row, and the share of its area at each point.

    Parameters
    ----------
    cells : int >= 1, cells along a side

    Returns
    -------
    points : (m, 3) float, m = (cells + 1)(cells + 2)/2
    weights : (m,) float, sum 1
    """
    i, j = (axis.ravel() for axis in np.meshgrid(*2 * [np.arange(cells + 1)], indexing="ij"))
    inside = i + j <= cells
    counts = np.stack([i, j, cells - i - j], axis=-1)[inside]
    # A point has six cells around it, on an edge three, at a corner one.
    weights = np.array([6.0, 3.0, 1.0])[np.count_nonzero(counts == 0, axis=1)]
    return counts / cells, weights / weights.sum()


@cache
def arrow_starts(rows: int) -> Array:
    """Return where arrows of the flow begin: a lattice inside the triangle's edges.

    Parameters
    ----------
    rows : int >= 2, rows of arrows

    Returns
    -------
    (m, 3) float, m = rows (rows + 1)/2
    """
    counts = np.round(lattice_points(rows - 1)[0] * (rows - 1))
    return np.asarray((counts + 0.5) / (rows + 0.5))


def moved_inside(p: Array, least: float) -> Array:
    """Return states moved inside the simplex, no share below about ``least``: (..., n) float."""
    kept = np.maximum(p, least)
    return np.asarray(kept / kept.sum(axis=-1, keepdims=True))


def nearest_state(p: Array, states: Array) -> tuple[NDArray[np.intp], Array]:
    """Find the nearest of some states to each point.

    Parameters
    ----------
    p : (m, n) float
    states : (k, n) float, k >= 1

    Returns
    -------
    index : (m,) int, its row in ``states``
    distance : (m,) float, the total variation to it
    """
    distances = 0.5 * np.abs(p[:, None, :] - states[None, :, :]).sum(axis=-1)
    index = distances.argmin(axis=1)
    return index, distances[np.arange(len(p)), index]


def source_start(landscape: Landscape) -> Array:
    """Return where a path from the source begins: (n,) float.

    Where leaders tie below T = 1 it is put 0.1 % towards the first of them, as `settled_state`
    breaks ties: without a push a path would stay on the ridge between them.
    """
    leaders = np.flatnonzero(landscape.q == landscape.q.max())
    if len(leaders) == 1 or landscape.temperature >= 1:
        return landscape.q
    corner = np.eye(len(landscape.q))[leaders[0]]
    return np.asarray(landscape.q + _PUSH * (corner - landscape.q))


def follow_paths(landscape: Landscape, starts: ArrayLike) -> Array:
    """Follow the flow from each start until all have arrived, 8 to 32 doublings of the dataset.

    Parameters
    ----------
    landscape : Landscape
    starts : (m, n) float, m >= 1

    Returns
    -------
    (m, steps + 1, n) float, with `STEPS_PER_DOUBLING` steps a doubling

    Raises
    ------
    ValueError
        If the starts are not on the simplex, or have another number of outcomes.
    """
    states = [checked_distribution(starts, "starts")]
    check_same_outcomes(states[0], landscape.q)
    length = np.log(2.0) / STEPS_PER_DOUBLING
    for doubling in range(1, MOST_DOUBLINGS + 1):
        for _ in range(STEPS_PER_DOUBLING):
            states.append(landscape.step(states[-1], length))
        speed = np.abs(landscape.image(states[-1]) - states[-1]).sum(axis=1)
        has_arrived = speed < ARRIVED / 4
        if len(landscape.stable):
            has_arrived &= nearest_state(states[-1], landscape.stable)[1] < ARRIVED
        if doubling >= FEWEST_DOUBLINGS and has_arrived.all():
            break
    return np.stack(states, axis=1)


def path_doublings(steps: int) -> NDArray[np.float32]:
    """Return the clock of a path: doublings of the dataset since its start, (steps,) float32."""
    return np.asarray(np.arange(steps) / STEPS_PER_DOUBLING, dtype=np.float32)


def state_from_source(landscape: Landscape) -> int | None:
    """Return which fixed point a loop that starts at the source settles in, as an index.

    None where every state stays.
    """
    stable = np.array([unstable == 0 for _, unstable in landscape.fixed_points])
    if not stable.any():
        return None
    setting = (landscape.q, landscape.temperature, landscape.external_fraction)
    settled = settled_state(*setting)
    index = int(nearest_state(settled[None], landscape.stable)[0][0])
    return int(np.flatnonzero(stable)[index])
