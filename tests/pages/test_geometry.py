"""The Geometry page draws every source, also one with fewer outcomes than its pictures show."""

import pytest

from closedloop_core import Law
from pages.ui.canvas.pack import unpack
from tests.pages.visit import open_page

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

FEWER_THAN_THREE = "fewer than three possible outcomes"
ONLY_ONE = "one possible outcome only"


@pytest.mark.parametrize(
    ("law", "said", "triangle", "well"),
    [
        (Law.zipf(10), ["three likeliest", "two likeliest"], [6 / 11, 3 / 11, 2 / 11], 2 / 3),
        (Law.from_weights([1, 3], ["x", "y"]), [FEWER_THAN_THREE], [1 / 3] * 3, 1 / 4),
        (Law.from_weights([1, 3, 0]), [FEWER_THAN_THREE, "two likeliest"], [1 / 3] * 3, 3 / 4),
        (Law.from_weights([1, 0, 0]), [FEWER_THAN_THREE, ONLY_ONE], [1 / 3] * 3, 1 / 2),
    ],
)
def test_every_source_is_drawn_and_named_for_what_it_is(
    law: Law, said: list[str], triangle: list[float], well: float
) -> None:
    at = open_page("pages/2_Geometry.py", initial=law.to_token(), temperature="0.5")
    headers = {
        element.proto.component_name.removeprefix("closedloop_"): element.proto.bytes
        for element in at.get("bidi_component")
    }
    assert unpack(headers["geometry"])[0]["source"] == pytest.approx(triangle)
    assert unpack(headers["well"])[0]["source"] == pytest.approx(well)
    captions = [caption.value for caption in at.caption]
    for words in said:
        assert any(words in caption for caption in captions), (words, captions)
    title = unpack(headers["verdict"])[0]["settled"]["words"]
    assert title.startswith("Three even") == (FEWER_THAN_THREE in said)
