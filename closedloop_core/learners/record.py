"""What was measured while a real network learned from itself, generation after generation.

The record and two checkpoints are made by ``python -m tests.neural`` (PyTorch; `COMMAND`) and kept
with the package: nothing is trained here. Every number is in nats a character, so that a network of
byte pairs, n-grams of the same pieces, and the pieces as outcomes of a simplex can be compared.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from closedloop_core.learners.network import Network, read_network
from closedloop_core.measures import Array
from closedloop_core.quoting import quoted

COMMAND = "python -m tests.neural record NOVEL FOLDER && python -m tests.neural pack NOVEL FOLDER"
CHECKPOINTS = ("first", "collapsed")
LEARNERS = ("network", "ngram", "simplex")
FORMAT, VERSION = "closedloop network", 1
_HERE = "closedloop_core.learners"


@dataclass(frozen=True)
class Heard:
    """What a learner says and knows, generation by generation, in nats a character.

    Attributes
    ----------
    says : (generations + 1,) float, entropy of its own text at its temperature
    knows : (generations + 1,) float, its surprise at held-out chapters, untempered
    """

    says: Array
    knows: Array


@dataclass(frozen=True)
class RecordedLoop:
    """One setting: three learners in the same loop.

    Attributes
    ----------
    temperature, external_fraction : float
    network, ngram, simplex : Heard
    words : (generations + 1,) float, effective number of words in the network's texts
    invented : (generations + 1,) float, share of its words that the source does not have
    texts : tuple of str, the beginning of a text of each generation's network
    """

    temperature: float
    external_fraction: float
    network: Heard
    ngram: Heard
    simplex: Heard
    words: Array
    invented: Array
    texts: tuple[str, ...]

    @property
    def generations(self) -> int:
        """The last generation."""
        return len(self.texts) - 1


@dataclass(frozen=True)
class NetworkRecord:
    """All settings that were recorded.

    Attributes
    ----------
    loops : tuple of RecordedLoop
    size : dict of the sizes of network, training and datasets
    weights : int, numbers that a network learns
    fresh : float, what a network knows that had the same training on as many real tokens
    collapsed : (temperature, external share, generation) of the second checkpoint
    """

    loops: tuple[RecordedLoop, ...]
    size: dict[str, float]
    weights: int
    fresh: float
    collapsed: tuple[float, float, int]

    def loop(self, temperature: float, external_fraction: float) -> RecordedLoop:
        """Return the recorded setting that is nearest, by ln T and share."""

        def far(loop: RecordedLoop) -> float:
            colder = math.log(loop.temperature / temperature)
            return abs(colder) + abs(loop.external_fraction - external_fraction)

        return min(self.loops, key=far)


@cache
def network_record() -> NetworkRecord:
    """Return the record that is kept with the package."""
    return read_record(_kept("network.json"))


@cache
def recorded_network(which: str) -> Network:
    """Return a checkpoint: "first", trained on the novel, or "collapsed".

    Raises
    ------
    ValueError
        If there is no such checkpoint.
    """
    if which not in CHECKPOINTS:
        raise ValueError(f"a checkpoint must be one of {', '.join(CHECKPOINTS)}, got {which!r}")
    return read_network(_kept(f"{which}.npz"))


def _kept(name: str) -> bytes:
    return resources.files(_HERE).joinpath("recorded", name).read_bytes()


def read_record(data: bytes | Path) -> NetworkRecord:
    """Read a record from a file or its bytes.

    Raises
    ------
    ValueError
        One sentence on anything that is no whole record.
    """
    raw = data.read_bytes() if isinstance(data, Path) else data
    try:
        found = json.loads(raw)
    except ValueError:
        raise ValueError("a record must be a whole JSON file") from None
    if not isinstance(found, dict) or (found.get("format"), found.get("version")) != (
        FORMAT,
        VERSION,
    ):
        raise ValueError(f"a record must have format {FORMAT!r} and version {VERSION}")
    try:
        loops = tuple(_loop(one) for one in found["loops"])
        record = NetworkRecord(
            loops,
            {str(name): float(value) for name, value in found["size"].items()},
            int(found["weights"]),
            float(_numbers(found["fresh"], None, "fresh")),
            (
                float(found["collapsed"][0]),
                float(found["collapsed"][1]),
                int(found["collapsed"][2]),
            ),
        )
    except KeyError as error:
        raise ValueError(f"a record must hold {error.args[0]!r}") from None
    except (TypeError, AttributeError, IndexError):
        raise ValueError("a record must hold lists of numbers and texts") from None
    if not loops:
        raise ValueError("a record must hold at least one loop, got none")
    return record


def _loop(values: Mapping[str, Any]) -> RecordedLoop:
    texts = tuple(str(text) for text in values["texts"])
    network, ngram, simplex = (
        Heard(*(_numbers(values[name][part], len(texts), part) for part in ("says", "knows")))
        for name in LEARNERS
    )
    return RecordedLoop(
        float(values["temperature"]),
        float(values["external_fraction"]),
        network,
        ngram,
        simplex,
        _numbers(values["words"], len(texts), "words"),
        _numbers(values["invented"], len(texts), "invented"),
        texts,
    )


def _numbers(values: Any, length: int | None, name: str) -> Array:
    try:
        found = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.array(np.nan)
    shape = () if length is None else (length,)
    if found.shape != shape or not np.isfinite(found).all() or (found < 0).any():
        rule = "a number" if length is None else f"{length} numbers, one a generation,"
        raise ValueError(f"a record's {name} must be {rule} >= 0, got {quoted(values)}")
    found.flags.writeable = False
    return found
