"""Widgets whose value the server sets: what the browser reports late is not taken for a choice.

A browser sends the values of all its widgets with every request: with a press elsewhere, and with
those that a page makes by itself while it goes on. Where the server has just put another value into
a widget (undo, a scene, a dropped file), such a request still carries the old one, and Streamlit
takes the difference for a change by the visitor. So a widget whose value was replaced goes on under
another key, and what is reported under the key before is not listened to.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

_KEYS = 16  # of one widget, one after the other: Streamlit keeps what it knows of each


def shown(name: str, value: Any, use: Callable[[Any], None]) -> dict[str, Any]:
    """Return ``key`` and ``on_change`` of a widget that shows a value.

    Parameters
    ----------
    name : of the widget; its key, until the server replaces its value
    value : what it shows
    use : called with each value that the visitor chooses, before the page is drawn again
    """
    state = st.session_state
    count = f"{name}_replaced"
    key = _key(name, state.get(count, 0))
    # The visitor's own choice, refused or rewritten, is answered in the same widget.
    is_own = state.pop(f"{name}_chosen", None) == _moment()
    if not is_own and key in state and state[key] != value:
        state[count] = (state.get(count, 0) + 1) % _KEYS
        key = _key(name, state[count])
    # At every run: where a run is cut short, the browser has not heard of it.
    state[key] = value

    def changed() -> None:
        if key == _key(name, state.get(count, 0)):
            try:
                use(state[key])
            finally:  # it may end in a new run
                state[f"{name}_chosen"] = _moment()

    return {"key": key, "on_change": changed}


def _moment() -> tuple[str, int]:
    """Return what changes with every undo, scene or link: a choice from before is none any more."""
    return "revision", st.session_state.get("revision", 0)


def _key(name: str, replaced: int) -> str:
    return f"{name}_{replaced}" if replaced else name
