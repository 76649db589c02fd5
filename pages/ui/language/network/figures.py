"""What network, n-grams and theory say and know, as Plotly's plain data. Pure."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from closedloop_core.learners.record import RecordedLoop
from closedloop_core.measures import Array

Figure = dict[str, Any]
CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
NAMES = {
    "network": "network",
    "ngram": "n-grams of three pieces",
    "simplex": "theory: pieces as outcomes",
}
_INKS = {
    "light": {"ink": "#1B2130", "grid": "#ECEEF1", "line": "#D9DDE3", "muted": "#525A68"},
    "dark": {"ink": "#F1F3F6", "grid": "#1D222C", "line": "#343B47", "muted": "#AEB6C2"},
}
_HUES = {
    "light": {"cold": "#D55E00", "even": "#009E73", "hot": "#0072B2"},
    "dark": {"cold": "#E5701A", "even": "#14AD82", "hot": "#2E93D1"},
}


@dataclass(frozen=True)
class Look:
    """How a figure is drawn: "light" or "dark", larger type for a lecture hall."""

    theme: str
    projector: bool


def heard(loop: RecordedLoop, part: str, fresh: float, look: Look) -> Figure:
    """Return one picture of three learners: what they say (``says``) or know (``knows``).

    ``fresh`` is what a network knows that had the same training on real tokens.
    """
    inks = _INKS[look.theme]
    temperature = loop.temperature
    kind = "cold" if temperature < 1 else "hot" if temperature > 1 else "even"
    styles: dict[str, dict[str, Any]] = {
        "network": {"color": _HUES[look.theme][kind], "width": 4 if look.projector else 3},
        "ngram": {"color": inks["muted"], "width": 2},
        "simplex": {"color": inks["ink"], "width": 2, "dash": "dash"},
    }
    t = list(range(loop.generations + 1))
    traces = [
        _line(t, getattr(getattr(loop, name), part), NAMES[name], style)
        for name, style in styles.items()
    ]
    if part == "knows":
        dotted = {"color": inks["ink"], "width": 1.5, "dash": "dot"}
        traces.append(_line(t, np.full(len(t), fresh), "network on as much real text", dotted))
    return {"data": traces, "layout": _layout(look, part, loop)}


def _line(t: list[int], values: Array, name: str, style: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers" if style["width"] >= 3 else "lines",
        "x": t,
        "y": [round(value, 4) for value in values.tolist()],
        "name": name,
        "line": style,
        "hovertemplate": "%{y:.2f}",
    }


def _layout(look: Look, part: str, loop: RecordedLoop) -> dict[str, Any]:
    inks, size = _INKS[look.theme], 24 if look.projector else 14
    axis = {"gridcolor": inks["grid"], "linecolor": inks["line"], "zeroline": False}
    up: dict[str, Any] = {"title": {"text": "nats a character"}, "rangemode": "tozero"}
    if part == "knows":
        top = max(loop.network.knows.max(), loop.ngram.knows.max()) * 1.15
        up |= {"range": [1.0, max(float(top), 2.6)]}
    return {
        "height": 620 if look.projector else 360,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": '"Source Sans", sans-serif', "size": size, "color": inks["ink"]},
        "hovermode": "x unified",
        "hoverlabel": {"font": {"size": size}},
        "legend": {"orientation": "h", "y": -0.28, "x": 0, "yanchor": "top"},
        "xaxis": {**axis, "title": {"text": "generation"}, "automargin": True},
        "yaxis": {**axis, "automargin": True, **up},
    }
