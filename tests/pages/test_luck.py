"""The Luck page: its numbers, sentences, figures and exports, and the page around them."""

import csv
import io
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from closedloop_core import Change, Law, LoopParams, simulate_ensemble
from pages.ui.luck.odds import bars as odds_bars
from pages.ui.luck.odds import fan as odds_fan
from pages.ui.luck.odds import words as odds_words
from pages.ui.luck.odds.digest import BINS, THIN, Digest, digest
from pages.ui.luck.odds.export import odds_csv, quantiles_csv
from pages.ui.luck.theme import drawing, look, ticks
from pages.ui.luck.work import MAX_STATES, MAX_VALUES, affordable
from pages.ui.session.settings import CHOICES, Settings
from pages.ui.wording import Headline
from tests.pages.visit import open_shut

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PURE = LoopParams(temperature=1.0, regime="replace", sample_size=30, generations=120, seed=5)
CASES = {
    "pure": PURE,
    "ended": PURE.replace(sample_size=5),
    "slow": PURE.replace(sample_size=2_000),
    "frozen": PURE.replace(regime="accumulate"),
    "subsample": PURE.replace(regime="subsample"),
    "cold": LoopParams(generations=60),
    "lottery": LoopParams(sample_size=1, initial_size=4, generations=60),
    "hot": LoopParams(temperature=2.0, generations=60),
    "held": LoopParams(temperature=0.7, external_fraction=0.8, regime="replace", generations=60),
    "given up": LoopParams(temperature=0.5, external_fraction=0.2, generations=60),
    "even": PURE.replace(initial=Law.uniform(3)),
    "a zero": PURE.replace(initial=Law.from_weights([3, 1, 0])),
    "many": LoopParams(initial=Law.zipf(300), generations=30),
    "quiet": LoopParams(noise=False, generations=30),
    "changing": LoopParams(schedule=(Change(20, "temperature", 2.0),), generations=40),
    "short": LoopParams(generations=1),
    "quotes": PURE.replace(initial=Law.from_weights([2, 1], ['say "no" \\', "<b>=1</b>"])),
}


@pytest.fixture(scope="module")
def digests() -> dict[str, Digest]:
    return {name: digest(simulate_ensemble(p, 300), ()) for name, p in CASES.items()}


def words_of(pieces: Headline) -> str:
    return "".join(text for text, _ in pieces)


def strings(chart: Any) -> str:
    return " ".join(str(row) for rows in drawing(chart)["datasets"].values() for row in rows)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_case_has_its_figures(digests: dict[str, Digest], name: str, theme: str) -> None:
    found, style = digests[name], look(theme, "collapse", theme == "dark")
    for quantity in ("effective", "entropy"):
        fan = drawing(odds_fan.fan_figure(found, style, quantity, distance=True))
        assert len(fan["vconcat"]) == 2 + bool(found.few)
        assert fan["config"]["background"] == style.ground
    assert "nan" not in str(fan).lower() and "inf," not in str(fan)
    odds = drawing(odds_bars.odds_figure(found, style))
    mix = drawing(odds_bars.mix_figure(found, style))
    assert odds["width"] == mix["width"] == "container"


@pytest.mark.parametrize("name", CASES)
def test_every_case_has_its_sentences(digests: dict[str, Digest], name: str) -> None:
    found = digests[name]
    for sentence in (words_of(odds_words.headline(found)), odds_words.remark(found)):
        assert sentence.endswith(".") and "nan" not in sentence and "  " not in sentence
    assert sum(told for _, told in odds_words.headline(found)) == 1
    assert odds_words.odds_title(found) and odds_words.odds_key(found)
    assert odds_words.description(found).endswith(".")


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("ended", "Luck alone ends it: all 300 runs finish with a single outcome, half within"),
        ("slow", "Luck alone wears it down: half of the 300 runs act like"),
        ("frozen", "Luck, then a freeze: half of the 300 runs end more than"),
        ("cold", "Temperature, not luck: outcome 1 leads in all 300 runs"),
        ("lottery", "Luck picks the favourite: outcome 1 leads in"),
        ("hot", "Heat, whatever the luck: 90 % of the 300 runs"),
        ("held", "Held by external data: 90 % of the 300 runs"),
        ("given up", "Collapse, whatever the luck: 90 % of the 300 runs"),
        ("quiet", "No luck here: without sampling noise all runs are one."),
    ],
)
def test_the_headline_says_what_happens(digests: dict[str, Digest], name: str, start: str) -> None:
    assert words_of(odds_words.headline(digests[name])).startswith(start)


def test_the_headline_never_rounds_up_to_all() -> None:
    ensemble = simulate_ensemble(PURE.replace(generations=190), 1_500)
    found = digest(ensemble, ())
    assert 0.99 < found.ended < 1
    assert "all" not in words_of(odds_words.headline(found)).replace("alone", "")
    cut = f"{int(1000 * found.ended) / 10:g}\N{NO-BREAK SPACE}%"
    assert cut in words_of(odds_words.headline(found))


