"""What only a browser can show: motion, dials under the hand, the link, back and forward."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Page, expect

from tests.browser.rest import settle
from tests.server import serve

Open = Callable[..., Page]


def query(page: Page) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlparse(page.url).query).items()}


def generation(page: Page) -> int:
    return int(page.locator(".player .count b").inner_text().replace(",", ""))


def dial(page: Page, name: str) -> Any:
    return page.get_by_role("slider", name=name)


def wait_for_query(page: Page, name: str, value: str) -> None:
    page.wait_for_url(lambda url: parse_qs(urlparse(url).query).get(name) == [value])


def test_the_bars_move_without_a_press(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=0.5", moving=True)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Collapse")
    bars = page.locator(".player .bars canvas")
    before, first = bars.screenshot(), generation(page)
    page.wait_for_timeout(600)
    assert generation(page) > first
    assert bars.screenshot() != before


def test_reduced_motion_shows_the_last_frame_at_rest(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=2")
    expect(page.locator(".player .count b")).to_have_text("200")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_playing_survives_a_dial_change(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=0.5&generations=3000", moving=True)
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    at = generation(page)
    dial(page, "Temperature").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("temperature=0.51"))
    page.wait_for_timeout(500)
    assert generation(page) > at
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_stepping_pauses_and_never_starts_playing(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=0.5", moving=True)
    page.get_by_role("button", name="Pause").click()
    at = generation(page)
    page.get_by_role("button", name="Step forward").click()
    expect(page.locator(".player .count b")).to_have_text(str(at + 1))
    page.wait_for_timeout(400)
    assert generation(page) == at + 1
    page.get_by_role("button", name="Step back").click()
    expect(page.locator(".player .count b")).to_have_text(str(at))


def test_a_deep_link_is_served_as_the_first_request_of_a_fresh_server(open_page: Open) -> None:
    with serve() as fresh:
        page = open_page(f"{fresh}/Phase_diagram?temperature=0.5&external_fraction=0.2")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Collapse")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert query(page)["external_fraction"] == "0.2"


def test_the_link_round_trips(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=0.5&seed=3&regime=replace&sample_size=7000")
    external = dial(page, "External data")
    external.focus()
    page.keyboard.press("End")
    wait_for_query(page, "external_fraction", "1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Faithful")
    link = page.url
    again = open_page(link)
    expect(again.get_by_role("heading", level=1)).to_contain_text("Faithful")
    assert query(again) == query(page)
    assert query(again)["seed"] == "3" and query(again)["regime"] == "replace"


def test_the_same_link_shows_the_same_numbers(address: str, open_page: Open) -> None:
    link = f"{address}/?temperature=0.7&seed=11"
    numbers = []
    for _ in range(2):
        page = open_page(link)
        expect(page.locator(".player .count b")).to_have_text("200")
        numbers.append(page.locator(".player canvas").nth(1).get_attribute("aria-label"))
    assert numbers[0] and numbers[0] == numbers[1]


def test_back_and_forward_travel_through_the_settings(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=0.5")
    dial(page, "External data").focus()
    page.keyboard.press("End")
    wait_for_query(page, "external_fraction", "1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Faithful")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Collapse")
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Faithful")


def test_settings_survive_page_changes_and_reload_untouched(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=0.5&external_fraction=0.35&seed=8")
    page.get_by_role("link", name="Phase diagram").click()
    expect(page).to_have_url(re.compile("Phase_diagram"))
    wait_for_query(page, "seed", "8")
    page.get_by_role("link", name="Playground").click()
    page.wait_for_url(lambda url: "Phase_diagram" not in url)
    wait_for_query(page, "seed", "8")
    page.reload()
    page.locator("canvas").first.wait_for()
    assert query(page) == {
        "v": "1",
        "temperature": "0.5",
        "external_fraction": "0.35",
        "seed": "8",
    }
    page.go_back()
    expect(page).to_have_url(re.compile("Phase_diagram"))
    wait_for_query(page, "seed", "8")


def test_a_changed_setting_survives_a_page_change(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=0.5")
    dial(page, "External data").focus()
    page.keyboard.press("End")
    wait_for_query(page, "external_fraction", "1")
    page.get_by_role("link", name="Phase diagram").click()
    expect(page).to_have_url(re.compile("Phase_diagram"))
    wait_for_query(page, "external_fraction", "1")


def test_a_bad_link_shows_a_note_and_no_traceback(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=warm&seed=-1")
    alert = page.get_by_role("alert")
    expect(alert.first).to_contain_text("temperature must be a number, got “warm”")
    expect(page.locator(".stException")).to_have_count(0)


def test_a_typed_value_beyond_the_dial_is_accepted(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?v=1")
    box = page.get_by_role("textbox", name="Temperature")
    box.fill("20")
    box.press("Enter")
    wait_for_query(page, "temperature", "20")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heat death")


def test_a_click_on_the_map_turns_the_dials(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/Phase_diagram?v=1")
    stage = page.locator(".cl-map-stage")
    box = stage.bounding_box()
    assert box is not None
    stage.click(position={"x": box["width"] * 0.5, "y": box["height"] * 0.45})
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heat death")
    page.wait_for_url(re.compile("temperature="))
    assert float(query(page)["temperature"]) > 1.2
    page.get_by_role("link", name="Playground").click()
    expect(page.get_by_role("textbox", name="Temperature")).not_to_have_value("0.80")


def test_two_dials_moved_quickly_both_count(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?v=1")
    dial(page, "Temperature").focus()
    page.keyboard.press("Home")
    dial(page, "External data").focus()
    page.keyboard.press("End")
    wait_for_query(page, "temperature", "0.2")
    wait_for_query(page, "external_fraction", "1")


def test_nothing_is_loaded_from_other_sites(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?v=1")
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlparse(request.url).hostname or ""))
    page.reload()
    page.locator("canvas").first.wait_for()
    page.get_by_role("link", name="Phase diagram").click()
    page.wait_for_url(re.compile("Phase_diagram"))
    page.wait_for_timeout(500)
    assert hosts <= {"127.0.0.1", ""}


def test_nothing_is_wider_than_a_phone(address: str, open_page: Open) -> None:
    for path in ("", "Phase_diagram", "Geometry", "Theory"):
        url = f"{address}/{path}?temperature=0.7&section=an-even-source-solved"
        page = open_page(url, width=390, height=844, canvas=path != "Theory")
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_timeout(1000)
        widest = page.evaluate("document.scrollingElement.scrollWidth")
        inside = page.evaluate("document.querySelector('.stMain').scrollWidth")
        assert widest <= 390 and inside <= 390


def test_on_a_phone_the_dials_stand_above_the_picture(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=0.7", width=390, height=844, moving=True)
    settle(page)  # what has come last has moved what lies below it
    page.evaluate("document.fonts.ready")
    dials = dial(page, "Sample size").bounding_box()
    bars = page.locator(".player .bars canvas").bounding_box()
    play = page.get_by_role("button", name="Pause").bounding_box()
    assert dials and bars and play
    assert dials["y"] < bars["y"] < play["y"]
    assert play["y"] + play["height"] <= 844


def test_geometry_takes_a_start_and_theory_shows_its_checks(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/Geometry?temperature=0.5&external_fraction=0.28")
    stage = page.get_by_role("application", name=re.compile("")).first
    before = page.locator(".geometry canvas").first.screenshot()
    box = stage.bounding_box()
    assert box is not None
    stage.click(position={"x": box["width"] * 0.5, "y": box["height"] * 0.6})
    page.wait_for_timeout(1500)
    assert page.locator(".geometry canvas").first.screenshot() != before
    page.get_by_role("link", name="Theory").click()
    expect(page).to_have_url(re.compile("Theory"))
    expect(page.get_by_text("agrees").first).to_be_visible()
    expect(page.locator(".stException")).to_have_count(0)


def test_every_page_is_served_as_the_first_request(open_page: Open) -> None:
    for path in ("Geometry", "Theory"):
        with serve() as fresh:
            page = open_page(f"{fresh}/{path}?temperature=0.5&external_fraction=0.28", canvas=False)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            expect(page.get_by_role("dialog")).to_have_count(0)
            assert query(page)["temperature"] == "0.5"


def test_the_clock_is_part_of_the_link_and_of_undo(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=0.5")
    doublings = page.locator("[data-value=doublings]")
    for _ in range(2):  # the same press counts again after an undo
        page.get_by_text("View", exact=True).click()
        doublings.click()
        wait_for_query(page, "clock", "doublings")
        expect(doublings).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="Undo").click()
        page.wait_for_url(lambda url: "clock" not in url)
        expect(doublings).to_have_attribute("aria-pressed", "false")


def test_dragging_the_small_map_turns_both_dials_and_is_one_step(
    address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/?temperature=0.5")
    box = page.locator(".cl-map-stage").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.evaluate(
        "() => { window.drawn = 0; addEventListener('closedloop:carried', () => { drawn += 1; }); }"
    )
    # The hand does not rest: each run must come to its end though the next is asked for.
    for step in range(150):
        page.mouse.move(
            box["x"] + (0.7 + 0.001 * (step % 50)) * box["width"], box["y"] + 0.4 * box["height"]
        )
        page.wait_for_timeout(60)
        if page.evaluate("drawn") > 8:
            break
    assert page.evaluate("drawn") > 8
    expect(page.locator(".verdict .ends")).to_contain_text("settles faithful")
    assert "external_fraction" not in query(page)
    page.mouse.up()
    page.wait_for_url(re.compile("external_fraction="))
    assert float(query(page)["temperature"]) > 1
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(lambda url: "external_fraction" not in url)
    assert query(page)["temperature"] == "0.5"


def test_the_page_is_framed_even_where_no_run_is_ever_drawn(address: str, open_page: Open) -> None:
    # A context of its own: a tab that others use after it would keep the script.
    page = open_page("about:blank", canvas=False, locale="en-GB")
    page.add_init_script(
        "addEventListener('closedloop:playhead', (e) => e.stopImmediatePropagation(), true);"
    )
    page.goto(address)
    expect(page.locator(".st-key-footer")).to_be_visible()
