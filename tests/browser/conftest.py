"""A real server and a real Chromium. Skips, and says so, where there is no Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

# A busy machine may take its time; what does not come at all still fails.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

ROOT = Path(__file__).parents[2]
# The first is the same browser without its window: it leaves more of the processors to the tests.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Server:
    """A running server: its address and its process."""

    address: str
    process: "subprocess.Popen[bytes]"

    def seconds_of_work(self) -> float:
        """Return the processor time it has used so far (Linux)."""
        return _seconds(self.process.pid)

    def seconds_of_workers(self) -> float:
        """Return the processor time that its processes for heavy work have used (Linux)."""
        task = Path(f"/proc/{self.process.pid}/task")
        children = {
            int(pid) for t in task.iterdir() for pid in (t / "children").read_text().split()
        }
        return sum(map(_seconds, children))


def _seconds(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat").read_text()
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def start(
    script: str,
    log: BinaryIO | None = None,
    settings: Mapping[str, str] | None = None,
    port: int = 0,
) -> Iterator[Server]:
    """Serve a script on a free port with the app's settings; yield once it is healthy.

    What it prints goes into ``log``; ``settings`` are added to its environment.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = port or probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"]
    server = subprocess.Popen(
        [*command, "--server.address=127.0.0.1"],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "default", **(settings or {})},
        stdout=log or subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_until_healthy(server, f"{address}/_stcore/health")
        yield Server(address, server)
    finally:
        server.terminate()
        server.wait(timeout=20)


@contextmanager
def serve(script: str = "app.py") -> Iterator[str]:
    """Start the app, or another script; yield its address."""
    with start(script) as server:
        yield server.address


def _wait_until_healthy(server: "subprocess.Popen[bytes]", address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server stopped while starting"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the server did not become healthy within a minute")


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serve() as at:
        yield at


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's own Chromium; raise FileNotFoundError where there is none."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise FileNotFoundError("no Chromium on this machine (install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        with chromium() as started:
            yield started
    except FileNotFoundError as error:
        pytest.skip(f"{error} to run the browser tests")


@pytest.fixture(scope="session")
def shared(browser: Browser) -> Iterator[BrowserContext]:
    """Tabs that tests use one after the other: where one has loaded before costs half the work."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def open_page(browser: Browser, shared: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Open addresses, each in a visitor's session of its own; no page may throw an error.

    Visitors want less motion unless they are ``moving``: sixty frames a second take a processor
    that other tests could use. Who needs options of a context gets one of their own.
    """
    free, used = shared.pages, list[Page]()
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def note(error: object) -> None:
        errors.append(str(error))

    def tab() -> Page:
        used.append(free.pop() if free else shared.new_page())
        return used[-1]

    def own(options: dict[str, Any]) -> Page:
        contexts.append(browser.new_context(**options))
        contexts[-1].set_default_timeout(PATIENCE)
        return contexts[-1].new_page()

    def open_one(
        url: str,
        width: int = 1440,
        height: int = 900,
        canvas: bool = True,
        moving: bool = False,
        color_scheme: Any = "light",
        **options: Any,
    ) -> Page:
        page = own(options) if options else tab()
        page.set_viewport_size({"width": width, "height": height})
        motion: Any = "no-preference" if moving else "reduce"
        page.emulate_media(color_scheme=color_scheme, reduced_motion=motion)
        page.on("pageerror", note)
        page.bring_to_front()
        page.goto(url)
        if canvas:
            page.locator("canvas").first.wait_for()
        return page

    yield open_one
    for context in contexts:
        context.close()
    for page in used:
        _leave(page, note)
    assert errors == []


def _leave(page: Page, note: Callable[[object], None]) -> None:
    """Leave a tab as a new visitor would find it."""
    if page.is_closed():
        return
    try:
        page.evaluate("() => { try { localStorage.clear(); sessionStorage.clear(); } catch {} }")
        page.context.clear_cookies()
        page.goto("about:blank")
        page.mouse.move(0, 0)
    except Error:  # a tab that has crashed is of no use to the next test
        page.close()
    page.remove_listener("pageerror", note)
