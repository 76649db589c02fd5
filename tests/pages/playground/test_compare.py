"""Two runs side by side, and changes during a run: settings, link, verdict and forms."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from closedloop_core import Change, Law, LoopParams, settled_state, simulate, total_variation
from pages.ui import wording
from pages.ui.session.settings import MAX_STATES, Settings
from tests.pages.visit import clause, ends, headers, notes, open_page, settings_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

STOP = Change(20, "external_fraction", 0.0)


def press(at: AppTest, key: str) -> Settings:
    at.button(key=key).click().run()
    assert not at.exception
    return settings_of(at)


def test_a_comparison_is_kept_swapped_copied_and_ended() -> None:
    at = open_page(temperature="0.7")
    kept = settings_of(at).params
    assert press(at, "keep_a").kept == kept
    at.text_input(key="generations").set_value("50").run()
    at.segmented_control(key="regime").set_value("replace").run()
    now = settings_of(at)
    assert now.kept == kept.replace(generations=50)
    assert now.params == kept.replace(generations=50, regime="replace")
    assert "| accumulate | **replace** |" in "".join(m.value for m in at.markdown)
    swapped = press(at, "swap_runs")
    assert (swapped.params, swapped.kept) == (now.kept, now.params)
    assert press(at, "swap_runs") == now
    assert press(at, "copy_a").params == now.kept
    assert press(at, "end_compare").kept is None


def test_replace_against_accumulate_is_one_click_on_one_seed() -> None:
    at = open_page(seed="9", growth="0.1", temperature="1")
    now = press(at, "compare_regimes")
    assert now.kept is not None
    assert (now.kept.regime, now.params.regime) == ("accumulate", "replace")
    assert (now.kept.growth, now.params.growth) == (0.1, None)
    assert now.kept.seed == now.params.seed == 9


def test_a_new_seed_and_length_hold_for_both_runs() -> None:
    both = Settings(LoopParams(seed=4, generations=30), kept=LoopParams(temperature=0.5, seed=1))
    assert both.kept == LoopParams(temperature=0.5, seed=4, generations=30)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(LoopParams(), kept=LoopParams()),
        Settings(LoopParams(temperature=0.5, seed=3), kept=LoopParams(regime="replace", seed=3)),
        Settings(
            LoopParams(initial=Law.uniform(4), schedule=(STOP,)),
            kept=LoopParams(initial=Law.from_weights([1, 2], ["a", "=b"])),
            entropy="nats",
            axis="log",
            clock="doublings",
            tolerance=0.2,
        ),
    ],
)
def test_the_link_carries_both_runs_and_the_axes(settings: Settings) -> None:
    assert Settings.from_query(settings.to_query()) == (settings, ())


def test_a_bad_link_of_a_comparison_falls_back_with_notes() -> None:
    at = open_page(kept_temperature="cold", axis="logarithmic", entropy="nat")
    now = settings_of(at)
    assert now == Settings(kept=LoopParams())
    for sentence in ("Run A: temperature", "axis must be one of linear, log", "entropy must be"):
        assert sentence in notes(at)


def test_work_is_bounded_by_the_larger_of_two_runs() -> None:
    at = open_page(generations="5000", kept_initial="zipf:2000")
    params = settings_of(at).params
    assert 2000 * (params.generations + 1) <= MAX_STATES
    assert "generations must be at most" in notes(at)


def test_the_verdict_speaks_of_the_last_segment_from_the_state_it_starts_in() -> None:
    at = open_page(
        temperature="0.7", external_fraction="0.9", schedule="20:external_fraction:0", seed="3"
    )
    assert ends(at) == "collapse"
    assert clause(at, "ends").startswith("With the settings since generation 20 it settles")
    assert clause(at, "needs").startswith("Since generation 20 it needs at least 64.1")
    assert clause(at, "needs").endswith("gets 0\N{NO-BREAK SPACE}%.")
    saved = open_page(temperature="0.7", schedule="20:external_fraction:0.95")
    assert ends(saved) == "faithful"


def test_history_decides_the_last_segment() -> None:
    # T = 0.5, ten even outcomes: at 56 % external data both the even state and collapse are
    # stable. Started even it would stay; a collapse before the help came does not go away.
    query = {"initial": "uniform:10", "temperature": "0.5", "external_fraction": "0.56"}
    steady = open_page(**query, noise="off")
    assert ends(steady) == "faithful"
    late = {**query, "external_fraction": "0", "schedule": "40:external_fraction:0.56"}
    assert ends(open_page(**late, regime="replace")) == "sharpened"


def test_pages_without_a_run_speak_of_the_settings_at_the_start() -> None:
    at = open_page(
        "pages/1_Phase_diagram.py",
        temperature="0.7",
        external_fraction="0.9",
        schedule="20:external_fraction:0",
    )
    assert headers(at)["verdict"]["settled"]["class"] == ends(at) == "faithful"


def open_form(old: Change | None, change: Change, **query: str) -> AppTest:
    """Open the form as the player's axis does."""
    at = open_page(**query)
    at.session_state["change"] = {"old": old}
    percent = change.field == "external_fraction"
    at.session_state["change_field"] = change.field
    at.session_state["change_generation"] = change.generation
    at.session_state["change_value"] = 100 * change.value if percent else change.value
    return at.run()


