"""No word is written over another or out of its picture, whatever the settings.

The components draw as they do on a page, by themselves, and every text that reaches a canvas is
written down with the box of its ink.
"""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit
from playwright.sync_api import Browser, Page

from closedloop_core import (
    Law,
    LearnerParams,
    LoopParams,
    NGrams,
    bifurcation_branches,
    boundary_lines,
    map_learner,
    phase_diagram,
    simulate,
)
from closedloop_core.exact.cuts import cut_along_temperature
from closedloop_core.exact.landscape import few_outcomes
from closedloop_core.loop.hysteresis import run_sweep
from pages.ui import cached
from pages.ui.canvas import files, pack
from pages.ui.geometry.cached import packed_triangle, packed_well
from pages.ui.language import figures as language_figures
from pages.ui.language.maps import make_beside, pack_maps
from pages.ui.language.runs import moments
from pages.ui.language.words import Faithful
from pages.ui.maps import figures as map_figures
from pages.ui.maps.cached import published_bounds
from pages.ui.playground import run as packed_run
from pages.ui.settled.cached import limit_of, needs_of
from pages.ui.terms import MAP_TERMS
from pages.ui.widgets import verdict

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
TOLERANCE = 0.1
WIDTHS = {"desk": 736, "projector": 1176, "phone": 358}
NARROW = {"desk": 262, "projector": 552, "phone": 358}  # the small map's column
SCREENS = {"desk": (1440, 900), "projector": (1920, 1080), "phone": (390, 844)}
LARGE = {"desk": 1361, "projector": 1825, "phone": 358}
COMPONENTS = ("player", "map", "geometry", "well", "language", "text_map")
CARD = {"You are here", "Shift s", "Distance to the source", "Effective outcomes", "Stable states"}
TEXT = "a rose is a rose and a daisy is no rose but a lily may be a rose at night . " * 30
# The font of the pages: words are as wide as they are there.
FONT = """@font-face { font-family: "Source Sans"; font-weight: 200 900;
  src: url(data:font/woff2;base64,%s); }"""
