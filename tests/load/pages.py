"""What viewers look at, and what they do there: a page joins by one line of ``PAGES``."""

import math
import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pages.ui.session.scenes import OPENING

_TRACK = (0.2, 5.0)  # of the temperature's dial


@dataclass(frozen=True)
class Watched:
    """A page that is watched, and what answers there when a dial moves.

    ``answer`` is the element that shows a change: the name of a component of ours, or a kind of
    Streamlit's. ``drawer`` is the key of the drawer that the dials are in, if they are in one. A
    page without dials is drawn again instead.
    """

    name: str
    address: str
    answer: str
    drawer: str | None = "drawer_dials"


# The floor has a server of its own, and a slider of Streamlit's for a dial.
FLOOR = Watched("floor", "", "markdown", drawer=None)
PAGES = (
    Watched("playground", "", "player", drawer=None),
    Watched("language", "Language", "language", drawer=None),
    Watched("images", "Images", "sheets", drawer=None),
    Watched("phase diagram", "Phase_diagram", "map"),
    Watched("geometry", "Geometry", "geometry"),
    Watched("luck", "Luck", "dials", drawer=None),
    Watched("theory", "Theory", "dials"),
    Watched("lessons", "Lessons", "keys", drawer=None),
    Watched("glossary", "Glossary", "keys", drawer=None),
)


def link(seed: int) -> str:
    """Return the query of a viewer's link: the opening scene with a seed of their own.

    So no two of them ask for the same run; what the theory says of a temperature they share.
    """
    settings = OPENING.settings(projector=False)
    params = settings.params.replace(seed=seed)
    return urlencode(params.to_query())


def dial_values(header: dict[str, Any], sequence: int, chance: random.Random) -> dict[str, Any]:
    """Return what the dials send when the temperature has been turned and let go.

    ``header`` is what they were sent last; ``sequence`` counts the changes of this viewer. The dial
    stands anywhere on its track, at one of its own steps of 0.01.
    """
    turned = math.exp(chance.uniform(*map(math.log, _TRACK)))
    return {
        **header["values"],
        "temperature": round(turned, 2),
        "sequence": sequence,
        "revision": header["revision"],
        "final": True,
    }
