"""The recorded network: what is kept, torch's logits, and records that are not whole."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from closedloop_core.learners.record import (
    CHECKPOINTS,
    network_record,
    read_record,
    recorded_network,
)

LOGITS = Path(__file__).with_name("network_logits.npz")


def test_the_record_holds_nine_settings_of_at_least_eight_generations() -> None:
    record = network_record()
    settings = {(loop.temperature, loop.external_fraction) for loop in record.loops}
    assert settings == {(t, a) for t in (0.7, 1.0, 1.3) for a in (0.0, 0.3, 0.6)}
    assert min(loop.generations for loop in record.loops) >= 8
    assert record.weights <= 1_000_000
    assert all(0 < len(text) <= 240 for loop in record.loops for text in loop.texts)


def test_the_first_network_is_good_enough_and_shared() -> None:
    record = network_record()
    first = {loop.network.knows[0] for loop in record.loops}
    assert len(first) == 1 and first.pop() <= 1.20
    assert record.size["tokens"] == 120_000


@pytest.mark.parametrize("which", CHECKPOINTS)
def test_logits_are_those_of_torch_with_the_same_half_precision_weights(which: str) -> None:
    with np.load(LOGITS) as file:
        tokens, torchs = file[f"{which}_tokens"].astype(np.int64), file[f"{which}_logits"]
    network = recorded_network(which)
    assert torchs.shape == (*tokens.shape, len(network.pieces))
    assert np.abs(network.logits(tokens) - torchs).max() < 1e-5
    other = CHECKPOINTS[which == CHECKPOINTS[0]]
    assert np.abs(recorded_network(other).logits(tokens) - torchs).max() > 1  # it could fail


def test_the_collapsed_network_says_less_than_the_first() -> None:
    says = {}
    for which in CHECKPOINTS:
        network = recorded_network(which)
        tokens, entropy = network.sample(8, 60, 0.7, np.random.default_rng(0))
        says[which] = entropy * tokens.size / sum(len(network.text(row)) for row in tokens)
    assert says["collapsed"] < 0.3 * says["first"]


def test_the_nearest_recorded_setting_is_found() -> None:
    record = network_record()
    found = record.loop(0.5, 0.25)
    assert (found.temperature, found.external_fraction) == (0.7, 0.3)
    assert record.loop(1.02, 0.9).external_fraction == 0.6


def test_an_unknown_checkpoint_is_refused() -> None:
    with pytest.raises(ValueError, match="a checkpoint must be one of first, collapsed, got 'x'"):
        recorded_network("x")


def whole() -> dict[str, Any]:
    """Return a small record."""
    heard = {"says": [1.0, 0.5], "knows": [1.2, 1.5]}
    loop = {
        "temperature": 0.7,
        "external_fraction": 0.0,
        "network": heard,
        "ngram": heard,
        "simplex": heard,
        "words": [300.0, 20.0],
        "invented": [0.1, 0.0],
        "texts": ["a", "b"],
    }
    return {
        "format": "closedloop network",
        "version": 1,
        "size": {"tokens": 100},
        "weights": 5,
        "fresh": 1.3,
        "collapsed": [0.7, 0.0, 1],
        "loops": [loop],
    }


def test_a_small_record_is_read() -> None:
    found = read_record(json.dumps(whole()).encode())
    assert found.loops[0].network.says.tolist() == [1.0, 0.5]
    assert found.loops[0].generations == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda r: r.update(version=2), "format 'closedloop network' and version 1"),
        (lambda r: r.pop("fresh"), "a record must hold 'fresh'"),
        (lambda r: r["loops"][0].pop("ngram"), "a record must hold 'ngram'"),
        (lambda r: r["loops"][0]["texts"].pop(), "says must be 1 numbers, one a generation, >= 0"),
        (lambda r: r["loops"][0]["words"].__setitem__(0, None), "words must be 2 numbers"),
        (lambda r: r["loops"].clear(), "at least one loop"),
        (lambda r: r.update(loops=3), "lists of numbers and texts"),
        (lambda r: r.update(collapsed=[]), "lists of numbers and texts"),
        (lambda r: r.update(fresh="much"), "fresh must be a number >= 0, got “much”"),
    ],
)
def test_a_record_that_is_not_whole_is_refused_in_one_sentence(change: Any, sentence: str) -> None:
    record = whole()
    change(record)
    with pytest.raises(ValueError, match=sentence) as found:
        read_record(json.dumps(record).encode())
    assert "\n" not in str(found.value) and len(str(found.value)) < 200


@pytest.mark.parametrize("end", [0, 1, 50, 200])
def test_a_truncated_record_is_refused_in_one_sentence(end: int) -> None:
    with pytest.raises(ValueError, match="a record must be a whole JSON file"):
        read_record(json.dumps(whole()).encode()[:end])
