"""The geometry page's pictures as bytes: three outcomes as a triangle, two as a well. Pure.

Both show the mean field of `accumulate`: dp/ds = F(p) - p in the clock s = ln N, so one doubling
of the dataset is ln 2 of it. V = -Phi is the potential in which a ball rolls down.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from closedloop_core import Law
from closedloop_core.exact.basins import (
    EDGE_INSET,
    LATTICE,
    NO_BASIN,
    basins_of,
    borders_between,
)
from closedloop_core.exact.landscape import (
    Landscape,
    arrow_starts,
    follow_paths,
    lattice_points,
    moved_inside,
    path_doublings,
    source_start,
    state_from_source,
)
from closedloop_core.exact.wells import (
    is_wrong_side,
    resting_place,
    vanishing_share,
    well_potential,
)
from closedloop_core.measures import Array
from pages.ui.canvas.pack import pack
from pages.ui.wording import percent

ARROWS = 13
WELL_POINTS = 241
Point = tuple[float, float, float]
_NBSP = "\N{NO-BREAK SPACE}"


def pack_triangle(
    reference: Law,
    temperature: float,
    external_fraction: float,
    tolerance: float,
    starts: Sequence[Point],
    mode: str,
) -> bytes:
    """Pack the simplex of three outcomes: basins, potential, flow, paths, fixed points."""
    loop = Landscape(reference, temperature, external_fraction, tolerance)
    lattice, weights = lattice_points(LATTICE)
    basin = basins_of(loop, lattice)
    arrows = arrow_starts(ARROWS)
    paths = follow_paths(loop, np.array([source_start(loop), *starts], dtype=np.float64))
    fixed = _described(loop, basin, weights)
    settled = state_from_source(loop)
    header = {
        "mode": mode,
        "labels": loop.labels,
        "point": {"temperature": temperature, "external_fraction": external_fraction},
        "source": loop.q.tolist(),
        "fixed_points": fixed,
        "winner_from_source": settled,
        "alt": _triangle_words(loop, fixed, settled),
        "picture_name": _picture_name("triangle", temperature, external_fraction),
    }
    shown = lattice if external_fraction == 0 else moved_inside(lattice, EDGE_INSET / LATTICE)
    arrays: dict[str, NDArray[Any]] = {
        "grid": lattice.astype(np.float32),
        "lattice_size": np.array([LATTICE], dtype=np.uint32),
        "potential": loop.potential(shown).astype(np.float32),
        "basin": basin,
        "borders": borders_between(loop).astype(np.float32),
        "arrows": np.concatenate([arrows, loop.image(arrows) - arrows], axis=1).astype(np.float32),
        "paths": paths.astype(np.float32),
        "path_doublings": path_doublings(paths.shape[1]),
    }
    return pack(header, arrays)


def pack_well(
    reference: Law,
    temperature: float,
    external_fraction: float,
    tolerance: float,
    start: float,
    mode: str,
) -> bytes:
    """Pack the potential of two outcomes, the ball's run in it, and five small wells."""
    loop = Landscape(reference, temperature, external_fraction, tolerance)
    x = np.linspace(0.0, 1.0, WELL_POINTS)
    run = follow_paths(loop, np.array([[start, 1.0 - start]]))[0]
    vanish = vanishing_share(loop)
    shares = _small_shares(vanish, external_fraction)
    ends = np.array([resting_place(loop, start, share) for share in shares])
    fixed = [
        {
            "x": float(p[0]),
            "V": float(loop.potential(p)),
            "kind": "unstable" if unstable else "stable",
            "class": loop.phase(p),
        }
        for p, unstable in sorted(loop.fixed_points, key=lambda entry: float(entry[0][0]))
    ]
    header = {
        "mode": mode,
        "labels": loop.labels,
        "source": float(loop.q[0]),
        "point": {"temperature": temperature, "external_fraction": external_fraction},
        "fixed_points": fixed,
        "start": start,
        "vanish": vanish,
        "wells": [
            {
                "external_fraction": share,
                "stuck": is_wrong_side(loop, float(end)),
                "is_now": share == external_fraction,
            }
            for share, end in zip(shares, ends, strict=True)
        ],
        "alt": _well_words(loop, start, float(run[-1, 0]), vanish),
        "picture_name": _picture_name("well", temperature, external_fraction),
    }
    arrays: dict[str, NDArray[Any]] = {
        "x": x.astype(np.float32),
        "potential": well_potential(loop, x, external_fraction),
        "ball": run[:, 0].astype(np.float32),
        "ball_doublings": path_doublings(len(run)),
        "wells_potential": np.stack([well_potential(loop, x, share) for share in shares]),
        "wells_end": ends.astype(np.float32),
    }
    return pack(header, arrays)


