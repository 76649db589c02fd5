"""The fold "A real network": its words and figures, and the fold on the page."""

import numpy as np
import pytest

from closedloop_core.learners.record import COMMAND, LEARNERS, network_record
from pages.ui.language.network import words
from pages.ui.language.network.figures import NAMES, heard
from pages.ui.session.text_settings import TextSettings
from pages.ui.widgets.plots import Look
from tests.pages.visit import open_link

PATH = "pages/5_Language.py"
LOOK = Look("light", projector=False)


@pytest.mark.parametrize("part", ["says", "knows"])
def test_one_picture_holds_network_ngrams_and_theory(part: str) -> None:
    record = network_record()
    for loop in record.loops:
        figure = heard(loop, part, record.fresh, LOOK)
        traces = {trace["name"]: trace for trace in figure["data"]}
        for name in LEARNERS:
            numbers = getattr(getattr(loop, name), part)
            assert traces[NAMES[name]]["y"] == pytest.approx(numbers, rel=1e-4)
        assert len(traces) == 3 + (part == "knows")
    dashes = [trace["line"]["dash"] for trace in figure["data"]]
    assert len(set(dashes)) == 2 + (part == "knows")


def test_the_axis_of_what_is_known_shows_network_and_ngrams_whole() -> None:
    record = network_record()
    for loop in record.loops:
        low, high = heard(loop, "knows", record.fresh, LOOK)["layout"]["yaxis"]["range"]
        for learner in (loop.network, loop.ngram):
            assert low < learner.knows.min() and learner.knows.max() < high


def test_words_say_where_network_and_theory_part() -> None:
    record = network_record()
    for loop in record.loops:
        said = words.finding(loop, record.fresh)
        own = loop.network.says[-1] / loop.network.says[0]
        theory = loop.simplex.says[-1] / loop.simplex.says[0]
        assert ("agree" in said) == bool(abs(own - theory) <= 0.1)
        assert f"{loop.network.says[-1]:.2f}" in said and said.endswith((".", ".)"))
    # At T = 1 outcomes stay as they are, and the network does not.
    still = words.finding(record.loop(1.0, 0.0), record.fresh)
    assert "outcomes: unchanged" in still and "part:" in still


def test_external_data_save_what_is_known_and_not_what_is_said() -> None:
    alone, held = (network_record().loop(0.7, share).network for share in (0.0, 0.3))
    assert held.knows[-1] < 0.6 * alone.knows[-1]
    assert max(alone.says[-1], held.says[-1]) < 0.3 * alone.says[0]


def test_the_table_has_a_row_a_setting() -> None:
    rows = words.table(network_record()).splitlines()
    assert len(rows) == 2 + 9
    assert len({row.count("|") for row in rows}) == 1


def test_the_fold_shows_what_was_recorded_and_writes_now() -> None:
    at = open_link({"v": "1"}, PATH, ("fold_network",))
    assert len(at.get("plotly_chart")) == 2
    assert any(COMMAND in code.value for code in at.code)
    shown = " ".join(markdown.value for markdown in at.markdown)
    loop = network_record().loop(0.7, 0.0)
    assert f"After {loop.generations} generations the network says" in shown
    captions = " ".join(caption.value for caption in at.caption)
    assert "Recorded, not computed here" in captions and "Written now, at" in captions


def test_the_setting_that_is_chosen_is_in_the_link_and_opens_the_fold() -> None:
    at = open_link({"v": "1", "text_network": "1.3:0.6"}, PATH)
    loop = network_record().loop(1.3, 0.6)
    said = words.finding(loop, network_record().fresh)
    assert said in [markdown.value for markdown in at.markdown]
    at.segmented_control(key="network_temperature").set_value(0.7).run()
    assert at.query_params["text_network"] == "0.7:0.6"
    assert words.finding(network_record().loop(0.7, 0.6), network_record().fresh) in [
        markdown.value for markdown in at.markdown
    ]
    found = TextSettings.from_query({"text_network": "1.3:0.6"})[0]
    assert found is not None and found.network == (1.3, 0.6)
    assert TextSettings.from_query(found.to_query()) == (found, ())


@pytest.mark.parametrize("text", ["", "0.7", "0.7:0.3:1", "cold:0.3", "nan:0", "0.7:½"])
def test_what_is_no_setting_of_the_network_is_said(text: str) -> None:
    found, complaints = TextSettings.from_query({"text_network": text})
    assert found is not None and found.network is None
    (sentence,) = complaints
    assert "network must be a temperature and a share" in sentence


def test_a_shut_fold_draws_nothing() -> None:
    at = open_link({"v": "1"}, PATH)
    assert not at.get("plotly_chart")
    assert not any("Recorded, not computed here" in caption.value for caption in at.caption)


def test_projector_type_is_larger() -> None:
    record = network_record()
    sizes = [
        heard(record.loops[0], "says", record.fresh, Look("dark", hall))["layout"]["font"]["size"]
        for hall in (False, True)
    ]
    assert np.diff(sizes)[0] > 5
