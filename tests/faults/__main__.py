"""``python -m tests.faults [NAME ...]``: break something, and check what the visitor sees.

Each fault below has a name, and its sentence stands in docs/hosting.md, "When something breaks".
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, chromium
from tests.browser.rest import settled
from tests.faults.line import Line
from tests.server import Server, start

LINK = "/?v=1&temperature=0.6&seed=5&generations=2000"
LOST = "Streamlit server is not responding"


@contextmanager
def opened(browser: Browser, address: str, link: str = LINK) -> Iterator[Page]:
    """Open the app as a new visitor."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address + link)
    page.locator("canvas, svg.marks").first.wait_for()
    settled(page)
    yield page
    context.close()


def play_slowly(page: Page) -> None:
    """Play the run from its start, so that it lasts for what follows."""
    for button in ('[data-act="reset"]', '[data-speed="0.5"]', "button.play"):
        page.locator(button).first.click()


def keeps_playing(page: Page) -> None:
    """Check that the player goes on."""
    generation = page.locator("p.count b")
    expect(generation).not_to_have_text(generation.text_content() or "")


def acts(page: Page) -> None:
    """Check that the next press and the next turn of a dial act, with the link's settings."""
    page.get_by_role("button", name="Projector").click()
    expect(page).to_have_url(re.compile(r"projector=on"))
    dial = page.get_by_role("slider", name=re.compile("Temperature")).first
    dial.focus()
    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(re.compile(r"temperature=0\.6(&|$)"))
    assert "seed=5" in page.url, page.url


def the_connection_is_cut(server: Server, browser: Browser) -> None:
    """Say so; the run goes on, and what was set is there when the connection is back."""
    line = Line(int(urlsplit(server.address).port or 0))
    with opened(browser, f"http://127.0.0.1:{line.at}") as page:
        play_slowly(page)
        line.cut()
        expect(page.get_by_text(LOST)).to_be_visible()
        keeps_playing(page)
        line.mend()
        settled(page)
        expect(page.get_by_text(LOST)).to_be_hidden()
        acts(page)


def the_server_is_killed_and_started_again(_: Server, browser: Browser) -> None:
    """Say so; the run goes on, and the new server has the settings of the link."""
    with start("app.py") as first:
        address, port = first.address, int(urlsplit(first.address).port or 0)
        with opened(browser, address) as page:
            play_slowly(page)
            first.process.kill()
            first.process.wait()
            expect(page.get_by_text(LOST)).to_be_visible()
            keeps_playing(page)
            with start("app.py", port=port):
                settled(page)
                expect(page.get_by_text(LOST)).to_be_hidden()
                acts(page)


def a_visitor_goes_back_and_forward(server: Server, browser: Browser) -> None:
    """Follow the address with the settings."""
    with opened(browser, server.address) as page:
        page.get_by_role("button", name="Projector").click()
        expect(page).to_have_url(re.compile(r"projector=on"))
        page.go_back()
        expect(page).not_to_have_url(re.compile(r"projector=on"))
        expect(page.get_by_text("What you set")).to_be_visible()
        page.go_forward()
        expect(page).to_have_url(re.compile(r"projector=on"))
        expect(page.get_by_text("What you set")).to_be_hidden()


def two_tabs_are_open(server: Server, browser: Browser) -> None:
    """Keep settings for each."""
    with opened(browser, server.address) as page:
        other = page.context.new_page()
        other.goto(server.address + LINK.replace("0.6", "2"))
        other.locator("canvas").first.wait_for()
        settled(other)
        acts(page)
        assert "temperature=2" in other.url and "projector" not in other.url


def a_script_cannot_be_loaded(server: Server, browser: Browser) -> None:
    """Say so in the place of what it draws; the rest of the page works."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.route("**/static/js/ArrowVegaLite*", lambda route: route.abort())
    page.goto(server.address + "/Luck?v=1&regime=replace&temperature=1&runs=100&generations=40")
    expect(page.get_by_text(re.compile("error|failed", re.IGNORECASE)).first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.close()


def a_visitor_leaves_during_heavy_work(server: Server, browser: Browser) -> None:
    """Stop the work: a worker does less than two seconds of it, of some ten."""
    huge = "initial_size=1000000000&sample_size=1000000000&subsample_size=1000000000"
    link = f"/Luck?v=1&regime=subsample&generations=500&runs=100&{huge}"
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.address + link)
    begun = server.seconds_of_workers()
    while server.seconds_of_workers() < begun + 2.5:
        page.wait_for_timeout(100)
    context.close()
    left = before = server.seconds_of_workers()
    while True:
        other = browser.new_page()
        other.wait_for_timeout(1_500)
        other.close()
        now = server.seconds_of_workers()
        if now - before < 0.1:
            break
        before = now
    print(f"    {now - left:.1f} s of work after the visitor had left")
    assert now - left < 2.0


FAULTS: tuple[Callable[[Server, Browser], None], ...] = (
    the_connection_is_cut,
    the_server_is_killed_and_started_again,
    a_visitor_goes_back_and_forward,
    two_tabs_are_open,
    a_script_cannot_be_loaded,
    a_visitor_leaves_during_heavy_work,
)


def main() -> None:
    """Run the faults that are named, or all."""
    chosen = [f for f in FAULTS if not sys.argv[1:] or f.__name__ in sys.argv[1:]]
    with start("app.py") as server, chromium() as browser:
        for fault in chosen:
            fault(server, browser)
            print(f"{fault.__name__.replace('_', ' ')}: {' '.join((fault.__doc__ or '').split())}")


if __name__ == "__main__":
    main()
