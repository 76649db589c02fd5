"""The recorded network in NumPy: its logits beside torch's, its sampling, and bad files."""

import io
from pathlib import Path

import numpy as np
import pytest

from closedloop_core.learners.network import WEIGHTS, Network, read_network

KINDS, UNITS = 5, 3


def small(seed: int = 0) -> Network:
    """Return a network of random weights."""
    rng = np.random.default_rng(seed)
    shapes = {
        "embedding": (KINDS, UNITS),
        "input_weight": (3 * UNITS, UNITS),
        "state_weight": (3 * UNITS, UNITS),
        "input_bias": (3 * UNITS,),
        "state_bias": (3 * UNITS,),
        "out_weight": (UNITS, UNITS),
        "out_bias": (UNITS,),
        "bias": (KINDS,),
    }
    weights = {name: rng.normal(size=shape).astype(np.float16) for name, shape in shapes.items()}
    return Network(("\n", "a", "b", " the", "e"), **weights)


def slow_logits(network: Network, tokens: list[int]) -> np.ndarray:
    """Return the logits after each token, gate by gate as in the paper, in double precision."""
    w = {name: getattr(network, name).astype(np.float64) for name in WEIGHTS}
    gates = [slice(i * UNITS, (i + 1) * UNITS) for i in range(3)]
    state, found = np.zeros(UNITS), []
    for token in tokens:
        given = [w["input_weight"][g] @ w["embedding"][token] + w["input_bias"][g] for g in gates]
        kept = [w["state_weight"][g] @ state + w["state_bias"][g] for g in gates]
        reset, update = (1 / (1 + np.exp(-given[i] - kept[i])) for i in range(2))
        new = np.tanh(given[2] + reset * kept[2])
        state = (1 - update) * new + update * state
        found.append(w["embedding"] @ (w["out_weight"] @ state + w["out_bias"]) + w["bias"])
    return np.array(found)


def test_logits_are_those_of_the_equations() -> None:
    network, tokens = small(), np.array([[0, 3, 1, 4, 4], [2, 2, 0, 1, 3]])
    for row, logits in zip(tokens, network.logits(tokens), strict=True):
        assert logits == pytest.approx(slow_logits(network, row.tolist()), abs=1e-5)


def test_texts_have_the_law_of_the_logits_and_their_entropy() -> None:
    network, chains, temperature = small(), 20_000, 0.7
    tokens, entropy = network.sample(chains, 1, temperature, np.random.default_rng(1))
    logits = network.logits(np.array([[0]]))[0, 0].astype(np.float64) / temperature
    law = np.exp(logits - logits.max())
    law /= law.sum()
    shares = np.bincount(tokens[:, 0], minlength=KINDS) / chains
    assert (abs(shares - law) < 4 * np.sqrt(law * (1 - law) / chains)).all()
    assert entropy == pytest.approx(-(law * np.log(law)).sum(), abs=1e-5)
    again = network.sample(chains, 1, temperature, np.random.default_rng(1))[0]
    assert (again == tokens).all()


def test_a_network_is_kept_and_read_again() -> None:
    network = small()
    again = read_network(network.packed())
    assert again.pieces == network.pieces and again.units == UNITS
    assert all((getattr(again, n) == getattr(network, n)).all() for n in WEIGHTS)
    assert again.text(np.array([3, 4])) == " thee"


def changed(**arrays: np.ndarray | None) -> bytes:
    """Return the file of a network with some arrays changed, or left out where None."""
    with np.load(io.BytesIO(small().packed())) as file:
        kept = {name: file[name] for name in file.files} | arrays
    out = io.BytesIO()
    np.savez(out, **{name: array for name, array in kept.items() if array is not None})
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "a checkpoint must be a whole .npz file"),
        (b"not a file", "a checkpoint must be a whole .npz file"),
        (small().packed()[:400], "a checkpoint must be a whole .npz file"),
        (changed(bias=None), "a checkpoint must hold bias, got"),
        (
            changed(bias=np.zeros(4, np.float16)),
            r"bias must be .* shape \(5,\), got float16 \(4,\)",
        ),
        (changed(out_bias=np.zeros(3)), "out_bias must be finite half-precision numbers"),
        (changed(out_bias=np.full(3, np.nan, np.float16)), "out_bias must be finite"),
        (changed(pieces=np.full(3, 255, np.uint8)), "pieces must be text"),
        (changed(pieces=np.frombuffer(b"a\0b\0c\0d\0e", np.uint8)), "the end of a paragraph"),
        (changed(embedding=np.zeros((), np.float16)), "embedding must be"),
    ],
)
def test_a_bad_checkpoint_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as found:
        read_network(data)
    assert len(str(found.value)) < 250 and "\n" not in str(found.value)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing"):
        read_network(tmp_path / "nothing.npz")


def test_bad_arguments_are_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match="temperature must be > 0, got 0"):
        small().sample(1, 1, 0.0, np.random.default_rng(0))
    with pytest.raises(ValueError, match="chains must be between 1 and"):
        small().sample(0, 1, 1.0, np.random.default_rng(0))
