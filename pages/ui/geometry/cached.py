"""What is cached for this page; every cache is bounded. See `pages.ui.cached`."""

import streamlit as st

from closedloop_core import Law
from pages.ui.cached import LAW_KEYS
from pages.ui.geometry.figures import pack_triangle, pack_well


@st.cache_data(max_entries=128, hash_funcs=LAW_KEYS, show_spinner=False)
def packed_triangle(
    law: Law,
    temperature: float,
    external_fraction: float,
    tolerance: float,
    starts: tuple[tuple[float, float, float], ...],
    mode: str,
) -> bytes:
    """Return the landscape of three outcomes, packed for the triangle."""
    setting = (law, temperature, external_fraction, tolerance)
    return pack_triangle(*setting, starts, mode)


@st.cache_data(max_entries=256, hash_funcs=LAW_KEYS, show_spinner=False)
def packed_well(
    law: Law,
    temperature: float,
    external_fraction: float,
    tolerance: float,
    start: float,
    mode: str,
) -> bytes:
    """Return the potential of two outcomes, packed for the well."""
    setting = (law, temperature, external_fraction, tolerance)
    return pack_well(*setting, start, mode)
