"""How much is sent to the browser, and what is sent once."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visit import components, open_page

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_a_large_law_sends_few_frames() -> None:
    at = open_page(initial="zipf:10000")
    sizes = [len(e.proto.bytes) for e in components(at)]
    assert max(sizes) < 4_000_000


def test_what_does_not_change_travels_once() -> None:
    at = open_page()
    assert components(at)
    for element in components(at):
        parts = element.proto
        assert len(parts.js_content) < 2_000 and not parts.html_content and not parts.css_content
    before, after = (still(open_page(temperature=t)) for t in ("0.5", "0.6"))
    assert len(before) == 5 and before == after


def still(at: AppTest) -> list[bytes]:
    """Return the elements that carry code and payloads: equal ones are sent as references."""
    found = [e for e in at.get("bidi_component") if "_code_" in e.proto.component_name]
    return [e.proto.SerializeToString(deterministic=True) for e in found]
