"""The fold "More": source, regime, sizes and length of the run."""

import streamlit as st

from closedloop_core import LoopParams
from closedloop_core.settings.limits import LIMITS
from closedloop_core.settings.params import HELP, REGIMES
from closedloop_core.settings.reading import shifted
from pages.ui.frame import fold
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.widgets.source import source_box


def more_fold(now: Settings) -> None:
    """Fold: source, regime, sizes and length of the run."""
    box = fold("More: source, regime, length of run", "fold_more")
    if not box.open:
        return
    with box:
        source_box(now.params)
        _regime_box(now.params)
        if now.params != LoopParams():
            st.button(
                "Reset all settings",
                key="reset",
                on_click=settings.apply,
                args=(Settings(projector=now.projector),),
                kwargs={"restart": True},
            )


def _regime_box(params: LoopParams) -> None:
    st.session_state["regime"] = params.regime
    st.segmented_control(
        "Regime",
        REGIMES,
        key="regime",
        required=True,
        on_change=_change_regime,
        help=HELP["regime"],
    )
    _size("Generations", "generations", params, most=settings.most_generations(settings.current()))
    if params.regime != "replace":
        _size("Size of the original dataset", "initial_size", params)
    if params.regime == "subsample":
        _size("Items each model learns from", "subsample_size", params)
    if params.regime != "replace":
        _growth_box(params)


def _change_regime() -> None:
    regime = st.session_state["regime"]
    growth = None if regime == "replace" else settings.current().params.growth
    settings.change(regime=regime, growth=growth)


def _size(label: str, field: str, params: LoopParams, most: float = 10**9) -> None:
    limit = LIMITS[field]
    st.session_state[field] = getattr(params, field)
    st.number_input(
        label,
        int(limit.low),
        int(min(limit.high, most)),
        step=1,
        key=field,
        help=HELP[field],
        on_change=lambda: settings.change(**{field: st.session_state[field]}),
    )


def _growth_box(params: LoopParams) -> None:
    if params.growth is None:
        st.session_state.pop("growth_percent", None)
    else:
        st.session_state["growth_percent"] = shifted(params.growth, 2)
    st.number_input(
        "Growth of the dataset, % a generation",
        min_value=shifted(LIMITS["growth"].low, 2),
        max_value=shifted(LIMITS["growth"].high, 2),
        step=1.0,
        format="%g",
        value=None,
        key="growth_percent",
        placeholder="off: the sample size decides",
        help=HELP["growth"],
        on_change=_change_growth,
    )


def _change_growth() -> None:
    percent = st.session_state["growth_percent"]
    settings.change(growth=None if percent is None else shifted(percent, -2))
