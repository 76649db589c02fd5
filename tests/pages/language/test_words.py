"""What is said, marked and classed of a language model's run, as pure functions."""

import csv
import io
from typing import Any

import numpy as np
import pytest

from closedloop_core import Law, LearnerMap, LearnerParams, NGrams, ToldPhrase, effective_external
from closedloop_core.learners.learner_map import MAP_FRACTIONS, MAP_TEMPERATURES
from pages.ui.language import export, maps, words
from pages.ui.language.classes import class_of_text
from pages.ui.language.passages import MILD, STRONG, levels, pieces
from pages.ui.language.runs import glances, moments
from pages.ui.language.starved import Starved, bigrams, playground_run

TALE = (
    "the cat saw the dog . the dog saw a cat and the cat ran . a dog ran after the cat ."
    " the cat saw a bird and the bird saw the cat . a bird sang and the dog ran . "
)
SOURCE = NGrams.from_text(TALE * 6, 3, held_out=0.1)
PARAMS = LearnerParams(source=SOURCE, sample_size=1_000, generations=4, temperature=0.5)
RULE = words.Faithful(0.1, 0.05)


def plain(clause: Any) -> str:
    return "".join(piece["text"] for piece in clause)


def test_repeated_passages_are_marked_by_how_often_they_stand_there() -> None:
    text = "and the other , so he said , and the other , or not".split()
    assert levels(text, "word") == [MILD] * 4 + [0] * 4 + [MILD] * 4 + [0] * 2
    assert levels("said she , said she , said she ,".split(), "word") == [STRONG] * 8 + [STRONG]
    assert levels("one two three four five".split(), "word") == [0] * 5
    # Marks repeat in any text: they are marked only where nothing else is left.
    assert set(levels(list('. " \n') * 2, "word")) == {0}
    assert set(levels(['"', "\n"] * 8, "word")) == {STRONG}


def test_the_pieces_are_the_text_as_it_is_read() -> None:
    tokens = 'she said , " i am sure , " said she . \n " i am sure , " he said .'.split(" ")
    found = pieces(tokens, "word")
    whole = "".join(text for text, _ in found)
    assert whole == "She said, “I am sure,” said she. ¶ “I am sure,” he said."
    assert [text for text, level in found if level == MILD] == ["“I am sure,"] * 2


@pytest.mark.parametrize(
    ("distance", "next_words", "phase"),
    [
        (0.20, 3.0, "faithful"),
        (0.22, 3.0, "collapse"),
        (0.5, 4.1, "sharpened"),
        (0.5, 17.0, "flattened"),
        (0.5, 200.0, "heat death"),
    ],
)
def test_the_class_follows_the_words_and_then_the_choice(
    distance: float, next_words: float, phase: str
) -> None:
    # ln 4 is half of ln 16, and ln 126 half of the way from there to ln 1,000.
    assert class_of_text(distance, next_words, 16.0, 1_000, 0.21) == phase


def test_generation_0_is_classed_by_the_side_of_its_temperature() -> None:
    for temperature, phase in ((0.7, "sharpened"), (1.4, "flattened")):
        assert class_of_text(0.5, 16.0, 16.0, 1_000, 0.2, temperature) == phase


def test_a_run_is_shown_from_the_same_beginning_with_the_same_luck() -> None:
    found = list(moments(PARAMS, "the cat"))
    again = list(glances(PARAMS, "the cat"))
    assert [m.index for m in found] == [0, 1, 2, 3, 4]
    assert [m.text for m in found] == [m.text for m in again]
    assert all(m.text.lower().startswith("the cat") for m in found)
    assert all(m.measures is None for m in again)
    assert len({m.text for m in found}) > 1


def test_without_smoothing_a_beginning_may_be_forgotten() -> None:
    params = PARAMS.replace(smoothing="none")
    assert not next(moments(params, "an unknown beginning")).knows_beginning
    assert next(moments(params, "the cat")).knows_beginning
    assert next(moments(params, "")).text


