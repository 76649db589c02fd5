"""The chapter “Who wins, and when”: its numbers, sentences, figures and exports."""

import csv
import io
from typing import Any

import numpy as np
import pytest

from closedloop_core import Change, Law, LoopParams, simulate_ensemble
from pages.ui.luck.odds import words
from pages.ui.luck.odds.bars import mix_figure, odds_figure, winners
from pages.ui.luck.odds.digest import BINS, THIN, Digest, digest
from pages.ui.luck.odds.export import odds_csv, quantiles_csv
from pages.ui.luck.odds.fan import fan_figure
from pages.ui.luck.theme import drawing, look
from tests.pages.luck.shared import PURE, rows_of, text_of

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
    "mild": LoopParams(temperature=0.7, external_fraction=0.4, generations=60),
    "hot at first": LoopParams(temperature=1.1, generations=3),
    "given up": LoopParams(temperature=0.5, external_fraction=0.2, generations=60),
    "even": PURE.replace(initial=Law.uniform(3)),
    "a zero": PURE.replace(initial=Law.from_weights([3, 1, 0])),
    "many": LoopParams(initial=Law.zipf(300), generations=30),
    "quiet": LoopParams(noise=False, generations=30),
    "changing": LoopParams(schedule=(Change(20, "temperature", 2.0),), generations=40),
    "short": LoopParams(generations=1),
    "quotes": PURE.replace(initial=Law.from_weights([2, 1], ['say "no" \\', "<b>=1</b>"])),
}


ENDING = {"pure", "ended", "lottery", "frozen", "a zero"}


@pytest.fixture(scope="module")
def digests() -> dict[str, Digest]:
    return {name: digest(simulate_ensemble(p, 300), ()) for name, p in CASES.items()}


def strings(chart: Any) -> str:
    return " ".join(map(str, rows_of(chart)))


@pytest.mark.parametrize(
    ("name", "theme"), [*((name, "light") for name in CASES), (next(iter(CASES)), "dark")]
)
def test_every_case_has_its_figures(digests: dict[str, Digest], name: str, theme: str) -> None:
    found, style = digests[name], look(theme, "collapse", theme == "dark")
    # Altair takes a second for each: both where runs end or stand still, else one of the two.
    both = ("effective", "entropy")
    for quantity in both if name in ENDING else both[list(CASES).index(name) % 2 :][:1]:
        fan = drawing(fan_figure(found, style, quantity, distance=True))
        assert len(fan["vconcat"]) == 2 + bool(found.few)
        assert fan["config"]["background"] == style.ground
        assert "nan" not in str(fan).lower() and "inf," not in str(fan)
    odds = drawing(odds_figure(found, style))
    mix = drawing(mix_figure(found, style))
    assert odds["width"] == mix["width"] == "container"


@pytest.mark.parametrize("name", CASES)
def test_every_case_has_its_sentences(digests: dict[str, Digest], name: str) -> None:
    found = digests[name]
    for sentence in (text_of(words.headline(found)), words.remark(found)):
        assert sentence.endswith(".") and "nan" not in sentence and "  " not in sentence
    assert sum(told for _, told in words.headline(found)) == 1
    assert words.odds_title(found) and words.odds_key(found)
    assert words.description(found).endswith(".")


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("ended", "Luck alone ends it: all 300 runs finish with a single outcome, half within"),
        ("slow", "Luck alone wears it down: half of the 300 runs act like"),
        ("frozen", "Luck, then a freeze: half of the 300 runs end more than"),
        ("cold", "Temperature, not luck: outcome 1 leads in all 300 runs"),
        ("lottery", "Luck picks the favourite: outcome 1 leads in"),
        ("hot", "Heat death, whatever the luck: 90 % of the 300 runs"),
        ("hot at first", "Faithful so far, whatever the luck: 90 % of the 300 runs"),
        ("mild", "Sharpened, whatever the luck: 90 % of the 300 runs"),
        ("held", "Held by external data: 90 % of the 300 runs"),
        ("given up", "Collapse, whatever the luck: 90 % of the 300 runs"),
        ("quiet", "No luck here: without sampling noise all runs are one."),
    ],
)
def test_the_headline_says_what_happens(digests: dict[str, Digest], name: str, start: str) -> None:
    assert text_of(words.headline(digests[name])).startswith(start)


def test_the_headline_never_rounds_up_to_all() -> None:
    ensemble = simulate_ensemble(PURE.replace(generations=190), 1_500)
    found = digest(ensemble, ())
    assert 0.99 < found.ended < 1
    assert "all" not in text_of(words.headline(found)).replace("alone", "")
    cut = f"{int(1000 * found.ended) / 10:g}\N{NO-BREAK SPACE}%"
    assert cut in text_of(words.headline(found))


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
        assert fan_figure(digests[name], style, "effective", True).to_dict()
        assert odds_figure(digests[name], style).to_dict()
        assert mix_figure(digests[name], style).to_dict()


def test_only_the_thin_runs_are_told(digests: dict[str, Digest]) -> None:
    style = look("light", "collapse", False)
    fan = fan_figure(digests["pure"], style, "effective", distance=True).to_dict()
    (told,) = fan["params"]
    # Names of views are Altair's to give: the selection must listen to the marks of its own.
    assert told["select"]["on"] == f"@{told['views'][0]}_marks:pointerover"
    assert told["value"] == [{"run": digests["pure"].told}]


def test_a_figure_carries_every_name_and_number(digests: dict[str, Digest]) -> None:
    found, style = digests["quotes"], look("light", "collapse", False)
    figure = odds_figure(found, style)
    shown = strings(figure)
    assert "<b>=1</b>" in shown and 'say "no"' in shown
    pairs = winners(found)
    assert set(pairs) == {run.story for run in found.thin}
    assert set(pairs.values()) <= {row.get("said") for row in rows_of(figure)}


def test_the_frozen_mix_is_shown_against_its_law(digests: dict[str, Digest]) -> None:
    found = digests["frozen"]
    assert not found.has_winner and found.mix_theory is not None
    # The 5 % and 95 % quantiles of 300 runs, to a tenth of the width of the law.
    width = found.mix_theory[-1] - found.mix_theory[0]
    drawn = found.mix[:, found.rows]
    assert np.all(np.abs(drawn - found.mix_theory) < 0.25 * width)
    assert digests["hot"].mix_theory is None and digests["pure"].mix_theory is None


def test_exports_are_whole(digests: dict[str, Digest]) -> None:
    found = digests["quotes"]
    rows = list(csv.DictReader(io.StringIO(quantiles_csv(found))))
    assert len(rows) == PURE.generations + 1
    assert float(rows[-1]["effective_outcomes_q50"]) == found.effective[2, -1]
    odds = list(csv.DictReader(io.StringIO(odds_csv(found))))
    assert sum(float(row["odds"]) for row in odds) == pytest.approx(1)
    assert float(odds[0]["theory"]) == pytest.approx(2 / 3)
