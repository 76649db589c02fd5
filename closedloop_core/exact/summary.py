"""All that is said of one setting: where the loop settles, and what it takes to stay (ours).

Next: `landscape`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.closed_forms.even import uniform_thresholds
from closedloop_core.exact.arguments import checked_reference
from closedloop_core.exact.classes import TOLERANCE, Phase, class_of, entropy_shift
from closedloop_core.exact.cure import cure_of
from closedloop_core.exact.least import minimum_external_fraction
from closedloop_core.exact.settled import settled_from
from closedloop_core.exact.stability import count_stable_states, leading_eigenvalue
from closedloop_core.exact.thresholds import other_winner
from closedloop_core.loop.simulate import Trajectory
from closedloop_core.measures import Array, hill_number, is_even, total_variation
from closedloop_core.settings.laws import Law


@dataclass(frozen=True)
class Needs:
    """How much external data it takes at a temperature, for two purposes.

    Attributes
    ----------
    tolerance : float, the largest total variation that is called faithful
    least_external : float, the least share that keeps a loop that starts at its source within it
    return_external : float, the least share that brings a loop back within it from any state
    other_winner : float or None, the share below which a loop can stay collapsed onto another
        outcome than the source's likeliest (for an even source: onto any); None from T = 1 on
    """

    tolerance: float
    least_external: float
    return_external: float
    other_winner: float | None


@dataclass(frozen=True)
class SettledSummary:
    """Where the infinite-sample loop of some settings settles, and what it would take to stay.

    Attributes
    ----------
    phase : the class of the settled state, see `class_of`
    shift, distance, effective : float, of the settled state: `entropy_shift`, total variation to
        the source, effective number of outcomes
    eigenvalue : float, the leading one there, see `leading_eigenvalue`: below 1 it is stable
    n_stable : int, the number of stable states; 0 where every state stays
    needs : Needs
    """

    phase: Phase
    shift: float
    distance: float
    effective: float
    eigenvalue: float
    n_stable: int
    needs: Needs

    @property
    def tolerance(self) -> float:
        """The largest total variation that is called faithful."""
        return self.needs.tolerance

    @property
    def least_external(self) -> float:
        """The least share that keeps a loop that starts at its source within the tolerance."""
        return self.needs.least_external

    @property
    def return_external(self) -> float:
        """The least share that brings a loop back within the tolerance from any state."""
        return self.needs.return_external

    @property
    def other_winner(self) -> float | None:
        """The share below which another outcome can win; see `Needs`."""
        return self.needs.other_winner


def needs_at(reference: ArrayLike | Law, temperature: float, tolerance: float = TOLERANCE) -> Needs:
    """Return how much external data it takes at a temperature.

    Parameters
    ----------
    reference : Law or (n,) float
    temperature : float in [0.02, 50]
    tolerance : float in (0, 1)

    Returns
    -------
    Needs

    Raises
    ------
    ValueError
        If an argument is outside its range.
    """
    q = checked_reference(reference)
    least = minimum_external_fraction(q, temperature, tolerance)
    shares = least, cure_of(q, temperature, tolerance, least)
    if temperature >= 1:
        return Needs(tolerance, *shares, None)
    if is_even(q):
        return Needs(tolerance, *shares, uniform_thresholds(len(q), temperature)[2])
    return Needs(tolerance, *shares, float(other_winner(q, np.array([temperature]))[0]))


def summarise(
    state: ArrayLike,
    reference: ArrayLike | Law,
    temperature: float,
    external_fraction: float,
    needs: Needs,
    n_stable: int | None = None,
) -> SettledSummary:
    """Return all that is said of a settled state.

    Parameters
    ----------
    state : (n,) float, where the loop settles
    reference : Law or (n,) float
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]
    needs : Needs, of the same reference and temperature
    n_stable : int, the number of stable states where it is known already; None: it is counted

    Returns
    -------
    SettledSummary

    Raises
    ------
    ValueError
        If an argument is outside its range, or the numbers of outcomes differ.
    """
    q = checked_reference(reference)
    if n_stable is None:
        stays = temperature == 1 and external_fraction == 0
        n_stable = 0 if stays else count_stable_states(q, temperature, external_fraction)
    return SettledSummary(
        phase=class_of(state, q, temperature, needs.tolerance),
        shift=float(entropy_shift(state, q)),
        distance=float(total_variation(state, q)),
        effective=float(hill_number(state, 1)),
        eigenvalue=leading_eigenvalue(state, q, temperature, external_fraction),
        n_stable=n_stable,
        needs=needs,
    )


def settled_after(run: Trajectory) -> Array:
    """Return where the loop settles from the state of this run's last generation, (n,) float.

    With the settings of the run's last segment, and without sampling noise from there on.

    Parameters
    ----------
    run : Trajectory

    Returns
    -------
    (n,) float
    """
    last = run.params.segments[-1][1]
    setting = (last.source, last.temperature, last.external_fraction)
    return settled_from(run.probabilities[-1], *setting, last.regime)
