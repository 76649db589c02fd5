"""Every step of a lesson as pictures: ``python -m tests.lesson_pictures OUT``.

They are for a person to look at: each step at four sizes, before and after its question is
answered. The clicker's keys turn them.
"""

import argparse
from pathlib import Path

from playwright.sync_api import Page, expect

from pages.ui.lessons import course
from tests.browser.conftest import PATIENCE, chromium
from tests.server import serve

SIZES = {
    "desk": (1440, 900, ""),
    "projector": (1920, 1080, "&projector=on"),
    "low": (1366, 650, "&projector=on"),
    "phone": (390, 844, ""),
}
_SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
_REST = 1_200  # milliseconds for charts to be drawn


def wait(page: Page, number: int) -> None:
    """Wait until a step is on screen and the page has come to rest."""
    place = page.locator(".cl-lesson .number")
    expect(place).to_have_text(f"{number} / {place.inner_text().split('/')[1].strip()}")
    page.locator(_SETTLED).wait_for(timeout=3 * PATIENCE)
    page.wait_for_timeout(_REST)


def take(address: str, name: str, folder: Path, only: str = "") -> int:
    """Take the pictures of a lesson; return how many."""
    steps, taken = course.built_in(name).steps, 0
    with chromium() as browser:
        for size, (width, height, query) in SIZES.items():
            if only and only != size:
                continue
            page = browser.new_page(viewport={"width": width, "height": height})
            page.emulate_media(reduced_motion="reduce")
            page.set_default_timeout(3 * PATIENCE)
            page.goto(f"{address}/?lesson={name}&step=1{query}")
            for number, step in enumerate(steps, 1):
                wait(page, number)
                states = ["asked", "told"] if step.question else ["told"]
                for state in states:
                    if state == "told" and step.question:
                        page.keyboard.press("PageDown")
                        expect(page.locator(".cl-lesson .told")).to_be_visible()
                        wait(page, number)
                    page.screenshot(path=folder / f"{name}_{number:02}_{state}_{size}.png")
                    taken += 1
                if number < len(steps):
                    page.keyboard.press("PageDown")
            page.close()
    return taken


def main() -> None:
    """Serve the app and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--lesson", choices=course.BUILT_IN, default="ten")
    parser.add_argument("--size", choices=SIZES, default="")
    parser.add_argument("--address", help="of a server that runs already")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    if asked.address:
        print(take(asked.address, asked.lesson, asked.out, asked.size), "pictures")
        return
    with serve() as address:
        print(take(address, asked.lesson, asked.out, asked.size), "pictures")


if __name__ == "__main__":
    main()
