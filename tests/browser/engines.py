"""Firefox and WebKit, each behind the same four calls, so that one walk drives both.

Firefox is driven by Playwright. WebKit speaks WebDriver, of which six commands are needed: sent by
hand, they spare a library (Selenium brings an event loop that quarrels with the other tests).
"""

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Page, Playwright

MINI_BROWSERS = ("usr/lib/*/webkit2gtk-4.*/MiniBrowser", "usr/libexec/webkit2gtk-4.*/MiniBrowser")
SIZE: Any = {"width": 1440, "height": 900}
ARROW_RIGHT = "\ue014"  # the key's place in WebDriver's table
# Errors that nobody catches, told by the page itself; it is asked to as soon as it exists.
LISTEN = """
if (!window.smokeErrors) {
  window.smokeErrors = [];
  addEventListener("error", (event) => smokeErrors.push(event.message || "no message"));
  addEventListener("unhandledrejection", (event) => smokeErrors.push(String(event.reason)));
}
return [location.href, document.readyState];
"""


class Engine(Protocol):
    """A browser with one tab."""

    def open(self, address: str, first: str) -> None:
        """Go to an address and run ``first`` before its scripts; the page may still be loading."""

    def run(self, script: str) -> Any:
        """Run the body of a function in the page; return what it returns."""

    def press_right(self) -> None:
        """Press the right arrow on whatever has the focus."""

    def errors(self) -> list[str]:
        """Return what the pages have thrown so far."""


class Firefox:
    """A page of Playwright's."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._errors: list[str] = []
        page.on("pageerror", lambda error: self._hear(str(error)))

    def _hear(self, error: str) -> None:
        # Firefox calls it an error where it lays a formula out while React exchanges its parts.
        if not re.fullmatch(r"Incorrect number of children for <\w+/> tag\.", error):
            self._errors.append(error)

    def open(self, address: str, first: str) -> None:
        self._page.add_init_script(f"(() => {{ {first} }})()")
        self._page.goto(address, wait_until="commit")

    def run(self, script: str) -> Any:
        return self._page.evaluate(f"() => {{ {script} }}")

    def press_right(self) -> None:
        self._page.keyboard.press("ArrowRight")

    def errors(self) -> list[str]:
        return self._errors


@contextmanager
def firefox(playwright: Playwright) -> Iterator[Engine]:
    """Start the machine's own Firefox; raise FileNotFoundError where there is none."""
    path = shutil.which("firefox-esr")
    if path is None:
        raise FileNotFoundError("no Firefox on this machine (install firefox-esr)")
    browser = playwright.firefox.launch(channel="moz-firefox", executable_path=path)
    yield Firefox(browser.new_page(viewport=SIZE))
    browser.close()


class WebKit:
    """A session of WebKitWebDriver."""

    def __init__(self, port: int, mini_browser: Path) -> None:
        self._address = f"http://127.0.0.1:{port}/session"
        options = {"binary": str(mini_browser), "args": ["--automation"]}
        wanted = {"pageLoadStrategy": "none", "webkitgtk:browserOptions": options}
        session = self._send("", capabilities={"alwaysMatch": wanted})
        self._address += f"/{session['sessionId']}"
        self._send("/window/rect", **SIZE)

    def _send(self, command: str, **body: Any) -> Any:
        request = urllib.request.Request(
            self._address + command, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{command}: {error.read().decode()[:500]}") from error

    def open(self, address: str, first: str) -> None:
        self._send("/url", url=address)
        wait_for(lambda: self.run(LISTEN)[0].startswith(address.partition("?")[0]), "an address")
        # WebDriver has no place before the page's scripts: it is run while they are on their way.
        self.run(first)

    def run(self, script: str) -> Any:
        return self._send("/execute/sync", script=script, args=[])

    def press_right(self) -> None:
        keys = [{"type": kind, "value": ARROW_RIGHT} for kind in ("keyDown", "keyUp")]
        self._send("/actions", actions=[{"type": "key", "id": "keyboard", "actions": keys}])

    def errors(self) -> list[str]:
        found = self.run("return window.smokeErrors ?? ['the page was loaded anew']")
        # No error: what a size has changed in this frame is told in the next.
        late = "ResizeObserver loop completed with undelivered notifications."
        return [error for error in found if error != late]

    def close(self) -> None:
        """End the session, and with it the browser."""
        request = urllib.request.Request(self._address, method="DELETE")
        urllib.request.urlopen(request, timeout=30).close()


@contextmanager
def webkit(_: Playwright) -> Iterator[Engine]:
    """Start WebKit on a screen that nobody sees; raise FileNotFoundError where there is none."""
    programs = {name: shutil.which(name) for name in ("WebKitWebDriver", "Xvfb")}
    found = [path for pattern in MINI_BROWSERS for path in Path("/").glob(pattern)]
    if not all(programs.values()) or not found:
        raise FileNotFoundError("no WebKit on this machine (install webkit2gtk-driver and xvfb)")
    with ExitStack() as ends:
        screen = [programs["Xvfb"], "-displayfd", "1", "-screen", "0", "1600x1000x24"]
        display = ends.enter_context(_started(screen))
        assert display.stdout is not None
        number = display.stdout.readline().decode().strip()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        driver = [programs["WebKitWebDriver"], f"--port={port}"]
        ends.enter_context(_started(driver, DISPLAY=f":{number}"))
        wait_for(lambda: _answers(port), "WebKitWebDriver")
        engine = WebKit(port, found[0])
        ends.callback(engine.close)
        yield engine


@contextmanager
def _started(command: list[Any], **environment: str) -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(is_so: Any, what: str, seconds: float = 60.0) -> None:
    """Wait until something holds; a busy machine may take its time, what never comes fails."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)
