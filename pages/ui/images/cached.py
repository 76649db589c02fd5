"""What is cached for this page; every cache is bounded. See `pages.ui.cached`."""

import streamlit as st

from closedloop_core import LoopParams
from pages.ui.cached import computed, kept
from pages.ui.canvas import pack
from pages.ui.images.figures import GaussianDigest
from pages.ui.images.run import ImageRun, Theory, pack_images, run_images


@kept(max_entries=64, spinner="Twenty generations of digits …")
def image_run(loop: LoopParams) -> ImageRun:
    """Return a run of images (0.4 MB)."""
    return computed(run_images, loop)


@kept(max_entries=64)
def shown_images(loop: LoopParams, tolerance: float) -> tuple[bytes, str]:
    """Return what the sheets show of a run, and the name it travels under."""
    packed = pack_images(image_run(loop), Theory.of(loop), tolerance)
    return packed, pack.payload_name(packed)


@st.cache_data(max_entries=64, show_spinner=False)
def gaussian_digest(temperature: float, external_fraction: float, seed: int) -> GaussianDigest:
    """Return the ensembles of Gaussians of a setting (0.5 MB)."""
    return computed(GaussianDigest.of, temperature, external_fraction, seed)
