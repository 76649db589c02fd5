"""What a component's entry in Streamlit's session state is read as, at less cost.

At every run of a script Streamlit 1.67 reads the state of each component of the page, and makes a
class for each reading, and objects that hold on to each other, so that a script may write into what
it has read. Ours do not. For 300 viewers that was an eighth of the server's work and most of what
the garbage collector stops it for. Here Streamlit's way is taken only where a component has just
triggered something, which it puts beside the state; else what is read is the state itself, no copy:
nobody may write into it.
"""

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

Read = Callable[[Any, Any], Any]  # a component's state and the session's, to what a script reads
_EXPECTED = ["aggregator_id", "component_id", "allowed_state_keys"]


def lighter(make: Callable[..., Read]) -> Callable[..., Read]:
    """Return what makes readers of states as ``make``, Streamlit's own, but at less cost.

    ``make`` itself where it is called otherwise than in the version this is known for.
    """
    if list(inspect.signature(make).parameters) != _EXPECTED:
        return make

    def lighter_make(aggregator_id: str, *args: Any, **kwargs: Any) -> Read:
        in_full = make(aggregator_id, *args, **kwargs)

        def read(state: Any, session: Any) -> Any:
            try:
                has_triggered = bool(session._new_widget_state[aggregator_id])
            except KeyError:
                has_triggered = False
            except AttributeError:  # another version
                has_triggered = True
            return in_full(state, session) if has_triggered else state

        return read

    return lighter_make


def read_states_lightly() -> None:
    """Have Streamlit read the states of components so; once is enough for a process."""
    try:
        mounting = import_module("streamlit.components.v2.bidi_component.main")
    except ImportError:  # another version
        return
    name = "make_bidi_component_presenter"
    if hasattr(mounting, name):
        setattr(mounting, name, lighter(getattr(mounting, name)))
