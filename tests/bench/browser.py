"""Measure the app in a real Chromium, each figure beside its floor from the same run.

The floor is `floor_page`: one slider and one caption under the same server settings, in the same
browser. What is on screen is read by ``probe.js`` after each painted frame, on both sides alike.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from pages.ui.session.scenes import SCENES
from tests.browser.conftest import chromium
from tests.server import Server, start

PROBE = (Path(__file__).parent / "probe.js").read_text("utf-8")
SIZES = {
    "64 x 200": "initial=zipf:64&generations=200",
    "1000 x 500": "initial=zipf:1000&generations=500",
}
STEPS = 40  # of a dial, and of the floor's slider
LOADS = 7
SECONDS = 4.0


@dataclass(frozen=True)
class Figure:
    """One measured quantity; ``most`` bounds ``measured``, ``least`` too, None is no bound.

    With ``in_floors`` the bounds are multiples of the floor.
    """

    task: str
    unit: str
    measured: float
    floor: float | None = None
    most: float | None = None
    least: float | None = None
    in_floors: bool = False

    @property
    def ratio(self) -> float | None:
        return None if self.floor is None else self.measured / self.floor

    @property
    def target(self) -> str:
        unit = "x floor" if self.in_floors else self.unit
        bounds = ((">=", self.least), ("<=", self.most))
        found = [f"{sign} {bound:g}" for sign, bound in bounds if bound is not None]
        return f"{' '.join(found)} {unit}" if found else ""

    @property
    def is_met(self) -> bool | None:
        if not self.target:
            return None
        value = self.ratio if self.in_floors else self.measured
        assert value is not None
        low = self.least is None or value >= self.least
        return low and (self.most is None or value <= self.most)

    def as_dict(self) -> dict[str, Any]:
        """Return the figure for JSON, its verdict included."""
        return {**asdict(self), "ratio": self.ratio, "target": self.target, "met": self.is_met}


class Wire:
    """What the server sends to a page: bytes of WebSocket frames."""

    def __init__(self, page: Page) -> None:
        self.received = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameReceived", self._count)

    def _count(self, event: dict[str, Any]) -> None:
        response = event["response"]
        text = response["payloadData"]
        # Binary frames (opcode 2) are reported in base64.
        is_binary = response["opcode"] == 2
        self.received += len(text) * 3 // 4 - text[-2:].count("=") if is_binary else len(text)


@contextmanager
def visit(browser: Browser, url: str) -> Iterator[Page]:
    """Open ``url`` as a new visitor, with the probe in the page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(PROBE)
    page.goto(url, wait_until="commit")
    yield page
    context.close()


def settled(page: Page, wire: Wire | None = None) -> None:
    """Wait until the script has run and nothing has come for a while."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    before = -1
    while wire is not None and wire.received != before:
        before = wire.received
        page.wait_for_timeout(150)
    page.wait_for_timeout(150)


def pause(page: Page) -> None:
    """Let the player rest at its last frame, where a new run shows at once."""
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("slider", name="Generation").press("End")
    page.wait_for_timeout(600)


def playing(browser: Browser, app: Server, floor: Server) -> list[Figure]:
    """Frames that changed, bytes and the server's work while playing."""
    found = []
    with visit(browser, floor.address) as page:
        settled(page)
        frames = page.evaluate("bench.count(null, 2)")["frames"]
    for size, query in SIZES.items():
        rates, loads, received = [], [], []
        for _ in range(3):
            with visit(browser, f"{app.address}/?{query}") as page:
                page.get_by_role("button", name="Pause").wait_for()
                wire = Wire(page)
                settled(page, wire)
                before, work, clock = wire.received, app.seconds_of_work(), time.perf_counter()
                rates.append(page.evaluate(f"bench.count('strips', {SECONDS})")["changed"])
                took = time.perf_counter() - clock
                loads.append(100 * (app.seconds_of_work() - work) / took)
                received.append((wire.received - before) / took)
        rate = statistics.median(rates)
        found.append(Figure(f"playing, {size}: changed frames", "/s", rate, frames, least=58))
        found.append(Figure(f"playing, {size}: from the server", "B/s", max(received), most=0))
        load = statistics.median(loads)
        found.append(Figure(f"playing, {size}: server", "% of a core", load, most=1))
    return found


def floor_moves(page: Page, moves: int) -> list[float]:
    """Press and release along the floor's slider; return milliseconds from release to caption."""
    track, thumb = page.get_by_test_id("stSlider").bounding_box(), page.get_by_role("slider")
    middle = thumb.bounding_box()
    assert track is not None and middle is not None
    times = []
    for i in range(moves):
        x = track["x"] + track["width"] * (0.3 + 0.4 * i / moves)
        page.mouse.move(x, middle["y"] + middle["height"] / 2)
        page.mouse.down()
        page.wait_for_timeout(100)
        page.evaluate("bench.arm('caption', 'pointerup')")
        page.mouse.up()
        times.append(page.evaluate("answer"))
        settled(page)
    return times


@contextmanager
def held(page: Page) -> Iterator[Callable[[int], None]]:
    """Hold the temperature dial by its thumb; yield what moves it to a pixel of its track."""
    track = page.get_by_role("slider", name="Temperature").bounding_box()
    assert track is not None
    y = track["y"] + track["height"] / 2
    # Above T = 1 every step shows: a collapsed loop looks the same at any lower temperature.
    start = track["x"] + 0.55 * track["width"]
    page.mouse.move(start, y)
    page.mouse.down()
    settled(page)
    yield lambda pixel: page.mouse.move(start + pixel, y)
    page.mouse.up()


