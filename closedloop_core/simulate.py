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

import numpy as np
from numpy.typing import NDArray

from closedloop_core.dynamics import _temper
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
    batch = _expected_batch if not params.noise else _drawn_batch
    probabilities = np.empty((generations + 1, n))
    probabilities[0] = params.initial.probabilities()
    subsampled = params.noise and params.regime == "subsample"
    learned = np.empty_like(probabilities) if subsampled else probabilities
    synthetic, external = np.empty((2, generations, n))
    counts = _initial_counts(params, subsampled)
    for t in range(generations):
        if subsampled:
            learned[t] = _learn_from_sample(params.at(t), t, counts, sizes[t])
        size = sizes[t + 1] - (0 if params.regime == "replace" else sizes[t])
        synthetic[t], external[t] = batch(params.at(t), t, learned[t], size)
        counts = synthetic[t] + external[t] + (0 if params.regime == "replace" else counts)
        probabilities[t + 1] = counts / counts.sum()
    if subsampled:
        learned[-1] = _learn_from_sample(params.at(generations), generations, counts, sizes[-1])
    dataset_size = np.array(sizes, dtype=np.float64)
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


def _expected_batch(
    params: LoopParams, generation: int, learned: Array, size: int
) -> tuple[Array, Array]:
    a = params.external_fraction
    return (
        size * (1 - a) * _temper(learned, params.temperature),
        size * a * params.source.probabilities(),
    )


def _drawn_batch(
    params: LoopParams, generation: int, learned: Array, size: int
) -> tuple[Array, Array]:
    """Draw a batch: each item is external with probability a, its outcome is from q or E_T(p)."""
    rng = _stream(params, generation)
    tempered = _temper(learned, params.temperature)
    source, a = params.source.probabilities(), params.external_fraction
    if size * params.generations > COMMON_DRAWS:
        n_external = rng.binomial(size, a)
        return (
            _count_by_multinomial(rng, size - n_external, tempered),
            _count_by_multinomial(rng, n_external, source),
        )
    # Row i belongs to item i: a larger batch keeps the draws of the smaller one.
    origin, outcome = rng.random((size, 2)).T
    from_outside = origin < a
    return (
        _count_by_inverse_cdf(outcome[~from_outside], tempered),
        _count_by_inverse_cdf(outcome[from_outside], source),
    )


def _count_by_inverse_cdf(uniforms: Array, p: Array) -> Array:
    cumulative = np.cumsum(p)
    # Scaled by its own last entry, the last positive outcome ends at exactly 1, above any uniform.
    picks = np.searchsorted(cumulative / cumulative[-1], uniforms, side="right")
    return np.bincount(picks, minlength=len(p)).astype(np.float64)


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
