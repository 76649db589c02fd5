"""One run of the loop, generation by generation.

Random streams are keyed by (seed, run block, generation) through SeedSequence, so that changing
one setting does not shift the others' draws. A single run draws each item by inverse CDF from
common uniforms while sample size x generations <= 10^6: then a small change of a dial changes
the picture a little. Beyond that it draws the counts by the fastest exact method. The same
parameters give the same numbers for the same version of this package and of NumPy.

Next: `stages`, one generation taken apart; then `draws`, towards many runs at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from closedloop_core.laws import Law
from closedloop_core.measures import Array
from closedloop_core.params import LoopParams, dataset_sizes

COMMON_DRAWS = 10**6
_NUMPY_HYPERGEOMETRIC_LIMIT = 10**9
_FEW_ITEMS = 64


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
    Trajectory

    Notes
    -----
    The loop is the paper's (Marchi, Soatto, Chaudhari, Tabuada 2024) with external data as in
    Gharesifard and Tabuada (CDC 2025); time O(generations (n + sample_size)).
    """
    n, generations = params.initial.n, params.generations
    sizes = dataset_sizes(params)
    replaced = params.regime == "replace"
    added = np.array(sizes[1:]) - (0 if replaced else np.array(sizes[:-1]))
    probabilities = np.empty((generations + 1, n))
    probabilities[0] = params.initial.probabilities()
    subsampled = params.noise and params.regime == "subsample"
    learned = np.empty_like(probabilities) if subsampled else probabilities
    synthetic, batches = np.empty((generations, n)), _Batches(params, added)
    counts = _initial_counts(params, subsampled)
    # Below e^-700 a share is 0 in effect, and ln 0 is minus infinity: both are meant.
    with np.errstate(divide="ignore", under="ignore"):
        for t in range(generations):
            if subsampled:
                learned[t] = _learn_from_sample(params.at(t), t, counts, sizes[t])
            synthetic[t] = batches.synthetic(t, learned[t])
            batch = synthetic[t] + batches.external[t]
            counts = batch if replaced else counts + batch
            np.divide(counts, counts.sum(), out=probabilities[t + 1])
    if subsampled:
        learned[-1] = _learn_from_sample(params.at(generations), generations, counts, sizes[-1])
    dataset_size, external = np.array(sizes, dtype=np.float64), batches.external
    for array in (probabilities, learned, synthetic, external, dataset_size):
        array.flags.writeable = False
    return Trajectory(probabilities, learned, dataset_size, synthetic, external, params)


def sweep_external(
    params: LoopParams, external_fractions: Sequence[float], generations_per_step: int
) -> Array:
    """Change the external share step by step, each run starting where the last one ended.

    Parameters
    ----------
    params : LoopParams; regime ``replace`` (a dataset that only grows forgets nothing)
    external_fractions : the shares, in the order in which they are visited
    generations_per_step : int >= 1

    Returns
    -------
    (steps, n) float, the state at the end of each step

    Raises
    ------
    ValueError
        If the regime is not ``replace``, or a share is outside [0, 1].
    """
    if params.regime != "replace":
        raise ValueError(f"regime must be replace for a sweep, got {params.regime!r}")
    states = np.empty((len(external_fractions), params.initial.n))
    state = params.initial.probabilities()
    for step, fraction in enumerate(external_fractions):
        run = params.replace(
            initial=Law.from_weights(state),
            reference=params.source,
            external_fraction=fraction,
            generations=generations_per_step,
            seed=(params.seed + step) % 2**32,
        )
        state = simulate(run).probabilities[-1]
        states[step] = state
    return states


def _initial_counts(params: LoopParams, whole: bool) -> Array:
    """N_0 p_0; in whole items (largest remainder) where items are drawn without replacement."""
    counts = params.initial_size * params.initial.probabilities()
    if not whole:
        return counts
    floors = np.floor(counts)
    short = params.initial_size - int(floors.sum())
    floors[np.argsort(floors - counts, kind="stable")[:short]] += 1
    return floors


def _stream(params: LoopParams, generation: int, *purpose: int) -> np.random.Generator:
    """Return the random stream of a generation (run block 0: a single run)."""
    key = (0, generation, *purpose)
    return np.random.default_rng(np.random.SeedSequence(params.seed, spawn_key=key))


