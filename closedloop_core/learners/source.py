"""Sources: what a language model starts from, and where its external text comes from.

A source is the counts of a text's n-grams, not the text. It is frozen, and hashable by a digest.
Next: `table`, the dataset that grows out of it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from closedloop_core.learners import novel, reference
from closedloop_core.learners.table import (
    MAX_KINDS,
    MAX_ORDER,
    Keys,
    NGramTable,
    keys_of,
    words_in,
)
from closedloop_core.learners.tokens import characters_of, numbered, words_of
from closedloop_core.measures import Array
from closedloop_core.settings.limits import ParameterError, short

Unit = Literal["word", "character"]
UNITS: tuple[Unit, ...] = get_args(Unit)
PASSAGE = 8  # words of a passage that counts as copied
_FILE = "file"  # in a link, in place of a text that no link carries
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, eq=False)
class NGrams:
    """The n-grams of a text and how often each stands in it.

    Build one with a class method. Two sources are equal when their words, counts and name are.

    Attributes
    ----------
    order : int, words (or characters) of an n-gram
    unit : "word" or "character"
    vocabulary : tuple of str, most frequent first, ties alphabetically
    keys : (m,) int64, rising, see `table`
    counts : (m,) float, whole numbers
    name : str, what a link calls it: ``novel:3``, ``reference:3:3.11.7``, or ``file``
    held_out : NGrams or None, the part of the text that is not learned, to score models on
    passages : (p,) uint64 or None, fingerprints of the text's passages of eight words, rising; None
        where only counts are known
    """

    order: int
    unit: Unit
    vocabulary: tuple[str, ...] = field(repr=False)
    keys: Keys = field(repr=False)
    counts: Array = field(repr=False)
    name: str = _FILE
    held_out: "NGrams | None" = field(default=None, repr=False)
    passages: NDArray[np.uint64] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for array in (self.keys, self.counts, self.passages):
            if array is not None:
                array.flags.writeable = False

    @classmethod
    def from_text(
        cls, text: str, order: int = 3, unit: Unit = "word", held_out: float = 0.0
    ) -> "NGrams":
        """Count the n-grams of a text.

        Parameters
        ----------
        text : str
        order : int in [1, 5]
        unit : "word" or "character"; a punctuation mark is a word of its own
        held_out : float in [0, 0.5], the share of the text, from its end, that is not counted but
            kept to score models on

        Raises
        ------
        ValueError
            If an argument is outside its range or the text is too short.
        """
        if not isinstance(text, str):
            raise ParameterError("text", f"text must be a str, got {type(text).__name__}")
        _check(order, unit)
        tokens = words_of(text) if unit == "word" else characters_of(text)
        return cls.from_words(tokens, order, unit, held_out)

    @classmethod
    def from_words(
        cls, words: Sequence[str], order: int = 3, unit: Unit = "word", held_out: float = 0.0
    ) -> "NGrams":
        """Count the n-grams of a text that is cut into words already; as `from_text`."""
        _check(order, unit)
        if not 0 <= held_out <= 0.5:
            raise ParameterError("held_out", f"held_out must lie in [0, 0.5], got {held_out}")
        cut = len(words) - round(held_out * len(words))
        if cut < order or (held_out and len(words) - cut < order):
            raise ParameterError(
                "text",
                f"text must hold at least {order} {unit}s{' in each part' if held_out else ''},"
                f" got {len(words)}",
            )
        return cls._of_parts(words[:cut], words[cut:], order, unit, _FILE)

    @classmethod
    def novel(cls, order: int = 3) -> "NGrams":
        """Return the n-grams of a novel of 1813, Pride and Prejudice by Jane Austen, in words.

        Its last chapters are held out. Only counts are kept of it, of up to three words.

        Raises
        ------
        ValueError
            If ``order`` is not 1, 2 or 3.
        """
        _check(order, "word")
        if order > novel.MAX_ORDER:
            raise ParameterError(
                "order",
                f"order must be at most {novel.MAX_ORDER} for the novel, of which only counts are"
                f" kept, got {order}",
            )
        vocabulary, parts = novel.counts(order)
        name = f"novel:{order}"
        learned, held = (cls(order, "word", vocabulary, *part, name=name) for part in parts)
        return cls(order, "word", vocabulary, learned.keys, learned.counts, name, held)

    @classmethod
    def reference(cls, order: int = 3, unit: Unit = "word") -> "NGrams":
        """Return the n-grams of the language reference that this Python carries, prose only.

        Its last tenth is held out. The text differs between versions of Python: `python` says
        which one it is, and so does the name.

        Raises
        ------
        ValueError
            If ``order`` is not in 1..5, or ``unit`` is neither "word" nor "character".
        """
        _check(order, unit)
        text = reference.prose()
        tokens = words_of(text) if unit == "word" else characters_of(text)
        cut = len(tokens) - len(tokens) // 10
        marks = [] if unit == "word" else [unit]
        name = ":".join(["reference", str(order), reference.python(), *marks])
        return cls._of_parts(tokens[:cut], tokens[cut:], order, unit, name)

    @classmethod
    def from_token(cls, token: str) -> "NGrams":
        """Read a source's name in a link; ValueError with one sentence on anything else."""
        kind, *rest = token.split(":")
        if token == _FILE:
            raise ValueError("this link does not carry its text (no link carries a file); load it")
        if kind not in ("novel", "reference") or not rest:
            raise ValueError(
                f"a source must be novel:ORDER or reference:ORDER:VERSION, got {short(token)}"
            )
        try:
            order = int(rest[0])
        except ValueError:
            raise ValueError(f"a source's order must be a number, got {short(rest[0])}") from None
        if kind == "novel":
            return cls.novel(order)
        return cls.reference(order, "character" if rest[2:] == ["character"] else "word")

    @classmethod
    def _of_parts(
        cls, words: Sequence[str], held: Sequence[str], order: int, unit: Unit, name: str
    ) -> "NGrams":
        vocabulary, learned, rest = numbered(words, held, MAX_KINDS[order])
        table = NGramTable.of(order, vocabulary, _stream_keys(learned, order, len(vocabulary)))
        held_out = None
        if len(rest):
            scored = NGramTable.of(order, vocabulary, _stream_keys(rest, order, len(vocabulary)))
            held_out = cls(order, unit, vocabulary, scored.keys, scored.counts, name)
        passages = np.unique(fingerprints(learned[None, :])[0])
        return cls(order, unit, vocabulary, table.keys, table.counts, name, held_out, passages)

    @property
    def ngrams(self) -> NDArray[np.int64]:
        """The n-grams as word numbers, (m, order) int."""
        return words_in(self.keys, self.order, len(self.vocabulary))

    @property
    def contexts(self) -> NDArray[np.int64]:
        """What the n-grams' last words follow, each once: (h, order - 1) int."""
        kinds = len(self.vocabulary)
        return words_in(np.unique(self.keys // kinds), self.order - 1, kinds)

    @cached_property
    def ends(self) -> list[tuple[Keys, NDArray[np.intp]]]:
        """The different last words of the n-grams, from one word up to all.

        Keys, rising, and for each the place of its own end, one word shorter, in those before it.
        """
        keys, kinds = self.keys, len(self.vocabulary)
        found = []
        for k in range(self.order, 1, -1):
            shorter, places = np.unique(keys % kinds ** (k - 1), return_inverse=True)
            found.append((keys, places))
            keys = shorter
        return [(keys, np.zeros(len(keys), dtype=np.intp)), *reversed(found)]

    @property
    def size(self) -> int:
        """The number of n-grams of the text."""
        return round(float(self.counts.sum()))

    @property
    def table(self) -> NGramTable:
        """The counts as a dataset, which may change without changing the source."""
        return NGramTable(self.order, self.vocabulary, self.keys, self.counts)

    @property
    def python(self) -> str | None:
        """The version of Python whose language reference this is; None of another text."""
        return self.name.split(":")[2] if self.name.startswith("reference") else None

    @property
    def fits_link(self) -> bool:
        """Whether a link can name this source."""
        return self.name != _FILE

    def word_shares(self) -> Array:
        """Return how often each word ends an n-gram, as shares: (V,) float."""
        kinds = len(self.vocabulary)
        counts = np.bincount(self.keys % kinds, weights=self.counts, minlength=kinds)
        return np.asarray(counts / counts.sum())

    @cached_property
    def digest(self) -> str:
        """A fingerprint of all that makes this source."""
        found = hashlib.sha256(repr((self.order, self.unit, self.vocabulary, self.name)).encode())
        for array in (self.keys, self.counts, self.passages):
            found.update(b"-" if array is None else array.tobytes())
        found.update(b"" if self.held_out is None else self.held_out.digest.encode())
        return found.hexdigest()[:32]

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, NGrams) and self.digest == other.digest)

    def __hash__(self) -> int:
        return hash(self.digest)

    def describe(self) -> str:
        """Return a few words for a title: ``a novel of 1813, 6,362 kinds of words``."""
        names = {"novel": "a novel of 1813", "reference": f"the reference of Python {self.python}"}
        kind = names.get(self.name.split(":")[0], "own text")
        return f"{kind}, {len(self.vocabulary):,} kinds of {self.unit}s"

    @classmethod
    def from_dict(cls, values: Any) -> "NGrams":
        """Read what `to_dict` wrote; ValueError naming the rule on anything else."""
        if not isinstance(values, dict):
            raise ParameterError("source", f"a source must be an object, got {short(values)}")
        if "name" in values:
            return cls.from_token(str(values["name"]))
        order: Any = values.get("order")
        unit: Any = values.get("unit")
        _check(order, unit)
        vocabulary, keys, counts = (_listed(values, k) for k in ("vocabulary", "keys", "counts"))
        is_whole = (
            0 < len(vocabulary) <= MAX_KINDS[order]
            and all(isinstance(word, str) for word in vocabulary)
            and _are_whole(keys, 0, len(vocabulary) ** order - 1)
            and _are_whole(counts, 1, 10**9)
            and len(keys) == len(counts) > 0
            and keys == sorted(set(keys))
        )
        if not is_whole:
            raise ParameterError("source", "a source must list words, rising keys and counts >= 1")
        held = values.get("held_out")
        held_out = None if held is None else cls.from_dict(held)
        arrays = np.array(keys, dtype=np.int64), np.array(counts, dtype=np.float64)
        return cls(order, unit, tuple(vocabulary), *arrays, held_out=held_out)

    def to_dict(self) -> dict[str, Any]:
        """Return the source as JSON-ready values: its name, or else its counts."""
        if self.fits_link:
            return {"name": self.name}
        found = {
            "order": self.order,
            "unit": self.unit,
            "vocabulary": list(self.vocabulary),
            "keys": self.keys.tolist(),
            "counts": self.counts.astype(np.int64).tolist(),
        }
        if self.held_out is not None:
            found["held_out"] = self.held_out.to_dict()
        return found


