"""The folds below the sheets: many settings at once, and the Gaussian that is solved by hand."""

import streamlit as st

from closedloop_core import LoopParams
from pages.ui.frame import fold
from pages.ui.images.cached import gaussian_digest, image_run
from pages.ui.images.figures import (
    SAMPLES,
    bells,
    gaussian_words,
    many_settings,
    modes,
    variances,
)
from pages.ui.session.settings import Settings
from pages.ui.widgets.plots import CONFIG, Figure, Look

TEMPERATURES, SHARES = (0.7, 1.0, 1.3), (0.0, 0.3, 0.6)


def look_of(now: Settings) -> Look:
    """Return how figures are drawn for this visitor."""
    return Look(st.context.theme.type or "light", now.projector)


def gaussian_fold(loop: LoopParams, now: Settings) -> None:
    """Draw the Gaussian at the page's temperature and external share."""
    box = fold("The Gaussian: the same loop, solved by hand", "fold_gaussian")
    if not box.open:
        return
    digest = gaussian_digest(loop.temperature, loop.external_fraction, loop.seed)
    look = look_of(now)
    figures = (bells(digest, look), variances(digest, look), modes(digest, look))
    names = ("One loop", "A thousand loops", "Two modes")
    with box:
        st.caption(
            f"A Gaussian is fitted to {SAMPLES} samples, writes the next {SAMPLES} with its"
            f" variance times T = {loop.temperature:.3g}, and so on; each sample is external with"
            f" probability {loop.external_fraction:.3g}. Means are exact (proved, ours, after"
            " Shumailov et al. 2024 and Alemohammad et al. 2024): the mean is kept up by rare"
            " loops, while the usual one dies."
        )
        for column, name, figure, words in zip(
            st.columns(3, gap="medium"), names, figures, gaussian_words(digest), strict=True
        ):
            with column:
                st.markdown(f"**{name}**")
                _chart(figure, f"gaussian_{name.split()[-1]}", words)
                st.caption(words)


def settings_fold(loop: LoopParams, now: Settings) -> None:
    """Draw nine settings at once; the next change of a setting cancels the rest."""
    box = fold("Nine settings at once", "fold_settings")
    if not box.open:
        return
    with box:
        asked = [
            loop.replace(temperature=temperature, external_fraction=share)
            for temperature in TEMPERATURES
            for share in SHARES
        ]
        bar, runs = st.empty(), []
        for done, one in enumerate(asked):
            bar.progress(done / len(asked), f"{done} of {len(asked)} loops of images")
            runs.append(image_run(one))
        bar.empty()
        words = {
            "effective": "How many digits the learned images act like, generation by generation.",
            "distance": "Distance of what is drawn to the real digits, generation by generation.",
        }
        for column, (which, text) in zip(st.columns(2, gap="medium"), words.items(), strict=True):
            with column:
                _chart(many_settings(runs, look_of(now), which), f"settings_{which}", text)
        st.caption(
            "Colour: temperature. Solid, dashed, dotted: 0, 30, 60 % external data. Press a name to"
            " hide its line, drag to zoom."
        )


def _chart(figure: Figure, key: str, words: str) -> None:
    st.plotly_chart(figure, theme=None, width="stretch", key=key, alt=words, config=CONFIG)
