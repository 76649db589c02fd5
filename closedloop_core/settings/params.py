"""LoopParams: the one description of a run.

The default and the help text of every setting stand here, once, and its range in `limits`: the
library, the app's controls, the links and the error messages all read them from there. Next:
`dynamics`.
"""

import bisect
import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from closedloop_core.checks import one_number
from closedloop_core.quoting import quoted, shortened
from closedloop_core.settings.laws import NOT_IN_LINK, Law
from closedloop_core.settings.limits import (
    LIMITS,
    ParameterError,
    checked,
    read_number,
    written,
)
from closedloop_core.settings.links import repaired, texts_in
from closedloop_core.settings.schedule import Change, from_text, ordered, to_text

Regime = Literal["accumulate", "replace", "subsample"]
REGIMES: tuple[Regime, ...] = get_args(Regime)
FORMAT_VERSION = 1
MAX_DATASET = 10**15


HELP: dict[str, str] = {
    "initial": "The law of the original dataset: what the first model learns.",
    "reference": "The law of the external (human) data; the original law unless set.",
    "temperature": (
        "How the model is sampled. 1 copies what it learned, below 1 sharpens it towards its"
        " favourites, above 1 flattens it."
    ),
    "external_fraction": (
        "Share of each generation's new data that comes from outside (human data). The papers use"
        " the ratio of human to synthetic data, mu = share / (1 - share)."
    ),
    "sample_size": "How many new items each generation adds. Few: luck decides; many: theory does.",
    "noise": "Luck. Without sampling noise every batch is the average one, as if infinitely many"
    " items were drawn.",
    "regime": (
        "accumulate: new data join the old. replace: new data take their place. subsample: data"
        " accumulate, but each model learns from a sample of them."
    ),
    "initial_size": "Size of the original dataset: how heavy the past is when data accumulate.",
    "growth": "New data as a share of the dataset instead of a fixed number (0.1: 10 % more).",
    "subsample_size": "How many items each model learns from when the regime is subsample.",
    "generations": "How many times a model is trained on the data and adds to them.",
    "schedule": "Interventions: settings that change while the run is under way.",
    "seed": "The same seed and settings give the same run.",
}


