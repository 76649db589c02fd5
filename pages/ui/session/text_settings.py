"""What a visitor sets on the page "Language": runs of a language model, and how texts begin.

It is one entry of `Settings`, so that link, undo and redo are those of every page; a visitor's own
text lives in it, in the session alone, and no link carries it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from closedloop_core import LearnerParams
from closedloop_core.learners.params import FORMAT_VERSION
from closedloop_core.quoting import quoted
from closedloop_core.settings.limits import Limit, read_number, written
from pages.ui.wording import count

PREFIX = "text_"  # in a link, before each of these settings
# What texts begin with unless a visitor says something else, by source; of own text nothing.
BEGINNINGS = {"novel": "Elizabeth was", "reference": "The statement"}
MAX_BEGINNING = 100  # characters
MAX_SAMPLE, MAX_GENERATIONS = 1_000_000, 200
MAX_WORDS = 20_000_000  # of a whole run: what one visitor may ask for
_KEPT = "kept_"
SHARED = ("seed", "generations")  # what two runs side by side have in common
_VIEW = ("beginning", "kept", "network")
_NETWORK = (Limit(0.01, 100.0, whole=False), Limit(0.0, 1.0, whole=False))


@dataclass(frozen=True)
class TextSettings:
    """A run of a language model as a visitor sees it.

    ``beginning`` is what every text shown goes on from (None: what suits the source); ``kept`` is
    run A of a comparison in which ``params`` is run B: same seed and length; ``network`` is the
    temperature and the external share at which the recorded network is looked at (None: at the
    setting nearest to the run's).
    """

    params: LearnerParams
    beginning: str | None = None
    kept: LearnerParams | None = None
    network: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        given = self.usual if self.beginning is None else self.beginning
        plain = " ".join(given.split())[:MAX_BEGINNING]
        object.__setattr__(self, "beginning", plain)
        object.__setattr__(self, "params", within_bounds(self.params)[0])
        if self.kept is not None:
            shared: dict[str, Any] = {name: getattr(self.params, name) for name in SHARED}
            object.__setattr__(self, "kept", within_bounds(self.kept.replace(**shared))[0])

    @classmethod
    def default(cls) -> "TextSettings":
        """Return what a visit begins with: the novel, a trigram, T = 0.7."""
        return cls(LearnerParams())

    def replace(self, **changes: Any) -> "TextSettings":
        """Return a copy; names of `LearnerParams` change the run. ValueError as at birth."""
        own = {name: changes.pop(name) for name in _VIEW if name in changes}
        params = self.params.replace(**changes) if changes else self.params
        return replace(self, params=params, **own)

    def to_query(self) -> dict[str, str]:
        """Return what differs from the defaults, as texts for a link."""
        query = {PREFIX + name: text for name, text in _query(self.params).items()}
        if self.beginning != self.usual:
            query[f"{PREFIX}beginning"] = self.start
        if self.network is not None:
            query[f"{PREFIX}network"] = ":".join(map(written, self.network))
        if self.kept is not None:
            kept = {"v": str(FORMAT_VERSION), **_query(self.kept)}
            query |= {PREFIX + _KEPT + name: kept[name] for name in kept if name not in SHARED}
        return query

    @property
    def usual(self) -> str:
        """What texts begin with where nothing else is said."""
        return BEGINNINGS.get(self.params.source.name.split(":")[0], "")

    @property
    def start(self) -> str:
        """What every text goes on from."""
        return self.beginning or ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "tuple[TextSettings | None, tuple[str, ...]]":
        """Read what a link says of this page; None where it says nothing.

        Returns
        -------
        (TextSettings or None, a sentence for each value that was not used)
        """
        own = {
            name.removeprefix(PREFIX): text
            for name, text in query.items()
            if name.startswith(PREFIX)
        }
        if not own:
            return None, ()
        beginning = own.pop("beginning", None)
        network, trouble = _read_network(own.pop("network", None))
        kept = {
            name.removeprefix(_KEPT): own.pop(name) for name in [*own] if name.startswith(_KEPT)
        }
        params, complaints = LearnerParams.from_query(own)
        params, notes = within_bounds(params)
        found = cls(params, beginning, network=network)
        complaints += trouble + notes
        if kept:
            other, more = LearnerParams.from_query(kept)
            found = replace(found, kept=other)
            complaints += tuple(f"Run A: {sentence}" for sentence in more)
        return found, tuple(f"Language: {sentence}" for sentence in complaints)


def _read_network(text: str | None) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    """Read the setting of the recorded network; returns it and a sentence if it was not used."""
    if text is None:
        return None, ()
    try:
        temperature, share = (
            read_number("network", part, limit)[0]
            for part, limit in zip(text.split(":"), _NETWORK, strict=True)
        )
    except ValueError:
        rule = "must be a temperature and a share such as 0.7:0.3"
        return None, (f"network {rule}, got {quoted(text)}; not used.",)
    return (temperature, share), ()


def within_bounds(params: LearnerParams) -> tuple[LearnerParams, tuple[str, ...]]:
    """Make a run smaller that would be too much work for a shared host; say so."""
    notes: list[str] = []
    for name in ("growth", "schedule"):
        if getattr(params, name):
            params = params.replace(**{name: None if name == "growth" else ()})
            notes.append(f"{name} is not used by this page, and left out.")
    params = _at_most(params, "sample_size", MAX_SAMPLE, notes)
    most = max(1, min(MAX_GENERATIONS, MAX_WORDS // params.sample_size - 1))
    return _at_most(params, "generations", most, notes), tuple(notes)


def _at_most(params: LearnerParams, name: str, most: int, notes: list[str]) -> LearnerParams:
    given = getattr(params, name)
    if given <= most:
        return params
    notes.append(
        f"{name} must be at most {count(most)} here, got {count(given)}; {count(most)} is used."
    )
    return params.replace(**{name: most})


def _query(params: LearnerParams) -> dict[str, str]:
    query = params.to_query()
    del query["v"]
    return query
