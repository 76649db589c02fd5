"""The phase page's figure: map, lines, the cut at one temperature, and the sweep. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from closedloop_core import BoundaryLines, Law, LoopParams, bifurcation_branches, sweep_external
from closedloop_core.exact.branches import Piece
from closedloop_core.exact.phases import PhaseDiagram
from closedloop_core.measures import Array
from pages.ui import charts

SWEEP_SAMPLES = 100_000
SWEEP_GENERATIONS = 40
MAX_SWEPT_OUTCOMES = 1_000
MAX_CUT_GROUPS = 1_000
_PUBLISHED = "sufficient, as published"
_PER_CENT = "\N{NO-BREAK SPACE}%"


@dataclass(frozen=True)
class Sweep:
    """A simulated experiment: the external share lowered, then raised, and the distances seen.

    ``accident`` says that the runner-up was put ahead at the turn (luck, made to happen).
    """

    external_fraction: Array
    distance: Array
    turn: int
    accident: bool


@dataclass(frozen=True)
class Strand:
    """A branch of fixed points over temperature, stable or unstable throughout."""

    winner: int | None
    is_stable: bool
    temperature: Array
    distance: Array


def is_even(source: Law) -> bool:
    """Say whether all outcomes are equally likely: its diagram has lines of its own."""
    q = source.probabilities()
    return bool(q.max() == q.min())


def run_sweep(source: Law, temperature: float, seed: int) -> Sweep:
    """Lower the external share from 100 % to 0 in steps of 1 %, then raise it again."""
    down, up = np.linspace(1.0, 0.0, 101), np.linspace(0.0, 1.0, 101)
    params = LoopParams(
        initial=source,
        temperature=temperature,
        regime="replace",
        sample_size=SWEEP_SAMPLES,
        seed=seed,
    )
    fallen = sweep_external(params, down.tolist(), SWEEP_GENERATIONS)
    q, turned = source.probabilities(), fallen[-1]
    accident = temperature < 1 and not is_even(source)
    if accident:
        runner_up = int(np.argsort(-q, kind="stable")[1])
        turned = 0.01 * q + 0.99 * np.eye(source.n)[runner_up]
    start = params.replace(initial=Law.from_weights(turned), reference=source, seed=seed + 101)
    risen = sweep_external(start, up[1:].tolist(), SWEEP_GENERATIONS)
    states = np.concatenate([fallen, risen])
    distance = 0.5 * np.abs(states - q).sum(axis=1)
    return Sweep(np.concatenate([down, up[1:]]), distance, len(down), accident)


def cut_along_temperature(source: Law, temperatures: Array, fraction: float) -> list[Strand]:
    """Follow the branches over temperature at one external share."""
    points: dict[tuple[int | None, bool, int], list[tuple[int, float]]] = {}
    leader = int(np.argmax(source.probabilities()))
    for at, temperature in enumerate(temperatures):
        met: dict[tuple[int | None, bool], int] = {}
        for piece in bifurcation_branches(source, float(temperature)):
            distance = _crossing(piece, fraction)
            if distance is None:
                continue
            winner = None if piece.winner == leader and not is_even(source) else piece.winner
            order = met.get((winner, piece.is_stable), 0)
            met[winner, piece.is_stable] = order + 1
            points.setdefault((winner, piece.is_stable, order), []).append((at, distance))
    strands = []
    for (winner, is_stable, _), found in points.items():
        rows, distances = np.array([i for i, _ in found]), np.array([d for _, d in found])
        gaps = np.flatnonzero(np.diff(rows) > 1) + 1
        for part in np.split(np.arange(len(rows)), gaps):
            if len(part) > 1:
                axis = temperatures[rows[part]]
                strands.append(Strand(winner, is_stable, axis, distances[part]))
    return strands


def _crossing(piece: Piece, fraction: float) -> float | None:
    """Return the distance where a piece passes an external share, or None."""
    shares, distances = piece.external_fraction, piece.distance
    if shares[0] > shares[-1]:
        shares, distances = shares[::-1], distances[::-1]
    # Branches that reach the ends of the axis are traced up to a hair from them.
    fraction = min(max(fraction, 1e-9), 1.0 - 1e-6)
    if not shares[0] <= fraction <= shares[-1]:
        return None
    return float(np.interp(fraction, shares, distances))


def pack_phase_page(
    diagram: PhaseDiagram,
    n_stable: NDArray[np.uint32],
    lines: BoundaryLines,
    cut: dict[str, Any],
    cut_arrays: dict[str, NDArray[Any]],
    tolerance: float,
) -> bytes:
    """Pack map, lines and panels for the map component."""
    arrays: dict[str, NDArray[Any]] = {
        "temperatures": charts.single(diagram.temperatures),
        "external_fractions": charts.single(diagram.external_fractions),
        **{
            name: charts.single(getattr(diagram, name))
            for name in ("shift", "distance", "effective")
        },
        "n_stable": n_stable,
        "contour_temperatures": charts.single(lines.temperatures),
        "contour": charts.single(lines.contour),
        **cut_arrays,
    }
    entries = []
    for name, label, style, group, hatch in _LINES:
        values = getattr(lines, name)
        if values is not None and np.any(np.isfinite(values)):
            arrays[name] = charts.single(values)
            entry = {"name": name, "label": label, "style": style, "group": group, "array": name}
            entries.append({**entry, "side": "both", "bounds_hatch": hatch})
    return charts.pack({"tolerance": tolerance, "lines": entries, **cut}, arrays)


_LINES = (
    ("stability", "prevention: stability, a = 1 \N{MINUS SIGN} T", "green", "stability", False),
    ("saddle_node", "cure: collapse can persist below", "ink", "edge", True),
    ("maxwell", "Maxwell: both equally deep", "dashed", "maxwell", False),
    ("other_winner", "hatched: another outcome can win", "ink", "edge", True),
    ("euclidean", f"Euclidean bound · {_PUBLISHED}", "dotted", "bounds", False),
    ("fisher_rao", f"Fisher\N{EN DASH}Rao bound · {_PUBLISHED}", "dotted", "bounds", False),
)


def panels(
    source: Law,
    temperature: float,
    fraction: float,
    pieces: Sequence[Piece],
    strands: Sequence[Strand],
    sweep: Sweep | None,
    thresholds: Sequence[dict[str, Any]],
    tolerance: float,
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return header entries and arrays of the cut and of the panel over temperature."""
    cut: dict[str, Any] = {
        "temperature": temperature,
        "title": "Lower the share, then raise it again",
        "subtitle": f"the dotted cut at T = {temperature:.3g}, same vertical scale",
        "thresholds": list(thresholds),
        "key": True,
        "notes": [],
        "band": tolerance,
        "branches": [_look(source, p.winner, p.is_stable, temperature) for p in pieces],
    }
    arrays = _joined("cut_branch", "a", "x", [(p.external_fraction, p.distance) for p in pieces])
    if sweep is not None:
        label = f"simulated: {SWEEP_SAMPLES:,} samples a generation"
        if is_even(source):
            label += "; noise tips it a little early"
        if sweep.accident:
            label += f"; at 0{_PER_CENT} the runner-up was put ahead"
        cut["sweep"] = {"turn": sweep.turn, "label": label}
        arrays["sweep_a"] = charts.single(sweep.external_fraction)
        arrays["sweep_x"] = charts.single(sweep.distance)
    bifurcation = {
        "title": f"Distance to the source over temperature, at {100 * fraction:.3g}{_PER_CENT}"
        " external data",
        "external_fraction": fraction,
        "thresholds": [],
        "branches": [_look(source, s.winner, s.is_stable, temperature) for s in strands],
    }
    arrays |= _joined("bif", "t", "x", [(s.temperature, s.distance) for s in strands])
    return {"cut": cut, "bifurcation": bifurcation}, arrays


