"""The maps: "you are here" on the playground, and the phase diagram with its cut and sweep."""

import streamlit as st

from closedloop_core.exact.summary import SettledSummary
from pages.ui import cached
from pages.ui.canvas import pack
from pages.ui.frame import fold
from pages.ui.maps import figures
from pages.ui.maps.cached import (
    branches,
    branches_over_temperature,
    lines,
    published_bounds,
    stable_counts,
    sweep,
)
from pages.ui.session.settings import Settings
from pages.ui.widgets.map import draw_map
from pages.ui.widgets.save import save_button
from pages.ui.wording import count, percent


def phase_map(now: Settings, limit: SettledSummary) -> None:
    """Draw the phase diagram with its lines, the cut at this temperature and the sweep."""
    params, q = now.params, now.params.source
    size = cached.map_size(q, 129)
    solved = lines(q, now.tolerance)
    if cached.distinct_weights(q) > figures.MAX_CUT_GROUPS:
        plain = cached.plain_map(q, now.tolerance, 129)
        draw_map(pack.with_header(plain, cached.about_map(q)), now, limit)
        st.caption(
            f"Cut, sweep and lines are drawn for laws of up to {count(figures.MAX_CUT_GROUPS)}"
            " different shares; this one has more."
        )
        return
    swept = q.n <= figures.MAX_SWEPT_OUTCOMES
    panels, arrays = figures.panels(
        q,
        params.temperature,
        params.external_fraction,
        branches(q, params.temperature),
        branches_over_temperature(q, params.external_fraction),
        sweep(q, params.temperature, params.seed) if swept else None,
        figures.thresholds_at(q, limit.needs, published_bounds(q, params.temperature)),
        now.tolerance,
    )
    counts = stable_counts(q, size)
    data = figures.pack_phase_page(
        cached.diagram(q, size), counts, solved, panels, arrays, now.tolerance
    )
    draw_map(pack.with_header(data, cached.about_map(q)), now, limit)


def diagram_fold(now: Settings) -> None:
    """Fold: how the diagram is made, and the diagram as CSV."""
    source = now.params.source
    size = cached.map_size(source, 129)
    box = fold("About this map", "fold_map")
    if not box.open:
        return
    with box:
        st.markdown(
            "Each point is where the infinite-sample loop settles when it starts at the source,"
            " solved exactly; nothing is simulated (derived for this project). The shift *s* runs"
            " from −1, total collapse, to +1, heat death. Above the green line the settled state"
            f" is within {percent(now.tolerance)} of the source (total variation)."
        )
        save_button(
            "Diagram as CSV",
            lambda: figures.diagram_csv(cached.diagram(source, size)),
            "closed-loop-phase-diagram.csv",
            key="save_diagram",
        )
        st.caption("The picture is saved by the button under the map.")
