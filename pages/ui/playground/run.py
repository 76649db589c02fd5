"""One run as bytes for the player, and as CSV. Pure."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from closedloop_core import Law, LoopParams, hill_number
from closedloop_core.exact.classes import CLASSES, TOLERANCE, classes_of
from closedloop_core.loop.simulate import Trajectory
from closedloop_core.measures import Array
from pages.ui.canvas import codes
from pages.ui.canvas.pack import pack, payload_name, single, unpack
from pages.ui.exports import table_csv
from pages.ui.wording import outcome_name


@dataclass(frozen=True)
class TwinPicture:
    """What is shown of a run's infinite-sample twin, whatever the run's luck.

    Attributes
    ----------
    frames : (k,) uint, generations of ``laws``
    laws : (k, n) uint16, see `codes.encoded`
    effective, distance : (generations + 1,) float, its curves
    phases : class of its states: generation and class of each change
    """

    frames: NDArray[Any]
    laws: NDArray[np.uint16]
    effective: Array
    distance: Array
    phases: list[tuple[int, str]]


def picture_of(twin: Trajectory, tolerance: float = TOLERANCE) -> TwinPicture:
    """Return what is shown of a twin: its laws thinned out, its curves whole."""
    frames = codes.frame_generations(twin.params.generations, twin.params.initial.n)
    knots = codes.twin_knots(twin.learned[frames], frames)
    return TwinPicture(
        _small(frames[knots]),
        codes.encoded(twin.learned[frames[knots]]),
        *_curves(twin, twin.params.source.probabilities()),
        phase_changes(twin, tolerance),
    )


def pack_run(
    run: Trajectory, twin: TwinPicture | None, flag: str | None, tolerance: float = TOLERANCE
) -> bytes:
    """Pack a run for the player: its laws, those of its infinite-sample twin, and both curves.

    At most 40 kB for 64 outcomes and 200 generations, 600 kB for 1,000 and 500. Laws are codes
    (`codes.encoded`); the laws of long runs and of the smooth twin are thinned out where the
    player's glide between two of them cannot be told from the truth (`codes`); numbers that are
    printed are exact at their generation.

    Arrays: ``frames`` (m,) the generations of ``probabilities`` (m, n); ``twin_frames`` (k,) those
    of ``twin`` (k, n), some of the same; ``generations`` (points,) those of ``doublings`` of the
    dataset and of the curves ``effective``, ``distance`` and ``twin_...``, with all of ``frames``
    among them, and left out where they are the same; ``doublings`` are left out too where they
    follow from the header's ``loop``; ``reference`` (n,). The header's ``phases`` are the classes
    of the run's states, ``twin_phases`` those of its twin's: generation and class of each change.
    """
    params = run.params
    q = params.source.probabilities()
    frames = codes.frame_generations(params.generations, params.initial.n)
    effective, distance = _curves(run, q)
    points = codes.point_generations(frames, effective, distance)
    arrays: dict[str, NDArray[Any]] = {
        "frames": _small(frames),
        **({} if len(points) == len(frames) else {"generations": _small(points)}),
        "reference": codes.encoded(q),
        # What the model says is what it has learned; only `subsample` tells it from the data.
        "probabilities": codes.encoded(run.learned[frames]),
        "effective": single(effective[points]),
        "distance": single(distance[points]),
    }
    if params.schedule:
        arrays["doublings"] = single(np.log2(run.dataset_size[points] / run.dataset_size[0]))
    if twin is not None:
        arrays |= {
            "twin_frames": twin.frames,
            "twin": twin.laws,
            "twin_effective": single(twin.effective[points]),
            "twin_distance": single(twin.distance[points]),
        }
    header = {
        "run": run_name(params),
        "labels": None if params.initial.labels is None else list(params.initial.labels),
        "noise": params.noise,
        "regime": params.regime,
        "effective_source": float(hill_number(q, 1)),
        "effective_start": float(hill_number(run.learned[0], 1)),
        "generations": params.generations,
        "can_double": params.regime != "replace",
        # An outcome that is gone may return if external data ever come.
        "external_fraction": max(piece.external_fraction for _, piece in params.segments),
        "loop": None if params.schedule else _loop(params),
        "word_source": _source_words(params.source),
        "flag": flag,
        "phases": phase_changes(run, tolerance),
        "twin_phases": None if twin is None else twin.phases,
    }
    return pack(header, arrays)


def run_name(params: LoopParams) -> str:
    """Return the name by which the player tells runs apart, the same in every process."""
    return payload_name(repr(params.key).encode())


def phase_changes(run: Trajectory, tolerance: float) -> list[tuple[int, str]]:
    """Return the class of a run's states (`class_of`): generation and class of each change."""
    params = run.params
    temperatures = params.over_time("temperature")
    places = classes_of(run.learned, params.source, temperatures, tolerance)
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    return [(int(t), CLASSES[places[t]]) for t in starts]


