"""The texts of a generation, written side by side.

Next: `ngram_learner`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from closedloop_core.learners.model import NGramModel
from closedloop_core.learners.sampler import Sampler
from closedloop_core.learners.table import Keys
from closedloop_core.learners.writing import draw_uniforms, write

CHAINS, DROPPED = 200, 50
_AT_ONCE = 1_000  # words of a text that are written at once: memory is bounded


@dataclass(frozen=True)
class Texts:
    """What a model wrote, side by side.

    Attributes
    ----------
    words : (chains, steps) int32, word numbers, without the words that were dropped
    keys : (items,) int64, the n-grams, word after word of all texts
    entropy : float, mean entropy of the next word over the texts, in nats; NaN where nobody asked
    """

    words: NDArray[np.int32]
    keys: Keys
    entropy: float


def write_texts(
    model: NGramModel,
    sampler: Sampler,
    items: int,
    rng: np.random.Generator,
    with_entropy: bool = True,
) -> Texts:
    """Write texts that hold so many n-grams: 200 side by side, the first 50 words dropped.

    Parameters
    ----------
    model : NGramModel
    sampler : Sampler, of the model
    items : int >= 0
    rng : numpy.random.Generator
    with_entropy : bool, whether the texts' entropy is measured
    """
    total = DROPPED + max(-(-items // CHAINS), 1)
    starts = model.starts(sampler)
    rows = starts.draw(rng.random(CHAINS))
    before, laws = model.context_keys(rows), sampler.truncated_laws()
    kept_words, kept_keys = [], []
    entropy = 0.0 if with_entropy else np.nan
    for done in range(0, total, _AT_ONCE):
        uniforms = draw_uniforms(rng, min(_AT_ONCE, total - done), CHAINS, len(model.levels))
        if laws is None:
            entries, states = write(sampler.layout, rows, uniforms, starts)
            words = sampler.layout.words.take(entries)
            of_rows = sampler.entropy if with_entropy else None
        else:
            words, states = laws.write(rows, uniforms)
            of_rows = laws.entropy if with_entropy else None
        rows, kept = states[-1], slice(max(DROPPED - done, 0), None)
        if model.smoothing == "none":
            # Without smoothing every word is an entry of the dataset's own table.
            keys = model.table.keys.take(entries)
        else:
            keys, before = model.keys_written(before, words)
        kept_words.append(words[kept].astype(np.int32))
        kept_keys.append(keys[kept].ravel())
        if of_rows is not None:
            entropy += float(of_rows.take(states[:-1][kept]).sum())
    texts = np.ascontiguousarray(np.concatenate(kept_words).T)
    return Texts(texts, np.concatenate(kept_keys)[:items], entropy / texts.size)