# Texts by canvas, in its own pixels; what is drawn into another canvas is written there.
RECORDER = """
globalThis.mounts = {};
const proto = CanvasRenderingContext2D.prototype;
const { fillText, clearRect, drawImage, arc, fill } = proto;
proto.clearRect = function (...box) {
  this.canvas.texts = [];
  this.canvas.discs = [];
  return clearRect.apply(this, box);
};
proto.drawImage = function (image, ...rest) {
  (this.canvas.texts ??= []).push(...(image.texts ?? []));
  return drawImage.call(this, image, ...rest);
};
proto.arc = function (x, y, radius, ...rest) {
  const middle = new DOMPoint(x, y).matrixTransform(this.getTransform());
  this.round = [middle.x, middle.y, radius];
  return arc.call(this, x, y, radius, ...rest);
};
proto.fill = function (...rest) {
  if (this.round) (this.canvas.discs ??= []).push(this.round);
  this.round = null;
  return fill.apply(this, rest);
};
proto.fillText = function (text, x, y, ...rest) {
  if (String(text).trim() && this.globalAlpha > 0) {
    const ink = this.measureText(text);
    const narrower = Math.min(1, (rest[0] ?? Infinity) / ink.width);
    const left = x - narrower * ink.actualBoundingBoxLeft;
    const right = x + narrower * ink.actualBoundingBoxRight;
    const ends = [
      [left, y - ink.actualBoundingBoxAscent],
      [right, y - ink.actualBoundingBoxAscent],
      [right, y + ink.actualBoundingBoxDescent],
      [left, y + ink.actualBoundingBoxDescent],
    ].map(([a, b]) => new DOMPoint(a, b).matrixTransform(this.getTransform()));
    const [xs, ys] = [ends.map((p) => p.x), ends.map((p) => p.y)];
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    (this.canvas.texts ??= []).push({ text: String(text), box });
  }
  return fillText.call(this, text, x, y, ...rest);
};
globalThis.draw = async (name, bytes, width) => {
  const host = document.body.appendChild(document.createElement("div"));
  host.style.width = `${width}px`;
  host.innerHTML = mounts[name].html;
  const data = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
  const ignored = { setTriggerValue() {}, setStateValue() {} };
  mounts[name].main({ data, key: name, parentElement: host, ...ignored });
  for (let i = 0; i < 4; i += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  const drawn = [...host.querySelectorAll("canvas")].filter(({ texts }) => texts?.length);
  const found = drawn.map(({ texts, discs, width: w, height: h }) => (
    { texts, discs: discs ?? [], size: [w, h] }));
  host.remove();
  return found;
};
"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    tab = browser.new_page(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    tab.add_script_tag(content=RECORDER)
    (font,) = (Path(streamlit.__file__).parent / "static").rglob("SourceSansVF-Upright*.woff2")
    tab.add_style_tag(content=FONT % base64.b64encode(font.read_bytes()).decode())
    tab.evaluate("document.fonts.load('16px \"Source Sans\"')")
    for name in COMPONENTS:
        parts = files.component(name)
        code = files.export_as(parts.js, "main")
        tab.add_style_tag(content=parts.css)
        tab.evaluate("([name, html]) => { mounts[name] = { html }; }", [name, parts.html])
        tab.add_script_tag(content=f"(() => {{ {code}\nmounts.{name}.main = main; }})();")
    yield tab
    tab.close()


def collisions(drawn: list[dict[str, Any]], discs: bool = False) -> list[str]:
    """Return texts over each other, cut off by their canvas or, if ``discs`` count, under one."""
    found = []
    for canvas in drawn:
        unique = {(t["text"], *np.round(t["box"], 1)): t for t in canvas["texts"]}
        texts = list(unique.values())
        wide, high = canvas["size"]
        for i, one in enumerate(texts):
            left, top, right, bottom = one["box"]
            if left < -1 or top < -1 or right > wide + 1 or bottom > high + 1:
                found.append(f"{one['text']!r} is cut off")
            for x, y, radius in canvas["discs"] if discs else []:
                if radius > 5 and left - radius < x < right + radius:
                    if top - radius < y < bottom + radius:
                        found.append(f"{one['text']!r} under a disc")
            for other in texts[:i]:
                letters = [text for text in (one["text"], other["text"]) if len(text) == 1]
                if len(letters) == 2 or (letters and {one["text"], other["text"]} & CARD):
                    continue  # letters along a line, one of them perhaps under the card
                a, b = one["box"], other["box"]
                across = min(a[2], b[2]) - max(a[0], b[0])
                down = min(a[3], b[3]) - max(a[1], b[1])
                if across > 1 and down > 1:
                    found.append(f"{one['text']!r} over {other['text']!r}")
    return found


def settings(seed: int) -> LoopParams:
    """Return random settings: sources, temperatures on both sides of 1, shares, sample sizes."""
    rng = np.random.default_rng(seed)
    sources = (Law.zipf(10), Law.uniform(10), Law.real_text(10), Law.zipf(3), Law.real_text(30))
    return LoopParams(
        initial=sources[rng.integers(len(sources))],
        temperature=float(np.round(np.exp(rng.uniform(np.log(0.25), np.log(4.0))), 2)),
        external_fraction=float(np.round(rng.choice([0.0, rng.uniform(0, 1)]), 2)),
        sample_size=int(rng.choice([20, 50, 1_000])),
        regime=str(rng.choice(["accumulate", "replace"])),
        generations=int(rng.choice([40, 120])),
        seed=int(rng.integers(100)),
    )


def player(params: LoopParams, mode: str) -> bytes:
    run, twin = simulate(params), simulate(params.replace(noise=False))
    header = {
        "mode": mode,
        "tolerance": TOLERANCE,
        "restart": 0,
        "begins": verdict.begins(params),
        "clauses": ["", ""],
        "schedule": [],
    }
    shown = pack.with_header(packed_run.pack_run(run, packed_run.picture_of(twin), None), header)
    if params.seed % 2 == 0:
        return shown
    other = simulate(params.replace(temperature=1.2, external_fraction=0.3))
    kept = pack.with_header(packed_run.pack_run(other, None, None), header | {"words": "T = 1.2"})
    return packed_run.with_kept(pack.with_header(shown, {"words": "the other"}), kept)


def point(params: LoopParams) -> dict[str, Any]:
    limit = limit_of(params.at(0), TOLERANCE)
    return {
        "temperature": params.temperature,
        "external_fraction": params.external_fraction,
        "class": limit.phase,
        "shift": limit.shift,
        "distance": limit.distance,
        "effective": limit.effective,
        "states": limit.n_stable,
        "least_external": limit.least_external,
    }


def small_map(params: LoopParams, mode: str) -> bytes:
    header = {"kind": "small", "mode": mode, "point": point(params), "segments": None, "kept": None}
    return pack.with_header(cached.small_map_fields(params.source, TOLERANCE)[0], header)


def large_map(params: LoopParams) -> bytes:
    """Return the phase diagram with its lines, the cut, the sweep and the panel over T."""
    q, t, a = params.source, params.temperature, params.external_fraction
    axis = cached.temperature_axis(33)
    found = phase_diagram(q, axis, np.linspace(0, 1, 17))
    needs = needs_of(q, t, TOLERANCE)
    panels = map_figures.panels(
        *(q, t, a, bifurcation_branches(q, t), cut_along_temperature(q, axis, a)),
        run_sweep(q, t, params.seed),
        map_figures.thresholds_at(q, needs, published_bounds(q, t)),
        TOLERANCE,
    )
    counts = found.n_stable.astype(np.uint32)
    lines = boundary_lines(q, axis, TOLERANCE)
    packed = map_figures.pack_phase_page(found, counts, lines, *panels, TOLERANCE)
    header = {
        "kind": "page",
        "terms": MAP_TERMS,
        "point": point(params),
        "segments": None,
        "kept": {"temperature": 1.2, "external_fraction": 0.3} if params.seed % 2 else None,
    }
    return pack.with_header(packed, cached.about_map(q) | header)


def language(params: LoopParams) -> tuple[bytes, bytes]:
    """Return a run of a small language model, perhaps beside another, and its map."""
    text = LearnerParams(
        source=NGrams.from_text(TEXT, order=2),
        temperature=params.temperature,
        external_fraction=params.external_fraction,
        sample_size=200,
        generations=6,
    )
    rule = Faithful(TOLERANCE, 0.05)
    run = language_figures.shown_run([*moments(text, "a rose")], text, rule)
    header = language_figures.header(run, text, "a rose", "one", "desk", 0)
    header |= {"live": False, "state": "done", "refusal": "", "intro": None}
    header["picture_name"] = "closed-loop-language"
    if params.seed % 2:
        other = text.replace(temperature=1.2)
        kept = language_figures.shown_run([*moments(other, "a rose")], other, rule)
        header |= {"kept": {**kept, "words": "T = 1.2"}, "words": "the other"}
    short = text.replace(generations=1, external_fraction=0.0)
    *_, measured = map_learner(short)
    law = Law.from_weights(text.source.word_shares())
    shown = {
        "point": {"temperature": text.temperature, "external_fraction": text.external_fraction},
        "kept": None,
        "unit": "word",
    }
    maps = pack_maps(measured, make_beside(law, short, TOLERANCE), shown)
    return pack.pack(header, {}), maps


def pictures(params: LoopParams, mode: str) -> dict[str, bytes]:
    at = (params.temperature, params.external_fraction, TOLERANCE)
    starts = ((0.2, 0.7, 0.1), (0.1, 0.2, 0.7))
    return {
        "player": player(params, mode),
        "map": small_map(params, mode),
        "geometry": packed_triangle(few_outcomes(params.source, 3), *at, starts, mode),
        "well": packed_well(few_outcomes(params.source, 2), *at, 0.3, mode),
    }


def told(page: Page, name: str, data: bytes, width: int, mode: str) -> list[str]:
    """Draw a component; return what is wrong with its words."""
    width_of_screen, height = SCREENS[mode]
    page.set_viewport_size({"width": width_of_screen, "height": height})
    drawn = page.evaluate("(args) => draw(...args)", [name, base64.b64encode(data).decode(), width])
    assert drawn, f"{name} has no words"
    return [f"{mode} {name}: {words}" for words in collisions(drawn, discs=name == "well")]


@pytest.mark.parametrize("seed", range(10))
def test_no_word_is_over_another_or_cut_off(page: Page, seed: int) -> None:
    params = settings(seed)
    found = []
    for mode in WIDTHS:
        for name, data in pictures(params, mode).items():
            width = {"map": NARROW, "well": NARROW}.get(name, WIDTHS)[mode]
            found += told(page, name, data, width, mode)
    assert found == [], f"{params.to_query()}"


@pytest.mark.parametrize("seed", range(6))
def test_no_word_of_the_large_pages_is_over_another_or_cut_off(page: Page, seed: int) -> None:
    params = settings(seed)
    large, (run, maps) = large_map(params), language(params)
    found = []
    for mode, width in LARGE.items():
        header = {"mode": mode, "plot_height": 640 if mode == "projector" else 500}
        shown = {"map": large, "language": run, "text_map": maps}
        for name, data in shown.items():
            found += told(page, name, pack.with_header(data, header), width, mode)
    assert found == [], f"{params.to_query()}"
