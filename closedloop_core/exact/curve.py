r"""The curve of fixed points at one temperature, from one scalar equation (ours).

Write p_i = a v_i. A fixed point of F has, for one number kappa and for every i,

.. math:: v_i - \kappa v_i^b = q_i, \qquad b = 1/T, \qquad a = 1 / \sum_i v_i .

With y_i the logit of the self-generated share 1 - a q_i / p_i this reads
h(y_i) = ln kappa + (b - 1) ln q_i with h(y) = y - b ln(1 + e^y), and

.. math:: (1 - a)/a = \sum_i q_i e^{y_i} .

So for fixed T the whole curve over a is explicit in the y of one outcome, the *leader* (argmax q
below T = 1, argmin q above): every other y_i is the lower root of h. Outcomes with equal q_i share
a root, so they are solved once a group. Above T = 1 h only rises, and its root is solved here;
below it `crest` solves both. Next: `above`.
"""

from dataclasses import dataclass

import numpy as np

from closedloop_core.exact.crest import depth_of, distance_of, rate_of
from closedloop_core.exact.groups import OutcomeGroups
from closedloop_core.measures import Array

MAX_LOGIT = 300.0  # a from 1e-130 to 1 in floats: closer to the ends, a is 0 or 1 in effect
BLOCK = 32_768  # elements that fit the cache
TINY = 1e-70  # a distance from the crest whose square, and inverse cube, are numbers


def excess_of(temperatures: Array) -> Array:
    """Return b - 1 = 1/T - 1, (...), to all digits next to T = 1 too."""
    return np.asarray((1.0 - temperatures) / temperatures)


def log_odds_at(fractions: Array) -> Array:
    """Return ln((1 - a)/a), (...)."""
    odds = np.log1p(-fractions) - np.log(fractions)
    return np.asarray(np.clip(odds, -MAX_LOGIT, MAX_LOGIT))


def root_equation(y: Array, excess: Array) -> tuple[Array, Array, Array]:
    """Return h(y), its slope 1 - b s, and ln(1 + e^y), (...) each, with s = 1 / (1 + e^-y)."""
    size = np.abs(y)
    small = np.exp(-size)
    total = 1.0 + small
    # h = -(b - 1) ln(1 + e^y) - ln(1 + e^-y) needs every digit of the second term as b nears 1;
    # elsewhere the plain logarithm is twice as fast.
    tail = np.log(total) if np.abs(excess).min(initial=1.0) > 1e-2 else np.log1p(small)
    softplus = 0.5 * (y + size)
    softplus += tail
    np.divide(1.0, total, out=total)
    small *= total
    share, rest = np.where(y > 0, total, small), np.where(y > 0, small, total)
    value = 0.5 * (y - size)
    value -= tail
    value = value - excess * softplus
    return value, rest - excess * share, softplus


