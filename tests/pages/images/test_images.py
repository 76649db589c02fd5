"""The page Images: what the sheets show, what is said, the figures, and the page itself."""

import dataclasses

import numpy as np
import pytest

from closedloop_core import Law, LoopParams, simulate, total_variation
from closedloop_core.learners.judge import NONE, judge_quality
from pages.ui.canvas import pack
from pages.ui.images import figures
from pages.ui.images.figures import GaussianDigest, gaussian_words, many_settings
from pages.ui.images.run import (
    CELLS,
    GENERATIONS,
    IMAGES,
    ImageRun,
    Theory,
    image_loop,
    images_table,
    named,
    pack_images,
    run_images,
)
from pages.ui.images.words import image_verdict, parting, quality_words, spoken
from pages.ui.settled.cached import limit_of
from pages.ui.widgets.plots import Look
from tests.pages.visit import components, headers, notes, open_link, open_page, settings_of

PATH = "pages/6_Images.py"
LOOK = Look("light", projector=False)


@pytest.fixture(scope="module")
def run() -> ImageRun:
    loop = image_loop(LoopParams(initial=Law.zipf(10), temperature=0.6, external_fraction=0.1))
    return run_images(loop.replace(generations=4))


def test_ten_outcomes_become_the_digits_and_others_even_ones() -> None:
    zipf = image_loop(LoopParams(initial=Law.zipf(10), sample_size=900, seed=5))
    assert zipf.initial.probabilities() == pytest.approx(Law.zipf(10).probabilities())
    assert (zipf.sample_size, zipf.initial_size, zipf.seed) == (900, 900, 5)
    assert zipf.regime == "replace" and zipf.noise and zipf.generations == GENERATIONS
    other = image_loop(LoopParams(initial=Law.zipf(30), sample_size=10, noise=False))
    assert other.initial.probabilities().tolist() == [0.1] * 10
    assert other.sample_size == IMAGES and other.noise
    assert image_loop(LoopParams(sample_size=10**9)).sample_size == 2_000


def test_the_theory_has_the_loop_and_the_draws_of_the_images(run: ImageRun) -> None:
    theory = Theory.of(run.loop)
    assert theory.effective[0] == pytest.approx(run.effective[0], rel=0.02)
    # One generation on, the same draws: what is left is how well digits are learned and told.
    learned = simulate(run.loop).probabilities
    assert total_variation(named(run.learned)[1], learned[1]) < 0.06
    far = simulate(run.loop.replace(temperature=2.0)).probabilities
    assert total_variation(named(run.learned)[1], far[1]) > 0.2
    assert theory.limit.sum() == pytest.approx(1)


def test_the_sheets_travel_whole(run: ImageRun) -> None:
    theory = Theory.of(run.loop)
    header, arrays = pack.unpack(pack_images(run, theory, 0.1))
    assert arrays["sheets"].shape == (5, CELLS, 64) and arrays["sheets"].dtype == np.uint8
    assert arrays["digits"].sum(axis=1) == pytest.approx(np.ones(5))
    assert arrays["limit"] == pytest.approx(theory.limit, rel=1e-6)
    assert header["phases"][0] == "faithful" and header["phases"][-1] == "collapse"
    assert 0 < header["fresh"] < arrays["distance"].min()
    assert (np.diff(arrays["effective"]) < 0).any()


def test_images_that_are_no_digits_are_heat_death(run: ImageRun) -> None:
    measures = list(run.measures)
    for share, phase in ((0.3, "flattened"), (0.7, "heat death"), (0.0, "faithful")):
        learned = np.append((1 - share) * run.loop.initial.probabilities(), share)
        one = dataclasses.replace(measures[0], learned=learned)
        shown = ImageRun(run.loop, (one,), run.sheets[:1], run.rejected[:1])
        assert shown.phases(0.1) == [phase]
        assert shown.shift == pytest.approx([share])


def test_the_table_holds_every_generation_in_full_precision(run: ImageRun) -> None:
    rows = images_table(run, Theory.of(run.loop))
    assert len(rows) == 6 and all(len(row) == len(rows[0]) == 25 for row in rows)
    assert rows[3][1 : NONE + 2] == run.digits[2].tolist()
    assert rows[-1][-2] == run.distance[-1]


