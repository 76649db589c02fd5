"""``python -m tests.replicas``: try deploy/nginx.conf with two replicas, and kill one of them.

Visitors in a real Chromium open a link each. Both replicas get some; all that a visitor asks goes
to one of them; when that one is killed, the page says so, comes back on the other, and still has
the settings of its link.
"""

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, chromium
from tests.browser.rest import settled
from tests.server import ROOT, start

VISITORS = 6
SECRET = {"STREAMLIT_SERVER_COOKIE_SECRET": "for this test alone"}


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def proxy(replicas: list[str], folder: Path) -> Iterator[str]:
    """Run nginx with the project's configuration before these replicas; yield its address."""
    text, port = (ROOT / "deploy" / "nginx.conf").read_text("utf-8"), free_port()
    for number, replica in enumerate(replicas, start=1):
        text = text.replace(f"app{number}:8501", replica)
    log = f"log_format who '$visitor $upstream_addr';\n    access_log {folder}/access who;"
    text = text.replace("/tmp/", f"{folder}/").replace("listen 8080", f"listen 127.0.0.1:{port}")
    changed = re.sub(r"access_log off;.*", log, text).replace("pid ", "daemon off;\npid ", 1)
    (folder / "nginx.conf").write_text(changed)
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        sys.exit("nginx is not installed: apt-get install nginx-light")
    nginx = subprocess.Popen([program, "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"])
    try:
        wait_for(lambda: answers(port), "nginx does not answer")
        yield f"http://127.0.0.1:{port}"
    finally:
        nginx.terminate()
        nginx.wait(timeout=20)


def answers(port: int) -> bool:
    """Say whether something listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(holds: Callable[[], bool], what: str) -> None:
    """Wait until ``holds()`` is true; exit with a sentence where it never is."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not holds():
        if time.monotonic() > deadline:
            sys.exit(what)
        time.sleep(0.1)


def open_visitors(browser: Browser, address: str) -> list[Page]:
    """Open the app as so many visitors, each with a link of its own."""
    pages = []
    for seed in range(1, VISITORS + 1):
        page = browser.new_context(reduced_motion="reduce").new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}/?v=1&temperature=0.6&seed={seed}")
        page.locator("canvas").first.wait_for()
        pages.append(page)
    return pages


def replicas_of(log: Path) -> dict[str, list[str]]:
    """Return which replicas answered each visitor, in order."""
    found = defaultdict(list)
    for line in log.read_text().splitlines():
        visitor, _, replica = line.partition(" ")
        found[visitor].append(replica)
    return found


def works(page: Page) -> None:
    """Change a setting, and see it in the link beside what the link held before."""
    seed = re.search(r"seed=\d+", page.url)
    assert seed is not None, page.url
    button = page.get_by_role("button", name="Projector")
    button.click()
    expect(page).to_have_url(re.compile(r"projector=on"))
    assert seed[0] in page.url and "temperature=0.6" in page.url, page.url
    button.click()
    expect(page).not_to_have_url(re.compile(r"projector=on"))


def main() -> None:
    """Run the trial and print what holds."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = [stack.enter_context(start("server.py", None, SECRET)) for _ in range(2)]
        names = [urlsplit(server.address).netloc for server in servers]
        address = stack.enter_context(proxy(names, folder))
        browser = stack.enter_context(chromium())
        pages = open_visitors(browser, address)
        for page in pages:
            works(page)
        asked = replicas_of(folder / "access")
        assert all(len(set(replicas)) == 1 for replicas in asked.values()), asked
        print(f"{sum(map(len, asked.values()))} requests: each visitor's went to one replica")
        cookies = [page.context.cookies()[0]["value"] for page in pages]
        at = [asked[cookie][0] for cookie in cookies if asked.get(cookie)]
        print(f"visitors per replica: {[at.count(name) for name in names]}")
        servers[0].process.kill()
        for page in pages:
            settled(page)
            works(page)
        print("one replica was killed: every visitor goes on, with the settings of the link")


if __name__ == "__main__":
    main()