def lower_roots(level: Array, excess: Array, guess: Array | None = None) -> Array:
    """Solve h(y) = level, (...), for y below the top of h (anywhere, for b < 1)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        crest = np.where(excess > 0, -np.log(np.maximum(excess, 1e-300)), np.inf)
    if guess is None:
        guess = root_guess(level, excess, crest)
    y = np.minimum(guess, crest - 1e-9)
    least = np.where(excess > 0, 1e-9 * np.minimum(excess, 1.0), 0.0)
    for _ in range(100):
        value, slope, _ = root_equation(y, excess)
        np.maximum(slope, least, out=slope)
        # h is concave: Newton's step lands at or left of the root and then climbs to it; with the
        # bend, h'' = (slope - 1)(1 - s), Halley's step triples the digits.
        np.subtract(level, value, out=value)
        value /= slope
        bend = (slope - 1.0) * (excess + slope) / (2.0 * (1.0 + excess))
        bend *= value
        bend /= slope
        bend += 1.0
        np.maximum(bend, 0.5, out=bend)
        value /= bend
        y += value
        np.minimum(y, crest, out=y)
        if np.abs(value, out=value).max(initial=0.0) < 1e-6:
            break
    return y


def root_guess(level: Array, excess: Array, crest: Array) -> Array:
    """Guess y, (...), by the parabola at the crest, or the asymptotes of h; `level` if lower."""
    if np.all(excess < 0):
        # h(y) ~ y on the left, (1 - b) y on the right.
        return np.where(level < 0, level, -level / excess)
    with np.errstate(over="ignore", invalid="ignore"):
        top = root_equation(np.where(np.isfinite(crest), crest, 0.0), excess)[0]
        square = 2.0 * np.maximum(top - level, 0.0) * (1.0 + excess) / excess
    return np.maximum(level, crest - np.sqrt(square))


@dataclass(frozen=True)
class Place:
    """Fixed points on the curve, one a row, and how the curve goes on from there.

    ``rise`` is y of each group, (rows, groups), but for ln(high/low), which is ln(T/(1 - T)) below
    T = 1 and 0 above; ``pull`` is its derivative along the leader's; ``log_q`` of the groups.
    """

    rise: Array
    pull: Array
    low: Array
    high: Array
    groups: OutcomeGroups

    @property
    def terms(self) -> Array:
        """The groups' parts of the sum of q_i e^{y_i} but for high/low, (rows, groups)."""
        return np.asarray(self.groups.sizes * np.exp(self.groups.log_q + self.rise))

    @property
    def log_odds(self) -> Array:
        """ln((1 - a)/a) = ln sum q_i e^{y_i}, (rows,)."""
        unit = np.log(self.high) - np.log(self.low)
        return np.asarray(np.log(self.terms.sum(axis=1)) + unit)

    @property
    def values(self) -> Array:
        """States p, (rows, groups), of one member each: a q_i (1 + e^{y_i}), normalised."""
        own = np.exp(self.groups.log_q + self.rise)
        values = self.low[:, None] * self.groups.q + self.high[:, None] * own
        return np.asarray(values / (values @ self.groups.sizes)[:, None])

    @property
    def growth(self) -> Array:
        """Derivatives of ln p along the leader's y, (rows, groups)."""
        terms = self.terms
        odds = self.high / self.low * terms.sum(axis=1)
        mean = (terms * self.pull).sum(axis=1) / terms.sum(axis=1) * odds / (1.0 + odds)
        grown = self.high[:, None] * np.exp(np.minimum(self.rise, 700.0))
        own = grown / (self.low[:, None] + grown)
        return np.asarray(own * self.pull - mean[:, None])


def place_of(groups: OutcomeGroups, temperatures: Array, leader: Array) -> Place:
    """Return the points of the curves at the leader's y, (rows,), all on one side of T = 1.

    Below T = 1 its y is counted from the crest: on the upper root it is positive.
    """
    if np.all(temperatures < 1):
        return _place_below(groups, temperatures, leader)
    excess = excess_of(temperatures)
    y = hot_roots(groups, excess, leader)
    slopes = root_equation(y, excess[:, None])[1]
    ones = np.ones(len(y))
    return Place(y, slopes[:, :1] / slopes, ones, ones, groups)


def hot_roots(
    groups: OutcomeGroups, excess: Array, leader: Array, guess: Array | None = None
) -> Array:
    """Return y of every group, (rows, groups), for the leader's, (rows,), above T = 1."""
    level = root_equation(leader, excess)[0][:, None] + excess[:, None] * groups.gaps[1:]
    rest = lower_roots(level, excess[:, None], guess)
    return np.concatenate([leader[:, None], rest], axis=1)


def _place_below(groups: OutcomeGroups, temperatures: Array, leader: Array) -> Place:
    t, rest = temperatures[:, None], 1.0 - temperatures[:, None]
    is_up, own = leader[:, None] > 0, np.maximum(np.abs(leader), TINY)[:, None]
    first, second = np.where(is_up, rest, t), np.where(is_up, t, rest)
    r = distance_of(depth_of(own, first, second) + groups.gaps / t, t, rest)
    pull = rate_of(r, t, rest) / rate_of(own, first, second)
    rise, pull = -r, np.where(is_up, -pull, pull)
    rise[:, 0], pull[:, 0] = leader, 1.0
    return Place(rise, pull, rest[:, 0], t[:, 0], groups)
