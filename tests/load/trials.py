"""A class that comes at once, uptime, and heavy neighbours: what is printed and must hold."""

import asyncio

from tests.load.measure import Load, quantile, watched
from tests.load.pages import PAGES, Watched
from tests.load.viewer import TROUBLE, Viewer
from tests.server import Server, start

MOST_GROWTH = 0.10  # of memory over the second half of a soak
_SAMPLES = 60  # of memory, at least
MOST_LONGER = 0.1  # seconds that a dial may wait for somebody else's work, at 95 %
_TURNING, _PAUSE, _HEAVY_PAUSE = 5, 1.0, 2.0  # viewers of the playground; seconds between changes
_KEPT = 150.0  # seconds: Streamlit keeps a visit for two minutes after its end


def burst(page: Watched, viewers: int, seconds: float) -> bool:
    """Have viewers load a page for the first time within ``seconds``; say whether all could."""
    with start("app.py") as server:
        load = asyncio.run(arrived(server, page, viewers, seconds))
    p50, p95 = (quantile(load.opens, share) for share in (0.5, 0.95))
    print(
        f"{page.name}: {len(load.opens)} of {viewers} first loads within {seconds:.0f} s were"
        f" served, p50 {p50:.1f} s, p95 {p95:.1f} s;"
        f" {load.work / viewers * 1e3:.0f} ms of CPU each, {load.memory / 1e6:.0f} MB"
    )
    for words in sorted(set(load.errors))[:3]:
        print(f"    {words}")
    return len(load.opens) == viewers


async def arrived(server: Server, page: Watched, viewers: int, seconds: float) -> Load:
    """Open a page as each viewer, evenly spaced over ``seconds``; then all leave."""
    load = Load(page, viewers)
    everyone = [Viewer(server.address, page, seed) for seed in range(viewers)]
    begun = server.seconds_of_work()

    async def come(viewer: Viewer, moment: float) -> None:
        await asyncio.sleep(moment)
        try:
            load.opens.append(await viewer.open())
        except TROUBLE as error:
            load.errors.append(f"opening: {error!r}")

    moments = (seconds * number / viewers for number in range(viewers))
    await asyncio.gather(*map(come, everyone, moments))
    load.work, load.memory = server.seconds_of_work() - begun, server.memory()
    await asyncio.gather(*(viewer.leave() for viewer in everyone if viewer.is_open))
    return load


def soak(page: Watched, viewers: int, seconds: float) -> bool:
    """Have viewers turn dials for long; say whether memory holds, and print what it does."""
    with start("app.py") as server:
        load, sizes = asyncio.run(sampled(server, page, viewers, seconds))
        asyncio.run(asyncio.sleep(_KEPT))
        left = server.memory()
    grown = growth(sizes)
    print(
        f"{page.name}: {viewers} viewers for {seconds:.0f} s, {len(load.changes):,} changes,"
        f" {len(load.errors)} errors; memory {sizes[0] / 1e6:.0f} to {sizes[-1] / 1e6:.0f} MB,"
        f" {grown:+.1%} over the second half; {left / 1e6:.0f} MB after all have left"
    )
    return grown < MOST_GROWTH and not load.errors and left <= max(sizes)


def beside(page: Watched, viewers: int, seconds: float) -> bool:
    """Turn dials of the playground alone, then beside viewers who turn those of ``page``."""
    with start("app.py") as server:
        try:
            alone, crowded = asyncio.run(_waited(server, page, viewers, seconds))
        except TROUBLE as error:
            print(f"playground beside {viewers} of {page.name}: {error!r}")
            return False
    p50s, p95s = ([quantile(waits, share) for waits in (alone, crowded)] for share in (0.5, 0.95))
    print(
        f"playground beside {viewers} of {page.name}: p50 {1e3 * p50s[0]:.0f} to"
        f" {1e3 * p50s[1]:.0f} ms, p95 {1e3 * p95s[0]:.0f} to {1e3 * p95s[1]:.0f} ms"
    )
    return p95s[1] - p95s[0] < MOST_LONGER


async def _waited(
    server: Server, page: Watched, viewers: int, seconds: float
) -> tuple[list[float], list[float]]:
    """Return how long changes of the playground took: alone, and beside those of another page."""
    turning = [Viewer(server.address, PAGES[0], seed) for seed in range(_TURNING)]
    heavy = [Viewer(server.address, page, _TURNING + seed) for seed in range(viewers)]
    for viewer in turning:
        await viewer.open()

    async def turn(viewer: Viewer, pause: float, length: float) -> list[float]:
        waits, end = [], asyncio.get_running_loop().time() + length
        while asyncio.get_running_loop().time() < end:
            waits.append((await viewer.change())[0])
            await viewer.look_on(pause)
        return waits

    async def all_turn(length: float) -> list[float]:
        found = await asyncio.gather(*(turn(viewer, _PAUSE, length) for viewer in turning))
        return [wait for waits in found for wait in waits]

    await all_turn(seconds / 2)  # what all share is known by then
    alone = await all_turn(seconds)
    for viewer in heavy:
        await viewer.open()
    heavily = (turn(viewer, _HEAVY_PAUSE, seconds) for viewer in heavy)
    crowded, *_ = await asyncio.gather(all_turn(seconds), *heavily)
    await asyncio.gather(*(viewer.leave() for viewer in [*turning, *heavy]))
    return alone, crowded


async def sampled(
    server: Server, page: Watched, viewers: int, seconds: float
) -> tuple[Load, list[int]]:
    """Watch a page as `watched` does; return the server's memory at even intervals too."""
    watching = asyncio.create_task(watched(server, page, viewers, seconds))
    sizes = [server.memory()]
    while not watching.done():
        await asyncio.wait([watching], timeout=max(0.2, seconds / _SAMPLES))
        sizes.append(server.memory())
    return watching.result(), sizes


def growth(sizes: list[int]) -> float:
    """Return by which share the second half has grown, from its first fifth to its last."""
    half = sizes[len(sizes) // 2 :]
    part = max(1, len(half) // 5)
    first, last = sum(half[:part]) / part, sum(half[-part:]) / part
    return last / first - 1.0
