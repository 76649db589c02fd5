"""The page Images in a real browser: sheets that play, keys, and the sentence that follows."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Open = Callable[..., Page]
LINK = "/Images?v=1&temperature=0.6&initial=uniform:10&seed=2"


def test_sheets_play_step_and_lead_the_sentence(address: str, open_page: Open) -> None:
    page = open_page(f"{address}{LINK}", canvas=False, moving=True)
    sheet = page.locator(".sheets canvas.sheet")
    sheet.wait_for()
    number = page.locator(".sheets .count")
    expect(number).not_to_have_text("0")  # it plays by itself
    page.keyboard.press("End")
    expect(number).to_have_text("20")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("after 20 generations")
    expect(heading).to_contain_text("Collapsed")
    last = pixels(page)
    page.keyboard.press("Home")
    expect(number).to_have_text("0")
    expect(heading).to_contain_text("The source. Ten digits act like")
    assert pixels(page) != last
    page.keyboard.press("ArrowRight")
    expect(number).to_have_text("1")
    label = "84 of 600 images of generation 1 of 20, 0 % of them no digit."
    expect(sheet).to_have_attribute("aria-label", label)


def pixels(page: Page) -> str:
    """Return what the sheet shows."""
    page.wait_for_timeout(200)
    return str(page.locator(".sheets canvas.sheet").evaluate("canvas => canvas.toDataURL()"))
