"""A recorded recurrent network, sampled with NumPy alone.

An embedding, one gated recurrent layer (Cho et al. 2014), and the same embedding read backwards. It
was trained with PyTorch (``python -m tests.neural``) and is kept in half precision. Next: `record`,
what was measured while it learned from itself.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from closedloop_core.quoting import quoted
from closedloop_core.settings.limits import Limit, checked

Single = NDArray[np.float32]
PARAGRAPH = "\n"
_COUNT = Limit(1, 10**6, whole=True)


@dataclass(frozen=True, eq=False)
class Network:
    """A network with V kinds of tokens and H units; weights in half precision.

    Attributes
    ----------
    pieces : tuple of V str, what each token stands for
    embedding : (V, H)
    input_weight, state_weight : (3 H, H), of the reset, update and new gates
    input_bias, state_bias : (3 H,)
    out_weight, out_bias : (H, H), (H,)
    bias : (V,)
    """

    pieces: tuple[str, ...] = field(repr=False)
    embedding: NDArray[np.float16] = field(repr=False)
    input_weight: NDArray[np.float16] = field(repr=False)
    state_weight: NDArray[np.float16] = field(repr=False)
    input_bias: NDArray[np.float16] = field(repr=False)
    state_bias: NDArray[np.float16] = field(repr=False)
    out_weight: NDArray[np.float16] = field(repr=False)
    out_bias: NDArray[np.float16] = field(repr=False)
    bias: NDArray[np.float16] = field(repr=False)

    @property
    def units(self) -> int:
        """Numbers of the recurrent state."""
        return int(self.embedding.shape[1])

    @property
    def n_weights(self) -> int:
        """Numbers that were learned."""
        return sum(getattr(self, name).size for name in WEIGHTS)

    @cached_property
    def _tables(self) -> tuple[Single, Single, Single, Single, Single]:
        """What a step looks up and multiplies by: made in double precision, used in single.

        The gates' input of each token (V, 3 H); state weights (H, 3 H) and bias (3 H,); and the
        last two layers as one, (H, V) and (V,).
        """
        wide = {name: getattr(self, name).astype(np.float64) for name in WEIGHTS}
        gates = wide["embedding"] @ wide["input_weight"].T + wide["input_bias"]
        read = wide["embedding"] @ wide["out_weight"]
        bias = wide["embedding"] @ wide["out_bias"] + wide["bias"]
        found = (gates, wide["state_weight"].T, wide["state_bias"], read.T, bias)
        a, b, c, d, e = (np.ascontiguousarray(array, dtype=np.float32) for array in found)
        return a, b, c, d, e

    def step(self, tokens: NDArray[np.int64], state: Single) -> tuple[Single, Single]:
        """Read one token of each text.

        Parameters
        ----------
        tokens : (texts,) int
        state : (texts, H) float32

        Returns
        -------
        logits : (texts, V) float32, of the next token
        state : (texts, H) float32
        """
        gates, weight, bias, read, out = self._tables
        units = self.units
        given, kept = gates.take(tokens, axis=0), state @ weight + bias
        opened = given[:, : 2 * units] + kept[:, : 2 * units]
        opened = (0.5 + 0.5 * np.tanh(0.5 * opened)).astype(np.float32, copy=False)
        reset, update = opened[:, :units], opened[:, units:]
        new: Single = np.tanh(given[:, 2 * units :] + reset * kept[:, 2 * units :])
        state = new + update * (state - new)
        return state @ read + out, state

    def logits(self, tokens: NDArray[np.int64]) -> Single:
        """Return the logits after every token of texts (texts, steps): (texts, steps, V)."""
        state = np.zeros((len(tokens), self.units), dtype=np.float32)
        found = []
        for column in tokens.T:
            logits, state = self.step(column, state)
            found.append(logits)
        return np.stack(found, axis=1)

    def sample(
        self,
        chains: int,
        steps: int,
        temperature: float,
        rng: np.random.Generator,
    ) -> tuple[NDArray[np.int64], float]:
        """Write texts side by side, each from the beginning of a paragraph.

        Parameters
        ----------
        chains, steps : int, texts, and tokens of each
        temperature : float in [0.02, 50]
        rng : numpy.random.Generator

        Returns
        -------
        tokens : (chains, steps) int
        entropy : float, mean entropy of the next token at this temperature, in nats

        Raises
        ------
        ValueError
            If an argument is outside its range.
        """
        chains, steps = int(checked("chains", chains, _COUNT)), int(checked("steps", steps, _COUNT))
        inverse = np.float32(1 / checked("temperature", temperature))
        tokens = np.full(chains, self.pieces.index(PARAGRAPH), dtype=np.int64)
        state = np.zeros((chains, self.units), dtype=np.float32)
        uniforms, entropy = rng.random((steps, chains)), 0.0
        found = np.empty((steps, chains), dtype=np.int64)
        for step, luck in enumerate(uniforms):
            logits, state = self.step(tokens, state)
            logits *= inverse
            logits -= logits.max(axis=1, keepdims=True)
            weights = np.exp(logits)
            ends = weights.cumsum(axis=1, dtype=np.float64)
            total = ends[:, -1]
            tokens = (ends <= (luck * total)[:, None]).sum(axis=1)
            found[step] = tokens
            mean = np.einsum("kv,kv->k", weights, logits, dtype=np.float64) / total
            entropy += float((np.log(total) - mean).mean())
        return found.T, entropy / steps

    def text(self, tokens: NDArray[np.int64]) -> str:
        """Return what tokens (steps,) stand for."""
        return "".join(self.pieces[token] for token in tokens)

    def packed(self) -> bytes:
        """Return the network as the bytes of a file."""
        file = io.BytesIO()
        pieces = np.frombuffer("\0".join(self.pieces).encode(), dtype=np.uint8)
        weights = {name: getattr(self, name) for name in WEIGHTS}
        np.savez_compressed(file, allow_pickle=False, pieces=pieces, **weights)
        return file.getvalue()


WEIGHTS = tuple(name for name in Network.__dataclass_fields__ if name != "pieces")


def read_network(data: bytes | Path) -> Network:
    """Read a network from a file or its bytes.

    Raises
    ------
    ValueError
        One sentence on anything that is no such file.
    """
    raw = data.read_bytes() if isinstance(data, Path) else data
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise ValueError("a checkpoint must be a whole .npz file of arrays") from error
    missing = sorted({"pieces", *WEIGHTS} - set(arrays))
    if missing:
        raise ValueError(f"a checkpoint must hold {', '.join(missing)}, got {quoted(list(arrays))}")
    try:
        pieces = tuple(arrays["pieces"].tobytes().decode().split("\0"))
    except UnicodeDecodeError:
        raise ValueError("a checkpoint's pieces must be text") from None
    _check_shapes(arrays, len(pieces))
    if PARAGRAPH not in pieces:
        raise ValueError("a checkpoint's pieces must hold the end of a paragraph")
    return Network(pieces, **{name: arrays[name] for name in WEIGHTS})


def _check_shapes(arrays: Mapping[str, NDArray[Any]], kinds: int) -> None:
    units = arrays["embedding"].shape[-1] if arrays["embedding"].ndim else 0
    wanted = {
        "embedding": (kinds, units),
        "input_weight": (3 * units, units),
        "state_weight": (3 * units, units),
        "input_bias": (3 * units,),
        "state_bias": (3 * units,),
        "out_weight": (units, units),
        "out_bias": (units,),
        "bias": (kinds,),
    }
    for name, shape in wanted.items():
        array = arrays[name]
        if array.shape != shape or array.dtype != np.float16 or not np.isfinite(array).all():
            raise ValueError(
                f"a checkpoint's {name} must be finite half-precision numbers of shape {shape},"
                f" got {array.dtype} {array.shape}"
            )
