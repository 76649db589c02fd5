"""The floor of the browser bench: one slider, one caption, the same server settings as the app."""

import gc

import streamlit as st


@st.cache_resource
def settle_memory() -> None:
    """Do what the app does, so that the floor is no slower for want of it."""
    gc.collect()
    gc.freeze()


settle_memory()
value = st.slider("Value", 0, 1000, 500)
st.caption(f"The value is {value}.")
