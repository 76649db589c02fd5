"""The phase diagram saved as a picture and as a drawing: both say where they come from."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from playwright.sync_api import Page

from tests.browser.rest import settle
from tests.browser.test_player import joined_by_coordinates, png_texts

Open = Callable[..., Page]
SVG = "{http://www.w3.org/2000/svg}"
DUBLIN = "{http://purl.org/dc/elements/1.1/}"


def saved(page: Page, name: str, path: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    assert download.value.suggested_filename.startswith("closed-loop-phase-diagram.")
    download.value.save_as(path)
    return path


def test_the_map_is_saved_with_its_settings_seed_and_link(
    address: str, tmp_path: Path, open_page: Open
) -> None:
    link = f"{address}/Phase_diagram?v=1&temperature=0.6&external_fraction=0.45&seed=11"
    page = open_page(link, canvas=False)
    page.locator(".cl-map-stage").wait_for()
    settle(page)
    picture = png_texts(saved(page, "Save picture", tmp_path / "map.png").read_bytes())
    assert picture["Seed"] == "11" and "temperature=0.6" in picture["Source"]
    drawing = ElementTree.parse(saved(page, "SVG", tmp_path / "map.svg")).getroot()
    texts = ["".join(element.itertext()) for element in drawing.iter(f"{SVG}text")]
    assert {"HEAT DEATH", "FAITHFUL", "You are here"} <= set(map(str.strip, texts))
    said = drawing.findtext(f".//{DUBLIN}description")
    assert said is not None and "Seed 11." in said and picture["Description"] in said
    source = drawing.findtext(f".//{DUBLIN}source")
    assert source == picture["Source"]
    assert f"Seed11.{source}" in "".join(texts).replace(" ", "")
    assert joined_by_coordinates(drawing, SVG) == []
    # The field alone is made of pixels; whatever is named is defined.
    (image,) = drawing.iter(f"{SVG}image")
    assert image.attrib["href"].startswith("data:image/png;base64,")
    defined = {element.attrib["id"] for element in drawing.iter() if "id" in element.attrib}
    named = [
        value[len("url(#") : -1]
        for element in drawing.iter()
        for value in element.attrib.values()
        if value.startswith("url(#")
    ]
    assert len(named) > 2 and set(named) <= defined
    shown = open_page((tmp_path / "map.svg").as_uri(), canvas=False)
    box = shown.locator("svg").bounding_box()
    assert box is not None and box["height"] > 400
