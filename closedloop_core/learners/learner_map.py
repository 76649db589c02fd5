"""A map of n-gram loops over temperature and external share: measured, coarse first.

Every setting is run as by `run_learner`, with the same random numbers.
Next: `mean_field`, the exact theory of loops without smoothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.checks import numbers, of_kind
from closedloop_core.learners.model import NGramModel
from closedloop_core.learners.ngram_learner import NGramLearner, TextMeasures
from closedloop_core.learners.params import LearnerParams
from closedloop_core.learners.table import Keys, NGramTable
from closedloop_core.learners.texts import Texts
from closedloop_core.loop.draws import random_stream
from closedloop_core.loop.regimes import batch_sizes, generations, last_of
from closedloop_core.measures import Array
from closedloop_core.settings.limits import ParameterError
from closedloop_core.settings.params import dataset_sizes

MAP_TEMPERATURES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0, 1.1, 1.2, 1.4, 1.6)
MAP_FRACTIONS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
MAP_GENERATIONS = 12
COARSE = 9  # settings after which the first picture is there: the ends and the middle of both axes

MEASURED = ("next_words", "learned_words", "perplexity", "impossible", "distance")


@dataclass(frozen=True)
class LearnerMap:
    """What loops end as, so far. NaN where a setting has not been run yet.

    Attributes
    ----------
    params : LearnerParams, everything but temperature and external share
    temperatures, external_fractions : (t,), (a,) float
    done : int, settings that have been run
    next_words, learned_words, perplexity, impossible, distance : (t, a) float, as in
        `TextMeasures`, of the last generation
    """

    params: LearnerParams
    temperatures: Array
    external_fractions: Array
    done: int
    next_words: Array
    learned_words: Array
    perplexity: Array
    impossible: Array
    distance: Array

    @property
    def total(self) -> int:
        """The number of settings."""
        return self.next_words.size


def map_learner(
    params: LearnerParams,
    temperatures: ArrayLike = MAP_TEMPERATURES,
    external_fractions: ArrayLike = MAP_FRACTIONS,
) -> Iterator[LearnerMap]:
    """Run the loop at every temperature and external share, coarse first.

    Parameters
    ----------
    params : LearnerParams with noise and without a schedule; everything but the two
    temperatures, external_fractions : (t,), (a,) float within their limits

    Yields
    ------
    LearnerMap, after every setting; after the first nine there are the ends and the middle of
    both axes. Who stops asking cancels the rest

    Raises
    ------
    ValueError
        If a value is outside its range, or there is a schedule, or no noise.
    """
    of_kind("params", params, LearnerParams, "LearnerParams")
    axes = [
        numbers("temperatures", temperatures).copy(),
        numbers("external_fractions", external_fractions).copy(),
    ]
    for name, axis in zip(("temperature", "external_fraction"), axes, strict=True):
        if axis.ndim != 1 or not len(axis):
            raise ParameterError(name, f"{name} must be a row of numbers, got shape {axis.shape}")
    if params.schedule or not params.noise:
        had = f"{len(params.schedule)} changes" if params.schedule else "no noise"
        raise ParameterError(
            "schedule", f"a map must be of runs with noise and without a schedule, got {had}"
        )
    for value in axes[0].tolist():
        params.replace(temperature=value)
    for value in axes[1].tolist():
        params.replace(external_fraction=value)
    return _maps(params, *axes)


def _maps(params: LearnerParams, temperatures: Array, fractions: Array) -> Iterator[LearnerMap]:
    found = np.full((len(MEASURED), len(temperatures), len(fractions)), np.nan)
    runs = MapRuns(params)
    for done, (row, column) in enumerate(map_order(len(temperatures), len(fractions)), start=1):
        found[:, row, column] = runs.measures(temperatures[row], fractions[column])
        layers = dict(zip(MEASURED, found.copy(), strict=True))
        yield LearnerMap(params, temperatures, fractions, done, **layers)


class MapRuns:
    """The runs of a map, one by one; what they share is made once.

    Parameters
    ----------
    params : LearnerParams, as of `map_learner`
    """

    def __init__(self, params: LearnerParams) -> None:
        self._params, self._first = params, _First(NGramLearner(params))
        self._drawn = dict[int, Keys]()

    def measures(self, temperature: float, external_fraction: float) -> list[float]:
        """Run one setting and return what it is measured by in the end, in the order `MEASURED`."""
        here = self._params.replace(temperature=temperature, external_fraction=external_fraction)
        end = _end_of(_OnMap(here, self._drawn), self._first)
        return [getattr(end, name) for name in MEASURED]


def map_order(rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """Yield all settings: the ends and the middle of both axes, every third, then the rest.

    Parameters
    ----------
    rows, columns : int, temperatures and external shares

    Yields
    ------
    (int, int), row and column
    """
    seen: set[tuple[int, int]] = set()
    for pick in (_ends, _thirds, range):
        for column in pick(columns):
            for row in pick(rows):
                if (row, column) not in seen:
                    seen.add((row, column))
                    yield row, column


def _ends(size: int) -> Sequence[int]:
    return sorted({0, size // 2, size - 1})


def _thirds(size: int) -> Sequence[int]:
    return sorted({*_ends(size), *range(0, size, 3)})


class _OnMap(NGramLearner):
    """A learner that draws the external n-grams of a generation once for all settings.

    All settings draw the same ones, so each takes the first of those in ``drawn``.
    """

    def __init__(self, params: LearnerParams, drawn: dict[int, Keys]) -> None:
        super().__init__(params)
        self.drawn, self.parts = drawn, dict[tuple[int, int], int]()

    def external(self, generation: int, items: int) -> int:
        """Return how many of a batch's items are external; it is asked for twice."""
        key = generation, items
        if key not in self.parts:
            self.parts[key] = super().external(generation, items)
        return self.parts[key]

    def is_measured(self, generation: int) -> bool:
        """Whether a generation is the last."""
        return generation == self.params.generations

    def outside(self, generation: int, items: int) -> Keys:
        """Return so many n-grams drawn from the source, (items,)."""
        found = self.drawn.get(generation)
        if found is None or len(found) < items:
            found = self.drawn[generation] = super().outside(generation, items)
        return found[:items]


