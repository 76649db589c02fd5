"""Plotly figures as plain data, for pages that hover, zoom and toggle traces. Pure."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from closedloop_core.measures import Array

Figure = dict[str, Any]
CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
_INKS = {
    "light": {"ink": "#1B2130", "muted": "#525A68", "grid": "#ECEEF1", "line": "#D9DDE3"},
    "dark": {"ink": "#F1F3F6", "muted": "#AEB6C2", "grid": "#1D222C", "line": "#343B47"},
}
# One hue for each side of T = 1, as everywhere: cold vermillion, T = 1 green, hot blue.
_HUES = {
    "light": {"cold": "#D55E00", "even": "#009E73", "hot": "#0072B2"},
    "dark": {"cold": "#E5701A", "even": "#14AD82", "hot": "#2E93D1"},
}


@dataclass(frozen=True)
class Look:
    """How a figure is drawn: "light" or "dark", larger type for a lecture hall."""

    theme: str
    projector: bool

    @property
    def size(self) -> int:
        """The size of type in pixels."""
        return 24 if self.projector else 14

    def hue(self, temperature: float) -> str:
        """Return the colour of a temperature."""
        kind = "cold" if temperature < 1 else "hot" if temperature > 1 else "even"
        return _HUES[self.theme][kind]

    def ink(self, name: str = "ink") -> str:
        """Return the colour of text, lines and grids."""
        return _INKS[self.theme][name]


def line(x: NDArray[Any], y: Array, name: str, colour: str, **options: Any) -> dict[str, Any]:
    """Return a line; ``dash``, ``width`` and Plotly's own options go into it."""
    dash, width = options.pop("dash", "solid"), options.pop("width", 2.5)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.asarray(x).tolist(),
        "y": [float(f"{value:.5g}") if np.isfinite(value) else None for value in np.asarray(y)],
        "name": name,
        "line": {"color": colour, "dash": dash, "width": width},
        **options,
    }


def laid_out(traces: list[dict[str, Any]], look: Look, up: dict[str, Any], **layout: Any) -> Figure:
    """Return traces over generations as a figure; ``up`` is the vertical axis."""
    axis = {"gridcolor": look.ink("grid"), "linecolor": look.ink("line"), "zeroline": False}
    return {
        "data": traces,
        "layout": {
            "height": 640 if look.projector else 380,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {
                "family": '"Source Sans", sans-serif',
                "size": look.size,
                "color": look.ink(),
            },
            "hovermode": "x unified",
            "hoverlabel": {"font": {"size": look.size}},
            "legend": {"orientation": "h", "y": -0.32, "x": 0, "yanchor": "top"},
            "xaxis": {**axis, "title": {"text": "generation"}, "automargin": True},
            "yaxis": {**axis, "automargin": True, **up},
            **layout,
        },
    }
