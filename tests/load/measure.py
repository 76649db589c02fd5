"""Many viewers of one page on a server of their own, and what they saw."""

import asyncio
import math
import statistics
from dataclasses import dataclass, field

from tests.load.pages import FLOOR, Watched
from tests.load.viewer import TROUBLE, Viewer
from tests.server import Server, start

EVERY = 5.0  # seconds from one change of a viewer to its next
_AT_ONCE = 4  # viewers that load at the same time
_SCRIPTS = {FLOOR.name: "tests/bench/floor_page.py"}


@dataclass
class Load:
    """What viewers of a page have seen: seconds, bytes, and what went wrong."""

    page: Watched
    viewers: int
    opens: list[float] = field(default_factory=list)
    changes: list[tuple[float, float]] = field(default_factory=list)  # answered, done
    errors: list[str] = field(default_factory=list)
    work: float = 0.0  # seconds of the server's processor, while they changed things
    heavy_work: float = 0.0  # of its processes for heavy work, meanwhile
    received: int = 0  # bytes, meanwhile
    memory: int = 0  # bytes of the server, at the end

    def opened(self, share: float) -> float:
        return quantile(self.opens, share)

    def answer(self, share: float) -> float:
        return quantile([answered for answered, _ in self.changes], share)

    def done(self, share: float) -> float:
        return quantile([done for _, done in self.changes], share)

    @property
    def work_a_change(self) -> float:
        return self.work / max(1, len(self.changes))

    @property
    def heavy_work_a_change(self) -> float:
        return self.heavy_work / max(1, len(self.changes))

    @property
    def bytes_a_change(self) -> float:
        return self.received / max(1, len(self.changes))


def quantile(values: list[float], share: float) -> float:
    """Return the value below which ``share`` of all lie; NaN of none."""
    if len(values) < 2:
        return values[0] if values else float("nan")
    return statistics.quantiles(values, n=100, method="inclusive")[round(100 * share) - 1]


def measured(page: Watched, viewers: int, seconds: float) -> Load:
    """Start a server, have ``viewers`` watch a page for ``seconds``, and return what they saw."""
    with start(_SCRIPTS.get(page.name, "app.py")) as server:
        return asyncio.run(watched(server, page, viewers, seconds))


async def watched(server: Server, page: Watched, viewers: int, seconds: float) -> Load:
    """Load a page for every viewer; then each turns a dial, and again every `EVERY` seconds."""
    load, gate = Load(page, viewers), asyncio.Semaphore(_AT_ONCE)
    everyone = [Viewer(server.address, page, seed) for seed in range(viewers)]
    await asyncio.gather(*(_open(load, viewer, gate) for viewer in everyone))
    come = [viewer for viewer in everyone if viewer.is_open]
    received = sum(viewer.received for viewer in come)
    work, heavy_work = server.seconds_of_work(), server.seconds_of_workers()
    first = (EVERY * number / max(1, len(come)) for number in range(len(come)))
    await asyncio.gather(*map(_watch, [load] * len(come), come, first, [seconds] * len(come)))
    load.work = server.seconds_of_work() - work
    load.heavy_work = server.seconds_of_workers() - heavy_work
    load.received = sum(viewer.received for viewer in come) - received
    load.memory = server.memory()
    await asyncio.gather(*(viewer.leave() for viewer in come))
    return load


async def _open(load: Load, viewer: Viewer, gate: asyncio.Semaphore) -> None:
    async with gate:
        try:
            load.opens.append(await viewer.open())
        except TROUBLE as error:
            load.errors.append(f"opening: {error!r}")


async def _watch(load: Load, viewer: Viewer, first: float, seconds: float) -> None:
    """Turn a dial at a moment of its own in every `EVERY` seconds; a late answer delays none."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    due = first
    while due < seconds:
        try:
            await viewer.look_on(start + due - loop.time())
            load.changes.append(await viewer.change())
        except TROUBLE as error:
            load.errors.append(f"changing: {error!r}")
            return
        due += EVERY * max(1, math.ceil((loop.time() - start - due) / EVERY))
