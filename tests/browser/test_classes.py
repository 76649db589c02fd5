"""One rule for the class of a state: headline, triangle, map and dials say the same.

The map and the dials look classes up in the browser; their own scripts are run here, on what the
server sends them, and held against the core's rule.
"""

import base64

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from closedloop_core import Law, LoopParams, class_of, settled_state
from pages.ui import cached
from pages.ui.canvas import files, pack
from pages.ui.geometry import figures as geometry_figures
from pages.ui.settled.cached import limit, limit_of

LAWS = (
    lambda rng: Law.zipf(int(rng.integers(3, 12))),
    lambda rng: Law.uniform(int(rng.integers(3, 12))),
    lambda rng: Law.from_weights(rng.integers(1, 9, 3)),
    lambda rng: Law.dirichlet(int(rng.integers(3, 30)), 1.0, int(rng.integers(100))),
)
TRACK = {
    "faithful": "faithful",
    "sharpened": "sharpened",
    "collapse": "collapse",
    "flattened": "flattened",
    "heat death": "heat",
}
# The browser reads the boundary between the temperatures at which it was solved.
_BETWEEN = 0.01
_SCRIPT = """
([field, frame]) => {
  const data = (bytes) => Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
  const { map, dials } = window.parts;
  const header = map.unpack(data(field));
  const { temperature, external_fraction: share } = header.point;
  const framed = { ...header, ...map.unpack(data(frame)), values: header.point };
  const at = (stretches, place) => stretches.find(([from, to]) => place >= from && place <= to)[2];
  return {
    map: map.readAt(map.makeField(header), temperature, share).class,
    share: at(dials.shareStretches(framed, temperature), share),
    temperature: at(
      dials.temperatureStretches(framed, share),
      dials.logShare(temperature, header.temperature_range),
    ),
  };
}
"""


def settings(seed: int) -> tuple[Law, float, float, float]:
    """Return a law, temperature, external share and tolerance, away from all boundaries."""
    rng = np.random.default_rng(seed)
    while True:
        law = LAWS[seed % len(LAWS)](rng)
        temperature = float(np.exp(rng.uniform(np.log(0.25), np.log(4.0))))
        share, tolerance = float(rng.uniform(0, 1)), float(rng.uniform(0.02, 0.5))
        if abs(temperature - 1) < 0.05 or not _BETWEEN < share < 1 - _BETWEEN:
            continue
        classes = {
            class_of(settled_state(law, t, a), law, t, tolerance)
            for t in temperature * np.exp([-0.03, 0.0, 0.03])
            for a in (share - _BETWEEN, share, share + _BETWEEN)
        }
        if len(classes) == 1:
            return law, temperature, share, tolerance


@pytest.fixture(scope="module")
def scripts(browser: Browser) -> Page:  # type: ignore[misc]
    """Open an empty page that holds the scripts of map and dials."""
    page = browser.new_page()
    for name, wanted in (
        ("map", "unpack, makeField, readAt"),
        ("dials", "shareStretches, temperatureStretches, logShare"),
    ):
        code = files.export_as(files.component(name).js, "mount")
        page.add_script_tag(
            content=f"(() => {{\n{code}\n(window.parts ??= {{}}).{name} = {{ {wanted} }};\n}})();"
        )
    yield page
    page.close()


@pytest.mark.parametrize("seed", range(24))
def test_headline_map_and_dials_name_one_class(scripts: Page, seed: int) -> None:
    law, temperature, share, tolerance = settings(seed)
    expected = class_of(settled_state(law, temperature, share), law, temperature, tolerance)
    params = LoopParams(initial=law, temperature=temperature, external_fraction=share)
    limit = limit_of(params, tolerance)
    assert limit.phase == expected
    sent = pack.with_header(
        cached.plain_map(law, tolerance, 65),
        {
            "temperature_range": cached.TEMPERATURE_RANGE,
            "least_rescue": limit.least_external,
            "point": {"temperature": temperature, "external_fraction": share},
        },
    )
    frame = cached.dial_frame(law, tolerance)[0]
    both = [base64.b64encode(data).decode() for data in (sent, frame)]
    found = scripts.evaluate(_SCRIPT, both)
    assert found == {"map": expected, "share": TRACK[expected], "temperature": TRACK[expected]}


@pytest.mark.parametrize("seed", range(2, 24, 4))
def test_the_triangle_draws_the_class_that_its_headline_names(seed: int) -> None:
    law, temperature, share, tolerance = settings(seed)
    assert law.n == 3
    packed = geometry_figures.pack_triangle(law, temperature, share, tolerance, (), "desk")
    header = pack.unpack(packed)[0]
    drawn = header["fixed_points"][header["winner_from_source"]]["class"]
    params = LoopParams(initial=law, temperature=temperature, external_fraction=share)
    assert drawn == limit_of(params, tolerance).phase


def test_the_reported_link_is_faithful_in_its_triangle_too() -> None:
    # It said Faithful in its headline and drew the same state as a collapse.
    law = Law.zipf(3)
    assert limit(law, law, 0.8, 0.3, 0.5).phase == "faithful"
    header = pack.unpack(geometry_figures.pack_triangle(law, 0.8, 0.3, 0.5, (), "desk"))[0]
    assert header["fixed_points"][header["winner_from_source"]]["class"] == "faithful"
