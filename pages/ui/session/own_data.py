"""What a visitor brings: kept for this visit only, understood before anything is replaced.

One `Brought` in the session holds the text or file and the options for reading it. It is neither
cached across visitors nor written anywhere. `pages.ui.widgets.own_data` shows it.
"""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from closedloop_core import Law, LoopParams
from closedloop_core.settings.reading import Reading, ReadingError, Understood, read, understand
from pages.ui.session import settings
from pages.ui.session.dropped import Dropped
from pages.ui.session.settings import Settings

_KEY = "brought"
_AT_ONCE = {"keep", "drop_common"}  # change how much is used, not what was read
_COLUMNS: dict[str, Any] = {"label_column": None, "count_column": None}


@dataclass(frozen=True)
class Brought:
    """A text or file, the options a visitor has set, and what the reader makes of both.

    ``name`` is the file's, empty for a pasted text; ``data`` its bytes or text, at most 5 MB.
    ``options`` holds only what the visitor has chosen; what was found out is in
    ``understood.reading``. Where the reader refuses, ``refusal`` is its sentence and
    ``understood`` is None. ``law`` is what was last put to use.
    """

    name: str
    data: bytes | str
    options: Reading = Reading()
    understood: Understood | None = None
    refusal: str = ""
    law: Law | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it can be used: it was read, and no question is open."""
        return self.understood is not None and not self.understood.questions


def brought() -> Brought | None:
    """Return what the visitor has brought, or None."""
    found: Brought | None = st.session_state.get(_KEY)
    return found


def bring(data: bytes | str, name: str = "") -> None:
    """Keep a text or file for this visit, and understand it; nothing else changes."""
    st.session_state[_KEY] = _understood(Brought(name, data))


def drop(file: Dropped) -> None:
    """Keep a file that was dropped on the page; `pages.ui.widgets.own_data` shows it."""
    if file.refusal:
        st.session_state[_KEY] = Brought(file.name, b"", refusal=file.refusal)
    else:
        bring(file.data, file.name)
    # One dialog at a time: what else lies over the page gives way.
    st.session_state.pop("change", None)
    st.session_state["sheet"] = None
    st.session_state["dropped"] = True


def forget() -> None:
    """Forget what was brought; what is in use stays in use."""
    st.session_state.pop(_KEY, None)


def is_in_use(found: Brought) -> bool:
    """Say whether the run starts from exactly what is understood now."""
    return found.law is not None and settings.current().params.initial == found.law


def choose(**options: Any) -> None:
    """Read again with other options; how many labels are kept acts at once where it is in use."""
    found = brought()
    if found is None:
        return
    was_used = is_in_use(found)
    if "kind" in options:
        options = {"separator": "auto", "heading": "auto", **_COLUMNS, **options}
    elif "separator" in options:
        options = {**_COLUMNS, **options}  # other columns: their numbers mean nothing now
    try:
        changed = replace(found.options, **options)
    except ReadingError as error:
        st.session_state[_KEY] = replace(found, refusal=str(error), understood=None)
        return
    st.session_state[_KEY] = now = _understood(replace(found, options=changed))
    if not was_used:
        return
    if set(options) <= _AT_ONCE and now.is_ready:
        use()
    else:
        st.session_state[_KEY] = replace(now, law=None)


def use() -> None:
    """Start the run from what was understood; it waits at generation 0."""
    found = brought()
    if found is None or found.understood is None or not found.is_ready:
        return
    if found.understood.kind == "settings":
        _use_settings(_params_of(found.understood))
        forget()
        return
    law = Law.from_understood(found.understood)
    st.session_state[_KEY] = replace(found, law=law)
    settings.change(initial=law, reference=None, restart=True, waits=True)


def _use_settings(params: LoopParams) -> None:
    loaded = Settings(params, projector=settings.current().projector)
    loaded, notes = settings.within_bounds(loaded)
    settings.apply(loaded, restart=True, waits=True)
    st.session_state["complaints"] = notes


def _understood(found: Brought) -> Brought:
    try:
        if isinstance(found.data, bytes):
            understood = read(found.data, found.name, found.options)
        else:
            understood = understand(found.data, found.options)
        # Whatever a run would refuse is refused here, before the button is pressed.
        if understood.kind == "settings":
            _params_of(understood)
        elif not understood.questions:
            Law.from_understood(understood)
    except ValueError as error:
        return replace(found, understood=None, refusal=str(error))
    return replace(found, understood=understood, refusal="")


def _params_of(understood: Understood) -> LoopParams:
    return LoopParams.from_dict(understood.settings or {})
