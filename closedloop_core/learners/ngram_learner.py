"""An n-gram language model in the loop: what it learns, writes and is measured by.

The dataset is a table of n-gram counts. A batch of k n-grams is Binomial(k, a) of the source's and
the rest counted in texts: 200 side by side, each started at a context drawn from the dataset, the
first 50 words dropped. A text at a dead end begins anew at a context drawn in the same way; as
the walk goes on, nothing more is dropped there. Next: `learner_map`, many settings at once.
"""

from dataclasses import dataclass

import numpy as np

from closedloop_core.learners.mean_field import Contexts, image_of_text
from closedloop_core.learners.model import NGramModel, fit_ngrams
from closedloop_core.learners.params import LearnerParams
from closedloop_core.learners.table import Keys, NGramTable
from closedloop_core.learners.text_measures import copied_share, distinct_shares, loop_period
from closedloop_core.learners.texts import Texts, write_texts
from closedloop_core.loop.draws import random_stream

_TEXT, _EXTERNAL, _HOW_MANY = 3, 4, 5  # purposes of random streams; 0 to 2 belong to other loops


@dataclass(frozen=True)
class TextMeasures:
    """What is measured of a generation.

    Attributes
    ----------
    next_words : float, words to choose the next one from: exp of the mean entropy of the next word
        at this temperature
    learned_words : float, the same of the untempered model after the contexts of its dataset: what
        the data hold, external ones included
    perplexity : float, of the untempered model on text of the source that no model learned; inf
        where it calls some of it impossible, NaN where nothing is held out
    impossible : float, the share of that text that it calls impossible
    words, contexts : int, kinds of words, and of contexts, in the dataset
    distinct : (3,) float, different passages of one, two and three words as a share of all
    period : int, words of the loop that texts have fallen into; 0 for none
    copied : float, share of passages of eight words that stand in the source's text; NaN where
        that is not at hand
    distance : float, total variation between the words written and those of the source
    """

    next_words: float
    learned_words: float
    perplexity: float
    impossible: float
    words: int
    contexts: int
    distinct: tuple[float, ...]
    period: int
    copied: float
    distance: float


class NGramLearner:
    """N-gram models learn; see `protocol.Learner`."""

    def __init__(self, params: LearnerParams) -> None:
        self.params, self.source = params, params.source
        self.ends = np.cumsum(self.source.counts).astype(np.int64)
        self.contexts = None if params.noise else Contexts.of(self.source)

    def original(self) -> NGramTable:
        """Return the source's counts, whole."""
        return self.source.table

    def fit(self, data: NGramTable) -> NGramModel:
        """Return the model of a dataset."""
        return fit_ngrams(data, self.params.smoothing, self.params.discount)

    def write(self, generation: int, model: NGramModel, items: int) -> Texts:
        """Write texts that hold so many n-grams."""
        temperature = self.params.loop.at(generation).temperature
        sampler = model.sampler(temperature, self.params.truncation)
        rng = random_stream(self.params.loop, generation, _TEXT)
        return write_texts(model, sampler, items, rng, self.is_measured(generation))

    def is_measured(self, generation: int) -> bool:
        """Whether a generation's texts are measured; a map measures the last alone."""
        return True

    def external(self, generation: int, items: int) -> int:
        """Return how many of a batch's items are external."""
        a = self.params.loop.at(generation).external_fraction
        return int(random_stream(self.params.loop, generation, _HOW_MANY).binomial(items, a))

    def batch(self, generation: int, model: NGramModel, text: Texts, items: int) -> NGramTable:
        """Return a batch of so many n-grams."""
        if self.contexts is not None:
            return self._expected(generation, model.table, items)
        external = self.external(generation, items)
        keys = [text.keys[: items - external], self.outside(generation, external)]
        return NGramTable.of(self.source.order, self.source.vocabulary, np.concatenate(keys))

    def outside(self, generation: int, items: int) -> Keys:
        """Return so many n-grams drawn from the source, (items,); fewer are the first of more."""
        rng = random_stream(self.params.loop, generation, _EXTERNAL)
        picks = rng.integers(0, self.ends[-1], items)
        found: Keys = self.source.keys[self.ends.searchsorted(picks, side="right")]
        return found

    def _expected(self, generation: int, table: NGramTable, items: int) -> NGramTable:
        """Return the batch of infinitely long texts: expected numbers, not whole ones."""
        assert self.contexts is not None
        now = self.params.loop.at(generation)
        joint = np.zeros(len(self.source.keys))
        joint[self.source.keys.searchsorted(table.keys)] = table.counts / table.counts.sum()
        image = image_of_text(self.contexts, joint, now.temperature, now.external_fraction)
        return self.source.table.only(items * image)

    def measure(self, generation: int, model: NGramModel, text: Texts) -> TextMeasures:
        """Score a model and its texts."""
        kinds, table, held = len(self.source.vocabulary), model.table, self.source.held_out
        entropy = text.entropy
        if self.contexts is not None:
            entropy = model.entropy_rate(self.params.loop.at(generation).temperature)
        said = np.bincount(text.words.ravel(), minlength=kinds) / text.words.size
        alive = np.bincount(table.keys % kinds, minlength=kinds)
        texts = text.words.astype(np.int64)
        scores = (np.nan, np.nan) if held is None else model.scores(held)
        return TextMeasures(
            next_words=float(np.exp(entropy)),
            learned_words=float(np.exp(model.learned_entropy())),
            perplexity=scores[0],
            impossible=scores[1],
            words=int(np.count_nonzero(alive)),
            contexts=model.levels[-1].rows,
            distinct=distinct_shares(texts, kinds),
            period=loop_period(texts),
            copied=copied_share(texts, self.source),
            distance=float(0.5 * np.abs(said - self.source.word_shares()).sum()),
        )
