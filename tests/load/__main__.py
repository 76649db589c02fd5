"""Print how long viewers wait, and what each of them costs the server, beside the floor.

Viewers are sessions of their own; each turns a dial every five seconds, at a moment of its own.
Two servers of one process each are started, one after the other: the app, and a page with one
slider and one caption. This process shares the machine with them; the processor time that a change
costs does not depend on it.

``--burst``, ``--soak`` and ``--beside`` try one thing instead: a class that comes at once, hours of
uptime, and dials of the playground beside visitors of another page.
"""

import argparse
import sys

from tests.load.measure import Load, measured
from tests.load.pages import FLOOR, PAGES, Watched
from tests.load.trials import beside, burst, soak

_VIEWERS, _SECONDS = [50, 100, 200, 300], 30.0
_COLUMNS = (
    *("page", "viewers", "answer p50", "p95", "done p95", "load p95"),
    *("errors", "CPU a change", "of workers", "kB a change", "MB"),
)


def row(load: Load) -> str:
    """Return one line of the table: milliseconds, counts, kilobytes and megabytes."""
    times = (load.answer(0.5), load.answer(0.95), load.done(0.95), load.opened(0.95))
    return (
        f"{load.page.name:14}{load.viewers:8}"
        + "".join(f"{1e3 * seconds:11.0f}" for seconds in times)
        + f"{len(load.errors):11}{1e3 * load.work_a_change:14.1f}"
        + f"{1e3 * load.heavy_work_a_change:12.1f}"
        + f"{load.bytes_a_change / 1e3:12.1f}{load.memory / 1e6:8.0f}"
    )


def main() -> None:
    """Measure what is asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    names = [page.name for page in PAGES]
    parser.add_argument("--viewers", type=int, nargs="+", default=_VIEWERS)
    parser.add_argument("--pages", nargs="+", choices=names, default=names[:1], help="what to open")
    parser.add_argument(
        "--seconds", type=float, default=_SECONDS, help="how long each row is watched"
    )
    trials = parser.add_mutually_exclusive_group()
    trials.add_argument("--burst", action="store_true", help="first loads, 300 within 30 s")
    trials.add_argument("--soak", action="store_true", help="an hour of 100 viewers")
    trials.add_argument(
        "--beside", action="store_true", help="the playground beside 4 viewers of each page"
    )
    asked = parser.parse_args()
    if asked.burst or asked.soak or asked.beside:
        _try(asked, [page for page in PAGES if page.name in asked.pages])
        return
    print(f"{_COLUMNS[0]:14}{_COLUMNS[1]:>8}" + "".join(f"{c:>11}" for c in _COLUMNS[2:7]), end="")
    print(f"{_COLUMNS[7]:>14}{_COLUMNS[8]:>12}{_COLUMNS[9]:>12}{_COLUMNS[10]:>8}   (times in ms)")
    for page in (FLOOR, *(page for page in PAGES if page.name in asked.pages)):
        for viewers in asked.viewers:
            load = measured(page, viewers, asked.seconds)
            print(row(load), flush=True)
            for words in sorted(set(load.errors))[:3]:
                print(f"    {words}")


def _try(asked: argparse.Namespace, pages: list[Watched]) -> None:
    """Run a trial on each page; exit with 1 where one does not hold."""
    trial, viewers, seconds = (burst, 300, 30.0) if asked.burst else (soak, 100, 3_600.0)
    if asked.beside:
        trial, viewers, seconds = beside, 4, 30.0
    if asked.viewers != _VIEWERS:
        (viewers,) = asked.viewers
    if asked.seconds != _SECONDS:
        seconds = asked.seconds
    if not all([trial(page, viewers, seconds) for page in pages]):
        sys.exit(1)


if __name__ == "__main__":
    main()
