"""The widgets that every page has: dials, seed with undo and redo, and the tolerance."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from closedloop_core.exact.summary import SettledSummary
from closedloop_core.settings.limits import LIMITS, Limit
from closedloop_core.settings.params import HELP
from closedloop_core.settings.reading import shifted
from pages.ui import cached
from pages.ui.canvas import components, pack
from pages.ui.session import parts, settings
from pages.ui.session.settings import Settings
from pages.ui.settled.cached import limit_of
from pages.ui.terms import help_of
from pages.ui.widgets.numbers import number_box, refusal

_DIAL_FIELDS = ("temperature", "external_fraction", "sample_size")


def send_dial_frame(now: Settings) -> None:
    """Send what the dials show of this source, and of no setting, ahead of `dial_box`."""
    components.send_ahead(cached.dial_frame(now.params.source, now.tolerance)[0], "dial_frame")


def dial_box(now: Settings, limit: SettledSummary | None = None, is_framed: bool = False) -> None:
    """Draw the three dials and the noise switch; each change comes back through `_dialled`.

    They show the settings at the start of the run; ``limit`` is that of these, where it is known.
    ``is_framed`` says that `send_dial_frame` has been called.
    """
    if not is_framed:
        send_dial_frame(now)
    params = now.params
    start = limit or limit_of(params.at(0), now.tolerance)
    header = {
        "mode": now.mode,
        "values": {name: getattr(params, name) for name in (*_DIAL_FIELDS, "noise")},
        "kept": now.kept and {name: getattr(now.kept, name) for name in _DIAL_FIELDS},
        "echo": st.session_state.get("dial_sequence", 0),
        "revision": st.session_state["revision"],
        "payload": cached.dial_frame(params.source, now.tolerance)[1],
        "least_rescue": start.least_external,
        "sample_size_note": None if params.growth is None else "set by growth, below",
    }
    components.dials(key="dials", data=pack.pack(header, {}), on_values_change=_dialled)


def _dialled() -> None:
    sent: Any = st.session_state["dials"]["values"]
    if not isinstance(sent, dict):
        return
    st.session_state["dial_sequence"] = sent.get("sequence", 0)
    if sent.get("revision") != st.session_state["revision"]:
        return  # sent before an undo or a scene that it does not know of
    values = {name: sent[name] for name in (*_DIAL_FIELDS, "noise") if name in sent}
    settings.change(final=bool(sent.get("final", True)), from_dial=True, **values)
    parts.redraw()


def seed_row(now: Settings) -> None:
    """Seed box, new seed, undo and redo, of the settings that most pages share."""
    seed_box("seed", now.params.seed, lambda seed: settings.change(seed=seed, restart=True))


def seed_box(key: str, seed: int, use: Callable[[int], None]) -> None:
    """Draw a seed, a button for another one, undo and redo; ``use`` takes a seed."""
    past, future = st.session_state["past"], st.session_state["future"]
    with st.container(horizontal=True, vertical_alignment="center", key="seed_row"):
        st.markdown("Seed", width="content", help=HELP["seed"])
        number_box(
            "Seed",
            key,
            seed,
            LIMITS["seed"],
            use,
            says=False,
            label_visibility="collapsed",
        )
        other = (seed + 1) % 2**32
        _icon_button("New seed", "casino", "The same settings, other luck.", lambda: use(other))
        undo_help = "Undo: back to the settings before the last change."
        _icon_button("Undo", "undo", undo_help, settings.undo, disabled=not past)
        _icon_button("Redo", "redo", "Redo: take back an undo.", settings.redo, disabled=not future)
    refusal(key)


def _icon_button(
    label: str, icon: str, text: str, action: Callable[[], None], disabled: bool = False
) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=label.lower().replace(" ", "_"),
        help=text,
        on_click=_pressed,
        args=(action,),
        disabled=disabled,
    )


def _pressed(action: Callable[[], None]) -> None:
    action()
    parts.redraw()


def tolerance_box(now: Settings) -> None:
    """Choose how far from the source is still called faithful."""
    low, high = settings.TOLERANCES
    help_text = f"Largest distance to the source that is called faithful. {help_of('TV')}"
    st.markdown("Faithful within, %", width="content", help=help_text)
    number_box(
        "Faithful within, %",
        "tolerance",
        shifted(now.tolerance, 2),
        Limit(shifted(low, 2), shifted(high, 2), whole=False),
        lambda percent: settings.change(tolerance=shifted(percent, -2)),
        width=110,
        label_visibility="collapsed",
    )
