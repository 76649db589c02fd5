"""What a case may cost: seconds of the processor, and memory that was not used before."""

import random
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.cases import CASES

# Many times what any case takes (they are of a hundred kilobytes at most): a busy machine passes,
# what stalls does not.
MOST_SECONDS = 3.0
MOST_MEGABYTES = 200.0
_STATUS, _REFERENCES = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Failure:
    """A case that broke a rule, and how to run it again."""

    seed: int
    number: int
    name: str
    words: str


def failures(count: int, seed: int) -> Iterator[Failure]:
    """Run cases and yield those that break a rule; a case is determined by seed and number."""
    for number in range(count):
        words = run_one(seed, number)
        if words:
            yield Failure(seed, number, CASES[number % len(CASES)].__name__, words)


def run_one(seed: int, number: int) -> str:
    """Run one case; return what is wrong with it, or nothing."""
    rng, case = random.Random(f"{seed}/{number}"), CASES[number % len(CASES)]
    before, begun = _start_ofpeak(), time.process_time()
    try:
        case(rng)
    except Exception:
        return traceback.format_exc(limit=-4)
    seconds, grown = time.process_time() - begun, peak() - before
    if seconds > MOST_SECONDS:
        return f"it took {seconds:.1f} s of the processor"
    return f"it took {grown:.0f} MB" if grown > MOST_MEGABYTES else ""


def _start_ofpeak() -> float:
    """Let the peak of memory begin anew (Linux); return it in megabytes."""
    try:
        _REFERENCES.write_text("5")
    except OSError:
        pass
    return peak()


def peak() -> float:
    """Return the peak of this process's memory in megabytes; 0 where the system does not tell."""
    try:
        status = _STATUS.read_text()
    except OSError:
        return 0.0
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
