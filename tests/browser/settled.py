"""When a page has come to rest: connected, and no script running for a while."""

from playwright.sync_api import Page

from tests.browser.conftest import PATIENCE

_LOOK = 500  # milliseconds
_QUIET = 4  # looks in a row: a page comes in two runs, the second when the first has been painted


def settled(page: Page) -> None:
    """Wait until the page is connected and at rest; AssertionError where it never is."""
    app, quiet = page.locator(".stApp"), 0
    for _ in range(2 * PATIENCE // _LOOK):
        page.wait_for_timeout(_LOOK)
        states = [app.get_attribute(f"data-test-{name}-state") for name in ("connection", "script")]
        quiet = quiet + 1 if states == ["CONNECTED", "notRunning"] else 0
        if quiet == _QUIET:
            return
    raise AssertionError(f"the page does not come to rest: {states}")
