"""Handwritten digits in the loop: a mixture of Gaussians learns images, and writes the next ones.

The ten digits are the outcomes of a `LoopParams`: its law p_0 says how often each stands among the
first images, its reference how often among external ones; within a digit each real image is as
likely as another. The model's weights take the place of p_t: at each generation the number of
images from each Gaussian comes from the same random numbers with which `simulate` draws outcomes.
Next: `protocol`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from closedloop_core.checks import of_kind
from closedloop_core.learners.digits import CLASSES, real_digits
from closedloop_core.learners.judge import NONE, Moments, frechet_distance, judge
from closedloop_core.learners.mixture import Basis, Mixture, first_guess, fitted
from closedloop_core.loop.draws import random_stream
from closedloop_core.loop.regimes import batch_sizes, initial_counts
from closedloop_core.loop.simulate import Batches
from closedloop_core.measures import Array
from closedloop_core.settings.laws import Law
from closedloop_core.settings.limits import ParameterError
from closedloop_core.settings.params import LoopParams, dataset_sizes

MAX_IMAGES = 20_000  # in a dataset
MIN_IMAGES = 50
_FIRST, _WRITE, _EXTERNAL, _SHEET = 6, 7, 8, 9  # purposes of streams; 0 to 5 are other loops'
_DEFAULT = LoopParams(
    initial=Law.uniform(CLASSES),
    initial_size=600,
    sample_size=600,
    temperature=0.8,
    regime="replace",
    generations=20,
)


@dataclass(frozen=True)
class ImageParams:
    """Everything that determines a run of images: a loop whose ten outcomes are the digits.

    Parameters
    ----------
    loop : LoopParams over ten outcomes, with noise; 50 to 20,000 images in a dataset and a batch

    Raises
    ------
    ValueError
        Naming the field, the rule and the value (a `ParameterError`).
    TypeError
        If ``loop`` is no LoopParams.
    """

    loop: LoopParams = _DEFAULT

    def __post_init__(self) -> None:
        loop = of_kind("loop", self.loop, LoopParams, "a LoopParams")
        if loop.initial.n != CLASSES or loop.source.n != CLASSES:
            n = loop.initial.n if loop.initial.n != CLASSES else loop.source.n
            raise ParameterError(
                "initial", f"initial must have {CLASSES} outcomes, the digits, got {n}"
            )
        if not loop.noise:
            raise ParameterError("noise", "noise must be True for images, got False")
        sizes = dataset_sizes(loop)
        for name, size in (
            ("initial_size", loop.initial_size),
            ("sample_size", min(batch_sizes(loop, sizes))),
            ("sample_size", max(sizes)),
        ):
            if not MIN_IMAGES <= size <= MAX_IMAGES:
                rule = f"between {MIN_IMAGES} and {MAX_IMAGES:,} images"
                raise ParameterError(name, f"{name} must keep {rule}, got {size:,}")
        if loop.regime == "subsample" and loop.subsample_size < MIN_IMAGES:
            raise ParameterError(
                "subsample_size",
                f"subsample_size must be at least {MIN_IMAGES} images, got {loop.subsample_size}",
            )


class Images:
    """A dataset of images: (m, 64) float."""

    def __init__(self, images: Array) -> None:
        self.images = images

    def join(self, batch: Array) -> None:
        """Add images (m, 64)."""
        self.images = np.concatenate([self.images, batch])

    def replace(self, batch: Array) -> None:
        """Put images (m, 64) in their place."""
        self.images = batch

    def drawn(self, rng: np.random.Generator, size: int, wanted: int) -> "Images":
        """Return ``wanted`` of the images, drawn without replacement."""
        return Images(self.images[rng.permutation(size)[:wanted]])


@dataclass(frozen=True)
class Sheet:
    """What a model wrote: images (m, 64) in the order they came, and its Gaussian of each (m,)."""

    images: Array
    origins: NDArray[np.int64]


@dataclass(frozen=True)
class ImageMeasures:
    """What is measured of a generation.

    Attributes
    ----------
    digits : (11,) float, shares of the ten digits among the images that were written, as the
        classifier names them; the last is what is no digit
    learned : (11,) float, the same of the dataset that the model learned
    weights : (10,) float, of the model's Gaussians
    distance : float, `frechet_distance` of what was written to the real digits of the source
    ink : float, mean variance of a pixel: how different the images are
    """

    digits: Array
    learned: Array
    weights: Array
    distance: float
    ink: float


class ImageLearner:
    """Mixtures of Gaussians learn digits; see `protocol.Learner`. One object a run."""

    def __init__(self, params: ImageParams) -> None:
        self.params, self.loop = params, params.loop
        self.before: Mixture | None = None
        loop, last = self.loop, self.loop.generations
        # One batch more than the loop needs: the last model writes too.
        added = batch_sizes(loop, dataset_sizes(loop))
        self.batches = Batches(loop.replace(generations=last + 1), np.array([*added, added[-1]]))
        self.learned: Images | None = None

    @cached_property
    def start(self) -> tuple[Array, NDArray[np.int64]]:
        """The first images (m, 64) and their classes (m,)."""
        counts = initial_counts(self.loop, whole=True)
        return real_images(counts, random_stream(self.loop, 0, _FIRST))

    @cached_property
    def basis(self) -> Basis:
        """The principal components of the first images: they stay."""
        return Basis.of(self.start[0])

    @cached_property
    def source(self) -> Moments:
        """Mean (64,) and covariance (64, 64) of the source's images."""
        return source_moments(self.loop.source)

    def original(self) -> Images:
        """Return the first images."""
        return Images(self.start[0])

    def fit(self, data: Images) -> Mixture:
        """Return the mixture that has learned images, from where the last one stood."""
        codes = self.basis.coded(data.images)
        start = self.before
        if start is None:
            images, classes = self.start
            start = first_guess(self.basis.coded(images), classes, CLASSES)
        self.before, self.learned = fitted(codes, start), data
        return self.before

    def write(self, generation: int, model: Mixture, items: int) -> Sheet:
        """Let a model write a generation's images: those that are not external."""
        with np.errstate(divide="ignore", under="ignore"):
            counts = self.batches.synthetic(generation, model.weights)
        rng = random_stream(self.loop, generation, _WRITE)
        temperature = self.batches.temperature[generation]
        images = self.basis.drawn(model.write(counts, temperature, rng))
        origins = np.repeat(np.arange(CLASSES), counts.astype(int))
        order = rng.permutation(len(images))
        return Sheet(images[order], origins[order])

    def batch(self, generation: int, model: Mixture, text: Sheet, items: int) -> Array:
        """Return the new images, (items, 64): the external ones, and what was written."""
        rng = random_stream(self.loop, generation, _EXTERNAL)
        external, _ = real_images(self.batches.external[generation], rng)
        return np.concatenate([text.images, external])

    def sheet(self, generation: int, model: Mixture, cells: int) -> Array:
        """Return images (cells, 64) that a model writes with the luck that every generation has.

        They stand in the order of the Gaussians, each with its share of the cells: from sheet to
        sheet only what the model is changes. They are no part of a batch.
        """
        rng = random_stream(self.loop, 0, _SHEET)
        luck = rng.standard_normal((cells, len(self.basis.axes)))
        uniforms = (np.arange(cells) + 0.5) / cells
        temperature = self.batches.temperature[generation]
        return self.basis.drawn(model.written_by(uniforms, luck, temperature))

    def measure(self, generation: int, model: Mixture, text: Sheet) -> ImageMeasures:
        """Score a model and its images."""
        images = text.images
        assert self.learned is not None  # a model has learned
        enough = len(images) > 1
        nothing = np.full(NONE + 1, np.nan)
        return ImageMeasures(
            digits=judge().histogram(images) if enough else nothing,
            learned=judge().histogram(self.learned.images),
            weights=model.weights,
            distance=frechet_distance(images, self.source) if enough else np.nan,
            ink=float(images.var(axis=0).mean()) if enough else np.nan,
        )


