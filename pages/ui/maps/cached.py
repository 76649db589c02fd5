"""What is cached for this page; every cache is bounded. See `pages.ui.cached`."""

import numpy as np
from numpy.typing import NDArray

from closedloop_core import BoundaryLines, Law, bifurcation_branches, boundary_lines
from closedloop_core.closed_forms.published import euclidean_bound
from closedloop_core.exact.branches import Piece
from closedloop_core.exact.cuts import Strand, cut_along_temperature
from closedloop_core.exact.settled import fisher_rao_share
from closedloop_core.loop.hysteresis import Sweep, run_sweep
from pages.ui.cached import computed, diagram, distinct_weights, kept, line_size, temperature_axis


@kept(max_entries=64, spinner="Solving the lines …")
def lines(source: Law, tolerance: float) -> BoundaryLines:
    """Return every line of the phase diagram over `temperature_axis(line_size(source))`."""
    return boundary_lines(source, temperature_axis(line_size(source)), tolerance)


@kept(max_entries=1_000)
def published_bounds(source: Law, temperature: float) -> tuple[float, float]:
    """Return the Euclidean and the Fisher-Rao bound as shares; NaN if q has a zero."""
    q = source.probabilities()
    if not np.all(q > 0):
        return float("nan"), float("nan")
    return float(euclidean_bound(q, temperature)), fisher_rao_share(source, temperature)


@kept(max_entries=64)
def stable_counts(source: Law, size: int) -> NDArray[np.uint32]:
    """Return the number of stable states on the diagram's grid."""
    return diagram(source, size).n_stable.astype(np.uint32)


@kept(max_entries=256)
def branches(source: Law, temperature: float) -> list[Piece]:
    """Return the branches of fixed points over the external share at one temperature."""
    return bifurcation_branches(source, temperature)


@kept(max_entries=64, spinner="Sweeping …")
def sweep(source: Law, temperature: float, seed: int) -> Sweep:
    """Lower the external share, then raise it again: a real down and up."""
    return computed(run_sweep, source, temperature, seed)


@kept(max_entries=64, spinner="Following the branches …")
def branches_over_temperature(source: Law, external_fraction: float) -> list[Strand]:
    """Return the branches over temperature at one external share (for the panel below the map)."""
    axis = temperature_axis(65 if distinct_weights(source) <= 200 else 33)
    return computed(cut_along_temperature, source, axis, external_fraction)
