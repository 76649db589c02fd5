"""The phase page's figure: map, lines, the cut at one temperature, and the sweep. Pure."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from closedloop_core import BoundaryLines, Law
from closedloop_core.exact.branches import Piece
from closedloop_core.exact.cuts import Strand
from closedloop_core.exact.phases import PhaseDiagram
from closedloop_core.exact.summary import Needs
from closedloop_core.loop.hysteresis import SWEEP_SAMPLES, Sweep
from closedloop_core.measures import Array, is_even
from pages.ui.canvas import pack
from pages.ui.exports import table_csv
from pages.ui.wording import count, outcome_name, percent, percent_down, percent_least

MAX_SWEPT_OUTCOMES = 1_000
MAX_CUT_GROUPS = 1_000
_PUBLISHED = "sufficient, as published"


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
        "temperatures": pack.single(diagram.temperatures),
        "external_fractions": pack.single(diagram.external_fractions),
        **{
            name: pack.single(getattr(diagram, name)) for name in ("shift", "distance", "effective")
        },
        "n_stable": n_stable,
        "contour_temperatures": pack.single(lines.temperatures),
        "contour": pack.single(lines.contour),
        **cut_arrays,
    }
    entries = []
    for name, label, style, group, hatch in _LINES:
        values = getattr(lines, name)
        if values is not None and np.any(np.isfinite(values)):
            arrays[name] = pack.single(values)
            entry = {"name": name, "label": label, "style": style, "group": group, "array": name}
            entries.append({**entry, "side": "both", "bounds_hatch": hatch})
    return pack.pack({"tolerance": tolerance, "lines": entries, **cut}, arrays)


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
        "legend": True,
        "notes": [],
        "band": tolerance,
        "branches": [_look(source, p.winner, p.is_stable, temperature) for p in pieces],
    }
    arrays = _joined("cut_branch", "a", "x", [(p.external_fraction, p.distance) for p in pieces])
    if sweep is not None:
        label = f"simulated: {count(SWEEP_SAMPLES)} samples a generation"
        if is_even(source.probabilities()):
            label += "; noise tips it a little early"
        if sweep.accident:
            label += f"; at {percent(0)} the runner-up was put ahead"
        cut["sweep"] = {"turn": sweep.turn, "label": label}
        arrays["sweep_a"] = pack.single(sweep.external_fraction)
        arrays["sweep_x"] = pack.single(sweep.distance)
    bifurcation = {
        "title": f"Distance to the source over temperature, at {percent(fraction)} external data",
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
        f"{prefix}_{first}": pack.single(np.concatenate([x for x, _ in parts] or empty)),
        f"{prefix}_{second}": pack.single(np.concatenate([y for _, y in parts] or empty)),
        f"{prefix}_offsets": offsets,
    }


def _look(source: Law, winner: int | None, is_stable: bool, temperature: float) -> dict[str, Any]:
    """Return kind, tone and label of a branch."""
    kind = "stable" if is_stable else "unstable"
    q = source.probabilities()
    if is_even(source.probabilities()):
        tone = "faithful" if winner is None else "collapse"
        labels = {None: "stays even", 0: "one outcome has won"}
        return {"kind": kind, "tone": tone, "label": labels.get(winner) if is_stable else None}
    order = np.argsort(-q, kind="stable")
    if winner is None or winner == order[0]:
        label = "usual leader ahead: down and up on one line" if temperature < 1 else None
        return {"kind": kind, "tone": "ink", "label": label if is_stable else None}
    if winner == order[1]:
        label = f"“{outcome_name(source, winner)}” won by luck" if is_stable else "unstable"
        return {"kind": kind, "tone": "collapse", "label": label}
    return {"kind": kind, "tone": "other", "label": None}


def thresholds_at(source: Law, needs: Needs, bounds: tuple[float, float]) -> list[dict[str, Any]]:
    """Return what the panel writes beside the heights that matter.

    Prevention and cure are told apart only where they are two numbers.
    """
    within = percent(needs.tolerance)
    stay, back = percent_least(needs.least_external), percent_least(needs.return_external)
    if stay == back:
        words = f"to stay within {within}, and to come back"
        found = [_threshold(needs.least_external, stay, words, "faithful")]
    else:
        found = [
            _threshold(
                needs.return_external, back, "cure: to come back from any state", "collapse"
            ),
            _threshold(
                needs.least_external, stay, f"prevention: to stay within {within}", "faithful"
            ),
        ]
    if needs.other_winner is not None and not is_even(source.probabilities()):
        words = "below: another outcome can win"
        share = needs.other_winner
        found.append(_threshold(share, percent_down(share), words, "collapse"))
    found += [
        _threshold(value, percent(value, 2), f"bound: {_PUBLISHED}", "bound")
        for value in bounds
        if np.isfinite(value)
    ]
    return found


def _threshold(value: float, text: str, words: str, tone: str) -> dict[str, Any]:
    return {"value": value, "text": text, "words": words, "tone": tone}


def diagram_csv(diagram: PhaseDiagram) -> str:
    """Return a phase diagram as CSV: one line a grid point."""
    rows: list[list[Any]] = [
        ["temperature", "external_fraction", "shift", "distance_to_source", "effective_outcomes"]
    ]
    for i, temperature in enumerate(diagram.temperatures.tolist()):
        for j, fraction in enumerate(diagram.external_fractions.tolist()):
            fields = (diagram.shift, diagram.distance, diagram.effective)
            rows.append([temperature, fraction, *(float(field[i, j]) for field in fields)])
    return table_csv(rows)
