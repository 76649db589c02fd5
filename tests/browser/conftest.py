"""A real server and a real Chromium. Skips, and says so, where there is no Chromium."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.server import serve

# A busy machine may take its time; what does not come at all still fails.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

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
# Most tests load a page and look at it once: to make its code faster takes longer than to run it.
# A quarter less work a page. What is measured (tests.bench) runs without these.
SHORT_LIVED = [
    "--js-flags=--no-turbofan --no-maglev --no-concurrent-sparkplug --min-semi-space-size=64"
]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serve() as at:
        yield at


def launch_chromium(playwright: Playwright, flags: Sequence[str] = (), **options: Any) -> Browser:
    """Start the machine's own Chromium; raise FileNotFoundError where there is none."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise FileNotFoundError("no Chromium on this machine (install chromium)")
    return playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags], **options)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium outside a test, as `launch_chromium`; close it in the end."""
    with sync_playwright() as playwright:
        started = launch_chromium(playwright)
        yield started
        started.close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    try:
        started = launch_chromium(playwright, SHORT_LIVED)
    except FileNotFoundError as error:
        pytest.skip(f"{error} to run the browser tests")
    yield started
    started.close()


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
    that other tests could use. Who needs options of a context gets one of their own; who adds a
    script to every page of a tab must ask for one, as a shared tab would keep it.
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
