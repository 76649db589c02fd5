"""The experiment: nine settings, each generation trained from scratch on what the last one wrote.

Everything goes into a folder, generation by generation: what is there is not computed again, so a
recording that was stopped goes on where it was. Next: `pack`, what the app reads of it.
"""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tests.neural.byte_pairs import BytePairs
from tests.neural.network import Network, Size, Tokens, sample, score, trained

TEMPERATURES = (0.7, 1.0, 1.3)
FRACTIONS = (0.0, 0.3, 0.6)
SHOWN = 240  # characters of a text that is kept to be read
_WORD = re.compile(r"[A-Za-z']+")


@dataclass(frozen=True)
class Source:
    """What is learned, and what is held out: tokens, and the characters that they stand for."""

    pairs: BytePairs
    learned: Tokens
    held: Tokens
    held_characters: int
    words: frozenset[str]

    @classmethod
    def of(cls, learned: str, held: str, pieces: int) -> "Source":
        """Cut both parts of a text into pieces that are learned from the first."""
        pairs = BytePairs(learned, pieces)
        return cls(
            pairs,
            pairs.encode(learned),
            pairs.encode(held),
            len(held),
            frozenset(_WORD.findall(learned)),
        )


@dataclass(frozen=True)
class Setting:
    """One loop."""

    temperature: float
    external_fraction: float

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"T{self.temperature:g}_a{self.external_fraction:g}"

    def seed(self, generation: int, use: int) -> int:
        """Return a seed of its own for each generation and use."""
        key = [round(100 * self.temperature), round(100 * self.external_fraction), generation, use]
        return int(np.random.SeedSequence(key).generate_state(1)[0])


SETTINGS = tuple(Setting(t, a) for a in FRACTIONS for t in TEMPERATURES)


def record(source: Source, size: Size, folder: Path, settings: list[Setting], last: int) -> None:
    """Record settings up to generation ``last``, all settings generation by generation."""
    folder.mkdir(parents=True, exist_ok=True)
    _keep_once(folder / "size.json", json.dumps(asdict(size)))
    for generation in range(last + 1):
        for setting in settings:
            path = folder / f"{setting.name}.jsonl"
            done = len(path.read_text().splitlines()) if path.exists() else 0
            if done <= generation:
                line = one_generation(source, size, folder, setting, generation)
                with path.open("a") as lines:
                    lines.write(json.dumps(line) + "\n")
                told = {key: line[key] for key in ("held", "says", "seconds")}
                print(setting.name, generation, told, flush=True)


def one_generation(
    source: Source, size: Size, folder: Path, setting: Setting, generation: int
) -> dict[str, Any]:
    """Train a generation's network, measure it, and write what the next one learns."""
    began, cpu = time.perf_counter(), time.process_time()
    network = _network(source, size, folder, setting, generation)
    chains = size.tokens // size.passage
    texts, entropy = sample(
        network,
        chains,
        size.passage,
        setting.temperature,
        source.pairs.numbers["\n"],
        setting.seed(generation, 1),
    )
    line = measured(source, network, texts, entropy)
    following = folder / f"{setting.name}_{generation + 1}.npy"
    _save(following, _mixed(source, texts, setting, generation).astype(np.uint16))
    (folder / f"{setting.name}_{generation}.npy").unlink(missing_ok=True)
    line["seconds"] = round(time.perf_counter() - began, 1)
    line["cpu"] = round(time.process_time() - cpu, 1)
    return {"generation": generation, **line}


def measured(source: Source, network: Network, texts: Tokens, entropy: float) -> dict[str, Any]:
    """Return what is measured of a network and its texts (chains, steps)."""
    read = [source.pairs.decode(text) for text in texts]
    characters = sum(map(len, read))
    words = Counter(_WORD.findall(" ".join(read)))
    shares = np.array(list(words.values()) or [1]) / max(words.total(), 1)
    return {
        "held": known(source, network),
        "says": entropy * texts.size / characters,
        "says_token": entropy,
        "characters": characters,
        "words": len(words),
        "effective_words": float(np.exp(-(shares * np.log(shares)).sum())),
        "invented": sum(n for w, n in words.items() if w not in source.words) / words.total()
        if words
        else 1.0,
        "counts": np.bincount(texts.ravel(), minlength=len(source.pairs.pieces)).tolist(),
        "texts": [text[:SHOWN] for text in read[:3]],
    }


def _network(
    source: Source, size: Size, folder: Path, setting: Setting, generation: int
) -> Network:
    """Return a generation's network; the first one, which all settings share, is trained once."""
    kinds = len(source.pairs.pieces)
    name = "first" if generation == 0 else f"{setting.name}_{generation}"
    weights = folder / f"{name}.pt"
    network = Network(kinds, size.hidden)
    if weights.exists():
        network.load_state_dict(torch.load(weights))
        return network
    data, seed = source.learned, 0
    if generation > 0:
        data = np.load(folder / f"{name}.npy").astype(np.int64)
        seed = setting.seed(generation, 0)
    network = trained(data, kinds, size, seed)
    part = weights.with_suffix(".part")
    torch.save(network.state_dict(), part)
    part.rename(weights)
    return network


def control(source: Source, size: Size, folder: Path) -> float:
    """Return what a network knows that had the same training on as many real tokens.

    In nats a character; the mean of two, which are trained once.
    """
    path = folder / "control.json"
    if not path.exists():
        found = []
        for seed in (1, 2):
            rng = np.random.default_rng(seed)
            passages = size.tokens // size.passage
            starts = rng.integers(0, len(source.learned) - size.passage, passages)
            data = source.learned[starts[:, None] + np.arange(size.passage)].ravel()
            network = trained(data, len(source.pairs.pieces), size, seed)
            found.append(known(source, network))
        path.write_text(json.dumps(found))
    return float(np.mean(json.loads(path.read_text())))


def known(source: Source, network: Network) -> float:
    """Return a network's surprise at the held-out chapters, in nats a character."""
    surprise: float = score(network, source.held) * (len(source.held) - 1)
    return surprise / source.held_characters


def _mixed(source: Source, texts: Tokens, setting: Setting, generation: int) -> Tokens:
    """Return the next dataset, (tokens,): each passage is external with the setting's share."""
    rng = np.random.default_rng(setting.seed(generation, 2))
    chains, steps = texts.shape
    external = int(rng.binomial(chains, setting.external_fraction))
    starts = rng.integers(0, len(source.learned) - steps, external)
    passages = source.learned[starts[:, None] + np.arange(steps)]
    both = np.concatenate([texts[external:], passages])
    return rng.permutation(both).ravel()


def _save(path: Path, array: np.ndarray[Any, Any]) -> None:
    """Write an array whole or not at all."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.save(file, array)
    part.rename(path)


def _keep_once(path: Path, text: str) -> None:
    """Write a file, or check that it holds the same: a folder is of one experiment."""
    if path.exists() and path.read_text() != text:
        raise ValueError(f"{path} is of another experiment; give an empty folder")
    path.write_text(text)


def lines_of(folder: Path) -> Iterator[tuple[Setting, list[dict[str, Any]]]]:
    """Yield each recorded setting with its generations."""
    for setting in SETTINGS:
        path = folder / f"{setting.name}.jsonl"
        if path.exists():
            yield setting, [json.loads(line) for line in path.read_text().splitlines()]
