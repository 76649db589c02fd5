"""The drawer "Dials and more": what the playground has in its left column, behind one button."""

from collections.abc import Callable

from pages.ui.frame import drawer
from pages.ui.hall import scene_box
from pages.ui.session.settings import Settings
from pages.ui.widgets.dials import dial_box, seed_row
from pages.ui.widgets.more import more_fold

Draw = Callable[[], None]


def _nothing() -> None:
    """Draw nothing."""


def dials_drawer(now: Settings, before: Draw = _nothing, after: Draw = _nothing) -> None:
    """Draw scene, dials, the fold "More" and the seed behind a button.

    ``before`` and ``after`` draw a page's own folds, above and below "More".
    """
    box = drawer("Dials and more", "drawer_dials")
    if not box.open:
        return
    with box:
        if not now.projector:  # there it stands in the header
            scene_box(now)
        dial_box(now)
        before()
        more_fold(now)
        after()
        seed_row(now)
