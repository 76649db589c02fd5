"""A cut through the phase diagram: fixed points over temperature at one external share (ours).

Next: `lifetime`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.exact.arguments import checked_reference, checked_settings
from closedloop_core.exact.branches import Piece, bifurcation
from closedloop_core.measures import Array, is_even
from closedloop_core.settings.laws import Law


@dataclass(frozen=True)
class Strand:
    """A branch of fixed points over temperature, stable or unstable throughout.

    Attributes
    ----------
    winner : int or None, the outcome that has won (of equal ones the first); None where nobody has
        or, in a law that is not even, where the source's leader leads
    is_stable : bool
    temperature : (m,) float, rising
    distance : (m,) float, total variation to the reference
    """

    winner: int | None
    is_stable: bool
    temperature: Array
    distance: Array


def cut_along_temperature(
    reference: ArrayLike | Law, temperatures: ArrayLike, external_fraction: float
) -> list[Strand]:
    """Follow the branches of fixed points over temperature at one external share.

    Parameters
    ----------
    reference : Law or (n,) float
    temperatures : (m,) float in [0.02, 50], rising
    external_fraction : float in [0, 1]

    Returns
    -------
    list of Strand, each of at least two temperatures; at most ten winners

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours (see `branches`); distances are interpolated along each branch.
    """
    q, (axis, _) = checked_reference(reference), checked_settings(temperatures, external_fraction)
    points: dict[tuple[int | None, bool, int], list[tuple[int, float]]] = {}
    leader, even = int(np.argmax(q)), is_even(q)
    for at, temperature in enumerate(axis.tolist()):
        met: dict[tuple[int | None, bool], int] = {}
        for piece in bifurcation(q, temperature):
            distance = _crossing(piece, external_fraction)
            if distance is None:
                continue
            winner = None if piece.winner == leader and not even else piece.winner
            order = met.get((winner, piece.is_stable), 0)
            met[winner, piece.is_stable] = order + 1
            points.setdefault((winner, piece.is_stable, order), []).append((at, distance))
    strands = []
    for (winner, is_stable, _), found in points.items():
        rows, distances = np.array([i for i, _ in found]), np.array([d for _, d in found])
        gaps = np.flatnonzero(np.diff(rows) > 1) + 1
        for part in np.split(np.arange(len(rows)), gaps):
            if len(part) > 1:
                strands.append(Strand(winner, is_stable, axis[rows[part]], distances[part]))
    return strands


def _crossing(piece: Piece, fraction: float) -> float | None:
    """Return the distance where a piece passes an external share, or None."""
    shares, distances = piece.external_fraction, piece.distance
    if shares[0] > shares[-1]:
        shares, distances = shares[::-1], distances[::-1]
    # Branches that reach an end of the axis are traced to 1e-9 from 0, and 1e-6 from 1.
    fraction = min(max(fraction, 1e-9), 1.0 - 1e-6)
    if not shares[0] <= fraction <= shares[-1]:
        return None
    return float(np.interp(fraction, shares, distances))