def test_words_say_whose_limit_it_is_and_what_was_measured(run: ImageRun) -> None:
    ends = limit_of(run.loop, 0.1)
    said = spoken(run.loop, ends)
    assert "Ten outcomes would settle collapsed" in said and "(exact)" in said
    assert "600 images a generation" in said
    verdict = image_verdict(run.loop, ends, "desk")
    assert verdict["begins"]["count"] == "Ten digits"
    quality = judge_quality()
    assert f"{100 * quality.right:.1f}" in quality_words(quality).replace("\u00a0", " ")
    still = run.loop.replace(temperature=1.0, external_fraction=0.0)
    assert "by luck" in spoken(still, limit_of(still, 0.1))


def test_it_is_said_where_images_and_theory_part(run: ImageRun) -> None:
    theory = Theory.of(run.loop)
    assert "agree" in parting(run, theory)
    other = Theory(theory.written[:, ::-1], theory.effective, theory.limit)
    assert "one wide Gaussian" in parting(run, other)
    dissolved = dataclasses.replace(run.measures[-1], digits=np.append(np.full(10, 0.03), 0.7))
    gone = ImageRun(run.loop, (*run.measures[:-1], dissolved), run.sheets, run.rejected)
    assert "dissolve" in parting(gone, theory)


@pytest.mark.parametrize(("temperature", "share"), [(1.0, 0.0), (0.7, 0.3), (1.5, 0.0)])
def test_gaussian_figures_hold_the_exact_mean_and_the_decay(
    temperature: float, share: float
) -> None:
    digest = GaussianDigest.of(temperature, share, 1)
    traces = {trace["name"]: trace for trace in figures.variances(digest, LOOK)["data"]}
    assert traces["mean, exactly"]["y"] == pytest.approx(digest.expected, rel=1e-4)
    decay = [name for name in traces if "drift" in name]
    assert bool(decay) == (share == 0)
    if decay:
        # The median of 1,000 loops is good to some 5 %; a sum of steps is nearly symmetric.
        assert traces[decay[0]]["y"][-1] == pytest.approx(digest.median[-1], rel=0.15)
    densities = figures.bells(digest, LOOK)["data"]
    for trace in densities if temperature <= 1 else densities[:0]:  # hot ones leave the picture
        assert np.trapezoid(trace["y"], trace["x"]) == pytest.approx(1, abs=0.05)
    lost = figures.modes(digest, LOOK)["data"][0]["y"]
    assert lost == pytest.approx(digest.lost, rel=1e-4)
    assert all(words.endswith(".") for words in gaussian_words(digest))


def test_many_settings_are_told_apart_by_colour_and_dash(run: ImageRun) -> None:
    other = ImageRun(
        run.loop.replace(temperature=1.3, external_fraction=0.3),
        run.measures,
        run.sheets,
        run.rejected,
    )
    figure = many_settings([run, other], Look("dark", projector=True), "distance")
    first, second = (trace["line"] for trace in figure["data"])
    assert first["color"] != second["color"] and first["dash"] != second["dash"]
    assert figure["data"][0]["y"] == pytest.approx(run.distance, rel=1e-4)
    assert figure["layout"]["font"]["size"] == 24


def test_the_page_shows_digits_and_follows_its_link() -> None:
    at = open_link({"temperature": "1.5", "initial": "uniform:10", "seed": "3"}, PATH)
    shown = headers(at)
    assert {"sheets", "verdict", "dials"} <= set(shown)
    assert settings_of(at).params.temperature == 1.5
    assert shown["dials"]["values"]["sample_size"] == IMAGES
    assert not notes(at)
    text = " ".join(caption.value for caption in at.caption)
    assert "CC BY 4.0" in text and "held-out real digits" in text and "seed 3" in text
    assert not at.get("plotly_chart")  # a chart library is not loaded before a fold is opened


def test_the_projector_leaves_the_dials_out() -> None:
    at = open_page(PATH, projector="on")
    assert len(components(at, "dials")) == 0
    assert headers(at)["sheets"]["mode"] == "projector"


def test_the_gaussian_opens_below_the_sheets() -> None:
    at = open_link({"temperature": "1", "initial": "uniform:10"}, PATH, ("fold_gaussian",))
    assert len(at.get("plotly_chart")) == 3
    assert any("Shumailov" in caption.value for caption in at.caption)