def _described(loop: Landscape, basin: NDArray[np.uint8], weights: Array) -> list[dict[str, Any]]:
    """Return the fixed points in words and numbers: kind, winner, class, share of all starts."""
    kinds = {0: "stable", 1: "saddle", 2: "unstable"}
    reached = float(weights[basin != NO_BASIN].sum())
    return [
        {
            "p": p.tolist(),
            "kind": kinds[unstable],
            "share": float(weights[basin == k].sum() / reached) if unstable == 0 else None,
            "winner": loop.winner(p) if unstable == 0 else None,
            "class": loop.phase(p),
        }
        for k, (p, unstable) in enumerate(loop.fixed_points)
    ]


def _small_shares(vanish: float | None, now: float) -> list[float]:
    """Return five external shares around the one where the well vanishes, ``now`` among them."""
    if vanish is None:
        wanted = np.array([0.0, 0.2, 0.4, 0.6, 0.8])
    else:
        over = 1.0 - vanish
        wanted = np.array([0.26 * vanish, 0.72 * vanish, 0.905 * vanish])
        wanted = np.append(wanted, [vanish + 0.022 * over, vanish + 0.35 * over])
    digits = 2 if vanish is None or vanish > 0.12 else 3 if vanish > 0.012 else 4
    shares = [float(share) for share in np.round(wanted, digits)]
    if vanish is not None and shares[3] <= vanish:
        shares[3] = round(shares[3] + 0.1**digits, digits)
    # `now` takes the place of its nearest neighbour on its own side of the threshold.
    beyond = vanish is not None and now > vanish
    own = [k for k in range(5) if vanish is None or (shares[k] > vanish) == beyond] or [4]
    shares[min(own, key=lambda k: abs(shares[k] - now))] = now
    return sorted(shares)


def _picture_name(what: str, temperature: float, fraction: float) -> str:
    return f"{what}-T{temperature:.3g}-external{percent(fraction, unit='')}.png"


def _setting_words(loop: Landscape) -> str:
    return f"T = {loop.temperature:.3g} with {percent(loop.external_fraction)} external data"


def _triangle_words(loop: Landscape, fixed: Sequence[dict[str, Any]], settled: int | None) -> str:
    """Return the triangle in words, with its numbers, for those who cannot see it."""
    setting = _setting_words(loop)
    if settled is None:
        return f"Triangle of three outcomes at {setting}: without sampling noise nothing moves."
    parts = [
        f"{_mix(loop.labels, np.array(entry['p']))} ({percent(entry['share'], 0)} of all starts)"
        for entry in fixed
        if entry["share"] is not None
    ]
    count = f"{len(parts)} stable state{'s' if len(parts) > 1 else ''}"
    end = _mix(loop.labels, np.array(fixed[settled]["p"]))
    return (
        f"Triangle of three outcomes at {setting}: {count}. {'; '.join(parts)}."
        f" From the source, {_mix(loop.labels, loop.q)}, the loop settles at {end}."
    )


def _mix(labels: Sequence[str], p: Array) -> str:
    return ", ".join(
        f"{name} {percent(share, 0)}" for name, share in zip(labels, p.tolist(), strict=True)
    )


def _well_words(loop: Landscape, start: float, end: float, vanish: float | None) -> str:
    """Return the well in words, with its numbers."""
    setting = _setting_words(loop)
    wells = len(loop.stable)
    shape = {0: "flat: without sampling noise nothing moves", 1: "one well"}.get(wells, "two wells")
    words = (
        f"Potential of two outcomes at {setting}: {shape}. A ball that starts at"
        f" {loop.labels[0]} {percent(start, 0)} ends at {loop.labels[0]} {percent(end, 0)}"
        f" (source {percent(float(loop.q[0]), 0)})."
    )
    if vanish is None:
        return words
    return words + f" The wrong well vanishes at {percent(vanish)} external data."
