"""The potential over the triangle of three outcomes as a surface in space, turned by hand. Pure.

V = -Phi is the height; the loop without sampling noise rolls downhill on it. Plotly draws: turning,
zooming and hovering are what it is for.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from closedloop_core.exact.landscape import (
    Landscape,
    follow_paths,
    lattice_points,
    moved_inside,
    source_start,
)
from closedloop_core.measures import Array
from pages.ui.wording import HUES, percent

CELLS = 40  # along a side of the triangle
_RIM = 0.012  # share: how far from an edge V is read, which is infinite there
_LIFT = 0.012  # of the height shown: lines and marks stand this far above the surface
_TALL = 0.5 * 3**0.5
Point = tuple[float, float, float]

INKS = {"light": "#1B2130", "dark": "#F1F3F6"}
_PATHS = {"light": "#525A68", "dark": "#AEB6C2"}
_SURFACE = {
    "light": [[0.0, "#8C97A8"], [0.5, "#D3D8E0"], [1.0, "#F6F5F2"]],
    "dark": [[0.0, "#0B0E14"], [0.5, "#3A4352"], [1.0, "#8B96A6"]],
}
_CLASSES = {
    "light": {"faithful": "#009E73", "collapse": "#D55E00", "heat death": "#0072B2"},
    "dark": {"faithful": "#14AD82", "collapse": "#E5701A", "heat death": "#2E93D1"},
}
_KINDS = {0: ("stable", "circle"), 1: ("saddle", "diamond"), 2: ("unstable", "circle-open")}


def surface_figure(
    landscape: Landscape, starts: Sequence[Point], theme: str, projector: bool
) -> go.Figure:
    """Return the surface with the path from the source, the dropped starts and the fixed points.

    Parameters
    ----------
    landscape : Landscape of three outcomes
    starts : each a mix of the three outcomes
    theme : "light" or "dark"
    projector : bool, larger type

    Returns
    -------
    plotly.graph_objects.Figure
    """
    lattice = lattice_points(CELLS)[0]
    height = landscape.potential(moved_inside(lattice, _RIM))
    top = _top(landscape, height)
    shown = np.minimum(height, top)
    lift = _LIFT * float(top - shown.min())
    x, y = _places(lattice)
    corners = _triangles(CELLS)
    # What is cut off altogether is left out: one looks over the rim, not at it.
    a, b, c = corners[(height[corners] < top).any(axis=1)].T
    figure = go.Figure(
        go.Mesh3d(
            x=x,
            y=y,
            z=shown,
            i=a,
            j=b,
            k=c,
            intensity=shown,
            colorscale=_SURFACE[theme],
            showscale=False,
            lighting={"ambient": 0.75, "diffuse": 0.5, "specular": 0.05},
            customdata=np.column_stack([lattice, height]),
            hovertemplate=_hover(landscape.labels),
        )
    )
    paths = follow_paths(landscape, np.array([source_start(landscape), *starts], dtype=np.float64))
    for number, path in enumerate(paths):
        name = "from the source" if number == 0 else f"from start {number}"
        figure.add_trace(_path(landscape, path, top, lift, name, theme, is_source=number == 0))
    for mark in _marks(landscape, top, lift, theme):
        figure.add_trace(mark)
    return _laid_out(figure, landscape, float(shown.min()), top, theme, projector)


def surface_words(landscape: Landscape) -> str:
    """Return the surface in words, for those who cannot see it."""
    stable = sum(unstable == 0 for _, unstable in landscape.fixed_points)
    valleys = {0: "no valley: it is flat along the loop", 1: "one valley"}.get(
        stable, f"{stable} valleys"
    )
    return (
        f"Potential V of three outcomes ({', '.join(landscape.labels)}) as a surface at"
        f" T = {landscape.temperature:.3g} with {percent(landscape.external_fraction)} external"
        f" data: {valleys}. A line shows the path downhill from the source."
    )


def _places(p: Array) -> tuple[Array, Array]:
    """Return where mixes lie in the plane: first outcome left, second right, third behind."""
    return p[:, 1] + 0.5 * p[:, 2], _TALL * p[:, 2]


def _triangles(cells: int) -> NDArray[np.intp]:
    """Return the small triangles of `lattice_points`, (cells^2, 3), as indices of its points."""
    first = [sum(cells + 1 - row for row in range(i)) for i in range(cells + 2)]
    corners = []
    for i in range(cells):
        for j in range(cells - i):
            corners.append((first[i] + j, first[i + 1] + j, first[i] + j + 1))
            if j + 1 < cells - i:
                corners.append((first[i + 1] + j, first[i + 1] + j + 1, first[i] + j + 1))
    return np.array(corners, dtype=np.intp)


def _top(landscape: Landscape, height: Array) -> float:
    """Return where the surface is cut off: well above its passes, or above half of it."""
    points = np.array([p for p, _ in landscape.fixed_points]).reshape(-1, 3)
    low, half = float(height.min()), float(np.quantile(height, 0.5))
    heights = landscape.potential(moved_inside(points, _RIM))
    reach = max(half - low, 1.3 * (float(heights.max(initial=low)) - low))
    return low + max(reach, 1e-6)


def _path(
    landscape: Landscape,
    path: Array,
    top: float,
    lift: float,
    name: str,
    theme: str,
    is_source: bool,
) -> go.Scatter3d:
    x, y = _places(path)
    height = np.minimum(landscape.potential(moved_inside(path, _RIM)), top) + lift
    colour = INKS[theme] if is_source else _PATHS[theme]
    return go.Scatter3d(
        x=x,
        y=y,
        z=height,
        mode="lines",
        line={"color": colour, "width": 7 if is_source else 3},
        name=name,
        customdata=path,
        hovertemplate=f"{name}: {_mix(landscape.labels)}<extra></extra>",
    )


def _marks(landscape: Landscape, top: float, lift: float, theme: str) -> list[go.Scatter3d]:
    """Return a mark for each fixed point inside the part that is shown: shape for its kind."""
    found = []
    for p, unstable in landscape.fixed_points:
        height = float(landscape.potential(moved_inside(p[None], _RIM))[0])
        kind, symbol = _KINDS[unstable]
        colour = _CLASSES[theme][HUES[landscape.phase(p)]] if unstable == 0 else INKS[theme]
        x, y = _places(p[None])
        found.append(
            go.Scatter3d(
                x=x,
                y=y,
                z=[min(height, top) + lift],
                mode="markers",
                marker={"color": colour, "size": 8 if unstable == 0 else 5, "symbol": symbol},
                name=kind,
                customdata=p[None],
                hovertemplate=f"{kind}: {_mix(landscape.labels)}<extra></extra>",
            )
        )
    return found


def _mix(labels: Sequence[str]) -> str:
    return ", ".join(f"{_inert(label)} %{{customdata[{k}]:.0%}}" for k, label in enumerate(labels))


def _inert(label: str) -> str:
    """Return a visitor's label without what Plotly would read as markup or as a template."""
    return label.replace("<", "‹").replace(">", "›").replace("%{", "% {")


