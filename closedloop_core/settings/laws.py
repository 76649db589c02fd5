"""Laws: the distributions a loop starts from or draws external data from.

A law is named (``Law.zipf(10)``), or comes from data: weights, a text, or a CSV of label,count.
It cannot be changed, and its hash is that of a digest computed once, so that a law of ten thousand
labels is found in a cache as fast as a small one. Next: `schedule`, changes during a run.
"""

import base64
import binascii
import hashlib
import json
import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from closedloop_core.checks import numbers, of_kind, one_number, short_number
from closedloop_core.measures import Array
from closedloop_core.quoting import clean_label, quoted
from closedloop_core.settings.limits import float_of
from closedloop_core.settings.reading import Reading, Understood, understand

MIN_OUTCOMES, MAX_OUTCOMES = 2, 10_000
REAL_TEXT_WORDS = 200
MAX_LABEL = 100  # characters; longer ones are cut
MAX_LINK_LABELS = 50
MAX_LINK_CHARACTERS = 4_000
NOT_IN_LINK = "file"  # in place of a law that a link cannot carry
_MAX_LINK_BYTES = 100_000


def _checked_size(n: int, name: str = "n") -> int:
    return int(one_number(name, n, MIN_OUTCOMES, MAX_OUTCOMES, whole=True))


