"""A lesson as it is taught: by clicker on a projector, by touch, by names, and in two windows."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.ui.lessons import course
from pages.ui.lessons.model import Step
from tests.browser.rest import settle
from tests.browser.test_audit import findings, stretch
from tests.browser.test_hall import settled

Open = Callable[..., Page]
TEN = course.built_in("ten")
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Lesson")


def on_screen(page: Page, number: int) -> None:
    expect(bar(page).locator(".number")).to_have_text(f"{number} / {len(TEN.steps)}")


def visible_text(page: Page) -> str:
    """Return all that is shown or told to a reader, in shadow roots too."""
    text: str = page.evaluate(
        """() => {
          const all = (root) => [...root.querySelectorAll('*')].flatMap(
            (e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
          const names = ['aria-label', 'aria-valuetext', 'aria-description', 'title', 'alt'];
          return all(document).filter((e) => !e.matches('style, script, template, option'))
            .flatMap((e) => [...names.map((name) => e.getAttribute(name) ?? ''),
              ...[...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent)])
            .join(' ') + ' ' + document.title + ' ' + location.href;
        }"""
    )
    return text


def is_hidden(page: Page, step: Step) -> None:
    """Fail if anything on the page tells what a question hides."""
    expect(bar(page).get_by_role("button", name="Reveal")).to_be_visible()
    settle(page)
    text = visible_text(page)
    for secret in (step.moral[:30], "settles ", "It needs", "At the end", "of 200 runs"):
        assert secret not in text, secret
    assert page.locator(".st-key-small_map, .st-key-dials").count() == 0
    if step.page == "Playground":  # it cannot be played either
        page.locator("body").press("ArrowRight")
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_disabled()
        expect(page.get_by_role("slider", name="Generation")).to_have_value("0")


def is_told(page: Page, step: Step) -> None:
    expect(bar(page)).to_contain_text(step.moral)
    if step.question:
        expect(bar(page)).to_contain_text(
            re.compile("odds, not certainty|luck included|with other luck")
        )


def teach(page: Page, turn: Callable[[int], None], pick: Callable[[Step], None]) -> None:
    """Go through the ten minutes; ``turn`` presses on or back, ``pick`` answers."""
    for number, step in enumerate(TEN.steps, 1):
        on_screen(page, number)
        if step.question:
            is_hidden(page, step)
            pick(step)
            turn(1)
        is_told(page, step)
        on_screen(page, number)
        if number < len(TEN.steps):
            turn(1)
    turn(-1)
    on_screen(page, len(TEN.steps) - 1)


def test_a_clicker_alone_teaches_on_a_projector_with_notes_in_step(
    address: str, open_page: Open
) -> None:
    page = open_page(
        f"{address}/?lesson=ten&step=1&projector=on", canvas=False, width=1920, height=1080
    )
    notes = page.context.new_page()
    notes.goto(f"{address}/?notes=1&lesson=ten&step=1")
    expect(notes.get_by_text("In step with the lesson")).to_be_visible()
    page.bring_to_front()

    def pick(step: Step) -> None:
        page.keyboard.press(".")
        expect(bar(page).get_by_role("radio").first).to_be_checked()

    def turn(by: int) -> None:
        if "/?" in page.url:  # the playground fits the screen, with the bar too
            assert settled(page) == [[], 0, 0]
        page.keyboard.press("PageDown" if by > 0 else "PageUp")

    teach(page, turn, pick)
    assert "projector=on" in page.url and "lesson=ten" in page.url
    settle(page)
    assert findings(page) == []
    # The other window has followed, over pages, and leads as well.
    number = len(TEN.steps) - 1
    expect(notes.locator(".number")).to_have_text(f"{number} / {len(TEN.steps)}")
    expect(notes.locator(".text")).to_have_text(TEN.steps[number - 1].notes)
    expect(notes.locator(".next-title")).to_have_text(TEN.steps[number].title)
    expect(notes.get_by_role("timer")).to_have_text(re.compile(r"^\d+:\d\d$"))
    assert findings(notes) == []
    notes.keyboard.press("PageUp")
    on_screen(page, number - 1)
    expect(notes.locator(".number")).to_have_text(f"{number - 1} / {len(TEN.steps)}")
    notes.close()


def test_windows_of_an_older_browser_are_in_step_by_its_storage(
    address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/_stcore/health", canvas=False, locale="en-GB")
    page.context.add_init_script("delete window.BroadcastChannel")
    page.goto(f"{address}/?lesson=ten&step=1")
    on_screen(page, 1)
    notes = page.context.new_page()
    notes.goto(f"{address}/?notes=1&lesson=ten&step=3")
    expect(notes.locator(".number")).to_have_text(f"1 / {len(TEN.steps)}")
    notes.get_by_role("button", name="Next").click()
    on_screen(page, 2)
    expect(notes.get_by_text("On screen: the question, the answer hidden.")).to_be_visible()
    assert notes.evaluate("localStorage.getItem('closed-loop-lesson')") is None


def test_by_touch_on_a_phone(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?lesson=ten&step=1", canvas=False, **PHONE)

    def swipe(by: int) -> None:
        """Move a finger sideways over the words of the bar."""
        box = bar(page).locator(".words").bounding_box()
        assert box is not None
        y = box["y"] + box["height"] / 2
        start, end = (300, 80) if by > 0 else (80, 300)
        touch = page.context.new_cdp_session(page)
        for kind, x in (
            ("touchStart", start),
            ("touchMove", (start + end) / 2),
            ("touchMove", end),
        ):
            points: list[Any] = [{"x": x, "y": y}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    teach(page, swipe, lambda step: bar(page).locator("label").first.tap())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    settle(page)
    stretch(page)
    assert findings(page) == []


def test_by_the_names_a_reader_hears(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?lesson=ten&step=1", canvas=False)

    def turn(by: int) -> None:
        reveal = bar(page).get_by_role("button", name="Reveal")
        if by > 0 and reveal.is_visible():
            reveal.press("Enter")
        else:
            name = "Next step" if by > 0 else "Step before"
            bar(page).get_by_role("button", name=name).press("Enter")

    def pick(step: Step) -> None:
        assert step.question is not None
        group = bar(page).get_by_role("group", name=step.question.text)
        group.get_by_role("radio").nth(1).press("Space")
        expect(group.get_by_role("radio").nth(1)).to_be_checked()

    teach(page, turn, pick)
    # A dial is turned: one press leads back to the step.
    back = bar(page).get_by_role("button", name="Back to the step")
    expect(back).to_be_hidden()
    page.get_by_role("slider", name="Temperature").press("ArrowRight")
    expect(back).to_be_visible()
    expect(page).to_have_url(re.compile(r"temperature=0\.5\d"))
    back.click()
    expect(back).to_be_hidden()
    expect(page).to_have_url(re.compile(r"temperature=0\.5(&|$)"))
    bar(page).get_by_role("button", name="Close the lesson").click()
    expect(bar(page)).to_have_count(0)
    expect(page).not_to_have_url(re.compile("lesson="))


def test_a_curve_is_drawn_by_hand_and_by_keys(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?lesson=fifty&step=2", canvas=False)
    curve = bar(page).get_by_role("slider", name=re.compile("Your curve"))
    expect(curve).to_have_attribute("aria-valuetext", re.compile("not drawn"))
    curve.press("ArrowRight")
    curve.press("ArrowDown")
    expect(curve).to_have_attribute("aria-valuetext", "generation 10: 7.8 outcomes")
    box = curve.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 14, box["y"] + box["height"] - 40, steps=5)
    page.mouse.up()
    expect(curve).to_have_attribute("aria-valuetext", re.compile(r"generation 120: [1-4]\.\d"))
    settle(page)
    stretch(page)
    assert findings(page) == []
    bar(page).get_by_role("button", name="Reveal").click()
    expect(bar(page)).to_contain_text("outcomes off on average; another run with other luck is")
    expect(bar(page).get_by_role("img")).to_have_attribute(
        "aria-label", re.compile("The real curve, solid, ends at 2.3 outcomes; yours, dashed")
    )
    settle(page)
    assert findings(page) == []


def test_the_tour_ticks_off_what_is_done(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?lesson=tour")
    tour = page.get_by_role("region", name="Guided tour")
    expect(tour).to_contain_text("0 of 10 done")
    scrubber = page.get_by_role("slider", name="Generation")
    scrubber.press("Home")
    scrubber.press("End")
    expect(tour).to_contain_text("1 of 10 done")
    expect(tour).to_contain_text("✓ Watch a run. Make it collapse.")
    tour.get_by_role("button", name="Hint").click()
    expect(tour).to_contain_text("Temperature below 1 makes the likely likelier.")
    tour.get_by_role("button", name="One more hint").click()
    expect(tour).to_contain_text("Turn Temperature to 0.6")
    page.get_by_role("textbox", name="Temperature, typed").fill("0.6")
    page.get_by_role("textbox", name="Temperature, typed").press("Enter")
    expect(tour).to_contain_text("✓ Make it collapse. Make it forget.")
    page.get_by_role("combobox", name="Scene").select_option("Too late to rescue")
    expect(tour).to_contain_text("4 of 10 done")
    tour.get_by_role("button", name="All tasks").click()
    expect(tour).to_contain_text("Hysteresis ✓ done")
    settle(page)
    assert findings(page) == []


@pytest.mark.parametrize("view", [{"color_scheme": "dark"}, {"width": 390, "height": 844}])
def test_the_pages_to_read_pass_the_audit(
    view: dict[str, Any], address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/Lessons?v=1", canvas=False, **view)
    page.get_by_role("button", name="Copy to my own").first.click()
    settle(page)
    page.get_by_text("1. Balance. (Playground)").click()
    expect(page.get_by_label("Moral: one sentence")).to_have_value(TEN.steps[0].moral)
    settle(page)
    stretch(page)
    found = findings(page)
    page.goto(f"{address}/Glossary?v=1")
    page.get_by_role("heading", name="Hysteresis").wait_for()
    settle(page)
    stretch(page)
    assert found + findings(page) == []
