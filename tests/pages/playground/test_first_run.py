"""The first run of the playground goes ahead of what frames it; after it the page comes whole."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import frame
from tests.pages.visit import open_shut

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

LIVE = {"player", "verdict", "dials", "map", "scenes_box"}


@pytest.fixture(autouse=True)
def run_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "RUN_FIRST", True)


def drawn(at: AppTest) -> set[str]:
    """Return what is on the page, code and arrays that are sent ahead apart."""
    names = [e.proto.component_name for e in at.get("bidi_component")]
    names = [name.removeprefix("closedloop_") for name in names]
    return {name for name in names if not name.startswith("code_") or name == "code_painted"}


def test_the_first_run_goes_ahead_and_asks_the_browser_for_the_rest() -> None:
    at = open_shut("app.py", temperature="0.50")
    assert drawn(at) == LIVE | {"code_painted"}
    assert not at.get("page_link") and not at.button and not at.expander
    at.run()
    assert drawn(at) == LIVE | {"keys"}
    assert len(at.get("page_link")) == len(frame.PAGES) and at.button(key="undo").disabled
    assert dict(at.query_params) == {"v": "1", "temperature": "0.5"}


def test_no_other_page_and_no_projector_waits_for_a_browser() -> None:
    for page, query in (("pages/1_Phase_diagram.py", {}), ("app.py", {"projector": "on"})):
        at = open_shut(page, **query)
        assert "code_painted" not in drawn(at)
        assert len(at.get("page_link")) == len(frame.PAGES)


def test_who_comes_from_another_page_gets_the_playground_whole() -> None:
    at = open_shut("pages/1_Phase_diagram.py")
    at.switch_page("app.py").run()
    assert drawn(at) == LIVE | {"keys"} and len(at.get("page_link")) == len(frame.PAGES)
