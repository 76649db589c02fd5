"""A model's next words against a dictionary twin, at every context and temperature; and its range.

The twin knows nothing of levels, layouts or back-off parts: it makes whole laws from definitions.
"""

import numpy as np
import pytest

from closedloop_core.learners.model import fit_ngrams
from tests.core.learners.twins import (
    Twin,
    all_contexts,
    entropy,
    heat,
    ragged,
    random_source,
    tale,
)

TEMPERATURES = (0.02, 0.3, 0.8, 1.0, 2.5, 50.0)


def datasets(order):
    source = random_source(order, 12, 150, seed=order)
    return [tale(order).table, source.table, ragged(source, seed=order)]


@pytest.mark.parametrize("smoothing", ["kneser_ney", "none"])
@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_every_law_is_the_twins_and_sums_to_one(order, smoothing):
    for table in datasets(order):
        model, twin = fit_ngrams(table, smoothing), Twin(table, smoothing)
        for context in all_contexts(table):
            words = [table.vocabulary[w] for w in context]
            expected = twin.law(context)
            if expected is None or (smoothing == "none" and len(context) < order - 1):
                with pytest.raises(ValueError, match="context must be"):
                    model.next_word(words)
                continue
            row = model.row_of(words)
            for temperature in TEMPERATURES:
                law = model.next_word(words, temperature)
                assert abs(law.sum() - 1) < 1e-12
                np.testing.assert_allclose(law, heat(expected, temperature), atol=1e-12, rtol=0)
                entropies = np.concatenate([t.entropy for t in model.sampler(temperature).tempered])
                assert abs(entropies[row] - entropy(law)) < 1e-9