def test_the_three_clauses() -> None:
    found = list(moments(PARAMS, "the cat"))
    first = words.now_clause(found[0], found[0], PARAMS, RULE)
    last = words.now_clause(found[-1], found[0], PARAMS, RULE)
    assert first["word"] == "Generation 0" and "your text" in first["middle"]
    assert last["word"] == "Collapsed" and "After 4 generations" in last["middle"]
    said = words.beside(found[-1], PARAMS, RULE)
    assert "faithful up to 15" in said and "Kinds of words left: " in said
    longer = PARAMS.replace(sample_size=4_000)  # texts of twenty words hold passages of eight
    said = words.beside(next(moments(longer, "the cat")), longer, RULE)
    assert "Passages of eight words copied: " in said
    ends = plain(words.ends_clause(PARAMS, found[-1], True, None))
    assert ends.startswith("In generation 4 it says ‹… ") and len(ends) < 110
    assert "so far" in plain(words.ends_clause(PARAMS, found[2], False, None))
    told = ToldPhrase(("the", "cat", "\n"), 0.97, True)
    assert "‹the cat ¶› (tied" in plain(words.ends_clause(PARAMS, found[-1], True, told))
    needs = plain(words.needs_clause(PARAMS, words.Least(0.7712, False)))
    assert "Its words alone need at least 77.2" in needs and "exact" in needs
    assert "measured on the map" in plain(words.needs_clause(PARAMS, words.Least(0.4, True)))
    assert "more than 90" in plain(words.needs_clause(PARAMS, words.Least(None, True, 0.9)))


def test_an_ending_is_told_only_where_theory_tells_one() -> None:
    tells = PARAMS.replace(source=NGrams.from_text(TALE, 2), smoothing="none")
    assert words.can_be_told(tells)
    for changes in (
        {"smoothing": "kneser_ney"},
        {"temperature": 1.0},
        {"external_fraction": 0.1},
        {"regime": "accumulate"},
        {"top_k": 5},
        {"source": SOURCE},
    ):
        given: dict[str, Any] = changes
        assert not words.can_be_told(tells.replace(**given))


def test_short_runs_have_as_many_rows_as_they_can() -> None:
    assert words.rows_of(15, False) == [0, 1, 2, 5, 10]
    assert words.rows_of(15, True) == [0, 2, 10]
    assert words.rows_of(4, False) == [0, 1, 2, 3, 4]
    assert words.rows_of(1, True) == [0, 1]


def test_what_sets_two_runs_apart() -> None:
    other = PARAMS.replace(external_fraction=0.3, discount=0.5, regime="accumulate")
    ones, others = words.differences(PARAMS, other)
    assert ones == ["0\N{NO-BREAK SPACE}% external", "discount as estimated", "replace"]
    assert others == ["30\N{NO-BREAK SPACE}% external", "discount 0.5", "accumulate"]
    assert words.differences(PARAMS, PARAMS) == ([], [])


def test_exports_hold_every_generation_and_are_safe_to_open() -> None:
    found = list(moments(PARAMS.replace(source=NGrams.from_text("=a b " * 200, 2)), "=a"))
    rows = list(csv.reader(io.StringIO(export.measures_csv(found, PARAMS, RULE))))
    assert [row[0] for row in rows] == ["generation", "0", "1", "2", "3", "4"]
    assert rows[1][-1].startswith("'=")
    text = export.texts(found, PARAMS, "a link")
    assert text.count("Generation ") == 5 and "a link" in text


def a_map(distance: Any, learned: Any) -> LearnerMap:
    shape = (len(MAP_TEMPERATURES), len(MAP_FRACTIONS))
    layers = {
        name: np.broadcast_to(np.asarray(learned, dtype=float), shape)
        for name in ("next_words", "learned_words", "perplexity", "impossible")
    }
    return LearnerMap(
        params=PARAMS,
        temperatures=np.array(MAP_TEMPERATURES),
        external_fractions=np.array(MAP_FRACTIONS),
        done=132,
        distance=np.broadcast_to(np.asarray(distance, dtype=float), shape),
        **layers,
    )


