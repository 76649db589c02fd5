"""Axes drawn by hand, which the figures of the Luck page share. Pure.

A tick is a place on the scale and its words; what is logarithmic is so before it comes here.
"""

from typing import Any

import altair as alt
import numpy as np

from pages.ui.luck.theme import Grid, Look, table, type_style

Ticks = list[tuple[float, str]]


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
        return f"{10**exponent:,}"
    if -3 <= exponent < 0:
        return f"{10.0**exponent:g}"
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
