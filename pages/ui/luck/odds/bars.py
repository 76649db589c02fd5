"""Who wins, or where the runs end: a digest in, an Altair chart out. Pure."""

from typing import Any

import altair as alt

from pages.ui.luck.odds.digest import Digest
from pages.ui.luck.quantiles import QUANTILES
from pages.ui.luck.theme import Grid, Look, Rows, dress, layers, table, type_style
from pages.ui.wording import PER_CENT, outcome_name, percent_tenths


def odds_figure(digest: Digest, style: Look) -> Any:
    """Return who wins: bars simulated, open dots with whiskers theory."""
    rows = _odds_rows(digest)
    top = max(max(row["simulated"], row.get("high", 0.0)) for row in rows)
    place, base = _ladder(rows, style, top)
    said = {"tooltip": alt.Tooltip("said:N", title="odds"), "description": "said:N"}
    drawn = [
        base.mark_bar(color=style.bar).encode(x=place.x("zero"), x2="simulated:Q", **said),
        *_names(base, style, place),
    ]
    if digest.odds_theory is not None:
        drawn += [
            _whisker(base, style).encode(x=place.x("low"), x2="high:Q"),
            _dot(base, style).encode(x=place.x("theory")),
        ]
    return layers(drawn, style.px(23) * len(rows), **dress(style))


def mix_figure(digest: Digest, style: Look) -> Any:
    """Return where the runs end: 90 % and 50 % of runs of each share, and theory's beside it."""
    rows = _mix_rows(digest)
    place, base = _ladder(rows, style, max(row["end"] for row in rows))
    said = {"tooltip": alt.Tooltip("said:N", title="share"), "description": "said:N"}
    thick = style.px(14)
    bands = [
        base.mark_bar(color=style.fill, opacity=opacity, height=thick).encode(
            x=place.x(low), x2=f"{high}:Q", **said
        )
        for low, high, opacity in (("q05", "q95", 0.25), ("q25", "q75", 0.45))
    ]
    median = base.mark_tick(
        color=style.text, thickness=style.px(2.5), size=thick, aria=False, orient="vertical"
    )
    drawn = [*bands, median.encode(x=place.x("q50")), *_names(base, style, place)]
    if digest.mix_theory is not None:
        drawn.append(_whisker(base, style).encode(x=place.x("t05"), x2="t95:Q"))
    drawn.append(_dot(base, style).encode(x=place.x("theory")))
    return layers(drawn, style.px(23) * len(rows), **dress(style))


def winners(digest: Digest) -> dict[str, str]:
    """Return the accessible name of each thin run's winner in the odds, by the run's own."""
    said = dict(zip(digest.rows, (row["said"] for row in _odds_rows(digest)), strict=True))
    return {run.story: said[run.winner] for run in digest.thin if run.winner in said}


def _ladder(rows: Rows, style: Look, top: float) -> tuple[Grid, Any]:
    """Return the scale of shares and the rows, with space for names left and numbers right."""
    left = style.px(14) + style.px(8) * max(len(row["label"]) for row in rows)
    steps = alt.Scale(paddingInner=0.3, paddingOuter=0.1)
    place = Grid((0.0, top), (0.0, 1.0), left=left, right=style.px(72))
    return place, table(rows).encode(y=alt.Y("row:O", axis=None, scale=steps))


def _names(base: Any, style: Look, place: Grid) -> list[Any]:
    """Return names left, numbers right, and the line where shares begin."""
    zero = table([{"zero": 0}]).encode(x=place.x("zero"))
    muted = type_style(style, muted=True)
    return [
        base.mark_text(align="right", dx=-style.px(10), aria=False, **muted).encode(
            x=place.x("zero"), text="label:N"
        ),
        zero.mark_rule(color=style.ink, aria=False),
        base.mark_text(align="left", dx=style.px(11), aria=False, **type_style(style)).encode(
            x=place.x("end"), text="number:N"
        ),
    ]


def _whisker(base: Any, style: Look) -> Any:
    return base.mark_rule(color=style.ink, strokeWidth=style.px(1.4), aria=False)


def _dot(base: Any, style: Look) -> Any:
    return base.mark_circle(
        size=55 * style.unit**2,
        fill=style.ground,
        stroke=style.ink,
        strokeWidth=style.px(1.8),
        opacity=1,
        aria=False,
    )


def _odds_rows(digest: Digest) -> Rows:
    rows: Rows = []
    for place, i in enumerate(digest.rows):
        share, error = float(digest.odds[i]), float(digest.odds_error[i])
        name = outcome_name(digest.params.initial, i)
        unit = f"{PER_CENT} won" if digest.by_survivors else PER_CENT
        row = {
            **_named(name, place),
            "simulated": share,
            "end": share,
            "number": percent_tenths(share, "" if place else unit),
            "said": f"{name}: {percent_tenths(share)} of runs",
        }
        if digest.odds_theory is not None:
            theory = float(digest.odds_theory[i])
            row |= {"theory": theory, "low": max(theory - 2 * error, 0), "high": theory + 2 * error}
            row["end"] = max(share, row["high"])
            row["said"] += f", theory {percent_tenths(theory)}"
        rows.append(row)
    return rows


def _mix_rows(digest: Digest) -> Rows:
    rows: Rows = []
    for place, i in enumerate(digest.rows):
        name = outcome_name(digest.params.initial, i)
        quantiles = digest.mix[:, i].tolist()
        low, middle, high = quantiles[0], quantiles[2], quantiles[-1]
        row = {
            **_named(name, place),
            **dict(zip(QUANTILES, quantiles, strict=True)),
            "theory": float(digest.twin_final[i]),
            "number": percent_tenths(middle, "" if place else PER_CENT),
            "said": f"{name}: {percent_tenths(low, '')} to {percent_tenths(high)} in 90 % of runs,"
            f" median {percent_tenths(middle)}",
        }
        if digest.mix_theory is not None:
            least, most = (float(digest.mix_theory[level, place]) for level in (0, 4))
            row |= {"t05": least, "theory": float(digest.mix_theory[2, place]), "t95": most}
            row["said"] += f"; theory {percent_tenths(least, '')} to {percent_tenths(most)}"
        row["end"] = max(high, row["theory"], row.get("t95", 0.0))
        rows.append(row)
    return rows


def _named(name: str, place: int) -> dict[str, Any]:
    return {"row": place, "label": name.removeprefix("outcome ")[:14], "zero": 0}