class Law:
    """A probability distribution over n outcomes, with or without labels; it cannot be changed.

    Build one with a class method such as ``Law.zipf(10)``; they share the constructor. Two laws are
    equal when kind, arguments, probabilities, labels and dropped share are.

    Parameters
    ----------
    kind : str, the class method's name in a link: "zipf", "uniform", ..., or "data"
    arguments : tuple of numbers, that of the class method
    weights : (n,) float >= 0, n in [2, 10,000]; normalised to probabilities
    labels : n str, or None; kept clean (see `clean_label`), of at most 100 characters
    dropped_share : float in [0, 1), the share of the original data that the law leaves out
    private : bool, whether its words are not for a link, however few they are

    Attributes
    ----------
    kind, arguments, labels, dropped_share, private : as given
    digest : str, a fingerprint of all that makes two laws equal

    Raises
    ------
    ValueError
        If a weight is negative or not finite, all are 0, the number of outcomes is outside
        2..10,000, or the number of labels differs.
    """

    __slots__ = (
        "_probabilities", "_weights", "arguments", "digest", "dropped_share", "kind", "labels",
        "private",
    )  # fmt: skip

    kind: str
    arguments: tuple[float, ...]
    labels: tuple[str, ...] | None
    dropped_share: float
    private: bool
    digest: str

    def __init__(
        self,
        kind: str,
        arguments: tuple[float, ...],
        weights: ArrayLike,
        labels: Sequence[str] | None = None,
        dropped_share: float = 0.0,
        private: bool = False,
    ) -> None:
        if not isinstance(kind, str) or kind not in (*KINDS, "data"):
            raise ValueError(f"kind must be one of {', '.join(KINDS)} or data, got {quoted(kind)}")
        arguments = _checked_arguments(arguments)
        values = numbers("weights", weights) + 0.0  # a copy, in which -0.0 is 0.0
        dropped_share = one_number("dropped_share", dropped_share, 0.0, 1.0)
        if values.ndim != 1:
            raise ValueError(f"weights must be one-dimensional, got shape {values.shape}")
        _checked_size(len(values), "the number of outcomes")
        if not np.all(np.isfinite(values) & (values >= 0)):
            bad = values[~(np.isfinite(values) & (values >= 0))][0]
            raise ValueError(f"weights must be finite and >= 0, got {bad}")
        if not values.max() > 0:
            raise ValueError("weights must have a positive sum, got only zeros")
        # Scaled by the largest first: a sum of huge finite weights would overflow.
        scaled = values / values.max()
        probabilities = scaled / scaled.sum()
        probabilities.flags.writeable = False
        if labels is not None:
            labels = _checked_labels(labels, len(values))
        also = [True] if private else []
        recipe = json.dumps([kind, arguments, labels, dropped_share, *also]).encode()
        content = recipe + probabilities.tobytes()
        for name, value in (
            ("kind", kind),
            ("arguments", arguments),
            ("labels", labels),
            ("dropped_share", dropped_share),
            ("private", private),
            ("_weights", values),
            ("_probabilities", probabilities),
            ("digest", hashlib.sha256(content).hexdigest()[:32]),
        ):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Law is frozen; {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Law is frozen; {name} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Law) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"<Law {self.describe()}>"

    def __reduce__(self) -> tuple[Any, ...]:
        recipe = (self.kind, self.arguments, self._weights, self.labels, self.dropped_share)
        return (_restore, (*recipe, self.private))

    _probabilities: Array
    _weights: Array

    @property
    def n(self) -> int:
        """The number of outcomes."""
        return len(self._probabilities)

    def probabilities(self) -> Array:
        """Return the distribution, (n,) float64, read-only."""
        return self._probabilities

    def describe(self) -> str:
        """Return a few words for a title: ``Zipf, 10 outcomes``."""
        words = "own data" if self.kind == "data" else KINDS[self.kind].words
        return f"{words}, {self.n} outcomes"

    @classmethod
    def uniform(cls, n: int) -> "Law":
        """Return the law of n equally likely outcomes; ValueError unless 2 <= n <= 10,000."""
        n = _checked_size(n)
        return cls("uniform", (n,), np.ones(n))

    @classmethod
    def zipf(cls, n: int, exponent: float = 1.0) -> "Law":
        """Return probabilities proportional to rank^-exponent, for ranks 1..n.

        Parameters
        ----------
        n : int in [2, 10,000]
        exponent : float in [0, 20]

        Raises
        ------
        ValueError
            If an argument is outside its range.
        """
        n, exponent = _checked_size(n), one_number("exponent", exponent, 0, 20)
        return cls("zipf", (n, exponent), np.arange(1, n + 1, dtype=np.float64) ** -exponent)

    @classmethod
    def geometric(cls, n: int, ratio: float = 0.7) -> "Law":
        """Return the law in which each outcome is ``ratio`` times as likely as the one before.

        Weights below the smallest positive float become 0: such outcomes are absent.

        Parameters
        ----------
        n : int in [2, 10,000]
        ratio : float in [0.001, 1]

        Raises
        ------
        ValueError
            If an argument is outside its range.
        """
        n, ratio = _checked_size(n), one_number("ratio", ratio, 0.001, 1)
        with np.errstate(under="ignore"):
            return cls("geometric", (n, ratio), ratio ** np.arange(n, dtype=np.float64))

    @classmethod
    def two_peaks(cls, n: int, second: float = 0.8) -> "Law":
        """Return a law of two bell-shaped peaks, the second one ``second`` times as high.

        Parameters
        ----------
        n : int in [2, 10,000]
        second : float in [0, 1]

        Raises
        ------
        ValueError
            If an argument is outside its range.
        """
        n, second = _checked_size(n), one_number("second", second, 0, 1)
        x = np.linspace(0.0, 1.0, n)
        bells = [np.exp(-0.5 * ((x - centre) / 0.12) ** 2) for centre in (0.2, 0.8)]
        return cls("two_peaks", (n, second), bells[0] + second * bells[1])

    @classmethod
    def dirichlet(cls, n: int, concentration: float = 1.0, seed: int = 0) -> "Law":
        """Draw a law from a symmetric Dirichlet distribution, largest outcome first.

        Parameters
        ----------
        n : int in [2, 10,000]
        concentration : float in [0.01, 1e6]; where it is small few outcomes dominate
        seed : int in [0, 2^32)

        Raises
        ------
        ValueError
            If an argument is outside its range.
        """
        n = _checked_size(n)
        concentration = one_number("concentration", concentration, 0.01, 1e6)
        seed = int(one_number("seed", seed, 0, 2**32 - 1, whole=True))
        drawn = np.random.default_rng(seed).dirichlet(np.full(n, concentration))
        return cls("dirichlet", (n, concentration, seed), np.sort(drawn)[::-1])

    @classmethod
    def real_text(cls, n: int = 30) -> "Law":
        """Return the n most frequent words of the Python language reference.

        The reference ships with every Python as ``pydoc_data.topics``; its text differs between
        versions, so the counts are kept in a table (see `closedloop_core.settings.real_text`).

        Parameters
        ----------
        n : int in [2, 200]

        Raises
        ------
        ValueError
            If ``n`` is outside its range.
        """
        n = _checked_size(n)
        table = _real_text_table()
        if n > len(table["words"]):
            raise ValueError(f"n must be at most {len(table['words'])} words, got {n}")
        counts = table["counts"][:n]
        dropped = 1 - sum(counts) / table["total"]
        return cls("text", (n,), counts, table["words"][:n], dropped)

    @classmethod
    def from_weights(
        cls, weights: ArrayLike, labels: Sequence[str] | None = None, private: bool = False
    ) -> "Law":
        """Return the law with probabilities proportional to weights, in the order given.

        Parameters
        ----------
        weights : (n,) float >= 0, n in [2, 10,000]
        labels : n str, the outcomes' names, or None
        private : bool, whether no link carries it

        Raises
        ------
        ValueError
            If a weight is negative or not finite, all are 0, the number of outcomes is outside
            2..10,000, or the number of labels differs.
        """
        return cls("data", (), weights, labels, private=private)

    @classmethod
    def from_text(cls, text: str, n: int) -> "Law":
        """Return the word frequencies of ``text``: its n most frequent words, or all it has.

        What counts as a word: see `reading.words_of`. Equally frequent words are in alphabetical
        order; the share of all words that is beyond the n is kept as ``dropped_share``.

        Parameters
        ----------
        text : str
        n : int in [2, 10,000]

        Raises
        ------
        ValueError
            If the text has fewer than two different words, or n is outside 2..10,000.
        """
        n = _checked_size(n)
        return cls.from_understood(understand(_checked_text(text), Reading(kind="text", keep=n)))

    @classmethod
    def from_csv(cls, text: str) -> "Law":
        """Read a counted list, most frequent first; repeated labels are added up.

        Separator, decimal mark, heading and columns are found out (`reading.understand`); of more
        than 10,000 labels the most frequent are kept. Cells are text and numbers, never formulas.

        Raises
        ------
        ValueError
            If the list cannot be read, can be read in two ways, or has fewer than two labels.
        """
        return cls.from_understood(understand(_checked_text(text), Reading(kind="list")))

    @classmethod
    def from_understood(cls, understood: Understood) -> "Law":
        """Return the law of what the reader has understood: its labels, by their weights.

        Raises
        ------
        ValueError
            If a question is still open (the sentence names the option that decides), or settings
            were read instead of data.
        TypeError
            If ``understood`` is something else.
        """
        of_kind("understood", understood, Understood, "an Understood")
        for question in understood.questions:
            raise ValueError(question.refusal())
        if understood.kind == "settings":
            raise ValueError("data must be a text or a counted list, got a file of settings")
        weights, labels = understood.weights, understood.labels
        return cls("data", (), weights, labels, understood.dropped_share)

    def fits_link(self) -> bool:
        """Say whether a link can carry this law (data: up to 50 labels, and not private)."""
        if self.kind != "data":
            return True
        if self.private:
            return False
        if self.n > MAX_LINK_LABELS or len(self._packed()) > _MAX_LINK_BYTES:
            return False
        return len(self.to_token()) <= MAX_LINK_CHARACTERS

    def to_token(self) -> str:
        """Return the law as a short text for a link: ``zipf:10:1``, or its data, compressed."""
        if self.kind != "data":
            return ":".join([self.kind, *(f"{a!r}".removesuffix(".0") for a in self.arguments)])
        squeezed = zlib.compress(self._packed(), 9)
        return "data:" + base64.urlsafe_b64encode(squeezed).decode().rstrip("=")

    @classmethod
    def from_token(cls, token: str) -> "Law":
        """Read what `to_token` wrote; ValueError with one sentence on anything else."""
        if not isinstance(token, str):
            raise ValueError(f"a law must be written as a text, got {quoted(token)}")
        kind, _, rest = token.partition(":")
        if token == NOT_IN_LINK:
            raise ValueError(
                "this link does not carry its data (they are too many for a link);"
                " load the settings file that belongs to it"
            )
        if kind == "data":
            return cls._from_packed(rest)
        if kind not in KINDS:
            raise ValueError(f"a law must be one of {', '.join(KINDS)} or data, got {quoted(kind)}")
        try:
            numbers = [float_of(part) for part in rest.split(":")]
            arguments = [int(x) if x == int(x) else x for x in numbers]
        except (ValueError, OverflowError):
            raise ValueError(
                f"a law must be written as name:n or name:n:number, got {quoted(token)}"
            ) from None
        try:
            return KINDS[kind].make(*arguments)
        except TypeError:
            raise ValueError(f"the law {kind} takes fewer numbers, got {len(arguments)}") from None

    @classmethod
    def _from_packed(cls, text: str) -> "Law":
        unreadable = ValueError("the data in the link must be whole, got text that cannot be read")
        try:
            squeezed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            # Bounded: a few bytes must not unpack into gigabytes.
            unpacked = zlib.decompressobj().decompress(squeezed, _MAX_LINK_BYTES)
            weights, labels, dropped = json.loads(unpacked)
            return cls.from_dict({"weights": weights, "labels": labels, "dropped_share": dropped})
        except (binascii.Error, zlib.error, UnicodeError, RecursionError):
            raise unreadable from None
        except (TypeError, ValueError):
            raise unreadable from None

    def to_dict(self) -> dict[str, Any]:
        """Return the law as values that JSON can hold; a law from data has weights and labels."""
        if self.kind != "data":
            return {"law": self.to_token()}
        return {
            "weights": self._plain_weights(),
            "labels": None if self.labels is None else list(self.labels),
            "dropped_share": self.dropped_share,
            **({"private": True} if self.private else {}),
        }

    def _packed(self) -> bytes:
        return json.dumps([self._plain_weights(), self.labels, self.dropped_share]).encode()

    def _plain_weights(self) -> list[float]:
        """Return the weights as given (not normalised: so that they come back bit for bit)."""
        return [int(w) if w == int(w) and w < 2**53 else w for w in self._weights.tolist()]

    @classmethod
    def from_dict(cls, values: Any) -> "Law":
        """Read what `to_dict` wrote; ValueError naming the rule on anything else."""
        if not isinstance(values, dict):
            raise ValueError(f"a law must be an object, got {type(values).__name__}")
        if "law" in values:
            return cls.from_token(str(values["law"]))
        weights, labels = values.get("weights"), values.get("labels")
        if not isinstance(weights, list) or not all(_is_number(w) for w in weights):
            raise ValueError(f"a law's weights must be a list of numbers, got {quoted(weights)}")
        if labels is not None and not (
            isinstance(labels, list) and all(isinstance(label, str) for label in labels)
        ):
            raise ValueError(f"a law's labels must be a list of texts, got {quoted(labels)}")
        dropped = values.get("dropped_share", 0.0)
        if not _is_number(dropped) or not 0 <= dropped < 1:
            raise ValueError(f"a law's dropped_share must lie in [0, 1), got {quoted(dropped)}")
        return cls("data", (), weights, labels, dropped, values.get("private") is True)


