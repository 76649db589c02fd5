"""How long images, Gaussians and the recorded network take, in one core's work."""

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from closedloop_core import LoopParams
from closedloop_core.learners.gaussian import GaussianParams, gaussian_ensemble
from closedloop_core.learners.image_learner import ImageParams
from closedloop_core.learners.network import Network
from closedloop_core.learners.protocol import run_learner
from closedloop_core.learners.record import recorded_network

RUNS = 7
_GENERATIONS = 10
_ENSEMBLE = 20_000
_CHAINS, _STEPS = 64, 100
_CHARACTERS = 10_000  # a second: the least


def figures() -> list[tuple[str, float, float]]:
    """Return rows of task, ratio and milliseconds of the task (medians)."""
    rows = [_images()]
    for share in (0.0, 0.3):
        params = GaussianParams(external_fraction=share, generations=20)
        task, draws = partial(gaussian_ensemble, params, _ENSEMBLE), partial(_draws, params)
        ratio, took = _ratio(task, draws)
        rows.append((f"20,000 Gaussian loops, a = {share:g} / their draws", ratio, 1e3 * took))
    network = recorded_network("first")
    for chains in (2, _CHAINS):
        rows.append(_sampled(network, chains))
    return rows


def _timed(task: Callable[[], object]) -> float:
    start = time.process_time()
    task()
    return time.process_time() - start


def _ratio(task: Callable[[], object], floor: Callable[[], object]) -> tuple[float, float]:
    task()
    pairs = [(_timed(task), _timed(floor)) for _ in range(RUNS)]
    ratio = statistics.median(slow / fast for slow, fast in pairs)
    return ratio, statistics.median(slow for slow, _ in pairs)


def _images() -> tuple[str, float, float]:
    loop = ImageParams().loop.replace(generations=_GENERATIONS - 1, temperature=1.0)
    task = partial(_run, loop)
    task()
    took = statistics.median(_timed(task) for _ in range(RUNS)) / _GENERATIONS
    return "a generation of 600 digits, fitted, drawn and judged / 0.1 s", took / 0.1, 1e3 * took


def _run(loop: LoopParams) -> None:
    for _ in run_learner(ImageParams(loop)):
        pass


def _draws(params: GaussianParams) -> None:
    """Draw what an ensemble draws into arrays as large as its own, and nothing else."""
    rng, size = np.random.default_rng(0), params.sample_size
    kept = np.empty((2, params.generations + 1, _ENSEMBLE))
    for t in range(1, params.generations + 1):
        if params.external_fraction == 0:
            rng.standard_normal(out=kept[0, t])
            rng.standard_gamma((size - 1) / 2, out=kept[1, t])
            continue
        external = rng.binomial(size, params.external_fraction, _ENSEMBLE)
        rng.standard_gamma(np.maximum(size - external - 1, 0) / 2, out=kept[0, t])
        rng.standard_gamma(np.maximum(external - 1, 0) / 2, out=kept[1, t])
        rng.standard_normal((2, _ENSEMBLE))


def _sampled(network: Network, chains: int) -> tuple[str, float, float]:
    """Return how many times as fast as it must be a checkpoint writes."""
    rng = np.random.default_rng(0)
    task = partial(network.sample, chains, _STEPS, 1.0, rng)
    tokens, _ = task()
    characters = sum(len(network.text(row)) for row in tokens)
    took = statistics.median(_timed(task) for _ in range(RUNS))
    name = f"10,000 characters of {chains} texts a second, times"
    return name, characters / took / _CHARACTERS, 1e3 * took
