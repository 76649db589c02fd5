"""The player's scripts by themselves, without a server: what they decode, lay out and say."""

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from closedloop_core import Change, Law, LoopParams, hill_number, simulate, total_variation
from pages.ui.canvas import codes, files, pack
from pages.ui.playground import run as packed_run
from pages.ui.widgets import verdict

SHOWN = {"mode": "desk", "tolerance": 0.1, "restart": 0}
# Everything of the player but its export, and two helpers for the tests.
HELPERS = """
const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
globalThis.receiveRun = (text) => makeRun(unpack(bytesOf(text)));
globalThis.viewFor = (text, width, axis = "linear", entropy = "effective", frame = 0) => {
  const run = receiveRun(text);
  const playhead = makePlayhead(run, "generations", true);
  playhead.position = frame;
  const { kept } = run;
  const player = {
    run, playhead, scale: axis, entropy, width, measures: measuresFor("desk", width, kept !== null),
    palette: { ...PALETTES.light, font: "sans-serif" }, parts: { scrubber: document.body },
    interventions: null, hover: null, fade: null,
    law: new Float32Array(run.n), twinBuffer: new Float32Array(run.n),
    keptLaw: kept && new Float32Array(kept.n),
    keptTwin: kept?.twin ? new Float32Array(kept.n) : null,
  };
  updateShown(player, 0);
  return viewOf(player, document.createElement("canvas").getContext("2d"));
};
"""


def packed(**settings: Any) -> Any:
    params = LoopParams(**{"generations": 80, "temperature": 0.7, "sample_size": 50} | settings)
    run = simulate(params)
    twin = simulate(params.replace(noise=False)) if params.noise else None
    return (
        run,
        twin,
        pack.with_header(
            packed_run.pack_run(run, twin and packed_run.picture_of(twin), None),
            SHOWN | {"begins": verdict.begins(params)},
        ),
    )


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Any]:
    script = files.export_as(files.component("player").js, "main")
    tab = browser.new_page()
    tab.evaluate("0")
    tab.add_script_tag(content=script + HELPERS)
    yield tab
    tab.close()


@pytest.mark.parametrize("n", [10, 300])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"regime": "replace"},
        {"growth": 0.015},
        {"schedule": (Change(30, "sample_size", 7),), "regime": "subsample"},
    ],
)
def test_the_browser_decodes_what_was_packed(page: Page, n: int, changes: Any) -> None:
    run, _, data = packed(initial=Law.zipf(n), generations=400, **changes)
    _, arrays = pack.unpack(data)
    seen = page.evaluate(
        """(text) => {
          const run = receiveRun(text);
          const laws = ["probabilities", "twin", "reference"];
          const names = ["frames", ...laws, "effective", "twinDistance", "doublings"];
          return Object.fromEntries(names.map((name) => [name, Array.from(run[name])]));
        }""",
        text(data),
    )
    frames = arrays["frames"]
    law = np.array(seen["probabilities"]).reshape(len(frames), n)
    assert np.array_equal(seen["frames"], frames)
    assert np.allclose(law, codes.decoded(arrays["probabilities"]), rtol=1e-6)
    assert np.array_equal(law == 0, run.learned[frames] == 0)
    glide = codes.glided(arrays["twin"], arrays["twin_frames"], frames)
    twin = np.array(seen["twin"]).reshape(len(frames), n)
    # Halves may round to either side.
    assert np.allclose(twin, codes.decoded(glide), rtol=1.01 * codes.STEP, atol=0)
    at = np.searchsorted(arrays.get("generations", frames), frames)
    assert np.allclose(seen["effective"], arrays["effective"][at])
    assert np.allclose(seen["twinDistance"], arrays["twin_distance"][at])
    assert np.allclose(seen["doublings"], np.log2(run.dataset_size[frames] / run.dataset_size[0]))


@pytest.mark.parametrize("axis", ["linear", "log"])
def test_bar_heights_are_true_on_both_axes(page: Page, axis: str) -> None:
    _, _, data = packed(initial=Law.zipf(10), external_fraction=0.2)
    seen = page.evaluate(
        """([text, axis]) => {
          const view = viewFor(text, 736, axis, "effective", 60);
          const layout = layoutBars(view);
          const { top, low } = view.run;
          const law = Array.from(view.law);
          const heights = law.map((share) => layout.base - barY(view, layout, share));
          return { top, low, law, heights, plot: layout.base - layout.ceiling };
        }""",
        [text(data), axis],
    )
    law, top, low = np.array(seen["law"]), seen["top"], seen["low"]
    assert top >= law.max() and low <= law.min()
    share = law / top if axis == "linear" else np.log(law / low) / np.log(top / low)
    assert np.allclose(seen["heights"], seen["plot"] * share, atol=0.1)


