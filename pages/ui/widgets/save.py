"""The button that saves something as a file."""

from collections.abc import Callable

import streamlit as st

_TYPES = {"csv": "text/csv", "html": "text/html", "json": "application/json"}


def save_button(
    label: str, make: Callable[[], str], name: str, key: str, text: str | None = None
) -> None:
    """Draw a button that makes a file when it is pressed.

    ``name`` is the file's, and its ending says what it is; ``text`` explains it.
    """
    st.download_button(
        label,
        data=make,
        file_name=name,
        mime=_TYPES[name.rpartition(".")[2]],
        key=key,
        help=text,
        on_click="ignore",
    )
