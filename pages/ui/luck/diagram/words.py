"""The sentences of the chapter "Simulated diagram". Pure."""

import numpy as np

from closedloop_core.exact.classes import SEVERE
from closedloop_core.exact.phases import PhaseDiagram
from closedloop_core.measures import Array
from pages.ui.luck.diagram.digest import Cell, Plan, Point, shift_errors
from pages.ui.luck.theme import SHIFTS
from pages.ui.wording import Headline, count, percent

KEY = [("severe", "severe: |s| > ½"), ("edge", "exact edge of the faithful region")]


def headline(plan: Plan, errors: Array | None, is_whole: bool) -> Headline:
    """Return the verdict: how far finite samples and a finite time move the map."""
    params = plan.params
    size = f"{count(params.sample_size, 'sample')} a generation"
    if params.growth is not None:
        size = f"a dataset that grows by {percent(params.growth)}"
    if not params.noise:
        size = "no sampling noise"
    if errors is None:
        return [(f"With {size}: ", False), ("the map is being simulated.", True)]
    mean, off = float(errors.mean()), float(np.abs(errors).mean())
    so_far = "" if is_whole else " so far"
    told = f"the map is off by {off:.2f} in shift s on average{so_far}"
    side = "collapse" if mean < 0 else "heat death"
    clear = abs(mean) > 0.5 * off and off >= 0.005
    return [(f"With {size} ", False), (told, True), (f", towards {side}." if clear else ".", False)]


def remark(plan: Plan) -> str:
    """Return the line below the headline: what both maps show, and what sets them apart."""
    shows = "the one run" if not plan.params.noise else f"the median of {plan.runs} runs"
    text = f"Left: {shows} from the source at each point. Right: where infinite samples settle."
    apart = "Luck and the finite time set" if plan.params.noise else "The finite time sets"
    slow = "" if plan.params.regime == "replace" else ": data that pile up are slow to change"
    return f"{text} {apart} them apart{slow}."


def simulated_title(plan: Plan) -> str:
    """Return the title of the simulated map."""
    params = plan.params
    samples = f"k = {count(params.sample_size)}" if params.noise else "no noise"
    if params.growth is not None:
        samples = f"growth {percent(params.growth)}"
    return f"Simulated: {samples}, {count(params.generations)} generations"


def progress(points: int, size: int, seconds: float) -> str:
    """Return what the progress bar says."""
    left = "a moment" if seconds < 1.5 else f"about {seconds:.0f} s"
    return f"{count(points)} of {count(size)} points, {left} left"


def waiting(points: int, size: int) -> str:
    """Return what stands in the place of the bar while a dial is dragged."""
    return f"{count(points)} of {count(size)} points; on when the dial rests."


def finished(plan: Plan) -> str:
    """Return what stands in the place of the progress bar when all is done."""
    runs = f"{plan.runs} runs each" if plan.runs > 1 else "one run each"
    return (
        f"{count(plan.size)} points, {runs}, {count(plan.params.generations)} generations,"
        f" seed {plan.params.seed}."
    )


def stopped(points: int, size: int) -> str:
    """Return what stands beside the button that goes on."""
    return f"Stopped at {count(points)} of {count(size)} points."


def simulated_description(points: dict[Cell, Point], exact: PhaseDiagram) -> str:
    """Return the simulated map in words, for a screen reader: live numbers."""
    shifts = np.array([point.shift for point in points.values()])
    severe = [int(np.count_nonzero(sign * shifts > SEVERE)) for sign in (-1, 1)]
    text = (
        f"Of {count(len(points))} simulated points {count(severe[0])} are severely collapsed,"
        f" {count(severe[1])} close to heat death"
    )
    errors = shift_errors(points, exact)
    if errors is None:
        return f"{text}."
    return f"{text}; their shift is off by {np.abs(errors).mean():.2f} on average."


def exact_description(exact: PhaseDiagram) -> str:
    """Return the exact map in words, for a screen reader."""
    low, high = float(exact.shift.min()), float(exact.shift.max())
    return (
        "Exact diagram of settled states over temperature and external share: shift from"
        f" {low:+.2f} (collapse) to {high:+.2f} (heat death)."
    )


def scale(theme: str) -> str:
    """Return the scale of colours as HTML."""
    stops = ", ".join(SHIFTS[theme])
    return (
        '<div class="lk-scale"><span>collapse, s = −1</span>'
        f'<i style="background: linear-gradient(90deg, {stops})"></i>'
        "<span>s = +1, heat death</span></div>"
    )
