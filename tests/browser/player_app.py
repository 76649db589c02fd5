"""The player alone on a page that writes down what the player asks of it, as JSON.

Run by the browser tests: ``?schedule=30:external%20data%200%20%25`` sets changes on the way.
"""

import json

import streamlit as st

from closedloop_core import LoopParams
from pages.ui.canvas import components, pack
from pages.ui.playground import cached as playground_cached
from pages.ui.widgets import verdict

NAMES = ("view", "inside", "intervene")


def keep(name: str) -> None:
    """Remember what the player has just asked for."""
    st.session_state["asked"] = {name: st.session_state["player"][name]}


st.set_page_config(layout="wide")
params = LoopParams(temperature=0.7, external_fraction=0.1, generations=120)
entries = [entry.partition(":") for entry in st.query_params.get_all("schedule")]
header = {
    "mode": st.query_params.get("mode", "desk"),
    "begins": verdict.begins(params),
    "clock": "generations",
    "restart": 0,
    "tolerance": 0.1,
    "alt": "The player alone.",
    "schedule": [{"generation": int(at), "words": words} for at, _, words in entries],
}
asked = st.empty()
components.load_components("player")
components.player(
    key="player",
    data=pack.with_header(playground_cached.player_run(params, 0.1).packed, header),
    on_view_change=lambda: keep("view"),
    on_inside_change=lambda: keep("inside"),
    on_intervene_change=lambda: keep("intervene"),
)
asked.code(json.dumps(st.session_state.get("asked")), language=None)
