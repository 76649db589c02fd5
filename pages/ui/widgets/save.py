"""The button that saves something as a file."""

from collections.abc import Callable

import streamlit as st

from pages.ui.exports import file_bytes

_TYPES = {"csv": "text/csv", "txt": "text/plain", "html": "text/html", "json": "application/json"}


def save_button(
    label: str, make: Callable[[], str], name: str, key: str, text: str | None = None
) -> None:
    """Draw a button that makes a file when it is pressed.

    ``name`` is the file's, and its ending says what it is; ``text`` explains it.
    """
    ending = name.rpartition(".")[2]
    st.download_button(
        label,
        data=lambda: file_bytes(make(), ending),
        file_name=name,
        mime=_TYPES[ending],
        key=key,
        help=text,
        on_click="ignore",
    )
