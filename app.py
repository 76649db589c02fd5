"""The playground: what you see first, alive in the first second.

Settings -> run -> picture. The rooms behind it: closedloop_core (the model), pages/ui (widgets,
link, canvas components).
"""

import streamlit as st

from closedloop_core import LoopParams
from pages.ui import (
    cached,
    charts,
    compare_controls,
    components,
    controls,
    frame,
    inside_controls,
    map_controls,
    schedule_controls,
    settings,
    words,
)
from pages.ui.settings import Settings


def dial_column(now: Settings, limit: cached.Limit, here: cached.Limit) -> None:
    """Draw what you set: scene, dials, folds, seed and undo."""
    st.markdown("## What you set")
    with st.container(key="scene_row"):
        controls.scene_box(now)
    controls.dial_box(now, here.least_external)
    with st.container(key="folds"):
        controls.proof_fold(now, limit)
        controls.more_fold(now)
        controls.leaves_out_fold()
    controls.seed_row(now)


def played(now: Settings, limit: cached.Limit, run: bytes, word: str) -> bytes:
    """Return what the player shows: the run, run A beside it while comparing, and the view."""
    header = {
        "mode": now.mode,
        "class": limit.phase,
        "word": word,
        **{name: getattr(now, name) for name in settings.CHOICES},
        "schedule": schedule_controls.marks(now.params),
        "restart": st.session_state["restart"],
        "tolerance": now.tolerance,
        "alt": words.summary(now.params, limit),
        "csv_name": "closed-loop-run.csv",
    }
    if now.kept is None:
        return charts.with_header(run, header)
    a_words, b_words = (", ".join(w) for w in words.differences(now.kept, now.params))
    kept = charts.with_header(
        cached.player_run(now.kept),
        {
            "class": cached.limit_of(now.kept, now.tolerance).phase,
            "words": a_words,
            "schedule": schedule_controls.marks(now.kept),
        },
    )
    return charts.with_kept(charts.with_header(run, {**header, "words": b_words}), kept)


def run_column(now: Settings, shown: bytes) -> None:
    """Draw what the model says: the player, an open intervention, one generation taken apart."""
    components.player(
        key="player",
        data=shown,
        on_view_change=lambda: settings.choose(st.session_state["player"]["view"]),
        on_intervene_change=lambda: schedule_controls.asked(
            st.session_state["player"]["intervene"]
        ),
        on_inside_change=lambda: inside_controls.asked(st.session_state["player"]["inside"]),
    )
    schedule_controls.form(now)
    inside_controls.panel(now)


def map_column(now: Settings, here: cached.Limit, shown: bytes) -> None:
    """Draw "you are here", the comparison, and what can be taken away."""
    map_controls.small_map(now, here)
    with st.container(key="take_away"):
        compare_controls.compare_box(now)
        controls.take_away(now, shown)


def playground() -> None:
    """Lay out the page; in projector mode the run stands left and the dials under the map."""
    now = frame.open_page("app.py", "Playground")
    params: LoopParams = now.params
    limit = cached.limit_of(params, now.tolerance)
    # Dials and map show the settings at the start, whatever changes on the way.
    here = cached.limit_of(params.at(0), now.tolerance)
    run = cached.player_run(params)
    end = words.RunEnd(*charts.final_distances(run))
    sentence = words.verdict(params, limit, now.mode, end)
    components.verdict(key="verdict", data=charts.pack(sentence, {}))
    shown = played(now, limit, run, sentence["word"])
    if now.projector:
        left, right = st.columns([1176, 552], gap="large")
        with left:
            run_column(now, shown)
        with right:
            map_controls.small_map(now, here)
            controls.dial_box(now, here.least_external)
    else:
        with st.container(key="body"):
            left, middle, right = st.columns([272, 736, 272], gap="medium")
            # The run first: for a large law the lines of the map take longer.
            with middle:
                run_column(now, shown)
            with left:
                dial_column(now, limit, here)
            with right:
                map_column(now, here, shown)
    frame.close_page()


playground()