class _Batches:
    """The batches of a run. What does not depend on the model is made for all generations at once.

    ``external`` is (generations, n), items from outside; with too many items for common draws a
    row is made together with its synthetic items.
    """

    def __init__(self, params: LoopParams, added: NDArray[np.int64]) -> None:
        self.params, self.added, self.q = params, added, params.source.probabilities()
        settings = [params.at(t) for t in range(params.generations)]
        self.temperature = [now.temperature for now in settings]
        fraction = np.array([now.external_fraction for now in settings])
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
        picks = _inverse_cdf(outcome[is_external], self.q)
        places = generation[is_external] * n + picks
        self.external = np.bincount(places, minlength=len(sizes) * n).reshape(-1, n) * 1.0
        self.uniforms = outcome[~is_external]
        self.ends = np.cumsum(np.bincount(generation[~is_external], minlength=len(sizes))).tolist()

    def synthetic(self, t: int, learned: Array) -> Array:
        """Return the items that the model adds to generation ``t``, by outcome."""
        weights = _weights(learned, self.temperature[t])
        if not self.params.noise:
            return np.asarray(weights * (self.own[t] / weights.sum()))
        if self.is_common[t]:
            uniforms = self.uniforms[self.ends[t - 1] if t else 0 : self.ends[t]]
            picks = _inverse_cdf(uniforms, weights)
            return np.bincount(picks, minlength=len(weights)).astype(np.float64)
        rng, size = _stream(self.params, t), int(self.added[t])
        n_external = rng.binomial(size, self.fraction[t])
        drawn = _count_by_multinomial(rng, size - n_external, weights / weights.sum())
        self.external[t] = _count_by_multinomial(rng, n_external, self.q)
        return drawn


def _weights(p: Array, temperature: float) -> Array:
    """Return E_T(p) but for a factor; where p is 0, so is it."""
    if temperature == 1:
        return p
    logs = np.log(p)
    logs -= logs.max()
    logs /= temperature
    weights: Array = np.exp(logs, out=logs)
    return weights


@lru_cache(maxsize=4)
def _common_uniforms(seed: int, sizes: tuple[int, ...]) -> tuple[Array, Array]:
    """Return the uniforms that decide origin and outcome of all items, one generation on another.

    Kept for the next run: while a dial moves, temperature and share change and the luck stays.
    """
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


def _inverse_cdf(uniforms: Array, weights: Array) -> NDArray[np.intp]:
    cumulative = weights.cumsum()
    # Scaled by its own last entry, the last positive outcome ends at exactly 1, above any uniform.
    cumulative /= cumulative[-1]
    return cumulative.searchsorted(uniforms, side="right")


def _count_by_multinomial(rng: np.random.Generator, size: int, p: Array) -> Array:
    # Over the support only: NumPy gives the rounding remainder to the last entry, which would
    # let an absent outcome return.
    counts = np.zeros(len(p))
    present = p > 0
    counts[present] = rng.multinomial(size, p[present])
    return counts


def _learn_from_sample(params: LoopParams, generation: int, counts: Array, total: int) -> Array:
    """Frequencies of ``subsample_size`` items drawn without replacement from the dataset."""
    wanted = min(params.subsample_size, total)
    rng = _stream(params, generation, 1)
    if wanted == total:
        return counts / total
    if wanted * params.generations <= COMMON_DRAWS:
        return _draw_positions(rng, counts, total, wanted) / wanted
    if total < _NUMPY_HYPERGEOMETRIC_LIMIT:
        whole = counts.astype(np.int64)
        return rng.multivariate_hypergeometric(whole, wanted, method="marginals") / wanted
    return _draw_by_thinning(rng, counts, total, wanted) / wanted


def _draw_positions(rng: np.random.Generator, counts: Array, total: int, wanted: int) -> Array:
    """Count ``wanted`` distinct items by outcome, item by item."""
    if wanted > total // 2:
        return counts - _draw_positions(rng, counts, total, total - wanted)
    return _count_positions(_distinct_positions(rng, total, wanted), counts)


def _draw_by_thinning(rng: np.random.Generator, counts: Array, total: int, wanted: int) -> Array:
    """Count ``wanted`` distinct items by outcome; exact for any total up to 10^15.

    Given their sum, independent Binomial(c_i, f) counts are a sample without replacement. The sum
    misses ``wanted`` by about its square root; that rest is drawn, or taken out, the same way.
    """
    if wanted <= _FEW_ITEMS:
        return _draw_positions(rng, counts, total, wanted)
    drawn = rng.binomial(counts.astype(np.int64), wanted / total).astype(np.float64)
    surplus = int(drawn.sum()) - wanted
    if surplus > 0:
        return drawn - _draw_by_thinning(rng, drawn, int(drawn.sum()), surplus)
    rest = counts - drawn
    return drawn + _draw_by_thinning(rng, rest, int(rest.sum()), -surplus)


def _distinct_positions(rng: np.random.Generator, total: int, wanted: int) -> NDArray[np.int64]:
    """Draw ``wanted`` <= total / 2 distinct positions, uniformly, by rejecting repeats."""
    positions = np.empty(0, dtype=np.int64)
    while len(positions) < wanted:
        fresh = (rng.random(wanted) * total).astype(np.int64)
        both = np.concatenate([positions, fresh])
        # The first of each repeated position stays, in the order drawn.
        positions = both[np.sort(np.unique(both, return_index=True)[1])][:wanted]
    return positions


def _count_positions(positions: NDArray[np.int64], counts: Array) -> Array:
    ends = np.cumsum(counts)
    picks = np.searchsorted(ends, positions, side="right")
    return np.bincount(picks, minlength=len(counts)).astype(np.float64)
