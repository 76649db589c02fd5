"""The playground is alive at once."""

import pytest

from tests.pages.visit import ends, headers, open_page

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_the_playground_is_alive_at_once() -> None:
    at = open_page()
    parts = headers(at)
    assert set(parts) == {"verdict", "dials", "player", "map", "scenes_box", "keys"}
    assert parts["player"]["phases"][-1] == [160, "collapse"] and ends(at) == "collapse"
    assert parts["player"]["generations"] == 200
    assert dict(at.query_params) == {"v": "1"}
