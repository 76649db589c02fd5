"""LearnerParams: the one description of a run of a real generative model.

Its numbers have the limits and rules of `LoopParams`, which checks them. Next: `protocol`.
"""

import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from closedloop_core.learners.smoothing import DISCOUNTS, SMOOTHINGS, Smoothing, check_smoothing
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.truncation import TRUNCATION_LIMITS, Truncation
from closedloop_core.loop.regimes import batch_sizes
from closedloop_core.quoting import quoted, shortened
from closedloop_core.settings.laws import NOT_IN_LINK, Law
from closedloop_core.settings.limits import LIMITS, ParameterError, read_number, written
from closedloop_core.settings.links import texts_in
from closedloop_core.settings.params import REGIMES, LoopParams, Regime, dataset_sizes
from closedloop_core.settings.schedule import Change, from_text, to_text

FORMAT_VERSION = 1
MAX_WRITTEN = 10**7  # n-grams of a generation
_OWN = {"discount": DISCOUNTS, **TRUNCATION_LIMITS}
_SHARED = (
    *("temperature", "external_fraction", "sample_size", "noise", "regime", "growth"),
    *("subsample_size", "generations", "schedule", "seed"),
)

HELP: dict[str, str] = {
    "source": "The text that the first model learns, and that external text comes from.",
    "smoothing": (
        "kneser_ney: the model believes that words may follow that it never saw follow."
        " none: it says only what it has read."
    ),
    "discount": "Belief in the unseen: what is taken off every count; estimated unless set.",
    "top_k": "Only the k most likely words may be said.",
    "top_p": "Only the most likely words may be said that together hold this probability.",
    "min_p": "Only words may be said that are at least this times as likely as the favourite.",
    "sample_size": "Words that each generation writes.",
}


