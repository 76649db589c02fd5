"""The chapter "Who wins, and when": many runs of the settings, beside what theory says of luck."""

import html
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from closedloop_core import Law
from closedloop_core.evidence import Evidence
from pages.ui import cached, charts, components, controls, settings
from pages.ui.frame import plain
from pages.ui.luck import luck_odds_figures, luck_words
from pages.ui.luck.luck_digest import Digest
from pages.ui.luck.luck_export import odds_csv, quantiles_csv
from pages.ui.luck.luck_theme import Look, look
from pages.ui.luck.luck_work import affordable
from pages.ui.settings import Settings

_HERE = Path(__file__).parent
_ZIPF = Law.from_weights([1 / i for i in range(1, 11)], list("ABCDEFGHIJ"))
PURE_LUCK = {
    "initial": _ZIPF,
    "reference": None,
    "temperature": 1.0,
    "external_fraction": 0.0,
    "sample_size": 100,
    "growth": None,
    "noise": True,
    "regime": "replace",
    "generations": 400,
    "schedule": (),
    "seed": 2404,
    "runs": 10_000,
}


def draw(now: Settings) -> None:
    """Draw the chapter: verdict, controls, fan and times left, odds and numbers right."""
    sheets = ("luck.css", "projector.css") if now.projector else ("luck.css",)
    st.html(f"<style>{''.join((_HERE / name).read_text('utf-8') for name in sheets)}</style>")
    chosen: Settings = st.session_state["committed"] if st.session_state["live"] else now
    params, runs, note = affordable(chosen.params, chosen.runs)
    title = st.empty()
    _controls(now)
    if note:
        st.info(plain(note), icon=":material/speed:")
    digest = cached.luck(params, runs, chosen.few)
    quantity = "effective" if chosen.entropy == "effective" else "entropy"
    theme = st.context.theme.type or "light", _colour_class(digest, chosen), chosen.projector
    style = look(*theme)
    fan, odds = cached.luck_drawings(params, runs, chosen.few, quantity, theme)
    title.html(_title(digest, style))
    with st.container(key="luck_body"):
        left, right = st.columns([848, 472], gap="medium")
        with left:
            _fan(digest, style, quantity, fan)
        with right:
            _odds(digest, style, odds)
            st.html(_table(digest.evidence))
            _take_away(digest)


def _colour_class(digest: Digest, now: Settings) -> str:
    """Return the class whose colour the runs have: where luck ends them all, collapse."""
    if digest.by_survivors and digest.params.temperature == 1:
        return "collapse"
    return cached.limit_of(digest.params, now.tolerance).phase


def _title(digest: Digest, style: Look) -> str:
    pieces = "".join(
        f'<span style="color:{style.text}">{html.escape(text)}</span>'
        if told
        else html.escape(text)
        for text, told in luck_words.headline(digest)
    )
    remark = html.escape(luck_words.remark(digest))
    return f'<h1 class="lk-title">{pieces}</h1><p class="lk-sub">{remark}</p>'


def _controls(now: Settings) -> None:
    with st.container(key="luck_controls", horizontal=True, vertical_alignment="center"):
        with st.container(key="luck_dials", width="stretch"):
            limit = cached.limit_of(now.params.at(0), now.tolerance)
            controls.dial_box(now, limit.least_external)
        with st.container(key="luck_side", width=330):
            with st.container(horizontal=True, vertical_alignment="center", key="luck_scene"):
                st.button(
                    "Pure luck: T = 1, replace, k = 100",
                    key="pure_luck",
                    help="Ten outcomes A to J after Zipf, 10,000 runs of 400 generations.",
                    on_click=settings.change,
                    kwargs={**PURE_LUCK, "restart": True},
                )
                with st.popover("More"):
                    _more(now)
            controls.seed_row(now)


def _more(now: Settings) -> None:
    _runs_box(now)
    _few_box(now)
    st.session_state["luck_entropy"] = now.entropy
    st.segmented_control(
        "The fan shows",
        settings.CHOICES["entropy"],
        format_func={"effective": "effective outcomes", "nats": "entropy in nats"}.__getitem__,
        key="luck_entropy",
        required=True,
        on_change=lambda: settings.change(entropy=st.session_state["luck_entropy"]),
    )
    controls.scene_box(now)
    controls.more_fold(now)


