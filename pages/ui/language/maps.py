"""The measured map beside the exact map of the words alone, and how far they agree. Pure."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from closedloop_core import (
    Law,
    LearnerMap,
    LearnerParams,
    fit_ngrams,
    mean_field_steps,
    tolerance_contour,
)
from closedloop_core.exact.classes import entropy_shift
from closedloop_core.learners.learner_map import (
    MAP_FRACTIONS,
    MAP_GENERATIONS,
    MAP_TEMPERATURES,
)
from closedloop_core.measures import Array
from pages.ui.canvas.pack import pack, single
from pages.ui.exports import table_csv
from pages.ui.language.words import Least
from pages.ui.wording import count

MOST_WORDS = 20_000  # that a generation of the map's runs writes
_POINTS = 48  # of the exact boundary


def map_params(params: LearnerParams) -> LearnerParams:
    """Return what the map runs: the same model in `replace`, at every temperature and share."""
    return params.replace(
        temperature=0.7,
        external_fraction=0.0,
        regime="replace",
        generations=MAP_GENERATIONS,
        sample_size=min(params.sample_size, MOST_WORDS),
        noise=True,
    )


def shift_of(words: Array, first: float, kinds: int) -> Array:
    """Return the shift s of numbers of words to choose from, against those of the source.

    Parameters
    ----------
    words : (...) float >= 1, may be NaN
    first : float, that of generation 0
    kinds : int, words of the vocabulary

    Returns
    -------
    (...) float in [-1, 1]: ln(words / first), as a share of how far it can move on that side
    """
    now, start, most = np.log(words), np.log(max(first, 1 + 1e-9)), np.log(max(kinds, 2))
    up = max(most - start, 1e-9)
    return np.asarray(np.where(now > start, (now - start) / up, (now - start) / start))


def exact_map(law: Law) -> Array:
    """Return the shift of a source's words alone after as many generations as the map's runs.

    Infinitely many words a generation, `replace`; (temperatures, shares).
    """
    temperatures, fractions = np.array(MAP_TEMPERATURES), np.array(MAP_FRACTIONS)
    q = law.probabilities()
    grid = np.repeat(temperatures, len(fractions)), np.tile(fractions, len(temperatures))
    states = mean_field_steps(np.tile(q, (len(grid[0]), 1)), q, *grid, MAP_GENERATIONS)
    return entropy_shift(states, law).reshape(len(temperatures), len(fractions))


def first_words(params: LearnerParams) -> float:
    """Return the words to choose from after the source's own contexts, at T = 1."""
    model = fit_ngrams(params.source, params.smoothing, params.discount)
    return float(np.exp(model.learned_entropy()))


def measured_map(found: LearnerMap, first: float) -> Array:
    """Return the measured shift: of what the data of the last generation hold.

    External data among them: so the share itself is part of it, as it is of the exact map.
    ``first`` is what `first_words` returns.
    """
    return shift_of(found.learned_words, first, len(found.params.source.vocabulary))


@dataclass(frozen=True)
class Agreement:
    """How far a measured map agrees with the exact one of the words, on one side of T = 1.

    Attributes
    ----------
    correlation : float, of the shifts; NaN below three settings
    rms : float, root of the mean square difference of the shifts
    settings : int, settings compared
    """

    correlation: float
    rms: float
    settings: int


def agreement(measured: Array, exact: Array, cold: bool) -> Agreement:
    """Compare the maps, (temperatures, shares) each, at the settings run so far; see above."""
    temperatures = np.array(MAP_TEMPERATURES)
    side = temperatures < 1 if cold else temperatures > 1
    known = ~np.isnan(measured) & side[:, None]
    a, b = measured[known], exact[known]
    if len(a) < 3 or a.std() == 0 or b.std() == 0:
        return Agreement(float("nan"), float("nan"), len(a))
    rms = float(np.sqrt(((a - b) ** 2).mean()))
    return Agreement(float(np.corrcoef(a, b)[0, 1]), rms, len(a))


