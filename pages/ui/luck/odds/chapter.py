"""The chapter "Who wins, and when": many runs of the settings, beside what theory says of luck."""

import html
from functools import partial
from typing import Any

import streamlit as st

from closedloop_core.comparisons import Evidence
from pages.ui.canvas import components, pack
from pages.ui.luck import page
from pages.ui.luck.odds import words
from pages.ui.luck.odds.bars import winners
from pages.ui.luck.odds.cached import luck, luck_drawings
from pages.ui.luck.odds.digest import Digest
from pages.ui.luck.odds.export import odds_csv, quantiles_csv
from pages.ui.luck.page import PLAIN, Example
from pages.ui.luck.theme import Look, look
from pages.ui.luck.work import affordable
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.session.shown import shown
from pages.ui.settled.cached import limit_of
from pages.ui.terms import help_of

EXAMPLES = (
    Example(
        "pure_luck",
        "Pure luck",
        "T = 1, new data replace the old: ten outcomes A to J after Zipf, 10,000 runs.",
        {**PLAIN, "generations": 400, "runs": 10_000},
    ),
    Example(
        "winner_takes_all",
        "One item at a time, sampled cold",
        "Data accumulate, k = 1, T = 0.5: one outcome takes all, and Rubin's odds say which.",
        {
            **PLAIN,
            "temperature": 0.5,
            "regime": "accumulate",
            "sample_size": 1,
            "initial_size": 20,
            "generations": 1_000,
            "runs": 2_000,
        },
    ),
    Example(
        "no_winner",
        "One item at a time at T = 1",
        "Data accumulate, k = 1: nobody wins, the shares freeze at a Dirichlet mix (Polya's urn).",
        {
            **PLAIN,
            "regime": "accumulate",
            "sample_size": 1,
            "initial_size": 20,
            "generations": 1_000,
            "runs": 2_000,
        },
    ),
)


def draw_odds(now: Settings) -> None:
    """Draw the chapter: verdict, controls, fan and times left, odds and numbers right."""
    page.style_sheets(now)
    chosen = settings.at_rest()
    params, runs, note = affordable(chosen.params, chosen.runs)
    title = page.title_place("odds")
    page.control_row(now, EXAMPLES, _more)
    page.bounded_note(note)
    digest = luck(params, runs, chosen.few)
    quantity = "effective" if chosen.entropy == "effective" else "entropy"
    theme = page.theme(), _colour_class(digest, chosen), chosen.projector
    style = look(*theme)
    fan, odds = luck_drawings(params, runs, chosen.few, quantity, theme)
    said = words.headline(digest, chosen.tolerance)
    told = page.title(said, words.remark(digest), style)
    page.write_title(title, "odds", told)
    with st.container(key="luck_body"):
        left, right = st.columns([848, 472], gap="medium")
        with left:
            _fan(digest, style, quantity, fan)
        with right:
            _odds(digest, style, odds)
            st.html(_table(digest.evidence))
            page.take_away(
                [
                    (
                        "Quantiles as CSV",
                        partial(quantiles_csv, digest),
                        "closed-loop-quantiles.csv",
                    ),
                    ("Odds as CSV", partial(odds_csv, digest), "closed-loop-odds.csv"),
                ]
            )


def _colour_class(digest: Digest, now: Settings) -> str:
    """Return the class whose colour the runs have: where luck ends them all, collapse."""
    if digest.by_survivors and digest.params.temperature == 1:
        return "collapse"
    return limit_of(digest.params, now.tolerance).phase


def _more(now: Settings) -> None:
    page.runs_box(now)
    _few_box(now)
    st.segmented_control(
        "The fan shows",
        settings.CHOICES["entropy"],
        format_func={"effective": "effective outcomes", "nats": "entropy in nats"}.__getitem__,
        required=True,
        help=help_of("exp(entropy)", "nats"),
        **shown("luck_entropy", now.entropy, lambda unit: settings.change(entropy=unit)),
    )


def _choose_few(levels: list[int]) -> None:
    settings.change(few=tuple(sorted(levels, reverse=True)))


def _few_box(now: Settings) -> None:
    st.multiselect(
        "Time until so many are left",
        range(1, min(now.params.initial.n, 30) + 1),
        max_selections=settings.MAX_FEW,
        placeholder="5, 3, 2, 1 where they are reached",
        **shown("few", list(now.few), _choose_few),
    )


def _fan(digest: Digest, style: Look, quantity: str, drawn: dict[str, Any]) -> None:
    name = "Effective outcomes" if quantity == "effective" else "Entropy in nats"
    page.head(f"{name}, generation by generation", page.keys(words.fan_key(digest), style.fill))
    page.chart(drawn, words.description(digest), "luck_fan")


def _odds(digest: Digest, style: Look, drawn: dict[str, Any]) -> None:
    page.head(words.odds_title(digest))
    page.chart(drawn, words.odds_description(digest), "luck_odds")
    if digest.has_winner:
        _highlight(digest, style)
    note = words.odds_note(digest)
    note = f'<p class="lk-note">{note}</p>' if note else ""
    st.html(page.keys(words.odds_key(digest), style.fill) + note)


def _highlight(digest: Digest, style: Look) -> None:
    """Highlight the winner of the run that is told, and of each that the pointer finds."""
    header = {
        "source": "st-key-luck_fan",
        "target": "st-key-luck_odds",
        "pairs": winners(digest),
        "first": digest.thin[digest.told].story,
        "colour": style.fill,
    }
    components.highlight(key="luck_highlight", data=pack.pack(header, {}))


def _table(found: list[Evidence]) -> str:
    if not found:
        return '<p class="lk-note">For these settings theory gives no number.</p>'
    rows = "".join(
        f"<tr><td>{html.escape(row.words)}</td><td><b>{_number(row.simulated, row.error)}</b></td>"
        f"<td><i>{_error(row.error)}</i></td>"
        f"<td>{_number(row.theory, row.error)}{words.MARKS[row.kind]}</td></tr>"
        for row in found
    )
    return (
        '<div class="lk-table"><h2>Simulated against theory</h2><table><thead><tr><th>number</th>'
        f"<th>simulated</th><th>± s.e.</th><th>theory</th></tr></thead><tbody>{rows}</tbody>"
        f'</table><p class="lk-note">{words.table_note(found)}</p></div>'
    )


def _number(value: float, error: float) -> str:
    return f"{value:.1f}" if error >= 0.05 else f"{value:.4f}"


def _error(error: float) -> str:
    return f"{error:.1f}" if error >= 0.05 else f"{error:.4f}"
