"""The widgets: scenes, dials, the folds, seed and undo, and what can be taken away."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from closedloop_core import Law, LoopParams, simulate
from closedloop_core.laws import MAX_LINK_LABELS, MAX_OUTCOMES, REAL_TEXT_WORDS, decode_upload
from closedloop_core.params import DEFAULTS, HELP, LIMITS, REGIMES
from pages.ui import cached, charts, components, phase_figures, settings, words
from pages.ui.frame import plain
from pages.ui.scenes import SCENES, scene_of
from pages.ui.settings import Settings

_OWN = "Own settings"
_MAX_JSON_BYTES = 5_000_000
_DIAL_FIELDS = ("temperature", "external_fraction", "sample_size")
_DIAL_SAMPLES = (1, 1_000_000)


def scene_box(now: Settings) -> None:
    """Choose a scene; the sentence below says what to watch."""
    scene = scene_of(now)
    names = [s.name for s in SCENES]
    st.session_state["scene"] = scene.name if scene else _OWN
    st.selectbox(
        "Scene",
        names if scene else [_OWN, *names],
        key="scene",
        on_change=_load_scene,
        label_visibility="collapsed",
    )
    if scene:
        st.caption(scene.watch)


def _load_scene() -> None:
    for scene in SCENES:
        if scene.name == st.session_state["scene"]:
            settings.apply(scene.settings(settings.current().projector), restart=True)


def dial_box(now: Settings, least: float) -> None:
    """Draw the three dials and the noise switch; each change comes back through `_dialled`."""
    params = now.params
    header = {
        "mode": now.mode,
        "values": {name: getattr(params, name) for name in (*_DIAL_FIELDS, "noise")},
        "echo": st.session_state.get("dial_sequence", 0),
        "revision": st.session_state["revision"],
        "temperature_range": cached.TEMPERATURE_RANGE,
        "temperature_limits": [LIMITS["temperature"].low, LIMITS["temperature"].high],
        "sample_size_range": _DIAL_SAMPLES,
        "sample_size_limits": [LIMITS["sample_size"].low, LIMITS["sample_size"].high],
        "least_rescue": least,
        "help": {name: HELP[name] for name in (*_DIAL_FIELDS, "noise")},
        "defaults": {name: DEFAULTS[name] for name in _DIAL_FIELDS},
        "sample_size_note": None if params.growth is None else "set by growth, below",
    }
    size = cached.line_size(params.source)
    boundary = {
        "contour_temperatures": charts.single(cached.temperature_axis(size)),
        "contour": charts.single(cached.contour(params.source, now.tolerance)),
    }
    components.dials(key="dials", data=charts.pack(header, boundary), on_values_change=_dialled)


def _dialled() -> None:
    sent: Any = st.session_state["dials"]["values"]
    if not isinstance(sent, dict):
        return
    st.session_state["dial_sequence"] = sent.get("sequence", 0)
    if sent.get("revision") != st.session_state["revision"]:
        return  # sent before an undo or a scene that it does not know of
    values = {name: sent[name] for name in (*_DIAL_FIELDS, "noise") if name in sent}
    settings.change(final=bool(sent.get("final", True)), from_dial=True, **values)


def picked(key: str) -> None:
    """Load the point that was clicked or dragged on a map into the dials."""
    point: Any = st.session_state[key]["picked"]
    if isinstance(point, dict):
        settings.change(
            final=bool(point.get("final", True)),
            temperature=point.get("temperature"),
            external_fraction=point.get("external_fraction"),
        )


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


_QUICK: dict[str, Law] = {
    "Zipf, 10 outcomes": Law.zipf(10),
    "10 even outcomes": Law.uniform(10),
    "10 words": Law.real_text(10),
}


def quick_source(now: Settings) -> None:
    """Switch the source with one press; other sources are under the dials' folds."""
    source = now.params.source
    name = next((key for key, law in _QUICK.items() if law == source), None)
    own = plain(source.describe())
    st.session_state["quick_source"] = name or own
    st.segmented_control(
        "Source",
        [*_QUICK] if name else [*_QUICK, own],
        key="quick_source",
        label_visibility="collapsed",
        required=True,
        on_change=_change_quick,
        help=HELP["reference"],
    )


def _change_quick() -> None:
    law = _QUICK.get(st.session_state["quick_source"])
    if law is not None:
        _use(law)


def more_fold(now: Settings) -> None:
    """Fold: source, regime, sizes and length of the run."""
    with st.expander("More: source, regime, length of run"):
        _source_box(now.params)
        _regime_box(now.params)
        if now.params != LoopParams():
            st.button(
                "Reset all settings",
                key="reset",
                on_click=settings.apply,
                args=(Settings(projector=now.projector),),
                kwargs={"restart": True},
            )


_SOURCES: dict[str, str] = {
    "zipf": "Zipf",
    "uniform": "Even",
    "geometric": "Geometric",
    "two_peaks": "Two peaks",
    "dirichlet": "Random (Dirichlet)",
    "text": "Real text",
    "data": "Own data",
}


