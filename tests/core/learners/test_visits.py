"""How often a long text is in each context: against the dense chain, and where it is reducible."""

from typing import Any

import numpy as np
import pytest

from closedloop_core.learners import stationary as module
from closedloop_core.learners.model import fit_ngrams
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.stationary import Arcs, stationary
from tests.core.learners.twins import entropy, ragged, random_source, tale


def dense_chain(model: Any, temperature: Any) -> Any:
    """Follow every word from every row: contexts, transition matrix and entropies of next words."""
    rows, kinds = sum(level.rows for level in model.levels), model.table.kinds
    sampler = model.sampler(temperature)
    laws = sampler.laws(np.arange(rows))
    matrix, contexts = np.zeros((rows, rows)), []
    for level in model.levels:
        for code in level.contexts.tolist():
            word = []
            for _ in range(level.k - 1):
                code, last = divmod(code, kinds)
                word.insert(0, model.vocabulary[last])
            contexts.append(word)
    for row, context in enumerate(contexts):
        for word in np.flatnonzero(laws[row]).tolist():  # type: ignore[assignment]
            matrix[row, model.row_of([*context, model.vocabulary[word]])] += laws[row, word]
    return matrix, np.array([entropy(law) for law in laws])


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("temperature", [0.6, 1.0, 2.0])
def test_visits_of_a_smooth_model_are_stationary(order: int, temperature: float) -> None:
    model = fit_ngrams(ragged(random_source(order, 6, 80, seed=order), seed=1))
    matrix, entropies = dense_chain(model, temperature)
    sampler = model.sampler(temperature)
    visits = model.visits(sampler)
    assert visits.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(visits @ matrix, visits, atol=1e-11)
    assert model.entropy_rate(temperature) == pytest.approx(visits @ entropies, abs=1e-9)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_visits_without_smoothing_are_stationary(order: int) -> None:
    source = NGrams.from_words("a b c a b a c a b b c a a c b a".split(), order)
    model = fit_ngrams(source, "none")
    matrix, entropies = dense_chain(model, 0.7)
    visits = model.visits(model.sampler(0.7))
    np.testing.assert_allclose(visits @ matrix, visits, atol=1e-12)
    assert model.entropy_rate(0.7) == pytest.approx(visits @ entropies, abs=1e-12)


def random_arcs(contexts: Any, seed: Any, spread: Any) -> Any:
    """Draw a walk that can go everywhere, with probabilities over many orders of magnitude."""
    rng = np.random.default_rng(seed)
    row = np.repeat(np.arange(contexts), 4)
    goes = rng.integers(0, contexts, len(row))
    goes[::4] = (np.arange(contexts) + 1) % contexts
    p = np.exp(-spread * rng.random(len(row)))
    return Arcs(row, goes, contexts), p / np.bincount(row, weights=p)[row]


@pytest.mark.parametrize(("contexts", "spread"), [(40, 3.0), (300, 1.0), (700, 12.0)])
def test_elimination_solves_the_walk(
    contexts: int, spread: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    arcs, p = random_arcs(contexts, 3, spread)
    matrix = np.zeros((contexts, contexts))
    np.add.at(matrix, (arcs.row, arcs.goes), p)
    # One equation of the chain follows from the others: in its place stands that shares sum to 1.
    whole = matrix.T - np.eye(contexts)
    whole[-1] = 1.0
    expected = np.linalg.solve(whole, np.eye(contexts)[-1])
    start = np.full(contexts, 1 / contexts)
    found = stationary(arcs, p, start)
    np.testing.assert_allclose(found, expected, atol=1e-10)
    # Solved, and not only stepped.
    monkeypatch.setattr(module, "_QUICK", 1)
    np.testing.assert_allclose(stationary(arcs, p, start), expected, atol=1e-10)


def test_elimination_keeps_the_smallest_shares_right() -> None:
    """Two words that all but never follow each other: the ratio of their shares is exact."""
    arcs = Arcs(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 0]), 2)
    found = stationary(arcs, np.array([1 - 1e-18, 1e-18, 1 - 1e-20, 1e-20]), np.array([0.5, 0.5]))
    assert found[0] / found[1] == pytest.approx(1e-20 / 1e-18, rel=1e-9)


def test_where_a_walk_ends_is_reached_from_its_start() -> None:
    """0 leads to 1 or 2, which are left no more: shares are the chances of coming there."""
    arcs = Arcs(np.array([0, 0, 1, 2]), np.array([1, 2, 1, 2]), 3)
    found = stationary(arcs, np.array([0.25, 0.75, 1.0, 1.0]), np.array([0.5, 0.5, 0.0]))
    np.testing.assert_allclose(found, [0, 0.625, 0.375], atol=1e-12)


def test_a_cycle_is_gone_round_evenly() -> None:
    arcs = Arcs(np.array([0, 1, 2]), np.array([1, 2, 0]), 3)
    found = stationary(arcs, np.ones(3), np.array([1.0, 0, 0]))
    np.testing.assert_allclose(found, 1 / 3, atol=1e-12)


def test_a_dead_end_leads_back_to_the_start() -> None:
    arcs = Arcs(np.array([0, 1]), np.array([1, -1]), 2)
    found = stationary(arcs, np.ones(2), np.array([0.9, 0.1]))
    # From 0 to 1 always, from 1 to the start: pi_1 = pi_0 + 0.1 pi_1.
    np.testing.assert_allclose(found, [0.9 / 1.9, 1 / 1.9], atol=1e-12)


def test_the_text_at_temperature_one_is_the_source() -> None:
    """A long text that is written at T = 1 comes to contexts as often as the source does.

    The source is closed to a ring, so that every context is left as often as it is come to.
    """
    words = [word for word in tale(1).vocabulary for _ in range(3)]
    rng = np.random.default_rng(2)
    text = [str(word) for word in rng.permutation(words)]
    source = NGrams.from_words([*text, text[0], text[1]], 3)
    model = fit_ngrams(source, "none")
    level = model.levels[0]
    visits = model.visits(model.sampler(1.0))
    np.testing.assert_allclose(visits, level.row_sums(level.counts) / source.size, atol=1e-11)
