"""The chapter "Simulated diagram": finite samples beside the exact limit, filled as you watch.

The work is asked for batch by batch, in turn with that of other visitors, and what is done is
cached: the next change of a setting cancels the rest, and coming back costs nothing.
"""

import time
from functools import partial
from typing import Any

import streamlit as st

from closedloop_core.exact.phases import PhaseDiagram
from closedloop_core.measures import Array
from pages.ui import cached
from pages.ui.luck import page
from pages.ui.luck.diagram import figures, words
from pages.ui.luck.diagram.cached import exact_map, map_batch
from pages.ui.luck.diagram.digest import (
    SIDE,
    Batch,
    Cell,
    Plan,
    Point,
    map_csv,
    plan_of,
    shift_errors,
)
from pages.ui.luck.page import PLAIN, Example
from pages.ui.luck.theme import Look, drawn, look
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.settled.cached import limit_of

_PAUSE = 0.8  # seconds between two pictures of a level that is being filled
_STATE = "luck_map"  # in the session: the plan, its points so far, and whether it was stopped
EXAMPLES = (
    Example(
        "map_small",
        "Very small samples",
        "k = 20, new data replace the old: luck collapses even warm loops.",
        {**PLAIN, "sample_size": 20, "generations": 150},
    ),
    Example(
        "map_large",
        "Large samples",
        "k = 10,000: the simulated diagram comes close to the exact one.",
        {**PLAIN, "sample_size": 10_000, "generations": 150},
    ),
    Example(
        "map_piling",
        "Data that pile up",
        "The same k = 100, but the new data join the old: most loops are still on their way.",
        {**PLAIN, "regime": "accumulate", "generations": 150},
    ),
)


def draw_diagram(now: Settings) -> None:
    """Draw the chapter: verdict, controls, the two diagrams, and then fill the simulated one."""
    page.style_sheets(now)
    chosen = settings.at_rest()
    plan, note = plan_of(chosen.params)
    title = page.title_place("map")
    page.control_row(now, EXAMPLES)
    page.bounded_note(note)
    status = st.container(key="luck_status").empty()
    source = plan.params.source
    exact = cached.diagram(source, SIDE)
    theme = page.theme()
    phase = limit_of(chosen.params.at(0), chosen.tolerance).phase
    style = look(theme, phase, chosen.projector)
    with st.container(key="luck_body"):
        left, right = st.columns(2, gap="medium")
        with left:
            keys = page.keys(words.KEY, style.fill)
            page.head(words.simulated_title(plan), keys)
            place = st.container(key="luck_simulated").empty()
        with right:
            page.head("Infinite samples, for ever: exact")
            here = _here(chosen)
            drawn = exact_map(source, chosen.tolerance, here, theme, chosen.projector)
            page.chart(drawn, words.exact_description(exact), "luck_exact")
    st.html(words.scale(theme))
    picture = partial(_picture, place, exact, _lines(chosen), chosen, (theme, style))
    points: dict[Cell, Point] = _state(plan)["points"]
    _say(title, plan, points, exact, style)
    _fill(plan, status, picture)
    _say(title, plan, points, exact, style)
    name = "closed-loop-simulated-diagram.csv"
    page.take_away([("Diagram as CSV", partial(map_csv, points, exact), name)])


def _here(now: Settings) -> tuple[float, float]:
    start = now.params.at(0)
    return start.temperature, start.external_fraction


def _lines(now: Settings) -> tuple[Array, Array]:
    source = now.params.source
    size = cached.line_size(source)
    return cached.temperature_axis(size), cached.contour(source, now.tolerance)


def _say(
    title: Any,
    plan: Plan,
    points: dict[Cell, Point],
    exact: PhaseDiagram,
    style: Look,
) -> None:
    errors, is_whole = shift_errors(points, exact), len(points) == plan.size
    told = words.headline(plan, errors, is_whole)
    page.write_title(title, "map", page.title(told, words.remark(plan), style))


def _picture(
    place: Any,
    exact: PhaseDiagram,
    lines: tuple[Array, Array],
    now: Settings,
    theme: tuple[str, Look],
    points: dict[Cell, Point],
) -> None:
    figure: Any = cached.computed(
        drawn, figures.map_figure, points, exact, lines, _here(now), theme
    )
    told = words.simulated_description(points, exact)
    place.vega_lite_chart(figure, theme=None, width="stretch", alt=told)


def _fill(plan: Plan, status: Any, picture: Any) -> None:
    """Compute what is missing, unless it was stopped; show each level, and moments between."""
    state = _state(plan)
    points = state["points"]
    if points:
        picture(points)
    missing = [b for b in plan.batches() if (b.row, b.columns[0]) not in points]
    if state["stopped"] or st.session_state["live"] or not missing:
        _at_rest(plan, status, len(points))
        return
    with status.container(horizontal=True, vertical_alignment="center"):
        st.button("Stop", key="map_stop", on_click=_stop, icon=":material/stop:")
        bar = st.empty()
    begun = shown = time.monotonic()
    for done, batch in enumerate(missing, start=1):
        points.update(_computed(plan, batch))
        moment = time.monotonic()
        is_level = done == len(missing) or missing[done].step != batch.step
        if is_level or moment - shown > _PAUSE:
            picture(points)
            shown = moment
        left = (len(missing) - done) * (moment - begun) / done
        bar.progress(len(points) / plan.size, words.progress(len(points), plan.size, left))
    _at_rest(plan, status, len(points))


def _at_rest(plan: Plan, status: Any, points: int) -> None:
    """Say what is there, and offer to go on where more was asked for."""
    if points == plan.size:
        status.caption(words.finished(plan))
        return
    if st.session_state["live"]:
        status.caption(words.waiting(points, plan.size))
        return
    with status.container(horizontal=True, vertical_alignment="center"):
        st.button("Go on", key="map_go_on", on_click=_go_on, icon=":material/play_arrow:")
        st.caption(words.stopped(points, plan.size))


def _computed(plan: Plan, batch: Batch) -> dict[Cell, Point]:
    found = map_batch(plan.params, plan.runs, batch.row, batch.columns, SIDE)
    return {
        (batch.row, column): Point(batch.step, *numbers)
        for column, numbers in zip(batch.columns, found, strict=True)
    }


def _state(plan: Plan) -> dict[str, Any]:
    """Return what this visitor has of the map of a plan; another plan begins anew."""
    state: dict[str, Any] = st.session_state.get(_STATE, {})
    if state.get("plan") != plan:
        state = {"plan": plan, "points": {}, "stopped": False}
        st.session_state[_STATE] = state
    return state


def _stop() -> None:
    st.session_state[_STATE]["stopped"] = True


def _go_on() -> None:
    st.session_state[_STATE]["stopped"] = False
