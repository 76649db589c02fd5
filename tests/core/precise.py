"""Slow twins in decimals, for a few outcomes: what floats should say, to every digit."""

from decimal import Decimal, getcontext
from typing import Any

import numpy as np

getcontext().prec = 50
_ONE = Decimal(1)


def exactly(values: Any) -> Any:
    """Return the floats themselves as decimals, scaled to the sum that 1 stands for."""
    found = [Decimal(float(value)) for value in values]
    return [value / sum(found) for value in found]


def image(p: Any, q: Any, temperature: float, a: Any) -> Any:
    """Return F(p)."""
    b, a = _ONE / Decimal(float(temperature)), Decimal(float(a))
    powers = [(value.ln() * b).exp() if value > 0 else Decimal(0) for value in p]
    return [(1 - a) * x / sum(powers) + a * y for x, y in zip(powers, q, strict=True)]


def fixed_point(q: Any, temperature: float, a: Any, near: Any, rounds: int = 60) -> Any:
    """Return the fixed point next to floats ``near``: Newton's method, J = diag(d) - e d^T."""
    q, p = exactly(q), exactly(near)
    b, share = _ONE / Decimal(float(temperature)), Decimal(float(a))
    for _ in range(rounds):
        new = image(p, q, temperature, a)
        e = [(x - share * y) / (1 - share) for x, y in zip(new, q, strict=True)]
        d = [(1 - share) * b * x / y for x, y in zip(e, p, strict=True)]
        plain = [(x - y) / (1 - z) for x, y, z in zip(new, p, d, strict=True)]
        along = [x / (1 - z) for x, z in zip(e, d, strict=True)]
        shift = sum(x * y for x, y in zip(d, plain, strict=True))
        shift /= 1 + sum(x * y for x, y in zip(d, along, strict=True))
        step = [x - y * shift for x, y in zip(plain, along, strict=True)]
        p = [x + y for x, y in zip(p, step, strict=True)]
        if sum(abs(x) for x in step) < Decimal("1e-30"):
            return p
    raise ArithmeticError("Newton's method did not settle")


def root(fall: Decimal, b: Decimal, is_lower: bool) -> Decimal:
    """Return e^y at which h is so far below its crest: bisection in floats, Newton in decimals."""
    order, low, high = float(b), 0.0, 800.0
    for _ in range(60):  # of how far y is from the crest
        middle = 0.5 * (low + high)
        u = -middle if is_lower else middle
        depth = (order - 1) * u + order * np.log1p((1 - 1 / order) * np.expm1(-max(u, -700.0)))
        low, high = (middle, high) if depth < float(fall) else (low, middle)
    r = Decimal(low)
    for _ in range(4):
        odds = (-r if is_lower else r).exp() / (b - 1)
        top, slope = b * (b / (b - 1)).ln() - (b * (1 + odds).ln()), 1 - b * odds / (1 + odds)
        gap = -(-r if is_lower else r) - top  # h falls short of the crest by this much
        r += (fall - gap) / (slope if is_lower else -slope)
    return (-r if is_lower else r).exp() / (b - 1)


def odds_on_branch(q: Any, temperature: float, winner: int | None, fall: Decimal) -> Decimal:
    """Return (1 - a)/a where the leader is ``fall`` below its crest in h, and ``winner`` has won.

    ``winner`` None: nobody has.
    """
    q, b = exactly(q), _ONE / Decimal(float(temperature))
    total = Decimal(0)
    for i, weight in enumerate(q):
        below = Decimal(fall) + (b - 1) * (max(q) / weight).ln()
        total += weight * (root(below, b, i != winner) if below else 1 / (b - 1))
    return total


def lowest_share(q: Any, temperature: float, winner: Any, rounds: int = 48) -> Any:
    """Return the share at which a winner's branch ends, 1/(1 + least odds), by golden section."""
    part = (Decimal(5).sqrt() - 1) / 2
    low, high = Decimal("1e-8"), Decimal(6)  # of the root of the fall

    def height(place: Any) -> Any:
        return odds_on_branch(q, temperature, winner, place**2)

    inside = [high - part * (high - low), low + part * (high - low)]
    heights = [height(place) for place in inside]
    for _ in range(rounds):
        if heights[0] > heights[1]:
            low, inside[0], heights[0] = inside[0], inside[1], heights[1]
            inside[1] = low + part * (high - low)
            heights[1] = height(inside[1])
        else:
            high, inside[1], heights[1] = inside[1], inside[0], heights[0]
            inside[0] = high - part * (high - low)
            heights[0] = height(inside[0])
    return 1 / (1 + min(heights))
