"""What is cached for this page; every cache is bounded. See `pages.ui.cached`."""

from closedloop_core import LoopParams
from pages.ui.cached import kept
from pages.ui.theory import SECTIONS, Outcome, examine


@kept(max_entries=512)
def theory_section(section: int, params: LoopParams) -> tuple[Outcome, ...]:
    """Return the checks of a section of the theory at these settings (see `essence`)."""
    chosen = SECTIONS[section].statements
    return tuple(examine(statement, params) for statement in chosen)
