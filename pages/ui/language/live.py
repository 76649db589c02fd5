"""What follows the hand on the page "Language": verdict, texts, dials, while a run goes on."""

from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from closedloop_core import LearnerParams
from pages.ui.canvas import components, pack
from pages.ui.frame import plain
from pages.ui.language import cached, figures, intro, map_box, words
from pages.ui.language.change import change, text_of
from pages.ui.language.maps import least_on_map
from pages.ui.language.runs import Moment, glances
from pages.ui.language.stepped import Stepped
from pages.ui.session import parts, settings
from pages.ui.session.settings import Settings
from pages.ui.session.text_settings import TextSettings

_AT_ONCE = 0.3  # seconds of work in one run of the script
_WHILE_DRAGGED = 0.15
_EVERY = 0.15  # seconds from one part of the work to the next
_LONGEST = {"word": "Gibberish", "number": "88.8", "after": ", at first out of 88.8"}
_DIALS = ("temperature", "external_fraction", "sample_size")


@dataclass(frozen=True)
class Places:
    """Where the parts of the page go that follow the hand."""

    verdict: DeltaGenerator
    texts: DeltaGenerator
    hand: DeltaGenerator


def live_part(places: Places, now: Settings) -> None:
    """Draw what follows the hand, and go on with what is not whole yet."""
    is_going = not _is_rest(now, text_of(now))
    st.fragment(_live, run_every=_EVERY if is_going else None)(places, is_going, [True])


def _live(places: Places, is_timed: bool, whole: list[bool]) -> None:
    """Draw it; ``is_timed`` says that it comes again by itself, ``whole`` as in the playground."""
    is_alone = not whole
    whole.clear()
    now = settings.current()
    is_dragged = bool(st.session_state["live"])
    # While a dial is dragged, measures and curves are those before it: only the texts follow.
    text = text_of(settings.at_rest() if is_dragged else now)
    _advance(now, text, is_dragged)
    missing = [run for run in runs_of(text) if not run.items]
    if missing:
        places.texts.error(f"{plain(missing[0].refusal) or 'This run takes too long to start'}.")
        return
    with places.texts:
        data = played(text, now, text_of(now) if is_dragged else None)
        components.language(
            key="language",
            data=data,
            on_stop_change=lambda: _stop(text),
            on_intro_change=intro.leave,
        )
    with places.verdict:
        _verdict(text, now, is_dragged)
    with places.hand:
        dial_box(text_of(now), now)
    if is_alone and not is_dragged and is_timed == _is_rest(now, text):
        settings.stay()  # whatever address this part's request came with
        st.rerun()  # once more, as a part that runs by itself, or no longer does


def _advance(now: Settings, text: TextSettings, is_dragged: bool) -> None:
    """Go on for a moment with what is needed next."""
    if is_dragged:
        _glance(text_of(now)).advance(_WHILE_DRAGGED, least=1)
        return
    runs = runs_of(text)
    # A large text's first model is large: it is not kept waiting half-way.
    least = 1 if text.params.source.fits_link else 2
    if intro.is_first_visit(now) and not intro.is_done():
        intro.advance(_AT_ONCE)
        runs[0].advance(0.0, least=1)
    elif not is_stopped(text):
        for run in runs:
            run.advance(_AT_ONCE / len(runs), least=least)
    else:
        for run in runs:
            run.advance(0.0, least=1)


def _is_rest(now: Settings, text: TextSettings) -> bool:
    """Say whether nothing goes on by itself."""
    is_told = not words.can_be_told(text.params) or _told(text.params).ask()
    if intro.is_first_visit(now) and not intro.is_done():
        return False
    return is_told and (is_stopped(text) or all(run.is_done for run in runs_of(text)))


def _told(params: LearnerParams) -> Any:
    return cached.told_of(params.source, params.temperature)


def runs_of(text: TextSettings) -> list[Stepped[Moment]]:
    """Return the run, and that of A beside it, as far as they have come.

    The session holds on to them: what is shared may be forgotten, their work shall not be.
    """
    kept: dict[Any, Stepped[Moment]] = st.session_state.get("text_runs", {})
    wanted = [(run, text.start) for run in (text.params, text.kept) if run is not None]
    found = {key: kept[key] if key in kept else cached.run_of(*key) for key in wanted}
    st.session_state["text_runs"] = found
    return [found[key] for key in wanted]


def _glance(text: TextSettings) -> Stepped[Moment]:
    """Return the texts of settings that are being dragged, unmeasured, as far as they have come."""
    key = (text.params, text.start)
    kept = st.session_state.get("text_glance")
    if kept is None or kept[0] != key:
        kept = (key, Stepped(glances(*key), text.params.generations + 1))
        st.session_state["text_glance"] = kept
    found: Stepped[Moment] = kept[1]
    return found


