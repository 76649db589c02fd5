"""Colours, type and measures that the figures of the Luck page share. Pure."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

# Altair looks into pandas as soon as another thread begins to import it: here it is whole before.
import pandas as pd  # noqa: F401
from altair.utils.schemapi import debug_mode

from pages.ui.wording import HUES

Rows = list[dict[str, Any]]
FONT = "Source Sans, Source Sans Pro, sans-serif"
_INKS = {
    "light": {
        "ink": "#1B2130",
        "muted": "#525A68",
        "hair": "#D9DDE3",
        "ground": "#FFFFFF",
        "bar": "#B4BCC8",
    },
    "dark": {
        "ink": "#F1F3F6",
        "muted": "#AEB6C2",
        "hair": "#343B47",
        "ground": "#0E1117",
        "bar": "#535D6C",
    },
}
_CLASSES = {
    "light": {
        "collapse": ("#D55E00", "#B34700"),
        "heat death": ("#0072B2", "#00639B"),
        "faithful": ("#009E73", "#00795A"),
    },
    "dark": {
        "collapse": ("#E5701A", "#FF9B57"),
        "heat death": ("#2E93D1", "#6CBBEA"),
        "faithful": ("#14AD82", "#45CDA5"),
    },
}


# Collapse to heat death, even in OKLab inside each arm.
SHIFTS = {
    "light": (
        *("#D55E00", "#E18656", "#EBAC8B", "#F2D1BF", "#F6F5F2"),
        *("#C1D4E4", "#8CB4D4", "#5593C4", "#0072B2"),
    ),
    "dark": (
        *("#E66B14", "#AF592A", "#7A462F", "#49332E", "#1A1F28"),
        *("#233A50", "#29567C", "#2D74AA", "#2C93DB"),
    ),
}


@dataclass(frozen=True)
class Look:
    """How a figure is drawn: ``fill`` and ``text`` are the class's colours."""

    ink: str
    muted: str
    hair: str
    ground: str
    bar: str
    fill: str
    text: str
    unit: float

    def px(self, value: float) -> float:
        """Return a length or a type size, larger for a lecture hall."""
        return value * self.unit


def look(theme: str, phase: str, projector: bool) -> Look:
    """Return the look for a theme ("light" or "dark") and a class."""
    fill, text = _CLASSES[theme][HUES[phase]]
    return Look(**_INKS[theme], fill=fill, text=text, unit=1.5 if projector else 1.0)


@dataclass(frozen=True)
class Grid:
    """The scales of one panel: x spans the container less two margins, y the panel's height.

    Axes are drawn by hand, so that panels above each other keep the same margins.
    """

    across: tuple[float, float]
    up: tuple[float, float]
    left: float
    right: float

    def x(self, field: str) -> Any:
        """Return the horizontal place of a field."""
        return alt.X(f"{field}:Q", axis=None, scale=self._across())

    def x_at(self, value: float) -> Any:
        """Return a fixed horizontal place."""
        return alt.XDatum(value, axis=None, scale=self._across())

    def y(self, field: str) -> Any:
        """Return the vertical place of a field."""
        return alt.Y(f"{field}:Q", axis=None, scale=self._up())

    def y_at(self, value: float) -> Any:
        """Return a fixed vertical place."""
        return alt.YDatum(value, axis=None, scale=self._up())

    def _across(self) -> Any:
        places: list[Any] = [self.left, {"expr": f"width - {self.right}"}]
        return alt.Scale(domain=list(self.across), range=places, nice=False, zero=False)

    def _up(self) -> Any:
        return alt.Scale(domain=list(self.up), nice=False, zero=False)


def dress(style: Look) -> dict[str, Any]:
    """Return what every figure sets at its top: type and ground, and nothing that Vega adds."""
    config = {"background": style.ground, "font": FONT, "aria": True, "view": {"stroke": None}}
    # A bottom of its own: Streamlit adds 20 px where none is given.
    return {"padding": {"left": 0, "right": 0, "top": 0, "bottom": 4}, "config": config}


def layers(drawn: list[Any], height: float, **top: Any) -> Any:
    """Return layers as one view as wide as its container."""
    return alt.LayerChart(layer=drawn, height=height, width="container", **top)


def stack(panels: list[Any], style: Look) -> Any:
    """Return panels above each other on one horizontal scale; axes may stand out below them."""
    return alt.VConcatChart(
        vconcat=panels,
        spacing=style.px(44),
        bounds="flush",
        resolve={"scale": {"x": "shared", "y": "independent"}},
        **dress(style),
    )


def type_style(style: Look, *, muted: bool = False, size: float = 14) -> dict[str, Any]:
    """Return what text marks have in common."""
    return {
        "font": "Source Sans, sans-serif",
        "fontSize": style.px(size),
        "color": style.muted if muted else style.ink,
    }


def haloed(chart: Any, style: Look, color: str, **mark: Any) -> list[Any]:
    """Return text on a ground of its own: lines end short of the letters."""
    given = {**type_style(style), **mark, "aria": False}
    halo = {**given, "color": style.ground, "stroke": style.ground, "strokeWidth": style.px(4)}
    return [
        chart.mark_text(**halo, strokeJoin="round"),
        chart.mark_text(**{**given, "color": color}),
    ]


def ticks(low: float, high: float, count: int) -> list[float]:
    """Return round numbers from ``low`` to ``high``, about ``count`` of them, ``low`` first."""
    span = (high - low) / count
    power = 10.0 ** np.floor(np.log10(span))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= span)
    start = np.ceil(low / step + 1e-9) * step
    rest = np.arange(start, high - 1e-9 * span, step)
    return [low, *(float(f"{tick:.10g}") for tick in rest if tick - low > 0.4 * step)]


def table(rows: Rows) -> Any:
    """Return a chart of rows that travel inside the figure, see `drawing`."""
    # As text: Altair copies and checks lists over and over, which took two seconds a figure.
    text = json.dumps(rows, allow_nan=False, separators=(",", ":"))
    return alt.Chart(alt.InlineData(values=text))


def drawing(chart: Any) -> dict[str, Any]:
    """Return what the browser draws: the figure as a dictionary, its tables as rows again."""
    drawn: dict[str, Any] = chart.to_dict(validate=False)
    drawn["config"] = chart.config  # without the sizes of Altair's own theme
    drawn["datasets"] = {name: json.loads(text) for name, text in drawn["datasets"].items()}
    return drawn


def drawn(figure: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    """Return what the browser draws of ``figure(*arguments)``; nothing where there is no figure.

    Altair takes some tenths of a second for one: work for a process of its own.
    """
    # Altair checks each piece at birth, which takes a fifth of the time; tests check the whole.
    with debug_mode(False):
        made = figure(*arguments)
        return {} if made is None else drawing(made)


def heading(words: str, style: Look) -> Any:
    """Return a panel's title, above its left end."""
    label = {"align": "left", "baseline": "bottom", "fontWeight": 600, "aria": False}
    base = table([{"words": words}]).encode(x=alt.value(0), y=alt.value(-style.px(10)))
    return base.mark_text(**label, **type_style(style, size=16)).encode(text="words:N")
