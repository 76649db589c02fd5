"""What is cached for this chapter; every cache is bounded. See `pages.ui.cached`."""

from typing import Any

from closedloop_core import Law, LoopParams
from pages.ui.cached import computed, contour, diagram, kept, line_size, temperature_axis
from pages.ui.luck.diagram.digest import SIDE, batch_of, stream_of
from pages.ui.luck.diagram.figures import exact_points, map_figure
from pages.ui.luck.theme import drawn, look


@kept(max_entries=4_000)
def map_batch(
    params: LoopParams, runs: int, row: int, columns: tuple[int, ...], side: int
) -> list[tuple[float, float, float]]:
    """Return median shift, distance and effective outcomes at points of one temperature."""
    temperature = float(temperature_axis(side)[row])
    return computed(
        batch_of, params, runs, temperature, columns, side, stream_of(row, columns), takes_long=True
    )


@kept(max_entries=64)
def exact_map(
    source: Law, tolerance: float, here: tuple[float, float], theme: str, projector: bool
) -> dict[str, Any]:
    """Return the exact diagram beside the simulated one, as the browser draws it."""
    exact = diagram(source, SIDE)
    lines = temperature_axis(line_size(source)), contour(source, tolerance)
    style = look(theme, "faithful", projector)
    points = exact_points(exact)
    figure: dict[str, Any] = computed(drawn, map_figure, points, exact, lines, here, (theme, style))
    return figure
