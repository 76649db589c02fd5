"""What keyboards and screen readers get: every control in reach, no more words than are read."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pages.ui.frame import PAGES
from tests.browser.rest import settle
from tests.browser.test_audit import STILL, path_of

Open = Callable[..., Page]
# Few runs, and one section of the theory: its controls and what it tells are those of all.
QUICK = "temperature=0.5&runs=100&section=an-even-source-solved"

# Every element, those inside open shadow roots too, in document order.
EVERYTHING = """() => {
  window.everything = (root = document) => [...root.querySelectorAll('*')].flatMap(
    (element) => [element, ...(element.shadowRoot ? everything(element.shadowRoot) : [])]);
}"""
CONTROLS = """() => {
  const kinds = 'a[href], button, input, select, textarea, summary, [tabindex]';
  // Among the choices of a group the arrow keys move; Tab stops once, at Streamlit's at the first.
  const isFirst = (element) =>
    element.closest('[role=radiogroup]')?.querySelector('[role=radio]') === element;
  window.controls = everything().filter((element) => element.matches(kinds)
    && (!element.matches('[role=radio]') || isFirst(element))
    && element.tabIndex >= 0 && !element.disabled
    && element.checkVisibility({visibilityProperty: true})
    && element.id !== 'root' && !element.matches('.stMain, .stApp'));
  return controls.map((element) => element.outerHTML.slice(0, 120));
}"""
FOCUSED = """() => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  // The ring of a range is drawn around its thumb, which is not the input.
  const ours = element.closest('.cl-root, .st-key-header [data-testid=stPageLink]')
    && element.type !== 'range';
  const ring = !ours || getComputedStyle(element).outlineStyle !== 'none';
  return {number: controls.indexOf(element), tag: element.tagName, ring,
          html: element.outerHTML.slice(0, 120)};
}"""
# Counts how often each element's words for a reader change; what is hidden from readers is not.
# Tells for how many seconds it has listened too: a busy machine wakes it late.
LISTEN = """async (milliseconds) => {
  const counts = new Map();
  const live = '[aria-live], output, [role=status], [role=alert], h1';
  const hear = (changes) => changes.forEach(({type, target, attributeName, oldValue}) => {
    const place = target.closest ? target : target.parentElement;
    if (place?.closest('[aria-hidden=true]')) return;
    const changed = type === 'attributes' ? oldValue !== target.getAttribute(attributeName) : true;
    const speaker = type === 'attributes' ? target : place?.closest(live);
    if (changed && speaker) counts.set(speaker, (counts.get(speaker) ?? 0) + 1);
  });
  const names = ['aria-label', 'aria-valuetext', 'aria-valuenow', 'aria-description', 'alt'];
  const roots = [document, ...everything().map((element) => element.shadowRoot).filter(Boolean)];
  const observers = roots.map((root) => {
    const observer = new MutationObserver(hear);
    observer.observe(root, {subtree: true, childList: true, characterData: true,
                            attributes: true, attributeOldValue: true, attributeFilter: names});
    return observer;
  });
  const start = performance.now();
  await new Promise((done) => setTimeout(done, milliseconds));
  observers.forEach((observer) => observer.disconnect());
  return [(performance.now() - start) / 1000,
          [...counts].map(([element, count]) => [element.outerHTML.slice(0, 120), count])];
}"""


def walk(page: Page, steps: int) -> list[dict[str, Any]]:
    """Press Tab until the focus leaves the page; return where it has been."""
    stops = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        page.wait_for_timeout(20)
        stop = page.evaluate(FOCUSED)
        if stop["tag"] == "BODY":
            return stops
        stops.append(stop)
    raise AssertionError(f"the focus does not leave the page; last at {stops[-3:]}")


@pytest.mark.parametrize("script", PAGES, ids=PAGES.get)
def test_tab_reaches_every_control_once_shows_it_and_leaves(
    script: str, address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/{path_of(script)}?{QUICK}", canvas=False)
    page.get_by_role("heading", level=1).wait_for()
    # A page may come in two runs; the second, which has the footer, tells readers once more.
    page.locator(".st-key-footer").wait_for()
    settle(page)
    page.evaluate(EVERYTHING)
    controls = page.evaluate(CONTROLS)
    assert len(controls) > 8
    stops = walk(page, 3 * len(controls))
    visited = [stop["number"] for stop in stops if stop["number"] >= 0]
    assert len(visited) == len(set(visited)), "the focus came back"
    missed = [html for i, html in enumerate(controls) if i not in visited]
    assert missed == []
    assert [stop["html"] for stop in stops if not stop["ring"]] == []


def play_page(page: Page, name: str) -> None:
    if name == "Geometry":
        page.get_by_role("button", name="Play").first.click()
    elif name == "Phase diagram":
        page.get_by_role("button", name="Play the sweep").click()
    elif name == "Playground":
        expect(page.get_by_role("button", name="Pause")).to_be_visible()


@pytest.mark.parametrize("script", [p for p in PAGES if PAGES[p] not in STILL], ids=PAGES.get)
def test_a_reader_is_told_about_once_a_second(script: str, address: str, open_page: Open) -> None:
    page = open_page(f"{address}/{path_of(script)}?{QUICK}", canvas=False, moving=True)
    page.get_by_role("heading", level=1).wait_for()
    # A page may come in two runs; the second, which has the footer, tells readers once more.
    page.locator(".st-key-footer").wait_for()
    settle(page)
    page.evaluate(EVERYTHING)
    play_page(page, PAGES[script])
    seconds, counts = page.evaluate(LISTEN, 2500)
    if PAGES[script] in ("Playground", "Geometry"):
        assert counts, "nothing was said while playing"
    # Its seconds hold one tick more than they are; one more for the press that started it.
    assert [(html, count) for html, count in counts if count > seconds + 2] == []


def test_a_chatterbox_is_noticed(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?v=1")
    settle(page)
    page.evaluate(EVERYTHING)
    page.evaluate(
        """() => {
          const host = document.body.appendChild(document.createElement('output'));
          setInterval(() => { host.textContent = String(performance.now()); }, 16);
        }"""
    )
    seconds, counts = page.evaluate(LISTEN, 1000)
    assert max(count for _, count in counts) > 2 * (seconds + 2)
