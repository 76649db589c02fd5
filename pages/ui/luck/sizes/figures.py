"""The chapter "Sample size" as figures: points in, an Altair chart out. Pure.

Sample sizes stand on a logarithmic axis that ends, where that is a limit, in infinity.
"""

from typing import Any

import altair as alt
import numpy as np

from closedloop_core import LoopParams
from pages.ui.luck.axes import Ticks, bands, dashed, foot, levels, powers, readout, rungs
from pages.ui.luck.quantiles import quantile_row
from pages.ui.luck.sizes.digest import Lifetime, SizePoint
from pages.ui.luck.theme import Grid, Look, Rows, haloed, heading, layers, stack, table, ticks
from pages.ui.wording import count

_BEYOND = 0.7  # from the last size to infinity, in decades


def sizes_figure(
    points: list[SizePoint], params: LoopParams, style: Look, distance: bool = True
) -> Any:
    """Return quantiles over runs against the sample size, the loop without noise dashed.

    ``params`` are the settings of the dials: where "you are here" stands. ``distance`` says
    whether the panel of the distance to the source is wanted.
    """
    n = params.initial.n
    panels = [_panel(points, params, style, "effective", (1.0, n + 0.04 * (n - 1)))]
    if distance:
        top = max(float(p.distance[-1]) for p in points)
        top = max(top, *(p.twin_distance for p in points), 0.01)
        panels.append(_panel(points, params, style, "distance", (0.0, 1.06 * top)))
    last = panels[-1]
    place = _across(points, params, style, (0, 1))
    panels[-1] = last + alt.layer(
        *foot(place, style, last.height, _size_ticks(points, params), "Sample size k")
    )
    return stack(panels, style)


def _across(
    points: list[SizePoint], params: LoopParams, style: Look, up: tuple[float, float]
) -> Grid:
    logs = [np.log10(p.sample_size) for p in points]
    end = logs[-1] + (_BEYOND if has_limit(params) else 0.0)
    return Grid((float(logs[0]), float(end)), up, left=style.px(40), right=style.px(20))


def has_limit(params: LoopParams) -> bool:
    """Say whether the axis ends in infinity: where data accumulate, k sets the steps as well."""
    return params.regime == "replace"


def _size_ticks(points: list[SizePoint], params: LoopParams) -> Ticks:
    low, high = (np.log10(points[i].sample_size) for i in (0, -1))
    found = powers(low, high)
    return [*found, (float(high) + _BEYOND, "∞")] if has_limit(params) else found


def _panel(
    points: list[SizePoint],
    params: LoopParams,
    style: Look,
    name: str,
    up: tuple[float, float],
) -> Any:
    place = _across(points, params, style, up)
    rows = table(_rows(points, params, name))
    at = rows.encode(x=place.x("at"))
    finite = at.transform_filter("isValid(datum.q50)")
    tall = name == "effective"
    drawn = [
        *levels(place, style, 5 if tall else 3),
        *bands(finite, place, style),
        finite.mark_line(color=style.fill, strokeWidth=style.px(3), aria=False).encode(
            y=place.y("q50")
        ),
        finite.mark_circle(color=style.fill, size=34 * style.unit**2, opacity=1, aria=False).encode(
            y=place.y("q50")
        ),
        dashed(at, style).encode(y=place.y("twin")),
        *_here(params, style, place, points),
        _readout(at, style, place),
    ]
    if not tall:
        drawn.append(heading("Distance to the source", style))
    return layers(drawn, style.px(250 if tall else 120))


def _rows(points: list[SizePoint], params: LoopParams, name: str) -> Rows:
    rows: Rows = []
    for p in points:
        row: dict[str, Any] = {
            "at": float(np.log10(p.sample_size)),
            "k": count(p.sample_size),
            "twin": getattr(p, f"twin_{name}"),
            **quantile_row(getattr(p, name).tolist()),
        }
        rows.append(row)
    if has_limit(params):
        rows.append({"at": rows[-1]["at"] + _BEYOND, "k": "infinite", "twin": rows[-1]["twin"]})
    for row in rows:
        words = f"; 90 % of runs {row['most']}, median {row['q50']:.3g}" if "most" in row else ""
        row["said"] = f"k = {row['k']}: without noise {row['twin']:.3g}{words}"
    return rows


def _here(params: LoopParams, style: Look, place: Grid, points: list[SizePoint]) -> list[Any]:
    """Return the hairline at the dial's sample size, with its words."""
    at, words = float(np.log10(params.sample_size)), f"k = {count(params.sample_size)}"
    if not params.noise and has_limit(params):
        at, words = place.across[1], "no noise"
    low, high = place.across
    side = "left" if at < 0.5 * (low + high) else "right"
    base = table([{"at": at, "words": words}]).encode(x=place.x("at"))
    line = base.mark_rule(color=style.ink, strokeWidth=style.px(1.2), aria=False)
    words_mark = base.encode(y=place.y_at(place.up[1]), text="words:N")
    return [
        line.encode(y=place.y_at(place.up[0]), y2=alt.Y2Datum(place.up[1])),
        *haloed(
            words_mark,
            style,
            style.ink,
            align=side,
            baseline="top",
            dx=style.px(6 if side == "left" else -6),
            fontWeight=600,
        ),
    ]


