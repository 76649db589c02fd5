"""What a class will ask for next, computed while nobody asks. Pure.

Most of what a new temperature costs is the same for all seeds: the infinite-sample twin, its limit,
and what it needs. Where many runs differ by seed and temperature alone, a class is turning that
dial: its other places are made ready.
"""

import math
from collections import OrderedDict

from closedloop_core import LoopParams
from pages.ui.playground.work.cached import Run, computed_run, is_shared, make_ready

PLACES = tuple(place / 100 for place in range(20, 501))  # of the temperature's dial
CLASS = 20  # runs of the same settings, from which on their other temperatures are made ready
_COUNTED = 100  # settings


class Ahead:
    """Counts what is asked for, and makes ready what may come next.

    Attributes
    ----------
    waiting : list of (LoopParams, float), settings and tolerance; the last is next
    """

    def __init__(self) -> None:
        self.waiting: list[tuple[LoopParams, float]] = []
        self._asked: OrderedDict[tuple[object, float], int] = OrderedDict()

    def count(self, params: LoopParams, tolerance: float) -> None:
        """Count a run; the nearest temperatures are next, and one class is served at a time."""
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
            self.waiting = [(alike.replace(temperature=place), tolerance) for place in places]

    def do_one(self) -> bool:
        """Make the next temperature ready; say whether there was one."""
        if not self.waiting:
            return False
        make_ready(*self.waiting.pop())
        return True


_AHEAD = Ahead()  # of this process


def counted_run(params: LoopParams, tolerance: float) -> Run:
    """Return `computed_run`, and count it."""
    _AHEAD.count(params, tolerance)
    return computed_run(params, tolerance)


def do_one() -> bool:
    """Make one temperature ready in this process; say whether there was one."""
    return _AHEAD.do_one()
