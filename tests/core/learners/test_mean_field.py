"""The exact theory of loops without smoothing: its laws, its limits, each context's loop."""

import itertools
from typing import Any

import numpy as np
import pytest

from closedloop_core import (
    Law,
    LoopParams,
    apply_temperature,
    equilibrium,
    simulate,
    total_variation,
)
from closedloop_core.learners.mean_field import (
    Contexts,
    image_of_text,
    ngram_mean_field,
    own_shares,
    own_steps,
)
from closedloop_core.learners.model import fit_ngrams
from closedloop_core.learners.settled_rows import settle_rows
from closedloop_core.learners.settled_text import effective_external, settled_ngrams
from closedloop_core.learners.source import NGrams
from tests.core.learners.twins import random_source, tale

SETTINGS = [(0.5, 0.1), (0.5, 0.6), (0.8, 0.05), (0.8, 0.3), (1.5, 0.3), (3.0, 0.1)]


@pytest.mark.parametrize("regime", ["replace", "accumulate"])
@pytest.mark.parametrize(("temperature", "a"), SETTINGS)
def test_order_1_is_the_loop_of_the_playground(temperature: Any, a: Any, regime: str) -> None:
    source = tale(1)
    params = LoopParams(
        initial=Law.from_weights(source.counts), temperature=temperature, external_fraction=a,
        noise=False, regime=regime, initial_size=source.size, sample_size=30, generations=20,
    )  # fmt: skip
    theory = ngram_mean_field(source, temperature, a, 20, regime, sample_size=30)
    for found, expected in zip(theory, simulate(params).probabilities, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize(("temperature", "a"), SETTINGS)
def test_each_context_is_a_loop_of_its_own_with_its_share_and_clock(
    order: int, temperature: Any, a: Any
) -> None:
    """P_h' = P_h + gamma_h (F_h(P_h) - P_h), F_h = (1 - a_h) E_T(P_h) + a_h Q_h."""
    source = tale(order)
    contexts = Contexts.of(source)
    q = contexts.next_words(contexts.joint)
    joint = next(itertools.islice(ngram_mean_field(source, temperature, a, 3, "accumulate"), 2, 3))
    batch = image_of_text(contexts, joint, temperature, a)
    step = 0.2
    after = contexts.next_words(joint + step * (batch - joint))
    visits = contexts.marginal(contexts.text(joint, temperature))
    row = contexts.level.row
    shares = own_shares(contexts, visits, a)[row]
    steps = own_steps(contexts, joint, batch, step)[row]
    p = contexts.next_words(joint)
    image = (1 - shares) * contexts.tempered(p, temperature) + shares * q
    np.testing.assert_allclose(after, p + steps * (image - p), atol=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize(("temperature", "a"), SETTINGS)
def test_settled_states_are_where_600_steps_come_to(order: int, temperature: Any, a: Any) -> None:
    source = tale(order)
    settled = settled_ngrams(source, temperature, a)
    *_, stepped = ngram_mean_field(source, temperature, a, 600)
    assert settled.sum() == pytest.approx(1, abs=1e-12)
    assert total_variation(settled, stepped) < 1e-9
    contexts = Contexts.of(source)
    again = image_of_text(contexts, settled, temperature, a)
    assert total_variation(settled, again) < 1e-9


@pytest.mark.parametrize(("temperature", "a"), SETTINGS)
def test_the_budget_is_kept(temperature: Any, a: Any) -> None:
    """sum_h B(h) a_h = a, also on a source with ties everywhere."""
    for source in (tale(2), tale(3), NGrams.from_words([*"abcdefgh", *"hgfedcba"], 2)):
        shares = effective_external(source, temperature, a)
        contexts = Contexts.of(source)
        settled = contexts.marginal(settled_ngrams(source, temperature, a))
        assert settled @ shares == pytest.approx(a, abs=1e-9)
        assert ((shares >= 0) & (shares <= 1)).all()


def test_below_one_the_loop_starves_what_it_visits() -> None:
    source = tale(2)
    contexts = Contexts.of(source)
    shares = effective_external(source, 0.7, 0.3)
    favourite = np.argmax(contexts.marginal(settled_ngrams(source, 0.7, 0.3)))
    assert shares[favourite] < 0.3 < np.median(shares)


@pytest.mark.parametrize("temperature", [0.4, 0.8, 0.97, 1.3, 4.0])
def test_each_context_settles_as_the_playground_says(temperature: float) -> None:
    """From the source on, ties kept: `equilibrium` of every context at its own share."""
    rng = np.random.default_rng(4)
    for source in (tale(2), random_source(2, 8, 600, seed=1)):
        contexts = Contexts.of(source)
        q = contexts.next_words(contexts.joint)
        edges = contexts.level.edges
        for _ in range(3):
            shares = rng.uniform(0.01, 1, contexts.level.rows)
            found = settle_rows(contexts.level, q, temperature, shares, q)
            for h, (begin, end) in enumerate(itertools.pairwise(edges.tolist())):
                if end - begin > 1:
                    expected = equilibrium(q[begin:end], temperature, float(shares[h]))
                    np.testing.assert_allclose(found[begin:end], expected, atol=1e-9)


def test_without_external_text_next_words_are_powers_of_the_source() -> None:
    """P_h at generation t is E_{T^t} of the source's, while h is visited."""
    source = random_source(2, 6, 500, seed=2)
    contexts = Contexts.of(source)
    q = contexts.next_words(contexts.joint)
    for t, joint in enumerate(ngram_mean_field(source, 0.8, 0.0, 5)):
        expected = contexts.tempered(q, 0.8**t)
        np.testing.assert_allclose(contexts.next_words(joint), expected, atol=1e-12)
        for begin, end in itertools.pairwise(contexts.level.edges.tolist()):
            one = apply_temperature(q[begin:end], 0.8**t)
            np.testing.assert_allclose(expected[begin:end], one, atol=1e-12)


def test_hot_without_external_text_ends_as_the_uniform_walk() -> None:
    source = random_source(2, 6, 300, seed=2)
    contexts = Contexts.of(source)
    words = contexts.next_words(settled_ngrams(source, 2.0, 0.0))
    many = np.diff(contexts.level.edges)[contexts.level.row]
    np.testing.assert_allclose(words, 1 / many, atol=1e-9)


def test_settings_without_a_pull_stay_at_the_source() -> None:
    source = tale(2)
    shares = source.counts / source.size
    np.testing.assert_array_equal(settled_ngrams(source, 1.0, 1.0), shares)
    np.testing.assert_array_equal(settled_ngrams(source, 0.5, 1.0), shares)
    # At T = 1 next words stay; how often a short text's contexts come is not quite as in a walk.
    *_, late = ngram_mean_field(source, 1.0, 0.2, 300)
    np.testing.assert_allclose(settled_ngrams(source, 1.0, 0.2), late, atol=1e-12)
    contexts = Contexts.of(source)
    np.testing.assert_allclose(contexts.next_words(late), contexts.next_words(shares), atol=1e-12)
    assert effective_external(source, 0.5, 0.0).max() == 0
    np.testing.assert_allclose(effective_external(source, 0.5, 1.0), 1)


@pytest.mark.parametrize("temperature", [0.6, 1.0, 1.8])
def test_the_entropy_rate_is_the_models(temperature: float) -> None:
    """Theory and model measure the same thing: next words of a long text."""
    source = tale(3)
    contexts = Contexts.of(source)
    rate = fit_ngrams(source, "none").entropy_rate(temperature)
    assert contexts.entropy_rate(contexts.joint, temperature) == pytest.approx(rate, abs=1e-10)


def test_arguments_out_of_range_are_refused() -> None:
    source = tale(2)
    for call, sentence in (
        (lambda: ngram_mean_field(source, 0.0, 0.1, 3), "temperature must be > 0"),
        (lambda: ngram_mean_field(source, 0.5, 1.1, 3), "external_fraction must be between"),
        (lambda: ngram_mean_field(source, 0.5, 0.1, 0), "generations must be between"),
        (lambda: ngram_mean_field(source, 0.5, 0.1, 3, "renew"), "regime must be one of"),
        (lambda: settled_ngrams(source, float("nan"), 0.1), "temperature must be"),
        (lambda: effective_external(source, 0.5, -0.1), "external_fraction must be"),
    ):
        with pytest.raises(ValueError, match=sentence):
            call()