def _readout(at: Any, style: Look, place: Grid) -> Any:
    """Return what the pointer reads at each size."""
    said = [
        alt.Tooltip("k:N", title="sample size"),
        alt.Tooltip("q50:Q", title="median", format=".3~g"),
        alt.Tooltip("half:N", title="50 % of runs"),
        alt.Tooltip("most:N", title="90 % of runs"),
        alt.Tooltip("twin:Q", title="without noise", format=".3~g"),
    ]
    return readout(at, place, style.px(44), said).encode(description="said:N")


def spread_figure(points: list[SizePoint], style: Look) -> Any | None:
    """Return the spread around the resting point against linear noise; None where none rests."""
    resting = [(p.sample_size, p.spread) for p in points if p.spread is not None]
    if not resting:
        return None
    rows: Rows = [
        {
            "at": float(np.log10(k)),
            "value": float(np.log10(found.simulated)),
            "low": float(np.log10(max(found.simulated - 2 * found.error, 1e-12))),
            "high": float(np.log10(found.simulated + 2 * found.error)),
            "theory": float(np.log10(found.theory)),
            "said": f"k = {count(k)}: simulated {found.simulated:.4g} ± {found.error:.2g},"
            f" linear noise {found.theory:.4g}",
        }
        for k, found in resting
    ]
    values = [row[name] for row in rows for name in ("low", "high", "theory")]
    low, high = float(np.floor(min(values))), float(np.ceil(max(values)))
    across = (rows[0]["at"], rows[-1]["at"])
    place = Grid(across, (low, high), left=style.px(56), right=style.px(32))
    return _against_theory(rows, style, place, "Sample size k")


def _against_theory(rows: Rows, style: Look, place: Grid, title: str) -> Any:
    """Return dots with whiskers on a dashed line, both axes logarithmic."""
    height = style.px(150)
    base = table(rows).encode(x=place.x("at"))
    drawn = [
        *rungs(place, style, powers(*place.up, most=5)),
        dashed(base, style).encode(y=place.y("theory")),
        *_dots(base, style, place),
        *foot(place, style, height, powers(*place.across, most=6), title),
    ]
    return stack([layers(drawn, height)], style)


def _dots(base: Any, style: Look, place: Grid) -> list[Any]:
    """Return simulated values with their two standard errors."""
    return [
        base.mark_rule(color=style.text, strokeWidth=style.px(1.6), aria=False).encode(
            y=place.y("low"), y2="high:Q"
        ),
        base.mark_circle(
            size=60 * style.unit**2,
            fill=style.fill,
            stroke=style.ground,
            strokeWidth=style.px(1),
            opacity=1,
        ).encode(
            y=place.y("value"),
            description="said:N",
            tooltip=alt.Tooltip("said:N", title="spread"),
        ),
    ]


def lifetimes_figure(found: list[Lifetime], style: Look) -> Any:
    """Return the lifetimes of two even outcomes: exact dashed, simulated as dots."""
    rows = [_lifetime_row(life) for life in found]
    top = max(row["theory"] for row in rows)
    sizes = [life.sample_size for life in found]
    across = (0.0, float(max(sizes)))
    place = Grid(across, (0.0, 1.04 * top), left=style.px(56), right=style.px(32))
    height, base = style.px(170), table(rows).encode(x=place.x("at"))
    exact = dashed(base, style).encode(y=place.y("theory"), detail="t:N")
    simulated = base.transform_filter("isValid(datum.value)")
    ends = table([_end(found, t) for t in sorted({life.temperature for life in found})])
    names = ends.encode(x=place.x("at"), y=place.y("theory"), text="words:N")
    marks = [(float(k), f"{k:g}") for k in ticks(0, max(sizes), 6)]
    drawn = [
        *rungs(place, style, powers(0.0, top, most=5)),
        exact,
        *_dots(simulated, style, place),
        *haloed(
            names,
            style,
            style.ink,
            align="right",
            baseline="bottom",
            dx=-style.px(10),
            dy=-style.px(6),
            fontWeight=600,
        ),
        *foot(place, style, height, marks, "Sample size k"),
    ]
    return stack([layers(drawn, height)], style)


def _lifetime_row(life: Lifetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "at": life.sample_size,
        "t": repr(life.temperature),
        "theory": float(np.log10(life.exact)),
    }
    if life.simulated is not None and life.error is not None:
        simulated, error = life.simulated, life.error
        row |= {
            "value": float(np.log10(simulated)),
            "low": float(np.log10(max(simulated - 2 * error, 0.5))),
            "high": float(np.log10(simulated + 2 * error)),
            "said": f"T = {life.temperature:g}, k = {life.sample_size}: simulated {simulated:.1f}"
            f" ± {error:.1f} generations, exact {life.exact:.1f}",
        }
    return row


def _end(found: list[Lifetime], temperature: float) -> dict[str, Any]:
    own = [life for life in found if life.temperature == temperature]
    return {
        "at": own[-1].sample_size,
        "theory": float(np.log10(own[-1].exact)),
        "words": f"T = {temperature:.3g}",
    }
