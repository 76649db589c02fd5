"""A result that takes seconds, computed in a process for heavy work while visitors look on. Pure.

Whoever asks for the same shares it. When all who asked have left, or want something else by now, it
is stopped; who asks again begins it anew.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Generic, TypeVar

from pages.ui.pool import TOO_BUSY, Job, Stopped, TooBusyError

T = TypeVar("T")
FAILED = "This could not be computed"
_LOOK = 0.1  # seconds between two looks at whether it is there, or still wanted
_UNASKED = 12.0  # seconds: well above the longest step of other work between two questions
_TRIES = 2  # so often a worker may be killed at it, for its memory perhaps
_LATER = 60.0  # seconds until it is tried again after that
_LOG = logging.getLogger(__name__)


class Later(Generic[T]):
    """A result, as soon as it is there.

    Attributes
    ----------
    value : what was computed, None until then
    refusal : str, one sentence if it cannot be had, else empty

    Parameters
    ----------
    submit : begins the work and returns it
    then : makes the value of what the work returns, in this process
    who : returns who is asking
    is_here : says of somebody who has asked whether they still look on
    """

    def __init__(
        self,
        submit: Callable[[], Job[Any]],
        then: Callable[[Any], T],
        who: Callable[[], str],
        is_here: Callable[[str], bool],
    ) -> None:
        self.value: T | None = None
        self.refusal = ""
        self._submit, self._then, self._who, self._is_here = submit, then, who, is_here
        self._lock, self._asked = threading.Lock(), dict[str, float]()
        self._is_going, self._is_over, self._broken, self._again = False, False, 0, 0.0

    def ask(self) -> bool:
        """Say whether it is there, or refused; who asks keeps it going, or begins it."""
        now = time.monotonic()
        with self._lock:
            self._asked[self._who()] = now
            if self._broken == _TRIES and now > self._again:
                self._is_over, self.refusal, self._broken = False, "", 0
            if not (self._is_over or self._is_going):
                self._begin()
            return self._is_over

    def _begin(self) -> None:
        try:
            job = self._submit()
        except (TooBusyError, BrokenProcessPool, OSError):
            return  # who asks again tries again
        threading.Thread(target=self._watch, args=(job,), daemon=True).start()
        self._is_going = True

    def _watch(self, job: Job[Any]) -> None:
        try:
            while not job.is_done(_LOOK):
                if not self._is_wanted():
                    job.stop()
                    return
            with self._lock:
                self._end(job)
        finally:
            with self._lock:
                self._is_going = False

    def _is_wanted(self) -> bool:
        since = time.monotonic() - _UNASKED
        with self._lock:
            self._asked = {who: at for who, at in self._asked.items() if at > since}
            asked = list(self._asked)
        return any(map(self._is_here, asked))

    def _end(self, job: Job[Any]) -> None:
        try:
            self.value = self._then(job.result())
        except ValueError as error:
            self.refusal = str(error) or FAILED
        except (BrokenProcessPool, MemoryError):
            self._broken += 1
            if self._broken < _TRIES:
                return
            self.refusal, self._again = TOO_BUSY, time.monotonic() + _LATER
        except Stopped:
            return
        except Exception as error:
            # The type alone: a message may hold a visitor's words.
            _LOG.error("%s in a worker", type(error).__name__)
            self.refusal = FAILED
        self._is_over = True
