"""The phase diagram's page: lines, cut, thresholds, and what it does for a very large law."""

import pytest

from closedloop_core import Law, minimum_external_fraction, return_external_fraction
from pages.ui.canvas.pack import unpack
from tests.pages.visit import components, headers, open_page

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PHASE_PAGE = "pages/1_Phase_diagram.py"


def test_the_phase_diagram_opens_by_itself() -> None:
    at = open_page(PHASE_PAGE, initial="uniform:10", temperature="0.5", external_fraction="0.1")
    parts = headers(at)
    assert parts["map"]["kind"] == "page"
    assert parts["map"]["point"]["class"] == "collapse"


@pytest.mark.parametrize(
    ("initial", "names"),
    [
        ("uniform:10", {"stability", "saddle_node", "maxwell", "euclidean", "fisher_rao"}),
        ("zipf:10", {"other_winner", "euclidean", "fisher_rao"}),
    ],
)
def test_each_line_is_drawn_only_where_it_is_true(initial: str, names: set[str]) -> None:
    lines = headers(open_page(PHASE_PAGE, initial=initial))["map"]["lines"]
    assert {line["name"] for line in lines} == names


def test_the_panel_says_prevention_and_cure() -> None:
    parts = headers(open_page(PHASE_PAGE, initial="uniform:10", temperature="0.5"))
    texts = {t["words"].partition(":")[0]: t["text"] for t in parts["map"]["cut"]["thresholds"]}
    assert texts["prevention"] == "50\N{NO-BREAK SPACE}%"
    assert texts["cure"] == "62.5\N{NO-BREAK SPACE}%"


def test_one_number_is_said_once_and_is_enough_to_come_back() -> None:
    parts = headers(open_page(PHASE_PAGE, initial="zipf:10", temperature="0.5"))
    words = [t["words"] for t in parts["map"]["cut"]["thresholds"]]
    assert "to stay within 10\N{NO-BREAK SPACE}%, and to come back" in words
    assert not any("cure" in w for w in words)
    law = Law.zipf(10)
    least = minimum_external_fraction(law, 0.5)
    assert return_external_fraction(law, 0.5) == pytest.approx(least, abs=1e-9)


@pytest.mark.parametrize("share", ["0", "0.35", "1"])
def test_the_panel_over_temperature_is_never_empty(share: str) -> None:
    parts = open_page(PHASE_PAGE, external_fraction=share)
    maps = components(parts, "map")
    header, arrays = unpack(maps[0].proto.bytes)
    assert header["bifurcation"]["branches"]
    # The state reached from the source runs from the coldest temperature to the hottest.
    assert arrays["bif_t"].min() < 0.21 and arrays["bif_t"].max() > 4.9


def test_the_published_bounds_are_those_of_the_panels_own_temperature() -> None:
    parts = headers(open_page(PHASE_PAGE, initial="uniform:10", temperature="20"))
    texts = [t["text"] for t in parts["map"]["cut"]["thresholds"] if t["tone"] == "bound"]
    # Euclidean: mu > 1/(delta T) = 1/2, so a = 1/3.
    assert "33.33\N{NO-BREAK SPACE}%" in texts


def test_a_very_large_law_gets_its_map_and_a_word_why_not_more() -> None:
    at = open_page(PHASE_PAGE, initial="zipf:1500")
    assert headers(at)["map"]["lines"] == []
    assert any("up to 1,000" in caption.value for caption in at.caption)
