"""One generation for the component that shows its stages: numbers for what is drawn. Pure."""

import numpy as np
from numpy.typing import NDArray

from closedloop_core import Trajectory, stages
from closedloop_core.measures import Array
from pages.ui.canvas import pack
from pages.ui.playground.inside_words import heading, tellings
from pages.ui.wording import label

MOST_BARS = 60  # as in the player; with more outcomes the few that matter, and all others in one
FEW_BARS = 12
_DRAWN = ("dataset", "learned", "tempered", "synthetic", "external", "new_dataset")
MOST_DOTS = 200  # a batch this small is drawn item by item


def pack_stages(run: Trajectory, generation: int) -> bytes:
    """Pack one generation of a run: a few laws and counts over at most `MOST_BARS` bars.

    Returns
    -------
    bytes
        As `pages.ui.canvas.pack.pack`. Shares ``source``, ``dataset``, ``learned``, ``tempered``,
        ``new_dataset`` and counts ``synthetic``, ``external``, one entry a bar.
    """
    found = stages(run, generation)
    now = found.settings
    kept = kept_outcomes(run)
    labels = [label(now.initial, i) for i in kept.tolist()]
    arrays = {name: _folded(getattr(found, name), kept) for name in _DRAWN}
    # Double precision: these numbers are printed too, and must round as they do in the words.
    arrays["source"] = _folded(found.reference, kept)
    header = {
        "run": f"{hash(run.params):x}",
        "generation": generation,
        "generations": run.params.generations,
        "labels": labels,
        "others": now.initial.n - len(kept),
        "noise": now.noise,
        "replaces": now.regime == "replace",
        "external_fraction": now.external_fraction,
        "dots": now.noise and found.batch_size <= MOST_DOTS,
        "dataset_size": found.dataset_size,
        "learned_size": found.learned_size,
        "batch_size": found.batch_size,
        "new_dataset_size": found.new_dataset_size,
        "heading": heading(found),
        "stages": tellings(found),
    }
    return pack.pack(header, arrays)


def kept_outcomes(run: Trajectory) -> NDArray[np.intp]:
    """Return the outcomes that have a bar of their own, in the order of the law.

    All, up to `MOST_BARS`; else the `FEW_BARS` that are ever largest in the source or in the data
    (whoever luck makes the winner is among them), the same ones in every generation of a run.
    """
    n = run.params.initial.n
    if n <= MOST_BARS:
        return np.arange(n)
    peaks = np.maximum(run.params.source.probabilities(), run.probabilities.max(axis=0))
    return np.sort(np.argsort(-peaks, kind="stable")[:FEW_BARS])


def _folded(values: Array, kept: NDArray[np.intp]) -> Array:
    """Return the values of the kept outcomes, and behind them the sum of all others, if any."""
    if len(kept) == len(values):
        return values
    others = np.delete(values, kept).sum()
    return np.append(values[kept], others)
