"""Outcomes with equal q share every root of the scalar equation: they are solved once a group.

Next: `searches`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from closedloop_core.measures import Array


@dataclass(frozen=True)
class OutcomeGroups:
    """Outcomes with equal q_i, leader first: their q and sizes, (groups,) each.

    ``members`` is the group of each outcome, (n,); ``gaps`` are |ln(q_0 / q_i)|, (groups,), to all
    digits for the nearest tie.
    """

    q: Array
    sizes: Array
    gaps: Array
    members: NDArray[np.intp]

    @cached_property
    def log_q(self) -> Array:
        """Logarithms of q, (groups,)."""
        return np.log(self.q)

    @property
    def is_tied(self) -> bool:
        """Whether several outcomes share the leader's q, in one group or in two."""
        return bool(self.sizes[0] > 1 or np.any(self.gaps[1:] == 0))

    def spread(self, values: Array) -> Array:
        """Return (..., n) probabilities from positive values, (..., groups), one a member."""
        p = values[..., self.members]
        return np.asarray(p / p.sum(axis=-1, keepdims=True))


def group_outcomes(q: Array, cold: bool, ties_broken: bool) -> OutcomeGroups:
    """Group q, (n,) and positive, the largest first below T = 1, the least first above.

    With ``ties_broken`` the first of tied leaders stands alone, below T = 1.
    """
    values, members, sizes = np.unique(q, return_inverse=True, return_counts=True)
    if cold:
        values, sizes, members = values[::-1], sizes[::-1], len(values) - 1 - members
    if cold and ties_broken and sizes[0] > 1:
        values = np.concatenate([values[:1], values])
        sizes = np.concatenate([[1, sizes[0] - 1], sizes[1:]])
        members = members + 1
        members[np.argmax(q)] = 0
    return OutcomeGroups(values, sizes.astype(np.float64), log_ratios(values), members)


def log_ratios(values: Array) -> Array:
    """Return |ln(v_0 / v_i)|, (m,): near ties from the exact difference, else from logarithms."""
    most, least = np.maximum(values, values[0]), np.minimum(values, values[0])
    near = most < 1.5 * least
    part = np.where(near, most - least, 0.0) / np.where(near, least, 1.0)
    return np.asarray(np.where(near, np.log1p(part), np.abs(np.log(values[0]) - np.log(values))))
