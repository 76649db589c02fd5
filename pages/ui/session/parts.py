"""The parts of a page that are drawn again on their own, and which of them a change asks for.

A page is drawn once as a whole: a frame, and parts in it, each a fragment of Streamlit. After a
change one run of the script draws those parts again that show something else than before, and no
others. Where what stands around the parts has changed too, the whole page is drawn, once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from pages.ui.session import settings

Shown = Callable[[], Any]
Args = ParamSpec("Args")

# Whether parts are drawn on their own. A test that sees only what the last run drew says no.
APART = True
_KEY = "parts"
LIVE = "live"  # the part of a page that follows the hand while a dial is dragged


@dataclass
class _Page:
    """What a visitor's page shows: in each part, and around the parts.

    ``asked`` are the parts that the run now starting is going to draw, ``fragments`` the names
    that Streamlit has for the parts.
    """

    shows_around: Shown
    around: Any
    shows: dict[str, Shown] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    fragments: dict[str, str | None] = field(default_factory=dict)
    is_whole: bool = False

    def changed(self) -> list[str]:
        """Return the parts that show something else than what is so now, in their order."""
        return [key for key, shows in self.shows.items() if shows() != self.shown[key]]

    def is_framed(self) -> bool:
        """Say whether the page is drawn to its end, and what stands around its parts still so."""
        return self.is_whole and self.shows_around() == self.around


def forget() -> None:
    """Begin a page without parts, or one whose parts are not known yet."""
    st.session_state.pop(_KEY, None)


def begin(shows_around: Shown) -> None:
    """Begin a page with parts; ``shows_around`` returns what the page shows around them."""
    st.session_state[_KEY] = _Page(shows_around, shows_around())


def is_begun() -> bool:
    """Say whether the page that is being drawn has parts."""
    return _KEY in st.session_state


def complete() -> None:
    """Say that the whole page is drawn: from here on its parts are drawn on their own."""
    st.session_state[_KEY].is_whole = True


def part(key: str, shows: Shown) -> Callable[[Callable[Args, None]], Callable[Args, None]]:
    """Make a function that draws a part of a page into a part that can be drawn on its own.

    ``shows`` returns what the part shows, its own folds and drawers included: as long as that is
    equal to what it was, the part stays as it is. A part that is drawn again gets the arguments
    of the page's last whole run: what may have changed since then it must ask for itself.
    """

    def register(draw: Callable[Args, None]) -> Callable[Args, None]:
        @st.fragment(key=key)
        @wraps(draw)
        def drawn(*args: Args.args, **kwargs: Args.kwargs) -> None:
            page: _Page = st.session_state[_KEY]
            is_alone = page.is_whole
            if is_alone:
                _draw_alone(page, key)
            page.shows[key], page.shown[key] = shows, shows()
            page.fragments[key] = ThreadState.get().fragment_id
            draw(*args, **kwargs)
            if is_alone:
                settings.mirror()

        return drawn

    return register


def _draw_alone(page: _Page, key: str) -> None:
    """Begin to draw a part alone; the whole page instead where other parts have changed too.

    So it may be where a widget in the part did not ask by `redraw`. While a dial is being dragged
    the rest of the page waits until the hand lets go.
    """
    if st.session_state["live"]:
        return
    if key in page.asked:
        page.asked.discard(key)
    elif not page.is_framed() or not set(page.changed()) <= {key}:
        settings.stay()
        st.rerun()  # nothing has been drawn yet
    settings.arrive()


def redraw() -> None:
    """Draw what shows the change that a widget made: the last word of its callback.

    Without parts that is the whole page. While a dial is being dragged Streamlit goes on as it does
    by itself: it runs the part that the widget is in; what is dragged in another part runs the one
    that follows the hand.
    """
    settings.stay()
    page: _Page | None = st.session_state.get(_KEY)
    run = get_script_run_ctx()
    if st.session_state["live"]:
        if APART and page is not None and page.is_whole and LIVE in page.shows:
            if run is not None and run.fragment_ids_this_run != [page.fragments[LIVE]]:
                st.rerun([LIVE])
        return
    if page is None:
        st.rerun()
    if not APART:
        return
    if not page.is_framed():
        st.rerun()
    changed = page.changed()
    if changed:
        page.asked = set(changed)
        if run is None or run.fragment_ids_this_run != [page.fragments[key] for key in changed]:
            st.rerun(changed)
        # Else the part that the widget is in is all that changes, and Streamlit draws it next.
