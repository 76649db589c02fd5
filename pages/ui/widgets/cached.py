"""What the verdict says of a run's start, which no dial changes, remembered. Pure."""

from closedloop_core import Law, hill_number, total_variation
from pages.ui.remembered import remembered


@remembered(max_entries=256)
def start_of(initial: Law, source: Law) -> tuple[float, float]:
    """Return the effective outcomes of a law, and its distance to another."""
    start = initial.probabilities()
    effective, distance = hill_number(start, 1), total_variation(start, source.probabilities())
    return float(effective), float(distance)
