"""What a batch does to a dataset: written once, for single runs, ensembles, grids and all learners.

There are three things that a regime does, whatever the dataset is (counts here; it may be a table
or a list of anything): a batch *joins* the dataset, a batch *replaces* it, or a model learns from a
sample *drawn* from it without replacement. How a model learns, and how it writes a batch, are
functions that the caller passes. Next: `draws`.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np

from closedloop_core.loop.draws import draw_subsamples
from closedloop_core.measures import Array
from closedloop_core.settings.params import LoopParams, dataset_sizes

M = TypeVar("M")


class Dataset(Protocol):
    """Anything that a regime can act on. A ``batch`` is whatever the writing function returns."""

    def join(self, batch: Any) -> None:
        """Add a batch to what is there."""

    def replace(self, batch: Any) -> None:
        """Put a batch in the place of what is there."""

    def drawn(self, rng: np.random.Generator, size: int, wanted: int) -> Any:
        """Return ``wanted`` of the ``size`` items, drawn without replacement, as a dataset."""


class Counts:
    """A dataset, or many of the same size, as numbers of items by outcome: (..., n) float."""

    def __init__(self, items: Array) -> None:
        self.items = items

    def join(self, batch: Array) -> None:
        """Add a batch, (..., n) float, in place."""
        self.items += batch

    def replace(self, batch: Array) -> None:
        """Put a batch, (..., n) float, in their place; it becomes ``items`` itself, no copy."""
        self.items = batch

    def drawn(self, rng: np.random.Generator, size: int, wanted: int) -> "Counts":
        """Return ``wanted`` of the ``size`` items of each row, drawn without replacement.

        ``items`` must be (m, n), whole numbers; so are those of the sample.
        """
        return Counts(draw_subsamples(rng, self.items, size, wanted))


def is_subsampled(params: LoopParams) -> bool:
    """Say whether models learn from a sample: not without noise, where it is like the whole."""
    return params.noise and params.regime == "subsample"


def batch_sizes(params: LoopParams, sizes: Sequence[int]) -> list[int]:
    """Return the number of new items of each generation.

    Parameters
    ----------
    params : LoopParams
    sizes : int, the sizes of the dataset N_0, N_1, ..., as `dataset_sizes` gives them

    Returns
    -------
    list of int, one shorter than ``sizes``
    """
    kept = 0 if params.regime == "replace" else 1
    return [new - kept * old for old, new in zip(sizes[:-1], sizes[1:], strict=True)]


def generations(
    params: LoopParams,
    dataset: Dataset,
    learn: Callable[[int, Any, int], M | None],
    write: Callable[[int, M, int], Any],
    stream: Callable[[int], np.random.Generator],
) -> Iterator[M]:
    """Repeat the loop: learn from the dataset, let the model write a batch, renew the dataset.

    Nothing is computed before it is asked for: who stops asking has cancelled the rest.

    Parameters
    ----------
    params : LoopParams, of which this function reads the regime, the sizes and the schedule
    dataset : Dataset, the original data; it is changed in place
    learn : called as ``learn(t, data, items)`` for t = 0..generations with the data to learn from
        and their number of items; returns the model, or None to stop
    write : called as ``write(t, model, items)``; returns the batch of so many items that follows
        generation t, external items included
    stream : called as ``stream(t)`` for the generator that draws what model t learns from

    Yields
    ------
    Each model as soon as it has learned, before it writes
    """
    sizes, subsampled = dataset_sizes(params), is_subsampled(params)
    added = batch_sizes(params, sizes)
    for t, size in enumerate(sizes):
        data, items = dataset, size
        if subsampled:
            items = min(params.at(t).subsample_size, size)
            data = dataset.drawn(stream(t), size, items)
        model = learn(t, data, items)
        if model is None:
            return
        yield model
        if t == params.generations:
            return
        batch = write(t, model, added[t])
        if params.regime == "replace":
            dataset.replace(batch)
        else:
            dataset.join(batch)


def last_of(models: Iterator[M]) -> M | None:
    """Run a loop to its end and return the last model; None if there was none."""
    kept = deque(models, maxlen=1)
    return kept[0] if kept else None


def initial_counts(params: LoopParams, whole: bool) -> Array:
    """Return N_0 p_0: the number of items of each outcome in the original dataset.

    Parameters
    ----------
    params : LoopParams
    whole : bool, whether to round to whole items that add up to N_0 (the largest rests are rounded
        up); samples without replacement need whole items

    Returns
    -------
    (n,) float
    """
    counts = params.initial_size * params.initial.probabilities()
    if not whole:
        return counts
    floors = np.floor(counts)
    short = params.initial_size - int(floors.sum())
    floors[np.argsort(floors - counts, kind="stable")[:short]] += 1
    return floors
