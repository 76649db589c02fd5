r"""Where iterating F goes, from exactly a given start, below T = 1 (ours).

Outcomes that start alike, with equal q, stay alike: they move as one group, and rounding cannot
part them. F is iterated until a stable fixed point s is near enough to be sure of: where every
ratio p_i/s_i lies within 1 -+ rho, the derivative of F has in the norm :math:`\sum x_i^2/s_i` at
most the size lambda ((1 + rho)/(1 - rho))^(b+2), with lambda the leading eigenvalue at s (from
its form as a ratio of a variance to a sum). Where that is below 1, F contracts, and a ball in it is
never left. Next to a fold or a critical share that takes forever: once all steps point one way,
many are taken at once, and where they end in rounding the states are known exactly
(`resting`). Next: `settled`, the public side.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from closedloop_core.exact.resting import resting_places
from closedloop_core.measures import Array, largest

_CHUNKS = (4, 8, 16, 32, 64, 64, 64, 64)  # plain steps between looks for a state to be sure of
_ROUNDS = 600  # of leaps: hundreds are many
_RELAXING, _LONGEST = 8, 512  # plain steps after a leap: back to the slow direction
_STRAIGHT = 0.03  # steps that change less from one to the next are all one way
_LEAP = 0.1  # by how much a leap may change the step
_SLOW = 1e-8  # a step from which on exact states are asked for
_STILL = 1e-15  # a step of rounding errors
_NOISE = 3e-16  # the rounding of a step
_SAME = 5e-3  # a state farther off is not what slows the steps
_ALIKE = 1e-12  # shares this close have lost what told them apart
_SMALL = 1e-13  # shares that push nobody
_UNSEEN = 1e-30  # smaller shares do not count
_PUSH = 1e-9  # what parts a tie: far below any probability that matters, far above rounding


@dataclass(frozen=True)
class _Loop:
    """Groups of outcomes that start alike: sizes, and per member q and the start; b, and a.

    Sorted: of groups with equal q the one that starts higher comes first (``follows`` another).
    """

    sizes: Array
    q: Array
    start: Array
    follows: NDArray[np.bool_]
    temperature: float
    a: float

    def tempered(self, p: Array) -> Array:
        """Return E_T(p), per member."""
        with np.errstate(divide="ignore", under="ignore"):
            logs = np.log(p)
            logs -= largest(logs)
            logs /= self.temperature
            weights = np.exp(logs, out=logs)
        weights /= self.sizes @ weights
        return weights

    def image(self, p: Array) -> Array:
        """Return F(p), per member."""
        return (1.0 - self.a) * self.tempered(p) + self.a * self.q

    def ordered(self, p: Array) -> Array:
        """Return p with the order that rounding may have broken: F keeps it where q is equal."""
        if self.follows.any():
            p[1:] = np.where(self.follows[1:], np.minimum(p[1:], p[:-1]), p[1:])
        return p

    def steps(self, p: Array, count: int) -> Array:
        """Return p after some generations."""
        for _ in range(count):
            p = self.image(p)
        return self.ordered(p)

    def growths(self, p: Array) -> tuple[Array, Array]:
        """Return E_T(p) and d_i = (1 - a) e_i / (T p_i)."""
        e = self.tempered(p)
        return e, (1.0 - self.a) / self.temperature * e / np.maximum(p, 1e-300)


def limit_from(start: Array, q: Array, temperature: float, a: float) -> Array:
    """Return the limit of F from ``start``, (n,), below T = 1 with 0 < a < 1, stable or not."""
    loop, place = _grouped(start, q, temperature, a)
    p = loop.start
    for _ in range(len(loop.sizes)):
        p = _settled(loop, p)
        pushed = _parted(loop, p)
        if pushed is None:
            break
        p = pushed
    return place(p)


def near_limit(p: Array, q: Array, temperature: float, a: float) -> Array | None:
    """Return the state that is certainly reached from ``p``, (n,), by whole and by smaller steps.

    None where ``p`` is not near enough to be sure. In a ball in which F contracts, so does
    dp/ds = F(p) - p. What starts alike stays alike: another push may part it. Below T = 1 with
    0 < a < 1.
    """
    loop, place = _grouped(p, q, temperature, a)
    found = _sure(loop, loop.start)
    return None if found is None else place(found)


def _grouped(
    start: Array, q: Array, temperature: float, a: float
) -> tuple[_Loop, Callable[[Array], Array]]:
    """Return the loop of the groups, and what turns a state of it into one of all outcomes."""
    alive = np.flatnonzero((start > 0) | (q > 0))
    order = alive[np.lexsort((-start[alive], -q[alive]))]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (np.diff(q[order]) != 0) | (np.diff(start[order]) != 0)
    first, owner = np.flatnonzero(fresh), np.cumsum(fresh) - 1
    sizes = np.bincount(owner).astype(np.float64)
    weights, begins = q[order[first]], start[order[first]]
    follows = np.concatenate([[False], np.diff(weights) == 0])

    def place(p: Array) -> Array:
        found = np.zeros(len(q))
        found[order] = p[owner]
        return np.asarray(found / found.sum())

    return _Loop(sizes, weights, begins, follows, temperature, a), place


def _settled(loop: _Loop, p: Array) -> Array:
    """Return the fixed point that is reached, or from which rounding cannot tell p."""
    for count in _CHUNKS:
        p = loop.steps(p, count)
        sure = _sure(loop, p)
        if sure is not None:
            return sure
    states: list[Array] | None = None
    for round_ in range(_ROUNDS):
        # The longer it takes, the more directions are slow: more steps until one is left.
        p, step = _leapt(loop, p, min(_RELAXING << (round_ // 32), _LONGEST))
        if round_ % 4 < 3:
            continue
        speed = float(np.abs(step) @ loop.sizes)
        sure = _sure(loop, p)
        if sure is None and _STILL < speed < _SLOW:
            states = _known(loop, p) if states is None else states
            sure = _ahead(loop, p, states)
        if sure is not None:
            return sure
        if speed <= _STILL:
            break
    return p


def _leapt(loop: _Loop, p: Array, relaxing: int) -> tuple[Array, Array]:
    """Return p after some steps and, if they are all one way, after many more; and a step there."""
    before = loop.steps(p, relaxing)
    middle = loop.image(before)
    p = loop.image(middle)
    step, seen = p - middle, np.maximum(p, _UNSEEN)
    weights = loop.sizes / seen
    speed = float(np.sqrt(weights @ step**2))
    change = float(np.sqrt(weights @ (step - (middle - before)) ** 2))
    fastest = float(np.max(np.abs(step) / seen))
    if speed == 0.0 or change >= _STRAIGHT * speed:
        return loop.ordered(p), step
    count = _LEAP / max(change / speed, fastest, 1e-9)
    while count >= 2.0:
        # By the step halfway there, once it is on the slow path again: right to second order.
        halfway = loop.steps(np.maximum(p + 0.5 * count * step, 0.0), relaxing // 2)
        there = loop.image(halfway) - halfway
        if np.sqrt(weights @ (there - step) ** 2) <= 2.0 * _LEAP * speed:
            return loop.ordered(np.maximum(p + count * there, 0.0)), step
        count *= 0.25
    return loop.ordered(p), step


def _sure(loop: _Loop, p: Array) -> Array | None:
    """Return the stable fixed point to which p certainly goes, or None."""
    e, d = loop.growths(p)
    # What q does not know and what hardly grows is dying.
    dying = (loop.q == 0) & (p < _SMALL * 1e-3) & (loop.temperature * d < 0.999)
    kept = ~dying
    some = replace(loop, sizes=loop.sizes[kept], q=loop.q[kept], follows=loop.follows[kept])
    s = _newton(some, p[kept])
    if s is None:
        return None
    factor = _eigenvalue(some, s)
    if not factor < 1.0:
        return None
    reach = np.tanh(-np.log(max(factor, 1e-300)) / (2.0 * (1.0 / loop.temperature + 2.0)))
    off, big = np.abs(p[kept] / s - 1.0), s > _SMALL
    ball = np.sqrt((some.sizes * s * off**2)[big].sum())
    if off.max() > reach or ball > reach * np.sqrt(s[big].min()):
        return None
    found = np.zeros(len(p))
    found[kept] = s
    return found


def _newton(loop: _Loop, p: Array) -> Array | None:
    """Return the stable fixed point next to ``p``, or None if Newton does not find one."""
    for _ in range(12):
        tempered, d = loop.growths(p)
        residual = (1.0 - loop.a) * tempered + loop.a * loop.q - p
        # (I - J) x = residual with J = diag(d) - e d^T: diagonal and one rank, O(n).
        diagonal = 1.0 - d
        if np.any(np.abs(diagonal) < 1e-12):
            return None
        plain, along = residual / diagonal, tempered / diagonal
        weights = loop.sizes * d
        x = plain - along * (weights @ plain) / (1.0 + weights @ along)
        p = p + x
        if not np.all(p > 0):
            return None
        if np.abs(x) @ loop.sizes < 1e-15:
            break
    if np.abs(loop.image(p) - p) @ loop.sizes > 1e-12:
        return None
    return p / (loop.sizes @ p)


def _eigenvalue(loop: _Loop, p: Array) -> float:
    """Return a bound from above of the leading eigenvalue of the groups' loop at ``p``.

    Below 1 only where the eigenvalue is: the largest d where that is below 1, else too large by a
    hundredth of itself or of what it lacks to 1 at most.
    """
    e, d = loop.growths(p)
    first = int(np.argmax(d))
    if d[first] < 1.0:
        return float(d[first])  # above it already
    weights, low = loop.sizes * e, float(np.delete(d, first).max(initial=0.0))
    if len(d) == 1:
        return 0.0
    with np.errstate(divide="ignore"):
        if low >= 1.0 or (weights / (d - 1.0)).sum() <= 0:
            return 1.0
    high = 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        if (weights / (d - middle)).sum() < 0:
            low = middle
        else:
            high = middle
        if high - low < 0.01 * min(high, 1.0 - high):
            break
    return high


def _known(loop: _Loop, p: Array) -> list[Array]:
    """Return the exact fixed points that may be near: nobody has won, or one of the likeliest."""
    _, d = loop.growths(p)
    likely = [None, *(k for k in np.argsort(-d, kind="stable")[:3] if d[k] > 0.5)]
    setting = (loop.q, loop.sizes, loop.temperature, loop.a)
    return [state for group in likely for state in resting_places(*setting, group)]


def _ahead(loop: _Loop, p: Array, states: list[Array]) -> Array | None:
    """Return the nearest of the states with nothing but contracting steps towards it, or None.

    All the way from p there F brings neighbours nearer to each other, in every direction.
    """
    nearest, found = _SAME, None
    for state in states:
        way = state - p
        away = float(np.abs(way) @ loop.sizes)
        if away >= nearest:
            continue
        weights = loop.sizes * way / np.maximum(p, 1e-300)
        length = np.sqrt(weights @ way)
        passed = [p + part * way for part in np.linspace(0.0, 0.9, 7)]
        if all(weights @ (loop.image(x) - x) >= -_NOISE * length for x in passed) and all(
            _eigenvalue(loop, x) < 1.0 for x in passed
        ):
            nearest, found = away, state
    return found


def _parted(loop: _Loop, p: Array) -> Array | None:
    """Return p with one pushed back where rounding has made alike what started unlike.

    None where no such difference would grow: with both on the upper root, at the rate d.
    """
    _, d = loop.growths(p)
    for k in np.flatnonzero(loop.follows):
        grows = min(d[k], d[k - 1]) > 1.0 + _PUSH
        if grows and abs(p[k] - p[k - 1]) <= _ALIKE * p[k]:
            pushed = p.copy()
            pushed[k] *= 1.0 - _PUSH
            return np.asarray(pushed / (loop.sizes @ pushed))
    return None
