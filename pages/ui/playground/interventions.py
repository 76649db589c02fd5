"""Interventions: the form that schedules, edits and removes a change during the run."""

import dataclasses
from functools import partial
from typing import Any

import streamlit as st

from closedloop_core import Change, LoopParams
from closedloop_core.settings.limits import LIMITS, Limit
from closedloop_core.settings.params import HELP
from closedloop_core.settings.reading import shifted
from closedloop_core.settings.schedule import CHANGEABLE, MAX_CHANGES
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.widgets.numbers import forget_refusal, is_refused, number_box
from pages.ui.wording import change_words, count

_NAMES = {
    "temperature": "Temperature",
    "external_fraction": "External data, %",
    "sample_size": "Sample size",
    "subsample_size": "Items each model learns from",
}
_PERCENT = "external_fraction"
_TYPED = ("change_generation_typed", "change_value_typed")  # the fields of the form


def marks(params: LoopParams) -> list[dict[str, Any]]:
    """Return the schedule for the player's axis: generation and words of each change."""
    return [
        {"generation": change.generation, "words": change_words(change)}
        for change in params.schedule
    ]


def asked(sent: Any) -> None:
    """Take what the player's axis asks: a new change, one to edit, or one that was moved."""
    if not isinstance(sent, dict):
        return
    schedule = settings.current().params.schedule
    index, generation = _whole(sent.get("index")), _whole(sent.get("generation"))
    if index is not None and not 0 <= index < len(schedule):
        return
    limit = LIMITS["generations"]
    if generation is not None:
        generation = int(min(max(generation, limit.low), limit.high))
    if index is not None and generation is not None:
        _reschedule(schedule[index], dataclasses.replace(schedule[index], generation=generation))
    elif index is not None:
        _open(schedule[index], schedule[index])
    elif generation is not None:
        share = settings.current().params.at(generation).external_fraction
        _open(None, Change(generation, _PERCENT, 0.0 if share > 0 else 0.5))


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _open(old: Change | None, change: Change) -> None:
    state = st.session_state
    for key in _TYPED:
        forget_refusal(key)
    state["change"] = {"old": old}
    state["change_field"] = change.field
    state["change_generation"] = change.generation
    state["change_value"] = _shown(change.field, change.value)


def close() -> None:
    """Close the form without a change."""
    st.session_state.pop("change", None)


def _dismiss() -> None:
    settings.stay()
    close()


def form(now: Settings) -> None:
    """Draw the form while a change is open: what, when, and to which value."""
    opened = st.session_state.get("change")
    if opened is None:
        return
    if opened["old"] is not None and opened["old"] not in now.params.schedule:
        return close()  # undone or removed meanwhile
    _dialog(now, opened["old"])


@st.dialog("Change something during the run", on_dismiss=_dismiss)
def _dialog(now: Settings, old: Change | None) -> None:
    params = now.params
    if "change" not in st.session_state:
        settings.stay()
        st.rerun()  # a button has closed it: the page behind it changes too
    if now.kept is not None:
        st.caption("Of the two runs this changes B.")
    field = _field_box(params)
    with st.container(horizontal=True, gap="small"):
        _generation_box()
        _value_box(field)
    if field == "sample_size" and params.growth is not None:
        st.caption("This run's sample size is set by growth: the change would have no effect.")
    if st.session_state["change_generation"] >= params.generations:
        st.caption(
            f"This run ends at generation {count(params.generations)}: too early for the change."
        )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Apply",
            key="change_apply",
            type="primary",
            disabled=any(map(is_refused, _TYPED)),
            on_click=_apply,
            args=(old,),
        )
        if old is not None:
            st.button("Remove", key="change_remove", on_click=_reschedule, args=(old, None))
        st.button("Cancel", key="change_cancel", on_click=_dismiss)


def _field_box(params: LoopParams) -> str:
    _keep("change_field")
    fields = list(CHANGEABLE if params.regime == "subsample" else CHANGEABLE[:-1])
    if st.session_state["change_field"] not in fields:
        fields.append(st.session_state["change_field"])
    chosen: str = st.selectbox(
        "What",
        fields,
        key="change_field",
        format_func=_NAMES.__getitem__,
        on_change=_field_chosen,
    )
    return chosen


def _field_chosen() -> None:
    field = st.session_state["change_field"]
    value = getattr(settings.current().params, field)
    st.session_state["change_value"] = _shown(field, value)


def _generation_box() -> None:
    number_box(
        "From generation",
        _TYPED[0],
        st.session_state["change_generation"],
        LIMITS["generations"],
        partial(st.session_state.__setitem__, "change_generation"),
        help="The step after this generation is the first with the new value.",
    )


def _value_box(field: str) -> None:
    limit = LIMITS[field]
    number_box(
        "New value",
        _TYPED[1],
        st.session_state["change_value"],
        Limit(0, 100, whole=False) if field == _PERCENT else limit,
        partial(st.session_state.__setitem__, "change_value"),
        help=HELP[field],
    )


def _keep(key: str) -> None:
    """Keep a widget's value through a run in which it was not drawn."""
    st.session_state[key] = st.session_state[key]


def _shown(field: str, value: float) -> float:
    return shifted(value, 2) if field == _PERCENT else value


def _apply(old: Change | None) -> None:
    state = st.session_state
    field, value = state["change_field"], state["change_value"]
    value = shifted(value, -2) if field == _PERCENT else value
    _reschedule(old, Change(state["change_generation"], field, value))


def _reschedule(old: Change | None, change: Change | None) -> None:
    """Put ``change`` in the place of ``old`` (None: add it); None removes the old one."""
    schedule = [c for c in settings.current().params.schedule if c != old]
    if change is not None:
        # One value a field and generation: the newest one stays.
        key = (change.generation, change.field)
        schedule = [c for c in schedule if (c.generation, c.field) != key]
        schedule.append(change)
    if len(schedule) > MAX_CHANGES:
        settings.refuse(f"schedule must hold at most {MAX_CHANGES} changes; nothing was changed.")
        return
    settings.change(schedule=tuple(schedule))
    close()
