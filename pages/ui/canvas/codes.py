"""Runs made small for the wire: probabilities in sixteen bits, and which generations are sent.

Pure. The other end is ``run.js`` of the player. Exports carry the full numbers.
"""

import heapq

import numpy as np
from numpy.typing import NDArray

from closedloop_core.measures import Array

FLOOR = 1e-12  # the smallest probability told from its neighbours; code 1
STEP = -np.log(FLOOR) / 65_534  # nats from one code to the next
MOST_FRAMES = 2_000  # laws sent for one run: at 60 a second, four times what playing once can show
MOST_POINTS = 2_000  # generations whose curve values are sent
FRAME_VALUES = 280_000  # probabilities sent for one run, its twin apart
_FEWEST_FRAMES = 20
_FEWEST_TWIN_VALUES = 1_600
# Half a pixel on the tallest plots: on the linear axis as a share of the largest bar, and on the
# log axis, which ends at _FAINT, in nats.
_LINEAR_TOLERANCE = 1e-3
_LOG_TOLERANCE = 0.02
_FAINT = 1e-7

_TABLE = np.concatenate([[0.0], FLOOR ** (np.arange(65_534, -1, -1) / 65_534)])


def encoded(p: Array) -> NDArray[np.uint16]:
    """Return probabilities as sixteen-bit codes on a log scale.

    Code 0 is exactly 0 (absent); 1 to 65,535 are geometric from `FLOOR` to exactly 1, so that a
    log axis is as true as a linear one: the relative error is at most 2.11e-4 down to the floor.
    What is present but below the floor is drawn at the floor: small, never absent.

    Parameters
    ----------
    p : (...) float, shares in [0, 1]

    Returns
    -------
    (...) uint16
    """
    present = p > 0
    logs = np.log(np.where(present, p, 1.0))
    codes = np.clip(np.rint(65_535 + logs / STEP), 1, 65_535)
    return np.where(present, codes, 0).astype(np.uint16)


def decoded(codes: NDArray[np.uint16]) -> Array:
    """Return the probabilities that codes stand for: the twin of ``decoded`` in run.js."""
    return np.asarray(_TABLE[codes])


def spread(last: int, most: int) -> NDArray[np.uint32]:
    """Return at most ``most`` whole numbers from 0 to ``last``, both included.

    All of them where they are few enough, else half evenly spread and half evenly in the log: a
    clock of generations and a clock of doublings both find enough.
    """
    if last < most:
        return np.arange(last + 1, dtype=np.uint32)
    even = np.linspace(0, last, most // 2)
    early = np.geomspace(1, last, most // 2)
    return np.unique(np.round(np.concatenate([even, early]))).astype(np.uint32)


def frame_generations(generations: int, n: int) -> NDArray[np.uint32]:
    """Return the generations whose laws are sent; between two of them the player glides."""
    return spread(generations, min(MOST_FRAMES, max(_FEWEST_FRAMES, FRAME_VALUES // n)))


def point_generations(frames: NDArray[np.uint32], *curves: Array) -> NDArray[np.uint32]:
    """Return the generations at which curves are sent, ``frames`` among them.

    All of them up to `MOST_POINTS`. Of longer runs the lowest and highest value of each curve
    between neighbours of a spread finer than its line is wide: the drawn band is the same.

    Parameters
    ----------
    frames : (m,) generations that are needed anyway
    *curves : each (generations + 1,) float
    """
    length = len(curves[0])
    if length <= MOST_POINTS:
        return np.arange(length, dtype=np.uint32)
    edges = spread(length - 1, MOST_POINTS // 4).tolist()
    extremes = [
        start + int(extreme(curve[start:stop]))
        for start, stop in zip(edges[:-1], edges[1:], strict=True)
        for curve in curves
        for extreme in (np.argmin, np.argmax)
    ]
    return np.union1d(frames, np.array(extremes, dtype=np.uint32))


def twin_knots(states: Array, at: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Return which rows of a smooth run are sent; `glided` draws the others.

    Rows are added where the glide is worst until every bar stands within half a pixel of its
    place, on the linear and on the log axis (1/1,000 of the largest bar, and 0.02 nats above
    1e-7; the total variation so lost was at most 0.0013 in all runs tried), or until a
    sixth of the values that the noisy run takes is spent.

    Parameters
    ----------
    states : (m, n) float, laws
    at : (m,) the generations they belong to, increasing

    Returns
    -------
    (knots,) int, rows, first and last included
    """
    m, n = states.shape
    most = max(_FEWEST_TWIN_VALUES, m * n // 6) // n
    if m <= max(most, 2):
        return np.arange(m)
    codes = np.maximum(encoded(states), encoded(np.array(_FAINT))).astype(np.float32)
    strict = np.maximum(1 / _LOG_TOLERANCE, states / (_LINEAR_TOLERANCE * states.max()))
    weights = (STEP * strict).astype(np.float32)
    times = at.astype(np.float32)

    def worst(i: int, j: int) -> tuple[float, int, int, int]:
        if j - i < 2:
            return 0.0, i, i, j
        share = ((times[i + 1 : j] - times[i]) / (times[j] - times[i]))[:, None]
        glide = codes[i] + share * (codes[j] - codes[i])
        errors = (np.abs(glide - codes[i + 1 : j]) * weights[i + 1 : j]).max(axis=1)
        row = int(errors.argmax())
        return -float(errors[row]), i + 1 + row, i, j

    spans, knots = [worst(0, m - 1)], {0, m - 1}
    while len(knots) < most and spans[0][0] < -1:
        _, row, i, j = heapq.heappop(spans)
        knots.add(row)
        heapq.heappush(spans, worst(i, row))
        heapq.heappush(spans, worst(row, j))
    return np.array(sorted(knots))


def glided(
    codes: NDArray[np.uint16], at: NDArray[np.uint32], wanted: NDArray[np.uint32]
) -> NDArray[np.uint16]:
    """Return codes at generations ``wanted`` from those at ``at``: the twin of run.js.

    Geometric in the probability and linear in time; ``at`` holds the first and last of
    ``wanted``. Shapes (knots, n), (knots,), (m,) to (m, n).
    """
    after = np.clip(np.searchsorted(at, wanted, side="right"), 1, len(at) - 1)
    start, stop = at[after - 1].astype(float), at[after].astype(float)
    share = ((wanted - start) / (stop - start))[:, None]
    low, high = codes[after - 1].astype(float), codes[after].astype(float)
    glide: NDArray[np.uint16] = np.floor(low + share * (high - low) + 0.5).astype(np.uint16)
    return glide