def _checked_arguments(arguments: Any) -> tuple[float, ...]:
    if not isinstance(arguments, tuple) or not all(_is_number(x) for x in arguments):
        raise ValueError(f"arguments must be a tuple of numbers, got {quoted(arguments)}")
    return arguments


def _checked_labels(labels: Any, count: int) -> tuple[str, ...]:
    if isinstance(labels, np.ndarray):
        labels = labels.tolist()
    if isinstance(labels, str | bytes) or not isinstance(labels, Sequence):
        raise ValueError(f"labels must be a list of texts, got {quoted(labels)}")
    if len(labels) != count:
        raise ValueError(f"labels must be as many as weights ({count}), got {len(labels)}")
    for label in labels:
        if not isinstance(label, str | int | float):
            raise ValueError(f"labels must be a list of texts, got {quoted(label)} in it")
    return tuple(map(_bounded_label, labels))


def _bounded_label(label: str | float) -> str:
    # Cut before it is cleaned, too: a label may be as long as a file.
    text = label[: 4 * MAX_LABEL] if isinstance(label, str) else short_number(label)
    return clean_label(clean_label(text)[:MAX_LABEL])


def _checked_text(text: Any) -> str:
    if not isinstance(text, str):
        raise ValueError(f"text must be a text, got {quoted(text)}")
    return text


