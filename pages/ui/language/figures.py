"""What the components of this page draw: texts, curves and dials, as bytes. Pure."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from closedloop_core import Law, LearnerParams, phase_diagram, tolerance_contour
from closedloop_core.exact.phases import severe_shares
from closedloop_core.settings.limits import LIMITS
from pages.ui.canvas.pack import pack, single
from pages.ui.language.runs import Moment
from pages.ui.language.words import Faithful, beside, now_clause, rows_of, setting_line, source_word

TEMPERATURES = (0.2, 5.0)
SAMPLE_SIZES = (1_000, 1_000_000)
_POINTS = 65  # temperatures at which the lines of the dials are solved
_GRID = 17
_HELP = {
    "temperature": "Sampling temperature T of every generation. 1 says what was learned; below, the"
    " likely words gain; above, the rare ones.",
    "external_fraction": "Share a of each generation's new text that comes from the source.",
    "sample_size": "Words that each generation writes, and that the next one learns.",
    "noise": "",
}


def axis() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the temperatures of the dials' lines, evenly spaced in the log, 1 among them."""
    low, high = TEMPERATURES
    values = np.exp(np.linspace(np.log(low), np.log(high), _POINTS))
    values[0], values[_POINTS // 2], values[-1] = low, 1.0, high
    return values


def pack_dials(law: Law, tolerance: float) -> bytes:
    """Return what the dials show of a source's words, whatever they are set to."""
    temperatures = axis()
    coarse = phase_diagram(
        law, temperatures[:: (_POINTS - 1) // (_GRID - 1)], np.linspace(0, 1, _GRID)
    )
    severe = np.interp(np.log(temperatures), np.log(coarse.temperatures), severe_shares(coarse))
    header = {
        "temperature_range": TEMPERATURES,
        "sample_size_range": SAMPLE_SIZES,
        "temperature_limits": [LIMITS["temperature"].low, LIMITS["temperature"].high],
        "external_fraction_limits": [0, 1],
        "sample_size_limits": [1, SAMPLE_SIZES[1]],
        "help": _HELP,
        "defaults": {"temperature": 0.7, "external_fraction": 0.0, "sample_size": 20_000},
        "names": {"external_fraction": "External text", "sample_size": "Words a generation"},
        "captions": {"hot": "hotter: gibberish", "share": "share of new text"},
        "no_switch": True,
    }
    return pack(
        header,
        {
            "contour_temperatures": single(temperatures),
            "contour": single(tolerance_contour(law, temperatures, tolerance)),
            "severe": single(severe),
        },
    )


def shown_run(moments: Sequence[Moment], params: LearnerParams, rule: Faithful) -> dict[str, Any]:
    """Return the generations that are there, for the component: texts, clauses, curves."""
    measured = [moment for moment in moments if moment.measures is not None]
    curves = [moment.measures for moment in measured if moment.measures is not None]
    return {
        "texts": shown_texts(moments),
        "moments": [now_clause(moment, measured[0], params, rule) for moment in measured],
        "beside": [beside(moment, params, rule) for moment in measured],
        "says": [m.next_words for m in curves],
        "knows": [_finite(m.perplexity) for m in curves],
        "impossible": [_finite(m.impossible) for m in curves],
        "distance": [m.distance for m in curves],
    }


def shown_texts(moments: Sequence[Moment]) -> list[dict[str, Any]]:
    """Return what was written, for the component."""
    return [{"pieces": moment.pieces, "knows": moment.knows_beginning} for moment in moments]


def _finite(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


def header(
    run: dict[str, Any], params: LearnerParams, beginning: str, name: str, mode: str, restart: int
) -> dict[str, Any]:
    """Return what the component shows of a run; ``name`` tells runs apart."""
    return {
        **run,
        "run": name,
        "restart": restart,
        "mode": mode,
        "generations": params.generations,
        "rows": list(rows_of(params.generations, False)),
        "few_rows": list(rows_of(params.generations, True)),
        "beginning": beginning,
        "source": source_word(params.source),
        "unit": params.source.unit,
        "temperature": params.temperature,
        "seed": params.seed,
        "setting": setting_line(params),
        "has_held_out": params.source.held_out is not None,
    }
