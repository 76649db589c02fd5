"""What a change sends: the parts that show it, in one run; then the page says what a link says."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.ui.session.scenes import SCENES

Open = Callable[..., Page]
FRAMED = ".st-key-footer"

# What a visitor reads: links, verdict, run, dials, folds, comparison, link to take along.
SAID = """() => {
  const inside = (root) => [...root.querySelectorAll("*")].flatMap(
    (e) => [e, ...(e.shadowRoot ? inside(e.shadowRoot) : [])]);
  const all = inside(document);
  const texts = (selector) => all.filter((e) => e.matches(selector)).map((e) => e.innerText);
  const links = [...document.querySelectorAll("[data-testid=stPageLink] a")];
  return {
    links: links.map((a) => decodeURIComponent(a.getAttribute("href"))),
    run: all.find((e) => e.matches("[data-run]")).dataset.run,
    dials: all.filter((e) => e.matches(".cl-dials [type=range], [type=range]")).map(
      (e) => e.getAttribute("aria-valuetext")),
    verdict: texts(".verdict .ends").concat(texts(".verdict .needs")),
    folds: texts(".st-key-folds"),
    compared: texts(".st-key-comparing"),
    code: texts("code"),
    numbers: [...document.querySelectorAll("input[type=number]")].map((e) => e.value),
  };
}"""


class Wire:
    """What a page is sent after `listen`: elements, and how many runs of the script ended."""

    def __init__(self, page: Page) -> None:
        self.messages: list[ForwardMsg] = []
        page.on("websocket", self._follow)

    def _follow(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._take)

    def _take(self, payload: Any) -> None:
        if isinstance(payload, bytes):
            message = ForwardMsg()
            message.ParseFromString(payload)
            self.messages.append(message)

    def listen(self) -> None:
        self.messages.clear()

    def finished(self) -> list[int]:
        """Return how runs ended, but for those that gave way before they drew anything."""
        early = ForwardMsg.FINISHED_EARLY_FOR_RERUN
        ends = [m.script_finished for m in self.messages if m.HasField("script_finished")]
        return [end for end in ends if end != early]

    def drawn(self) -> list[str]:
        """Return the elements sent in full: kind, or name of the component."""
        elements = [m.delta.new_element for m in self.messages if m.HasField("delta")]
        kinds = [(e, e.WhichOneof("type")) for e in elements if e.WhichOneof("type")]
        return [
            e.bidi_component.component_name.removeprefix("closedloop_")
            if kind == "bidi_component"
            else str(kind)
            for e, kind in kinds
        ]

    def around(self) -> int:
        """Return how many elements were sent that are in no part."""
        return sum(m.HasField("delta") and not m.delta.fragment_id for m in self.messages)


def approach_links(page: Page) -> None:
    """Go for the links to other pages: they are drawn with the settings when somebody does."""
    link = page.get_by_role("link", name="Phase diagram")
    page.mouse.move(0, 0)
    link.hover()
    page.wait_for_function(
        "([a, query]) => a.search === query.search || decodeURIComponent(a.search) ==="
        " decodeURIComponent(query.search)",
        arg=[link.element_handle(), page.evaluate_handle("location")],
    )
    page.mouse.move(0, 0)


def at_rest(page: Page) -> None:
    page.locator(FRAMED).wait_for()
    app = "[data-testid=stApp][data-test-script-state=notRunning]"
    page.locator(app).wait_for()
    page.wait_for_timeout(400)
    page.locator(app).wait_for()


def type_temperature(page: Page, value: str) -> None:
    box = page.get_by_role("textbox", name="Temperature")
    box.fill(value)
    box.press("Enter")


@pytest.fixture
def wired(address: str, open_page: Open) -> tuple[Page, Wire]:
    page = open_page("about:blank", canvas=False)
    wire = Wire(page)
    page.goto(f"{address}/?temperature=1.3")
    at_rest(page)
    return page, wire


def test_a_change_is_one_run_that_draws_what_shows_it(wired: tuple[Page, Wire]) -> None:
    page, wire = wired
    type_temperature(page, "1.5")
    page.wait_for_url(re.compile("temperature=1.5"))
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    at_rest(page)
    wire.listen()
    type_temperature(page, "1.7")
    page.wait_for_url(re.compile("temperature=1.7"))
    at_rest(page)
    assert wire.finished() == [ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY]
    assert wire.around() == 0
    # Verdict and map come with the run.
    assert {"player", "dials"} <= set(wire.drawn())
    assert not {"verdict", "map", "expandable", "popover", "page_link"} & set(wire.drawn())
    assert wire.drawn().count("player") == 1
    here = page.locator(".cl-map-stage")
    expect(here).to_have_attribute("aria-label", re.compile("Temperature 1.70, .*heat death"))
    expect(page.locator(".verdict .ends")).to_contain_text("heat death")
    # The links follow when somebody goes for them: one run, which draws the header alone.
    wire.listen()
    approach_links(page)
    at_rest(page)
    assert wire.finished() == [ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY]
    assert wire.drawn().count("page_link") >= 4 and "player" not in wire.drawn()
    # A fold draws itself and no more.
    wire.listen()
    page.get_by_text("Why this verdict").click()
    expect(page.get_by_text("Least rescue")).to_be_visible()
    at_rest(page)
    assert wire.finished() == [ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY]
    assert not {"player", "page_link"} & set(wire.drawn())
    # Another source is a run of the whole page: what is sent ahead changes.
    wire.listen()
    (language,) = (scene for scene in SCENES if scene.name == "A language")
    page.get_by_role("combobox", name="Scene").select_option(language.name)
    page.wait_for_url(re.compile("initial=text"))
    at_rest(page)
    assert wire.finished() == [ForwardMsg.FINISHED_SUCCESSFULLY]
    assert wire.drawn().count("player") == 1


def test_after_any_changes_the_page_says_what_its_link_says(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=0.7")
    at_rest(page)

    def unfold(where: Page) -> None:
        where.get_by_text("Why this verdict").click()
        expect(where.get_by_text("Least rescue")).to_be_visible()
        at_rest(where)
        where.get_by_text("More: source").click()
        expect(where.get_by_label("Generations", exact=True).first).to_be_visible()

    unfold(page)
    steps: list[Callable[[], object]] = [
        lambda: page.get_by_role("slider", name="External data").press("PageUp"),
        lambda: page.get_by_role("button", name="Undo").click(),
        lambda: type_temperature(page, "1.4"),
    ]
    for step in steps:
        before = page.url
        step()
        page.wait_for_function("before => location.href !== before", arg=before)
        at_rest(page)
        approach_links(page)
        at_rest(page)
        fresh = open_page(page.url)
        at_rest(fresh)
        unfold(fresh)
        at_rest(fresh)
        assert page.evaluate(SAID) == fresh.evaluate(SAID)


def test_what_is_asked_before_the_address_has_followed_is_done(
    address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/?temperature=0.7")
    at_rest(page)
    ask = page.get_by_role("button", name=re.compile("change something at generation"))
    for value in ("0.6", "0.9"):
        type_temperature(page, value)
        ask.click()
        page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.wait_for_url(re.compile(f"temperature={value}$"))
        approach_links(page)


def test_a_link_that_is_pressed_before_it_has_followed_leads_to_the_settings_now(
    address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/?temperature=0.7")
    at_rest(page)
    type_temperature(page, "0.9")
    page.wait_for_url(re.compile("temperature=0.9"))
    page.get_by_role("link", name="Geometry").click()
    page.wait_for_url(re.compile(r"/Geometry\?.*temperature=0.9"))
    page.locator("canvas").first.wait_for()
    at_rest(page)
    page.go_back()
    page.wait_for_url(re.compile(r"/\?.*temperature=0.9"))
    at_rest(page)
    expect(page.get_by_role("textbox", name="Temperature")).to_have_value("0.90")
    expect(page.locator(".verdict .ends")).to_contain_text("collapsed")
    # Also by script or by a reader, without a pointer.
    type_temperature(page, "1.2")
    page.wait_for_url(re.compile("temperature=1.2"))
    page.get_by_role("link", name="Geometry").evaluate("(link) => link.click()")
    page.wait_for_url(re.compile(r"/Geometry\?.*temperature=1.2"))
