"""Section 6b: n-gram language models in the loop. Pure.

The checks are made on a small text of this project's own, at the visitor's temperature and share:
dense matrices stand against the core's tables.
"""

from functools import cache

import numpy as np

from closedloop_core import (
    LoopParams,
    NGrams,
    apply_temperature,
    effective_external,
    fit_ngrams,
    ngram_mean_field,
    settled_ngrams,
    told_phrase,
)
from closedloop_core.measures import Array
from closedloop_core.settings.params import Regime
from pages.ui.theory.model import (
    ALONE,
    COLD,
    OURS,
    Check,
    Section,
    Statement,
    compare,
    external_between,
    temperature_between,
)

TEXT = (
    "the loop reads what the loop wrote . a model reads the text and the loop reads the model ."
    " the model wrote a text and a reader reads what the model wrote . what the loop wrote the"
    " loop reads . a text is what the model wrote and the loop reads the text ."
)
_SQUARINGS = 2**22  # steps of a lazy walk: as good as for ever
_LATER = 200  # generations after which a loop has settled
_KNOWN = ("the",)  # a context, for the law of the word after it
_MILD = temperature_between(0.5, 2.0, "T between 0.5 and 2")
_ENOUGH = external_between(0.1, 1.0, "at least 10 % external text")


@cache
def bigrams() -> NGrams:
    """Return the bigrams of the small text."""
    return NGrams.from_text(TEXT, 2)


def after(params: LoopParams, generations: int, regime: Regime = "replace") -> Array:
    """Return the joint law of the infinite-sample loop after some generations: (ngrams,)."""
    setting = (params.temperature, params.external_fraction, generations, regime)
    *_, joint = ngram_mean_field(bigrams(), *setting)
    return joint


def dense(joint: Array) -> Array:
    """Return a joint law as a matrix: context by next word."""
    source = bigrams()
    kinds = len(source.vocabulary)
    table = np.zeros(kinds * kinds)
    table[source.keys] = joint
    return table.reshape(kinds, kinds)


def next_words(table: Array) -> Array:
    """Return the next-word law of each context; 0 where a context is gone."""
    total = table.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(table, total, out=np.zeros_like(table), where=total > 0))


def visits(rows: Array, start: Array) -> Array:
    """Return how often a long text comes to each context: a lazy walk, squared again and again."""
    lazy = 0.5 * (np.eye(len(rows)) + rows)
    return np.asarray(start @ np.linalg.matrix_power(lazy, _SQUARINGS))


def tempered_rows(rows: Array, temperature: float) -> Array:
    """Return E_T of every context's next words."""
    return np.array([apply_temperature(row, temperature) if row.any() else row for row in rows])


def own_loops(params: LoopParams) -> Check:
    """Next word of the commonest context: the core's step against the context's own loop."""
    gamma, a = 1 / 3, params.external_fraction  # the second generation is a third of all data
    before = dense(after(params, 1, "accumulate"))
    source = dense(bigrams().counts / bigrams().counts.sum())
    rows, q = next_words(before), next_words(source)
    tempered = tempered_rows(rows, params.temperature)
    pi, pi_q = before.sum(axis=1), source.sum(axis=1)
    batch = a * pi_q + (1 - a) * visits(tempered, pi)
    share = a * pi_q / batch
    clock = gamma * batch / ((1 - gamma) * pi + gamma * batch)
    image = (1 - share[:, None]) * tempered + share[:, None] * q
    mine = rows + clock[:, None] * (image - rows)
    found = next_words(dense(after(params, 2, "accumulate")))
    at = np.unravel_index(np.argmax(source), source.shape)
    words = ("P′(w | h) by the core’s step on the whole table", "by this context’s own loop")
    return compare(float(found[at]), "=", float(mine[at]), words, 1e-8)


def budget(params: LoopParams) -> Check:
    """Sum of the contexts' own shares, weighed by their visits, against a."""
    setting = (bigrams(), params.temperature, params.external_fraction)
    visited = dense(settled_ngrams(*setting)).sum(axis=1)
    kinds = bigrams().contexts[:, 0]
    total = float(visited[kinds] @ effective_external(*setting))
    words = ("Σ B(h) a_h at the settled state", "a")
    return compare(total, "=", params.external_fraction, words, 1e-7)


def cools_alone(params: LoopParams) -> Check:
    """Next word of the commonest context after three generations against E of T cubed."""
    source = dense(bigrams().counts / bigrams().counts.sum())
    h, w = np.unravel_index(np.argmax(source), source.shape)
    left = float(next_words(dense(after(params, 3)))[h, w])
    right = float(apply_temperature(next_words(source)[h], params.temperature**3)[w])
    words = ("P(w | h) after three generations of whole texts", "E of T³ of the first")
    return compare(left, "=", right, words, 1e-8)


