"""The scenes: each loads, has a link, and shows its moral."""

from typing import Any

import pytest

from closedloop_core import class_of, simulate
from pages.ui.session.scenes import OPENING, SCENES, place_of, scene_of
from pages.ui.session.settings import Settings
from tests.pages.visit import clause, follow, headers, open_link, open_page, settings_of

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.mark.parametrize("scene", SCENES, ids=lambda s: s.name)
def test_each_scene_loads_and_has_a_link(scene: Any) -> None:
    at = open_page()
    follow(at, scene.name)
    assert not at.exception
    now = settings_of(at)
    assert scene_of(now) is scene
    assert Settings.from_query(dict(at.query_params)) == (now, ())
    told = headers(at)["scenes_box"]
    assert (told["chosen"], told["watch"]) == (scene.name, scene.watch)


# Of each scene: the generation at which its sentence says what is seen, the class of that state,
# and what the clauses "ends" and "needs" say there.
MORALS = [
    ("Balanced", 0, "faithful", "freezes at a random mix", "nothing is distorted"),
    ("Cold collapse", 120, "collapse", "settles collapsed", "to stay within"),
    ("Heat death", 120, "heat death", "settles in heat death", "to stay within"),
    ("Rescue with external data", 120, "faithful", "settles faithful", "and gets 70"),
    ("Too late to rescue", 60, "sharpened", "history decides", "but 62.5"),
    ("A language", 1_500, "collapse", "settles collapsed", "to stay within"),
    ("Tiny-sample lottery", 120, "collapse", "luck alone decides which", "nothing is distorted"),
    ("Replace against accumulate", 120, "collapse", "luck alone", "nothing is distorted"),
    ("The well runs dry", 39, "faithful", "settles collapsed", "Since generation 40"),
]


def test_every_scene_has_its_moral_tested() -> None:
    assert [moral[0] for moral in MORALS] == [scene.name for scene in SCENES]


@pytest.mark.parametrize(("name", "generation", "phase", "end", "need"), MORALS)
def test_each_scene_says_what_it_shows(
    name: str, generation: int, phase: str, end: str, need: str
) -> None:
    at = open_page()
    follow(at, name)
    settings = settings_of(at)
    player = headers(at)["player"]
    said = [found for start, found in player["phases"] if start <= generation][-1]
    run = simulate(settings.params)
    law, source = run.learned[generation], settings.params.source
    temperature = settings.params.at(generation).temperature
    assert said == class_of(law, source, temperature, settings.tolerance) == phase
    assert end in clause(at, "ends") and need in clause(at, "needs")


def test_run_a_of_the_late_rescue_stays_and_run_b_does_not_come_back() -> None:
    at = open_page()
    follow(at, "Too late to rescue")
    player = headers(at)["player"]
    assert player["kept"]["phases"] == [[0, "faithful"]]
    assert "faithful" not in [phase for _, phase in player["phases"]]


@pytest.mark.parametrize("query", [{}, {"utm_source": "slides", "fbclid": "x"}])
def test_a_visit_without_settings_opens_a_scene_with_words(query: dict[str, str]) -> None:
    at = open_link(query)
    opening = OPENING.settings(projector=False)
    assert settings_of(at) == opening
    assert dict(at.query_params) == opening.to_query()
    assert headers(at)["player"]["labels"][0] == "the"
    assert headers(at)["scenes_box"]["chosen"] == OPENING.name
    assert not at.warning


def test_back_at_the_bare_address_it_stays_so_that_back_gets_past_it() -> None:
    at = open_link({})
    at.query_params.clear()
    at.run()
    assert not at.query_params
    assert settings_of(at) == OPENING.settings(projector=False)
    at.button(key="new_seed").click().run()
    assert dict(at.query_params)["seed"] == "8"


def test_a_nudge_keeps_the_place_among_the_scenes_and_another_source_does_not() -> None:
    rescue, other = SCENES[3], SCENES[4]
    now = rescue.settings(projector=True)

    def place(last: str | None, **changes: Any) -> str | None:
        changed = Settings(now.params.replace(**changes), projector=True)
        found = place_of(changed, last)
        return found.name if found else None

    assert place(None) == place(other.name) == rescue.name  # whatever came before
    assert place(rescue.name, temperature=0.71) == place(rescue.name, seed=8) == rescue.name
    assert place(None, temperature=0.71) is None
    assert place(rescue.name, initial=SCENES[5].params.initial) is None
    assert place(rescue.name, regime="replace") is None


def test_a_changed_scene_says_so_and_is_restored() -> None:
    at = open_page()
    follow(at, SCENES[3].name)
    at.button(key="new_seed").click().run()
    told = headers(at)["scenes_box"]
    assert (told["chosen"], told["changed"], told["watch"]) == (SCENES[3].name, True, "")
    follow(at, SCENES[3].name)
    told = headers(at)["scenes_box"]
    assert (told["chosen"], told["changed"]) == (SCENES[3].name, False)
