"""Six small fans on one logarithmic clock: curves in, Altair charts out. Pure."""

from typing import Any

import altair as alt
import numpy as np

from pages.ui.luck.axes import Ticks, bands, dashed, foot, levels, readout
from pages.ui.luck.quantiles import quantile_row, rounded
from pages.ui.luck.regimes.digest import Curves
from pages.ui.luck.theme import Grid, Look, Rows, haloed, layers, stack, table
from pages.ui.wording import count


def regime_figure(found: Curves, outcomes: int, style: Look) -> Any:
    """Return one fan: bands and median over runs, one run thin, the loop without noise dashed."""
    last = _clock(found.at[-1])
    across = (0.0, last)
    place = Grid(across, (1.0, outcomes + 0.04 * (outcomes - 1)), style.px(34), style.px(16))
    height, base = style.px(124), table(_rows(found)).encode(x=place.x("at"))
    lines = (
        ("single", style.ink, 0.9),
        ("q50", style.fill, 3.0),
    )
    drawn = [
        *levels(place, style, 4),
        *bands(base, place, style),
        dashed(base, style).encode(y=place.y("twin")),
        *[
            base.mark_line(color=color, strokeWidth=style.px(width), aria=False).encode(
                y=place.y(name)
            )
            for name, color, width in lines
        ],
        _readout(base, place, style),
        *_end(found, place, style, last),
        *foot(place, style, height, _generation_ticks(found.at[-1]), "Generation"),
    ]
    return stack([layers(drawn, height)], style)


def _clock(generation: float) -> float:
    """Return where a generation stands: logarithmic, and 0 at the start."""
    return float(np.log10(1.0 + generation))


def _generation_ticks(last: int) -> Ticks:
    marks = [0, *(10**e for e in range(7) if 10**e <= last)]
    return [(_clock(t), count(t)) for t in marks]


def _rows(found: Curves) -> Rows:
    rows: Rows = []
    for place, t in enumerate(found.at):
        row: dict[str, Any] = {
            "at": _clock(t),
            "t": t,
            "single": rounded(found.single[place]),
            "twin": rounded(found.twin[place]),
            **quantile_row(map(rounded, found.quantiles[:, place])),
        }
        rows.append(row)
    return rows


def _readout(base: Any, place: Grid, style: Look) -> Any:
    said = [
        alt.Tooltip("t:Q", title="generation"),
        alt.Tooltip("q50:Q", title="median"),
        alt.Tooltip("most:N", title="90 % of runs"),
        alt.Tooltip("single:Q", title="this seed's run"),
        alt.Tooltip("twin:Q", title="no noise"),
    ]
    return readout(base, place, style.px(8), said, aria=False)


def _end(found: Curves, place: Grid, style: Look, last: float) -> list[Any]:
    """Return the median's last value, above or below its line."""
    low, high = place.up
    above = (found.median - low) / (high - low) < 0.8
    base = table([{"at": last, "value": found.median, "words": f"{found.median:.1f}"}])
    base = base.encode(x=place.x("at"), y=place.y("value"), text="words:N")
    side = {"baseline": "bottom" if above else "top", "dy": style.px(-5 if above else 6)}
    return haloed(
        base, style, style.text, align="right", fontSize=style.px(17), fontWeight=700, **side
    )
