"""What a run costs, and what is said to who wants more than a shared host can give. Pure."""

from closedloop_core import LoopParams
from closedloop_core.loop.draws import NUMPY_HYPERGEOMETRIC_LIMIT
from closedloop_core.settings.params import dataset_sizes

LARGER = (
    "Larger jobs run on your own computer: save the settings on the Playground and give them to"
    " “python -m closedloop_core sweep --settings FILE --runs RUNS --out runs.csv”."
)
_SUBSAMPLING = 4  # what subsampling costs beyond drawing the items
HUGE = 800  # what a subsample of a dataset beyond NumPy's sampler costs, outcome by outcome


def cost(params: LoopParams) -> int:
    """Return what one run costs in one generation, in random counts."""
    n = params.initial.n
    if params.regime != "subsample" or not params.noise:
        return n
    is_huge = dataset_sizes(params)[-1] >= NUMPY_HYPERGEOMETRIC_LIMIT
    return max(n * _SUBSAMPLING, HUGE) if is_huge else n * _SUBSAMPLING