def settles(params: LoopParams) -> Check:
    """Settled state, solved, against many generations of the infinite-sample loop."""
    solved = settled_ngrams(bigrams(), params.temperature, params.external_fraction)
    left = 0.5 * float(np.abs(solved - after(params, _LATER)).sum())
    words = (f"distance of the solved state from generation {_LATER}", "zero")
    return compare(left, "<=", 0.0, words, 1e-4)


def tempered(temperature: float) -> Array:
    """Return a smoothed model's law of the next word at a temperature: (words,)."""
    return fit_ngrams(NGrams.from_text(TEXT, 3)).next_word(_KNOWN, temperature)


def exact_temperature(params: LoopParams) -> Check:
    """Tempered law of a smoothed model against the power of its whole dense law."""
    plain = tempered(1.0)
    w = int(np.argmin(plain))
    left = float(tempered(params.temperature)[w])
    right = float(apply_temperature(plain, params.temperature)[w])
    words = ("rarest next word, by one pass over the tables", "by the whole vector")
    return compare(left, "=", right, words, 1e-10)


def told_mass(temperature: float) -> float:
    """Return the share of all words that theory tells to stand in the last phrase."""
    return told_phrase(bigrams(), temperature).mass


def told(params: LoopParams) -> Check:
    """Share of the phrase that theory tells against the loop many generations later."""
    phrase = told_phrase(bigrams(), params.temperature)
    numbers = {word: i for i, word in enumerate(bigrams().vocabulary)}
    cycle = [numbers[word] for word in phrase.words]
    generations = int(np.ceil(np.log(1e-3) / np.log(params.temperature)))
    late = dense(after(params, generations))
    right = float(sum(late[h, w] for h, w in zip(cycle, cycle[1:] + cycle[:1], strict=True)))
    words = (f"“{' '.join(phrase.words)}”, told", f"its share in generation {generations}")
    return compare(told_mass(params.temperature), "=", right, words, 1e-2, "to 0.01")


NGRAMS = Section(
    "Language models: many simplexes, one budget",
    "An n-gram model is a next-word law for each context *h*, and a text visits the contexts."
    " The checks use bigrams of a small text at your temperature and share.",
    (
        Statement(
            "Each context is a loop of its own",
            "Without smoothing, the next words after *h* follow the loop of section 1, with an"
            " external share and a clock that depend on how often the text comes to *h*.",
            r"a_h = \frac{a \pi_q(h)}{a \pi_q(h) + (1-a) \pi_T(h)}, \qquad"
            r" P_h' = P_h + \gamma_h (F_h(P_h) - P_h)",
            "proved",
            "mean field, no smoothing",
            OURS,
            own_loops,
            (_MILD,),
        ),
        Statement(
            "The external shares add up to the budget",
            "What one context gets more another gets less: below T = 1 the loop starves what it"
            " visits most.",
            r"\sum_h B(h) \, a_h = a",
            "proved",
            "mean field, no smoothing",
            OURS,
            budget,
            (_MILD, _ENOUGH),
        ),
        Statement(
            "Without external text each context cools by itself",
            "Where new text replaces the old, the next words after *h* have seen the temperature"
            " once a generation, for as long as *h* is visited.",
            r"P_{h,t} = E_{T^t}(P_{h,0})",
            "proved",
            "mean field, no smoothing, a = 0, replace",
            OURS,
            cools_alone,
            (ALONE, _MILD),
        ),
        Statement(
            "The last phrase can be told",
            "Below T = 1 each word’s favourite next word takes over, and the text ends on a cycle"
            " of favourites. Which one is decided on the way, and can be computed beforehand.",
            r"h \mapsto \operatorname{argmax}_w P_{h,0}(w)",
            "checked",
            "mean field, order 2, no smoothing, a = 0, replace, T < 1",
            OURS,
            told,
            (ALONE, COLD, temperature_between(0.3, 0.95, "T between 0.3 and 0.95")),
        ),
        Statement(
            "A settled text satisfies both conditions at once",
            "Each context rests in its own loop, and the text visits the contexts as their shares"
            " assume. Solving the two in turns finds where the generations lead.",
            r"P_h = F_h(P_h), \qquad \pi_T = \pi_T \, E_T(P)",
            "checked",
            "mean field, no smoothing, started at the source",
            OURS,
            settles,
            (_MILD, _ENOUGH),
        ),
        Statement(
            "A smoothed model is tempered exactly without its whole vocabulary",
            "An interpolated model stays one when it is tempered: a listed part and a shorter"
            " context’s law. Its normaliser takes one pass over the listed words.",
            r"Z_k(h) = \sum_{w \text{ listed}} \left( P_k^b - (\gamma_k P_{k-1})^b \right)"
            r" + \gamma_k^b Z_{k-1}(h')",
            "proved",
            "interpolated Kneser–Ney, every T",
            OURS,
            exact_temperature,
        ),
    ),
)
