"""The same loop with two other learners of the same pieces: n-grams, and outcomes of a simplex.

Both with NumPy alone, by the library. What each says and knows is in nats a character.
"""

from dataclasses import dataclass

import numpy as np

from closedloop_core import Law, LearnerParams, LoopParams, NGrams, run_learner, simulate
from closedloop_core.loop.dynamics import apply_temperature
from closedloop_core.measures import Array, shannon_entropy
from tests.neural.loop import Setting, Source

ORDER = 3


@dataclass(frozen=True)
class Beside:
    """The source as other learners take it."""

    source: Source
    ngrams: NGrams
    lengths: Array
    tokens: int

    @classmethod
    def of(cls, source: Source, tokens: int) -> "Beside":
        """Count the source's pieces."""
        both = np.concatenate([source.learned, source.held])
        words = [source.pairs.pieces[token] for token in both]
        ngrams = NGrams.from_words(words, ORDER, held_out=len(source.held) / len(both))
        lengths = np.array([len(word) for word in ngrams.vocabulary], dtype=np.float64)
        return cls(source, ngrams, lengths, tokens)

    @property
    def held_length(self) -> float:
        """Characters of a held-out token."""
        return self.source.held_characters / len(self.source.held)

    def ngram(self, setting: Setting, last: int) -> dict[str, list[float]]:
        """Return what n-grams of three pieces say and know (Kneser-Ney, data replaced)."""
        params = LearnerParams(
            source=self.ngrams,
            temperature=setting.temperature,
            external_fraction=setting.external_fraction,
            sample_size=self.tokens,
            generations=last,
        )
        says, knows = [], []
        for found in run_learner(params):
            characters = self.lengths[found.text.words].mean()
            says.append(float(np.log(found.measures.next_words) / characters))
            knows.append(float(np.log(found.measures.perplexity) / self.held_length))
        return {"says": says, "knows": knows}

    def simplex(self, setting: Setting, last: int) -> dict[str, list[float]]:
        """Return what pieces as outcomes say and know: the theory, without sampling noise."""
        held = self.ngrams.held_out
        assert held is not None  # the source has held-out chapters
        seen = held.word_shares()
        # A piece that only held-out chapters have is no outcome.
        shares = self.ngrams.word_shares()
        kinds = shares > 0
        params = LoopParams(
            initial=Law.from_weights(shares[kinds].tolist()),
            temperature=setting.temperature,
            external_fraction=setting.external_fraction,
            noise=False,
            regime="replace",
            generations=last,
        )
        says, knows = [], []
        for p in simulate(params).probabilities:
            said = apply_temperature(p, setting.temperature)
            says.append(float(shannon_entropy(said) / (said @ self.lengths[kinds])))
            surprise = -(seen[kinds] @ np.log(np.maximum(p, 1e-300)))
            knows.append(float(surprise / self.held_length))
        return {"says": says, "knows": knows}
