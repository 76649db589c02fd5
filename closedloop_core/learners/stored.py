"""The counts of a source as JSON-ready values, and back. Next: `source`."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from closedloop_core.learners.table import MAX_KINDS, Keys
from closedloop_core.measures import Array
from closedloop_core.settings.limits import ParameterError

_MOST = 10**9  # that an n-gram counts


def written(vocabulary: tuple[str, ...], keys: Keys, counts: Array) -> dict[str, Any]:
    """Return words, keys and counts, (ngrams,) each, as lists."""
    return {
        "vocabulary": list(vocabulary),
        "keys": keys.tolist(),
        "counts": counts.astype(np.int64).tolist(),
    }


def read(values: Mapping[str, Any], order: int) -> tuple[tuple[str, ...], Keys, Array]:
    """Read what `written` returned: words, keys and counts, (ngrams,) each.

    Raises
    ------
    ValueError
        On anything else, as a `ParameterError`.
    """
    vocabulary, keys, counts = (_list(values.get(k)) for k in ("vocabulary", "keys", "counts"))
    is_whole = (
        0 < len(vocabulary) <= MAX_KINDS[order]
        and all(isinstance(word, str) for word in vocabulary)
        and _are_whole(keys, 0, len(vocabulary) ** order - 1)
        and _are_whole(counts, 1, _MOST)
        and len(keys) == len(counts) > 0
        and keys == sorted(set(keys))
    )
    if not is_whole:
        raise ParameterError("source", "a source must list words, rising keys and counts >= 1")
    return tuple(vocabulary), np.array(keys, dtype=np.int64), np.array(counts, dtype=np.float64)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _are_whole(values: list[Any], low: int, high: int) -> bool:
    return all(isinstance(v, int) and not isinstance(v, bool) and low <= v <= high for v in values)
