"""Pages in every view and with everything opened, audited by axe-core (vendored, MPL-2.0).

The long pages have a file of their own (`test_audit_long`): files are what test workers share.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from pages.ui.frame import PAGES
from pages.ui.session.scenes import SCENES
from tests.browser.conftest import PATIENCE
from tests.browser.rest import IDLE, settle

Open = Callable[..., Page]
Look = Callable[[Page, str | None], list[str]]

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# All that a theme changes.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
LOTTERY = next(scene for scene in SCENES if scene.name == "Tiny-sample lottery")
BODY = "[data-testid=stPopoverBody]"
VIEWS: dict[str, dict[str, Any]] = {
    "desk": {},
    "phone": {"width": 390, "height": 844},
    "projector": {"width": 1920, "height": 1080},
}
# In a hall: a page that plays, one to read, one with another library's charts, one of formulas. The
# others have what these have.
HALL = ("Playground", "Language", "Luck", "Theory")
LONG = ("Luck", "Theory")
MOST_FOLDS = 60
# Theory's proofs are a hundred thousand elements: all statements with some of their proofs, and
# all proofs of these sections.
SOME_PROOFS = 6
SECTIONS = {
    "phone": "the-published-bounds",
    "projector": "an-even-source-solved",
}
STILL = ("Lessons", "Glossary")  # pages to read, audited in `test_lesson`
# A rule that Streamlit's own drop zone for files breaks, minor: a presentation that has a label.
THEIRS = ("presentation-role-conflict", 'data-testid="stFileUploaderDropzone"')
# Popovers that are the same on several pages, and where they are audited.
SAME = {"Cite": "app.py", "Dials and more": "pages/1_Phase_diagram.py"}


def path_of(script: str) -> str:
    """Return the address of a page: Streamlit drops the number in front of its name."""
    return "" if script == "app.py" else Path(script).stem.partition("_")[2]


# Presses the first fold, or "?" of a component, that is shut; says whether there was one. By
# script: a pointer that scrolls to each and waits until it is still takes three times as long.
OPEN_NEXT = """(inside) => {
  const shut = "details:not([open]) > summary, .cl-root button[aria-expanded=false]";
  const find = (root) => {
    for (const one of root.querySelectorAll("*")) {
      const canBePressed = one.matches(shut) && one.checkVisibility({visibilityProperty: true});
      const found = canBePressed && !one.disabled ? one : one.shadowRoot && find(one.shadowRoot);
      if (found) return found;
    }
  };
  const found = find(document.querySelector(inside));
  window.pressedFold = found;
  found?.click();
  return Boolean(found);
}"""
IS_OPENED = """() => !pressedFold.isConnected || (pressedFold.matches("summary")
  ? pressedFold.parentElement.open : pressedFold.ariaExpanded === "true")"""


def open_folds(page: Page, inside: str = "body", most: int = MOST_FOLDS) -> None:
    """Open folds and every "?" in sight, in shadow roots too, and those that lie in them."""
    for _ in range(most):
        if not page.evaluate(OPEN_NEXT, inside):
            break
        page.wait_for_function(IS_OPENED)
        # One after the other: what is in a fold comes from the server once it is open.
        page.wait_for_timeout(50)
        page.locator(IDLE).wait_for(timeout=3 * PATIENCE)
    else:
        assert most < MOST_FOLDS, f"what is opened in {inside} does not stay open"
    settle(page)


def stretch(page: Page) -> None:
    """Make the window as high as the page: axe skips what is scrolled out of sight."""
    height = page.evaluate("document.querySelector('.stMain').scrollHeight")
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    settle(page)


def findings(page: Page, inside: str | None = None, only: Any = TAGS) -> list[str]:
    """Return what axe-core finds by the rules ``only``, one readable line for each element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(
        "([inside, only]) => axe.run(inside ?? document,"
        " {runOnly: only, resultTypes: ['violations']})",
        [inside, only],
    )
    return [
        f"{rule['impact']}: {rule['id']}: {rule['help']}\n    {node['html'][:200]}\n"
        f"    {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
        if not (rule["id"] == THEIRS[0] and THEIRS[1] in node["html"])
    ]


def in_dark(page: Page, inside: str | None = None) -> list[str]:
    """Return what is found in light, and what is found when the machine turns dark."""
    found = findings(page, inside)
    page.emulate_media(color_scheme="dark")
    settle(page)
    found += findings(page, inside, OF_COLOURS)
    page.emulate_media(color_scheme="light")
    settle(page)
    return found


def popovers(page: Page, script: str, look: Look) -> list[str]:
    """Open each popover of a page, and the folds in it; return what is found inside."""
    found = []
    for button in page.locator("[data-testid=stPopover] button").all():
        name = button.inner_text().partition("\n")[0]
        if not button.is_visible() or SAME.get(name, script) != script:
            continue
        button.click()
        # A drawer is filled once it is open.
        page.locator(f"{BODY} :is(p, li):visible").first.wait_for()
        open_folds(page, BODY)
        found += look(page, BODY)
        page.keyboard.press("Escape")
        expect(page.locator(BODY)).to_have_count(0)
    return found


def sheets(page: Page, look: Look) -> list[str]:
    """Open each sheet over a page; return what is found inside."""
    found = []
    for name in ("Take away", "QR code", "Terms"):
        for button in page.get_by_role("button", name=name).all():
            if button.is_visible():
                button.click()
                dialog = page.get_by_role("dialog")
                dialog.locator(":is(p, li):visible").first.wait_for()
                settle(page)
                found += look(page, "[role=dialog]")
                page.keyboard.press("Escape")
                expect(dialog).to_have_count(0)
    return found


def audit(script: str, view: str, address: str, open_page: Open) -> None:
    """Open everything of a page and its popovers; fail with what is found.

    At a desk in both themes: nothing but the colours depends on them.
    """
    query = {"temperature": "0.5", "external_fraction": "0.3", "runs": "100"}
    if view == "projector":
        query["projector"] = "on"
    is_all_theory = PAGES[script] == "Theory" and view not in SECTIONS
    if PAGES[script] == "Theory" and not is_all_theory:
        query["section"] = SECTIONS[view]
    url = f"{address}/{path_of(script)}?{urlencode(query)}"
    page = open_page(url, canvas=False, **VIEWS[view])
    page.get_by_role("heading", level=1).wait_for()
    settle(page)
    look = in_dark if view == "desk" else findings
    found = popovers(page, script, look) + sheets(page, look)
    open_folds(page, most=SOME_PROOFS if is_all_theory else MOST_FOLDS)
    stretch(page)
    found += look(page, None)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("script", "view"),
    [
        (path, view)
        for path, name in PAGES.items()
        for view in VIEWS
        if name not in LONG + STILL and (view != "projector" or name in HALL)
    ],
)
def test_the_audit_finds_nothing(script: str, view: str, address: str, open_page: Open) -> None:
    audit(script, view, address, open_page)


def test_the_audit_finds_nothing_where_outcomes_die_out(address: str, open_page: Open) -> None:
    link = urlencode(LOTTERY.settings(projector=False).to_query())
    page = open_page(f"{address}/?{link}")
    settle(page)
    stretch(page)
    found = findings(page)
    assert not found, "\n".join(found)


def test_the_audit_can_fail(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?v=1")
    settle(page)
    page.evaluate(
        """() => {
          const host = document.querySelector('.stMain').appendChild(document.createElement('div'));
          host.attachShadow({mode: 'open'}).append(document.createElement('button'));
        }"""
    )
    stretch(page)
    found = findings(page)
    assert len(found) == 1 and found[0].startswith("critical: button-name")
