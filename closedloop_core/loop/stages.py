"""Inside one generation of a run: its stages in the order in which they happen, with its numbers.

Dataset, learning, temperature, items from the model, items from outside, new dataset. Only the
temperature map is computed again: all other numbers are the run's own. Next: `hysteresis`.
"""

from dataclasses import dataclass

import numpy as np

from closedloop_core.checks import of_kind, one_number
from closedloop_core.loop.dynamics import temper
from closedloop_core.loop.regimes import initial_counts
from closedloop_core.loop.simulate import Trajectory
from closedloop_core.measures import Array
from closedloop_core.quoting import quoted
from closedloop_core.settings.params import LoopParams


@dataclass(frozen=True)
class Stages:
    """One generation of a run, stage by stage. Shares are (n,) float and sum to 1.

    Attributes
    ----------
    generation : int, the dataset that this step makes; it starts from ``generation - 1``
    settings : LoopParams, in force during the step
    dataset, dataset_size : shares, and number of items, before the step
    learned, learned_size : shares that the model has learned, and from how many items
    tempered : shares, E_T(learned): the law of what the model writes at temperature T
    reference : shares, the law q of the external items
    synthetic, external : (n,) float, items drawn from ``tempered`` and from ``reference`` (whole
        numbers with noise, expected numbers without)
    new_dataset, new_dataset_size : shares, and number of items, after the step
    """

    generation: int
    settings: LoopParams
    dataset: Array
    dataset_size: float
    learned: Array
    learned_size: float
    tempered: Array
    reference: Array
    synthetic: Array
    external: Array
    new_dataset: Array
    new_dataset_size: float

    @property
    def batch(self) -> Array:
        """The items of the step, by outcome: (n,) float."""
        return self.synthetic + self.external

    @property
    def batch_size(self) -> float:
        """The number of items that the step adds."""
        kept = 0.0 if self.settings.regime == "replace" else self.dataset_size
        return self.new_dataset_size - kept

    @property
    def step(self) -> float:
        """The step gamma: the share of the new dataset that is new; 1 under ``replace``."""
        return self.batch_size / self.new_dataset_size

    @property
    def residual(self) -> float:
        """The largest difference of p + gamma (batch - p) and the new dataset: rounding errors."""
        old, gamma = self.dataset, self.step
        made = old + gamma * (self.batch / self.batch_size - old)
        return float(np.abs(made - self.new_dataset).max())


def stages(run: Trajectory, generation: int) -> Stages:
    """Take one generation of a run apart.

    Parameters
    ----------
    run : Trajectory
    generation : int in [1, generations]; the step from ``generation - 1`` to it

    Returns
    -------
    Stages, whose arrays are copies

    Raises
    ------
    ValueError
        If ``generation`` is outside its range.
    TypeError
        If ``run`` is not a Trajectory, or ``generation`` not a whole number.

    Notes
    -----
    The loop is the paper's (Marchi, Soatto, Chaudhari, Tabuada 2024) with external data as in
    Gharesifard and Tabuada (CDC 2025).

    Examples
    --------
    >>> from closedloop_core import Law, LoopParams, simulate, stages
    >>> run = simulate(LoopParams(initial=Law.zipf(5), generations=40, sample_size=50))
    >>> print(int(stages(run, 3).batch.sum()))  # one batch
    50
    """
    of_kind("run", run, Trajectory, "a Trajectory")
    if isinstance(generation, bool) or not isinstance(generation, int | np.integer):
        raise TypeError(f"generation must be a whole number, got {quoted(generation)}")
    generation = int(one_number("generation", generation, 1, run.params.generations, whole=True))
    before = generation - 1
    settings = run.params.at(before)
    subsampled = settings.noise and settings.regime == "subsample"
    dataset, size = run.probabilities[before], float(run.dataset_size[before])
    if subsampled and before == 0:
        dataset = initial_counts(run.params, whole=True) / size  # whole items, not quite p_0
    return Stages(
        generation=generation,
        settings=settings,
        dataset=dataset.copy(),
        dataset_size=size,
        learned=run.learned[before].copy(),
        learned_size=min(float(settings.subsample_size), size) if subsampled else size,
        tempered=temper(run.learned[before], settings.temperature),
        reference=settings.source.probabilities().copy(),
        synthetic=run.synthetic[before].copy(),
        external=run.external[before].copy(),
        new_dataset=run.probabilities[generation].copy(),
        new_dataset_size=float(run.dataset_size[generation]),
    )
