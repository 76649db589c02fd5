"""One result that takes seconds, computed in a process for heavy work while visitors look on. Pure.

Whoever asks for the same shares it. When nobody has asked for a while it is stopped, and begun anew
when somebody asks again.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

from pages.ui.pool import TOO_BUSY, Job, TooBusyError

T = TypeVar("T")
_LOOK = 0.1  # seconds between two looks at whether it is there, or still wanted
_UNASKED = 1.5  # seconds after which nobody is waiting any more: a page asks twice a second
_TRIES = 2  # so often a worker may be killed at it, for its memory perhaps


class Later(Generic[T]):
    """One number or table.

    Attributes
    ----------
    value : what was computed, None until then
    refusal : str, the sentence of a ValueError, else empty
    """

    def __init__(self, submit: Callable[[], Job[T]]) -> None:
        self.value: T | None = None
        self.refusal = ""
        self._submit, self._lock = submit, threading.Lock()
        self._is_going, self._asked, self._broken = False, 0.0, 0

    def ask(self) -> bool:
        """Say whether it is there, or refused; who asks keeps it going, or begins with it."""
        self._asked = time.monotonic()
        with self._lock:
            if not (self._is_going or self.value is not None or self.refusal):
                self._begin()
        return self.value is not None or bool(self.refusal)

    def _begin(self) -> None:
        try:
            job = self._submit()
        except TooBusyError:
            return  # who asks again tries again
        self._is_going = True
        threading.Thread(target=self._watch, args=(job,), daemon=True).start()

    def _watch(self, job: Job[T]) -> None:
        try:
            while not job.is_done(_LOOK):
                if time.monotonic() - self._asked > _UNASKED:
                    job.stop()
                    return
            self.value = job.result()
        except ValueError as error:
            self.refusal = str(error)
        except (BrokenProcessPool, MemoryError):
            self._broken += 1
            self.refusal = TOO_BUSY if self._broken == _TRIES else ""
        finally:
            self._is_going = False
