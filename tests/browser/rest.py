"""When a page has come to rest: at this moment, or connected and for a while."""

from playwright.sync_api import Page

from tests.browser.conftest import PATIENCE

_LOOK = 500  # milliseconds
_QUIET = 4  # looks in a row: a page comes in two runs, the second when the first has been painted
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
# What fades has its colours only at the end: the last frame of all that moves and ends.
STILL_NOW = """() => Promise.all(document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity)
  .map(({ finished }) => finished.catch(() => null)))"""


def settle(page: Page) -> None:
    """Wait until nothing is computed, sent or moved any more."""
    # A page may have a map to compute first, and a busy machine to do it on.
    page.locator(IDLE).wait_for(timeout=3 * PATIENCE)
    page.wait_for_timeout(200)
    page.evaluate(STILL_NOW)


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
