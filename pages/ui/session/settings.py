"""The settings of one visitor: session state <-> link, with undo and redo.

One `Settings` object in the session is the only truth. The link is read when a session starts or
when it differs from what was last written (a deep link, back, forward), and written at the end of
each run. Everything else asks `current` and calls `change`.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from closedloop_core import Law, LoopParams
from closedloop_core.exact.classes import TOLERANCE
from closedloop_core.quoting import quoted
from closedloop_core.settings.limits import Limit, read_number, written
from closedloop_core.settings.links import repaired
from pages.ui.session.text_settings import PREFIX, TextSettings
from pages.ui.wording import count

CHOICES = {
    "clock": ("generations", "doublings"),
    "entropy": ("effective", "nats"),
    "axis": ("linear", "log"),
    "ahead": ("shown", "hidden"),
    "chapter": ("odds", "sizes", "map", "regimes"),
    # Of the Theory page: the titles of its sections in small letters.
    "section": (
        "all",
        "the-loop",
        "without-external-data",
        "the-free-energy-and-stability",
        "every-state-the-loop-can-rest-in",
        "an-even-source-solved",
        "started-at-the-source",
        "small-noise",
        "the-phases-of-the-diagram",
        "the-published-bounds",
        "gaussians-and-images",
        "language-models-many-simplexes-one-budget",
    ),
}
Clock = Literal["generations", "doublings"]
# The settings that a link with these names and values leads to without spelling them out, and a
# sentence for each value that was not used.
Opening = Callable[[Mapping[str, str]], "tuple[Settings, tuple[str, ...]] | None"]
MAX_STATES = 2_000_000  # outcomes x (generations + 1) that one visitor may ask for
MAX_GENERATIONS = 20_000
TOLERANCES = (0.01, 0.5)
RUNS = (100, 10_000)
MAX_FEW = 6
VIEWS = (*CHOICES, "projector", "tolerance", "runs", "few", "kept", "text", "lesson", "step")
# What a link may hold and still leave the settings to what it leads to: a lesson's step.
BARE = frozenset(("lesson", "step", "projector"))
MAX_LESSON = 6_000  # characters of a lesson that a link holds whole
MAX_STEP = 40
SHARED = ("seed", "generations")  # what two runs side by side have in common
KEPT = "kept_"  # in a link, before the settings of the kept run
_MAX_UNDO = 100


@dataclass(frozen=True)
class Settings:
    """What a visitor sees: the run, perhaps a second one beside it, and the view.

    ``clock``, ``entropy`` and ``axis`` choose the player's axes, ``chapter`` what the Luck page
    tells and ``section`` what the Theory page shows; ``tolerance`` is the largest total variation
    to the source that is called faithful; ``runs`` is how many runs stand for chance, ``few`` at
    how many outcomes left they are timed (empty: the page's choice); ``kept`` is run A of a
    comparison in which ``params`` is run B: it has the same seed and length; ``text`` is what the
    page "Language" shows, None as long as that is its default; ``lesson`` is the open one's name or
    the lesson itself (see `pages.ui.lessons`), empty for none, and ``step`` the step in it, from 1.
    """

    params: LoopParams = LoopParams()
    clock: str = "generations"
    entropy: str = "effective"
    axis: str = "linear"
    ahead: str = "shown"
    chapter: str = "odds"
    section: str = "all"
    projector: bool = False
    tolerance: float = TOLERANCE
    runs: int = 1_000
    few: tuple[int, ...] = ()
    kept: LoopParams | None = None
    text: TextSettings | None = None
    lesson: str = ""
    step: int = 1

    def __post_init__(self) -> None:
        if self.kept is not None:
            shared = {name: getattr(self.params, name) for name in SHARED}
            object.__setattr__(self, "kept", self.kept.replace(**shared))
        if not self.lesson:
            object.__setattr__(self, "step", 1)  # of no lesson there is none, and no link says one

    @property
    def mode(self) -> Literal["desk", "projector"]:
        """The measures that components draw with (a phone is told by its width)."""
        return "projector" if self.projector else "desk"

    def to_query(self) -> dict[str, str]:
        """Return the link's query; for the default settings it holds the version alone."""
        query = self.params.to_query()
        for name, values in CHOICES.items():
            if getattr(self, name) != values[0]:
                query[name] = getattr(self, name)
        if self.projector:
            query["projector"] = "on"
        if self.tolerance != TOLERANCE:
            query["tolerance"] = written(self.tolerance)
        if self.runs != Settings.runs:
            query["runs"] = str(self.runs)
        if self.few:
            query["few"] = ".".join(map(str, self.few))
        if self.kept is not None:
            kept = self.kept.to_query()
            query |= {KEPT + name: text for name, text in kept.items() if name not in SHARED}
        if self.lesson:
            query |= {"lesson": self.lesson, "step": str(self.step)}
        return query if self.text is None else query | self.text.to_query()

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "tuple[Settings, tuple[str, ...]]":
        """Read a link; returns the settings and a sentence for each value that was not used."""
        query, repairs = repaired(query)
        of_the_run = [
            name for name in query if name not in VIEWS and not name.startswith((KEPT, PREFIX))
        ]
        params, complaints = LoopParams.from_query({name: query[name] for name in of_the_run})
        complaints = repairs + complaints
        views: dict[str, Any] = {}
        for name, values in CHOICES.items():
            views[name] = query.get(name, values[0])
            if views[name] not in values:
                complaints += (
                    f"{name} must be one of {', '.join(values)}, got {quoted(views[name])};"
                    " the default is used instead.",
                )
                views[name] = values[0]
        if query.get("projector", "off") not in ("on", "off", "1", "0", "true", "false"):
            complaints += (f"projector must be on or off, got {quoted(query['projector'])}.",)
        views["projector"] = query.get("projector") in ("on", "1", "true")
        tolerance, note = _read_number("tolerance", query, TOLERANCE, TOLERANCES)
        runs, runs_note = _read_number("runs", query, cls.runs, RUNS)
        views |= {"tolerance": tolerance, "runs": round(runs)}
        views["few"], few_note = _read_few(query.get("few", ""))
        views["kept"], kept_notes = _read_kept(query, params)
        views["text"], text_notes = TextSettings.from_query(query)
        lesson, lesson_notes = read_lesson(query)
        settings, bounded = within_bounds(cls(params, **views, **lesson))
        notes = note + runs_note + few_note + kept_notes + text_notes + lesson_notes + bounded
        return settings, complaints + notes


def read_lesson(query: Mapping[str, str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return ``lesson`` and ``step`` of a link, and a sentence for each that was not used."""
    name, number = query.get("lesson", ""), query.get("step", "1")
    if not re.fullmatch(rf"[\w-]{{0,{MAX_LESSON}}}", name, re.ASCII):
        return {}, (f"lesson must be the name of a lesson, got {quoted(name)}; none is open.",)
    if not (number.isdecimal() and 1 <= int(number[:6]) <= MAX_STEP):
        note = f"step must be a whole number from 1 to {MAX_STEP}, got {quoted(number)}; 1 is used."
        return {"lesson": name}, (note,)
    return {"lesson": name, "step": int(number)}, ()


def _read_kept(
    query: Mapping[str, str], own: LoopParams
) -> tuple[LoopParams | None, tuple[str, ...]]:
    """Return run A of a link, if it has one, with the seed and length of run B."""
    kept = {name.removeprefix(KEPT): query[name] for name in query if name.startswith(KEPT)}
    if not kept:
        return None, ()
    shared = {name: str(getattr(own, name)) for name in SHARED}
    params, complaints = LoopParams.from_query(kept | shared)
    return params, tuple(f"Run A: {sentence}" for sentence in complaints)


def _read_few(text: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return numbers of outcomes, the most first."""
    parts = text.split(".") if text else []
    if len(parts) <= MAX_FEW and all(part.isdecimal() and 0 < int(part[:6]) for part in parts):
        return tuple(sorted({int(part[:6]) for part in parts}, reverse=True)), ()
    note = f"few must be up to {MAX_FEW} whole numbers like 5.3.1, got {quoted(text)}; the default"
    return (), (f"{note} is used instead.",)


def _read_number(
    name: str, query: Mapping[str, str], default: float, limits: tuple[float, float]
) -> tuple[float, tuple[str, ...]]:
    """Return a number of a link within its limits, and a sentence if it had to be moved."""
    limit = Limit(*limits, whole=False)
    try:
        value, note = read_number(name, query.get(name, str(default)), limit)
    except ValueError as error:
        return default, (f"{error}; the default is used instead.",)
    return value, () if note is None else (note,)


def most_generations(settings: Settings) -> int:
    """Return how many generations this app runs for laws of this size."""
    return min(max(1, MAX_STATES // _outcomes(settings) - 1), MAX_GENERATIONS)


def _outcomes(settings: Settings) -> int:
    return max(run.initial.n for run in (settings.params, settings.kept) if run is not None)


def within_bounds(settings: Settings) -> tuple[Settings, tuple[str, ...]]:
    """Shorten a run that would be too much work for a shared host; say so."""
    params, most = settings.params, most_generations(settings)
    if params.generations <= most:
        return settings, ()
    note = (
        f"generations must be at most {count(most)} for {count(_outcomes(settings))} outcomes in"
        f" this app, got {count(params.generations)}; {count(most)} is used."
    )
    return dataclasses.replace(settings, params=params.replace(generations=most)), (note,)


def waits() -> bool:
    """Say whether the run that was started last is to wait at generation 0."""
    return bool(st.session_state.get("waits") == st.session_state["restart"])


def load(page: str, opening: Opening | None = None) -> Settings:
    """Return this visitor's settings; every page calls it first.

    ``opening`` gives what a link that holds no settings begins with; None for the defaults.
    """
    state = st.session_state
    query = st.query_params.to_dict()
    moved = state.get("page") != page
    state["page"] = page
    if "settings" not in state:
        state.update(past=[], future=[], restart=0, revision=0, written=None, complaints=())
    # A page reached without a query (a menu, a bare link) keeps what this visitor had set. A run
    # that a widget started may carry the address from before the last change: not a journey.
    stale = state.pop("touched", False) or (moved and not query)
    is_new, elsewhere = "settings" not in state, False
    if is_new or (query != state["written"] and not stale):
        settings, complaints = _known(query) or _read_link(query, opening)
        state["complaints"] = complaints or state["complaints"]
        # Not so where an address says the same in other words: the one a visitor came with.
        elsewhere = is_new or settings != state["settings"]
        if elsewhere:
            if not is_new:
                _remember(state["settings"])
            state["settings"] = state["committed"] = settings
            state["complaints"] = complaints
            state["restart"] += 1
            state["revision"] += 1
        # An address that says the same in other words stays: or Back would not get past it.
        if not elsewhere and state.get("mirrored"):
            state["other_words"] = (query, state["settings"])
        # Long work may be interrupted before the link is written: it is not to be read again.
        state["written"] = query
    state["live"] = False if moved else state.get("live", False)
    if moved or elsewhere:
        state.pop("change", None)  # an open form belongs to what was on screen
    return current()


def _read_link(query: dict[str, str], opening: Opening | None) -> tuple[Settings, tuple[str, ...]]:
    begins = None if opening is None else opening(repaired(query)[0])
    return Settings.from_query(query) if begins is None else begins


def _known(query: dict[str, str]) -> tuple[Settings, tuple[str, ...]] | None:
    """Return settings this visitor had under the same link: they may hold data no link carries."""
    state = st.session_state
    for settings in reversed([*state["past"], *state["future"]]):
        if settings.to_query() == query:
            return settings, ()
    return None


def address(settings: Settings) -> str:
    """Return the link to settings on this page: only its query where the address is not known."""
    here = urlsplit(st.context.url or "")
    path = here.path or ("/" if here.netloc else "")
    return urlunsplit(here._replace(path=path, query=urlencode(settings.to_query()), fragment=""))


def links_with(settings: Settings) -> dict[str, str]:
    """Return the query that links to other pages carry; from here on they are drawn with it."""
    query = st.session_state["links"] = settings.to_query()
    return query


def ask_for_links() -> None:
    """Have the links to other pages drawn again, if they are behind: somebody goes for them."""
    state = st.session_state
    if state.get("links") != current().to_query():
        state["links_asked"] = state.get("links_asked", 0) + 1


def fits_link(settings: Settings) -> bool:
    """Say whether a link carries the settings whole: own data of many labels it does not."""
    return all(law.fits_link() for law in laws_of(settings))


def laws_of(settings: Settings) -> list[Law]:
    """Return the laws of the run, and of the one beside it: where it starts, and its source."""
    runs = [run for run in (settings.params, settings.kept) if run is not None]
    return [law for run in runs for law in (run.initial, run.source)]


def current() -> Settings:
    """Return the settings now in force."""
    settings: Settings = st.session_state["settings"]
    return settings


def at_rest() -> Settings:
    """Return the settings for long work: while a dial is being dragged, those before it."""
    state = st.session_state
    settings: Settings = state["committed"] if state["live"] else state["settings"]
    return settings


def change(
    *,
    final: bool = True,
    restart: bool = False,
    waits: bool = False,
    from_dial: bool = False,
    **changes: Any,
) -> None:
    """Change the run or the view; ``final=False`` while a dial is still being dragged.

    Field names of `LoopParams` change the run, those in ``VIEWS`` the view. A refused
    value leaves everything as it was and is shown as a note.
    """
    state = st.session_state
    views = {name: changes.pop(name) for name in VIEWS if name in changes}
    try:
        params = current().params.replace(**changes)
        changed, notes = within_bounds(dataclasses.replace(current(), params=params, **views))
    except ValueError as error:
        state["complaints"] = (f"{error}; nothing was changed.",)
        return
    apply(changed, final=final, restart=restart, waits=waits, from_dial=from_dial)
    state["complaints"] = notes


def choose(sent: Any) -> None:
    """Take the axes that the player's buttons chose: names and values of ``CHOICES``."""
    if isinstance(sent, dict):
        change(**{name: sent[name] for name, ok in CHOICES.items() if sent.get(name) in ok})


def apply(
    settings: Settings,
    *,
    final: bool = True,
    restart: bool = False,
    waits: bool = False,
    from_dial: bool = False,
    leaves_lesson: bool = False,
) -> None:
    """Make ``settings`` the current ones; remember the last committed ones for undo.

    ``restart`` plays the run from its start; with ``waits`` it stays there until Play is pressed.
    Whatever does not come from a dial opens a new revision: dials that still speak of an older
    one are not listened to. What says nothing of a lesson (a scene, a file) leaves it open, unless
    ``leaves_lesson``.
    """
    state = st.session_state
    if not settings.lesson and not leaves_lesson:
        now = current()
        settings = dataclasses.replace(settings, lesson=now.lesson, step=now.step)
    state["revision"] += not from_dial
    state["touched"] = True
    state["settings"] = settings
    state["live"] = not final
    state["complaints"] = ()
    state["restart"] += restart
    state["waits"] = state["restart"] if restart and waits else state.get("waits")
    if final and settings != state["committed"]:
        _remember(state["committed"])
        state["committed"] = settings


def _remember(settings: Settings) -> None:
    state = st.session_state
    state["past"] = [*state["past"], settings][-_MAX_UNDO:]
    state["future"] = []


def undo() -> None:
    """Go back to the settings before the last change."""
    _travel("past", "future")


def redo() -> None:
    """Take back an undo."""
    _travel("future", "past")


def _travel(back: str, forth: str) -> None:
    state = st.session_state
    if state["settings"] != state["committed"]:
        _remember(state["committed"])  # a dial was let go of just now
        state["committed"] = state["settings"]
    state["revision"] += 1
    state["touched"] = True
    if state[back]:
        state[forth] = [*state[forth], current()][-_MAX_UNDO:]
        state["settings"] = state["committed"] = state[back][-1]
        state[back] = state[back][:-1]
        state["live"], state["complaints"] = False, ()


def stay() -> None:
    """Say that the run to come is a widget's, and no journey, whatever address it carries.

    A callback that changes the settings need not say so. The address may be from before the last
    change, where the browser has not heard yet what was written into its link.
    """
    st.session_state["touched"] = True


def arrive() -> None:
    """Say that what a widget asked for is done, without `load`: the next run may be a journey."""
    st.session_state["touched"] = False


def refuse(message: str) -> None:
    """Show one sentence about input that was refused; nothing else changes."""
    st.session_state["complaints"] = (message,)


def mirror() -> None:
    """Write the settings into the link; not while a dial is being dragged."""
    if st.session_state["live"]:
        return
    if st.session_state.get("other_words") == (st.query_params.to_dict(), current()):
        return
    query = current().to_query()
    # A quick hand's next change may still carry the address from before the one written last.
    if not query == st.query_params.to_dict() == st.session_state["written"]:
        st.query_params.from_dict(query)
    st.session_state["written"] = query
    st.session_state["mirrored"] = True
