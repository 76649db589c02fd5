"""The fold "More": source, regime, sizes and length of the run."""

import streamlit as st

from closedloop_core import LoopParams
from closedloop_core.settings.limits import LIMITS, Limit
from closedloop_core.settings.params import HELP, REGIMES
from closedloop_core.settings.reading import shifted
from pages.ui.frame import fold
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.session.shown import shown
from pages.ui.widgets.numbers import number_box
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
    st.segmented_control(
        "Regime",
        REGIMES,
        required=True,
        help=HELP["regime"],
        **shown("regime", params.regime, _change_regime),
    )
    _size("Generations", "generations", params, most=settings.most_generations(settings.current()))
    if params.regime != "replace":
        _size("Size of the original dataset", "initial_size", params)
    if params.regime == "subsample":
        _size("Items each model learns from", "subsample_size", params)
    if params.regime != "replace":
        _growth_box(params)


def _change_regime(regime: str) -> None:
    growth = None if regime == "replace" else settings.current().params.growth
    settings.change(regime=regime, growth=growth)


def _size(label: str, field: str, params: LoopParams, most: float = 10**9) -> None:
    limit = LIMITS[field]
    number_box(
        label,
        field,
        getattr(params, field),
        Limit(limit.low, min(limit.high, most), whole=True),
        lambda size: settings.change(**{field: size}),
        help=HELP[field],
    )


def _growth_box(params: LoopParams) -> None:
    limit = LIMITS["growth"]
    number_box(
        "Growth of the dataset, % a generation",
        "growth_percent",
        None if params.growth is None else shifted(params.growth, 2),
        Limit(shifted(limit.low, 2), shifted(limit.high, 2), whole=False),
        lambda percent: settings.change(growth=None if percent is None else shifted(percent, -2)),
        is_optional=True,
        placeholder="off: the sample size decides",
        help=HELP["growth"],
    )
