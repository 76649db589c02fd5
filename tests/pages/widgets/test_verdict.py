"""The verdict follows the settings, and what it asks for is true."""

import pytest

from closedloop_core import Law, LoopParams
from tests.pages.visit import headers, notes, open_page

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.mark.parametrize(
    ("temperature", "external", "word"),
    [
        ("0.5", "0", "Collapse"),
        ("2", "0", "Heat death"),
        ("0.5", "0.75", "Collapse"),
        ("0.5", "0.82", "Faithful"),
    ],
)
def test_the_verdict_follows_the_link(temperature: str, external: str, word: str) -> None:
    at = open_page(temperature=temperature, external_fraction=external)
    assert headers(at)["verdict"]["word"] == word


def test_an_even_source_at_half_the_temperature_collapses() -> None:
    at = open_page(initial="uniform:10", temperature="0.5", external_fraction="0.1")
    assert headers(at)["verdict"]["word"] == "Collapse"


def test_the_tolerance_is_part_of_the_link_and_moves_the_verdict() -> None:
    at = open_page(temperature="0.5", external_fraction="0.7")
    assert headers(at)["verdict"]["word"] == "Collapse"
    at = open_page(temperature="0.5", external_fraction="0.7", tolerance="0.2")
    assert headers(at)["verdict"]["word"] == "Faithful"
    assert dict(at.query_params)["tolerance"] == "0.2"
    assert "tolerance must be" in notes(open_page(tolerance="9"))


@pytest.mark.parametrize(
    ("query", "says", "never"),
    [
        # The least share is rounded up, but never past a share that suffices.
        ({"temperature": "0.5", "external_fraction": "0.785"}, "at least 78.3", "79"),
        ({"temperature": "1", "noise": "off"}, "nothing moves", "luck"),
        ({"temperature": "1", "reference": "uniform:10"}, "stays where it starts", "too late"),
        (
            {"temperature": "1", "reference": "uniform:10", "external_fraction": "0.5"},
            "leads the loop to its source",
            "nothing moves",
        ),
        (
            {"initial": "uniform:2", "temperature": "0.5", "external_fraction": "0.49"},
            "at least 48",
            "not on it",
        ),
    ],
)
def test_the_remedy_is_true(query: dict[str, str], says: str, never: str) -> None:
    remedy = "".join(p["text"] for p in headers(open_page(**query))["verdict"]["remedy"])
    assert says in remedy and never not in remedy


def test_a_run_kept_from_its_source_by_luck_is_not_called_faithful() -> None:
    at = open_page(temperature="1", regime="replace", sample_size="20", initial="text:10", seed="5")
    verdict = headers(at)["verdict"]
    assert verdict["word"] == "Faithful in the limit, not in this run"
    assert "luck" in verdict["note"]


def test_an_exact_tie_is_not_called_noise() -> None:
    at = open_page(initial="uniform:10", temperature="0.5", noise="off")
    assert "exact tie" in headers(at)["verdict"]["note"]


def test_below_temperature_one_a_wrong_winner_is_collapse_not_heat_death() -> None:
    start = Law.from_weights([1, 98, 1])
    source = Law.from_weights([947, 45, 8])
    query = LoopParams(
        initial=start, reference=source, temperature=0.54, external_fraction=0.16
    ).to_query()
    at = open_page(**query)
    assert headers(at)["verdict"]["word"] == "Collapse"
