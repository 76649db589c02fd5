"""The Luck page in a real browser: both charts draw, keep their column, and speak to each other."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.rest import settle
from tests.browser.test_player import png_texts

Open = Callable[..., Page]
PURE = "/Luck?v=1&temperature=1&regime=replace&sample_size=30&generations=120&runs=300&seed=5"


def test_the_charts_fill_their_columns_and_stay_so(address: str, open_page: Open) -> None:
    page = open_page(address + PURE, canvas=False)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Luck alone")
    for key in ("luck_fan", "luck_odds"):
        chart = page.locator(f".st-key-{key} svg.marks")
        chart.wait_for()
        column = page.locator(f".st-key-{key}").bounding_box()
        page.wait_for_timeout(800)
        box = chart.bounding_box()
        assert column and box and abs(box["width"] - column["width"]) < 12
        assert page.locator(f".st-key-{key}").bounding_box() == column


def test_pointing_at_a_run_lights_its_winner(address: str, open_page: Open) -> None:
    page = open_page(address + PURE, canvas=False)
    page.locator(".st-key-luck_fan svg.marks").wait_for()
    runs = page.locator(".st-key-luck_fan [aria-label*='wins at'][aria-label*='one run']")
    stories = runs.evaluate_all("runs => runs.map((run) => run.getAttribute('aria-label'))")
    assert len(stories) >= 10
    told = page.locator(".st-key-luck_fan text").filter(has_text="wins at").last
    before = told.text_content() or "nobody"
    for story in stories:
        name = story.split(" wins at ")[0]
        if story.startswith(before):
            continue
        run = page.locator(f'.st-key-luck_fan [aria-label="{story}"]')
        run.dispatch_event("pointerover")
        bar = page.locator(f'.st-key-luck_odds [aria-label^="{name}:"]')
        expect(bar).to_have_css("fill", "rgb(213, 94, 0)")
        break
    lit = page.locator(".st-key-luck_odds [aria-label]").evaluate_all(
        "bars => bars.filter((bar) => getComputedStyle(bar).fill === 'rgb(213, 94, 0)').length"
    )
    assert lit == 1


def test_a_phone_shows_both_charts_without_scrolling_sideways(
    address: str, open_page: Open
) -> None:
    page = open_page(address + PURE, width=390, height=844, canvas=False)
    page.locator(".st-key-luck_odds svg.marks").wait_for()
    page.wait_for_timeout(800)
    main = page.locator(".stMain")
    assert main.evaluate("main => main.scrollWidth") <= 390
    fan = page.locator(".st-key-luck_fan svg.marks").bounding_box()
    assert fan and fan["x"] >= 0 and fan["x"] + fan["width"] <= 390


def test_the_pointer_chooses_which_run_is_told(address: str, open_page: Open) -> None:
    page = open_page(address + PURE, canvas=False)
    page.locator(".st-key-luck_odds svg.marks").wait_for()
    page.wait_for_timeout(800)
    told = page.locator(".st-key-luck_fan text").filter(has_text="wins at").last
    runs = page.locator(".st-key-luck_fan [aria-label*='one run']")
    stories = set()
    for i in range(runs.count()):
        box = runs.nth(i).bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
        page.wait_for_timeout(100)
        stories.add(told.text_content())
    assert len(stories) > 2
    # What is no run leaves the story as it is.
    fan = page.locator(".st-key-luck_fan svg.marks").bounding_box()
    last = told.text_content()
    assert fan
    page.mouse.move(fan["x"] + 0.9 * fan["width"], fan["y"] + 60)
    page.wait_for_timeout(200)
    assert told.text_content() == last


MAP = "/Luck?v=1&chapter=map&regime=replace&sample_size=40&generations=5&seed=3"


def test_the_map_fills_and_the_next_change_begins_another(address: str, open_page: Open) -> None:
    # How it is stopped and goes on is tested without a browser: here it may be done before a press.
    page = open_page(address + MAP, canvas=False)
    status = page.locator(".st-key-luck_status")
    page.locator(".st-key-luck_simulated svg.marks").wait_for()
    expect(status).to_contain_text("seed 3.", timeout=3 * PATIENCE)
    page.get_by_role("textbox", name="Seed").fill("4")
    page.get_by_role("textbox", name="Seed").press("Enter")
    expect(status).to_contain_text("seed 4.", timeout=3 * PATIENCE)
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("so far")


@pytest.mark.parametrize("chapter", ["odds", "regimes"])
def test_charts_are_saved_with_headline_settings_seed_and_link(
    chapter: str, address: str, tmp_path: Path, open_page: Open
) -> None:
    page = open_page(f"{address}{PURE}&chapter={chapter}&initial=zipf:4", canvas=False)
    charts = page.locator(".st-key-luck_body svg.marks")
    charts.first.wait_for()
    settle(page)
    headline = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="Take away").click()
    saved = {}
    for kind in ("PNG", "SVG"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Charts as {kind}").click()
        assert download.value.suggested_filename == f"closed-loop-{chapter}.{kind.lower()}"
        download.value.save_as(tmp_path / kind)
        saved[kind] = (tmp_path / kind).read_bytes()
    picture = png_texts(saved["PNG"])
    assert picture["Seed"] == "5" and "sample_size=30" in picture["Source"]
    assert "Zipf, 4 outcomes. Temperature 1" in picture["Description"]
    drawing = ElementTree.fromstring(saved["SVG"])
    space = "{http://www.w3.org/2000/svg}"
    assert drawing.findtext(f"{space}title") == headline
    assert len(drawing.findall(f"{space}svg")) == charts.count()
    texts = ["".join(element.itertext()) for element in drawing.findall(f"{space}text")]
    assert "".join(headline.split()) in "".join("".join(texts).split())
    assert f"Seed5.{picture['Source']}" in "".join(texts).replace(" ", "")