@dataclass(frozen=True, kw_only=True)
class LoopParams:
    """Everything that determines a run. It cannot be changed, and cannot be made of bad values.

    Parameters
    ----------
    initial : Law
        Law p_0 of the original dataset.
    reference : Law or None
        Law q of the external data; None: the initial law. Same number of outcomes.
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]
        Share a of new data that is external; the papers' ratio is mu = a / (1 - a).
    sample_size : int in [1, 10^9]
        New items k per generation.
    noise : bool
        False: each batch is the average one, as with infinitely many items (the mean field).
    regime : "accumulate", "replace" or "subsample"
    initial_size : int in [1, 10^9]
        Size N_0 of the original dataset, in items.
    growth : float in [1e-6, 1e9] or None
        Overrides ``sample_size``: k_t = round(growth N_t). Not for ``replace``; refused when the
        dataset would pass 10^15 items, or when the first batch would be empty.
    subsample_size : int in [1, 10^9]
        Items m that each model learns from under ``subsample``.
    generations : int in [1, 100,000]
    schedule : tuple of Change
        Interventions: from a generation on, a setting has another value. Kept in order of time.
    seed : int in [0, 2^32)

    Raises
    ------
    ValueError
        Naming the field, the rule and the value (a `ParameterError`).
    """

    initial: Law = Law.zipf(10)
    reference: Law | None = None
    temperature: float = 0.8
    external_fraction: float = 0.0
    sample_size: int = 100
    noise: bool = True
    regime: Regime = "accumulate"
    initial_size: int = 100
    growth: float | None = None
    subsample_size: int = 100
    generations: int = 200
    schedule: tuple[Change, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        self._check_laws()
        for name in LIMITS:
            value = getattr(self, name)
            if not (name == "growth" and value is None):
                object.__setattr__(self, name, checked(name, value))
        if not isinstance(self.noise, bool):
            raise ParameterError("noise", f"noise must be True or False, got {quoted(self.noise)}")
        if not isinstance(self.regime, str) or self.regime not in REGIMES:
            raise ParameterError(
                "regime", f"regime must be one of {', '.join(REGIMES)}, got {quoted(self.regime)}"
            )
        object.__setattr__(self, "schedule", ordered(self.schedule))
        self._check_growth()

    def _check_laws(self) -> None:
        if not isinstance(self.initial, Law):
            raise ParameterError("initial", f"initial must be a Law, got {quoted(self.initial)}")
        if self.reference is None:
            return
        if not isinstance(self.reference, Law):
            raise ParameterError(
                "reference", f"reference must be a Law, got {quoted(self.reference)}"
            )
        if self.reference.n != self.initial.n:
            raise ParameterError(
                "reference",
                f"reference must have as many outcomes as initial ({self.initial.n}),"
                f" got {self.reference.n}",
            )

    def _check_growth(self) -> None:
        if self.growth is None:
            return
        if self.regime == "replace":
            raise ParameterError(
                "growth", f"growth must be None when regime is replace, got {self.growth}"
            )
        if round(self.growth * self.initial_size) < 1:
            raise ParameterError(
                "growth",
                "growth must add at least one item to the original dataset of"
                f" {self.initial_size}, got {self.growth}",
            )
        if dataset_sizes(self)[-1] > MAX_DATASET:
            raise ParameterError(
                "growth",
                f"growth must keep the dataset at or below 10^15 items, got {self.growth} over"
                f" {self.generations} generations",
            )

    @property
    def source(self) -> Law:
        """The law q of the external data: ``reference``, or ``initial`` where that is None."""
        return self.initial if self.reference is None else self.reference

    @cached_property
    def segments(self) -> "tuple[tuple[int, LoopParams], ...]":
        """The stretches of the run between changes: first generation, and settings from it on."""
        pieces = [(0, self.replace(schedule=()) if self.schedule else self)]
        for change in self.schedule:
            if change.generation >= self.generations:
                break
            start, piece = pieces[-1]
            piece = piece.replace(**{change.field: change.value})
            # Changes at one generation make one piece.
            pieces[-1 if start == change.generation else len(pieces) :] = [
                (change.generation, piece)
            ]
        return tuple(pieces)

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """All fields, laws by their digests: small and quick to compare, for what keeps results."""
        fields = (getattr(self, name) for name in DEFAULTS)
        return tuple(value.digest if isinstance(value, Law) else value for value in fields)

    def at(self, generation: int) -> "LoopParams":
        """Return the settings of the step that follows ``generation``, without a schedule.

        Raises
        ------
        ValueError
            If ``generation`` is not a whole number between 0 and the most that a run can have.
        """
        last = LIMITS["generations"].high
        if type(generation) is not int or not 0 <= generation <= last:  # asked each generation
            generation = int(one_number("generation", generation, 0, last, whole=True))
        if not self.schedule:
            return self
        return self.segments[bisect.bisect([start for start, _ in self.segments], generation) - 1][
            1
        ]

    def over_time(self, name: str) -> list[Any]:
        """Return the value of a field at each generation, from 0 to the last.

        Raises
        ------
        ValueError
            If ``name`` is not the name of a field.
        """
        if not isinstance(name, str) or name not in DEFAULTS:
            raise ValueError(f"name must be one of the fields, got {quoted(name)}")
        if not self.schedule:
            return [getattr(self, name)] * (self.generations + 1)
        ends = [start for start, _ in self.segments[1:]] + [self.generations + 1]
        values: list[Any] = []
        for (start, piece), end in zip(self.segments, ends, strict=True):
            values += [getattr(piece, name)] * (end - start)
        return values

    def replace(self, **changes: Any) -> "LoopParams":
        """Return a copy with some fields changed; ValueError also for a name that is none."""
        for name in changes:
            if name not in DEFAULTS:
                raise ValueError(f"settings must only name known fields, got {quoted(name)}")
        return dataclasses.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Return all fields as values that JSON can hold, with the version of the format."""
        fields = {name: getattr(self, name) for name in DEFAULTS}
        for name in ("initial", "reference"):
            fields[name] = None if fields[name] is None else fields[name].to_dict()
        fields["schedule"] = [dataclasses.asdict(change) for change in self.schedule]
        return {"format": "closedloop", "version": FORMAT_VERSION, **fields}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "LoopParams":
        """Read what `to_dict` wrote; fields that are missing take their defaults.

        Raises
        ------
        ValueError
            If the values are not settings of this format and version, a field is unknown, or a
            value is refused.
        """
        if not isinstance(values, Mapping) or values.get("format") != "closedloop":
            raise ValueError("settings must be an object with format 'closedloop', got another")
        if values.get("version") != FORMAT_VERSION:
            raise ValueError(
                f"settings must have version {FORMAT_VERSION}, got {quoted(values.get('version'))}"
            )
        fields = {k: v for k, v in values.items() if k not in ("format", "version")}
        unknown = sorted(map(quoted, set(fields) - set(DEFAULTS)))
        if unknown:
            raise ValueError(f"settings must only name known fields, got {unknown[0]}")
        for name in ("initial", "reference"):
            if fields.get(name) is not None:
                fields[name] = Law.from_dict(fields[name])
        if "schedule" in fields:
            fields["schedule"] = _schedule_from_list(fields["schedule"])
        return cls(**fields)

    def to_query(self) -> dict[str, str]:
        """Return the settings that differ from the defaults, as texts for a link.

        ``v`` is the version of the format. A law that is too large for a link (`Law.fits_link`) is
        replaced by a mark, so that whoever opens the link is told that the data are missing.
        """
        query = {"v": str(FORMAT_VERSION)}
        for name, default in DEFAULTS.items():
            value = getattr(self, name)
            if value == default:
                continue
            if name == "schedule":
                query[name] = to_text(value)
            elif isinstance(value, Law):
                query[name] = value.to_token() if value.fits_link() else NOT_IN_LINK
            elif isinstance(value, bool):
                query[name] = "on" if value else "off"
            else:
                query[name] = written(value)
        return query

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "tuple[LoopParams, tuple[str, ...]]":
        """Read a link, whatever it holds; never raises on a bad value.

        A number beyond its limit is moved to the limit, anything else that is wrong is replaced by
        the default.

        Parameters
        ----------
        query : mapping of str to str, names and values of the link

        Returns
        -------
        params : LoopParams
        complaints : tuple of str, a sentence for each value that was not taken as it was

        Raises
        ------
        ValueError
            If ``query`` is no mapping.
        """
        texts, complaints = texts_in(query)
        texts, repairs = repaired(texts)
        complaints += [*repairs, *_foreign(texts)]
        fields: dict[str, Any] = {}
        for name in DEFAULTS:
            if name == "schedule" and name in texts:
                fields[name], notes = from_text(texts[name])
                complaints += notes
            elif name in texts:
                try:
                    fields[name], complaint = _read(name, texts[name])
                    complaints += [complaint] if complaint else []
                except ValueError as error:
                    complaints.append(f"{error}; the default is used instead.")
        while True:
            try:
                return cls(**fields), tuple(complaints)
            except ParameterError as error:
                # Each value is valid by itself, so two fields do not go together: drop one.
                complaints.append(f"{error}; the default is used instead.")
                del fields[error.field if error.field in fields else next(iter(fields))]


MAX_NAMED = 5  # unknown names of a link that a note lists
DEFAULTS: dict[str, Any] = {field.name: field.default for field in dataclasses.fields(LoopParams)}


def dataset_sizes(params: LoopParams) -> list[int]:
    """Return N_t for t = 0..generations, in items: a list that ends once N passes 10^15."""
    sizes = [params.initial_size]
    for added in params.over_time("sample_size")[:-1]:
        if params.regime == "replace":
            sizes.append(added)
        elif params.growth is None:
            sizes.append(sizes[-1] + added)
        else:
            sizes.append(sizes[-1] + round(params.growth * sizes[-1]))
        if sizes[-1] > MAX_DATASET:
            break
    return sizes


def _schedule_from_list(entries: Any) -> tuple[Change, ...]:
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise ParameterError(
            "schedule", f"schedule must be a list of changes, got {quoted(entries)}"
        )
    known = {field.name for field in dataclasses.fields(Change)}
    for entry in entries:
        if set(entry) != known:
            raise ParameterError(
                "schedule",
                f"a change must have {', '.join(sorted(known))}, got {quoted(list(entry))}",
            )
    return tuple(Change(**entry) for entry in entries)


def _read(name: str, text: str) -> tuple[Any, str | None]:
    """Return a link's value for a field and a complaint if it had to be moved to a limit."""
    if name in ("initial", "reference"):
        try:
            return Law.from_token(text), None
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    if name == "noise":
        if text.lower() not in ("on", "off", "true", "false", "1", "0"):
            raise ValueError(f"noise must be on or off, got {quoted(text)}")
        return text.lower() in ("on", "true", "1"), None
    if name == "regime":
        if text not in REGIMES:
            raise ValueError(f"regime must be one of {', '.join(REGIMES)}, got {quoted(text)}")
        return text, None
    return read_number(name, text)


def _perhaps(name: str) -> str:
    """Return an unknown name, and the setting that it may be a misspelling of."""
    likely = difflib.get_close_matches(name, list(DEFAULTS), n=1, cutoff=0.8)
    return f"{name} (did you mean {likely[0]}?)" if likely else name


def _foreign(query: Mapping[str, str]) -> list[str]:
    """Return a sentence for another version, and one that names what is no setting."""
    complaints = []
    version = query.get("v", str(FORMAT_VERSION))
    if version != str(FORMAT_VERSION):
        complaints.append(
            f"This link was made for version {quoted(version, 20)} of the settings, this app reads"
            f" version {FORMAT_VERSION}; what it does not know is left at its default."
        )
    unknown = [name for name in query if name not in DEFAULTS and name != "v"]
    if unknown:
        named = ", ".join(_perhaps(shortened(name)) for name in unknown[:MAX_NAMED])
        more = f" and {len(unknown) - MAX_NAMED} more" if len(unknown) > MAX_NAMED else ""
        complaints.append(f"What is no setting in this link is left out: {named}{more}.")
    return complaints