class _First:
    """The model of the source, with which all loops begin, and what it writes.

    At one temperature its texts are the same for every external share: the same random numbers
    write them, and a batch takes as much of them as it needs.
    """

    def __init__(self, learner: NGramLearner) -> None:
        self.model = learner.fit(learner.original())
        self.texts: dict[float, Texts] = {}

    def text(self, learner: NGramLearner, items: int) -> Texts:
        """Return the first texts of a loop."""
        temperature = learner.params.temperature
        if temperature not in self.texts:
            self.texts[temperature] = learner.write(0, self.model, items)
        return self.texts[temperature]


def _end_of(learner: NGramLearner, first: _First) -> TextMeasures:
    """Run a loop and return what it is measured by in the end, and nothing on the way."""
    loop = learner.params.loop
    added = batch_sizes(loop, dataset_sizes(loop))

    def fit(t: int, data: NGramTable, items: int) -> NGramModel:
        is_first = t == 0 and loop.regime != "subsample"
        return first.model if is_first else learner.fit(data)

    def batch(t: int, model: NGramModel, items: int) -> NGramTable:
        if model is first.model:
            return learner.batch(t, model, first.text(learner, items), items)
        # No more than the batch needs.
        text = learner.write(t, model, items - learner.external(t, items))
        return learner.batch(t, model, text, items)

    model = last_of(
        generations(loop, learner.original(), fit, batch, lambda t: random_stream(loop, t, 1))
    )
    assert model is not None  # it never stops early
    last = loop.generations
    return learner.measure(last, model, learner.write(last, model, added[-1]))
