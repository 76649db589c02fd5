"""Sources: what a language model starts from, and where its external text comes from.

A source is the counts of a text's n-grams, not the text. It is frozen, and hashable by a digest.
Next: `table`, the dataset that grows out of it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from closedloop_core.checks import texts_of
from closedloop_core.learners import novel, reference, stored
from closedloop_core.learners.counting import CountedText, Progress, count, cut
from closedloop_core.learners.table import MAX_ORDER, Keys, NGramTable, words_in
from closedloop_core.measures import Array
from closedloop_core.quoting import quoted
from closedloop_core.settings.limits import Limit, ParameterError, checked

Unit = Literal["word", "character"]
UNITS: tuple[Unit, ...] = get_args(Unit)
_FILE = "file"  # in a link, in place of a text that no link carries

_HELD_OUT = Limit(0.0, 0.5, whole=False)


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
        cls,
        text: str,
        order: int = 3,
        unit: Unit = "word",
        held_out: float = 0.0,
        progress: Progress | None = None,
    ) -> "NGrams":
        """Count the n-grams of a text.

        Parameters
        ----------
        text : str
        order : int in [1, 5]
        unit : "word" or "character"; a punctuation mark is a word of its own
        held_out : float in [0, 0.5], the share of the text, from its end, that is not counted but
            kept to score models on
        progress : callable or None, called as ``progress(stages done, stages)``; if it raises, the
            exception goes through

        Raises
        ------
        ValueError
            If an argument is outside its range or the text is too short.
        """
        if not isinstance(text, str):
            raise ParameterError("text", f"text must be a str, got {type(text).__name__}")
        order = _checked(order, unit)
        return cls.from_words(cut(text, unit), order, unit, held_out, progress)

    @classmethod
    def from_words(
        cls,
        words: Sequence[str],
        order: int = 3,
        unit: Unit = "word",
        held_out: float = 0.0,
        progress: Progress | None = None,
    ) -> "NGrams":
        """Count the n-grams of a text that is cut into words already; as `from_text`.

        Raises
        ------
        ValueError
            If an argument is outside its range, or the text is too short.
        """
        order = _checked(order, unit)
        held_out = checked("held_out", held_out, _HELD_OUT)
        if progress is not None and not callable(progress):
            raise ParameterError("progress", f"progress must be callable, got {quoted(progress)}")
        words = texts_of("words", words)
        end = len(words) - round(held_out * len(words))
        if end < order or (held_out and len(words) - end < order):
            each = " in each part" if held_out else ""
            raise ParameterError(
                "text",
                f"text must hold at least {order} {unit}s{each}, got {len(words)}",
            )
        return cls.counted(count(words[:end], words[end:], order, progress), unit)

    @classmethod
    def novel(cls, order: int = 3) -> "NGrams":
        """Return the n-grams of a novel of 1813, Pride and Prejudice by Jane Austen, in words.

        Its last chapters are held out. Only counts are kept of it, of up to three words.

        Raises
        ------
        ValueError
            If ``order`` is not 1, 2 or 3.
        """
        order = _checked(order, "word")
        if order > novel.MAX_ORDER:
            raise ParameterError(
                "order",
                f"order must be at most {novel.MAX_ORDER} for the novel, of which only counts are"
                f" kept, got {order}",
            )
        return _novel(order)

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
        order = _checked(order, unit)
        return _reference(order, unit)

    @classmethod
    def from_token(cls, token: str) -> "NGrams":
        """Read a source's name in a link; ValueError with one sentence on anything else."""
        if not isinstance(token, str):
            raise ValueError(f"a source must be named in a text, got {quoted(token)}")
        kind, *rest = token.split(":")
        if token == _FILE:
            raise ValueError("this link does not carry its text (no link carries a file); load it")
        if kind not in ("novel", "reference") or not rest:
            raise ValueError(
                f"a source must be novel:ORDER or reference:ORDER:VERSION, got {quoted(token)}"
            )
        try:
            order = int(rest[0])
        except ValueError:
            raise ValueError(f"a source's order must be a number, got {quoted(rest[0])}") from None
        if kind == "novel":
            return cls.novel(order)
        return cls.reference(order, "character" if rest[2:] == ["character"] else "word")

    @classmethod
    def counted(cls, text: CountedText, unit: Unit, name: str = _FILE) -> "NGrams":
        """Return what was counted of a text."""
        learned, rest = text.learned, text.held_out
        found = cls(learned.order, unit, learned.vocabulary, learned.keys, learned.counts, name)
        held = None if rest is None else replace(found, keys=rest.keys, counts=rest.counts)
        return replace(found, held_out=held, passages=text.passages)

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

        Keys (ends,), rising, and for each the place of its own end, one word shorter, in those
        before it.
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
            raise ParameterError("source", f"a source must be an object, got {quoted(values)}")
        if "name" in values:
            return cls.from_token(values["name"])
        order: Any = values.get("order")
        unit: Any = values.get("unit")
        order = _checked(order, unit)
        found = cls(order, unit, *stored.read(values, order))
        held = values.get("held_out")
        return found if held is None else replace(found, held_out=cls.from_dict(held))

    def to_dict(self) -> dict[str, Any]:
        """Return the source as JSON-ready values: its name, or else its counts."""
        if self.fits_link:
            return {"name": self.name}
        counts = stored.written(self.vocabulary, self.keys, self.counts)
        found = {"order": self.order, "unit": self.unit, **counts}
        if self.held_out is not None:
            found["held_out"] = self.held_out.to_dict()
        return found


@cache
def _novel(order: int) -> NGrams:
    vocabulary, parts = novel.counts(order)
    name = f"novel:{order}"
    learned, held = (NGrams(order, "word", vocabulary, *part, name=name) for part in parts)
    return replace(learned, held_out=held)


@cache
def _reference(order: int, unit: Unit) -> NGrams:
    tokens = cut(reference.prose(), unit)
    held = len(tokens) // 10
    marks = [] if unit == "word" else [unit]
    name = ":".join(["reference", str(order), reference.python(), *marks])
    return NGrams.counted(count(tokens[:-held], tokens[-held:], order), unit, name)


def _checked(order: Any, unit: Any) -> int:
    """Return the order as a number of Python's: NumPy's would run over in a key's powers."""
    if not isinstance(order, int | np.integer) or isinstance(order, bool):
        raise ParameterError("order", f"order must be a whole number in 1..5, got {quoted(order)}")
    if order not in range(1, MAX_ORDER + 1):
        raise ParameterError("order", f"order must be a whole number in 1..5, got {quoted(order)}")
    if not isinstance(unit, str) or unit not in UNITS:
        raise ParameterError("unit", f"unit must be word or character, got {quoted(unit)}")
    return int(order)
