"""One run of the loop, generation by generation.

Each generation has random numbers of its own, made from (seed, 0, generation) by NumPy's
SeedSequence, so that a change in one generation does not shift the draws of the others. While
sample size x generations <= 10^6, each item is drawn by inverse CDF from one pair of uniform
numbers that does not depend on temperature and external share: then a small change of these changes
the run a little. Beyond that, counts are drawn by the fastest exact method. The same parameters
give the same numbers for the same version of this package and of NumPy.

Next: `stages`, one generation taken apart.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from closedloop_core.checks import of_kind
from closedloop_core.loop.draws import (
    NUMPY_HYPERGEOMETRIC_LIMIT,
    count_by_multinomial,
    draw_by_thinning,
    draw_positions,
    inverse_cdf,
    random_stream,
)
from closedloop_core.loop.regimes import (
    Counts,
    batch_sizes,
    generations,
    initial_counts,
    is_subsampled,
    last_of,
)
from closedloop_core.measures import Array, largest, total
from closedloop_core.settings.params import LoopParams, dataset_sizes

COMMON_DRAWS = 10**6
_FEW = 10_000  # items of a run whose uniforms take 160 kB


@dataclass(frozen=True)
class Trajectory:
    """A run: what was learned and added, generation by generation. Arrays are read-only.

    Attributes
    ----------
    probabilities : (generations + 1, n) float, frequencies of the dataset; row 0 is p_0
    learned : (generations + 1, n) float, what each model has learned: the same array except under
        ``subsample`` with noise
    dataset_size : (generations + 1,) float, items
    synthetic, external : (generations, n) float, items of each batch by origin (whole numbers
        with noise, expected numbers without)
    params : LoopParams
    """

    probabilities: Array
    learned: Array
    dataset_size: Array
    synthetic: Array
    external: Array
    params: LoopParams


def simulate(params: LoopParams) -> Trajectory:
    """Run the loop that ``params`` describes.

    Parameters
    ----------
    params : LoopParams

    Returns
    -------
    Trajectory, with arrays of shape (generations + 1, n) and (generations, n)

    Raises
    ------
    TypeError
        If ``params`` is not a LoopParams.

    Notes
    -----
    The loop is the paper's (Marchi, Soatto, Chaudhari, Tabuada 2024) with external data as in
    Gharesifard and Tabuada (CDC 2025); time O(generations (n + sample_size)).

    Examples
    --------
    >>> from closedloop_core import Law, LoopParams, simulate
    >>> run = simulate(LoopParams(initial=Law.zipf(5), temperature=0.5, generations=40))
    >>> run.probabilities.shape  # the source, and 40 generations
    (41, 5)
    """
    of_kind("params", params, LoopParams, "a LoopParams")
    n, last = params.initial.n, params.generations
    sizes, subsampled = dataset_sizes(params), is_subsampled(params)
    probabilities = np.empty((last + 1, n))
    probabilities[0] = params.initial.probabilities()
    learned = np.empty_like(probabilities) if subsampled else probabilities
    synthetic, batches = np.empty((last, n)), Batches(params, np.array(batch_sizes(params, sizes)))
    dataset = _Items(initial_counts(params, subsampled), last)

    def learn(t: int, data: _Items, items: int) -> Array:
        shares: Array = learned[t]
        if t > 0:
            np.divide(dataset.items, total(dataset.items), out=probabilities[t])
        if subsampled:
            np.divide(data.items, items, out=shares)
        return shares

    def write(t: int, model: Array, items: int) -> Array:
        synthetic[t] = batches.synthetic(t, model)
        batch: Array = synthetic[t] + batches.external[t]
        return batch

    # Below e^-700 a share is 0 in effect, and ln 0 is minus infinity: both are meant.
    with np.errstate(divide="ignore", under="ignore"):
        last_of(generations(params, dataset, learn, write, lambda t: random_stream(params, t, 1)))
    dataset_size, external = np.array(sizes, dtype=np.float64), batches.external
    for array in (probabilities, learned, synthetic, external, dataset_size):
        array.flags.writeable = False
    return Trajectory(probabilities, learned, dataset_size, synthetic, external, params)


class _Items(Counts):
    """The dataset of one run, whose samples are drawn item by item while they are few."""

    def __init__(self, items: Array, generations: int) -> None:
        super().__init__(items)
        self.generations = generations

    def drawn(self, rng: np.random.Generator, size: int, wanted: int) -> "_Items":
        """Return ``wanted`` of the ``size`` items, drawn without replacement."""
        if wanted == size:
            return self
        if wanted * self.generations <= COMMON_DRAWS:
            sample: Array = draw_positions(rng, self.items, size, wanted)
        elif size < NUMPY_HYPERGEOMETRIC_LIMIT:
            whole = self.items.astype(np.int64)
            drawn = rng.multivariate_hypergeometric(whole, wanted, method="marginals")
            sample = drawn.astype(np.float64)
        else:
            sample = draw_by_thinning(rng, self.items, size, wanted)
        return _Items(sample, self.generations)


class Batches:
    """The batches of a run. What does not depend on the model is made for all generations at once.

    ``external`` is (generations, n), items from outside; with too many items for common draws a
    row is made together with its synthetic items.
    """

    def __init__(self, params: LoopParams, added: NDArray[np.int64]) -> None:
        self.params, self.added, self.q = params, added, params.source.probabilities()
        self.temperature = params.over_time("temperature")[:-1]
        fraction = np.array(params.over_time("external_fraction")[:-1])
        self.fraction = fraction
        self.is_common = (added * params.generations <= COMMON_DRAWS) & params.noise
        if params.noise:
            self._draw_common()
        else:
            self.own = added * (1 - fraction)
            self.external = (added * fraction)[:, None] * self.q

    def _draw_common(self) -> None:
        """Draw each item: it is external with probability a, its outcome is from q or E_T(p)."""
        sizes, n = np.where(self.is_common, self.added, 0), len(self.q)
        origin, outcome = _common_uniforms(self.params.seed, tuple(sizes.tolist()))
        generation = np.repeat(np.arange(len(sizes)), sizes)
        is_external = origin < np.repeat(self.fraction, sizes)
        picks = inverse_cdf(outcome[is_external], self.q)
        places = generation[is_external] * n + picks
        self.external = np.bincount(places, minlength=len(sizes) * n).reshape(-1, n) * 1.0
        self.uniforms = outcome[~is_external]
        self.ends = np.cumsum(np.bincount(generation[~is_external], minlength=len(sizes))).tolist()

    def synthetic(self, t: int, learned: Array) -> Array:
        """Return the items, (n,), that the model ``learned`` (n,) adds to generation ``t``."""
        weights = _weights(learned, self.temperature[t])
        if not self.params.noise:
            return np.asarray(weights * (self.own[t] / total(weights)))
        if self.is_common[t]:
            uniforms = self.uniforms[self.ends[t - 1] if t else 0 : self.ends[t]]
            picks = inverse_cdf(uniforms, weights)
            return np.bincount(picks, minlength=len(weights)).astype(np.float64)
        rng, size = random_stream(self.params, t), int(self.added[t])
        n_external = rng.binomial(size, self.fraction[t])
        drawn = count_by_multinomial(rng, size - n_external, weights / weights.sum())
        self.external[t] = count_by_multinomial(rng, n_external, self.q)
        return drawn


def _weights(p: Array, temperature: float) -> Array:
    """Return E_T(p) but for a factor; where p is 0, so is it."""
    if temperature == 1:
        return p
    logs = np.log(p)
    logs -= largest(logs)
    logs /= temperature
    weights: Array = np.exp(logs, out=logs)
    return weights


def _common_uniforms(seed: int, sizes: tuple[int, ...]) -> tuple[Array, Array]:
    """Return the uniforms that decide origin and outcome of all items, one generation on another.

    Kept for the next run: while a dial moves, temperature and share change and the luck stays.
    """
    return (_uniforms_of_few if sum(sizes) <= _FEW else _uniforms_of_many)(seed, sizes)


def _draw_uniforms(seed: int, sizes: tuple[int, ...]) -> tuple[Array, Array]:
    both, end = np.empty((sum(sizes), 2)), 0
    for generation, size in enumerate(sizes):
        if size:
            # Row i belongs to item i: a larger batch keeps the draws of the smaller one.
            key = np.random.SeedSequence(seed, spawn_key=(0, generation))
            both[end : end + size] = np.random.default_rng(key).random((size, 2))
            end += size
    found = both[:, 0].copy(), both[:, 1].copy()
    for array in found:
        array.flags.writeable = False
    return found


# Few for a whole class in which each has a seed of their own: 60 MB at most.
_uniforms_of_few = lru_cache(maxsize=400)(_draw_uniforms)
_uniforms_of_many = lru_cache(maxsize=4)(_draw_uniforms)