def test_the_least_share_is_read_between_the_map_s_squares() -> None:
    falling = np.linspace(0.6, 0.1, len(MAP_FRACTIONS))
    found = maps.least_on_map(a_map(falling, 5.0), 0.75, 0.35)
    assert found is not None and found.is_measured
    assert found.share == pytest.approx(0.4)  # the middle of the axis, where it is 0.35
    never = maps.least_on_map(a_map(0.6, 5.0), 0.75, 0.35)
    always = maps.least_on_map(a_map(0.2, 5.0), 0.75, 0.35)
    assert never == words.Least(None, True, 0.9) and always == words.Least(0.0, True)
    assert maps.least_on_map(a_map(falling, 5.0), 3.0, 0.35) is None
    assert maps.least_on_map(a_map(np.nan, 5.0), 0.75, 0.35) is None
    # Between two temperatures distances are read in between, evenly in ln T.
    tilted = np.linspace(0.5, 0.1, len(MAP_TEMPERATURES))[:, None] + falling - 0.3
    middle = float(np.sqrt(0.5 * 0.6))
    between = maps.least_on_map(a_map(tilted, 5.0), middle, 0.35)
    ends = [maps.least_on_map(a_map(tilted, 5.0), t, 0.35) for t in (0.5, 0.6)]
    assert between and all(ends) and ends[0] and ends[1]
    assert ends[1].share < between.share < ends[0].share


def test_the_shift_runs_from_collapse_over_the_source_to_all_words_alike() -> None:
    shifts = maps.shift_of(np.array([1.0, 4.0, 16.0, 1_000.0]), 16.0, 1_000)
    np.testing.assert_allclose(shifts, [-1, -0.5, 0, 1])


def test_agreement_is_told_in_numbers_on_each_side_of_1() -> None:
    rng = np.random.default_rng(0)
    exact = rng.uniform(-1, 1, (len(MAP_TEMPERATURES), len(MAP_FRACTIONS)))
    same = maps.agreement(exact, exact, True)
    assert same.correlation == pytest.approx(1) and same.rms == 0 and same.settings == 77
    off = maps.agreement(exact + 0.1, exact, False)
    assert off.rms == pytest.approx(0.1) and off.settings == 44
    assert "r = 1.00, RMS 0.10 (77 settings)" in maps.agreement_words(exact + 0.1, exact)
    few = np.full_like(exact, np.nan)
    assert maps.agreement_words(few, exact) == "Too few settings to compare yet."


def test_the_exact_map_is_the_words_own_loop() -> None:
    law = Law.from_weights(SOURCE.word_shares())
    exact = maps.exact_map(law)
    cold = MAP_TEMPERATURES.index(0.5)
    assert exact[cold, 0] == pytest.approx(-1, abs=1e-6)
    np.testing.assert_allclose(exact[MAP_TEMPERATURES.index(1.0)], 0, atol=1e-9)
    assert (np.diff(exact[cold]) > 0).all()


def test_contexts_have_shares_of_their_own_that_add_up() -> None:
    source = bigrams(SOURCE)
    assert source is not None and source.order == 2
    assert source.counts.sum() == SOURCE.counts.sum()
    found = Starved.of(source, effective_external(source, 0.7, 0.3))
    assert found.original.sum() == pytest.approx(1)
    shown = found.listed()
    assert shown and list(found.shares[shown]) == sorted(found.shares[shown])
    assert found.shares[shown[0]] < 0.3 < found.shares.max()


def test_a_context_opens_as_a_run_of_its_next_words_and_its_own_share() -> None:
    source = bigrams(SOURCE)
    assert source is not None
    found = Starved.of(source, effective_external(source, 0.7, 0.3))
    context = found.listed()[0]
    run = playground_run(found, context, PARAMS.replace(temperature=0.7, external_fraction=0.3))
    assert run.temperature == 0.7
    assert run.external_fraction == pytest.approx(found.shares[context])
    labels, weights = found.next_words(context)
    assert run.initial.labels == tuple(labels) and sum(weights) == run.initial_size
    # Words of a visitor's own text: no link carries them.
    assert run.to_query()["initial"] == "file"
    novel = starved_of_novel()
    assert novel.to_query()["initial"].startswith("data:")


def starved_of_novel() -> Any:
    source = NGrams.novel(2)
    kinds = len(source.contexts)
    from_shares = np.full(kinds, 0.2)
    first = source.keys // len(source.vocabulary)
    rows = np.unique(first, return_inverse=True)[1]
    original = np.bincount(rows, weights=source.counts) / source.counts.sum()
    found = Starved(source, from_shares, original)
    she = next(h for h in range(kinds) if found.word(h) == "she")
    return playground_run(found, she, LearnerParams())
