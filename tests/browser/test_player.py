"""The player's controls, alone on a page that writes down what it asks for (player_app.py)."""

import json
import re
import struct
import xml.etree.ElementTree as ElementTree
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from closedloop_core import Law, LoopParams, simulate
from pages.ui.canvas import pack
from pages.ui.playground import run as packed_run
from pages.ui.widgets import offline, verdict
from tests.server import serve

Open = Callable[..., Page]
FLAG = "schedule=30:external%20data%200%20%25"
LABELS = ["the", "a </script><b>", '"of" & more', "is", "<!-- in", "to]]>"]


@pytest.fixture(scope="module")
def stage() -> Iterator[str]:
    with serve("tests/browser/player_app.py") as at:
        yield at


def count(page: Page) -> Locator:
    return page.locator(".player .count b")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def asked(page: Page, name: str) -> Any:
    """Return what the player has asked the page under ``name``, once it has."""
    text = page.get_by_text(re.compile(f'^{{"{name}"')).first
    return json.loads(text.inner_text())[name]


def save(page: Page, kind: str, path: Path) -> Path:
    page.get_by_text("Save picture").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=kind).click()
    assert download.value.suggested_filename.endswith(f".{kind.lower()}")
    download.value.save_as(path)
    return path


def test_instant_shows_the_end_and_play_plays_again(stage: str, open_page: Open) -> None:
    page = open_page(stage, moving=True)
    button(page, "Instant: at the end").click()
    expect(count(page)).to_have_text("120")
    expect(button(page, "Play")).to_be_visible()
    expect(button(page, "Instant: at the end")).to_have_attribute("aria-pressed", "true")
    button(page, "Play").click()
    expect(button(page, "Pause")).to_be_visible()
    expect(button(page, "1× normal speed")).to_have_attribute("aria-pressed", "true")
    expect(count(page)).not_to_have_text("120")


def test_reset_goes_to_the_start_and_stays_there(stage: str, open_page: Open) -> None:
    page = open_page(stage, moving=True)
    button(page, "Instant: at the end").click()
    button(page, "Back to the start").click()
    expect(count(page)).to_have_text("0")
    page.wait_for_timeout(300)
    expect(count(page)).to_have_text("0")
    expect(button(page, "Play")).to_be_visible()


def test_a_loop_starts_over_and_without_it_the_end_is_the_end(stage: str, open_page: Open) -> None:
    page = open_page(stage, moving=True)
    page.get_by_text("View", exact=True).click()
    loop = page.get_by_role("button", name="Loop")
    loop.click()
    expect(loop).to_have_attribute("aria-pressed", "true")
    page.get_by_role("slider", name="Generation").fill("119")
    expect(count(page)).to_have_text("120")
    expect(count(page)).to_have_text(re.compile(r"^\d$"))  # one digit: it has started over
    loop.click()
    page.get_by_role("slider", name="Generation").fill("119")
    expect(button(page, "Play")).to_be_visible()
    expect(count(page)).to_have_text("120")


def test_full_screen_fills_the_screen_and_comes_back(stage: str, open_page: Open) -> None:
    page = open_page(stage, width=1300, height=760, moving=True)
    player = page.locator(".player")
    expect(player).to_have_attribute("data-mode", "desk")
    page.keyboard.press("f")
    leave = button(page, "Leave full screen")
    expect(leave).to_be_visible()
    expect(player).to_have_attribute("data-mode", "projector")
    expect(page.locator(".headline")).to_contain_text("Collapsed.")
    page.wait_for_timeout(200)
    box = page.locator(".stage").evaluate("e => [e.scrollHeight, e.clientHeight]")
    assert box[0] <= box[1]
    leave.click()
    expect(button(page, "Full screen")).to_be_visible()
    expect(player).to_have_attribute("data-mode", "desk")
    expect(page.locator(".headline")).to_be_hidden()


def test_a_menu_closes_by_escape_and_gives_the_focus_back(stage: str, open_page: Open) -> None:
    page = open_page(stage, moving=True)
    view = page.get_by_text("View", exact=True)
    view.click()
    page.get_by_role("button", name="nats").click()
    assert asked(page, "view") == {"entropy": "nats"}
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="nats")).to_be_hidden()
    expect(view).to_be_focused()


def test_an_empty_place_on_the_lane_asks_for_a_change_there(stage: str, open_page: Open) -> None:
    page = open_page(f"{stage}/?{FLAG}", moving=True)
    canvas = page.locator(".curves canvas")
    box = canvas.bounding_box()
    assert box is not None
    button(page, "Back to the start").click()
    canvas.click(position={"x": 0.6 * box["width"], "y": box["height"] - 8})
    first = asked(page, "intervene")
    assert 60 <= first["generation"] <= 90 and "index" not in first
    expect(count(page)).to_have_text("0")  # the row of interventions is not the scrubber


def test_a_flag_is_reached_by_keyboard_and_moved_by_hand(stage: str, open_page: Open) -> None:
    page = open_page(f"{stage}/?{FLAG}", moving=True)
    flag = button(page, "At generation 30: external data 0 %, edit")
    flag.focus()
    page.keyboard.press("Enter")
    assert asked(page, "intervene")["index"] == 0
    box, canvas = flag.bounding_box(), page.locator(".curves canvas").bounding_box()
    assert box is not None and canvas is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 8 + 0.25 * canvas["width"], middle, steps=4)
    page.mouse.up()
    page.get_by_text(re.compile('"generation"')).wait_for()
    moved = asked(page, "intervene")
    assert moved["index"] == 0 and 50 <= moved["generation"] <= 80


