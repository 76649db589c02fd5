"""From a folder of recordings to what the project keeps: measurements, texts, two checkpoints."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from closedloop_core import learners
from closedloop_core.learners.network import Network as Kept
from closedloop_core.learners.record import FORMAT, VERSION, read_record
from tests.neural.beside import Beside
from tests.neural.loop import Setting, Source, control, lines_of
from tests.neural.network import Network, Size

KEPT = Path(str(learners.__file__)).parent / "recorded"
LOGITS = Path(__file__).parents[1] / "core" / "learners" / "network_logits.npz"
COLLAPSED = Setting(0.7, 0.0)
_SHOWN = 200  # characters of a text
_NAMES = {
    "embedding.weight": "embedding",
    "layer.weight_ih_l0": "input_weight",
    "layer.weight_hh_l0": "state_weight",
    "layer.bias_ih_l0": "input_bias",
    "layer.bias_hh_l0": "state_bias",
    "out.weight": "out_weight",
    "out.bias": "out_bias",
    "bias": "bias",
}


def pack(source: Source, size: Size, folder: Path, kept: Path, logits: Path) -> None:
    """Write the record and the checkpoints into ``kept``, and torch's logits for the tests."""
    recorded = dict(lines_of(folder))
    last = min(len(lines) for lines in recorded.values()) - 1
    beside = Beside.of(source, size.tokens)
    loops = []
    for setting, lines in recorded.items():
        print(setting.name, flush=True)
        loops.append(_loop(setting, lines[: last + 1], beside))
    kept.mkdir(parents=True, exist_ok=True)
    tests: dict[str, Any] = {}
    weights = 0
    for name, file in (("first", "first.pt"), ("collapsed", f"{COLLAPSED.name}_{last}.pt")):
        network = Network(len(source.pairs.pieces), size.hidden)
        network.load_state_dict(torch.load(folder / file))
        half = {_NAMES[key]: value for key, value in network.half().items()}
        weights = sum(value.size for value in half.values())
        checkpoint = Kept(tuple(source.pairs.pieces), **half)
        (kept / f"{name}.npz").write_bytes(checkpoint.packed())
        tests |= {f"{name}_{key}": value for key, value in _logits(network).items()}
    record = {
        "format": FORMAT,
        "version": VERSION,
        "size": asdict(size),
        "weights": weights,
        "fresh": control(source, size, folder),
        "collapsed": [COLLAPSED.temperature, COLLAPSED.external_fraction, last],
        "loops": loops,
    }
    text = json.dumps(record, indent=0)
    read_record(text.encode())
    (kept / "network.json").write_text(text + "\n")
    np.savez_compressed(logits, **tests)


def _loop(setting: Setting, lines: list[dict[str, Any]], beside: Beside) -> dict[str, Any]:
    last = len(lines) - 1
    network = {
        "says": [line["says"] for line in lines],
        "knows": [line["held"] for line in lines],
    }
    found = {
        "network": network,
        "ngram": beside.ngram(setting, last),
        "simplex": beside.simplex(setting, last),
    }
    rounded = {
        name: {part: [round(x, 5) for x in values] for part, values in parts.items()}
        for name, parts in found.items()
    }
    return {
        **asdict(setting),
        **rounded,
        "words": [round(line["effective_words"], 2) for line in lines],
        "invented": [round(line["invented"], 5) for line in lines],
        "texts": [line["texts"][0][:_SHOWN] for line in lines],
    }


@torch.no_grad()
def _logits(network: Network) -> dict[str, Any]:
    """Return tokens and torch's logits with the weights that are kept: those in half precision."""
    network.half_precision()
    kinds = len(network.bias)
    tokens = np.random.default_rng(0).integers(0, kinds, (2, 6))
    logits, _ = network.double()(torch.as_tensor(tokens))
    return {"tokens": tokens.astype(np.uint16), "logits": logits.numpy().astype(np.float32)}
