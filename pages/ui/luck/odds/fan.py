"""The fan, the distance and the times to few, one above another: a digest in, a chart out. Pure.

All three stand on one axis of generations. Pointing at a thin run tells its story.
"""

from typing import Any

import altair as alt
import numpy as np

from closedloop_core.measures import Array
from pages.ui.luck.axes import bands, dashed, foot, levels, readout
from pages.ui.luck.odds.digest import Digest
from pages.ui.luck.odds.times import times_panel
from pages.ui.luck.quantiles import quantile_row, rounded
from pages.ui.luck.theme import (
    Grid,
    Look,
    Rows,
    haloed,
    heading,
    layers,
    stack,
    table,
    ticks,
    type_style,
)
from pages.ui.wording import count

_FOUND = "found"  # the view of the runs that the pointer finds; Altair appends _0


def fan_figure(digest: Digest, style: Look, quantity: str, distance: bool) -> Any:
    """Return the panels; ``quantity`` is "effective" or "entropy".

    ``distance`` says whether the panel of the distance to the source is wanted.
    """
    telling = alt.selection_point(
        name="told",
        fields=["run"],
        on=f"@{_FOUND}_0_marks:pointerover",  # what is no run changes nothing
        clear=False,
        value=[{"run": digest.told}],
    )
    panels = [_fan(digest, style, quantity, telling, 212 if distance else 290)]
    if distance:
        panels.append(_distance(digest, style))
    if digest.few:
        panels.append(times_panel(digest, style, grid(digest, style, (0, len(digest.few)))))
    panels[-1] += _generations(digest, style, panels[-1].height)
    return stack(panels, style)


def grid(digest: Digest, style: Look, up: tuple[float, float]) -> Grid:
    """Return the scales of a panel over the generations."""
    return Grid((0, digest.params.generations), up, left=style.px(40), right=style.px(20))


def _fan(digest: Digest, style: Look, quantity: str, telling: Any, height: float) -> Any:
    is_entropy = quantity == "entropy"
    values = digest.entropy if is_entropy else digest.effective
    twin = np.log(digest.twin_effective) if is_entropy else digest.twin_effective
    floor = 0.0 if is_entropy else 1.0
    thin = _thin_rows(digest, is_entropy)
    top = max(float(values[-1].max()), float(twin.max()), *(row["value"] for row in thin))
    place = grid(digest, style, (floor, floor + 1.06 * max(top - floor, 0.01)))
    rows = table(_band_rows(digest, values, twin)).encode(x=place.x("t"))
    halo = rows.mark_line(color=style.ground, strokeWidth=style.px(5.5), opacity=0.8, aria=False)
    drawn = [
        *levels(place, style, 5),
        *_spread(rows, place, style),
        *_thin_runs(thin, style, place, telling),
        dashed(rows, style).encode(y=place.y("twin")),
        halo.encode(y=place.y("q50")),
        _line(rows, style, 3).encode(y=place.y("q50")),
        *_told_run(thin, style, place, telling),
        *_winners(thin, style, place, telling),
        *_limit_words(digest, style, place, values, twin),
    ]
    return layers(drawn, style.px(height))


def _distance(digest: Digest, style: Look) -> Any:
    values, twin = digest.distance, digest.twin_distance
    top = max(float(values[-1].max()), float(twin.max()), 0.01)
    place = grid(digest, style, (0.0, 1.1 * top))
    rows = table(_band_rows(digest, values, twin)).encode(x=place.x("t"))
    drawn = [
        *levels(place, style, 3),
        *_spread(rows, place, style),
        dashed(rows, style).encode(y=place.y("twin")),
        _line(rows, style, 2.5).encode(y=place.y("q50")),
        heading("Distance to the source", style),
    ]
    return layers(drawn, style.px(72))


def _spread(rows: Any, place: Grid, style: Look) -> list[Any]:
    """Return the bands of the runs, and what the pointer reads there."""
    said = [
        alt.Tooltip("t:Q", title="generation"),
        alt.Tooltip("q50:Q", title="median"),
        alt.Tooltip("half:N", title="50 % of runs"),
        alt.Tooltip("most:N", title="90 % of runs"),
        alt.Tooltip("twin:Q", title="infinite samples"),
    ]
    return [*bands(rows, place, style), readout(rows, place, style.px(8), said, aria=False)]


def _line(rows: Any, style: Look, width: float) -> Any:
    return rows.mark_line(color=style.fill, strokeWidth=style.px(width), aria=False)


def _thin_runs(thin: Rows, style: Look, place: Grid, telling: Any) -> list[Any]:
    """Return the thin runs, and over them wide ones that only the pointer can find."""
    runs = table(thin).encode(x=place.x("t"), y=place.y("value"), detail="run:N")
    lines = runs.mark_line(color=style.ink, strokeWidth=style.px(0.7), opacity=0.38, aria=False)
    found = runs.mark_line(color=style.ink, strokeWidth=style.px(12), opacity=0.001)
    story = {"tooltip": alt.Tooltip("story:N", title="run"), "description": "story:N"}
    return [lines, found.encode(**story).add_params(telling).properties(name=_FOUND)]


