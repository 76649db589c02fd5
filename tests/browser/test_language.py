"""The page "Language" in a browser, walked through once: read, play, scrub, drag, type, save."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from closedloop_core import LearnerParams
from pages.ui.canvas import pack
from pages.ui.language import figures, words
from pages.ui.language.runs import moments
from pages.ui.widgets.offline import standalone_page

Open = Callable[..., Page]
QUERY = "text_generations=12&text_sample_size=2000"


def written(page: Page) -> None:
    """Wait until the run is whole: nothing is left to stop."""
    expect(page.locator(".language .row").first).to_be_visible()
    expect(page.locator(".language .progress")).to_be_hidden()
    expect(page.locator(".language .row.wait")).to_have_count(0)


def test_a_visitor_reads_plays_scrubs_drags_and_types(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/Language?{QUERY}", canvas=False)
    # What frames the texts comes after them: then nothing moves any more.
    page.get_by_role("button", name="Cite").wait_for()
    written(page)
    rows = page.locator(".language .row")
    expect(rows).to_have_count(5)
    for text in rows.locator(".said").all_inner_texts():
        assert text.startswith("Elizabeth was")
    # Repeated passages have a line under them besides their shade.
    mark = page.locator(".language .row u.often").first
    expect(mark).to_have_attribute("title", "Stands three times or more in this text")
    assert "underline" in mark.evaluate("e => getComputedStyle(e).textDecorationLine")

    page.locator(".language").focus()
    page.keyboard.press("Home")
    expect(page.locator(".verdict .word")).to_have_text("Generation 0.")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".language .row.on .side b")).to_have_text("generation 2")
    expect(page.locator(".verdict .middle")).to_contain_text("After 2 generations")
    # The generation at the playhead always has a row.
    page.get_by_role("slider", name="Generation", exact=True).fill("7")
    expect(page.locator(".language .row.on .side b")).to_have_text("generation 7")
    page.keyboard.press("Home")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".language .count b")).not_to_have_text("0")
    page.get_by_role("button", name="Pause").click()

    # While a dial is dragged the texts follow; when it is let go, the run and its measures.
    before = rows.first.inner_text()
    dial = page.get_by_role("slider", name="Temperature")
    box = dial.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    note = page.locator(".language .note")
    for step in range(60):  # a hand that drags goes on moving
        share = 0.6 + 0.002 * step
        page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        page.wait_for_timeout(200)
        if note.inner_text() == "follows the dial":
            break
    expect(note).to_have_text("follows the dial")
    page.mouse.up()
    expect(page.locator(".language .note")).not_to_have_text("follows the dial")
    written(page)
    expect(rows.first).not_to_have_text(before, use_inner_text=True)
    expect(page).to_have_url(re.compile("text_temperature="))

    # What a visitor types is text, never markup.
    page.get_by_role("textbox", name="Every text begins with").fill("<img src=x onerror=alert(1)>")
    page.keyboard.press("Enter")
    expect(rows.first.locator(".said")).to_contain_text("src = x onerror = alert")
    assert page.locator(".language img").count() == 0
    written(page)

    with page.expect_download() as saved:
        page.get_by_role("button", name="Save picture").click()
    assert saved.value.suggested_filename.startswith("closed-loop-language-generation-")


def test_the_saved_page_plays_from_a_file(open_page: Open, tmp_path: Path) -> None:
    params = LearnerParams(sample_size=1_000, generations=3)
    rule = words.Faithful(0.1, 0.3)
    found = figures.shown_run(list(moments(params, "Elizabeth was")), params, rule)
    header = figures.header(found, params, "Elizabeth was", "saved", "desk", 0)
    header |= {"live": False, "state": "done", "refusal": "", "picture_name": "x", "intro": None}
    data = pack.pack(header, {})
    file = tmp_path / "saved.html"
    file.write_text(standalone_page(data, "A run", "In words.", "language"), "utf-8")
    page = open_page(file.as_uri(), canvas=False)
    expect(page.locator(".language .row")).to_have_count(4)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".language .row.on .side b")).to_have_text("generation 2")
    assert page.locator(".language .count b").inner_text() == "2"