def phase_at(run: bytes, generation: int) -> str:
    """Return the class of a packed run's state at a generation."""
    changes = unpack(run)[0]["phases"]
    return str([phase for start, phase in changes if start <= generation][-1])


def _loop(params: LoopParams) -> dict[str, Any]:
    """Return what the loop without noise follows from, for ``look_ahead.js`` of the player."""
    names = ("temperature", "external_fraction", "sample_size", "initial_size", "growth")
    return {name: getattr(params, name) for name in (*names, "regime", "generations")}


def _small(generations: NDArray[np.uint32]) -> NDArray[Any]:
    return generations.astype(np.uint16 if generations[-1] < 2**16 else np.uint32)


def _curves(run: Trajectory, q: Array) -> tuple[Array, Array]:
    """Return effective outcomes and distance to the source, each (generations + 1,)."""
    distance = 0.5 * np.abs(run.learned - q).sum(axis=-1)
    return np.asarray(hill_number(run.learned, 1)), distance


def with_kept(run: bytes, kept: bytes) -> bytes:
    """Return one packed run that carries another beside it: B, which is played, and A.

    The header of ``kept`` becomes the entry ``kept`` of the run's, its arrays get the prefix
    ``kept_``. Both were made with the same seed and length; labels and sizes may differ.
    """
    header, arrays = unpack(run)
    kept_header, kept_arrays = unpack(kept)
    del kept_header["arrays"]
    renamed = {f"kept_{name}": array for name, array in kept_arrays.items()}
    return pack({**header, "kept": kept_header}, {**arrays, **renamed})


def _source_words(source: Law) -> str:
    named = {"text": "the original words", "data": "the original data"}
    return named.get(source.kind, f"the original law ({source.describe()})")


def basin_flag(end: Array, twin_end: Array, law: Law) -> str | None:
    """Say in one sentence that the noisy run heads for another state than its twin; or None."""
    if 0.5 * np.abs(end - twin_end).sum() < 0.01:
        return None
    winner = int(np.argmax(end))
    name = outcome_name(law, winner)
    if twin_end[winner] == twin_end.max():
        return f"Luck broke a tie: “{name}” leads here, another seed may choose another."
    usual = outcome_name(law, int(np.argmax(twin_end)))
    return f"This run has entered another basin: luck made “{name}” lead, not “{usual}”."


def run_csv(run: Trajectory) -> str:
    """Return a run as CSV: one line a generation, every probability in full precision."""
    law = run.params.initial
    names = [outcome_name(law, i) for i in range(law.n)]
    effective, distance = _curves(run, run.params.source.probabilities())
    rows: list[list[Any]] = [
        ["generation", "dataset_size", "effective_outcomes", "distance_to_source", *names]
    ]
    for t, state in enumerate(run.learned.tolist()):
        size = int(run.dataset_size[t])
        rows.append([t, size, float(effective[t]), float(distance[t]), *state])
    return table_csv(rows)
