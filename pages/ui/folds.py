"""Folds and drawers that hold nothing while they are shut: neither drawn, nor sent, nor computed.

The rest of the page answers the sooner. Draw what belongs into one only where ``.open`` says so.
"""

from typing import Any

import streamlit as st


def fold(label: str, key: str) -> Any:
    """Return a fold in the page; its state is kept under ``key``."""
    return st.expander(label, key=key, type="compact", on_change="rerun")


def drawer(label: str, key: str, **options: Any) -> Any:
    """Return a drawer behind a button; its state is kept under ``key``."""
    return st.popover(label, key=key, on_change="rerun", **options)