def fingerprints(texts: Keys) -> NDArray[np.uint64]:
    """Return a fingerprint of every passage of eight words: (texts, N) to (texts, N - 7)."""
    last = max(texts.shape[1] - PASSAGE + 1, 0)
    found = np.zeros((texts.shape[0], last), dtype=np.uint64)
    words = (texts + 1).astype(np.uint64)
    for place in range(PASSAGE):
        # Whole numbers that run over: equal passages have equal fingerprints, others all but never.
        found = (found + words[:, place : place + last]) * _MULTIPLIER
        found ^= found >> np.uint64(29)
    return found


def _listed(values: dict[str, Any], name: str) -> list[Any]:
    found = values.get(name)
    return found if isinstance(found, list) else []


def _are_whole(values: list[Any], low: int, high: int) -> bool:
    return all(isinstance(v, int) and not isinstance(v, bool) and low <= v <= high for v in values)


def _check(order: Any, unit: Any) -> None:
    if isinstance(order, bool) or order not in range(1, MAX_ORDER + 1):
        raise ParameterError("order", f"order must be a whole number in 1..5, got {short(order)}")
    if unit not in UNITS:
        raise ParameterError("unit", f"unit must be word or character, got {short(unit)}")


def _stream_keys(ids: Keys, order: int, kinds: int) -> Keys:
    keys: Keys = keys_of(ids[None, :], order, kinds)[0]
    return keys
