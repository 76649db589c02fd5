"""What is cached of lessons; every cache is bounded. See `pages.ui.cached`."""

from closedloop_core import LoopParams
from pages.ui.cached import kept
from pages.ui.lessons import odds
from pages.ui.lessons.odds import Outcome


@kept(max_entries=128, spinner="Running the loop many times …")
def outcome(params: LoopParams, tolerance: float) -> Outcome:
    """Return how this run ends, and many others with other luck."""
    return odds.outcome(params, tolerance, odds.affordable_runs(params))
