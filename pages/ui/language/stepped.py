"""Long work in small steps: an iterator that is asked for as long as a visitor's run may take.

Whoever waits for the same work shares it; nobody is blocked by it longer than one step.
"""

import threading
import time
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
_PATIENCE = 30.0  # seconds that one waits for the first items, of which another visitor makes one


class Stepped(Generic[T]):
    """What an iterator has yielded so far, and the rest of it.

    Works that are given the same ``room`` share its places: so many go on at a time.

    Attributes
    ----------
    total : int, how many items there will be
    items : list of what has been yielded
    refusal : str, why it ended early: the sentence of a ValueError, else empty
    """

    def __init__(
        self,
        work: Iterator[T],
        total: int,
        keep: int | None = None,
        room: threading.BoundedSemaphore | None = None,
    ) -> None:
        self.total, self.items, self.refusal = total, [], ""
        self._work: Iterator[T] | None = work
        self._lock, self._keep, self.done = threading.Lock(), keep, 0
        self._room = room or threading.BoundedSemaphore(1)

    items: list[T]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self._work is None

    def advance(self, seconds: float, least: int = 0) -> bool:
        """Go on until ``least`` items are there, then for about so long; return whether it moved.

        While another visitor advances the same work this one is not kept waiting, once there are
        ``least`` items. What goes beyond these is done only while the room has a place.
        """
        patience = 0.0 if self.done >= least else _PATIENCE
        if self._work is None or not self._lock.acquire(timeout=patience):
            return False
        try:
            until, before = time.perf_counter() + seconds, self.done
            while self._work is not None and self.done < least:
                self._step()
            if self._room.acquire(blocking=False):
                try:
                    while self._work is not None and time.perf_counter() < until:
                        self._step()
                finally:
                    self._room.release()
            return self.done > before
        finally:
            self._lock.release()

    def _step(self) -> None:
        assert self._work is not None
        try:
            item = next(self._work)
        except StopIteration:
            self._work = None
            return
        except ValueError as error:
            self._work, self.refusal = None, str(error)
            return
        self.items.append(item)
        self.done += 1
        if self._keep is not None:
            del self.items[: -self._keep]
        if self.done >= self.total:
            self._work = None
