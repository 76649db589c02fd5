"""Heavy work in processes of its own, so that nobody's dial waits for somebody else's work. Pure.

A `WorkerPool` keeps `concurrent.futures.ProcessPoolExecutor` busy with whole jobs, first come,
first served: one process fewer than the machine has processors, at a low priority. A job that
nobody waits for any more is stopped where it is, within a fraction of a second, and its process
goes on with the next. Workers end with the server, however that ends.
"""

import _thread
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import spawn
from typing import Any, Generic, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")
JOBS = 200  # that may wait or run at a time
TOO_BUSY = (
    "The server could not finish this: too many are asking at once, or it ran out of memory."
    " Change a setting, or reload the page, to try again."
)
NICE = 10  # below the server: who looks at a page comes first
_LOOK = 0.1  # seconds between two looks at whether a job is still wanted


class Stopped(BaseException):
    """Raised in a worker where its job is not wanted any more; no work may catch it."""


class TooBusyError(RuntimeError):
    """More jobs are waiting than will ever be waited for, or workers break again and again."""


class InTurn(Executor):
    """Does what is submitted at once, in the same thread: the worker is parallel enough."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it and return a future that is done."""
        done: Future[T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Job(Generic[T]):
    """A function that is computed in a worker."""

    def __init__(self, future: Future[T], stop: Callable[[Future[T]], None]) -> None:
        self._future, self._stop = future, stop

    def is_done(self, seconds: float) -> bool:
        """Wait so long at most; say whether the result is there."""
        return bool(wait([self._future], seconds).done)

    def result(self) -> T:
        """Return the result or raise the job's exception."""
        return self._future.result()

    def stop(self) -> None:
        """Say that nobody waits for it any more; it ends within a fraction of a second."""
        if not self._future.done() and not self._future.cancel():
            self._stop(self._future)


class WorkerPool:
    """Workers for whole jobs; they start when the first job comes.

    Parameters
    ----------
    workers : int, processes; None: one fewer than there are processors for them, at least one
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or max(1, processors() - 1)
        self._lock, self._marks = threading.Lock(), threading.Lock()
        self._executor: ProcessPoolExecutor | None = None

    def submit(self, function: Callable[..., T], *arguments: Any) -> Job[T]:
        """Have ``function(*arguments)`` computed; all of it must be of a kind that can be pickled.

        Raises
        ------
        TooBusyError
            If too many jobs are waiting.
        """
        with self._lock:
            try:
                return self._submitted(function, arguments)
            except BrokenProcessPool:  # a worker was killed: new ones take its place
                self._executor = None
                return self._submitted(function, arguments)

    def close(self) -> None:
        """Stop all that runs and end the workers."""
        with self._lock:
            if self._executor is not None:
                for place in range(JOBS):
                    self._stops[place] = 1
                self._executor.shutdown(cancel_futures=True)
                self._executor = None

    def _submitted(self, function: Callable[..., T], arguments: tuple[Any, ...]) -> Job[T]:
        if self._executor is None:
            self._stops, self._free = SPAWN.RawArray("b", JOBS), list(range(JOBS))
            self._executor = ProcessPoolExecutor(self.workers, SPAWN, _begin, (self._stops, NICE))
        stops, free = self._stops, self._free
        if not free:
            raise TooBusyError(f"at most {JOBS} jobs may wait, got one more")
        place = free.pop()

        def stop(future: Future[T]) -> None:
            with self._marks:
                if not future.done():  # else another job may have its place by now
                    stops[place] = 1

        def is_over(_: object) -> None:
            with self._marks:
                stops[place] = 0
                free.append(place)

        try:
            future = self._executor.submit(_run, place, function, arguments)
        except BaseException:
            free.append(place)
            raise
        future.add_done_callback(is_over)
        return Job(future, stop)


def processors() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _without_main(
    name: str, prepared: Callable[[str], dict[str, Any]] = spawn.get_preparation_data
) -> dict[str, Any]:
    """Return what a new process is told, without the main module.

    Streamlit makes the page that is being drawn the main module: each worker would draw it.
    """
    told = prepared(name)
    return {key: value for key, value in told.items() if not key.startswith("init_main")}


spawn.get_preparation_data = _without_main
SPAWN = multiprocessing.get_context("spawn")  # for every process that this server starts

# What follows runs in the workers.
_stops: Any = None
_place = -1  # of the job that runs here


def _begin(stops: Any, nice: int) -> None:
    global _stops
    _stops = stops
    if hasattr(os, "nice"):
        os.nice(nice)
    signal.signal(signal.SIGINT, _stop_if_unwanted)
    for watch in (_watch_job, _watch_server):
        threading.Thread(target=watch, daemon=True).start()


def _run(place: int, function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    global _place
    if _stops[place]:
        raise Stopped
    _place = place
    try:
        return function(*arguments)
    finally:
        _place = -1


def _is_unwanted() -> bool:
    return _place >= 0 and bool(_stops[_place])


def _watch_job() -> None:
    clock = threading.Event()  # it is never set
    while not clock.wait(_LOOK):
        if _is_unwanted():
            _thread.interrupt_main()


def _stop_if_unwanted(*_: object) -> None:
    if _is_unwanted():
        raise Stopped


def _watch_server() -> None:
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
    os._exit(1)
