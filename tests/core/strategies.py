"""What the property tests draw from: weights of laws, and how they become probabilities."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

# All outcomes are there.
weights = st.lists(st.integers(1, 1000), min_size=2, max_size=10)
# Outcomes may be absent, all but two of them.
weights_with_zeros = st.lists(st.integers(0, 1000), min_size=2, max_size=12).filter(
    lambda values: sum(value > 0 for value in values) > 1
)


def normalised(values: Any) -> Any:
    """Return weights as probabilities, (n,)."""
    values = np.asarray(values, dtype=np.float64)
    return values / values.sum()
