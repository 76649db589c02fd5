"""What is cached of the recorded network; every cache is bounded. See `pages.ui.cached`."""

import numpy as np
import streamlit as st

from closedloop_core.learners.record import recorded_network

CHAINS, STEPS = 2, 110  # texts side by side, and their tokens: some 350 characters each


@st.cache_data(max_entries=64, show_spinner=False)
def written_now(which: str, temperature: float, seed: int) -> tuple[tuple[str, ...], float]:
    """Let a checkpoint write.

    Returns
    -------
    texts : tuple of str
    says : float, nats a character
    """
    network = recorded_network(which)
    tokens, entropy = network.sample(CHAINS, STEPS, temperature, np.random.default_rng(seed))
    texts = tuple(network.text(row) for row in tokens)
    return texts, entropy * tokens.size / max(sum(map(len, texts)), 1)
