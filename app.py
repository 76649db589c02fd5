"""The playground: what you see first, alive in the first second.

Settings -> run -> picture. Behind it: closedloop_core (the model), pages/ui (widgets, link, canvas
components).
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from closedloop_core import LoopParams
from pages.ui import frame
from pages.ui.canvas import components, pack
from pages.ui.hall import OWN_DATA, scene_box
from pages.ui.lessons import course
from pages.ui.playground import inside, interventions
from pages.ui.playground.cached import player_run, warm_scenes
from pages.ui.playground.compare import compare_box
from pages.ui.playground.leaves_out import leaves_out_fold
from pages.ui.playground.run import with_kept
from pages.ui.playground.take_away import take_away
from pages.ui.playground.work.cached import Run
from pages.ui.session import own_data, parts, settings
from pages.ui.session.scenes import place_of, scene_of
from pages.ui.session.settings import Settings
from pages.ui.terms import PLAYER_TERMS
from pages.ui.widgets.dials import dial_box, seed_row, send_dial_frame
from pages.ui.widgets.map import send_fields, small_map, small_map_data
from pages.ui.widgets.more import more_fold
from pages.ui.widgets.own_data import dropped_box, own_words_drawer
from pages.ui.widgets.proof import proof_fold
from pages.ui.widgets.verdict import VERDICT_TERMS, begins, clauses, plain_text, summary, verdict
from pages.ui.wording import differences


@dataclass(frozen=True)
class Places:
    """Where the parts of the page go; None where the projector leaves one out.

    What is in ``verdict``, ``hand`` (the dials), ``run`` and ``map`` follows the hand, see
    `live_part`; ``words`` is beside the scenes.
    """

    verdict: DeltaGenerator
    words: DeltaGenerator | None
    scene: DeltaGenerator | None
    hand: DeltaGenerator
    folds: DeltaGenerator | None
    run: DeltaGenerator
    below_run: DeltaGenerator
    map: DeltaGenerator
    take_away: DeltaGenerator | None


def lay_out(projector: bool) -> Places:
    """Lay out the page; in projector mode the run stands left and the dials under the map."""
    verdict = st.container(key="verdict_place")
    if projector:
        left, right = st.columns([1176, 552], gap="large")
        run, below = left.container(), left.container()
        at, hand = right.container(), right.container()
        return Places(verdict, None, None, hand, None, run, below, at, None)
    with st.container(key="body"):
        left, middle, right = st.columns([272, 736, 272], gap="medium")
    head = left.container(key="hand_head", horizontal=True, vertical_alignment="center")
    head.markdown("## What you set")
    words = head.container(width="content")
    all_hand, folds = left.container(key="hand"), left.container(key="left_foot")
    scene, hand = all_hand.container(), all_hand.container()
    run, below = middle.container(), middle.container()
    at, take_away = right.container(), right.container(key="take_away")
    return Places(verdict, words, scene, hand, folds, run, below, at, take_away)


def still(params: LoopParams) -> LoopParams:
    """Return a run that stays where this one starts: what is sent while its end is hidden."""
    return params.replace(temperature=1.0, external_fraction=0.0, noise=False, schedule=())


def hidden(now: Settings, restart: int) -> bytes:
    """Return what the player shows while a question is open: the start, and nothing that follows.

    The run itself is not sent.
    """
    alone = dataclasses.replace(now, params=still(now.params))
    kept = None if now.kept is None else still(now.kept)
    header: dict[str, Any] = {
        "clauses": [],
        "alt": "",
        "schedule": [],
        "isLocked": True,
    }
    shown = played(
        dataclasses.replace(alone, kept=kept),
        player_run(alone.params, now.tolerance),
        restart,
        waits=True,
    )
    return pack.with_header(shown, header)


def played(now: Settings, run: Run, restart: int = 0, waits: bool = False) -> bytes:
    """Return what the player shows: the run, run A beside it while comparing, and the view.

    It plays from its start when the number ``restart`` changes; where it ``waits``, it stays there.
    """
    header = {
        "mode": now.mode,
        "begins": begins(now.params),
        "clauses": [plain_text(clause) for clause in clauses(now.params, run.ends)],
        **{name: getattr(now, name) for name in settings.CHOICES},
        "schedule": interventions.marks(now.params),
        "restart": restart,
        "waits": waits,
        "tolerance": now.tolerance,
        "alt": summary(now.params, run.ends),
        "csv_name": "closed-loop-run.csv",
        "terms": PLAYER_TERMS,
    }
    if now.kept is None:
        return pack.with_header(run.packed, header)
    a_words, b_words = (", ".join(w) for w in differences(now.kept, now.params))
    kept = pack.with_header(
        player_run(now.kept, now.tolerance).packed,
        {
            "words": a_words,
            "schedule": interventions.marks(now.kept),
        },
    )
    return with_kept(pack.with_header(run.packed, {**header, "words": b_words}), kept)


def to_take_along(now: Settings) -> bytes:
    """Return what the player shows, where no page stands behind it."""
    return played(now, player_run(now.params, now.tolerance))


def around_parts() -> Any:
    """Return what the page shows that is in none of its parts."""
    state, now = st.session_state, settings.current()
    if now.lesson:
        return object()  # a lesson shows and hides on the whole page: nothing stays as it is
    ahead = (now.params.source, now.tolerance)  # what map and dials have been sent of the source
    is_open = (state.get("inside") is not None, bool(state.get("drawer_words")))
    dropped = state.get("dropped") and own_data.brought()
    opened = (state.get("change"), dropped, is_open, state.get("inside_opened"))
    return ahead, now.projector, state["complaints"], opened, now if any(is_open) else None


def _shown_live() -> Any:
    state = st.session_state
    said = [state.get(name) for name in ("restart", "waits", "revision", "dial_sequence")]
    return settings.current(), said


@parts.part(parts.LIVE, _shown_live)
def live_part(places: Places) -> None:
    """Draw what follows the hand: run and dials, and in the run's message verdict and map.

    While a dial is being dragged this part alone is drawn again.
    """
    now = settings.current()
    params: LoopParams = now.params
    if course.open_question() is not None:
        live_part_hidden(places, now)
        return
    run = player_run(params, now.tolerance)
    told = verdict(params, run.ends, now.mode)
    if now.projector and course.lesson() is not None:
        told |= {"ends": [], "needs": []}  # the moral says it, and the picture has the room
    shown = played(now, run, st.session_state["restart"], settings.waits())
    # Dials and map show the settings at the start, whatever changes on the way.
    at_start = small_map_data(now, run.limit)
    carried = {"verdict": pack.pack(told, {}), "small_map": at_start}
    # The run first: there the eye rests.
    with places.run:
        _player(pack.carry(shown, carried))
    with places.hand:
        dial_box(now, run.limit, is_framed=True)


def live_part_hidden(places: Places, now: Settings) -> None:
    """Draw the start of the run and nothing that tells how it goes on."""
    asked = {"begins": begins(now.params), "ends": [], "needs": [], "mode": now.mode}
    with places.run:
        shown = hidden(now, st.session_state["restart"])
        _player(pack.carry(shown, {"verdict": pack.pack(asked, {})}))
    with places.hand:
        frame.hidden_note(now)


@parts.part("map", lambda: None)
def map_part() -> None:
    """Draw the small map, a part of its own: what drags it asks for no run of the whole page."""
    small_map()


def _player(shown: bytes) -> None:
    components.player(
        key="player",
        data=shown,
        on_view_change=lambda: _asked("view", settings.choose),
        on_intervene_change=lambda: _asked("intervene", interventions.asked),
        on_inside_change=lambda: _asked("inside", inside.asked),
    )


def _asked(name: str, answer: Callable[[Any], None]) -> None:
    answer(st.session_state["player"][name])
    parts.redraw()


def _shown_as_scene() -> Any:
    now = settings.current()
    scene, place = scene_of(now), place_of(now, st.session_state.get("scene_place"))
    return scene and scene.name, place and place.name


@parts.part("scene_part", _shown_as_scene)
def scene_part() -> None:
    """Draw the choice of the scene."""
    scene_box(settings.current())


def _shown_in_head() -> Any:
    now = settings.current()
    # Its links may be behind until somebody goes for them; in projector mode it holds the scenes.
    return st.session_state.get("links_asked"), now if now.projector else None


@parts.part("head", _shown_in_head)
def head_part() -> None:
    """Draw the header, whose links carry the settings."""
    frame.header("app.py", settings.current(), OWN_DATA)


def _open(*keys: str) -> tuple[bool, ...]:
    return tuple(bool(st.session_state.get(key)) for key in keys)


def _shown_in_folds() -> Any:
    is_open = _open("fold_proof", "fold_more", "fold_leaves_out")
    return is_open, settings.current() if any(is_open) else None


@parts.part("folds", _shown_in_folds)
def folds_part() -> None:
    """Draw the folds below the dials."""
    now = settings.current()
    with st.container(key="folds"):
        proof_fold(now, player_run(now.params, now.tolerance).ends)
        more_fold(now)
        leaves_out_fold()


def _shown_in_seed_row() -> Any:
    state = st.session_state
    return settings.current().params.seed, bool(state["past"]), bool(state["future"])


@parts.part("seed_part", _shown_in_seed_row)
def seed_part() -> None:
    """Draw seed, undo and redo."""
    seed_row(settings.current())


def _shown_beside() -> Any:
    is_open = (*_open("compare"), st.session_state.get("sheet"))
    now = settings.current()
    runs = None if now.kept is None else (now.kept, now.params)
    return is_open, runs, settings.fits_link(now), now if is_open[1] else None


@parts.part("beside", _shown_beside)
def beside_part() -> None:
    """Draw the comparison and what can be taken along."""
    now = settings.current()
    compare_box(now)
    take_away(now, lambda: to_take_along(now))


def playground() -> None:
    """Draw the page."""
    now, top, is_ahead = frame.open_ahead("app.py", "Playground")
    parts.begin(around_parts)
    is_asked = course.open_question() is not None
    components.load_components("playground")
    if not is_asked:
        send_fields(now)
        send_dial_frame(now)
    places = lay_out(now.projector)
    live_part(places)
    with places.verdict:
        components.verdict(key="verdict", data=pack.carried_as("verdict", {"terms": VERDICT_TERMS}))
    if not is_asked:
        with places.map:
            map_part()
    if places.scene is not None and not is_asked:
        with places.scene:
            scene_part()
    if is_ahead:
        components.ask_for_the_rest(settings.stay)
        return
    with top:
        head_part()
    if not is_asked:
        around(places, now)
    parts.complete()
    frame.close_page()
    components.send_ahead(warm_scenes(to_take_along), "scenes", name="scenes")


def around(places: Places, now: Settings) -> None:
    """Draw what stands around the run: forms, folds, and what can be taken along."""
    with places.below_run:
        interventions.form(now)
        dropped_box()
        inside.panel(now)
    if places.words is not None:
        with places.words:
            own_words_drawer()
    if places.folds is not None:
        with places.folds:
            folds_part()
            seed_part()
    if places.take_away is not None:
        with places.take_away:
            beside_part()


playground()
