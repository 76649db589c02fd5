"""The recorder on a tiny corpus; the gate does not collect it, since it needs PyTorch.

``python -m pytest -o addopts="" tests/neural/check_recorder.py``
"""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from closedloop_core.learners.network import read_network
from closedloop_core.learners.record import read_record
from tests.neural.corpus import parts_of
from tests.neural.loop import SETTINGS, Setting, Source, control, record
from tests.neural.network import Network, Size, sample, score
from tests.neural.pack import pack

SIZE = Size(pieces=60, hidden=16, steps=12, batch=8, length=16, tokens=640, passage=32)
SETTING = Setting(0.7, 0.3)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    rng = np.random.default_rng(0)
    words = ["the", "cat", "sat", "on", "a", "mat", "and", "it", "was", "fat"]
    chapters = []
    for number in range(1, 22):
        lines = [" ".join(rng.choice(words, 12)) + "." for _ in range(8)]
        chapters.append(f"Chapter {number}\n\n" + "\n\n".join(lines))
    path = tmp_path_factory.mktemp("novel") / "novel.txt"
    path.write_text("A TITLE\n\n" + "\n\n".join(chapters))
    return Source.of(*parts_of(path), SIZE.pieces)


def test_pieces_are_read_back(source: Source) -> None:
    text = "the cat sat on a mat."
    assert source.pairs.decode(source.pairs.encode(text)) == text
    assert len(source.pairs.encode(text)) < len(text) / 1.5


def test_a_recording_that_was_stopped_goes_on_where_it_was(source: Source, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    record(source, SIZE, whole, [SETTING], 2)
    record(source, SIZE, broken, [SETTING], 1)
    # Stopped after the next dataset was written and before the line was.
    lines = broken / f"{SETTING.name}.jsonl"
    lines.write_text("".join(line + "\n" for line in lines.read_text().splitlines()[:-1]))
    record(source, SIZE, broken, [SETTING], 2)
    kept = [json.loads(line) for line in (whole / lines.name).read_text().splitlines()]
    again = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [line["generation"] for line in again] == [0, 1, 2]
    assert [line["held"] for line in again] == [line["held"] for line in kept]
    with pytest.raises(ValueError, match="another experiment"):
        record(source, Size(pieces=61), whole, [SETTING], 2)


def test_training_teaches_and_texts_have_their_entropy(source: Source, tmp_path: Path) -> None:
    untrained = Network(len(source.pairs.pieces), SIZE.hidden)
    torch.manual_seed(0)
    assert control(source, SIZE, tmp_path) < score(untrained, source.held)
    texts, entropy = sample(untrained, 4, 5, 1.0, 0, 0)
    assert texts.shape == (4, 5)
    assert 0 < entropy <= np.log(len(source.pairs.pieces)) + 1e-6


def test_what_is_packed_can_be_read(source: Source, tmp_path: Path) -> None:
    folder, kept, logits = tmp_path / "all", tmp_path / "kept", tmp_path / "logits.npz"
    record(source, SIZE, folder, list(SETTINGS), 1)
    pack(source, SIZE, folder, kept, logits)
    found = read_record(kept / "network.json")
    assert len(found.loops) == 9 and found.loops[0].generations == 1
    with np.load(logits) as file:
        for which in ("first", "collapsed"):
            network = read_network(kept / f"{which}.npz")
            ours = network.logits(file[f"{which}_tokens"].astype(np.int64))
            assert np.abs(ours - file[f"{which}_logits"]).max() < 1e-5
