"""Changes during a run and two runs side by side, as a visitor makes them."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

Open = Callable[..., Page]
LINK = "initial=text:10&temperature=0.7&external_fraction=0.5&generations=60"


def test_a_change_is_made_on_the_axis_edited_on_its_flag_and_taken_back(
    address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/?{LINK}")
    page.get_by_role("button", name=re.compile("change something at generation")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="From generation").fill("30")
    dialog.get_by_role("textbox", name="From generation").press("Tab")
    dialog.get_by_role("button", name="Apply", exact=True).click()
    page.wait_for_url(re.compile("schedule=30%3Aexternal_fraction%3A0"))
    expect(dialog).to_have_count(0)
    flag = page.get_by_role("button", name=re.compile("At generation 30: external data 0"))
    expect(flag).to_have_count(1)
    expect(page.locator(".verdict .ends")).to_contain_text("since generation 30")

    flag.focus()
    flag.press("Enter")
    dialog.get_by_role("textbox", name="New value").fill("20")
    dialog.get_by_role("textbox", name="New value").press("Tab")
    dialog.get_by_role("button", name="Apply", exact=True).click()
    page.wait_for_url(re.compile("schedule=30%3Aexternal_fraction%3A0.2"))

    page.get_by_role("button", name=re.compile("At generation 30: external data 20")).press("Enter")
    dialog.get_by_role("button", name="Remove").click()
    page.wait_for_function("!location.search.includes('schedule')")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(re.compile("schedule=30%3Aexternal_fraction%3A0.2"))


def test_a_change_that_is_dismissed_changes_nothing(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?{LINK}")
    change = page.get_by_role("button", name=re.compile("change something at generation"))
    for leave in ("Cancel", "Escape"):
        change.click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        if leave == "Escape":
            page.keyboard.press("Escape")
        else:
            dialog.get_by_role("button", name=leave).click()
        expect(dialog).to_have_count(0)
    page.get_by_role("button", name="New seed").click()  # the dialog stays closed
    page.wait_for_url(re.compile("seed=1"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert "schedule" not in page.evaluate("location.search")


def test_two_runs_stand_side_by_side_and_come_with_the_link(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?{LINK}")
    page.get_by_role("button", name="Compare A | B").click()
    page.get_by_role("button", name="Replace against accumulate").click()
    page.wait_for_url(re.compile("regime=replace.*kept_v=1"))
    picture = page.locator(".player .bars canvas")
    expect(picture).to_have_attribute("aria-label", re.compile("Two runs.*A, accumulate"))
    expect(page.locator(".cl-dial-kept").first).to_be_visible()
    again = open_page(f"{address}/{page.evaluate('location.search')}")
    expect(again.locator(".player .bars canvas")).to_have_attribute(
        "aria-label", re.compile("Two runs")
    )
    page.get_by_role("button", name="Swap").click()
    page.wait_for_url(re.compile("kept_regime=replace"))
    page.get_by_role("button", name="B alone", exact=True).click()
    page.wait_for_function("!location.search.includes('kept')")
    expect(picture).not_to_have_attribute("aria-label", re.compile("Two runs"))
