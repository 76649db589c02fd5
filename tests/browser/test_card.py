"""The phase diagram's card by its scripts alone: it covers nothing that is written on the map."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from closedloop_core import Law
from pages.ui import cached
from pages.ui.canvas import files, pack
from pages.ui.maps import cached as maps
from pages.ui.maps import figures
from pages.ui.settled.cached import limit

ZIPF = Law.zipf(10)
# A window of 1920 px leaves 1600 and, where its scroll bar is seen, 1590; the last is a tablet.
WIDTHS = (1600, 1590, 944)
HELPERS = """
globalThis.covered = (text, widths) => {
  const header = unpack(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
  const [field, curves] = [makeField(header), curvesOf(header)];
  const palette = { ...PALETTES.light, font: "sans-serif" };
  return widths.map((width) => {
    const view = makeView({ header, field, curves, hidden: new Set(), palette, width, chips: 0 });
    const context = document.createElement("canvas").getContext("2d");
    const words = drawPageBase(context, view, fieldPicture(view, 1));
    const at = { x: view.x(header.point.temperature), y: view.y(header.point.external_fraction) };
    const { left, top, width: w, height } = placeCard(view, at, at, words, false);
    const card = { left, right: left + w, top, bottom: top + height };
    return [words.length, words.filter((word) => overlaps(word, card)).length];
  });
};
"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    tab = browser.new_page()
    script = files.export_as(files.component("map").js, "main")
    tab.add_script_tag(content=script + HELPERS)
    yield tab
    tab.close()


def packed(law: Law, temperature: float, share: float) -> str:
    """Return what the page sends at a setting, without the sweep."""
    size = cached.map_size(law, 129)
    panels, arrays = figures.panels(
        law,
        temperature,
        share,
        maps.branches(law, temperature),
        maps.branches_over_temperature(law, share),
        None,
        figures.thresholds_at(
            law,
            limit(law, law, temperature, share, 0.1).needs,
            maps.published_bounds(law, temperature),
        ),
        0.1,
    )
    data = figures.pack_phase_page(
        cached.diagram(law, size),
        maps.stable_counts(law, size),
        maps.lines(law, 0.1),
        panels,
        arrays,
        0.1,
    )
    header: dict[str, Any] = {
        "kind": "page",
        "mode": "desk",
        "point": {"temperature": temperature, "external_fraction": share},
        "plot_height": 500,
    }
    return base64.b64encode(pack.with_header(data, {**cached.about_map(law), **header})).decode()


@pytest.mark.parametrize(("temperature", "share"), [(0.7, 0.0), (0.8, 0.0), (2.0, 0.3)])
def test_the_card_covers_nothing_that_is_written(
    page: Page, temperature: float, share: float
) -> None:
    text = packed(ZIPF, temperature, share)
    found = page.evaluate("([text, widths]) => covered(text, widths)", [text, WIDTHS])
    for width, (written, hidden) in zip(WIDTHS, found, strict=True):
        assert written > 20 and hidden == 0, width