def test_a_change_is_scheduled_edited_and_removed() -> None:
    at = open_form(None, Change(30, "external_fraction", 0.0), external_fraction="0.5")
    at.text_input(key="change_value_typed").set_value("0.7").run()
    change = Change(30, "external_fraction", 0.007)
    assert press(at, "change_apply").params.schedule == (change,)
    assert at.query_params["schedule"] == "30:external_fraction:0.007"
    marks = headers(at)["player"]["schedule"]
    assert marks == [{"generation": 30, "words": "external data 0.7\N{NO-BREAK SPACE}%"}]
    assert not [b for b in at.button if b.key == "change_apply"]

    link = {"external_fraction": "0.5", "schedule": "30:external_fraction:0.007"}
    again = open_form(change, change, **link)
    again.selectbox(key="change_field").select("temperature").run()
    field = next(box for box in again.text_input if box.label == "New value")
    assert field.value == "0.8"
    edited = press(again, "change_apply").params.schedule
    assert edited == (Change(30, "temperature", 0.8),)

    gone = open_form(change, change, **link)
    assert press(gone, "change_remove").params.schedule == ()


def test_a_form_of_a_change_that_is_gone_closes() -> None:
    at = open_form(STOP, STOP)
    assert not [b for b in at.button if b.key == "change_apply"]
    assert "change" not in at.session_state


def test_a_form_does_not_outlive_its_page() -> None:
    at = open_form(None, STOP)
    at.switch_page("pages/4_Theory.py").run()
    assert "change" not in at.session_state


def test_cancel_changes_nothing() -> None:
    at = open_form(None, Change(30, "temperature", 2.0))
    before = settings_of(at)
    assert press(at, "change_cancel") == before
    assert not [b for b in at.button if b.key == "change_apply"]


def test_differences_name_every_setting() -> None:
    changed: dict[str, Any] = {
        "initial": Law.uniform(10),
        "reference": Law.geometric(10),
        "temperature": 0.5,
        "external_fraction": 0.25,
        "sample_size": 7,
        "noise": False,
        "regime": "subsample",
        "initial_size": 9,
        "growth": 0.01,
        "subsample_size": 8,
        "schedule": (STOP,),
    }
    for name, value in changed.items():
        one, other = wording.differences(LoopParams(), LoopParams().replace(**{name: value}))
        assert len(one) == len(other) == 1 and one != other, name
    assert wording.differences(LoopParams(), LoopParams()) == ([], [])


