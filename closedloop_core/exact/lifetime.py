"""How long it takes until chance alone removes one of two outcomes: exactly.

Above T = 1 the infinite-sample loop ends even and stays so for ever. With k samples a generation
it does not: sooner or later one batch misses an outcome, and that outcome is gone. How long that
takes grows exponentially in k (metastability), at T = 1 only linearly. Next: `ensembles.blocks`.
"""

import math

import numpy as np

from closedloop_core.loop.dynamics import temper
from closedloop_core.measures import Array
from closedloop_core.settings.limits import checked

MAX_CHAIN = 1_000


def mean_lifetime(temperature: float, sample_size: int) -> float:
    """Return the mean generations until one of two even outcomes is lost: ``replace``, a = 0.

    Parameters
    ----------
    temperature : float in [0.02, 50]
    sample_size : int in [1, 1,000], items k a generation

    Returns
    -------
    float >= 1, generations; inf where it passes the largest float

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours. The count of the first outcome is a Markov chain on 0..k with rows
    Binomial(k, E_T(i/k)). Its states are eliminated one by one without a subtraction (Grassmann,
    Taksar and Heyman), so that even a time of 10^200 has all its digits.

    Examples
    --------
    >>> from closedloop_core import mean_lifetime
    >>> print(mean_lifetime(0.5, 10) < mean_lifetime(0.5, 100))  # luck needs longer
    True
    """
    temperature = checked("temperature", temperature)
    sample_size = int(checked("sample_size", sample_size))
    if sample_size > MAX_CHAIN:
        raise ValueError(f"sample_size must be at most {MAX_CHAIN:,}, got {sample_size:,}")
    if sample_size == 1:
        return 1.0
    steps, lost = _chain(temperature, sample_size)
    spent = np.ones(len(steps))
    with np.errstate(over="ignore", under="ignore"):
        for state in range(len(steps) - 1, 0, -1):
            leaving = steps[state, :state].sum() + lost[state]
            into = steps[:state, state] / leaving
            steps[:state, :state] += np.outer(into, steps[state, :state])
            lost[:state] += into * lost[state]
            spent[:state] += into * spent[state]
        # Two even outcomes of an odd sample: the first batch is drawn from one half exactly.
        return float(spent[0] / lost[0]) if lost[0] > 0 else math.inf


def _chain(temperature: float, k: int) -> tuple[Array, Array]:
    """Return the chances to step between states with both outcomes, and to lose one from each.

    State 0 is the start, both outcomes even; then come the counts 1..k-1 of the first outcome.
    """
    counts = np.arange(1, k)
    shares = np.concatenate([[0.5], counts / k])
    drawn = temper(np.stack([shares, 1 - shares], axis=-1), temperature)
    choose = np.array(
        [math.lgamma(k + 1) - math.lgamma(j + 1) - math.lgamma(k - j + 1) for j in range(k + 1)]
    )
    count = np.arange(k + 1)
    with np.errstate(divide="ignore", invalid="ignore", under="ignore"):
        logs = np.log(drawn)
        terms = np.where(count > 0, count * logs[:, :1], 0.0)
        terms += np.where(count < k, (k - count) * logs[:, 1:], 0.0)
        law = np.exp(choose + terms)
    steps = np.zeros((k, k))
    steps[:, 1:] = law[:, 1:-1]
    return steps, law[:, 0] + law[:, -1]