def real_images(counts: Array, rng: np.random.Generator) -> tuple[Array, NDArray[np.int64]]:
    """Draw real digits with replacement: ``counts`` (10,) of each.

    Returns
    -------
    images : (m, 64) float
    classes : (m,) int
    """
    learned, _ = real_digits()
    found = []
    for digit, count in enumerate(counts.astype(int)):
        ours = learned.of(digit)
        found.append(ours[rng.integers(0, len(ours), count)])
    return np.concatenate(found), np.repeat(np.arange(CLASSES), counts.astype(int))


def source_moments(law: Law) -> Moments:
    """Return mean (64,) and covariance (64, 64) of real digits in a law's shares."""
    learned, _ = real_digits()
    often = np.bincount(learned.classes, minlength=CLASSES)
    return Moments.of(learned.images, (law.probabilities() / often)[learned.classes])


def fresh_distance(law: Law, size: int) -> float:
    """Return the distance that held-out real digits keep from the source: luck alone.

    The mean over ten draws of so many images, in a law's shares.
    """
    _, held = real_digits()
    often = np.bincount(held.classes, minlength=CLASSES)
    chances = (law.probabilities() / often)[held.classes]
    rng, source = np.random.default_rng(0), source_moments(law)
    draws = [rng.choice(len(chances), size, p=chances) for _ in range(10)]
    return float(np.mean([frechet_distance(held.images[draw], source) for draw in draws]))
