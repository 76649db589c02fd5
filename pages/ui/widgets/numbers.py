"""A field for a number that is typed: read as data are read, never changed without a word.

A browser's own field for numbers takes ``1.000`` for one without saying so. Here it is asked back,
the text stays in the field, and the sentence stands below it until another number is used.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from closedloop_core.settings.limits import Limit, checked
from closedloop_core.settings.reading.numerals import read_typed
from pages.ui.frame import plain
from pages.ui.session import parts
from pages.ui.session.shown import shown


def number_box(
    label: str,
    key: str,
    value: float | None,
    limit: Limit,
    use: Callable[[Any], None],
    *,
    is_optional: bool = False,
    says: bool = True,
    **options: Any,
) -> None:
    """Draw the field; ``use`` gets each number that is typed and allowed.

    Parameters
    ----------
    label : names the field on screen and in a refusal
    key : of the widget
    value : the number that is in use; None: none is
    limit : the smallest and largest number that is allowed, and whether it must be whole
    use : called with the number (int where it must be whole), before the page is drawn again
    is_optional : whether the field may be emptied; ``use`` then gets None
    says : whether a refusal is drawn below the field; else `refusal` draws it elsewhere
    options : for `st.text_input`
    """
    refused = _refused(key)
    if refused is not None and refused["value"] != value:
        forget_refusal(key)  # another number has come into use since
        refused = None

    def typed(text: str) -> None:
        forget_refusal(key)
        try:
            use(None if is_optional and not text.strip() else _read(label, text, limit))
        except ValueError as error:
            left = {"text": text, "sentence": str(error), "value": value}
            st.session_state[f"{key}_refused"] = left
        parts.redraw()

    text = refused["text"] if refused else _written(value)
    st.text_input(label, **shown(key, text, typed), **options)
    if says:
        refusal(key)


def is_refused(key: str) -> bool:
    """Say whether the text in a field is not used."""
    return _refused(key) is not None


def forget_refusal(key: str) -> None:
    """Let a field show the number that is in use."""
    st.session_state.pop(f"{key}_refused", None)


def _read(label: str, text: str, limit: Limit) -> float:
    number = read_typed(label, text, whole=limit.whole, low=limit.low, high=limit.high)
    return checked(label, int(number) if limit.whole else number, limit)


def refusal(key: str) -> None:
    """Say why the text in a field is not used, where it is not."""
    refused = _refused(key)
    if refused is not None:
        st.error(f"{plain(refused['sentence'])}. Nothing was changed.")


def _refused(key: str) -> dict[str, Any] | None:
    return st.session_state.get(f"{key}_refused")


def _written(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"
