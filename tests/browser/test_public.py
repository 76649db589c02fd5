"""What a public site promises: its headers, no other site, no visitor's words in logs or on disk.

One server as in the container (`server.py`), one browser that opens every page once.
"""

import os
import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

import server as public
from pages.ui.frame import PAGES
from tests.browser.rest import settle, settled
from tests.server import ROOT, start

MARK = "wordofavisitor"
LINK = f"?v=1&temperature={MARK}https://example.org/&regime=replace&sample_size=30&generations=60&runs=100&section=small-noise"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Serve the public app; its home and temporary folders are empty at the start."""
    folder = tmp_path_factory.mktemp("site")
    places = {name: folder / name for name in ("home", "tmp")}
    for place in places.values():
        place.mkdir()
    settings = {
        "HOME": str(places["home"]),
        "TMPDIR": str(places["tmp"]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    before = written(ROOT)
    with (folder / "log").open("wb") as log, start("server.py", log, settings) as server:
        yield {"address": server.address, "log": folder / "log", "places": places, "before": before}


def written(folder: Path) -> set[str]:
    """Return the files below a folder that could have been written by the app."""
    found = set()
    for path, folders, names in os.walk(folder):
        # What tools beside the app keep begins with a dot.
        folders[:] = [name for name in folders if name[0] not in "._" and name != "node_modules"]
        found |= {str(Path(path, name)) for name in names if not name.startswith(".")}
    return found


def test_every_answer_has_the_headers(site: dict[str, Any]) -> None:
    for path in ("/", "/Luck", "/_stcore/health", "/static/favicon.png"):
        with urllib.request.urlopen(site["address"] + path, timeout=30) as answer:
            policy = answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "same-origin"
        assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy
        assert "http" not in policy and " *" not in policy


def test_only_named_sites_may_show_the_app_in_a_frame() -> None:
    assert public.policy("https://lms.example.edu").endswith("'self' https://lms.example.edu")
    with pytest.raises(SystemExit, match="CLOSEDLOOP_EMBED must name sites"):
        public.policy("https://a; script-src *")


def test_no_page_asks_another_site_or_breaks_the_policy(
    site: dict[str, Any], open_page: Open
) -> None:
    asked, complaints = list[str](), list[str]()
    page = open_page("about:blank", canvas=False, service_workers="block")
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.on("console", lambda said: complaints.append(said.text))
    for path in ("/Language", "/"):
        page.goto(site["address"] + path + LINK)
        expect(page.get_by_role("alert").first).to_contain_text(MARK)
        # What looks like an address in a note is text.
        assert page.get_by_role("alert").first.locator("a").count() == 0
        settled(page)
    page.get_by_role("button", name="Your words").click()
    file = {"name": f"{MARK}.csv", "mimeType": "", "buffer": f"{MARK},1\n{MARK}2,-1\n".encode()}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Nothing was replaced")).to_be_visible()
    page.keyboard.press("Escape")
    # The other pages by their links: what one asks for it asks for however it is gone to.
    for name in [*PAGES.values()][1:]:
        page.get_by_role("link", name=name).click()
        expect(page).to_have_title(re.compile(name))
        settle(page)
        expect(page.locator(".st-key-footer")).to_be_visible()
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(site["address"]).netloc}
    refused = [text for text in complaints if "Content Security Policy" in text]
    assert not refused, "\n".join(refused)


def test_no_word_of_a_visitor_is_in_the_log_or_on_the_disk(site: dict[str, Any]) -> None:
    # After the visits above.
    assert MARK not in site["log"].read_text("utf-8", "replace")
    for place in site["places"].values():
        assert not list(place.rglob("*"))
    assert written(ROOT) <= site["before"]


def test_an_error_is_logged_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError(MARK)
    except ValueError as error:
        assert public.without_words(error)
    told = capsys.readouterr().err
    assert "ValueError at test_public.py:" in told and MARK not in told