def test_an_extinct_outcome_stands_on_the_ground_of_both_axes(page: Page) -> None:
    run, _, data = packed(regime="replace", temperature=1.0, sample_size=10, generations=40)
    gone = int((run.learned[40] == 0).sum())
    assert gone > 3
    for axis in ("linear", "log"):
        flat, counted, said = page.evaluate(
            """([text, axis]) => {
              const view = viewFor(text, 736, axis, "effective", 40);
              const layout = layoutBars(view);
              const isFlat = (share) => barY(view, layout, share) === layout.base;
              const flat = Array.from(view.law).filter(isFlat);
              return [flat.length, legendState(view).extinct, barsSummary(view.run, 40)];
            }""",
            [text(data), axis],
        )
        assert flat == counted == gone
        assert f"{gone} of 10 outcomes extinct" in said


def test_the_leader_is_named_and_the_log_axis_says_what_it_is(page: Page) -> None:
    law = Law.from_weights([5, 3, 2], labels=["ja", "nein", "vielleicht"])
    _, _, data = packed(initial=law, temperature=0.5, generations=120)
    for axis, warned in (("linear", False), ("log", True)):
        rows = page.evaluate(
            """([text, axis]) => {
              const view = viewFor(text, 736, axis, "effective", 120);
              const rows = legendRows(view, legendState(view), 0);
              return rows.map((row) => row.text + (row.number ?? ""));
            }""",
            [text(data), axis],
        )
        assert rows[0].startswith("leads: ja, ")
        assert any("not areas" in row for row in rows) == warned


def test_entropy_in_nats_is_the_log_of_the_effective_number(page: Page) -> None:
    _, _, data = packed(initial=Law.zipf(30))
    panels = page.evaluate(
        """(text) => ["effective", "nats"].map((entropy) => {
          const view = viewFor(text, 736, "linear", entropy, 50);
          const panel = layoutCurves(view).panels[0];
          const { title, high, source } = panel;
          const said = curvesSummary(view.run, 50, entropy);
          return { title, value: panel.curve[50], high, source, said };
        })""",
        text(data),
    )
    number, nats = panels
    for name in ("value", "high", "source"):
        assert nats[name] == pytest.approx(np.log(number[name]), abs=1e-6)
    assert nats["title"] == "Entropy in nats"
    assert f"entropy {nats['value']:.2f} nats" in nats["said"]
    assert f"acts like {number['value']:.1f} of 30 outcomes" in number["said"]


def test_two_runs_share_clock_and_axes_and_are_both_told(page: Page) -> None:
    _, _, run = packed(initial=Law.zipf(10), external_fraction=0.3)
    _, _, kept = packed(initial=Law.zipf(1_000), regime="replace", generations=80)
    data = packed_run.with_kept(
        pack.with_header(run, {"words": "accumulate"}),
        pack.with_header(kept, {"words": "replace"}),
    )
    seen = page.evaluate(
        """(text) => {
          const view = viewFor(text, 736, "linear", "effective", 60);
          const layout = layoutBars(view);
          const curves = layoutCurves(view);
          const heights = layout.rows.map(({ layout: row }) => row.base - row.ceiling);
          const { run, kept } = view;
          return {
            heights, high: curves.panels[0].high, beside: Array.from(run.beside.distance),
            said: [barsSummary(run, 60), curvesSummary(run, 60)],
            n: kept.law.length, generation: run.kept.frames[kept.frame],
          };
        }""",
        text(data),
    )
    assert seen["heights"][0] == seen["heights"][1] > 40
    assert seen["high"] == 1_000
    assert np.allclose(seen["beside"], pack.unpack(kept)[1]["distance"], atol=1e-6)
    assert seen["n"] == 1_000 and seen["generation"] == 60
    bars, curves = seen["said"]
    assert "A, replace: Leading" in bars and "B, accumulate: Leading" in bars
    assert "A acts like" in curves and "B acts like" in curves


def test_the_row_of_interventions_has_its_place_exactly_when_changes_can_be_made(
    page: Page,
) -> None:
    _, _, data = packed()
    layouts = page.evaluate(
        """(texts) => texts.map((text) => {
          const layout = layoutCurves(viewFor(text, 736));
          return { row: layout.interventions, tickY: layout.tickY, height: layout.height };
        })""",
        [text(data), text(pack.with_header(data, {"schedule": []}))],
    )
    assert layouts[0]["row"] is None
    row = layouts[1]["row"]
    assert row["top"] > layouts[1]["tickY"] and row["bottom"] - row["top"] == 20
    assert layouts[1]["height"] == layouts[0]["height"] + 20


@pytest.mark.parametrize("width", [358, 736, 1176])
@pytest.mark.parametrize("n", [2, 10, 60, 61, 2_000])
def test_nothing_is_laid_out_beyond_the_edge(page: Page, width: int, n: int) -> None:
    _, _, data = packed(initial=Law.zipf(n), generations=30)
    both = packed_run.with_kept(data, data)
    for told in (data, both):
        for axis in ("linear", "log"):
            seen = page.evaluate(
                """([text, width, axis]) => {
                  const view = viewFor(text, width, axis, "nats", 15);
                  const layout = layoutBars(view);
                  const rows = layout.rows ?? [{ top: 0, layout }];
                  return rows.map(({ top, layout: row }) => {
                    const [base, ceiling] = [top + row.base, top + row.ceiling];
                    const edges = [row.centre(0), row.centre(view.run.n - 1)];
                    return { edges, base, ceiling, all: layout.height };
                  });
                }""",
                [text(told), width, axis],
            )
            for row in seen:
                assert 0 < row["edges"][0] <= row["edges"][1] < width
                assert 0 < row["ceiling"] < row["base"] - 20
                assert row["base"] < row["all"]