@dataclass(frozen=True)
class Kind:
    """A named law as links and pages know it.

    Attributes
    ----------
    make : makes the law from its number of outcomes, and from further numbers if it has any
    words : in a title, before the number of outcomes
    choice : in a list of sources
    most : outcomes at most
    about : what must be said where it is chosen, in whole sentences
    """

    make: Callable[..., Law]
    words: str
    choice: str
    most: int = MAX_OUTCOMES
    about: str = ""


# To add a law, write what makes it and a row here: titles, links and the list of sources follow.
KINDS: dict[str, Kind] = {
    "zipf": Kind(Law.zipf, "Zipf", "Zipf"),
    "uniform": Kind(Law.uniform, "even", "Even"),
    "geometric": Kind(Law.geometric, "geometric", "Geometric"),
    "two_peaks": Kind(Law.two_peaks, "two peaks", "Two peaks"),
    "dirichlet": Kind(Law.dirichlet, "random (Dirichlet)", "Random (Dirichlet)"),
    "text": Kind(
        Law.real_text,
        "words of the Python language reference",
        "Real text",
        REAL_TEXT_WORDS,
        "The most frequent words of the Python language reference (lower case, letters and"
        " apostrophes, single letters other than “a” and “i” dropped).",
    ),
}


def _restore(
    kind: str,
    arguments: tuple[float, ...],
    weights: Array,
    labels: tuple[str, ...] | None,
    dropped_share: float,
    private: bool = False,
) -> Law:
    return Law(kind, arguments, weights, labels, dropped_share, private)


def _is_number(value: Any) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond every float
        return False


@cache
def _real_text_table() -> dict[str, Any]:
    file = resources.files("closedloop_core.settings").joinpath("real_text.json")
    table = json.loads(file.read_text("utf-8"))
    return dict(table)