def _source_box(params: LoopParams) -> None:
    law = params.initial
    st.session_state["source_kind"] = law.kind
    st.selectbox(
        "Source: the original data",
        list(_SOURCES),
        format_func=_SOURCES.__getitem__,
        key="source_kind",
        on_change=_change_kind,
        help=f"{HELP['initial']} {HELP['reference']}",
    )
    if params.reference is not None:
        st.caption(plain(f"Starts away from its source ({params.source.describe()})."))
    if law.kind == "data":
        _own_data(law)
        return
    most = REAL_TEXT_WORDS if law.kind == "text" else MAX_OUTCOMES
    st.session_state["outcomes"] = law.n
    st.number_input(
        "Number of outcomes", 2, most, step=1, key="outcomes", on_change=_change_outcomes
    )
    if law.kind == "text":
        st.caption(
            "The most frequent words of the Python language reference (lower case, letters and"
            " apostrophes, single letters other than “a” and “i” dropped). Words beyond the top"
            f" {law.n} are left out: {law.dropped_share:.0%} of the text."
        )


def _change_kind() -> None:
    kind, n = st.session_state["source_kind"], settings.current().params.initial.n
    makers = {
        "zipf": Law.zipf,
        "uniform": Law.uniform,
        "geometric": Law.geometric,
        "two_peaks": Law.two_peaks,
        "dirichlet": Law.dirichlet,
    }
    if kind == "text":
        law = Law.real_text(min(n, REAL_TEXT_WORDS))
    elif kind == "data":
        old = settings.current().params.initial
        law = Law.from_weights(old.probabilities(), old.labels)
    else:
        law = makers[kind](n)
    _use(law)


def _change_outcomes() -> None:
    law, n = settings.current().params.initial, st.session_state["outcomes"]
    _use(Law.from_token(":".join([law.kind, str(n), *law.to_token().split(":")[2:]])))


def _use(law: Law) -> None:
    settings.change(initial=law, reference=None, restart=True)


def _own_data(law: Law) -> None:
    if law.dropped_share > 0:
        st.caption(
            f"Words beyond the top {law.n} are left out: {law.dropped_share:.0%} of the text."
        )
    st.session_state.setdefault("top_words", 30)
    st.number_input("Keep the most frequent words", 2, MAX_OUTCOMES, step=1, key="top_words")
    st.text_area(
        "Paste a text",
        key="pasted",
        max_chars=200_000,
        placeholder="Its most frequent words become the outcomes.",
        on_change=_paste,
    )
    st.file_uploader(
        "or load a file: text (.txt), label,count (.csv), or saved settings (.json)",
        type=["txt", "csv", "json"],
        key="upload",
        on_change=_upload,
        help="Up to 5 MB, UTF-8, up to 10,000 labels. Labels are only ever shown as text.",
    )


def _paste() -> None:
    text = st.session_state["pasted"]
    if text.strip():
        _try(lambda: _use(Law.from_text(text, st.session_state["top_words"])))


def _upload() -> None:
    file = st.session_state["upload"]
    if file is not None:
        _try(lambda: _use_file(file.name, file.getvalue()))


def _use_file(name: str, data: bytes) -> None:
    text = decode_upload(data)
    if name.lower().endswith(".json"):
        _use_settings(text)
    elif name.lower().endswith(".csv"):
        _use(Law.from_csv(text))
    else:
        _use(Law.from_text(text, st.session_state["top_words"]))


def _use_settings(text: str) -> None:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("a settings file must be JSON, got text that is not") from None
    params, notes = settings.within_bounds(LoopParams.from_dict(values))
    settings.apply(Settings(params, projector=settings.current().projector), restart=True)
    st.session_state["complaints"] = notes


def _try(use: Callable[[], None]) -> None:
    """Use input, or keep everything as it was and say in one sentence why."""
    try:
        use()
    except ValueError as error:
        settings.refuse(f"{error}; the previous data stay in use.")


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
    _size("Generations", "generations", params, most=settings.most_generations(params))
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
    with st.expander("Why this verdict"):
        for line in words.proof(now.params, limit):
            st.markdown(line)
        for found in cached.agreement(now.params):
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
    with st.expander("What this model leaves out"):
        st.markdown(
            "- **Outcomes are not tokens.** A language model has contexts; here one distribution"
            " stands for the whole model.\n"
            "- **Learning is perfect.** The model knows the frequencies of its data exactly; real"
            " ones generalise and err.\n"
            "- **One model, no ecosystem.** No filtering by people, no other models, no ranking of"
            " what is published.\n"
            "- **External data stay the same.** Their law does not change while the loop runs."
        )