@pytest.mark.parametrize("n", [10, 100])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"regime": "replace", "external_fraction": 0.3},
        {"regime": "subsample", "temperature": 1.7},
        {"growth": 0.25, "initial_size": 17, "generations": 40},
        {"noise": False},
        {"reference": "even"},
        {"initial": "zero"},
    ],
    ids=str,
)
def test_the_look_ahead_is_the_cores_twin(page: Page, n: int, settings: Any) -> None:
    laws = {"even": Law.uniform(n), "zero": Law.from_weights([0, *range(1, n)])}
    settings = {name: laws.get(value, value) for name, value in settings.items()}
    run, _, data = packed(**{"initial": Law.zipf(n), **settings})
    dials = {"temperature": 0.45, "external_fraction": 0.12, "sample_size": 83}
    seen = page.evaluate(
        """([text, dials]) => {
          const run = lookAhead(receiveRun(text), dials);
          const names = ["twin", "twinEffective", "twinDistance"];
          return Object.fromEntries(names.map((name) => [name, Array.from(run[name])]));
        }""",
        [text(data), dials],
    )
    twin = simulate(run.params.replace(noise=False, **dials)).learned
    # The laws it starts from came as codes, right to 2.1e-4 of each share.
    ahead = np.array(seen["twin"]).reshape(twin.shape)
    assert np.allclose(ahead, twin, rtol=0, atol=2e-3)
    assert np.allclose(seen["twinEffective"], hill_number(twin, 1), rtol=4e-3)
    source = run.params.source.probabilities()
    assert np.allclose(seen["twinDistance"], total_variation(twin, source), atol=2e-3)
    # It can fail: a hundredth more external data is seen.
    other = simulate(run.params.replace(noise=False, **dials | {"external_fraction": 0.14})).learned
    assert not np.allclose(ahead, other, rtol=0, atol=2e-3)


def test_no_look_ahead_where_it_would_be_wrong_or_slow(page: Page) -> None:
    for settings in (
        {"schedule": (Change(10, "temperature", 2.0),)},
        {"initial": Law.zipf(1000), "generations": 300},
    ):
        data = text(packed(**settings)[2])
        assert not page.evaluate("(text) => canLookAhead(receiveRun(text))", data)
    assert page.evaluate("(text) => canLookAhead(receiveRun(text))", text(packed()[2]))


@pytest.mark.parametrize(("temperature", "axis"), [(0.7, "effective"), (1.6, "nats")])
def test_the_number_at_the_playhead_is_not_on_the_dashed_curve(
    page: Page, temperature: float, axis: str
) -> None:
    _, _, data = packed(initial=Law.zipf(10), temperature=temperature, external_fraction=0.1)
    hidden = page.evaluate(
        """([text, entropy]) => [4, 12, 25, 40, 55].flatMap((frame) => {
          const view = viewFor(text, 736, "linear", entropy, frame);
          const layout = layoutCurves(view);
          const size = view.measures.value;
          return layout.panels.map((panel) => {
            const [x, y] = [layout.x(frame), panel.y(panel.curve[frame])];
            const at = valueBaseline(view, layout, panel, y, x, 40);
            const box = { left: x + 12, right: x + 50, top: at - 0.7 * size, bottom: at };
            return pointsIn(pointsOf(layout, panel, panel.twinPoints, x, x + 60), box);
          });
        })""",
        [text(data), axis],
    )
    assert hidden == [0] * 10


def test_a_reader_is_told_once_where_a_picture_comes_before_the_timer(page: Page) -> None:
    """On a busy machine both are late, and either may be first."""
    late = """async () => {
      const one = { spokenAt: performance.now() - 990, timers: { speak: 0 } };
      let again = 0;
      const may = () => maySpeak(one, () => { again += 1; });
      const first = may();
      const until = performance.now() + 30;
      while (performance.now() < until);  // both are due by now, and the picture asks first
      const told = may(), spokenAt = one.spokenAt;
      await new Promise((done) => setTimeout(done, 60));
      return [first, told, again, may(), one.spokenAt === spokenAt];
    }"""
    assert page.evaluate(late) == [False, True, 0, False, True]
    patient = """async () => {
      const one = { spokenAt: performance.now() - 980, timers: { speak: 0 } };
      const found = [maySpeak(one, () => found.push(maySpeak(one, () => found.push("later"))))];
      await new Promise((done) => setTimeout(done, 100));
      return found;
    }"""
    said = page.evaluate(patient)
    # A timer may fire a fraction of a millisecond early: then it asks to be called once more.
    assert said in ([False, True], [False, False, "later"])
