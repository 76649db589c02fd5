"""What a visitor sets on the page "Language" beside the dials."""

import streamlit as st

from closedloop_core import LearnerParams
from closedloop_core.learners.params import HELP
from closedloop_core.learners.smoothing import DISCOUNTS
from closedloop_core.learners.truncation import TRUNCATION_LIMITS
from closedloop_core.settings.limits import Limit
from closedloop_core.settings.params import REGIMES
from pages.ui.frame import fold
from pages.ui.language.change import change
from pages.ui.language.source_box import source_box
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.session.shown import shown
from pages.ui.session.text_settings import (
    MAX_BEGINNING,
    MAX_GENERATIONS,
    MAX_WORDS,
    TextSettings,
)
from pages.ui.widgets.dials import seed_box, tolerance_box
from pages.ui.widgets.numbers import number_box

_BELIEFS = {"none": "none", "estimated": "as estimated", "set": "set"}
_HELP = {
    "regime": "accumulate: what was written joins the data. replace: it takes their place."
    " subsample: it joins, and each model learns a sample.",
    "generations": "How often a model learns from what the one before wrote.",
    "subsample_size": "N-grams that each model learns, drawn from all data without replacement.",
}
_TRUNCATIONS = {
    "top_k": "Only the k likeliest words (top-k)",
    "top_p": "Only the words that hold this probability (top-p)",
    "min_p": "Only words this likely beside the favourite (min-p)",
}


def controls(text: TextSettings, now: Settings) -> None:
    """Draw what stands below the dials."""
    with st.container(key="text_controls"):
        _beginning(text)
        source_box(text)
        _belief(text.params)
        _more(text, now)
        _leaves_out()
        seed_box("text_seed", text.params.seed, lambda seed: change(seed=seed, restart=True))


def _beginning(text: TextSettings) -> None:
    with st.container(key="beginning_row"):
        st.text_input(
            "Every text begins with",
            max_chars=MAX_BEGINNING,
            help="Words, or nothing: then each generation begins where its data do.",
            **shown("beginning", text.start, lambda words: change(beginning=words)),
        )


def _belief(params: LearnerParams) -> None:
    now = "none" if params.smoothing == "none" else "set" if params.discount else "estimated"
    st.segmented_control(
        "Belief in the unseen",
        list(_BELIEFS),
        format_func=_BELIEFS.__getitem__,
        required=True,
        width="stretch",
        help=f"{HELP['smoothing']} {HELP['discount']}",
        **shown("belief", now, _change_belief),
    )
    if now == "set":
        number_box(
            "Taken off every count (discount)",
            "discount",
            params.discount,
            DISCOUNTS,
            lambda discount: change(discount=discount),
        )


def _change_belief(belief: str) -> None:
    smoothing = "none" if belief == "none" else "kneser_ney"
    change(smoothing=smoothing, discount=0.5 if belief == "set" else None)


def _more(text: TextSettings, now: Settings) -> None:
    box = fold("More: regime, length, which words may be said", "fold_text_more")
    if not box.open:
        return
    params = text.params
    with box:
        st.segmented_control(
            "Regime",
            REGIMES,
            required=True,
            help=_HELP["regime"],
            **shown("text_regime", params.regime, lambda regime: change(regime=regime)),
        )
        if params.regime == "subsample":
            _whole("subsample_size", "Words each model learns from", params, 10**9)
        most = max(1, min(MAX_GENERATIONS, MAX_WORDS // params.sample_size - 1))
        _whole("generations", "Generations", params, most)
        tolerance_box(now)
        for name, label in _TRUNCATIONS.items():
            _truncation(name, label, params)
        if now.text is not None and now.text != TextSettings.default():
            st.button(
                "Reset this page",
                key="text_reset",
                on_click=settings.change,
                kwargs={"text": None, "restart": True},
            )


def _whole(name: str, label: str, params: LearnerParams, most: int) -> None:
    number_box(
        label,
        f"text_{name}",
        getattr(params, name),
        Limit(1, max(1, most), whole=True),
        lambda value: change(**{name: value}),
        help=_HELP[name],
    )


def _truncation(name: str, label: str, params: LearnerParams) -> None:
    number_box(
        label,
        f"text_{name}",
        getattr(params, name),
        TRUNCATION_LIMITS[name],
        lambda value: change(**{name: value}),
        is_optional=True,
        placeholder="off",
        help=HELP[name],
    )


def _leaves_out() -> None:
    box = fold("What this model leaves out", "fold_text_leaves_out")
    if box.open:
        box.markdown(
            "- **It counts, it does not understand.** An n-gram model sees a few words at a time;"
            " a network sees thousands, and generalises in other ways.\n"
            "- **Its own bias matters.** Which way it degenerates at T = 1 depends on how much it"
            " believes in the unseen; another learner has another neutral temperature.\n"
            "- **One model, no readers.** Nobody filters, ranks or corrects what it writes, and no"
            " other model writes beside it.\n"
            "- **The source stays the same.** External text is always drawn from the same counts,"
            " n-gram by n-gram, not in passages.\n"
            "- **Words are cut.** At most 10,000 kinds, lower case; the rest is one word."
        )
