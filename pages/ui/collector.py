"""When Python's garbage collector looks through everything: while nobody waits for it. Pure.

Streamlit leaves some hundred objects a change that hold on to each other, and only the collector
frees them. To look through all that 300 visitors have takes it one to three seconds, in which the
server stands still; by itself it does so every minute. Here what has stayed through such a look is
passed over from then on, until a quiet moment. Measured with Python 3.11; not tried with 3.14,
which has another collector.
"""

import gc
import threading
import time

_OFTEN = 10_000, 3, 3  # objects before they are looked at; looks before longer ones
_MANY = 150_000  # objects that stay after it
_LOOK = 10.0  # seconds between two looks at how busy the server is; each counts what is passed over
_IDLE = 0.05  # of a processor
_SOONEST, _LATEST = 300.0, 1800.0  # seconds from one look through everything to the next
_MOST = 600_000  # objects passed over before everything is looked through: 100 MB or so


def collect_seldom() -> None:
    """Have the collector pass over what is there now, and look at the rest less often.

    At every change of a dial it takes half a thousandth of a second and finds next to nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_OFTEN)


def collect_when_idle() -> None:
    """Do so, for a server, once: what long looks have found to stay waits for quiet moments."""
    if _pass_over in gc.callbacks:
        return
    collect_seldom()
    gc.callbacks.append(_pass_over)
    forever = threading.Event()  # it is never set
    threading.Thread(target=_watch, args=(forever,), name="collector", daemon=True).start()


def _pass_over(phase: str, info: dict[str, int]) -> None:
    """Have many that have stayed through a look at everything passed over; the collector calls."""
    if phase == "stop" and info["generation"] == 2 and len(gc.get_objects(generation=2)) > _MANY:
        gc.freeze()


def is_due(seconds: float, work: float, passed: int) -> bool:
    """Say whether to look through everything now, ``seconds`` after the last time.

    ``work`` is the share of a processor that the server has used of late, ``passed`` the number of
    objects that have been passed over since: some are unused by now, and only such a look tells.
    """
    return seconds > _LATEST or passed > _MOST or (seconds > _SOONEST and work < _IDLE)


def _watch(end: threading.Event) -> None:
    last, used, first = time.monotonic(), time.process_time(), gc.get_freeze_count()
    while not end.wait(_LOOK):
        work, used = (time.process_time() - used) / _LOOK, time.process_time()
        passed = gc.get_freeze_count() - first
        # Where it has not looked at young objects since, nothing has happened.
        if is_due(time.monotonic() - last, work, passed) and any(gc.get_count()[1:]):
            gc.unfreeze()
            gc.collect()
            last, used, first = time.monotonic(), time.process_time(), gc.get_freeze_count()
