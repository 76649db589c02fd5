"""One process beside the server for short work, where several visitors want it at once. Pure.

Threads that compute hand each other the interpreter's lock at every step, and nobody else is served
meanwhile. Here one computation is done at a time and, once two visitors have wanted one at the same
time, in a process of its own: the server's processor is then free for messages. What comes back is
the same.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, ParamSpec, TypeVar

from pages.ui.collector import collect_seldom
from pages.ui.pool import SPAWN, processors

T = TypeVar("T")
P = ParamSpec("P")
_AGAIN = 60.0  # seconds from one start of the process to the next, should it be killed
_PATIENCE = 10.0  # seconds for an answer, a hundred times what it takes
_START = 60.0  # seconds that it may take to start
_LOG = logging.getLogger(__name__)
_Worker = tuple[Connection, SpawnProcess]


class _GoneError(Exception):
    """The process was killed, or stands still."""


class Helper:
    """Computes short functions one at a time, in a process of its own once two have met.

    Until the process is there, where it has been killed, and where the machine has one processor,
    who asks computes it.

    Attributes
    ----------
    is_useful : bool, whether there are processors enough for a process more
    starts : int, how often the process has been started
    meetings : int, how often somebody has had to wait for somebody else
    is_starting : bool, whether the process is on its way

    Parameters
    ----------
    available : int, processors of the machine; None: as many as this process may use
    between : does some work in the process while nobody asks, and says whether there was any: then
        it is called again, and after each answer. It should take no longer than a question, and
        must be of a kind that can be pickled
    """

    def __init__(
        self, available: int | None = None, between: Callable[[], bool] | None = None
    ) -> None:
        self._between = between
        self.is_useful, self.starts, self.meetings = (available or processors()) > 1, 0, 0
        self._turn, self._state = threading.Lock(), threading.Lock()
        self._worker: _Worker | None = None
        self.is_starting, self._is_closed, self._started = False, False, float("-inf")

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._worker is not None

    def ask(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return ``function(*args, **kwargs)``, or raise what it raises.

        All of it must be of a kind that can be pickled. It takes at most a tenth of a second or so:
        others wait for it.
        """
        if not self._turn.acquire(blocking=False):
            self.meetings += 1
            self.begin()
            self._turn.acquire()
        try:
            worker = self._worker
            if worker is None:
                return function(*args, **kwargs)
            try:
                is_well, found = _asked(worker[0], (function, args, kwargs))
            except _GoneError:
                self._drop(worker)
                return function(*args, **kwargs)
            except BaseException:
                self._drop(worker)  # its answer is not to reach who asks next
                raise
        finally:
            self._turn.release()
        if not is_well:
            raise found
        result: T = found
        return result

    def begin(self) -> bool:
        """Start the process, unless it is there or was started a short time ago; say whether."""
        with self._state:
            now = time.monotonic()
            is_there = self._worker is not None or self.is_starting or self._is_closed
            if not self.is_useful or is_there or now - self._started < _AGAIN:
                return False
            self._started, self.is_starting, self.starts = now, True, self.starts + 1
        threading.Thread(target=self._start, daemon=True).start()
        return True

    def close(self) -> None:
        """End the process for good; what is asked for from now on is computed by who asks."""
        with self._state:
            self._is_closed, worker = True, self._worker
        if worker is not None:
            with self._turn:
                self._drop(worker)

    def _start(self) -> None:
        worker: _Worker | None = None
        try:
            pipe, others = SPAWN.Pipe()
            process = SPAWN.Process(target=_answer, args=(others, self._between), daemon=True)
            process.start()
            others.close()
            worker = pipe, process
            _heard(pipe, _START)  # it says that it is there
        except (_GoneError, OSError) as error:
            _LOG.warning("%s: short work stays in the server", type(error).__name__)
            if worker is not None:
                _end(worker)
                worker = None
        with self._state:
            self.is_starting = False
            if not self._is_closed:
                self._worker, worker = worker, None
        if worker is not None:
            _end(worker)

    def _drop(self, worker: _Worker) -> None:
        with self._state:
            if self._worker is worker:
                self._worker = None
        _end(worker)


def _asked(pipe: Connection, question: Any) -> Any:
    try:
        pipe.send(question)
    except OSError as error:
        raise _GoneError from error
    return _heard(pipe, _PATIENCE)


def _heard(pipe: Connection, seconds: float) -> Any:
    try:
        if pipe.poll(seconds):
            return pipe.recv()
    except (EOFError, OSError) as error:
        raise _GoneError from error
    raise _GoneError


def _end(worker: _Worker) -> None:
    pipe, process = worker
    pipe.close()
    process.kill()
    process.join()


def _answer(pipe: Connection, between: Callable[[], bool] | None) -> None:
    """Compute what is asked for until the server ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()
    try:
        pipe.send("there")
        while True:
            while between is not None and not pipe.poll() and _goes_on(between):
                pass
            _answer_one(pipe)
    except (EOFError, OSError):
        return


def _goes_on(between: Callable[[], bool]) -> bool:
    try:
        return between()
    except Exception as error:  # who asks is answered all the same
        _LOG.warning("%s between two questions", type(error).__name__)
        return False


def _answer_one(pipe: Connection) -> None:
    function, args, kwargs = pipe.recv()
    answer: tuple[bool, Any]
    try:
        answer = True, function(*args, **kwargs)
    except Exception as error:
        answer = False, error
    try:
        pipe.send(answer)
    except OSError:
        raise
    except Exception as error:  # it cannot be pickled
        pipe.send((False, TypeError(f"an answer cannot be sent: {type(error).__name__}")))
