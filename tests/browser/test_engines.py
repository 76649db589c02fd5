"""Firefox and WebKit: every page loads, a dial answers to a key, the run plays, nothing is thrown.

The server is the public one: nothing breaks its policy, and no other site is asked for anything.

What a page does is tested in Chromium; here only that it does so in the other engines too. All of
it is one walk, in one browser: a page that is gone to by its link costs a tenth of one loaded anew.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Playwright

from pages.ui.frame import PAGES
from tests.browser import engines
from tests.browser.engines import Engine, wait_for
from tests.server import serve

# Everything that matches, in shadow roots too.
ALL = """
const all = (selector, root = document) => [...root.querySelectorAll(selector),
  ...[...root.querySelectorAll("*")].flatMap(
    (one) => one.shadowRoot ? all(selector, one.shadowRoot) : [])];
"""
WITHOUT_PICTURES = ("Lessons", "Glossary")
DIALS = "all('.cl-dial')"
SHOWN = """
const app = document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");
const headlines = all("h1").filter((one) => one.getBoundingClientRect().height > 0);
return [document.title, Boolean(app), headlines.length > 0,
  all(".stException, .stAlert").length, all("canvas, svg.marks, math").length];
"""


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def engine(request: pytest.FixtureRequest, playwright: Playwright) -> Iterator[Engine]:
    start = getattr(engines, request.param)
    try:
        with start(playwright) as started:
            yield started
    except FileNotFoundError as error:
        pytest.skip(f"{error} to test the app in it")


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serve("server.py") as at:
        yield at


# What the page has asked for, and what its policy has refused.
HEAR = """
performance.setResourceTimingBufferSize(10000);
window.smokeRefused ??= [];
document.addEventListener("securitypolicyviolation",
  ({ violatedDirective, blockedURI }) => smokeRefused.push(`${violatedDirective} ${blockedURI}`));
"""
ASKED = "return performance.getEntriesByType('resource').map(({ name }) => name)"


def see(engine: Engine, script: str) -> Any:
    return engine.run(ALL + script)


def wait_for_page(engine: Engine, title: str) -> None:
    def is_shown() -> bool:
        shown, is_idle, has_headline, n_complaints, n_pictures = see(engine, SHOWN)
        assert n_complaints == 0, f"{title}: a complaint on the page"
        is_drawn = n_pictures > 0 or title in WITHOUT_PICTURES
        return bool(shown.startswith(title) and is_idle and has_headline and is_drawn)

    wait_for(is_shown, title)


def turn_a_dial(engine: Engine) -> None:
    """Press an arrow on External data: the link follows, and its ring alone is drawn."""
    see(
        engine,
        f"{DIALS}.find((one) => one.dataset.dial === 'external_fraction')"
        ".querySelector('[type=range]').focus()",
    )
    engine.press_right()
    wait_for(lambda: "external_fraction=0.01" in see(engine, "return location.search"), "the link")
    rings = f"return {DIALS}.filter((one) => getComputedStyle(one.querySelector('.cl-dial-thumb'))"
    rings += ".outlineStyle !== 'none').map((one) => one.dataset.dial)"
    for dial in ("external_fraction", "sample_size"):
        see(
            engine,
            f"{DIALS}.find((one) => one.dataset.dial === '{dial}')"
            ".querySelector('[type=range]').focus()",
        )
        wait_for(lambda dial=dial: see(engine, rings) == [dial], f"the ring of {dial}", 10)


def play(engine: Engine) -> None:
    """Stop the run where it plays by itself, and play it on."""
    button, count = "all('.player .play')[0]", "all('.player .count b')[0].textContent"
    is_playing = f"{button}.classList.contains('playing')"
    at, is_still = see(
        engine, f"if ({is_playing}) {button}.click(); return [{count}, {is_playing}]"
    )
    assert not is_still
    assert see(engine, f"{button}.click(); return {is_playing}")
    wait_for(lambda: see(engine, f"return {count}") != at, "the next generation")


def test_every_page_loads_a_dial_answers_and_the_run_plays(engine: Engine, site: str) -> None:
    engine.open(f"{site}/?temperature=0.7&generations=400&runs=100&section=small-noise", HEAR)
    wait_for_page(engine, "Playground")
    is_framed = "return all('.st-key-footer').length > 0"  # the run comes first, then the rest
    wait_for(lambda: see(engine, is_framed), "the whole page")
    turn_a_dial(engine)
    play(engine)
    for title in [*PAGES.values()][1:]:
        links = "all('[data-testid=stPageLink] a')"
        link = f"{links}.find((a) => a.innerText.trim() === '{title}')"
        # Found and clicked at once: while a page is drawn again, its links may go and come.
        click = f"const link = {link}; link?.click(); return Boolean(link)"
        wait_for(lambda click=click: see(engine, click), f"a link to {title}")
        wait_for_page(engine, title)
    assert engine.errors() == []
    asked = see(engine, ASKED)
    own = {url for url in asked if url.startswith((f"{site}/", "data:", "blob:"))}
    assert len(own) > 20 and set(asked) - own == set()
    assert see(engine, "return smokeRefused") == []
