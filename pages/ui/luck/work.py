"""How much work one visitor may ask of a shared host, said before it begins."""

from collections.abc import Sequence

from closedloop_core import LoopParams
from pages.ui.luck.cost import HUGE, LARGER, cost
from pages.ui.session.settings import RUNS
from pages.ui.wording import count

MAX_STATES = 5_000_000  # runs x (generations + 1), where models learn from all the data
MAX_VALUES = 50_000_000  # runs x generations x outcomes, likewise


def affordable(
    params: LoopParams, runs: int, loops: Sequence[LoopParams] = ()
) -> tuple[LoopParams, int, str | None]:
    """Return settings and runs within the bounds, and a sentence if they differ from those asked.

    Fewer runs first, down to the least a quantile can be read from; then fewer generations.
    ``loops`` are the ensembles that share the bounds (default: ``params`` alone), all of the runs,
    generations and outcomes of ``params``.
    """
    n, asked = params.initial.n, params.generations
    loops = loops or (params,)
    parts = -(-sum(map(cost, loops)) // n)
    states, values = MAX_STATES // parts, MAX_VALUES // parts
    fewer = min(runs, states // (asked + 1), values // (asked * n))
    if fewer == runs:
        return params, runs, None
    fewer = max(fewer, RUNS[0])
    fewer -= fewer % 100
    most = max(1, min(asked, states // fewer - 1, values // (fewer * n)))
    used = f"{count(fewer)} runs" + ("" if most == asked else f" of {count(most)} generations")
    each = f", {len(loops)} times," if len(loops) > 1 else ""
    drawn = ", drawn from huge datasets," if max(map(cost, loops)) == HUGE else ""
    return (
        params.replace(generations=most) if most < asked else params,
        fewer,
        f"{count(runs)} runs of {count(asked)} generations with {count(n)} outcomes{each or drawn}"
        f" are too much work for a shared host: {used} are drawn. {LARGER}",
    )