@dataclass(frozen=True, kw_only=True)
class LearnerParams:
    """Everything that determines a run of a learner. Frozen, hashable, valid from birth.

    Parameters
    ----------
    source : NGrams
        What the first model learns, and where external text comes from.
    smoothing : "kneser_ney" or "none"
    discount : float in [0.001, 1] or None
        Belief in the unseen; None: estimated anew in each generation, at least 0.05.
    top_k, top_p, min_p : see `Truncation`; None: off
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]
        Share a of new n-grams that is external.
    sample_size : int in [1, 10^7]
        New n-grams k per generation.
    noise : bool
        False: the infinite-sample limit; without smoothing and truncation alone.
    regime : "replace", "accumulate" or "subsample"
    growth : float in [1e-6, 1e9] or None
        Overrides ``sample_size``, as in `LoopParams`.
    subsample_size : int in [1, 10^9]
    generations : int in [1, 100,000]
    schedule : tuple of Change
    seed : int in [0, 2^32)

    Raises
    ------
    ValueError
        Naming the field, the rule and the value (a `ParameterError`).
    """

    source: NGrams = field(default_factory=NGrams.novel)
    smoothing: Smoothing = "kneser_ney"
    discount: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    temperature: float = 0.7
    external_fraction: float = 0.0
    sample_size: int = 20_000
    noise: bool = True
    regime: Regime = "replace"
    growth: float | None = None
    subsample_size: int = 20_000
    generations: int = 15
    schedule: tuple[Change, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.source, NGrams):
            raise ParameterError("source", f"source must be NGrams, got {quoted(self.source)}")
        check_smoothing(self.smoothing, self.discount)
        for name in ("top_k", "top_p", "min_p"):
            object.__setattr__(self, name, getattr(self.truncation, name))
        for name in _SHARED:
            object.__setattr__(self, name, getattr(self.loop, name))
        largest = max(batch_sizes(self.loop, dataset_sizes(self.loop)))
        if largest > MAX_WRITTEN:
            name = "sample_size" if self.growth is None else "growth"
            raise ParameterError(
                name, f"{name} must add at most 10^7 n-grams a generation, got {largest:,}"
            )
        if not self.noise and (self.smoothing != "none" or not self.truncation.is_off):
            raise ParameterError(
                "noise",
                "noise must be True with smoothing or truncation (their infinite-sample limit is"
                " not known), got False",
            )

    @cached_property
    def truncation(self) -> Truncation:
        """Which words may be said."""
        return Truncation(self.top_k, self.top_p, self.min_p)

    @cached_property
    def loop(self) -> LoopParams:
        """The loop alone: sizes, shares, schedule and seed, of items that are n-grams."""
        shared = {name: getattr(self, name) for name in _SHARED}
        return LoopParams(initial=Law.uniform(2), initial_size=self.source.size, **shared)

    def replace(self, **changes: Any) -> "LearnerParams":
        """Return a copy with some fields changed; ValueError as at birth, or for no field."""
        for name in changes:
            if name not in defaults():
                raise ValueError(f"settings must only name known fields, got {quoted(name)}")
        return dataclasses.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Return all fields as JSON-ready values, with a format version."""
        fields = {name: getattr(self, name) for name in defaults()}
        fields["source"] = self.source.to_dict()
        fields["schedule"] = [dataclasses.asdict(change) for change in self.schedule]
        return {"format": "closedloop learner", "version": FORMAT_VERSION, **fields}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "LearnerParams":
        """Read what `to_dict` wrote; fields that are missing take their defaults.

        Raises
        ------
        ValueError
            If the format is not ours, a field is unknown, or a value is refused.
        """
        if not isinstance(values, Mapping) or values.get("format") != "closedloop learner":
            raise ValueError(
                f"settings must be an object with format 'closedloop learner', got {quoted(values)}"
            )
        if values.get("version") != FORMAT_VERSION:
            raise ValueError(
                f"settings must have version {FORMAT_VERSION}, got {quoted(values.get('version'))}"
            )
        fields = {k: v for k, v in values.items() if k not in ("format", "version")}
        unknown = sorted(map(quoted, set(fields) - set(defaults())))
        if unknown:
            raise ValueError(f"settings must only name known fields, got {unknown[0]}")
        if "source" in fields:
            fields["source"] = NGrams.from_dict(fields["source"])
        # The shared fields are read as those of a LoopParams are.
        shared = {k: v for k, v in fields.items() if k == "schedule"}
        if shared:
            loop = LoopParams.from_dict({"format": "closedloop", "version": 1, **shared})
            fields["schedule"] = loop.schedule
        return cls(**fields)

    def to_query(self) -> dict[str, str]:
        """Return the settings that differ from the defaults, as texts for a link.

        In place of a text that no link carries stands a mark, so that whoever opens the link is
        told.
        """
        query = {"v": str(FORMAT_VERSION)}
        for name, default in defaults().items():
            value = getattr(self, name)
            if value == default:
                continue
            if name == "schedule":
                query[name] = to_text(value)
            elif name == "source":
                query[name] = value.name if value.fits_link else NOT_IN_LINK
            elif isinstance(value, bool):
                query[name] = "on" if value else "off"
            else:
                query[name] = written(value)
        return query

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "tuple[LearnerParams, tuple[str, ...]]":
        """Read a link, whatever it holds; never raises on a bad value.

        A number beyond its limit is moved to the limit, anything else falls back to the default;
        each such case adds one sentence to the complaints.

        Returns
        -------
        (LearnerParams, tuple of complaints)

        Raises
        ------
        ValueError
            If ``query`` is no mapping.
        """
        texts, complaints = texts_in(query)
        complaints += _foreign(texts)
        fields: dict[str, Any] = {}
        for name in defaults():
            if name not in texts:
                continue
            try:
                fields[name], notes = _read(name, texts[name])
                complaints += notes
            except ValueError as error:
                complaints.append(f"{error}; the default is used instead.")
        while True:
            try:
                return cls(**fields), tuple(complaints)
            except ParameterError as error:
                # Each value is valid by itself, so this is a clash between fields: drop one.
                complaints.append(f"{error}; the default is used instead.")
                del fields[error.field if error.field in fields else next(iter(fields))]


@cache
def defaults() -> dict[str, Any]:
    """Return the default of every field, in their order."""
    found = {}
    for one in dataclasses.fields(LearnerParams):
        made = one.default_factory
        found[one.name] = one.default if made is dataclasses.MISSING else made()
    return found


def _read(name: str, text: str) -> tuple[Any, list[str]]:
    """Return a link's value for a field, and complaints."""
    if name == "source":
        return _read_source(text)
    if name == "schedule":
        return from_text(text)
    choices = {"smoothing": SMOOTHINGS, "regime": REGIMES, "noise": ("on", "off")}.get(name)
    if choices is not None:
        if text not in choices:
            raise ValueError(f"{name} must be one of {', '.join(choices)}, got {quoted(text)}")
        return (text == "on" if name == "noise" else text), []
    value, complaint = read_number(name, text, _OWN.get(name) or LIMITS[name])
    return value, [complaint] if complaint else []


def _read_source(text: str) -> tuple[NGrams, list[str]]:
    try:
        source = NGrams.from_token(text)
    except ValueError as error:
        raise ValueError(f"source: {error}") from None
    version = text.split(":")[2:3]
    if source.python is None or version == [source.python]:
        return source, []
    there = f"Python {shortened(version[0], 20)}" if version else "another Python"
    return source, [
        f"This link was made with the language reference of {there}; here it is that of Python"
        f" {source.python}, which differs, and so will the numbers."
    ]


def _foreign(query: Mapping[str, str]) -> list[str]:
    """Complain about another version, and about names that look like misspelt settings."""
    complaints = []
    version = query.get("v", str(FORMAT_VERSION))
    if version != str(FORMAT_VERSION):
        complaints.append(
            f"This link was made for version {quoted(version, 20)} of the settings, this app reads"
            f" version {FORMAT_VERSION}; what it does not know is left at its default."
        )
    for name in query:
        likely = difflib.get_close_matches(name, list(defaults()), n=1, cutoff=0.8)
        if name not in defaults() and likely:
            complaints.append(f"{shortened(name)} is not a setting; did you mean {likely[0]}?")
    return complaints
