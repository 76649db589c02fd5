"""What a statement is: words, a formula, where it holds, and a check that recomputes it.

A check never asks the same function twice: one side is the core's answer, the other is the
statement's own formula, a brute-force twin or a simulation. Pure; no streamlit.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from closedloop_core import Law, LoopParams
from closedloop_core.measures import Array, is_even
from pages.ui.wording import count, percent, power_of_ten

OURS = "ours"  # the source of a statement derived for this project
Relation = Literal["=", "<=", ">="]
# Items expected once in runs / UNSEEN runs are missed by all runs with odds e^-9.
UNSEEN = 9.0
Status = Literal["proved", "checked", "conjecture", "definition"]


@dataclass(frozen=True)
class Check:
    """Two numbers for the current settings, and whether they stand as the statement says.

    ``left_error`` is the standard error of a simulated left side, 0 where nothing is drawn.
    """

    left: float
    right: float
    left_words: str
    right_words: str
    relation: Relation
    holds: bool
    tolerance_words: str
    left_error: float = 0.0


@dataclass(frozen=True)
class Need:
    """A condition of a statement, and the nearest settings that meet it."""

    words: str
    holds: Callable[[LoopParams], bool]
    nearest: Callable[[LoopParams], LoopParams]


@dataclass(frozen=True)
class Statement:
    """One statement of the theory; ``check`` is None where `missing` names a need not met."""

    title: str
    words: str
    formula: str
    status: Status
    scope: str
    source: str
    compute: Callable[[LoopParams], Check]
    needs: tuple[Need, ...] = ()

    def missing(self, params: LoopParams) -> tuple[str, ...]:
        """Return what these settings lack for the statement to apply, in words."""
        return tuple(need.words for need in self.needs if not need.holds(params))

    def check(self, params: LoopParams) -> Check | None:
        """Recompute both sides; None where the statement does not apply."""
        return None if self.missing(params) else self.compute(params)

    def nearest(self, params: LoopParams) -> LoopParams:
        """Return the nearest settings to which the statement applies."""
        for need in self.needs:
            if not need.holds(params):
                params = need.nearest(params)
        return params


@dataclass(frozen=True)
class Outcome:
    """A check, the settings it was made at, and why these are not the visitor's own."""

    check: Check
    used: LoopParams
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A section of docs/theory.md and its statements."""

    title: str
    lead: str
    statements: tuple[Statement, ...]


def examine(statement: Statement, params: LoopParams) -> Outcome:
    """Check a statement at these settings, or at the nearest to which it applies."""
    used = statement.nearest(params)
    check = statement.check(used)
    if check is None:
        raise RuntimeError(
            f"{statement.title}: the nearest settings lack {statement.missing(used)}"
        )
    return Outcome(check, used, statement.missing(params))


def compare(
    left: float | Array,
    relation: Relation,
    right: float | Array,
    words: tuple[str, str],
    tolerance: float = 1e-9,
    note: str = "",
) -> Check:
    """Compare two computed numbers; ``tolerance`` is absolute below 1, relative above."""
    x, y = float(left), float(right)
    allowed = tolerance * max(1.0, abs(x), abs(y))
    holds = {"=": abs(x - y) <= allowed, "<=": x <= y + allowed, ">=": x >= y - allowed}[relation]
    said = note or f"to {power_of_ten(round(math.log10(tolerance)))}"
    return Check(x, y, *words, relation, bool(holds), said)


def compare_mean(
    samples: Array, right: float, words: tuple[str, str], grain: float, slack: float = 0.0
) -> Check:
    """Compare the mean of seeded runs with a formula, within 4 standard errors.

    ``grain`` is what one item can change: rare items that no run has drawn would not show in the
    standard error. ``slack`` is a relative allowance for formulas that are themselves a limit.
    """
    left, error = float(samples.mean()), float(samples.std(ddof=1) / np.sqrt(len(samples)))
    # 4: of ten thousand honest checks, less than one should cry wolf.
    allowed = 4.0 * error + UNSEEN * grain / len(samples) + slack * abs(right) + 1e-12
    said = f"within 4 standard errors of {len(samples)} seeded runs"
    said += f", and {percent(slack, 0, unit='%')} for the limit" if slack else ""
    return Check(left, float(right), *words, "=", bool(abs(left - right) <= allowed), said, error)


def at_most(n: int) -> Need:
    """Need a small law; the nearest keeps the most likely outcomes."""
    return Need(
        f"at most {n} outcomes",
        lambda params: params.initial.n <= n,
        lambda params: _truncated(params, n),
    )


def _truncated(params: LoopParams, n: int) -> LoopParams:
    start, source = params.initial.probabilities(), params.source.probabilities()
    if params.initial.kind == "uniform" and params.reference is None:
        return params.replace(initial=Law.uniform(n))
    kept = np.sort(np.argsort(-(start + source), kind="stable")[:n])
    initial = Law.from_weights(start[kept]) if start[kept].any() else Law.uniform(n)
    if params.reference is None:
        return params.replace(initial=initial)
    reference = Law.from_weights(source[kept]) if source[kept].any() else Law.uniform(n)
    return params.replace(initial=initial, reference=reference)


def temperature_between(low: float, high: float, words: str) -> Need:
    """Need a temperature in a range; the nearest is the closer end."""
    return Need(
        words,
        lambda params: low <= params.temperature <= high,
        lambda params: params.replace(temperature=min(max(params.temperature, low), high)),
    )


def external_between(low: float, high: float, words: str) -> Need:
    """Need an external share in a range; the nearest is the closer end."""
    return Need(
        words,
        lambda params: low <= params.external_fraction <= high,
        lambda params: params.replace(
            external_fraction=min(max(params.external_fraction, low), high)
        ),
    )


def samples_between(low: int, high: int) -> Need:
    """Need a sample size that a few hundred runs can afford."""
    return Need(
        f"a sample size between {count(low)} and {count(high)}",
        lambda params: low <= params.sample_size <= high,
        lambda params: params.replace(sample_size=min(max(params.sample_size, low), high)),
    )


def start_at_most(size: int) -> Need:
    """Need a small original dataset."""
    return Need(
        f"an original dataset of at most {count(size)} items",
        lambda params: params.initial_size <= size,
        lambda params: params.replace(initial_size=size),
    )


ALONE = external_between(0.0, 0.0, "no external data")
SOME_EXTERNAL = external_between(0.01, 1.0, "at least 1 % external data")
SOME_OWN = external_between(0.0, 0.99, "at least 1 % of the model's own data")
BALANCED = temperature_between(1.0, 1.0, "T = 1")
COLD = temperature_between(0.02, 0.95, "T < 1 (at most 0.95)")
HOT = temperature_between(1.05, 50.0, "T > 1 (at least 1.05)")
MILD_COLD = temperature_between(0.1, 0.95, "T between 0.1 and 0.95")
SMALL = at_most(200)
FEW = at_most(30)
DENSE = at_most(50)


def _even(params: LoopParams) -> bool:
    return is_even(params.source.probabilities()) and params.initial == params.source


EVEN = Need(
    "an even source",
    _even,
    lambda params: params.replace(initial=Law.uniform(params.initial.n), reference=None),
)
FROM_SOURCE = Need(
    "a start at the source",
    lambda params: params.initial == params.source,
    lambda params: params.replace(initial=params.source, reference=None),
)


def _without_absent(params: LoopParams) -> LoopParams:
    q = params.source.probabilities()
    weights = q[q > 0] if np.count_nonzero(q) > 1 else np.array([1.0, 1.0])
    return params.replace(initial=Law.from_weights(weights), reference=None)


WHOLE_SOURCE = Need(
    "a source that gives every outcome a share",
    lambda params: bool(np.all(params.source.probabilities() > 0)),
    _without_absent,
)


def _three_even(params: LoopParams) -> LoopParams:
    return params.replace(initial=Law.uniform(max(params.initial.n, 3)), reference=None)


EVEN_3 = Need(
    "an even source of at least 3 outcomes",
    lambda params: _even(params) and params.initial.n >= 3,
    _three_even,
)


def _without_tiny(params: LoopParams) -> LoopParams:
    q = params.source.probabilities()
    kept = q[q >= TINY]
    weights = kept if len(kept) > 1 else np.array([1.0, 0.01])
    return params.replace(initial=Law.from_weights(weights), reference=None)


TINY = 1e-6
NO_TINY_SHARE = Need(
    "a source without shares below one in a million",
    lambda params: bool(np.all(params.source.probabilities() >= TINY)),
    _without_tiny,
)


def inside(params: LoopParams) -> Array:
    """Return the point half-way between the start and the even distribution: all are present."""
    p = params.initial.probabilities()
    return 0.5 * p + 0.5 / len(p)
