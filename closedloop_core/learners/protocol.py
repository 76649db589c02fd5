"""What learns, and the loop in which it learns from what it wrote.

A learner says what its data are, how a model is fitted to them, how a model writes at a
temperature, and what of it all is measured; regimes, sizes, schedules and random streams are those
of every other loop. Next: `ngram_learner`.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any, Protocol

from closedloop_core.checks import of_kind
from closedloop_core.learners.gaussian import GaussianParams
from closedloop_core.learners.gaussian_learner import GaussianLearner
from closedloop_core.learners.image_learner import ImageLearner, ImageParams
from closedloop_core.learners.ngram_learner import NGramLearner
from closedloop_core.learners.params import LearnerParams
from closedloop_core.loop.draws import random_stream
from closedloop_core.loop.regimes import Dataset, batch_sizes, generations
from closedloop_core.settings.params import LoopParams, dataset_sizes


class Learner(Protocol):
    """What learns: one file each. Data, models, texts and measures are the learner's own kinds."""

    def original(self) -> Dataset:
        """Return the data that the first model learns from."""

    def fit(self, data: Any) -> Any:
        """Return the model that has learned ``data``."""

    def write(self, generation: int, model: Any, items: int) -> Any:
        """Let a model write so many items, at the temperature of its generation."""

    def batch(self, generation: int, model: Any, text: Any, items: int) -> Any:
        """Return so many new items: the external ones, and the rest from what was written."""

    def measure(self, generation: int, model: Any, text: Any) -> Any:
        """Score a model, and what it wrote."""


@dataclass(frozen=True)
class Generation:
    """One generation of a run.

    Attributes
    ----------
    index : int, from 0 on
    dataset : the data as they are; under ``subsample`` the model learned from a part of them
    model : what has learned them
    text : what it wrote
    measures : what was measured of model and text
    """

    index: int
    dataset: Any
    model: Any
    text: Any
    measures: Any


def run_learner(params: LearnerParams | ImageParams | GaussianParams) -> Iterator[Generation]:
    """Run the loop that ``params`` describes, one generation each time that it is asked.

    Parameters
    ----------
    params : LearnerParams of a language model, ImageParams, or GaussianParams

    Yields
    ------
    Generation 0 (the source's), 1, ... ``params.generations``; who stops asking cancels the rest

    Raises
    ------
    TypeError
        If ``params`` is something else.

    Notes
    -----
    Random streams are keyed by (seed, block 0, generation, purpose), so that changing one setting
    does not shift the others' draws.

    Examples
    --------
    >>> from closedloop_core import LearnerParams, NGrams, run_learner
    >>> source = NGrams.from_text('a rose is a rose is a rose and a daisy is no rose ' * 9, order=2)
    >>> params = LearnerParams(source=source, sample_size=200, generations=3)
    >>> len(list(run_learner(params)))  # the source's model, and three more
    4
    """
    if isinstance(params, ImageParams):
        return run_loop(params.loop, ImageLearner(params))
    if isinstance(params, GaussianParams):
        return run_loop(params.loop, GaussianLearner(params))
    of_kind("params", params, LearnerParams, "LearnerParams, ImageParams or GaussianParams")
    return run_loop(params.loop, NGramLearner(params))


def run_loop(loop: LoopParams, learner: Learner) -> Iterator[Generation]:
    """Run the loop with any learner; see `run_learner`."""
    dataset = learner.original()
    added = batch_sizes(loop, dataset_sizes(loop))

    def learn(t: int, data: Any, items: int) -> Generation:
        model = learner.fit(data)
        text = learner.write(t, model, added[min(t, len(added) - 1)])
        return Generation(t, copy(dataset), model, text, learner.measure(t, model, text))

    def write(t: int, found: Generation, items: int) -> Any:
        return learner.batch(t, found.model, found.text, items)

    return generations(loop, dataset, learn, write, lambda t: random_stream(loop, t, 1))