def _hover(labels: Sequence[str]) -> str:
    return f"{_mix(labels)}<br>V = %{{customdata[3]:.3f}} nats<extra></extra>"


def _laid_out(
    figure: go.Figure, landscape: Landscape, low: float, top: float, theme: str, projector: bool
) -> go.Figure:
    """Name the corners, take the axes away but for V's, and choose where the eye stands."""
    size, ink = (24 if projector else 15), INKS[theme]
    corners = np.eye(3)
    x, y = _places(corners)
    whole = [_inert(label) for label in landscape.labels]
    names = [label if len(label) <= 14 else label[:13] + "…" for label in whole]
    figure.add_trace(
        go.Scatter3d(
            x=x,
            y=y,
            z=[low] * 3,
            mode="text",
            text=names,
            textfont={"size": size, "color": ink},
            hoverinfo="skip",
        )
    )
    hidden = {"visible": False, "showspikes": False}
    figure.update_layout(
        height=760 if projector else 520,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        font={"family": '"Source Sans", sans-serif', "size": size, "color": ink},
        showlegend=False,
        hoverlabel={"font": {"size": size}},
        scene={
            "xaxis": hidden,
            "yaxis": hidden,
            "zaxis": {
                "title": {"text": "V (nats)"},
                "range": [low - 0.02 * (top - low), top + 0.05 * (top - low)],
                "showbackground": False,
                "gridcolor": "#7C8594",
                "nticks": 5,
            },
            "aspectratio": {"x": 1.3, "y": 1.15, "z": 0.6},
            "camera": {
                "eye": {"x": 0.12, "y": -1.15, "z": 1.35},
                "center": {"x": 0.0, "y": 0.0, "z": -0.18},
            },
        },
    )
    return figure
