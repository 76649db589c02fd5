"""How long language models take: against dense vectors, a dictionary, and the seconds they may.

Seconds are those of one core's work, so that they say the same on a machine that does other work
too. Ratios are of two tasks in the same process.
"""

import itertools
import random
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from closedloop_core import LearnerParams, NGramModel, NGrams, fit_ngrams, map_learner, run_learner
from closedloop_core.learners.learner_map import COARSE
from tests.bench import images

RUNS = 5
CHAINS, STEPS, TEMPERATURE = 200, 500, 0.8
_MEGABYTES = 5


def figures() -> list[tuple[str, float, float]]:
    """Return rows of task, ratio and milliseconds of the task (medians)."""
    novel = NGrams.novel(3)
    smooth, plain = fit_ngrams(novel), fit_ngrams(novel, "none")
    return [
        *_speeds(smooth, plain),
        _against("dense vectors", smooth, partial(_write_densely, smooth), steps=10),
        _against("a dictionary", plain, partial(_write_by_dictionary, _tables(plain))),
        _seconds("20 measured generations of 20,000 words", 1.5, _generations),
        *_map(),
        *images.figures(),
        _seconds(f"a new source of {_MEGABYTES} MB, fitted", 3.0, partial(_fit, _long_text(novel))),
    ]


def _timed(task: Callable[[], object]) -> float:
    start = time.process_time()
    task()
    return time.process_time() - start


def _write(model: NGramModel, steps: int = STEPS) -> np.ndarray:
    return model.sample(CHAINS, steps, TEMPERATURE, np.random.default_rng(0))


def _speeds(*models: NGramModel) -> list[tuple[str, float, float]]:
    rows = []
    for model in models:
        _write(model)
        took = statistics.median(_timed(partial(_write, model)) for _ in range(RUNS))
        name = f"million words a second: trigram of the novel, smoothing {model.smoothing}"
        rows.append((name, CHAINS * STEPS / took / 1e6, 1e3 * took))
    return rows


def _against(
    name: str, model: NGramModel, twin: Callable[[int], object], steps: int = STEPS
) -> tuple[str, float, float]:
    """Return how many times as long a word takes the slow way."""
    _write(model)
    pairs = [
        (_timed(partial(twin, steps)) / steps, _timed(partial(_write, model)) / STEPS)
        for _ in range(RUNS)
    ]
    ratio = statistics.median(slow / fast for slow, fast in pairs)
    fast = statistics.median(fast for _, fast in pairs)
    return f"{name} / written, smoothing {model.smoothing}", ratio, 1e3 * STEPS * fast


def _write_densely(model: NGramModel, steps: int) -> None:
    """Make the whole law of every next word, temper it, and draw from it."""
    rng = np.random.default_rng(0)
    untempered = model.sampler(1.0)
    starts = model.starts(untempered)
    rows = starts.draw(rng.random(CHAINS))
    contexts = model.table.kinds ** (model.order - 1)
    before = model.context_keys(rows)
    for _ in range(steps):
        laws = untempered.laws(rows) ** (1.0 / TEMPERATURE)
        reach = np.cumsum(laws, axis=1)
        words = (reach < rng.random((CHAINS, 1)) * reach[:, -1:]).sum(axis=1)
        before = (before * model.table.kinds + words) % contexts
        rows = np.array([model.row_of(_words(model, key)) for key in before.tolist()])
    model.sampler(TEMPERATURE)


def _words(model: NGramModel, key: int) -> list[str]:
    return [model.vocabulary[word] for word in divmod(key, model.table.kinds)]


def _tables(model: NGramModel) -> dict[tuple[int, int], tuple[list[int], list[float]]]:
    """Return the next words of each context and their cumulative weights, tempered already."""
    found: dict[tuple[int, int], tuple[list[int], list[float]]] = {}
    for (*context, word), count in zip(
        model.table.ngrams.tolist(), model.table.counts.tolist(), strict=True
    ):
        found.setdefault((context[0], context[1]), ([], []))[0].append(word)
        found[context[0], context[1]][1].append(count ** (1 / TEMPERATURE))
    return {
        context: (words, list(itertools.accumulate(weights)))
        for context, (words, weights) in found.items()
    }


def _write_by_dictionary(
    tables: dict[tuple[int, int], tuple[list[int], list[float]]], steps: int
) -> list[list[int]]:
    rng, contexts = random.Random(0), list(tables)
    texts = []
    for _ in range(CHAINS):
        context, text = rng.choice(contexts), []
        for _ in range(steps):
            if context not in tables:
                context = rng.choice(contexts)
            words, reach = tables[context]
            word = rng.choices(words, cum_weights=reach)[0]
            text.append(word)
            context = (context[1], word)
        texts.append(text)
    return texts


def _seconds(name: str, most: float, task: Callable[[], object]) -> tuple[str, float, float]:
    task()
    took = statistics.median(_timed(task) for _ in range(RUNS))
    return f"{name} / {most:g} s", took / most, 1e3 * took


def _generations() -> None:
    for _ in run_learner(LearnerParams(temperature=TEMPERATURE, generations=20)):
        pass


def _map() -> list[tuple[str, float, float]]:
    """Time the map once, and its first picture: three temperatures by three shares."""
    start, coarse = time.process_time(), 0.0
    for picture in map_learner(LearnerParams(generations=12)):
        if picture.done == COARSE:
            coarse = time.process_time() - start
    whole = time.process_time() - start
    return [
        ("the map of 12 x 11 settings / 20 s", whole / 20, 1e3 * whole),
        ("its first picture / 2 s", coarse / 2, 1e3 * coarse),
    ]


def _long_text(novel: NGrams) -> str:
    """Write a text as long as a source may be, by a model of the novel."""
    model = fit_ngrams(novel)
    texts = model.sample(100, 12_000, 1.0, np.random.default_rng(0))
    text = " ".join(model.vocabulary[word] for word in texts.ravel())
    return text[: _MEGABYTES * 10**6]


def _fit(text: str) -> None:
    fit_ngrams(NGrams.from_text(text, 3))
