"""One generation in slow motion: pressed through stage by stage in a browser, numbers read."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from closedloop_core import Law, LoopParams, Stages, simulate, stages
from tests.browser.test_app import Open, dial, wait_for_query

LINK = "initial=text:10&temperature=0.7&external_fraction=0.3&sample_size=50&seed=7&generations=60"
PARAMS = LoopParams(
    initial=Law.real_text(10),
    temperature=0.7,
    external_fraction=0.3,
    sample_size=50,
    seed=7,
    generations=60,
)


# Keeps each picture that a canvas has shown; a screenshot may come when all is over.
WATCH = """(canvas) => {
  window.pictures = new Set();
  const look = () => {
    pictures.add(canvas.toDataURL());
    requestAnimationFrame(look);
  };
  look();
}"""


def open_inside(address: str, open_page: Open, extra: str = "", **options: Any) -> Page:
    page = open_page(f"{address}/?{LINK}{extra}", **options)
    page.get_by_role("button", name="Back to the start").click()
    page.get_by_role("button", name="look inside").click()
    expect(page.locator(".inside .current")).to_contain_text("The dataset")
    return page


def shown(page: Page) -> int:
    return page.locator(".inside .panel.shown").count()


def numbers(page: Page) -> list[str]:
    return [text for text in page.locator(".inside .number").all_inner_texts() if text]


def expected_numbers(step: Stages) -> list[str]:
    before, after = int(step.dataset_size), int(step.new_dataset_size)
    drawn = [f"{int(items.sum())} items" for items in (step.synthetic, step.external)]
    return [
        f"{before} items",
        f"from all {before} items",
        "T = 0.7 sharpens",
        *drawn,
        f"{before} → {after} items",
    ]


def test_one_press_a_stage_with_the_runs_own_numbers(address: str, open_page: Open) -> None:
    page = open_inside(address, open_page)
    run = simulate(PARAMS)
    expected = expected_numbers(stages(run, 1))
    steady = page.get_by_role("button", name=re.compile("^Next (stage|generation)$")).first
    for stage in range(1, 7):
        assert shown(page) == stage
        assert numbers(page)[stage - 1] == expected[stage - 1]
        expect(page.locator(".inside .said")).to_contain_text(f"Stage {stage} of 6.")
        expect(page.locator(".inside .said")).to_contain_text(expected[stage - 1].split(" → ")[0])
        if stage < 6:
            steady.click()
    expect(page.locator(".inside .check")).to_be_visible()
    expect(steady).to_have_text("Next generation")
    steady.click()
    expect(page.locator(".inside .title")).to_have_text("Inside generation 2")
    assert shown(page) == 1
    page.get_by_role("button", name="All at once").click()
    assert numbers(page) == expected_numbers(stages(run, 2))
    page.get_by_role("button", name="Previous generation").click()
    expect(page.locator(".inside .title")).to_have_text("Inside generation 1")


def test_a_stage_comes_in_motion_and_rests(address: str, open_page: Open) -> None:
    page = open_inside(address, open_page, moving=True)
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    canvas = page.locator(".inside .panel canvas").nth(3)
    canvas.evaluate(WATCH)
    page.keyboard.press("ArrowRight")
    pictures, before = page.evaluate("pictures.size"), None
    while pictures != before or pictures == 1:  # a busy machine takes longer
        page.wait_for_timeout(1000)
        pictures, before = page.evaluate("pictures.size"), pictures
    assert pictures > 3  # before, on the way, and at rest


def test_reduced_motion_shows_each_stage_at_rest(address: str, open_page: Open) -> None:
    page = open_inside(address, open_page)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(100)
    canvas = page.locator(".inside .panel canvas").nth(3)
    first = canvas.screenshot()
    page.wait_for_timeout(300)
    assert canvas.screenshot() == first


def test_the_keys_belong_to_the_panel_and_escape_closes_it(address: str, open_page: Open) -> None:
    page = open_inside(address, open_page)
    at = page.locator(".player .count b").inner_text()
    page.keyboard.press(" ")
    page.keyboard.press("ArrowRight")
    assert shown(page) == 3
    page.keyboard.press("ArrowLeft")
    assert shown(page) == 2
    assert page.locator(".player .count b").inner_text() == at
    page.keyboard.press("Escape")
    expect(page.locator(".inside")).to_have_count(0)


def test_it_stays_open_at_its_stage_while_settings_change(address: str, open_page: Open) -> None:
    page = open_inside(address, open_page)
    page.get_by_role("button", name="All at once").click()
    page.get_by_role("button", name="Next generation").last.click()
    expect(page.locator(".inside .title")).to_have_text("Inside generation 2")
    page.get_by_role("button", name="All at once").click()
    dial(page, "Temperature").focus()
    page.keyboard.press("End")
    wait_for_query(page, "temperature", "5")
    expect(page.locator(".inside .number").nth(2)).to_have_text("T = 5 flattens")
    expect(page.locator(".inside .title")).to_have_text("Inside generation 2")
    assert shown(page) == 6


def test_one_outcome_is_followed_through_all_panels(address: str, open_page: Open) -> None:
    page = open_inside(address, open_page)
    page.get_by_role("button", name="All at once").click()
    new = page.locator(".inside .panel canvas").nth(5)
    new.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    before = new.screenshot()
    first = page.locator(".inside .panel canvas").first
    box = first.bounding_box()
    assert box is not None
    first.hover(position={"x": 0.55 * box["width"], "y": 60})
    page.wait_for_timeout(200)
    assert new.screenshot() != before


def test_the_panel_fits_its_screens(address: str, open_page: Open) -> None:
    for width, height, extra in ((390, 844, ""), (1440, 900, ""), (1920, 1080, "&projector=on")):
        page = open_inside(address, open_page, extra, width=width, height=height)
        page.get_by_role("button", name="All at once").click()
        expect(page.locator(".inside .panel.current")).to_contain_text("The new dataset")
        wide = page.evaluate("document.querySelector('.stMain').scrollWidth")
        assert wide <= width
        cut = page.locator(".inside h3").evaluate_all(
            "all => all.filter(h => h.scrollWidth > h.clientWidth).length"
        )
        assert cut == 0
        box = page.locator(".inside").bounding_box()
        assert box is not None
        if width > 390:  # on a phone the buttons stay in reach instead
            assert box["height"] <= height
