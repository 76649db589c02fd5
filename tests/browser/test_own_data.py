"""The button "Your words": what was understood is read before it is used, and then waits."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.rest import settle

Open = Callable[..., Page]


def test_own_words_are_understood_used_and_wait_at_the_start(address: str, open_page: Open) -> None:
    page = open_page(address, moving=True)
    page.get_by_role("button", name="Your words").click()
    field = page.get_by_label("Paste a text or a list")
    field.fill("rot;12.345\nblau;1.234\ngelb;999")
    field.press("Control+Enter")
    expect(page.get_by_role("button", name="Use these")).to_be_disabled()
    page.get_by_text("decimal comma: “12.345” is 12345").click()
    expect(page.get_by_text("total 14,578: rot 12,345, blau 1,234, gelb 999")).to_be_visible()
    page.get_by_role("button", name="Use these").click()
    expect(page.get_by_text("In use: the run waits at generation 0")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The source. Three outcomes")
    page.wait_for_timeout(500)
    expect(page.locator(".st-key-player .count b")).to_have_text("0")


def test_a_tab_separated_file_is_taken(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?v=1")
    page.get_by_role("button", name="Your words").click()
    data = b"label\tcount\nred\t5\nblue\t3"
    kind = "text/tab-separated-values"
    upload = {"name": "list.tsv", "mimeType": kind, "buffer": data}
    page.locator("input[type=file]").set_input_files(upload)
    expect(page.get_by_text("Counted list, tabs, heading “label count”")).to_be_visible()
    expect(page.get_by_text("not allowed")).to_have_count(0)


DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  for (const type of ["dragover", "drop"]) {
    const how = { dataTransfer: data, bubbles: true, composed: true, cancelable: true };
    const event = new DragEvent(type, how);
    document.querySelector("h1, canvas, main").dispatchEvent(event);
    if (!event.defaultPrevented) throw new Error(`the page does not take a file: ${type}`);
  }
}"""


def test_a_file_is_dropped_anywhere_on_the_page(address: str, open_page: Open) -> None:
    page = open_page(address)
    settle(page)
    page.get_by_role("button", name="List of keys").wait_for()  # the same component hears of files
    page.evaluate(DROP, ["rude.bin", "\u0000\u0001\u0002"])
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Nothing was replaced")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.evaluate(DROP, ["list.csv", "red;5\nblue;3"])
    expect(dialog.get_by_text("Counted list, semicolons")).to_be_visible()
    dialog.get_by_role("button", name="Use these").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_contain_text("The source. Two")
    # On every page: where a source is read, where a model learns from a text, where nothing is.
    page.get_by_role("link", name="Geometry").click()
    expect(page).to_have_title(re.compile("Geometry"))
    settle(page)
    page.evaluate(DROP, ["list.csv", "red;5\nblue;3\ngreen;2"])
    expect(dialog.get_by_text("3 labels")).to_be_visible()
    dialog.get_by_role("button", name="Use these").click()
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(re.compile("initial="))
    page.get_by_role("link", name="Language").click()
    expect(page).to_have_title(re.compile("Language"))
    expect(page.get_by_text("Learned from", exact=True)).to_be_visible()
    expect(page.locator(".st-key-footer")).to_be_visible()
    settle(page)
    page.evaluate(DROP, ["own.txt", "the cat sat on the mat and the dog sat on the log " * 40])
    expect(page.get_by_text("In use:")).to_be_visible()
    page.get_by_role("link", name="Lessons").click()
    expect(page).to_have_title(re.compile("Lessons"))
    expect(page.get_by_role("heading", name="Your own lesson")).to_be_visible()
    settle(page)
    page.evaluate(DROP, ["lesson.json", '{"title": 3}'])
    expect(page.get_by_text("nothing was loaded")).to_be_visible()
    page.get_by_role("link", name="Glossary").click()
    expect(page).to_have_title(re.compile("Glossary"))
    settle(page)
    page.evaluate(DROP, ["list.csv", "red;5\nblue;3"])
    page.wait_for_timeout(500)
    settle(page)
    expect(page.get_by_role("heading", name="Hysteresis")).to_be_visible()
    expect(dialog).to_have_count(0)