def agreement_words(measured: Array, exact: Array) -> str:
    """Return how far the maps agree, in numbers."""
    said = []
    for name, cold in (("Below T = 1", True), ("above", False)):
        found = agreement(measured, exact, cold)
        if np.isfinite(found.correlation):
            said.append(
                f"{name} r = {found.correlation:.2f}, RMS {found.rms:.2f}"
                f" ({count(found.settings)} settings)"
            )
    return "; ".join(said) + "." if said else "Too few settings to compare yet."


def least_on_map(found: LearnerMap, temperature: float, within: float) -> Least | None:
    """Return the least external share from which on the model's words stay faithful, measured.

    Parameters
    ----------
    found : LearnerMap
    temperature : float; between two of the map's, distances are read in between (linear in ln T)
    within : float, the largest distance that is called faithful

    Returns
    -------
    Least, or None where the map does not reach or has not been run there
    """
    temperatures, shares = found.temperatures, found.external_fractions
    if not temperatures[0] <= temperature <= temperatures[-1]:
        return None
    at = int(np.clip(np.searchsorted(temperatures, temperature) - 1, 0, len(temperatures) - 2))
    low, high = np.log(temperatures[at]), np.log(temperatures[at + 1])
    part = (np.log(temperature) - low) / (high - low)
    distance = (1 - part) * found.distance[at] + part * found.distance[at + 1]
    if np.isnan(distance).any():
        return None
    beyond = np.flatnonzero(distance > within)
    if not len(beyond):
        return Least(0.0, True)
    last = int(beyond[-1])
    if last == len(shares) - 1:
        return Least(None, True, float(shares[-1]))
    step = (distance[last] - within) / (distance[last] - distance[last + 1])
    return Least(float(shares[last] + step * (shares[last + 1] - shares[last])), True)


@dataclass(frozen=True)
class Beside:
    """What stands beside a measured map, and does not change while it is run.

    Attributes
    ----------
    first : float, see `first_words`
    exact : (temperatures, shares) float, see `exact_map`
    line : two (points,) float: the exact boundary of the words, temperatures and least shares
    """

    first: float
    exact: Array
    line: tuple[Array, Array]


def make_beside(law: Law, params: LearnerParams, tolerance: float) -> Beside:
    """Return what stands beside the measured map of these settings; ``law`` is of the words."""
    temperatures = np.geomspace(MAP_TEMPERATURES[0] * 0.97, MAP_TEMPERATURES[-1] * 1.03, _POINTS)
    temperatures = np.sort(np.append(temperatures, 1.0))
    line = tolerance_contour(law, temperatures, tolerance)
    return Beside(first_words(params), exact_map(law), (temperatures, line))


def pack_maps(found: LearnerMap, beside: Beside, header: dict[str, Any]) -> bytes:
    """Pack both maps for the component."""
    measured, exact, line = measured_map(found, beside.first), beside.exact, beside.line
    arrays = {
        "measured": single(measured),
        "exact": single(exact),
        "next_words": single(found.next_words),
        "perplexity": single(np.nan_to_num(found.perplexity, posinf=np.nan)),
        "distance": single(found.distance),
        "line_temperatures": single(line[0]),
        "line": single(line[1]),
    }
    axes = {
        "temperatures": found.temperatures.tolist(),
        "external_fractions": found.external_fractions.tolist(),
        "done": found.done,
        "total": found.total,
        "agreement": agreement_words(measured, exact),
    }
    return pack({**axes, **header}, arrays)


def map_csv(found: LearnerMap, beside: Beside) -> str:
    """Return both maps as CSV, one line a setting that has been run."""
    names = ("next_words", "learned_words", "perplexity", "impossible", "distance")
    rows: list[list[Any]] = [
        ["temperature", "external_fraction", "measured_shift", "exact_shift_of_words", *names]
    ]
    measured, exact = measured_map(found, beside.first), beside.exact
    for i, temperature in enumerate(found.temperatures.tolist()):
        for j, share in enumerate(found.external_fractions.tolist()):
            if not np.isnan(measured[i, j]):
                values = [float(getattr(found, name)[i, j]) for name in names]
                rows.append(
                    [temperature, share, float(measured[i, j]), float(exact[i, j]), *values]
                )
    return table_csv(rows)