def test_the_last_segments_limit_is_the_cold_limit_of_the_state_at_the_change() -> None:
    # Without external data and below T = 1 the leader at the change takes all (theory, 2.1).
    params = LoopParams(temperature=0.7, external_fraction=0.6, schedule=(STOP,), seed=2)
    run = simulate(params)
    end = np.eye(params.initial.n)[np.argmax(run.probabilities[STOP.generation])]
    at = open_page(**params.to_query())
    settled = settled_state(params.source, 0.7, 0.6)
    distance = total_variation(end, params.source.probabilities())
    assert distance > total_variation(settled, params.source.probabilities()) + 0.1
    shown = " ".join(m.value for m in at.markdown)
    assert f"TV = {float(distance):.4f}" in shown


def test_the_player_gets_both_runs_with_what_sets_them_apart() -> None:
    at = open_page(regime="replace", seed="3", kept_temperature="1.5", schedule="9:temperature:1")
    player = headers(at)["player"]
    assert player["words"] == "T = 0.8, replace, T = 1 from 9 on"
    kept = player["kept"]
    assert kept["words"] == "T = 1.5, accumulate, no changes"
    assert (player["phases"][-1][1], kept["phases"][-1][1]) == ("collapse", "heat death")
    assert kept["schedule"] == [] and kept["generations"] == player["generations"]


def test_an_outcome_is_gone_for_good_only_if_no_external_data_ever_come() -> None:
    rescued = open_page(regime="replace", schedule="30:external_fraction:0.5")
    assert headers(rescued)["player"]["external_fraction"] == 0.5


@pytest.mark.parametrize(
    "query",
    [
        {"generations": "20000", "kept_growth": "0.1"},
        {"generations": "9" * 30, "kept_growth": "1e9", "kept_regime": "replace"},
        {"kept_initial": "zipf:2", "kept_schedule": "x", "kept_seed": "-1", "kept_v": "7"},
        {"kept_": "", "kept_kept_temperature": "1", "schedule": ",".join("x" * 2_000)},
    ],
)
def test_rude_links_of_two_runs_cost_a_few_notes_and_nothing_else(query: dict[str, str]) -> None:
    at = open_page(**query)
    assert "player" in headers(at)
    assert len(at.warning) == 1 and notes(at).count("- ") <= 8


def test_a_collapse_that_is_heated_too_late_stays_one() -> None:
    # One outcome is left at generation 40 and none comes from outside: no heat revives the rest.
    at = open_page(temperature="0.3", regime="replace", schedule="40:temperature:2", seed="1")
    assert ends(at) == "collapse" and "luck" not in clause(at, "ends")


def test_the_needs_of_a_last_segment_tell_staying_from_coming_back() -> None:
    query = {"initial": "uniform:10", "temperature": "0.5", "regime": "replace"}
    late = open_page(**query, schedule="40:external_fraction:0.56")
    needs = clause(late, "needs").replace("\N{NO-BREAK SPACE}", " ")
    assert "at least 50 % external data to stay" in needs and "but 62.5 % to come back" in needs


def test_dials_speak_of_the_start_and_the_map_follows_every_segment() -> None:
    query = {"temperature": "0.8", "external_fraction": "0.6"}
    steady = headers(open_page(**query))
    changed = headers(open_page(**query, schedule="20:temperature:0.3,20:external_fraction:0"))
    assert changed["dials"]["least_rescue"] == steady["dials"]["least_rescue"]
    assert changed["map"]["point"] == steady["map"]["point"]
    assert steady["map"].get("segments") is None
    assert changed["map"]["segments"] == [
        {"start": 0, "temperature": 0.8, "external_fraction": 0.6},
        {"start": 20, "temperature": 0.3, "external_fraction": 0.0},
    ]
    assert (
        "since generation 20 temperature 0.3, external data 0 per cent"
        in (changed["player"]["alt"])
    )


def test_own_data_of_run_a_that_no_link_carries_are_named() -> None:
    at = open_page()
    many = Law.from_weights(range(1, 101), [f"w{i}" for i in range(100)])
    at.session_state["settings"] = Settings(kept=LoopParams(initial=many))
    at.run()
    assert any("does not carry your data" in info.value for info in at.info)
