"""The Luck page: its chapters open, work is bounded, and the link keeps what was chosen."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from closedloop_core import Law, LoopParams
from pages.ui.luck.diagram.digest import cells_of
from pages.ui.luck.work import MAX_STATES, MAX_VALUES, affordable
from pages.ui.session import settings as settings_module
from pages.ui.session.settings import CHOICES, Settings
from tests.pages.luck.shared import PURE, SMALL
from tests.pages.visit import open_shut

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


COUNTS = {"odds": 2, "sizes": 2, "map": 2, "regimes": 6}


def open_luck(**query: str) -> AppTest:
    return open_shut("pages/3_Luck.py", ("drawer_examples",), **query)


def open_chapter(chapter: str, **query: str) -> AppTest:
    small = {"initial": "zipf:3", "generations": "8", "runs": "100"}
    return open_luck(**{**small, **query, "chapter": chapter})


def shown(at: AppTest) -> str:
    return " ".join(element.proto.body for element in at.get("html"))


def charts(at: AppTest) -> int:
    return len(at.get("vega_lite_chart"))


def test_parts_share_the_bounds() -> None:
    params = SMALL.replace(initial=Law.zipf(10), generations=5_000)
    for parts in (1, 10, 12):
        used, runs, note = affordable(params, 400, [params] * parts)
        n, last = used.initial.n, used.generations
        assert parts * runs * last * n <= MAX_VALUES and parts * runs * (last + 1) <= MAX_STATES
        assert (note is None) == (used == params and runs == 400)


KINDS = (
    {},
    {"regime": "replace", "noise": "off"},
    {"regime": "subsample", "projector": "on"},
    {"temperature": "1", "external_fraction": "0.4", "regime": "replace"},
    {"temperature": "8", "sample_size": "5", "schedule": "4:temperature:0.5"},
    {"growth": "0.2"},
)
_CHAPTERS = tuple(COUNTS)


@pytest.mark.parametrize(
    ("chapter", "query"),
    # Each kind in one chapter, every chapter with one or two: what all share is tested once. And
    # two that differ most from the others: a map of runs without luck, regimes on a projector.
    [
        *((_CHAPTERS[at % len(_CHAPTERS)], kind) for at, kind in enumerate(KINDS)),
        ("map", KINDS[1]),
        ("regimes", KINDS[2]),
    ],
    ids=str,
)
def test_every_chapter_opens_for_many_kinds_of_run(chapter: str, query: dict[str, str]) -> None:
    at = open_chapter(chapter, **query)
    # Sample sizes have a third chart where the loop rests.
    assert charts(at) == COUNTS[chapter] or (chapter == "sizes" and charts(at) == 3)
    assert shown(at).count('class="lk-title"') == 1


@pytest.mark.parametrize("chapter", COUNTS)
def test_from_every_chapter_one_goes_to_another(chapter: str) -> None:
    at = open_chapter(chapter)
    at.segmented_control(key="chapter").set_value("odds").run()
    assert not at.exception
    assert at.session_state["settings"].chapter == "odds"


def test_the_chapter_is_in_the_link() -> None:
    for chapter in COUNTS:
        settings = Settings(chapter=chapter)
        assert Settings.from_query(settings.to_query()) == (settings, ())


def test_a_map_that_was_stopped_stays_so_and_goes_on() -> None:
    at = open_chapter("map", regime="replace")
    state = at.session_state["luck_map"]
    assert len(state["points"]) == state["plan"].size
    assert any("1,089 points" in c.value for c in at.caption)
    # As if "Stop" had been pressed after a part of the work.
    coarse = {cell: state["points"][cell] for cell in cells_of(8)}
    state["points"], state["stopped"] = coarse, True
    at.run()
    assert len(at.session_state["luck_map"]["points"]) == 25
    assert any("Stopped at" in c.value for c in at.caption)
    assert "so far" in shown(at)
    at.button(key="map_go_on").click().run()
    assert not at.exception and len(at.session_state["luck_map"]["points"]) == 1_089
    assert "so far" not in shown(at)


def test_another_setting_begins_another_map() -> None:
    at = open_chapter("map", regime="replace")
    first = at.session_state["luck_map"]["plan"]
    at.text_input(key="seed").set_value("9").run()
    second = at.session_state["luck_map"]["plan"]
    assert first != second and second.params.seed == 9
    assert len(at.session_state["luck_map"]["points"]) == second.size
    # Temperature and external share are the map's axes: they move the mark alone.
    at.query_params["temperature"] = "0.5"
    at.run()
    assert at.session_state["luck_map"]["plan"] == second


def test_work_that_was_interrupted_loses_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    # As where a change cancels a map before the page has ended: the link is not written.
    monkeypatch.setattr(settings_module, "mirror", lambda: None)
    at = open_chapter("map", regime="replace", seed="3")
    at.text_input(key="seed").set_value("9").run()
    at.session_state["fold_more"] = False
    at.run()  # a run without a change: opening a fold, "Stop"
    assert at.session_state["settings"].params.seed == 9


def test_an_example_is_one_press() -> None:
    at = open_chapter("sizes")
    at.button(key="resting").click().run()
    assert not at.exception and charts(at) == 3
    now: Settings = at.session_state["settings"]
    assert (now.params.external_fraction, now.params.temperature) == (0.5, 0.8)


def test_work_is_bounded_and_said() -> None:
    assert affordable(PURE, 1_000) == (PURE, 1_000, None)
    mock = PURE.replace(sample_size=100, generations=400)
    assert affordable(mock, 10_000) == (mock, 10_000, None)
    for params in (
        PURE.replace(generations=20_000),
        PURE.replace(initial=Law.zipf(10_000), generations=199),
        PURE.replace(initial=Law.zipf(100), generations=2_000),
    ):
        used, runs, note = affordable(params, 10_000)
        n, last = used.initial.n, used.generations
        assert runs >= 100 and runs * (last + 1) <= MAX_STATES and runs * last * n <= MAX_VALUES
        assert note is not None and f"{runs:,} runs" in note
        assert (f"{last:,} generations are" in note) == (last != params.generations)


@pytest.mark.parametrize("n", [2, 10, 200, 2_000])
def test_subsamples_of_huge_datasets_are_bounded_before_they_begin(n: int) -> None:
    sizes = {"initial_size": 10**9, "sample_size": 10**9, "subsample_size": 10**9}
    huge = PURE.replace(initial=Law.zipf(n), regime="subsample", generations=20_000, **sizes)
    used, runs, note = affordable(huge, 10_000)
    # A tenth of a millisecond a state, and more for many outcomes: some ten seconds in all.
    assert runs * used.generations * max(1, n / 500) <= 100_000
    assert note is not None and "python -m closedloop_core sweep --settings" in note


def test_the_page_opens_with_the_default_settings() -> None:
    at = open_luck(runs="200")
    assert charts(at) == 2
    assert "Temperature, not luck" in shown(at) and "Simulated against theory" in shown(at)


def test_one_press_shows_pure_luck() -> None:
    at = open_luck(runs="200")
    at.button(key="pure_luck").click().run()
    assert not at.exception
    assert "Luck alone ends it" in shown(at) and "A wins" in shown(at)
    now: Settings = at.session_state["settings"]
    assert (now.runs, now.params.generations, now.params.sample_size) == (10_000, 400, 100)
    at.button(key="undo").click().run()
    assert at.session_state["settings"].params == LoopParams()


def test_bad_values_in_the_link_fall_back_with_a_note() -> None:
    at = open_luck(runs="many", chapter="42", few="5.x")
    said = " ".join(w.value for w in at.warning).replace("\\", "")
    assert "runs must be a number" in said and "chapter must be one of" in said
    assert "few must be" in said
    assert at.session_state["settings"] == Settings()
    moved = open_luck(runs="7")
    assert at.session_state["settings"].runs == 1_000
    assert moved.session_state["settings"].runs == 100


@pytest.mark.parametrize(
    "query",
    [
        {"noise": "off"},
        {"regime": "subsample"},
        {"temperature": "1"},
        {"entropy": "nats", "temperature": "2"},
        {"projector": "on"},
        {"schedule": "20:temperature:2"},
    ],
    ids=str,
)
def test_every_kind_of_run_has_a_page(query: dict[str, str]) -> None:
    at = open_luck(runs="100", generations="40", **query)
    assert charts(at) == 2 and 'class="lk-title"' in shown(at)


def test_too_much_work_is_cut_with_a_note() -> None:
    at = open_luck(runs="10000", generations="5000", regime="replace", initial="zipf:3")
    assert "too much work for a shared host" in " ".join(i.value for i in at.info)


def test_settings_of_the_page_have_a_link() -> None:
    settings = Settings(runs=300, few=(5, 1), entropy="nats")
    assert Settings.from_query(settings.to_query()) == (settings, ())


def test_the_chapters_are_those_of_the_link() -> None:
    source = (Path(__file__).parents[3] / "pages" / "3_Luck.py").read_text("utf-8")
    for name in CHOICES["chapter"]:
        assert f'("{name}", ' in source
