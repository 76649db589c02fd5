"""The widgets: scenes, dials, the folds, seed and undo, and what can be taken away.

The source has a file of its own (`source_controls`), and so have the maps (`map_controls`).
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from closedloop_core import LoopParams, simulate
from closedloop_core.settings.laws import MAX_LINK_LABELS
from closedloop_core.settings.limits import LIMITS
from closedloop_core.settings.params import HELP, REGIMES
from pages.ui import cached, charts, components, offline, settings, source_controls, words
from pages.ui.folds import drawer, fold
from pages.ui.frame import CITATION, PAPER, plain
from pages.ui.scenes import SCENES, scene_of
from pages.ui.settings import Settings

_OWN = "Own settings"
_DIAL_FIELDS = ("temperature", "external_fraction", "sample_size")


def scene_box(now: Settings) -> None:
    """Choose a scene; the sentence below says what to watch."""
    scene = scene_of(now)
    header = {
        "names": [s.name for s in SCENES],
        "own": _OWN,
        "chosen": scene and scene.name,
        "watch": scene.watch if scene else "",
    }
    components.scenes_box(
        key="scene",
        data=charts.pack(header, {}),
        on_chosen_change=lambda: load_scene(st.session_state["scene"]["chosen"]),
    )


def load_scene(name: Any) -> None:
    """Load the scene of this name, from its start."""
    for scene in SCENES:
        if scene.name == name:
            settings.apply(scene.settings(settings.current().projector), restart=True)


def send_dial_frame(now: Settings) -> None:
    """Send what the dials show of this source, and of no setting, ahead of `dial_box`."""
    components.send_ahead(cached.dial_frame(now.params.source, now.tolerance)[0], "dial_frame")


def dial_box(now: Settings, least: float, is_framed: bool = False) -> None:
    """Draw the three dials and the noise switch; each change comes back through `_dialled`.

    ``is_framed`` says that `send_dial_frame` has been called.
    """
    if not is_framed:
        send_dial_frame(now)
    params = now.params
    header = {
        "mode": now.mode,
        "values": {name: getattr(params, name) for name in (*_DIAL_FIELDS, "noise")},
        "kept": now.kept and {name: getattr(now.kept, name) for name in _DIAL_FIELDS},
        "echo": st.session_state.get("dial_sequence", 0),
        "revision": st.session_state["revision"],
        "parcel": cached.dial_frame(params.source, now.tolerance)[1],
        "least_rescue": least,
        "sample_size_note": None if params.growth is None else "set by growth, below",
    }
    components.dials(key="dials", data=charts.pack(header, {}), on_values_change=_dialled)


def _dialled() -> None:
    sent: Any = st.session_state["dials"]["values"]
    if not isinstance(sent, dict):
        return
    st.session_state["dial_sequence"] = sent.get("sequence", 0)
    if sent.get("revision") != st.session_state["revision"]:
        return  # sent before an undo or a scene that it does not know of
    values = {name: sent[name] for name in (*_DIAL_FIELDS, "noise") if name in sent}
    settings.change(final=bool(sent.get("final", True)), from_dial=True, **values)


def seed_row(now: Settings) -> None:
    """Seed box, new seed, undo and redo."""
    st.session_state["seed"] = now.params.seed
    past, future = st.session_state["past"], st.session_state["future"]
    with st.container(horizontal=True, vertical_alignment="center", key="seed_row"):
        st.markdown("Seed", width="content", help=HELP["seed"])
        st.number_input(
            "Seed",
            min_value=int(LIMITS["seed"].low),
            max_value=int(LIMITS["seed"].high),
            step=1,
            key="seed",
            label_visibility="collapsed",
            on_change=lambda: settings.change(seed=st.session_state["seed"], restart=True),
        )
        _icon_button("New seed", "casino", "The same settings, other luck.", _new_seed)
        undo_help = "Undo: back to the settings before the last change."
        _icon_button("Undo", "undo", undo_help, settings.undo, disabled=not past)
        _icon_button("Redo", "redo", "Redo: take back an undo.", settings.redo, disabled=not future)


def _icon_button(
    label: str, icon: str, text: str, action: Callable[[], None], disabled: bool = False
) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=label.lower().replace(" ", "_"),
        help=text,
        on_click=action,
        disabled=disabled,
    )


def _new_seed() -> None:
    settings.change(seed=(settings.current().params.seed + 1) % 2**32, restart=True)


def tolerance_box(now: Settings) -> None:
    """Choose how far from the source is still called faithful."""
    st.session_state["tolerance"] = round(100 * now.tolerance, 6)
    low, high = settings.TOLERANCES
    help_text = (
        "Largest total variation distance to the source that is called faithful: the share of all"
        " probability that has moved."
    )
    st.markdown("Faithful within, %", width="content", help=help_text)
    st.number_input(
        "Faithful within, %",
        min_value=100 * low,
        max_value=100 * high,
        step=1.0,
        format="%g",
        key="tolerance",
        width=110,
        label_visibility="collapsed",
        on_change=lambda: settings.change(tolerance=st.session_state["tolerance"] / 100),
    )


def more_fold(now: Settings) -> None:
    """Fold: source, regime, sizes and length of the run."""
    box = fold("More: source, regime, length of run", "fold_more")
    if not box.open:
        return
    with box:
        source_controls.source_box(now.params)
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
        st.session_state["growth_percent"] = 100 * params.growth
    st.number_input(
        "Growth of the dataset, % a generation",
        min_value=100 * LIMITS["growth"].low,
        max_value=100 * LIMITS["growth"].high,
        step=1.0,
        value=None,
        key="growth_percent",
        placeholder="off: the sample size decides",
        help=HELP["growth"],
        on_change=_change_growth,
    )


def _change_growth() -> None:
    percent = st.session_state["growth_percent"]
    settings.change(growth=None if percent is None else percent / 100)


def proof_fold(now: Settings, limit: cached.Limit) -> None:
    """Fold: the criterion behind the verdict, and simulated beside theory."""
    box = fold("Why this verdict", "fold_proof")
    if not box.open:
        return
    with box:
        for line in words.proof(now.params, limit):
            st.markdown(line)
        # A second simulation: not while a dial is dragged, when the picture has to follow.
        rests = st.session_state["committed"] if st.session_state["live"] else now
        for found in cached.agreement(rests.params):
            kind = {"exact": "theory", "mean": "theory (mean over luck)", "limit": "settles at"}
            st.markdown(
                f"{plain(found.words)}: **simulated {found.simulated:.4f}, {kind[found.kind]}"
                f" {found.theory:.4f}**"
            )
        st.caption(
            "The class is that of the infinite-sample settled state, solved exactly (derived for"
            " this project); the run's own numbers come second."
        )


def leaves_out_fold() -> None:
    """Fold: what this model leaves out."""
    box = fold("What this model leaves out", "fold_leaves_out")
    if box.open:
        box.markdown(
            "- **Outcomes are not tokens.** A language model has contexts; here one distribution"
            " stands for the whole model.\n"
            "- **Learning is perfect.** The model knows the frequencies of its data exactly; real"
            " ones generalise and err.\n"
            "- **One model, no ecosystem.** No filtering by people, no other models, no ranking of"
            " what is published.\n"
            "- **External data stay the same.** Their law does not change while the loop runs."
        )


def take_away(now: Settings, played: Callable[[], bytes]) -> None:
    """Draw what can be taken along; ``played`` returns what the player shows."""
    runs = [run for run in (now.params, now.kept) if run is not None]
    if not all(run.initial.fits_link() and run.source.fits_link() for run in runs):
        st.info(
            f"This link does not carry your data (more than {MAX_LINK_LABELS} labels). Save the"
            " settings below: the file holds the data too, and loads under “Own data”.",
            icon=":material/link_off:",
        )
    label = "Take away: link, data, offline page"
    box = drawer(label, "drawer_take_away", width="stretch")
    if not box.open:
        return
    # Now: when a button is pressed, there is no session to ask.
    link, shown = _address(now), played()
    which = "Run" if now.kept is None else "Run B"
    with box:
        st.markdown("**Link to this view**")
        st.code(link, language=None, wrap_lines=True)
        with st.container(horizontal=True, gap="small"):
            _download(
                "Offline page (HTML)",
                lambda: _offline_page(now, shown, link),
                ("closed-loop.html", "text/html"),
                "One file that plays this run without a server, from a mail attachment.",
            )
            _download(
                f"{which} as CSV",
                lambda: charts.run_csv(simulate(now.params)),
                ("closed-loop-run.csv", "text/csv"),
                "One line a generation, every probability in full precision.",
            )
            _download(
                "Settings as JSON" if now.kept is None else "Run B's settings as JSON",
                lambda: json.dumps(now.params.to_dict(), indent=1),
                ("closed-loop-settings.json", "application/json"),
                "The file holds your own data too, and loads under “Own data”."
                + (" Of two runs it holds B: swap them to save A." if now.kept else ""),
            )
        st.caption("Pictures, as PNG or SVG: “Save picture” above the bars.")
        st.markdown("**To cite**")
        st.code(f"{CITATION}. {PAPER}", language=None, wrap_lines=True)


def _download(label: str, make: Callable[[], str], file: tuple[str, str], text: str) -> None:
    """Draw a button that makes its file when it is pressed; ``file`` is its name and type."""
    name, kind = file
    st.download_button(
        label,
        data=make,
        file_name=name,
        mime=kind,
        key=f"save_{name.rpartition('.')[2]}",
        help=text,
        on_click="ignore",
    )


def _address(now: Settings) -> str:
    """Return the link in full, or only its query where the address is not known."""
    here = urlsplit(st.context.url or "")
    path = here.path or ("/" if here.netloc else "")
    return urlunsplit(here._replace(path=path, query=urlencode(now.to_query()), fragment=""))


def _offline_page(now: Settings, played: bytes, link: str) -> str:
    header = charts.unpack(played)[0]
    changes = [f"{c['words']} from generation {c['generation']:,} on" for c in header["schedule"]]
    lines = [
        header["alt"],
        *([f"Changed on the way: {', '.join(changes)}."] if changes else []),
        *([f"Run A beside it: {header['kept']['words']}."] if "kept" in header else []),
        f"{now.params.generations:,} generations, seed {now.params.seed}.",
        link,
        f"Model: {CITATION}.",
        PAPER,
    ]
    scene = scene_of(now)
    title = f"Closed loop: {scene.name if scene else header['word']}"
    return offline.standalone_page(played, title, "\n".join(lines))
