"""What is cached for this page; every cache is bounded. See `pages.ui.cached`."""

from typing import Any

from closedloop_core import Law
from closedloop_core.exact.landscape import Landscape
from pages.ui.cached import kept
from pages.ui.geometry.figures import pack_triangle, pack_well


@kept(max_entries=128)
def packed_triangle(
    law: Law,
    temperature: float,
    external_fraction: float,
    tolerance: float,
    starts: tuple[tuple[float, float, float], ...],
    mode: str,
) -> bytes:
    """Return the landscape of three outcomes, packed for the triangle."""
    setting = (law, temperature, external_fraction, tolerance)
    return pack_triangle(*setting, starts, mode)


@kept(max_entries=256)
def packed_well(
    law: Law,
    temperature: float,
    external_fraction: float,
    tolerance: float,
    start: float,
    mode: str,
) -> bytes:
    """Return the potential of two outcomes, packed for the well."""
    setting = (law, temperature, external_fraction, tolerance)
    return pack_well(*setting, start, mode)


@kept(max_entries=32, spinner="Drawing the surface …")
def packed_surface(
    law: Law,
    temperature: float,
    external_fraction: float,
    tolerance: float,
    starts: tuple[tuple[float, float, float], ...],
    look: tuple[str, bool],
) -> tuple[Any, str]:
    """Return the potential as a surface and its words; ``look`` is theme and projector.

    Plotly is imported here: nobody pays for it who does not open the fold.
    """
    from pages.ui.geometry.surface import surface_figure, surface_words

    landscape = Landscape(law, temperature, external_fraction, tolerance)
    return surface_figure(landscape, starts, *look), surface_words(landscape)
