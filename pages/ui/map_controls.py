"""The maps: "you are here" on the playground, and the phase diagram with its cut and sweep."""

from typing import Any

import streamlit as st

from pages.ui import cached, charts, components, phase_figures, settings
from pages.ui.folds import fold
from pages.ui.settings import Settings


def picked(key: str) -> None:
    """Load the point that was clicked or dragged on a map into the dials."""
    point: Any = st.session_state[key]["picked"]
    if isinstance(point, dict):
        settings.change(
            final=bool(point.get("final", True)),
            temperature=point.get("temperature"),
            external_fraction=point.get("external_fraction"),
        )


def send_fields(now: Settings) -> None:
    """Send what the small map shows of this source, ahead of `small_map`."""
    components.send_ahead(cached.small_map_fields(now.params.source, now.tolerance)[0], "small_map")


def small_map(now: Settings, limit: cached.Limit) -> None:
    """Draw "you are here"; pressing or dragging it turns both dials."""
    name = cached.small_map_fields(now.params.source, now.tolerance)[1]
    _map(charts.pack({"parcel": name}, {}), now, limit, "small")


def phase_map(now: Settings, limit: cached.Limit) -> None:
    """Draw the phase diagram with its lines, the cut at this temperature and the sweep."""
    params, q = now.params, now.params.source
    size = cached.map_size(q, 129)
    lines = cached.lines(q, now.tolerance)
    if cached.distinct_weights(q) > phase_figures.MAX_CUT_GROUPS:
        plain = cached.plain_map(q, now.tolerance, 129)
        _map(charts.with_header(plain, cached.about_map(q)), now, limit, "page")
        st.caption(
            f"Cut, sweep and lines are drawn for laws of up to {phase_figures.MAX_CUT_GROUPS:,}"
            " different shares; this one has more."
        )
        return
    swept = q.n <= phase_figures.MAX_SWEPT_OUTCOMES
    panels, arrays = phase_figures.panels(
        q,
        params.temperature,
        params.external_fraction,
        cached.branches(q, params.temperature),
        cached.branches_over_temperature(q, params.external_fraction),
        cached.sweep(q, params.temperature, params.seed) if swept else None,
        phase_figures.thresholds_at(
            q,
            params.temperature,
            limit.least_external,
            limit.other_winner,
            cached.published_bounds(q, params.temperature),
            now.tolerance,
        ),
        now.tolerance,
    )
    counts = cached.stable_counts(q, size)
    data = phase_figures.pack_phase_page(
        cached.diagram(q, size), counts, lines, panels, arrays, now.tolerance
    )
    _map(charts.with_header(data, cached.about_map(q)), now, limit, "page")


def _map(data: bytes, now: Settings, limit: cached.Limit, kind: str) -> None:
    params, key = now.params, f"{kind}_map"
    here = {
        "temperature": params.temperature,
        "external_fraction": params.external_fraction,
        "class": limit.phase,
        "shift": limit.shift,
        "distance": limit.distance,
        "effective": limit.effective,
        "states": limit.n_stable,
        "least_external": limit.least_external,
    }
    header = {
        "kind": kind,
        "mode": now.mode,
        "point": here,
        "kept": now.kept
        and {
            "temperature": now.kept.temperature,
            "external_fraction": now.kept.external_fraction,
        },
        # So that map and axes fit a screen of 900 (projector: 1080) pixels.
        "plot_height": 640 if now.projector else 500,
    }
    components.phase_map(
        key=key,
        data=charts.with_header(data, header),
        on_picked_change=lambda: picked(key),
        on_shown_change=_nothing,
    )


def _nothing() -> None:
    """Do nothing: which lines are shown is the map's own affair, kept in its state."""


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
            f" is within {100 * now.tolerance:.3g} % of the source (total variation)."
        )
        st.download_button(
            "Diagram as CSV",
            data=lambda: charts.diagram_csv(cached.diagram(source, size)),
            file_name="closed-loop-phase-diagram.csv",
            mime="text/csv",
            key="save_diagram",
            on_click="ignore",
        )
        st.caption("The picture is saved by the button under the map.")