def _runs_box(now: Settings) -> None:
    st.session_state["runs"] = now.runs
    st.number_input(
        "Runs",
        *settings.RUNS,
        step=100,
        key="runs",
        help="How many runs of the same settings stand for chance. More runs, smaller errors.",
        on_change=lambda: settings.change(runs=int(st.session_state["runs"])),
    )


def _few_box(now: Settings) -> None:
    st.session_state["few"] = list(now.few)
    st.multiselect(
        "Time until so many are left",
        range(1, min(now.params.initial.n, 30) + 1),
        key="few",
        max_selections=settings.MAX_FEW,
        placeholder="5, 3, 2, 1 where they are reached",
        on_change=lambda: settings.change(few=tuple(sorted(st.session_state["few"], reverse=True))),
    )


def _fan(digest: Digest, style: Look, quantity: str, drawn: dict[str, Any]) -> None:
    name = "Effective outcomes" if quantity == "effective" else "Entropy in nats"
    st.html(
        f'<div class="lk-head"><h2>{name}, generation by generation</h2>'
        f"{_key(luck_words.fan_key(digest), style)}</div>"
    )
    with st.container(key="luck_fan"):
        _chart(drawn, luck_words.description(digest))


def _chart(drawn: dict[str, Any], words: str) -> None:
    st.vega_lite_chart(drawn, theme=None, width="stretch", alt=words)


def _odds(digest: Digest, style: Look, drawn: dict[str, Any]) -> None:
    st.html(f'<div class="lk-head"><h2>{luck_words.odds_title(digest)}</h2></div>')
    with st.container(key="luck_odds"):
        _chart(drawn, luck_words.odds_description(digest))
    if digest.has_winner:
        _lights(digest, style)
    note = luck_words.odds_note(digest)
    note = f'<p class="lk-note">{note}</p>' if note else ""
    st.html(_key(luck_words.odds_key(digest), style) + note)


def _lights(digest: Digest, style: Look) -> None:
    """Light the winner of the run that is told, and of each that the pointer finds."""
    header = {
        "source": "st-key-luck_fan",
        "target": "st-key-luck_odds",
        "pairs": luck_odds_figures.winners(digest),
        "first": digest.thin[digest.told].story,
        "colour": style.fill,
    }
    components.lights(key="luck_lights", data=charts.pack(header, {}))


def _key(entries: list[tuple[str, str]], style: Look) -> str:
    shown = "".join(
        f'<span class="lk-key lk-{glyph}"><i></i>{words}</span>' for glyph, words in entries
    )
    return f'<div class="lk-keys" style="--class:{style.fill}">{shown}</div>'


def _table(found: list[Evidence]) -> str:
    if not found:
        return '<p class="lk-note">For these settings theory gives no number.</p>'
    rows = "".join(
        f"<tr><td>{html.escape(row.words)}</td><td><b>{_number(row.simulated, row.error)}</b></td>"
        f"<td><i>{_error(row.error)}</i></td>"
        f"<td>{_number(row.theory, row.error)}{luck_words.MARKS[row.kind]}</td></tr>"
        for row in found
    )
    return (
        '<div class="lk-table"><h2>Simulated against theory</h2><table><thead><tr><th></th>'
        f"<th>simulated</th><th>± s.e.</th><th>theory</th></tr></thead><tbody>{rows}</tbody>"
        f'</table><p class="lk-note">{luck_words.table_note(found)}</p></div>'
    )


def _number(value: float, error: float) -> str:
    return f"{value:.1f}" if error >= 0.05 else f"{value:.4f}"


def _error(error: float) -> str:
    return f"{error:.1f}" if error >= 0.05 else f"{error:.4f}"


def _take_away(digest: Digest) -> None:
    with st.popover("Take away: link, data", key="luck_take_away"):
        st.caption(
            "The address bar carries these settings. Each chart has a button that saves it as PNG."
        )
        for label, make, name in (
            ("Quantiles as CSV", quantiles_csv, "closed-loop-quantiles.csv"),
            ("Odds as CSV", odds_csv, "closed-loop-odds.csv"),
        ):
            st.download_button(
                label,
                data=partial(make, digest),
                file_name=name,
                mime="text/csv",
                on_click="ignore",
            )
