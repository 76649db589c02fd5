"""The long pages, in every view and with everything opened, audited by axe-core."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page

from pages.ui.frame import PAGES
from tests.browser.rest import settle
from tests.browser.test_audit import LONG, VIEWS, audit, in_dark, open_folds, stretch

Open = Callable[..., Page]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("script", [path for path, name in PAGES.items() if name in LONG])
def test_the_audit_finds_nothing(script: str, view: str, address: str, open_page: Open) -> None:
    audit(script, view, address, open_page)


@pytest.mark.parametrize("chapter", ["sizes", "map", "regimes"])
def test_the_audit_finds_nothing_in_the_chapters_of_luck(
    chapter: str, address: str, open_page: Open
) -> None:
    query = {"chapter": chapter, "regime": "replace", "generations": "10", "runs": "100"}
    url = f"{address}/Luck?{urlencode(query | {'external_fraction': '0.4', 'initial': 'zipf:4'})}"
    page = open_page(url, canvas=False)
    settle(page)
    open_folds(page)
    stretch(page)
    found = in_dark(page)
    assert not found, "\n".join(found)