def take_away(now: Settings) -> None:
    """Link, data and settings to take along."""
    carried = now.params.initial.fits_link() and now.params.source.fits_link()
    if not carried:
        st.info(
            f"This link does not carry your data (more than {MAX_LINK_LABELS} labels). Save the"
            " settings below: the file holds the data too, and loads under “Own data”.",
            icon=":material/link_off:",
        )
    with st.popover("Take away: link, data, settings", width="stretch"):
        st.markdown("**Link to this view** (what the address bar shows)")
        st.code(f"?{urlencode(now.to_query())}", language=None, wrap_lines=True)
        st.download_button(
            "Run as CSV",
            data=lambda: charts.run_csv(simulate(now.params)),
            file_name="closed-loop-run.csv",
            mime="text/csv",
            key="save_csv",
            on_click="ignore",
        )
        st.download_button(
            "Settings as JSON",
            data=lambda: json.dumps(now.params.to_dict(), indent=1),
            file_name="closed-loop-settings.json",
            mime="application/json",
            key="save_json",
            on_click="ignore",
        )
        st.caption("The picture is saved by the button above the bars.")


def small_map(now: Settings, limit: cached.Limit) -> None:
    """Draw "you are here"; pressing or dragging it turns both dials."""
    _map(_plain_map(now, 65), now, limit, "small")


def _plain_map(now: Settings, size: int) -> bytes:
    """Return the map without lines of its own: fields, and the boundary of the faithful region."""
    q = now.params.source
    return charts.pack_map(
        cached.diagram(q, cached.map_size(q, size)),
        cached.temperature_axis(cached.line_size(q)),
        cached.contour(q, now.tolerance),
        now.tolerance,
    )


def phase_map(now: Settings, limit: cached.Limit) -> None:
    """Draw the phase diagram with its lines, the cut at this temperature and the sweep."""
    params, q = now.params, now.params.source
    size = cached.map_size(q, 129)
    lines = cached.lines(q, now.tolerance)
    if cached.distinct_weights(q) > phase_figures.MAX_CUT_GROUPS:
        _map(_plain_map(now, 129), now, limit, "page")
        st.caption(
            f"Cut, sweep and lines are drawn for laws of up to {phase_figures.MAX_CUT_GROUPS:,}"
            " different shares; this one has more."
        )
        return
    swept = q.n <= phase_figures.MAX_SWEPT_OUTCOMES
    panels, arrays = phase_figures.panels(
        q,
        params.temperature,
        params.external_fraction,
        cached.branches(q, params.temperature),
        cached.branches_over_temperature(q, params.external_fraction),
        cached.sweep(q, params.temperature, params.seed) if swept else None,
        phase_figures.thresholds_at(
            q,
            params.temperature,
            limit.least_external,
            limit.other_winner,
            cached.published_bounds(q, params.temperature),
            now.tolerance,
        ),
        now.tolerance,
    )
    counts = cached.stable_counts(q, size)
    data = phase_figures.pack_phase_page(
        cached.diagram(q, size), counts, lines, panels, arrays, now.tolerance
    )
    _map(data, now, limit, "page")


def _map(data: bytes, now: Settings, limit: cached.Limit, kind: str) -> None:
    params, key, q = now.params, f"{kind}_map", now.params.source
    here = {
        "temperature": params.temperature,
        "external_fraction": params.external_fraction,
        "class": limit.phase,
        "shift": limit.shift,
        "distance": limit.distance,
        "effective": limit.effective,
        "states": limit.n_stable,
    }
    header = {
        "kind": kind,
        "mode": now.mode,
        "temperature_range": cached.TEMPERATURE_RANGE,
        "point": here,
        "effective_source": charts.effective_outcomes(q.probabilities()),
        "outcomes": q.n,
        "uniform": phase_figures.is_even(q),
        # So that map and axes fit a screen of 900 (projector: 1080) pixels.
        "plot_height": 640 if now.projector else 500,
        "picture_name": "closed-loop-phase-diagram.png",
        "alt": f"Phase diagram of {q.describe()}.",
    }
    components.phase_map(
        key=key,
        data=charts.with_header(data, header),
        on_picked_change=lambda: picked(key),
        on_shown_change=_nothing,
    )


def _nothing() -> None:
    """Do nothing: which lines are shown is the map's own affair, kept in its state."""


def diagram_fold(now: Settings) -> None:
    """Fold: how the diagram is made, and the diagram as CSV."""
    source = now.params.source
    size = cached.map_size(source, 129)
    with st.expander("About this map"):
        st.markdown(
            "Each point is where the infinite-sample loop settles when it starts at the source,"
            " solved exactly; nothing is simulated (derived for this project). The shift *s* runs"
            " from −1, total collapse, to +1, heat death. Above the green line the settled state"
            f" is within {100 * now.tolerance:.3g} % of the source (total variation)."
        )
        st.download_button(
            "Diagram as CSV",
            data=lambda: charts.diagram_csv(cached.diagram(source, size)),
            file_name="closed-loop-phase-diagram.csv",
            mime="text/csv",
            key="save_diagram",
            on_click="ignore",
        )
        st.caption("The picture is saved by the button under the map.")