def _joined(
    prefix: str, first: str, second: str, parts: Sequence[tuple[Array, Array]]
) -> dict[str, NDArray[Any]]:
    """Return polylines one after the other, with the offsets where each starts."""
    offsets = np.cumsum([0, *(len(x) for x, _ in parts)]).astype(np.uint32)
    empty = [np.empty(0)]
    return {
        f"{prefix}_{first}": charts.single(np.concatenate([x for x, _ in parts] or empty)),
        f"{prefix}_{second}": charts.single(np.concatenate([y for _, y in parts] or empty)),
        f"{prefix}_offsets": offsets,
    }


def _look(source: Law, winner: int | None, is_stable: bool, temperature: float) -> dict[str, Any]:
    """Return kind, tone and label of a branch."""
    kind = "stable" if is_stable else "unstable"
    q = source.probabilities()
    if is_even(source):
        tone = "faithful" if winner is None else "collapse"
        labels = {None: "stays even", 0: "one outcome has won"}
        return {"kind": kind, "tone": tone, "label": labels.get(winner) if is_stable else None}
    order = np.argsort(-q, kind="stable")
    if winner is None or winner == order[0]:
        label = "usual leader ahead: down and up on one line" if temperature < 1 else None
        return {"kind": kind, "tone": "ink", "label": label if is_stable else None}
    if winner == order[1]:
        label = f"“{charts.outcome_name(source, winner)}” won by luck" if is_stable else "unstable"
        return {"kind": kind, "tone": "collapse", "label": label}
    return {"kind": kind, "tone": "other", "label": None}


def thresholds_at(
    source: Law,
    temperature: float,
    least: float,
    edge: float | None,
    bounds: tuple[float, float],
    tolerance: float,
) -> list[dict[str, Any]]:
    """Return what the panel writes beside the heights that matter."""
    within = f"{100 * tolerance:.3g}{_PER_CENT}"
    found = []
    if is_even(source) and edge is not None:
        found.append(_threshold(edge, "cure", "collapse"))
        found.append(_threshold(1 - temperature, "prevention", "faithful"))
    else:
        found.append(_threshold(least, f"prevention: stay within {within}", "faithful"))
        if edge is not None:
            found.append(_threshold(edge, "return: get the right winner back", "collapse"))
    for value in bounds:
        if np.isfinite(value):
            found.append(_threshold(value, f"bound: {_PUBLISHED}", "bound"))
    return found


def _threshold(value: float, words: str, tone: str) -> dict[str, Any]:
    digits = 1 if tone != "bound" else 2
    text = f"{100 * value:.{digits}f}".rstrip("0").rstrip(".") + _PER_CENT
    return {"value": value, "text": text, "words": words, "tone": tone}
