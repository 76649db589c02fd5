"""What a worker computes for this page; it keeps what the parts of one map share. Pure."""

from closedloop_core import LearnerParams
from closedloop_core.learners.learner_map import MAP_FRACTIONS, MAP_TEMPERATURES, MapRuns
from pages.ui.language.map_parts import Cell
from pages.ui.remembered import remembered


def map_part(params: LearnerParams, cells: tuple[Cell, ...]) -> list[list[float]]:
    """Return the measures of some settings of a map, each in the order `MEASURED`.

    Of a visitor's own text nothing is kept.
    """
    runs = _runs(params) if params.source.fits_link else MapRuns(params)
    return [runs.measures(MAP_TEMPERATURES[row], MAP_FRACTIONS[column]) for row, column in cells]


@remembered(max_entries=1)
def _runs(params: LearnerParams) -> MapRuns:
    return MapRuns(params)
