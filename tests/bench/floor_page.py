"""The floor of the browser bench: one slider, one caption, the same server settings as the app."""

import gc
import sys

import streamlit as st


@st.cache_resource
def prepare_process() -> None:
    """Do what the app does, so that the floor is no slower for want of it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)
    sys.setswitchinterval(0.002)


prepare_process()
value = st.slider("Value", 0, 1000, 500)
st.caption(f"The value is {value}.")
