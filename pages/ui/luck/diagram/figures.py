"""The simulated diagram and the exact one as figures: points in, an Altair chart out. Pure."""

from typing import Any

import altair as alt
import numpy as np

from closedloop_core.exact.classes import SEVERE
from closedloop_core.exact.phases import PhaseDiagram
from closedloop_core.measures import Array
from pages.ui.luck.axes import foot, rungs
from pages.ui.luck.diagram.digest import Cell, Point, cells_of, exact_point, whole_step
from pages.ui.luck.theme import SHIFTS, Grid, Look, Rows, haloed, layers, stack, table
from pages.ui.wording import percent

_FAITHFUL = {"light": "#009E73", "dark": "#2CC79A"}
_TEMPERATURES = (0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0)
# Where regions are named, if they are there: temperature, share, sign of the shift, words.
_NAMED = ((0.36, 0.06, -1, "COLLAPSE"), (2.6, 0.06, 1, "HEAT DEATH"))


def map_figure(
    points: dict[Cell, Point],
    exact: PhaseDiagram,
    lines: tuple[Array, Array],
    here: tuple[float, float],
    theme: tuple[str, Look],
) -> Any:
    """Return a map of ``points``, where they are severe, and the exact edge of the faithful region.

    ``exact`` is the exact diagram on the finest grid, ``lines`` temperatures and shares of its
    edge, ``here`` the settings of the dials.
    """
    (name, style), rows = theme, _rows(points, exact)
    logs = np.log(exact.temperatures)
    across = (float(logs[0]), float(logs[-1]))
    place = Grid(across, (0.0, 1.0), left=style.px(52), right=style.px(12))
    height = style.px(368)
    marks = [(float(np.log(t)), f"{t:g}") for t in _TEMPERATURES]
    shares = [(share, percent(share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    drawn = [
        _cells(rows, place, name),
        *_severe(points, exact, place, style),
        *_edge(lines, place, style, name),
        *_names(points, exact, place, style),
        *_here(here, place, style),
        *rungs(place, style, shares)[1:],
        *foot(place, style, height, marks, "Temperature T"),
        *_upright(place, style, "External data, % of new data"),
    ]
    return stack([layers(drawn, height)], style)


def exact_points(exact: PhaseDiagram) -> dict[Cell, Point]:
    """Return the exact diagram as the points of a finished map."""
    return {cell: exact_point(exact, cell) for cell in cells_of(1)}


def _bounds(at: int, step: int, axis: Array) -> tuple[float, float]:
    """Return where a cell of this step begins and ends, cut at the ends of the axis."""
    reach, last = 0.5 * step, len(axis) - 1
    low, high = max(at - reach, 0.0), min(at + reach, float(last))
    places = np.interp([low, high], np.arange(len(axis)), axis)
    return float(places[0]), float(places[1])


def _rows(points: dict[Cell, Point], exact: PhaseDiagram) -> Rows:
    rows: Rows = []
    logs, shares = np.log(exact.temperatures), exact.external_fractions
    # Coarse cells first: finer ones that are known already lie over them.
    for (i, j), point in sorted(points.items(), key=lambda item: -item[1].step):
        x, y = _bounds(i, point.step, logs), _bounds(j, point.step, shares)
        t, share = float(exact.temperatures[i]), float(shares[j])
        rows.append(
            {
                **{"x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1], "s": round(point.shift, 3)},
                "said": f"T = {t:.2f}, external {percent(share, 0)}: shift {point.shift:+.2f}"
                f" (exact {exact.shift[i, j]:+.2f}), distance {point.distance:.2f}"
                f" ({exact.distance[i, j]:.2f}), acting like {point.effective:.1f}"
                f" ({exact.effective[i, j]:.1f})",
            }
        )
    return rows


def _cells(rows: Rows, place: Grid, theme: str) -> Any:
    scale = alt.Scale(
        domain=np.linspace(-1, 1, 9).tolist(), range=list(SHIFTS[theme]), interpolate="lab"
    )
    return (
        table(rows)
        .mark_rect(strokeWidth=0.6, aria=False)
        .encode(
            x=place.x("x0"),
            x2="x1:Q",
            y=place.y("y0"),
            y2="y1:Q",
            color=alt.Color("s:Q", scale=scale, legend=None),
            stroke=alt.Stroke("s:Q", scale=scale, legend=None),
            tooltip=alt.Tooltip("said:N", title="here"),
        )
    )


def _severe(points: dict[Cell, Point], exact: PhaseDiagram, place: Grid, style: Look) -> list[Any]:
    """Return the edges of severe regions, along the sides of cells of the finest whole level."""
    step = whole_step(points)
    if step is None:
        return []
    near = {
        cell: (points[cell].shift > SEVERE) - (points[cell].shift < -SEVERE)
        for cell in cells_of(step)
    }
    logs, shares = np.log(exact.temperatures), exact.external_fractions
    rows: Rows = []
    for (i, j), inside in near.items():
        if near.get((i + step, j), inside) != inside:
            x, (low, high) = _bounds(i, step, logs)[1], _bounds(j, step, shares)
            rows.append({"x0": x, "x1": x, "y0": low, "y1": high})
        if near.get((i, j + step), inside) != inside:
            y, (left, right) = _bounds(j, step, shares)[1], _bounds(i, step, logs)
            rows.append({"x0": left, "x1": right, "y0": y, "y1": y})
    base = table(rows).encode(x=place.x("x0"), x2="x1:Q", y=place.y("y0"), y2="y1:Q")
    return [
        base.mark_rule(color=style.ink, strokeWidth=style.px(1.3), strokeCap="square", aria=False)
    ]


def _edge(lines: tuple[Array, Array], place: Grid, style: Look, theme: str) -> list[Any]:
    rows = [
        {"t": float(np.log(t)), "share": float(share)}
        for t, share in zip(*lines, strict=True)
        if np.isfinite(share)
    ]
    base = table(rows).encode(x=place.x("t"), y=place.y("share"))
    dash = [style.px(7), style.px(4)]
    halo = {"strokeWidth": style.px(5), "opacity": 0.7}
    return [
        base.mark_line(color=style.ground, aria=False, **halo),
        base.mark_line(
            color=_FAITHFUL[theme], strokeWidth=style.px(2.4), strokeDash=dash, aria=False
        ),
    ]


def _names(points: dict[Cell, Point], exact: PhaseDiagram, place: Grid, style: Look) -> list[Any]:
    """Return the names of the severe regions where they are."""
    rows: Rows = []
    for t, share, sign, words in _NAMED:
        i = int(np.abs(np.log(exact.temperatures / t)).argmin())
        j = int(np.abs(exact.external_fractions - share).argmin())
        cell = min(points, key=lambda at: (at[0] - i) ** 2 + (at[1] - j) ** 2)
        if sign * points[cell].shift > SEVERE:
            rows.append({"t": float(np.log(t)), "share": share, "words": words})
    base = table(rows).encode(x=place.x("t"), y=place.y("share"), text="words:N")
    return haloed(base, style, style.ink, fontWeight=700, fontSize=style.px(15))


def _upright(place: Grid, style: Look, title: str) -> list[Any]:
    """Return the name of the upright axis: inside the map, as there is no space on its left."""
    base = table([{"t": place.across[0], "share": 1.0, "words": title}])
    base = base.encode(x=place.x("t"), y=place.y("share"), text="words:N")
    corner = {"align": "left", "baseline": "top", "dx": style.px(8), "dy": style.px(8)}
    return haloed(base, style, style.ink, **corner, fontWeight=600)


def _here(here: tuple[float, float], place: Grid, style: Look) -> list[Any]:
    """Return the ring at the dials' settings, if the map has them."""
    t, share = float(np.log(here[0])), here[1]
    if not place.across[0] <= t <= place.across[1]:
        return []
    base = table([{"t": t, "share": share}]).encode(x=place.x("t"), y=place.y("share"))
    ring = {"fill": "transparent", "opacity": 1, "aria": False}
    area = style.unit**2
    return [
        base.mark_circle(size=210 * area, stroke=style.ground, strokeWidth=style.px(5), **ring),
        base.mark_circle(size=210 * area, stroke=style.ink, strokeWidth=style.px(2.2), **ring),
        base.mark_circle(size=36 * area, fill=style.ink, opacity=1, aria=False),
    ]
