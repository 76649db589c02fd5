"""States of components: read as Streamlit has them read, and without a class for each reading."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.components.v2.bidi_component.serialization import BidiComponentSerde
from streamlit.components.v2.presentation import make_bidi_component_presenter

from pages.ui.canvas.components import keys
from pages.ui.canvas.presenting import lighter, read_states_lightly

MOUNTING: Any = import_module("streamlit.components.v2.bidi_component.main")
STATE = BidiComponentSerde().deserialize('{"values": {"temperature": 0.7}, "sequence": 3}')


class Widgets(dict[str, Any]):
    """What Streamlit keeps of widgets, as far as a reader looks at it."""

    widget_metadata = {"events": SimpleNamespace(value_type="json_trigger_value")}


@pytest.mark.parametrize("state", [STATE, {"value": {}}, {}, None, "text"])
@pytest.mark.parametrize(
    "widgets",
    [
        {},
        {"events": None},
        {"events": []},
        {"events": [{"event": "dropped", "value": "<a>"}, {"event": "sequence", "value": 4}]},
        {"events": {"event": "dropped", "value": 0}},
        {"other": [{"event": "dropped", "value": 1}]},
    ],
)
def test_a_state_is_read_as_streamlit_has_it_read(state: Any, widgets: dict[str, Any]) -> None:
    session = SimpleNamespace(_new_widget_state=Widgets(widgets))
    ways = make_bidi_component_presenter, lighter(make_bidi_component_presenter)
    whole, light = (make("events", "component", {"values"})(state, session) for make in ways)
    assert light == whole


def test_it_is_read_as_it_stands_where_nothing_was_triggered() -> None:
    assert keys is not None  # the components are there: Streamlit reads them lightly from then on
    read = MOUNTING.make_bidi_component_presenter("events", "component", None)
    session: Any = SimpleNamespace(_new_widget_state=Widgets())
    assert read(STATE, session) is STATE


def test_another_version_of_streamlit_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(component_id: str) -> Any:
        return component_id

    assert lighter(make) is make
    monkeypatch.delattr(MOUNTING, "make_bidi_component_presenter")
    read_states_lightly()
    assert not hasattr(MOUNTING, "make_bidi_component_presenter")


def test_where_a_session_is_made_otherwise_streamlit_reads() -> None:
    def make(aggregator_id: str, component_id: str, allowed_state_keys: Any) -> Any:
        return lambda state, session: "as Streamlit reads it"

    read = lighter(make)("events", "component", None)
    assert read(STATE, SimpleNamespace()) == "as Streamlit reads it"
    assert read(STATE, SimpleNamespace(_new_widget_state=Widgets())) is STATE
    assert lighter(lighter(make)).__code__ is lighter(make).__code__  # once is enough
