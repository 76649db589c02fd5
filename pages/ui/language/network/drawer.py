"""The fold "A real network" of the page "Language"; one line calls it: `network_fold`."""

import streamlit as st

from closedloop_core.learners.record import (
    CHECKPOINTS,
    COMMAND,
    NetworkRecord,
    RecordedLoop,
    network_record,
)
from pages.ui.frame import fold, plain
from pages.ui.language.change import change, text_of
from pages.ui.language.network import words
from pages.ui.language.network.cached import written_now
from pages.ui.language.network.figures import heard
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.session.shown import shown
from pages.ui.widgets.plots import CONFIG, Look
from pages.ui.wording import percent

_TITLES = {"says": "What it says: entropy of its text", "knows": "What it knows: held-out chapters"}
_SHOWN = (0, 1, 2, 4, 8)  # generations whose text is shown


def network_fold(now: Settings) -> None:
    """Draw the recorded network, at first at the recorded setting nearest to the page's.

    What belongs into the fold is read and drawn only where it is open; a link that names a setting
    of the network opens it.
    """
    if text_of(now).network is not None:
        st.session_state.setdefault("fold_network", True)
    box = fold("A real network, retrained each generation", "fold_network")
    if not box.open:
        return
    record = network_record()
    with box:
        st.caption(words.about(record))
        _recorded(record, now)
        _live(record)
        st.markdown(words.table(record))
        st.caption(
            "In nats a character, from generation 0 to the last. Recorded with a text of the novel"
            " (NOVEL) and the extra “neural” (PyTorch) by"
        )
        st.code(COMMAND, language=None, wrap_lines=True)


def _recorded(record: NetworkRecord, now: Settings) -> None:
    """Choose a setting, and draw what was recorded of it."""
    loop = _loop_now(record)
    temperatures = sorted({loop.temperature for loop in record.loops})
    shares = sorted({loop.external_fraction for loop in record.loops})
    with st.container(horizontal=True, gap="large"):
        st.segmented_control(
            "Temperature",
            temperatures,
            format_func=lambda value: f"T = {value:.3g}",
            required=True,
            **shown(
                "network_temperature",
                loop.temperature,
                lambda temperature: _choose(record, temperature=temperature),
            ),
        )
        st.segmented_control(
            "External data",
            shares,
            format_func=percent,
            required=True,
            **shown(
                "network_share",
                loop.external_fraction,
                lambda share: _choose(record, share=share),
            ),
        )
    st.markdown(words.finding(loop, record.fresh))
    look = Look(st.context.theme.type or "light", now.projector)
    for column, (part, title) in zip(st.columns(2, gap="medium"), _TITLES.items(), strict=True):
        with column:
            st.markdown(f"**{title}**")
            figure = heard(loop, part, record.fresh, look)
            alt = f"{title}, in nats a character. {words.finding(loop, record.fresh)}"
            key = f"network_{part}"
            st.plotly_chart(figure, theme=None, width="stretch", key=key, alt=alt, config=CONFIG)
    for generation in _SHOWN:
        if generation <= loop.generations:
            written = plain(" ".join(loop.texts[generation].split()))
            st.markdown(f"**Generation {generation}:** {written} …")


def _loop_now(record: NetworkRecord) -> RecordedLoop:
    """Return the recorded loop that was chosen, or the nearest one to the run's settings."""
    text = text_of(settings.current())
    run = text.params
    return record.loop(*(text.network or (run.temperature, run.external_fraction)))


def _choose(
    record: NetworkRecord, temperature: float | None = None, share: float | None = None
) -> None:
    """Take what was chosen of a setting: the link carries it."""
    loop = _loop_now(record)
    change(
        network=(
            loop.temperature if temperature is None else temperature,
            loop.external_fraction if share is None else share,
        )
    )


def _live(record: NetworkRecord) -> None:
    """Let a checkpoint write, at any temperature."""
    temperature, share, last = record.collapsed
    names = {
        CHECKPOINTS[0]: "the first network",
        CHECKPOINTS[1]: f"generation {last} at T = {temperature:.3g}, {percent(share)} external",
    }
    st.markdown("**Let it write now** (NumPy, in half precision)")
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        which = st.segmented_control(
            "Who writes",
            CHECKPOINTS,
            default=CHECKPOINTS[0],
            format_func=names.__getitem__,
            key="network_which",
            required=True,
        )
        heat = st.slider("Temperature", 0.3, 2.0, 1.0, 0.05, key="network_heat", width=240)
        seed = st.session_state.setdefault("network_seed", 0)
        if st.button("Another text", key="network_again"):
            seed = st.session_state["network_seed"] = seed + 1
    texts, says = written_now(which, heat, seed)
    for text in texts:
        st.markdown(f"{plain(' '.join(text.split()))} …")
    st.caption(f"Written now, at {says:.2f} nats a character.")
