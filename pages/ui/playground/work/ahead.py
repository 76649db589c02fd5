"""What a class will ask for next, computed while nobody asks. Pure.

Most of what a new temperature costs is the same for all seeds: the infinite-sample twin, its limit,
and what it needs. Where many runs differ by seed and temperature alone, somebody is turning that
dial, or a whole class: its other places are made ready. It is done at the server's own priority,
since most of it is asked for within a minute.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass

from closedloop_core import LoopParams
from pages.ui.playground.work.cached import Run, computed_run, is_shared, make_ready

PLACES = tuple(place / 100 for place in range(20, 501))  # of the temperature's dial
CLASS = 20  # runs of the same settings, from which on their other temperatures are made ready
_COUNTED, _CLASSES = 100, 4  # settings that are counted, and those that are made ready


@dataclass(frozen=True)
class Dial:
    """Settings but for temperature and seed; ``places`` (temperatures) are left, the last is next.

    They shrink as it is worked on.
    """

    alike: LoopParams
    tolerance: float
    places: list[float]


class Ahead:
    """Counts what is asked for, and makes ready what may come next.

    Attributes
    ----------
    dials : list of Dial, the last is worked on
    """

    def __init__(self) -> None:
        self.dials: list[Dial] = []
        self._asked: OrderedDict[tuple[object, float], int] = OrderedDict()

    def count(self, params: LoopParams, tolerance: float) -> None:
        """Count a run; of its temperatures the nearest are next."""
        if params.schedule or not is_shared(params):
            return
        alike = params.replace(temperature=1.0, seed=0)
        key = alike.key, tolerance
        self._asked[key] = self._asked.pop(key, 0) + 1
        if len(self._asked) > _COUNTED:
            self._asked.popitem(last=False)
        if self._asked[key] == CLASS:
            near = math.log(params.temperature)
            places = sorted(PLACES, key=lambda place: -abs(math.log(place) - near))
            self.dials = [*self.dials[1 - _CLASSES :], Dial(alike, tolerance, places)]

    def do_one(self) -> bool:
        """Make the next temperature ready; say whether there was one."""
        while self.dials and not self.dials[-1].places:
            self.dials.pop()
        if not self.dials:
            return False
        dial = self.dials[-1]
        make_ready(dial.alike.replace(temperature=dial.places.pop()), dial.tolerance)
        return True


_AHEAD = Ahead()  # of this process


def counted_run(params: LoopParams, tolerance: float) -> Run:
    """Return `computed_run`, and count it."""
    _AHEAD.count(params, tolerance)
    return computed_run(params, tolerance)


def do_one() -> bool:
    """Make one temperature ready in this process; say whether there was one."""
    return _AHEAD.do_one()
