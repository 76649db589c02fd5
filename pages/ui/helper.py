"""One process beside the server for short work, where several visitors want it at once. Pure.

Threads that compute hand each other the interpreter's lock at every step, and nobody else is served
meanwhile. Here one computation is done at a time, from the first time that two meet in a process of
its own: the server's processor is then free for messages. What comes back is the same.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from pages.ui.collector import collect_seldom
from pages.ui.pool import SPAWN

T = TypeVar("T")
P = ParamSpec("P")
_AGAIN = 60.0  # seconds from one start of the process to the next, should it be killed
_PATIENCE = 10.0  # seconds for an answer, a thousand times what it takes
_LOG = logging.getLogger(__name__)


class Helper:
    """Computes short functions one at a time, in a process of its own once two have met.

    Until the process is there, where it has been killed, and where the machine has one processor,
    who asks computes it.

    Attributes
    ----------
    is_useful : bool, whether there are processors enough for a process more
    starts : int, how often the process has been started

    Parameters
    ----------
    processors : int, of the machine; None: as many as it has
    """

    def __init__(self, processors: int | None = None) -> None:
        self.is_useful, self.starts = (processors or os.cpu_count() or 1) > 1, 0
        self._turn, self._state = threading.Lock(), threading.Lock()
        self._pipe: Connection | None = None
        self._started = float("-inf")

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._pipe is not None

    def ask(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return ``function(*args, **kwargs)``, or raise what it raises.

        All of it must be of a kind that can be pickled; it takes some hundredths of a second.
        """
        if not self._turn.acquire(blocking=False):
            self.begin()
            self._turn.acquire()
        try:
            if self._pipe is None:
                return function(*args, **kwargs)
            try:
                self._pipe.send((function, args, kwargs))
                if not self._pipe.poll(_PATIENCE):
                    raise EOFError
                is_well, found = self._pipe.recv()
            except (EOFError, OSError):  # it was killed, or stands still
                self.close()
                return function(*args, **kwargs)
        finally:
            self._turn.release()
        if not is_well:
            raise found
        result: T = found
        return result

    def close(self) -> None:
        """End the process; what is asked for from now on is computed by who asks."""
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.close()
            self._process.kill()
            self._process.join()

    def begin(self) -> bool:
        """Start the process, unless it is there or was started a short time ago; say whether."""
        with self._state:
            now = time.monotonic()
            if not self.is_useful or self._pipe is not None or now - self._started < _AGAIN:
                return False
            self._started, self.starts = now, self.starts + 1
        threading.Thread(target=self._start, daemon=True).start()
        return True

    def _start(self) -> None:
        try:
            pipe, others = SPAWN.Pipe()
            self._process = SPAWN.Process(target=_answer, args=(others,), daemon=True)
            self._process.start()
            others.close()
            pipe.recv()  # it says that it is there
        except (EOFError, OSError) as error:
            _LOG.warning("%s: short work stays in the server", type(error).__name__)
            return
        self._pipe = pipe


def _answer(pipe: Connection) -> None:
    """Compute what is asked for until the server ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe.send("there")
    collect_seldom()
    while True:
        try:
            function, args, kwargs = pipe.recv()
        except (EOFError, OSError):
            return
        answer: tuple[bool, Any]
        try:
            answer = True, function(*args, **kwargs)
        except Exception as error:
            answer = False, error
        pipe.send(answer)
