"""The chapter "Sample size": what is temperature, and what is luck."""

from functools import partial

import streamlit as st

from closedloop_core import LoopParams
from pages.ui.luck import page
from pages.ui.luck.page import PLAIN, Example
from pages.ui.luck.sizes import words
from pages.ui.luck.sizes.cached import Drawings, both_lifetimes, luck_size, sizes_drawings
from pages.ui.luck.sizes.digest import SizePoint, plain, sizes_csv, sizes_of
from pages.ui.luck.theme import Look, look
from pages.ui.luck.work import affordable
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.settled.cached import limit_of
from pages.ui.wording import count

_MOST_RUNS = 400  # at each size
EXAMPLES = (
    Example(
        "resting",
        "A loop at rest",
        "T = 0.8 with 50 % external data: the spread falls like 1/√k, as linear noise says.",
        {
            **PLAIN,
            "temperature": 0.8,
            "external_fraction": 0.5,
            "generations": 100,
        },
    ),
    Example(
        "held_alive",
        "Heat holds them alive",
        "T = 1.5, no external data: large samples end even, small ones lose outcomes to chance.",
        {**PLAIN, "temperature": 1.5, "generations": 200},
    ),
    Example(
        "only_drift",
        "Nothing but drift",
        "T = 1: whatever you see is luck.",
        {**PLAIN, "generations": 200},
    ),
)


def draw_sizes(now: Settings) -> None:
    """Draw the chapter: verdict, controls, the sizes left, spread and lifetimes right."""
    page.style_sheets(now)
    chosen = settings.at_rest()
    asked = plain(chosen.params)
    sizes = sizes_of(asked)
    loops = [asked.replace(sample_size=size) for size in sizes]
    params, runs, note = affordable(asked, min(chosen.runs, _MOST_RUNS), loops)
    title = page.title_place("sizes")
    page.control_row(now, EXAMPLES, page.runs_box)
    page.bounded_note(note)
    points = _points(params, runs, sizes)
    phase = limit_of(params, chosen.tolerance).phase
    theme = page.theme(), phase, chosen.projector
    style = look(*theme)
    shown = params.replace(noise=chosen.params.noise)
    here = points[sizes.index(params.sample_size)]
    told = words.headline(here, shown)
    page.write_title(title, "sizes", page.title(told, words.remark(chosen.params), style))
    drawn = sizes_drawings(shown, runs, theme)
    with st.container(key="luck_body"):
        left, right = st.columns([848, 472], gap="medium")
        with left:
            keys = page.keys(words.key(runs), style.fill)
            heading = f"Effective outcomes after {count(params.generations)} generations"
            page.head(heading, keys)
            description = words.description(points, params, runs)
            page.chart(drawn["sizes"], description, "luck_sizes")
        with right:
            _spread(points, params, drawn, style)
            _lifetimes(params, drawn, style)
            name = "closed-loop-sample-sizes.csv"
            page.take_away([("Sample sizes as CSV", partial(sizes_csv, points), name)])


def _points(params: LoopParams, runs: int, sizes: tuple[int, ...]) -> list[SizePoint]:
    """Return an ensemble's end at each size; the next change of a setting cancels the rest."""
    bar, points = st.empty(), []
    for done, size in enumerate(sizes):
        bar.progress(done / len(sizes), f"k = {count(size)}: {done} of {len(sizes)} sample sizes")
        points.append(luck_size(params.replace(sample_size=size), runs))
    bar.empty()
    return points


def _spread(points: list[SizePoint], params: LoopParams, drawn: Drawings, style: Look) -> None:
    page.head(
        "Spread around the resting point",
        page.keys([("disc", "simulated, ±2 s.e."), ("dashed", "linear noise")], style.fill),
    )
    if "spread" not in drawn:
        st.html(f'<p class="lk-note">{words.no_spread(params)}</p>')
        return
    page.chart(drawn["spread"], words.spread_words(points), "luck_spread")


def _lifetimes(params: LoopParams, drawn: Drawings, style: Look) -> None:
    page.head(
        "Two even outcomes: generations until chance kills one",
        page.keys([("disc", "simulated, ±2 s.e."), ("dashed", "exact chain")], style.fill),
    )
    told = words.lifetime_words(both_lifetimes(params.temperature, params.seed))
    page.chart(drawn["lifetimes"], told, "luck_lifetimes")
    st.html(f'<p class="lk-note">{told}</p>')