def dial_moves(page: Page, moves: int, wire: Wire) -> tuple[list[float], list[float], list[int]]:
    """Drag the temperature dial; return milliseconds to picture and run, and bytes, of each step.

    The dashed twin follows the hand in the page; the run itself comes from the server.
    """
    times, runs, sizes = [], [], []
    with held(page) as move_to:
        for step in range(moves):
            before = wire.received
            page.evaluate("bench.arm('picture', 'pointermove')")
            page.evaluate("bench.arm('run', 'pointermove', 'later')")
            # Two pixels are a new temperature, so a new run, at every step.
            move_to(2 * (step + 1))
            times.append(page.evaluate("answer"))
            runs.append(page.evaluate("later"))
            settled(page, wire)
            sizes.append(wire.received - before)
    return times, runs, sizes


def dragging(browser: Browser, app: Server, floor: Server) -> list[Figure]:
    """From a move of the hand to a changed picture, in floors; and what each run weighs."""
    found = []
    for size, query in SIZES.items():
        floors, times, runs, sizes = [], [], [], []
        # In turns, so that a busy moment of the machine strikes both sides.
        for part in range(2):
            with visit(browser, floor.address) as page:
                settled(page)
                floors += floor_moves(page, STEPS // 2)
            with visit(browser, f"{app.address}/?{query}&seed={part}") as page:
                wire = Wire(page)
                settled(page, wire)
                pause(page)
                found_times, found_runs, found_sizes = dial_moves(page, STEPS // 2, wire)
                times += found_times
                runs += found_runs
                sizes += found_sizes
        is_bound = size == "64 x 200"
        for name, share, most in (("p50", 0.5, 1.0), ("p95", 0.95, 2.0)):
            pair = [quantile(values, share) for values in (times, floors)]
            bound = most if is_bound else None
            task = f"dial to picture, {size}: {name}"
            found.append(Figure(task, "ms", *pair, most=bound, in_floors=is_bound))  # type: ignore[misc]
            pair = [quantile(values, share) for values in (runs, floors)]
            found.append(Figure(f"dial to its run, {size}: {name}", "ms", *pair))
        kilobytes = statistics.median(sizes) / 1000
        most = 40 if is_bound else 600
        found.append(Figure(f"a run shown, {size}", "kB", kilobytes, most=most))
    return found


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def scenes(browser: Browser, app: Server, floor: Server) -> list[Figure]:
    """From the click on a scene to its run on screen."""
    with visit(browser, floor.address) as page:
        settled(page)
        floors = floor_moves(page, STEPS // 2)
    times = []
    with visit(browser, app.address) as page:
        settled(page)
        page.wait_for_timeout(500)
        pause(page)
        for scene in SCENES:
            page.wait_for_timeout(300)
            # The list is the system's own: a click in it is the input of a value.
            page.evaluate("bench.arm('picture', 'input')")
            page.get_by_role("combobox", name="Scene").select_option(scene.name)
            times.append(page.evaluate("answer"))
            settled(page)
            pause(page)
    pair = [statistics.median(values) for values in (times, floors)]
    return [Figure("scene to picture: p50", "ms", *pair, most=3, in_floors=True)]  # type: ignore[misc]


def loading(browser: Browser, app: Server, floor: Server) -> list[Figure]:
    """From the navigation to something that moves, on a warm server; the floor: to its caption."""
    pages = {
        "floor": (floor.address, "'caption', 1"),
        "app": (app.address, "'picture', 2"),
        "Images": (f"{app.address}/Images", "'picture', 2"),
        "Language": (f"{app.address}/Language", "'text', 1"),
    }
    times: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(LOADS + 1):
        for name, (url, looks) in pages.items():
            with visit(browser, url) as page:
                times[name].append(page.evaluate(f"bench.alive({looks})"))
    # The first of each warms the server.
    middle = {name: statistics.median(found[1:]) for name, found in times.items()}
    tasks = {"app": "alive", "Images": "Images alive", "Language": "a text on Language"}
    return [
        Figure(f"first load: {task}", "ms", middle[name], middle["floor"], most=1.5, in_floors=True)
        for name, task in tasks.items()
    ]


def figures() -> list[Figure]:
    """Measure everything, on two servers and one browser of their own."""
    with start("app.py") as app, start("tests/bench/floor_page.py") as floor:
        with chromium() as browser:
            parts = (scenes, loading, dragging, playing)
            return [figure for part in parts for figure in part(browser, app, floor)]


def table(found: list[Figure]) -> str:
    """Return the figures as a table."""
    lines = [f"{'':36} {'measured':>10} {'unit':12} {'floor':>8} {'ratio':>6}  target"]
    for figure in found:
        floor = "" if figure.floor is None else f"{figure.floor:.1f}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        verdict = "met" if figure.is_met else "MISSED"
        lines.append(
            f"{figure.task:36} {figure.measured:10.1f} {figure.unit:12} {floor:>8} {ratio:>6}"
            + (f"  {figure.target}: {verdict}" if figure.target else "")
        )
    return "\n".join(lines)