def is_stopped(text: TextSettings) -> bool:
    """Say whether the visitor has stopped this run."""
    return bool(st.session_state.get("text_stopped") == text.params)


def _stop(text: TextSettings) -> None:
    sent: Any = st.session_state["language"]["stop"]
    st.session_state["text_stopped"] = text.params if sent == "stop" else None
    parts.redraw()


def rule_of(params: LearnerParams, tolerance: float) -> words.Faithful:
    """Return what is called faithful."""
    return words.Faithful(tolerance, cached.luck_of(params.source, params.sample_size))


def played(text: TextSettings, now: Settings, dragged: TextSettings | None = None) -> bytes:
    """Return what the texts' component shows: the run, A beside it, and the view.

    ``dragged`` are settings of which the texts alone are shown.
    """
    params = text.params
    run, *others = runs_of(text)
    shown = figures.shown_run(run.items, params, rule_of(params, now.tolerance))
    name = f"{hash((params, text.start, text.kept)):x}"
    header = figures.header(shown, params, text.start, name, now.mode, st.session_state["restart"])
    is_done = all(work.is_done for work in (run, *others))
    header |= {
        "live": False,
        "state": "done" if is_done else "stopped" if is_stopped(text) else "writing",
        "refusal": run.refusal,
        "picture_name": "closed-loop-language",
        "intro": intro.header() if intro.is_first_visit(now) else None,
    }
    if text.kept is not None:
        rule = rule_of(text.kept, now.tolerance)
        a_words, b_words = (", ".join(w) for w in words.differences(text.kept, params))
        kept = figures.shown_run(others[0].items, text.kept, rule)
        header |= {"kept": {**kept, "words": a_words}, "words": b_words}
    if dragged is not None:
        fresh = figures.shown_texts(_glance(dragged).items)
        # What the dial has not reached yet stays, pale.
        before = [{**text, "old": True} for text in header["texts"][len(fresh) :]]
        header |= {"live": True, "texts": [*fresh, *before]}
    return pack.pack(header, {})


def _verdict(text: TextSettings, now: Settings, is_dragged: bool) -> None:
    """Draw the three clauses."""
    params, items = text.params, runs_of(text)[0].items
    rule = rule_of(params, now.tolerance)
    moment = words.now_clause(items[0], items[0], params, rule)
    last = words.now_clause(items[-1], items[0], params, rule)
    told = _told(params).value if words.can_be_told(params) else None
    is_done = runs_of(text)[0].is_done or is_stopped(text)
    ends = words.ends_clause(params, items[-1], is_done, told)
    if is_dragged:
        ends = [{"text": "The texts follow the dial; the rest follows when you let go. "}]
    header = {
        "mode": now.mode,
        "moment": {**moment, "longest": {**last, **_LONGEST}},
        "begins": None,
        "ends": ends,
        "needs": words.needs_clause(params, _least(params, now.tolerance, rule.within)),
    }
    components.verdict(key="verdict", data=pack.pack(header, {}))


def _least(params: LearnerParams, tolerance: float, within: float) -> words.Least:
    """Return the least share that the measured map tells, or else the exact one of the words."""
    measured = map_box.measured(params)
    if measured is not None:
        least = least_on_map(measured, params.temperature, within)
        if least is not None:
            return least
    return words.Least(cached.needs_of(params.source, params.temperature, tolerance), False)


def dial_box(text: TextSettings, now: Settings) -> None:
    """Draw the three dials; each change comes back through `_dialled`."""
    params = text.params
    frame = cached.dial_frame(params.source, now.tolerance)
    header = {
        "mode": now.mode,
        "values": {**{name: getattr(params, name) for name in _DIALS}, "noise": True},
        "kept": text.kept and {name: getattr(text.kept, name) for name in _DIALS},
        "echo": st.session_state.get("dial_sequence", 0),
        "revision": st.session_state["revision"],
        "payload": pack.payload_name(frame),
        "least_rescue": cached.needs_of(params.source, params.temperature, now.tolerance),
        "sample_size_note": None,
    }
    components.dials(key="dials", data=pack.pack(header, {}), on_values_change=_dialled)


def _dialled() -> None:
    sent: Any = st.session_state["dials"]["values"]
    if not isinstance(sent, dict):
        return
    st.session_state["dial_sequence"] = sent.get("sequence", 0)
    if sent.get("revision") != st.session_state["revision"]:
        return  # sent before an undo that it does not know of
    intro.leave()
    values = {name: sent[name] for name in _DIALS if name in sent}
    change(final=bool(sent.get("final", True)), from_dial=True, **values)
    parts.redraw()
