"""Scenes, folds and the look ahead of the playground in a real browser."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from pages.ui.session.scenes import SCENES

Open = Callable[..., Page]
COLD, HOT = SCENES[1], SCENES[2]


def run_shown(page: Page) -> str | None:
    return page.locator(".st-key-player [data-run]").get_attribute("data-run")


def test_a_scene_is_chosen_from_the_list_and_by_a_clicker(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?v=1")
    expect(page.locator(".st-key-footer")).to_be_visible()  # the run comes first, then the rest
    scenes = page.get_by_role("combobox", name="Scene")
    scenes.select_option(COLD.name)
    expect(page).to_have_url(re.compile("temperature=0.7"))
    expect(page.get_by_text(COLD.watch)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Collapse")
    page.locator("body").press("PageDown")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heat death")
    expect(scenes).to_have_value(HOT.name)
    page.locator("body").press("PageUp")
    expect(scenes).to_have_value(COLD.name)
    expect(page).to_have_url(re.compile("temperature=0.7"))
    # Also from a dial; a dial that is turned keeps the place.
    dial = page.get_by_role("slider", name="Temperature")
    expect(dial).to_have_attribute("aria-valuetext", "0.70")
    dial.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"temperature=(?!0\.7(&|$))"))
    expect(scenes).to_have_value(f"{COLD.name}, changed")
    dial.press("PageDown")
    expect(scenes).to_have_value(HOT.name)


def test_a_fold_is_filled_when_it_opens_and_stays_open(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=0.7")
    expect(page.get_by_label("Generations", exact=True)).to_have_count(0)
    page.get_by_text("More: source, regime, length of run").click()
    expect(page.get_by_label("Generations", exact=True).first).to_be_visible()
    before = run_shown(page)
    page.get_by_role("slider", name="Temperature").press("ArrowRight")
    expect(page.locator(".st-key-player [data-run]")).not_to_have_attribute(
        "data-run", before or ""
    )
    expect(page.get_by_label("Generations", exact=True).first).to_be_visible()


def test_the_twin_moves_before_the_server_has_answered(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?temperature=1.3")
    before = run_shown(page)
    moved = page.evaluate(
        """() => new Promise((resolve) => {
          const canvas = document.querySelector(".st-key-player").querySelector("*");
          const inside = (root) => [...root.querySelectorAll("*")].flatMap(
            (e) => [e, ...(e.shadowRoot ? inside(e.shadowRoot) : [])]);
          const canvases = inside(document.querySelector(".st-key-player"))
            .filter((e) => e.tagName === "CANVAS" && e.width);
          const picture = () => canvases.map((c) => c.toDataURL()).join();
          const first = picture();
          const detail = { temperature: 0.5, external_fraction: 0, sample_size: 100 };
          window.dispatchEvent(new CustomEvent("closedloop:dials", { detail }));
          resolve(picture() !== first);
        })"""
    )
    # In the same task: nothing can have come from the server.
    assert moved and run_shown(page) == before


def test_a_scene_plays_before_the_server_has_answered_and_does_not_start_twice(
    address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/?v=1", moving=True)
    page.wait_for_function("globalThis.closedLoopPayloads?.has('scenes')")
    page.get_by_role("button", name="Pause").click()
    shown = run_shown(page)
    # In the same task: nothing can have come from the server.
    ahead = page.evaluate(
        """(name) => {
          window.dispatchEvent(new CustomEvent("closedloop:scene", { detail: name }));
          const inside = (root) => [...root.querySelectorAll("*")].flatMap(
            (e) => [e, ...(e.shadowRoot ? inside(e.shadowRoot) : [])]);
          const elements = inside(document.querySelector(".st-key-player"));
          return elements.find((e) => e.matches("[data-run]")).dataset.run;
        }""",
        HOT.name,
    )
    assert ahead != shown
    # The page was never asked for it, so it takes its own word back.
    expect(page.locator(".st-key-player [data-run]")).to_have_attribute("data-run", shown or "")

    page.get_by_role("combobox", name="Scene").select_option(HOT.name)
    assert run_shown(page) == ahead
    scrubber = page.get_by_role("slider", name="Generation")
    seen = [int(scrubber.input_value())]
    expect(page).to_have_url(re.compile("temperature=2"))
    seen += [int(scrubber.input_value()) for _ in range(20) if not page.wait_for_timeout(50)]  # type: ignore[func-returns-value]
    assert seen == sorted(seen) and seen[-1] > seen[0], "it goes on from where it plays"
    assert run_shown(page) == ahead


def test_scenes_chosen_faster_than_the_server_answers_come_once_and_in_order(
    address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/?v=1", moving=True)
    page.wait_for_function("globalThis.closedLoopPayloads?.has('scenes')")
    page.evaluate(
        """() => {
          const inside = (root) => [...root.querySelectorAll("*")].flatMap(
            (e) => [e, ...(e.shadowRoot ? inside(e.shadowRoot) : [])]);
          const elements = inside(document.querySelector(".st-key-player"));
          const player = elements.find((e) => e.matches("[data-run]"));
          window.runs = [player.dataset.run];
          new MutationObserver(() => {
            if (runs.at(-1) !== player.dataset.run) runs.push(player.dataset.run);
          }).observe(player, { attributes: true, attributeFilter: ["data-run"] });
        }"""
    )
    for _ in range(4):
        page.locator("body").press("PageDown")
        page.wait_for_timeout(60)
    expect(page.get_by_text(SCENES[3].watch)).to_be_visible()
    page.wait_for_url(lambda url: "external_fraction=0.7" in url)
    page.wait_for_timeout(2_000)
    runs = page.evaluate("runs")
    assert len(runs) == 5 and len(set(runs)) == 5, "no scene comes twice"


def test_the_scenes_stay_in_the_browser_whatever_other_sources_come(
    address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/?v=1")
    page.wait_for_function("globalThis.closedLoopPayloads?.has('scenes')")
    page.evaluate("for (let i = 0; i < 8; i += 1) closedLoopPayloads.set(`other ${i}`, null)")
    scenes = page.get_by_role("combobox", name="Scene")
    for name in ("A language", "Too late to rescue", "Balanced"):
        before = page.evaluate("[...closedLoopPayloads.keys()].join()")
        scenes.select_option(name)
        page.wait_for_function(
            "(before) => [...closedLoopPayloads.keys()].join() !== before", arg=before
        )
    assert page.evaluate("closedLoopPayloads.has('scenes')")
