"""What network, n-grams and theory say and know, as Plotly's plain data. Pure."""

from typing import Any

import numpy as np

from closedloop_core.learners.record import RecordedLoop
from pages.ui.widgets.plots import Figure, Look, laid_out, line

NAMES = {
    "network": "network",
    "ngram": "n-grams of three pieces",
    "simplex": "theory: pieces as outcomes",
}


def heard(loop: RecordedLoop, part: str, fresh: float, look: Look) -> Figure:
    """Return one picture of three learners: what they say (``says``) or know (``knows``).

    ``fresh`` is what a network knows that had the same training on real tokens.
    """
    ink, muted, hue = look.ink(), look.ink("muted"), look.hue(loop.temperature)
    styles: dict[str, dict[str, Any]] = {
        "network": {"colour": hue, "width": 3.5, "mode": "lines+markers"},
        "ngram": {"colour": muted, "width": 2},
        "simplex": {"colour": ink, "width": 2, "dash": "dash"},
    }
    t = np.arange(loop.generations + 1)
    traces = [
        line(t, getattr(getattr(loop, name), part), NAMES[name], **style)
        for name, style in styles.items()
    ]
    up: dict[str, Any] = {"title": {"text": "nats a character"}, "rangemode": "tozero"}
    if part == "knows":
        flat = np.full(len(t), fresh)
        traces.append(line(t, flat, "network on as much real text", ink, dash="dot", width=1.5))
        # The theory of outcomes may leave the picture: what it cannot know it cannot keep.
        top = 1.15 * max(float(loop.network.knows.max()), float(loop.ngram.knows.max()))
        up["range"] = [1.0, max(top, 2.6)]
    return laid_out(traces, look, up)
