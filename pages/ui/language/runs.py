"""What is shown of a run: each generation's text from the same beginning, and its measures. Pure.

Models are let go of as the run goes on; what is kept of a generation is small.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from closedloop_core import LearnerParams
from closedloop_core.learners.counting import cut
from closedloop_core.learners.model import NGramModel
from closedloop_core.learners.ngram_learner import NGramLearner, TextMeasures
from closedloop_core.learners.protocol import Generation, run_loop
from closedloop_core.learners.tokens import readable
from closedloop_core.loop.draws import random_stream
from pages.ui.language.passages import Piece, pieces

SHOWN = {"word": 56, "character": 260}  # written after the beginning
_LUCK = 7  # purpose of the random stream that all generations share


@dataclass(frozen=True)
class Moment:
    """One generation as it is shown.

    Attributes
    ----------
    index : int
    pieces : the text from the beginning on, as `passages.pieces`
    text : str, the same in one
    knows_beginning : bool, whether it could go on from there; without smoothing it may not
    measures : TextMeasures, or None where the run was only followed, not measured
    """

    index: int
    pieces: tuple[Piece, ...]
    text: str
    knows_beginning: bool
    measures: TextMeasures | None


def moments(params: LearnerParams, beginning: str) -> Iterator[Moment]:
    """Yield the generations of a run, one by one, each time that it is asked."""
    return (
        _moment(found, params, beginning) for found in run_loop(params.loop, NGramLearner(params))
    )


class _Unmeasured(NGramLearner):
    """The same loop, a few times as fast: nothing is measured on the way."""

    def measure(self, generation: int, model: NGramModel, text: Any) -> Any:
        """Return nothing."""
        return None


def glances(params: LearnerParams, beginning: str) -> Iterator[Moment]:
    """Yield the texts of a run without its measures: for a dial that is being dragged."""
    return (
        _moment(found, params, beginning) for found in run_loop(params.loop, _Unmeasured(params))
    )


def _moment(found: Generation, params: LearnerParams, beginning: str) -> Moment:
    unit, model = params.source.unit, found.model
    given = cut(beginning, unit) if beginning else []
    options: dict[str, Any] = {
        "top_k": params.top_k,
        "top_p": params.top_p,
        "min_p": params.min_p,
    }
    rng = random_stream(params.loop, 0, _LUCK)  # the same luck in every generation
    start = given or None
    knows = True
    try:
        written = model.sample(1, SHOWN[unit], params.temperature, rng, start=start, **options)
    except ValueError:
        # Without smoothing a beginning may no longer be known: then a text of its own.
        knows, given = False, []
        rng = random_stream(params.loop, 0, _LUCK)
        written = model.sample(1, SHOWN[unit], params.temperature, rng, **options)
    tokens = [*given, *(model.vocabulary[i] for i in written[0].tolist())]
    shown = tuple(pieces(tokens, unit))
    return Moment(found.index, shown, readable(tokens, unit), knows, found.measures)
