"""Projector mode and the clicker: whatever the hall's screen, nothing that is pressed leaves it."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from pages.ui.frame import PAGES
from pages.ui.session.scenes import SCENES

Open = Callable[..., Page]
SCREENS = ((1920, 1080), (1920, 950), (1366, 768), (1366, 650), (1280, 720))
# Whatever can be pressed or looked at, in every shadow root; and how far the page scrolls.
OUTSIDE = """async () => {
  // The picture shrinks from frame to frame until all fits.
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  const found = [];
  const shown = "button, a[href], input, select, summary, canvas, svg.marks, h1, p";
  const isHidden = (element) => {
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
      const { display, visibility, clipPath } = getComputedStyle(at);
      if (display === "none" || visibility === "hidden") return true;
      if (clipPath.startsWith("inset(50%")) return true;
      if (at.tagName === "DETAILS" && !at.open && !element.closest("summary")) return true;
    }
    return false;
  };
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      if (!element.matches(shown)) continue;
      const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
      if (width < 3 || height < 3) continue;
      const isOutside = left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1;
      if (isOutside && !isHidden(element)) {
        found.push(`${element.tagName} ${element.className} ${element.textContent.slice(0, 30)}`);
      }
    }
  };
  walk(document);
  const main = document.querySelector(".stMain");
  return [found, main.scrollWidth - main.clientWidth, main.scrollHeight - main.clientHeight];
}"""


# The links and the way out that are wholly on the screen.
IN_SIGHT = """() => {
  const parts = document.querySelectorAll(
    ".st-key-header [data-testid=stPageLink] a, .st-key-projector_button button");
  const isInSight = ({ left, top, right, bottom }) =>
    right > left && left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  return [...parts].filter((part) => isInSight(part.getBoundingClientRect()))
    .map((part) => part.textContent.replace("close", "").trim());
}"""


def settled(page: Page, scrolls: bool = False) -> Any:
    """Return what is outside of the screen, once two looks in a row say the same.

    Where something is, and the page does not scroll by design, for half a minute: a busy machine
    may draw nothing between two looks, and takes long for a model's first texts.
    """
    seen = None
    for _ in range(300):
        page.wait_for_timeout(100)
        now = page.evaluate(OUTSIDE)
        if now == seen and (scrolls or now == [[], 0, 0]):
            break
        seen = now
    return seen


def walk_screens(page: Page, what: str, scrolls: bool = False) -> None:
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        outside, across, down = settled(page, scrolls)
        where = f"{what} at {width} x {height}"
        assert across <= 0, where
        if not scrolls:
            assert (outside, down) == ([], 0), where
        assert page.evaluate(IN_SIGHT) == [*PAGES.values(), "Leave projector"], where


def heading(page: Page) -> Any:
    return page.get_by_role("heading", level=1)


def test_every_scene_fits_every_screen_and_the_clicker_walks_them(
    address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/?projector=on", width=1920, height=1080)
    scenes = page.get_by_role("combobox", name="Scene")
    scenes.select_option(SCENES[0].name)
    dial = page.get_by_role("slider", name="Temperature")
    # Wherever the focus is, the next press is the next scene.
    places = (
        dial,
        page.get_by_role("slider", name="Generation"),
        page.get_by_role("textbox", name="Temperature"),
        scenes,
        page.locator(".cl-map-stage"),
    )
    for at, scene in enumerate(SCENES):
        expect(scenes).to_have_value(scene.name)
        expect(page.get_by_text(scene.watch)).to_be_visible()
        walk_screens(page, scene.name)
        places[at % len(places)].focus()
        page.keyboard.press("PageDown")
    expect(scenes).to_have_value(SCENES[-1].name)


def test_a_nudged_scene_keeps_its_place_and_can_be_restored(address: str, open_page: Open) -> None:
    rescue, after = SCENES[3], SCENES[4]
    page = open_page(f"{address}/?projector=on", width=1366, height=650)
    scenes = page.get_by_role("combobox", name="Scene")
    scenes.select_option(rescue.name)
    expect(page.get_by_text(rescue.watch)).to_be_visible()
    restore = page.get_by_role("button", name="Restore the scene")
    expect(restore).to_be_hidden()
    page.get_by_role("slider", name="Temperature").press("ArrowRight")
    expect(scenes).to_have_value(f"{rescue.name}, changed")
    assert settled(page) == [[], 0, 0]
    restore.click()
    expect(scenes).to_have_value(rescue.name)
    page.wait_for_url(re.compile("temperature=0.7"))
    # A dial that still shows what was there before is not heard: it knows nothing of the restoring.
    expect(page.get_by_role("textbox", name="Temperature, typed")).to_have_value("0.70")
    page.get_by_role("slider", name="Temperature").press("ArrowRight")
    expect(restore).to_be_visible()
    page.keyboard.press("PageDown")
    expect(scenes).to_have_value(after.name)


def test_each_scene_starts_to_play_also_after_the_speed_end(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?projector=on", width=1366, height=768, moving=True)
    page.wait_for_function("globalThis.closedLoopPayloads?.has('scenes')")
    page.get_by_role("button", name="Instant: at the end").click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.wait_for_timeout(700)  # also once the server has answered
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_every_page_fits_and_is_reached_by_its_link(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/Phase_diagram?seed=7&runs=100", width=1920, height=1080)
    page.get_by_role("button", name="Projector").click()
    # Pressed there, once the code of the page had been sent: nothing is mounted a second time.
    expect(page.get_by_role("button", name="Leave projector")).to_be_visible()
    expect(heading(page)).to_have_count(1)
    expect(page.locator(".cl-map-stage")).to_have_count(1)
    walk_screens(page, "Phase diagram")
    for label in ("Geometry", "Language", "Images", "Luck", "Theory"):
        page.get_by_role("link", name=label).click()
        expect(page).to_have_url(re.compile(label))
        if label == "Theory":  # it scrolls: one section of eleven has all that must fit
            page.goto(f"{page.url}&section=small-noise")
        if label == "Luck":
            expect(page.locator(".st-key-luck_body .stVegaLiteChart svg").first).to_be_visible()
            expect(page.locator(".lk-table")).to_be_visible()
        else:
            expect(heading(page)).to_be_visible()
        walk_screens(page, label, scrolls=label == "Theory")
    page.get_by_role("button", name="Leave projector").click()
    expect(page.get_by_role("button", name="Projector", exact=True)).to_be_visible()


def test_look_inside_keeps_full_screen_and_fits(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?projector=on&seed=7", width=1366, height=650)
    top = "document.fullscreenElement?.tagName"
    page.locator("body").press("f")
    page.wait_for_function(top)
    expect(page.locator(".verdict .needs")).to_be_in_viewport(ratio=1)  # the remedy
    page.get_by_role("button", name="look inside").click()
    expect(page.get_by_role("button", name="All at once")).to_be_in_viewport(ratio=1)
    assert page.evaluate(top) == "HTML"
    page.evaluate("document.exitFullscreen()")
    box = page.locator(".inside").bounding_box()
    assert box is not None and box["y"] >= 0 and box["y"] + box["height"] <= 650


def test_the_link_as_a_qr_code_is_large_and_the_clicker_goes_on(
    address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/?projector=on&seed=7", width=1366, height=650)
    page.get_by_role("slider", name="Temperature").press("ArrowRight")
    page.get_by_role("button", name="QR code").click()
    code = page.get_by_role("img", name="QR code")
    expect(code).to_be_in_viewport(ratio=1)
    box = code.bounding_box()
    assert box is not None and box["height"] > 0.5 * 650
    # What the hand has just changed is in it.
    expect(page.locator(".cl-qr-link")).to_contain_text("temperature=0.8")
    page.keyboard.press("PageDown")
    expect(page.get_by_role("combobox", name="Scene")).to_have_value(SCENES[0].name)


def test_the_list_of_keys_and_the_theme(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?projector=on&seed=7", width=1366, height=650)
    keys = page.get_by_role("dialog", name="Keys")
    page.locator("body").press("?")
    expect(keys).to_be_visible()
    expect(keys).to_contain_text("Page Down")
    page.locator("body").press("?")
    expect(keys).to_be_hidden()
    ground = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    before = page.evaluate(ground)
    page.get_by_role("button", name="Light or dark theme").click()
    page.wait_for_function(f"{ground} !== {before!r}")
    assert settled(page) == [[], 0, 0]


def test_on_a_small_desk_play_is_in_sight_and_folds_leave_the_bars_there(
    address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/?seed=7", width=1366, height=650)
    play, bars = page.locator(".player .play"), page.locator(".player .bars canvas")
    for width, height in ((1366, 650), (1280, 720), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        expect(play).to_be_in_viewport(ratio=1)
        expect(bars).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Take away").click()
    link = page.get_by_role("dialog").get_by_text("seed=7")
    expect(link).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("To cite")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    page.get_by_text("More: source, regime, length of run").click()
    growth = page.get_by_role("textbox", name="Growth of the dataset")
    growth.scroll_into_view_if_needed()
    page.evaluate("document.querySelector('.stMain').scrollTo(0, 400)")
    expect(bars).to_be_in_viewport(ratio=1)
