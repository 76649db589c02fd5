"""The chapter "Why results disagree": replace, accumulate and subsample on one page."""

import html
from functools import partial

import streamlit as st

from closedloop_core import LoopParams
from closedloop_core.settings.params import DEFAULTS
from pages.ui.luck import page
from pages.ui.luck.page import PLAIN, Example
from pages.ui.luck.regimes import words
from pages.ui.luck.regimes.cached import regime_curves, regime_drawing
from pages.ui.luck.regimes.digest import Curves, cases, regimes_csv
from pages.ui.luck.theme import look
from pages.ui.luck.work import affordable
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.settled.cached import limit_of

_MOST_RUNS = 200  # of each loop
EXAMPLES = (
    Example(
        "literature",
        "As in the literature",
        "No external data, k = 100 from 100 original items, T = 1 against T = 0.7.",
        {**PLAIN, "temperature": 0.7, "subsample_size": 100, "generations": 1_000},
    ),
    Example(
        "warm_regimes",
        "The same, sampled hot",
        "T = 1.5: all three end even, and replacing gets there first.",
        {**PLAIN, "temperature": 1.5, "subsample_size": 100, "generations": 1_000},
    ),
    Example(
        "held_regimes",
        "With external data",
        "40 % external data at T = 0.7: the three come to rest at one state.",
        {
            **PLAIN,
            "temperature": 0.7,
            "external_fraction": 0.4,
            "subsample_size": 100,
            "generations": 1_000,
        },
    ),
)


def draw_regimes(now: Settings) -> None:
    """Draw the chapter: three sentences, controls, six fans."""
    page.style_sheets(now)
    chosen = settings.at_rest()
    asked = cases(chosen.params)
    params, runs, note = affordable(asked[0], min(chosen.runs, _MOST_RUNS), asked)
    loops = [loop.replace(generations=params.generations) for loop in asked]
    title = page.title_place("regimes")
    page.control_row(now, EXAMPLES, page.runs_box)
    page.bounded_note(note)
    left_out = _left_out(chosen.params)
    if left_out:
        st.caption(left_out)
    found = _curves(loops, runs)
    page.write_title(title, "regimes", _title(found, params, runs))
    theme = page.theme(), chosen.projector
    style = look(theme[0], "faithful", theme[1])
    st.html(page.keys(words.key(runs), style.muted))
    with st.container(key="luck_body"):
        for row in (0, 1):
            _row(loops[3 * row : 3 * row + 3], found[3 * row : 3 * row + 3], runs, theme, chosen)
        name = "closed-loop-regimes.csv"
        page.take_away([("Curves as CSV", partial(regimes_csv, found), name)])


def _left_out(params: LoopParams) -> str | None:
    names = ("schedule", "growth", "noise")
    if all(getattr(params, name) == DEFAULTS[name] for name in names):
        return None
    return "Here every loop has noise, a fixed sample size and no interventions."


def _curves(loops: list[LoopParams], runs: int) -> list[Curves]:
    """Return the curves of all loops; the next change of a setting cancels the rest."""
    bar, found = st.empty(), []
    for done, loop in enumerate(loops):
        step = f"{loop.regime} at T = {loop.temperature:.3g}: {done} of {len(loops)} loops"
        bar.progress(done / len(loops), step)
        found.append(regime_curves(loop, runs))
    bar.empty()
    return found


def _title(found: list[Curves], params: LoopParams, runs: int) -> str:
    lines = "".join(f"<li>{html.escape(text)}</li>" for text in words.sentences(found, params))
    remark = html.escape(words.remark(params, runs))
    return (
        '<h1 class="lk-title">Why results on accumulating data seem to disagree</h1>'
        f'<p class="lk-sub">{remark}</p><ol class="lk-three">{lines}</ol>'
    )


def _row(
    loops: list[LoopParams],
    found: list[Curves],
    runs: int,
    theme: tuple[str, bool],
    now: Settings,
) -> None:
    page.head(words.row_title(loops[0].temperature, loops[0].external_fraction))
    for column, loop, curves in zip(st.columns(3, gap="medium"), loops, found, strict=True):
        with column:
            phase = _colour_class(loop, now)
            st.html(f'<p class="lk-small">{words.TITLES[loop.regime]}</p>')
            drawn = regime_drawing(loop, runs, (theme[0], phase, theme[1]))
            key = f"luck_{loop.regime}_{'still' if loop.temperature == 1 else 'moved'}"
            page.chart(drawn, words.description(curves), key)


def _colour_class(loop: LoopParams, now: Settings) -> str:
    """Return the class whose colour the runs have: where luck ends them all, collapse."""
    is_luck = loop.temperature == 1 and loop.external_fraction == 0
    if is_luck:
        return "collapse" if loop.regime == "replace" else "faithful"
    return limit_of(loop, now.tolerance).phase
