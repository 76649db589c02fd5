"""How much work one visitor may ask of a shared host: many runs of many generations."""

from closedloop_core import LoopParams
from pages.ui.session.settings import RUNS
from pages.ui.wording import count

MAX_STATES = 5_000_000  # runs x (generations + 1)
MAX_VALUES = 50_000_000  # runs x generations x outcomes


def affordable(params: LoopParams, runs: int, parts: int = 1) -> tuple[LoopParams, int, str | None]:
    """Return settings and runs within the bounds, and a sentence if they differ from those asked.

    Fewer runs first, down to the least a quantile can be read from; then fewer generations.
    ``parts`` is how many such ensembles share the bounds.
    """
    n, asked = params.initial.n, params.generations
    states, values = MAX_STATES // parts, MAX_VALUES // parts
    fewer = min(runs, states // (asked + 1), values // (asked * n))
    if fewer == runs:
        return params, runs, None
    fewer = max(fewer, RUNS[0])
    fewer -= fewer % 100
    most = max(1, min(asked, states // fewer - 1, values // (fewer * n)))
    used = f"{count(fewer)} runs" + ("" if most == asked else f" of {count(most)} generations")
    each = f", {parts} times," if parts > 1 else ""
    return (
        params.replace(generations=most) if most < asked else params,
        fewer,
        f"{count(runs)} runs of {count(asked)} generations with {count(n)} outcomes{each} are too"
        f" much work for a shared host: {used} are drawn.",
    )
