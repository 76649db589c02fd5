"""How long until few are left: one histogram a row, on the fan's axis of generations. Pure."""

from typing import Any

import altair as alt
import numpy as np

from pages.ui.luck.odds.digest import BINS, Digest, Few
from pages.ui.luck.theme import Grid, Look, Rows, haloed, heading, layers, table
from pages.ui.wording import count, percent, percent_tenths

_ROW = 40  # pixels at a desk, with type of 14
# Heights as shares of a row's: of the tallest bar, and of the middle of the sentence, which stands
# beside the bars or, where these reach far, above them.
_BESIDE, _ABOVE = (0.8, 0.73), (0.42, 0.79)


def times_panel(digest: Digest, style: Look, place: Grid) -> Any:
    """Return the rows; ``place`` counts them upwards, the last row at 0."""
    rows = table(_bars(digest))
    # A phone is too narrow for sentences.
    marks = table(_marks(digest)).transform_calculate(
        shown="width < 600 ? datum.brief : datum.words"
    )
    last = digest.params.generations
    bars = rows.mark_bar(binSpacing=0).encode(
        x=place.x("t"),
        x2="end:Q",
        y=place.y("low"),
        y2="high:Q",
        color=alt.condition("datum.last", alt.value(style.fill), alt.value(style.bar)),
        opacity=alt.condition("datum.last", alt.value(0.75), alt.value(0.6)),
        tooltip=alt.Tooltip("said:N", title="runs"),
        description="said:N",
    )
    exact = rows.transform_filter("isValid(datum.theory)").mark_line(
        color=style.ink,
        strokeWidth=style.px(1.6),
        strokeDash=[style.px(5), style.px(4)],
        aria=False,
    )
    half = marks.transform_filter("isValid(datum.median)").mark_rule(
        color=style.ink, strokeWidth=style.px(1.6), aria=False
    )
    later = marks.transform_filter("datum.later != ''").encode(
        x=place.x_at(last), y=place.y("end"), text="later:N"
    )
    drawn = [
        bars,
        marks.mark_rule(color=style.hair, aria=False).encode(
            x=place.x_at(0), x2=alt.X2Datum(last), y=place.y("low")
        ),
        exact.encode(x=place.x("middle"), y=place.y("theory")),
        half.encode(x=place.x("median"), y=place.y("low"), y2="high:Q"),
        *_sentences(marks, style, place),
        *haloed(later, style, style.muted, align="right", baseline="bottom", dy=-style.px(3)),
    ]
    drawn.append(heading(digest.few_words, style))
    return layers(drawn, style.px(_ROW) * len(digest.few))


def _sentences(marks: Any, style: Look, place: Grid) -> list[Any]:
    """Return a sentence a row, on the side where the histogram is low; the last row's bold."""
    drawn = []
    for side in ("left", "right"):
        for last in (True, False):
            chosen = marks.transform_filter(
                f"datum.side == '{side}' && datum.last == {str(last).lower()}"
            )
            drawn += haloed(
                chosen.encode(x=place.x("at"), y=place.y("text"), text="shown:N"),
                style,
                style.ink if last else style.muted,
                align=side,
                baseline="middle",
                fontWeight=600 if last else 400,
            )
    return drawn


def _bars(digest: Digest) -> Rows:
    rows: Rows = []
    width = digest.params.generations / BINS
    for place, few in enumerate(digest.few):
        low = len(digest.few) - 1 - place
        exact = np.zeros(BINS) if few.theory is None else few.theory
        scale = _scale(digest, few)
        for i, share in enumerate(few.shares.tolist()):
            if share == 0 and few.theory is None:
                continue
            start, end = i * width, (i + 1) * width
            rows.append(
                {
                    "t": start,
                    "end": end,
                    "middle": (start + end) / 2,
                    "low": low,
                    "high": low + scale * share,
                    "theory": None if few.theory is None else low + scale * float(exact[i]),
                    "last": few.last,
                    "said": f"{few.words}: {percent_tenths(share)} of runs,"
                    f" {count(start)} to {count(end)}",
                }
            )
    return rows


def _marks(digest: Digest) -> Rows:
    rows: Rows = []
    for place, few in enumerate(digest.few):
        low, (at, side, (_, height)) = len(digest.few) - 1 - place, _place_of(digest, few)
        end = few.shares[-BINS // 5 :].max() * _scale(digest, few)
        rows.append(
            {
                "low": low,
                "high": low + 0.95,
                "text": low + height,
                "at": at,
                "side": side,
                "words": few.sentence(digest.params.generations, brief=False),
                "brief": few.sentence(digest.params.generations, brief=True),
                "median": few.median,
                "later": _later(few.later),
                "end": low + float(end),
                "last": few.last,
            }
        )
    return rows


def _later(share: float) -> str:
    if share == 0:
        return ""
    return f"{f'under {percent(0.001)}' if share < 0.001 else percent_tenths(share)} take longer →"


def _scale(digest: Digest, few: Few) -> float:
    """Return the height of a bar, as a share of the row's, for a share of 1 of the runs."""
    highest = few.shares.max() if few.theory is None else max(few.shares.max(), few.theory.max())
    return _place_of(digest, few)[2][0] / max(float(highest), 1e-9)


def _place_of(digest: Digest, few: Few) -> tuple[float, str, tuple[float, float]]:
    """Return where a row's sentence stands: place, side, and the heights that go with it.

    Right of the bulk while that is in the left half, otherwise above it, beside the median. So high
    that it clears what stands on the row's floor at its end, and the floor of the row above.
    """
    last = digest.params.generations
    bulk = np.flatnonzero(few.shares > 0.28 * few.shares.max())
    after = (int(bulk[-1]) + 1.6) * last / BINS if len(bulk) else 0.0
    if after < 0.5 * last:
        return after, "left", _BESIDE
    if few.median is None:
        return 0.0, "left", _ABOVE
    if few.median < 0.55 * last:
        return few.median + 0.008 * last, "left", _ABOVE
    # Beside the median, or before what is said of those that take longer.
    most = 0.8 if few.later else 1.0
    return min(few.median - 0.008 * last, most * last), "right", _ABOVE
