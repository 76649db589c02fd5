"""A run of images, from the settings of the visitor to what the sheets show. Pure."""

from dataclasses import dataclass

import numpy as np

from closedloop_core import (
    Law,
    LoopParams,
    class_of,
    hill_number,
    settled_state,
    simulate,
    total_variation,
)
from closedloop_core.learners.digits import CLASSES, PIXELS
from closedloop_core.learners.image_learner import (
    ImageLearner,
    ImageMeasures,
    ImageParams,
    fresh_distance,
)
from closedloop_core.learners.judge import NONE, judge
from closedloop_core.learners.protocol import run_loop
from closedloop_core.loop.dynamics import apply_temperature
from closedloop_core.measures import Array
from pages.ui.canvas import pack
from pages.ui.remembered import DIGITS
from pages.ui.wording import count

IMAGES = 600  # a generation, unless the visitor asks for more
MOST_IMAGES = 2_000
GENERATIONS = 20
CELLS = 84  # images of a sheet: rows of 12


def image_loop(params: LoopParams) -> LoopParams:
    """Return the loop of images nearest to a visitor's settings.

    Ten outcomes become the ten digits; other sources become even digits. New images replace the
    old, there are at least 600, and luck is always on.
    """
    shares = params.source.probabilities()
    has_ten = len(shares) == CLASSES and bool((shares > 0).all())
    law = Law.from_weights(shares.tolist(), DIGITS) if has_ten else Law.uniform(CLASSES)
    size = params.sample_size if params.sample_size >= IMAGES else IMAGES
    size = min(size, MOST_IMAGES)
    return LoopParams(
        initial=law,
        temperature=params.temperature,
        external_fraction=params.external_fraction,
        initial_size=size,
        sample_size=size,
        regime="replace",
        generations=GENERATIONS,
        seed=params.seed,
    )


@dataclass(frozen=True)
class ImageRun:
    """What one run leaves: numbers for tables, and arrays for the sheets.

    Attributes
    ----------
    loop : LoopParams
    measures : tuple of ImageMeasures, one a generation
    sheets : (generations + 1, cells, 64) uint8, ink of 255
    rejected : (generations + 1, cells) uint8, 1 where the classifier sees no digit
    """

    loop: LoopParams
    measures: tuple[ImageMeasures, ...]
    sheets: np.ndarray
    rejected: np.ndarray

    @property
    def digits(self) -> Array:
        """Shares of the digits, and of what is none, in what was written: (generations + 1, 11)."""
        return np.stack([one.digits for one in self.measures])

    @property
    def distance(self) -> Array:
        """Distance to the real digits, (generations + 1,)."""
        return np.array([one.distance for one in self.measures])

    @property
    def learned(self) -> Array:
        """Shares of the digits, and of what is none, in what was learned: (generations + 1, 11)."""
        return np.stack([one.learned for one in self.measures])

    @property
    def effective(self) -> Array:
        """How many digits the learned ones act like, (generations + 1,)."""
        return np.array([float(hill_number(row, 1)) for row in named(self.learned)])

    @property
    def shift(self) -> Array:
        """Total variation between what was learned and the source, (generations + 1,)."""
        source = np.append(self.loop.source.probabilities(), 0.0)
        return np.asarray(total_variation(self.learned, source))

    def phases(self, tolerance: float) -> list[str]:
        """Return the class of what each generation learned.

        It is that of its digits, unless more than the tolerance are none: then they dissolve, and
        that is heat death once more than half do.
        """
        source, temperature = self.loop.source, self.loop.temperature
        found = []
        for row, shares in zip(named(self.learned), self.learned, strict=True):
            phase = str(class_of(row, source, temperature, tolerance))
            if shares[NONE] > tolerance and phase != "collapse":
                phase = "heat death" if shares[NONE] > 0.5 else "flattened"
            found.append(phase)
        return found


@dataclass(frozen=True)
class Theory:
    """Ten outcomes in place of the digits: the same loop, and the same draws.

    Attributes
    ----------
    written : (generations + 1, 10) float, what the outcomes' model writes: E_T(p)
    effective : (generations + 1,) float, how many outcomes p acts like
    limit : (10,) float, what is written in the end, without luck
    """

    written: Array
    effective: Array
    limit: Array

    @classmethod
    def of(cls, loop: LoopParams) -> "Theory":
        """Run ten outcomes with the draws of a loop of images."""
        learned, temperature = simulate(loop).probabilities, loop.temperature
        end = settled_state(loop.source, temperature, loop.external_fraction)
        written = np.array([apply_temperature(row, temperature) for row in learned])
        effective = np.asarray(hill_number(learned, 1))
        return cls(written, effective, apply_temperature(end, temperature))


def named(shares: Array) -> Array:
    """Return the shares of the ten digits among what is a digit, (..., 10), from (..., 11)."""
    digits = np.asarray(shares[..., :NONE])
    total = digits.sum(axis=-1, keepdims=True)
    even = np.full_like(digits, 1 / CLASSES)
    return np.asarray(np.divide(digits, total, out=even, where=total > 0))


def run_images(loop: LoopParams) -> ImageRun:
    """Run the loop and draw a sheet of every generation."""
    learner = ImageLearner(ImageParams(loop))
    measures, sheets = [], []
    for found in run_loop(loop, learner):
        measures.append(found.measures)
        sheets.append(learner.sheet(found.index, found.model, CELLS))
    drawn = np.stack(sheets)
    classes = judge().classes(drawn.reshape(-1, PIXELS))
    rejected = (classes == NONE).reshape(len(drawn), CELLS).astype(np.uint8)
    return ImageRun(loop, tuple(measures), np.rint(255 * drawn).astype(np.uint8), rejected)


def pack_images(run: ImageRun, theory: Theory, tolerance: float) -> bytes:
    """Return what the sheets show."""
    loop = run.loop
    header = {
        "generations": loop.generations,
        "cells": CELLS,
        "images": loop.sample_size,
        "phases": run.phases(tolerance),
        "fresh": fresh_distance(loop.source, loop.sample_size),
        "note": (
            f"{CELLS} of {count(loop.sample_size)} images a generation, written with the same luck"
            " each time: what changes is the model. A broken frame: no digit to the classifier."
        ),
        "picture_name": "closed-loop-images.png",
    }
    arrays = {
        "sheets": run.sheets,
        "rejected": run.rejected,
        "digits": pack.single(run.digits),
        "theory": pack.single(theory.written),
        "source": pack.single(loop.source.probabilities()),
        "limit": pack.single(theory.limit),
        "effective": pack.single(run.effective),
        "theory_effective": pack.single(theory.effective),
        "distance": pack.single(run.distance),
        "shift": pack.single(run.shift),
    }
    return pack.pack(header, arrays)


def images_table(run: ImageRun, theory: Theory) -> list[list[object]]:
    """Return a run as rows for a file: one line a generation, in full precision."""
    names = [*(f"digit {i}" for i in range(CLASSES)), "no digit"]
    theory_names = [f"theory {i}" for i in range(CLASSES)]
    head = ["generation", *names, *theory_names, "acts like", "distance to real digits", "shift"]
    columns = (run.effective, run.distance, run.shift)
    rows: list[list[object]] = [[*head]]
    for t, (digits, outcomes) in enumerate(zip(run.digits, theory.written, strict=True)):
        rows.append([t, *digits.tolist(), *outcomes.tolist(), *(float(c[t]) for c in columns)])
    return rows
