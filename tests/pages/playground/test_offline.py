"""The saved page: self-contained, harmless whatever a visitor writes, and the player's own code."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from closedloop_core import Law, LoopParams, simulate
from pages.ui.canvas import files, pack
from pages.ui.playground import run as packed_run
from pages.ui.widgets import offline

EVIL = "</script><script>alert(1)</script>"


class Reader(HTMLParser):
    """Collects what a browser would see: elements with their attributes, and their texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.elements[-1][0] if self.elements else "", []).append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def packed() -> bytes:
    law = Law.from_weights([3, 2, 1], labels=[EVIL, "<b>b</b>", '"quoted" &amp; more'])
    return packed_run.pack_run(simulate(LoopParams(initial=law, generations=5)), None, None)


def test_it_holds_two_scripts_and_asks_for_nothing() -> None:
    page = Reader(offline.standalone_page(packed(), "A run", "One.\nhttps://example.org/?seed=3"))
    assert len(page.of("script")) == 2
    assert not any("src" in attributes for _, attributes in page.elements)
    assert not page.of("link") and not page.of("img") and not page.of("iframe")
    assert [a["href"] for a in page.of("a")] == ["https://example.org/?seed=3"]


def test_its_policy_admits_exactly_its_own_script_and_style() -> None:
    text = offline.standalone_page(packed(), "A run", "")
    policy = Reader(text).of("meta")[1]["content"]
    assert policy is not None and policy.startswith("default-src 'none'")
    for opening, closing in (('<script type="module">', "</script>"), ("<style>", "</style>")):
        body = text.split(opening)[1].split(closing)[0]
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy and "http" not in policy


def test_the_run_comes_back_whole_and_knows_that_it_is_offline() -> None:
    text = offline.standalone_page(packed(), "A run", "")
    body = re.findall(r'id="run">([^<]*)<', text)[0]
    header, arrays = pack.unpack(base64.b64decode(body))
    own_header, own_arrays = pack.unpack(packed())
    assert header["offline"] is True and header["labels"] == own_header["labels"]
    assert all((arrays[name] == own_arrays[name]).all() for name in own_arrays)


def test_whatever_a_visitor_writes_stays_text() -> None:
    text = offline.standalone_page(packed(), EVIL, f'{EVIL}\nhttps://x.org/"onclick="alert(1)')
    assert EVIL not in text
    page = Reader(text)
    assert len(page.of("script")) == 2
    assert page.texts["title"][0] == EVIL
    assert not any("onclick" in attributes for _, attributes in page.elements)


def test_only_a_web_address_becomes_a_link() -> None:
    page = Reader(offline.standalone_page(packed(), "A run", "javascript:alert(1)\nhttp://a b"))
    assert page.of("a") == []


def test_the_players_own_code_runs_in_it() -> None:
    text = offline.standalone_page(packed(), "A run", "")
    assert files.component("player").html in text
    assert "export default" not in text and "function startPlayer(" in text


def test_a_player_without_its_one_export_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = files.Component("", "", "export const other = 1;")
    monkeypatch.setattr(files, "component", lambda name: empty)
    with pytest.raises(ValueError, match="export default"):
        offline.standalone_page(packed(), "A run", "")