def _told_run(thin: Rows, style: Look, place: Grid, telling: Any) -> list[Any]:
    """Return the run that is told, and its story in two lines above its end."""
    curve = table(thin).transform_filter(telling)
    curve = curve.encode(x=place.x("t"), y=place.y("value"), detail="run:N")
    ends = table([row for row in thin if "side" in row]).transform_filter(telling)
    low, high = place.up
    top = low + 0.44 * (high - low)
    stem = ends.mark_rule(color=style.ink, strokeWidth=style.px(1), aria=False)
    drawn = [
        curve.mark_line(color=style.ground, strokeWidth=style.px(3.5), opacity=0.8, aria=False),
        curve.mark_line(color=style.ink, strokeWidth=style.px(1.5), aria=False),
        stem.encode(x=place.x("t"), y=place.y("value"), y2=alt.Y2Datum(top)),
    ]
    for side, shift in (("left", 6), ("right", -6)):
        words = ends.transform_filter(f"datum.side == '{side}'")
        words = words.encode(x=place.x("t"), y=place.y_at(top))
        for line, weight in enumerate((600, 400)):
            drawn += haloed(
                words.encode(text=f"line{line}:N"),
                style,
                style.ink,
                align=side,
                baseline="top",
                dx=style.px(shift),
                dy=style.px(17 * line),
                fontWeight=weight,
            )
    return drawn


def _winners(thin: Rows, style: Look, place: Grid, telling: Any) -> list[Any]:
    """Return a dot and a name where a thin run is won."""
    won = table([row for row in thin if row.get("finished")])
    won = won.encode(x=place.x("t"), y=place.y_at(place.up[0]))
    area = style.unit**2
    dot = {"stroke": style.ink, "opacity": 1, "aria": False, "strokeWidth": style.px(0.9)}
    name = {"baseline": "top", "dy": style.px(7), "aria": False}
    return [
        won.mark_circle(size=28 * area, fill=style.ground, **dot),
        won.mark_text(**name, **type_style(style, muted=True, size=13)).encode(text="short:N"),
        won.transform_filter(telling).mark_circle(size=64 * area, fill=style.ink, **dot),
        won.transform_filter(telling)
        .mark_text(**name, fontWeight=700, **type_style(style, size=13))
        .encode(text="short:N"),
    ]


def _limit_words(digest: Digest, style: Look, place: Grid, values: Array, twin: Array) -> list[Any]:
    """Return what the dashed line is where it ends clear of the runs: else the key must do."""
    low, high = place.up
    if abs(float(twin[-1] - values[2, -1])) < 0.15 * (high - low):
        return []
    steady = abs(float(twin[-1] - twin[0])) < 0.005 * (high - low)
    words = f"infinite samples{f': stay at {twin[0]:.2g} for ever' if steady else ''}"
    end = {"t": digest.params.generations, "value": float(twin[-1]), "words": words}
    above = (twin[-1] - low) / (high - low) < 0.92
    side = {"baseline": "bottom" if above else "top", "dy": style.px(-6 if above else 7)}
    text = table([end]).encode(x=place.x("t"), y=place.y("value"), text="words:N")
    return haloed(text, style, style.ink, align="right", fontWeight=600, **side)


def _generations(digest: Digest, style: Look, height: float) -> Any:
    """Return the axis of generations, below the last panel."""
    last = digest.params.generations
    marks = [(tick, count(tick)) for tick in ticks(0, last + 1e-6, 5)]
    return alt.layer(*foot(grid(digest, style, (0, 1)), style, height, marks, "Generation"))


def _thin_rows(digest: Digest, is_entropy: bool) -> Rows:
    rows: Rows = []
    for i, run in enumerate(digest.thin):
        curve = np.log(run.effective).tolist() if is_entropy else run.effective
        kept = zip(run.generations, curve, strict=True)
        points: Rows = [{"run": i, "t": t, "value": rounded(value)} for t, value in kept]
        # A line is described by its first point, and ends at its last one.
        points[0]["story"] = points[-1]["story"] = run.story
        points[-1] |= {
            "finished": run.finish is not None,
            "side": "left" if run.generations[-1] < digest.params.generations / 2 else "right",
            "line0": run.lines[0],
            "line1": run.lines[1],
            "short": run.name.removeprefix("outcome ")[:8],
        }
        rows += points
    return rows


def _band_rows(digest: Digest, values: Array, twin: Array) -> Rows:
    rows = []
    for t in digest.drawn:
        quantiles = quantile_row(map(rounded, values[:, t]))
        rows.append({"t": t, "twin": rounded(twin[t]), **quantiles})
    return rows
