"""Axes drawn by hand, bands and readouts, which the figures of the Luck page share. Pure.

A tick is a place on the scale and its words; what is logarithmic is so before it comes here.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from pages.ui.luck.theme import Grid, Look, table, ticks, type_style
from pages.ui.wording import count, power_of_ten

Ticks = list[tuple[float, str]]
# Between which quantiles (see `quantiles`) a band lies, and how dark it is: the wider one first.
_BANDS = (("q05", "q95", 0.16), ("q25", "q75", 0.25))


def rungs(place: Grid, style: Look, marks: Ticks) -> list[Any]:
    """Return hairlines across a panel with their words on the left: the vertical axis."""
    base = table([{"value": at, "words": words} for at, words in marks]).encode(y=place.y("value"))
    low, high = place.across
    label = {"align": "right", "dx": -style.px(10), "aria": False}
    return [
        base.mark_rule(color=style.hair, strokeWidth=0.8, aria=False).encode(
            x=place.x_at(low), x2=alt.X2Datum(high)
        ),
        base.mark_text(**label, **type_style(style, muted=True)).encode(
            x=place.x_at(low), text="words:N"
        ),
    ]


def levels(place: Grid, style: Look, about: int) -> list[Any]:
    """Return the vertical axis with about so many round numbers."""
    return rungs(place, style, [(tick, f"{tick:g}") for tick in ticks(*place.up, about)])


def bands(rows: Any, place: Grid, style: Look) -> list[Any]:
    """Return the bands of 90 % and of 50 % of the runs; each row holds its quantiles by name."""
    return [
        rows.mark_area(color=style.fill, opacity=opacity, aria=False).encode(
            y=place.y(low), y2=f"{high}:Q"
        )
        for low, high, opacity in _BANDS
    ]


def dashed(rows: Any, style: Look) -> Any:
    """Return the line of what is not simulated: the loop without noise, or theory."""
    dash = [style.px(7), style.px(5)]
    return rows.mark_line(color=style.ink, strokeWidth=style.px(1.8), strokeDash=dash, aria=False)


def readout(rows: Any, place: Grid, width: float, said: Sequence[Any], **mark: Any) -> Any:
    """Return what the pointer reads at each row: ``said`` are tooltips, ``width`` the reach."""
    return rows.mark_rule(strokeWidth=width, opacity=0.001, **mark).encode(
        y=place.y_at(place.up[0]), y2=alt.Y2Datum(place.up[1]), tooltip=list(said)
    )


def foot(place: Grid, style: Look, height: float, marks: Ticks, title: str) -> list[Any]:
    """Return the horizontal axis below a panel of this height."""
    low, high = place.across
    bottom = alt.value(height)
    base = table([{"at": at, "words": words} for at, words in marks])
    base = base.encode(x=place.x("at"), y=bottom)
    # A long word at the very end would be cut off by the edge of the chart.
    ends = f"datum.at >= {high} && length(datum.words) > 3"
    line = table([{"at": low}]).encode(x=place.x("at"), x2=alt.X2Datum(high), y=bottom)
    named = table([{"at": high, "words": title}])
    named = named.encode(x=place.x("at"), y=bottom, text="words:N")
    label = {"baseline": "top", "aria": False}
    return [
        line.mark_rule(color=style.ink, aria=False),
        base.mark_rule(color=style.ink, aria=False).encode(y2=alt.value(height + style.px(5))),
        *(
            base.transform_filter(test)
            .mark_text(**label, align=align, dy=style.px(9), **type_style(style, muted=True))
            .encode(text="words:N")
            for align, test in (("center", f"!({ends})"), ("right", ends))
        ),
        named.mark_text(
            **label, align="right", dy=style.px(27), fontWeight=600, **type_style(style)
        ),
    ]


def powers(low: float, high: float, most: int = 7) -> Ticks:
    """Return decades from 10^low to 10^high, at their logarithms; not more than ``most``."""
    first, last = int(np.ceil(low - 1e-9)), int(np.floor(high + 1e-9))
    step = max(1, -(-(last - first + 1) // most))
    return [(float(e), _power(e)) for e in range(first, last + 1, step)]


def _power(exponent: int) -> str:
    if exponent == 6:
        return "1 million"
    if 0 <= exponent <= 5:
        return count(10**exponent)
    if -3 <= exponent < 0:
        return f"{10.0**exponent:g}"
    return power_of_ten(exponent)
