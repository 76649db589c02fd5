"""The panel that shows one generation: what is packed, what is said, and how it is travelled."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import Law, LoopParams, Stages, simulate, stages
from pages.ui.canvas.pack import unpack
from pages.ui.playground import inside, inside_figures
from tests.pages.visit import open_page

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

WORDS = LoopParams(
    initial=Law.real_text(10),
    temperature=0.7,
    external_fraction=0.1,
    sample_size=50,
    generations=120,
    seed=7,
)


def packed(params: LoopParams, generation: int) -> tuple[dict[str, Any], dict[str, Any]]:
    return unpack(inside_figures.pack_stages(simulate(params), generation))


def said(params: LoopParams, generation: int) -> list[str]:
    """Return what is said of each stage, as one text with ordinary spaces."""
    told = packed(params, generation)[0]["stages"]
    texts = [f"{t['number']}. {''.join(p['text'] for p in t['words'])}" for t in told]
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts]


def found(params: LoopParams, generation: int) -> Stages:
    return stages(simulate(params), generation)


def test_what_is_drawn_is_the_run() -> None:
    header, arrays = packed(WORDS, 5)
    run = simulate(WORDS)
    np.testing.assert_array_equal(arrays["dataset"], run.probabilities[4])
    np.testing.assert_array_equal(arrays["new_dataset"], run.probabilities[5])
    np.testing.assert_array_equal(arrays["synthetic"], run.synthetic[4])
    np.testing.assert_array_equal(arrays["external"], run.external[4])
    np.testing.assert_array_equal(arrays["source"], WORDS.source.probabilities())
    assert (header["dataset_size"], header["new_dataset_size"]) == (300, 350)
    assert header["dots"] and header["batch_size"] == 50


def test_many_outcomes_become_few_bars_that_keep_every_sum() -> None:
    params = WORDS.replace(initial=Law.zipf(5_000), generations=20)
    data = inside_figures.pack_stages(simulate(params), 20)
    header, arrays = unpack(data)
    assert len(data) < 6_000
    assert len(header["labels"]) == inside_figures.FEW_BARS
    assert header["others"] == 5_000 - inside_figures.FEW_BARS
    for name in ("source", "dataset", "learned", "tempered", "new_dataset"):
        assert arrays[name].sum() == pytest.approx(1)
    assert arrays["synthetic"].sum() + arrays["external"].sum() == 50


def test_a_winner_by_luck_has_a_bar_of_its_own() -> None:
    even = WORDS.replace(
        initial=Law.uniform(200), regime="replace", temperature=0.5, external_fraction=0.0
    )
    run = simulate(even)
    winner = int(np.argmax(run.probabilities[-1]))
    assert winner >= inside_figures.FEW_BARS  # the first few of an even source would miss it
    assert winner in inside_figures.kept_outcomes(run)


def test_the_words_tell_the_numbers_of_the_stages() -> None:
    step, told = found(WORDS, 5), said(WORDS, 5)
    the = [float(100 * law[0]) for law in (step.dataset, step.tempered, step.new_dataset)]
    assert told[0].startswith(f"300 items. “the” leads with {the[0]:.0f} %")
    assert told[1].startswith("from all 300 items. Learning is perfect")
    assert told[2].startswith(f"T = 0.7 sharpens. “the”: {the[0]:.0f} % → {the[1]:.0f} %")
    assert told[3].startswith(f"{step.synthetic.sum():.0f} items. “the”: {step.synthetic[0]:.0f} ")
    assert told[4].startswith(f"{step.external.sum():.0f} items. Each new item is from outside")
    assert "10 %: 5 on average" in told[4]
    assert told[5].startswith("300 → 350 items. Step γ = 50 / 350 = 0.14.")
    assert f"{the[0]:.0f} % → {the[2]:.0f} %" in told[5]
    distance = 50 * np.abs(step.new_dataset - step.reference).sum()
    assert told[5].endswith(f"distance to the source {distance:.0f} %.")


@pytest.mark.parametrize(
    ("changes", "stage", "text"),
    [
        ({"temperature": 1.0}, 2, "T = 1 copies. “the” stays at"),
        ({"temperature": 3.0}, 2, "T = 3 flattens."),
        ({"external_fraction": 0.0}, 4, "0 items. The loop is closed"),
        ({"external_fraction": 1.0}, 3, "0 items. All new data come from outside"),
        ({"regime": "replace"}, 5, "50 items. The old data are gone: step γ = 1."),
        ({"noise": False}, 4, "5 items. Exactly 10 % of the new items, without luck."),
        ({"regime": "subsample", "subsample_size": 40}, 1, "40 of 300 items. It sees a sample"),
        ({"regime": "subsample", "subsample_size": 400}, 1, "from all 300 items. The sample"),
        ({"regime": "subsample", "noise": False}, 1, "from all 300 items. On average the sample"),
        ({"initial_size": 10**9}, 5, "1 billion + 50 items. Step γ = 50 / 1 billion = 5e-08."),
        ({"sample_size": 1, "initial_size": 1, "regime": "replace"}, 5, "1 item. The old data"),
        ({"initial": Law.zipf(10)}, 0, "300 items. Outcome 1 leads with"),
        ({"sample_size": 10**9}, 5, "4 billion → 5 billion items. Step γ = 1 billion / 5 billion"),
    ],
)
def test_each_regime_is_told_in_its_own_words(
    changes: dict[str, Any], stage: int, text: str
) -> None:
    assert said(WORDS.replace(**changes), 5)[stage].startswith(text)


def test_deaths_are_told() -> None:
    luck = {"temperature": 1.0, "external_fraction": 0, "sample_size": 20, "seed": 5}
    lottery = WORDS.replace(regime="replace", **luck)
    step = found(lottery, 2)
    dead = int(((step.dataset > 0) & (step.new_dataset == 0)).sum())
    assert dead > 1
    assert said(lottery, 2)[5].endswith(f"{dead} outcomes die out.")


def test_small_changes_get_the_decimals_that_show_them() -> None:
    heavy = WORDS.replace(initial_size=10_000, noise=False)
    assert "29.5 % → 29.6 %" in said(heavy, 1)[5]


def test_labels_are_cut() -> None:
    law = Law.from_weights([2, 1], ["x" * 500, "b"])
    header, _ = packed(WORDS.replace(initial=law), 1)
    assert len(header["labels"][0]) <= 16
    assert len(said(WORDS.replace(initial=law), 1)[0]) < 100


def panel(at: Any) -> dict[str, Any] | None:
    for element in at.get("bidi_component"):
        if element.proto.component_name == "closedloop_inside":
            return unpack(element.proto.bytes)[0]
    return None


def test_the_panel_opens_and_follows_the_settings() -> None:
    at = open_page(temperature="0.7", generations="50")
    assert panel(at) is None
    at.session_state["inside"], at.session_state["inside_opened"] = 1, 1
    at.run()
    assert not at.exception
    shown = panel(at)
    assert shown is not None
    assert (shown["generation"], shown["generations"], shown["class"]) == (1, 50, "faithful")
    assert len(shown["stages"]) == 6
    at.session_state["inside"] = 40
    at.text_input(key="generations").set_value("30").run()
    assert panel(at)["generation"] == 30
    at.text_input(key="generations").set_value("45").run()
    assert panel(at)["generation"] == 40
    at.button(key="new_seed").click().run()
    assert panel(at)["generation"] == 40
    assert "inside" not in at.query_params
    at.session_state["inside"] = None
    at.run()
    assert panel(at) is None


def test_travel_ignores_what_is_no_generation(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {"inside": 3}
    monkeypatch.setattr(inside.st, "session_state", state)  # type: ignore[attr-defined]
    for sent in (None, "7", 0, -1, 2.5, {}):
        state["inside_panel"] = {"generation": sent}
        inside._travelled()
        assert state["inside"] == 3
    state["inside_panel"] = {"generation": 7}
    inside._travelled()
    assert state["inside"] == 7
    inside.open_at(-2)
    assert state["inside"] == 1
    for sent in (None, {}, {"generation": "9"}, 9):
        inside.asked(sent)
        assert state["inside"] == 1
    inside.asked({"generation": 9})
    assert state["inside"] == 9
