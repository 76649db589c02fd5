"""What is cached for this page; every cache is bounded. See `pages.ui.cached`."""

from closedloop_core import LoopParams
from pages.ui.cached import computed, kept
from pages.ui.theory import Outcome, examined


@kept(max_entries=512)
def theory_section(section: int, params: LoopParams) -> tuple[Outcome, ...]:
    """Return the checks of a section of the theory at these settings (see `essence`)."""
    return computed(examined, section, params)
