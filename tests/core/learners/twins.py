"""Slow, obvious twins of the fast routines of language models, and small texts; for the tests."""

import math
from collections import Counter, defaultdict
from functools import cache
from typing import Any

import numpy as np

from closedloop_core.learners.source import NGrams
from closedloop_core.learners.table import NGramTable

TALE = (
    "the cat saw the dog . the dog saw a cat and the cat ran . a dog ran after the cat ."
    " the cat saw a bird and the bird saw the cat . a bird sang and the dog ran ."
    " the bird ran after a dog and a cat sang . the dog sang and the cat saw the bird ."
)


@cache
def tale(order: Any) -> Any:
    return NGrams.from_text(TALE, order)


def random_source(order: Any, kinds: Any, length: Any, seed: Any, exponent: Any = 1.0) -> Any:
    """Return a text of independent words of which low numbers are frequent."""
    rng = np.random.default_rng(seed)
    p = np.arange(1, kinds + 1) ** -exponent
    ids = rng.choice(kinds, size=length, p=p / p.sum())
    return NGrams.from_words([f"w{i:02}" for i in ids], order)


def ragged(source: Any, seed: Any) -> Any:
    """Return a dataset as it comes about in a loop: n-grams one by one, so that texts have gaps."""
    rng = np.random.default_rng(seed)
    kinds, size = len(source.vocabulary), len(source.keys)
    kept = source.keys[rng.random(size) < 0.5]
    new = rng.integers(0, kinds**source.order, size=size // 2)
    counts = rng.geometric(0.5, size=len(kept) + len(new)).astype(float)
    return NGramTable.of(source.order, source.vocabulary, np.append(kept, new), counts)


class Twin:
    """Interpolated Kneser-Ney (or plain frequencies) by dictionaries, one word after another."""

    def __init__(
        self, table: Any, smoothing: Any, discount: Any = None, uniform_base: Any = True
    ) -> None:
        self.n, self.kinds, self.base = table.order, len(table.vocabulary), uniform_base
        self.smoothing = smoothing
        grams = [tuple(int(w) for w in gram) for gram in table.ngrams]
        counts = dict(zip(grams, table.counts.tolist(), strict=True))
        self.levels = {self.n: counts}
        for k in range(self.n - 1, 0, -1):
            # Each different (k+1)-gram is one different word before its last k words.
            self.levels[k] = Counter(gram[1:] for gram in self.levels[k + 1])
        self.discount = {}
        self.after = {k: defaultdict(dict) for k in self.levels}
        for k, found in self.levels.items():
            n1, n2 = (sum(c == i for c in found.values()) for i in (1, 2))
            estimated = max(n1 / (n1 + 2 * n2) if n1 else 0.0, 0.05)
            self.discount[k] = estimated if discount is None else discount
            for gram, count in found.items():
                self.after[k][gram[:-1]][gram[-1]] = count

    def law(self, context: Any) -> Any:
        """Return the law of the next word, untempered; None where nothing is known."""
        context = tuple(context)[max(0, len(context) - self.n + 1) :]
        if self.smoothing == "none":
            seen = self.after[self.n].get(context)
            if seen is None:
                return None
            return np.array([seen.get(w, 0.0) for w in range(self.kinds)]) / sum(seen.values())
        return self._smooth(len(context) + 1, context)

    def _smooth(self, k: Any, context: Any) -> Any:
        d = self.discount[k]
        if k == 1:
            seen, d = self.after[1][()], d if self.base else 0.0
            lower = np.full(self.kinds, 1 / self.kinds)
        else:
            lower = self._smooth(k - 1, context[1:])
            seen = self.after[k].get(context)  # type: ignore[assignment]
            if not seen:
                return lower
        total = sum(seen.values())
        law = d * len(seen) / total * lower
        for word, count in seen.items():
            law[word] += max(count - d, 0) / total
        return law


def heat(law: Any, temperature: Any) -> Any:
    """Return E_T of one law, by its definition."""
    logs = [math.log(p) / temperature if p > 0 else -math.inf for p in law]
    weights = np.array([math.exp(x - max(logs)) for x in logs])
    return weights / weights.sum()


def entropy(law: Any) -> Any:
    return -math.fsum(p * math.log(p) for p in law if p > 0)


def all_contexts(table: Any) -> Any:
    """Return every context of a dataset, every end of one, and some that it never saw."""
    found = {tuple(gram[i:-1]) for gram in table.ngrams.tolist() for i in range(table.order)}
    rng = np.random.default_rng(1)
    strange = rng.integers(0, len(table.vocabulary), size=(20, table.order - 1))
    return sorted(found | {tuple(row) for row in strange.tolist()})