def test_what_the_generation_shown_can_be_asked(stage: str, open_page: Open) -> None:
    page = open_page(f"{stage}/?{FLAG}", moving=True)
    page.get_by_role("slider", name="Generation").fill("40")
    page.get_by_role("button", name="look inside").click()
    inside = asked(page, "inside")
    expect(button(page, "Play")).to_be_visible()
    assert str(inside["generation"]) == count(page).inner_text()
    button(page, "Back to the start").click()
    page.get_by_role("button", name="change something at generation 0").click()
    assert asked(page, "intervene")["generation"] == 1  # the start is what the dials set
    page.get_by_role("button", name="look inside generation 0").click()
    assert asked(page, "inside")["generation"] == 1


def saved_page(folder: Path) -> str:
    law = Law.from_weights([6, 5, 4, 3, 2, 1], labels=LABELS)
    params = LoopParams(initial=law, temperature=0.7, generations=60)
    run = packed_run.pack_run(
        simulate(params), packed_run.picture_of(simulate(params.replace(noise=False))), None
    )
    header = {
        "mode": "projector",
        "tolerance": 0.1,
        "begins": verdict.begins(params),
        "schedule": [{"generation": 30, "words": "external data 0 %"}],
    }
    path = folder / "run.html"
    text = offline.standalone_page(pack.with_header(run, header), "A run", "In words.")
    path.write_text(text, "utf-8")
    return path.as_uri()


def test_a_saved_page_plays_from_a_file_and_asks_for_nothing(
    tmp_path: Path, open_page: Open
) -> None:
    requests: list[str] = []
    notes: list[str] = []
    page = open_page("about:blank", canvas=False, moving=True)
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: notes.append(message.text))
    address = saved_page(tmp_path)
    page.goto(address)
    expect(count(page)).not_to_have_text("0")
    expect(page.locator(".headline")).to_contain_text("Sharpened.")
    expect(page.get_by_role("button", name="look inside")).to_be_hidden()
    expect(page.get_by_role("button", name="At generation 30")).to_have_count(0)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
    page.wait_for_timeout(300)
    told = png_texts(save(page, "PNG", tmp_path / "run.png").read_bytes())
    assert told["Seed"] == "0" and told["Source"].startswith("file://")
    assert requests == [address]
    assert notes == []


def png_texts(data: bytes) -> dict[str, str]:
    """Return the texts of a PNG file; every chunk must be sound."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    found, at = {}, 8
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        (sum_,) = struct.unpack(">I", data[at + 8 + size : at + 12 + size])
        assert sum_ == zlib.crc32(kind + body)
        if kind in (b"tEXt", b"iTXt"):
            key, text = body.split(b"\0", 1)
            found[key.decode()] = text.lstrip(b"\0").decode()
        at += 12 + size
    return found


def joined_by_coordinates(drawing: ElementTree.Element, space: str) -> list[str]:
    """Return texts that begin where another one ends, and would overlap in a wider font."""
    ends = {}
    for text in drawing.iter(f"{space}text"):
        if text.attrib["text-anchor"] == "start":
            wide = sum(
                float(piece.attrib["textLength"]) + float(piece.attrib.get("dx", 0))
                for piece in text
            )
            line = text.attrib["y"], text.attrib.get("transform")
            ends[(*line, round(float(text.attrib["x"]) + wide))] = "".join(text.itertext())
    starts = (
        (text.attrib["y"], text.attrib.get("transform"), round(float(text.attrib["x"])))
        for text in drawing.iter(f"{space}text")
        if text.attrib["text-anchor"] == "start"
    )
    return [ends[start] for start in starts if start in ends]


def test_a_saved_drawing_is_sound_and_holds_the_labels_as_text(
    tmp_path: Path, open_page: Open
) -> None:
    page = open_page(saved_page(tmp_path), width=1200, moving=True)
    path = save(page, "SVG", tmp_path / "run.svg")
    drawing = ElementTree.parse(path).getroot()
    space = "{http://www.w3.org/2000/svg}"
    texts = ["".join(element.itertext()) for element in drawing.iter(f"{space}text")]
    assert set(LABELS) <= set(texts)
    assert "external data 0 %" in texts
    dublin = "{http://purl.org/dc/elements/1.1/}"
    names = "svg title desc defs clipPath g path rect text tspan metadata".split()
    assert {element.tag for element in drawing.iter()} <= {
        *(space + name for name in names),
        *(dublin + name for name in ("description", "source", "publisher")),
    }
    # With another font, too, what goes on follows what it goes on from: the headline is one text.
    assert drawing.findtext(f"{space}title") in texts
    assert joined_by_coordinates(drawing, space) == []
    source = drawing.findtext(f".//{dublin}source")
    assert source is not None and source == page.url
    # In small type, perhaps in several lines.
    assert f"Seed0.{source}" in "".join(texts).replace(" ", "")
    shown = open_page(path.as_uri(), canvas=False, moving=True)
    box = shown.locator("svg").bounding_box()
    assert box is not None and box["height"] > 400


def test_the_offline_page_is_taken_from_the_playground(
    address: str, tmp_path: Path, open_page: Open
) -> None:
    page = open_page(f"{address}/?temperature=0.5&generations=90&seed=4")
    page.get_by_role("button", name=re.compile("^Take away")).click()
    with page.expect_download() as download:
        button(page, "Offline page (HTML)").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    saved = open_page(path.as_uri())
    expect(count(saved)).to_have_text("90")
    expect(saved.get_by_text("90 generations, seed 4.")).to_be_visible()
    link = saved.locator("footer a").first.get_attribute("href")
    assert link is not None and link.startswith(f"{address}/?") and "seed=4" in link