def test_the_thin_runs_are_spread_by_finishing_time(digests: dict[str, Digest]) -> None:
    ensemble = simulate_ensemble(PURE, 300)
    times = np.sort(ensemble.time_to(1))
    found = digests["pure"]
    finishes = [run.finish if run.finish is not None else np.inf for run in found.thin]
    assert finishes == [times[(2 * i + 1) * 300 // 24] for i in range(THIN)]
    ended = [run for run in found.thin if run.finish is not None]
    assert found.thin[found.told].share == min(run.share for run in ended)
    assert all(run.effective[-1] == 1 and run.generations[-1] == run.finish for run in ended)


def test_the_times_are_counted_once(digests: dict[str, Digest]) -> None:
    for row in digests["pure"].few:
        assert row.shares.sum() + row.later == pytest.approx(1)
        assert row.shares.shape == (BINS,)
    last = digests["pure"].few[-1]
    assert last.last and last.theory is not None
    # Shares of 300 runs: their errors add up to less than this, generously.
    assert np.abs(last.shares - last.theory).sum() < 0.5
    assert last.theory.sum() < 1


def test_a_choice_of_rows_is_kept() -> None:
    found = digest(simulate_ensemble(PURE, 100), (7, 2))
    assert [row.words for row in found.few] == ["7 outcomes left", "2 outcomes left"]


def test_the_figures_are_valid_vega_lite(digests: dict[str, Digest]) -> None:
    style = look("light", "collapse", False)
    for name in ("pure", "frozen"):
        assert odds_fan.fan_figure(digests[name], style, "effective", True).to_dict()
        assert odds_bars.odds_figure(digests[name], style).to_dict()
        assert odds_bars.mix_figure(digests[name], style).to_dict()


def test_only_the_thin_runs_are_told(digests: dict[str, Digest]) -> None:
    style = look("light", "collapse", False)
    fan = odds_fan.fan_figure(digests["pure"], style, "effective", distance=True).to_dict()
    (told,) = fan["params"]
    # Names of views are Altair's to give: the selection must listen to the marks of its own.
    assert told["select"]["on"] == f"@{told['views'][0]}_marks:pointerover"
    assert told["value"] == [{"run": digests["pure"].told}]


def test_a_figure_carries_every_name_and_number(digests: dict[str, Digest]) -> None:
    found, style = digests["quotes"], look("light", "collapse", False)
    figure = odds_bars.odds_figure(found, style)
    shown = strings(figure)
    assert "<b>=1</b>" in shown and 'say "no"' in shown
    pairs = odds_bars.winners(found)
    assert set(pairs) == {run.story for run in found.thin}
    rows = [row for rows in drawing(figure)["datasets"].values() for row in rows]
    assert set(pairs.values()) <= {row.get("said") for row in rows}


def test_the_frozen_mix_is_shown_against_its_law(digests: dict[str, Digest]) -> None:
    found = digests["frozen"]
    assert not found.has_winner and found.mix_theory is not None
    # The 5 % and 95 % quantiles of 300 runs, to a tenth of the width of the law.
    width = found.mix_theory[-1] - found.mix_theory[0]
    drawn = found.mix[:, found.rows]
    assert np.all(np.abs(drawn - found.mix_theory) < 0.25 * width)
    assert digests["hot"].mix_theory is None and digests["pure"].mix_theory is None


def test_ticks_are_round_and_inside() -> None:
    assert ticks(1, 9, 5) == [1, 2, 4, 6, 8]
    assert ticks(0, 400.000001, 5) == [0, 100, 200, 300, 400]
    assert ticks(0, 0.11, 3) == [0, 0.05, 0.1]


def test_exports_are_whole(digests: dict[str, Digest]) -> None:
    found = digests["quotes"]
    rows = list(csv.DictReader(io.StringIO(quantiles_csv(found))))
    assert len(rows) == PURE.generations + 1
    assert float(rows[-1]["effective_outcomes_q50"]) == found.effective[2, -1]
    odds = list(csv.DictReader(io.StringIO(odds_csv(found))))
    assert sum(float(row["odds"]) for row in odds) == pytest.approx(1)
    assert float(odds[0]["theory"]) == pytest.approx(2 / 3)


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


def open_luck(**query: str) -> AppTest:
    return open_shut("pages/3_Luck.py", ("drawer_examples",), **query)


def shown(at: AppTest) -> str:
    return " ".join(element.proto.body for element in at.get("html"))


def charts(at: AppTest) -> int:
    return len(at.get("vega_lite_chart"))


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
    source = (__import__("pathlib").Path(__file__).parents[2] / "pages/3_Luck.py").read_text()
    for name in CHOICES["chapter"]:
        assert f'("{name}", ' in source
