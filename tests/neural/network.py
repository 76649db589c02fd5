"""The network, in PyTorch: one gated recurrent layer, its training, its score and its texts.

What it writes is sampled by `closedloop_core.learners.network` with NumPy alone.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

Tokens = NDArray[np.int64]


@dataclass(frozen=True)
class Size:
    """Sizes of the network and of its training, the same at every generation.

    Attributes
    ----------
    pieces : int, kinds of tokens
    hidden : int, units of the recurrent layer, and numbers of a token's embedding
    steps, batch, length : int, steps of the optimiser, each on ``batch`` windows of ``length``
    rate : float, learning rate at its highest
    tokens, passage : int, tokens of a generation's dataset, and of each passage in it
    """

    pieces: int = 1024
    hidden: int = 160
    steps: int = 160
    batch: int = 32
    length: int = 64
    rate: float = 2e-2
    tokens: int = 120_000
    passage: int = 256


class Network(nn.Module):
    """A gated recurrent layer between an embedding and the same embedding (Press and Wolf 2017)."""

    def __init__(self, kinds: int, hidden: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(kinds, hidden)
        self.layer = nn.GRU(hidden, hidden, batch_first=True)
        self.out = nn.Linear(hidden, hidden)
        self.bias = nn.Parameter(torch.zeros(kinds))
        nn.init.normal_(self.embedding.weight, std=0.1)

    def forward(self, tokens, state=None):  # type: ignore[no-untyped-def]
        """Return logits (chains, steps, kinds) and the last state of tokens (chains, steps)."""
        read, state = self.layer(self.embedding(tokens), state)
        return functional.linear(self.out(read), self.embedding.weight, self.bias), state

    def half(self) -> dict[str, NDArray[np.float16]]:
        """Return the weights in half precision, by the names the NumPy sampler knows."""
        return {k: v.detach().numpy().astype(np.float16) for k, v in self.named_parameters()}

    def half_precision(self) -> None:
        """Round all weights to half precision, and go on in single."""
        for weight in self.parameters():
            weight.data = weight.data.half().float()


def trained(data: Tokens, kinds: int, size: Size, seed: int) -> Network:
    """Return a network that was trained from scratch on tokens (tokens,)."""
    torch.manual_seed(seed)
    network = Network(kinds, size.hidden)
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=size.rate, betas=(0.9, 0.99), weight_decay=0.01
    )
    tokens = torch.as_tensor(data)
    window = torch.arange(size.length + 1)
    for step in range(size.steps):
        warm = min(1.0, (step + 1) / 30)
        cosine = 0.525 + 0.475 * math.cos(math.pi * step / size.steps)
        for group in optimiser.param_groups:
            group["lr"] = size.rate * warm * cosine
        at = torch.randint(0, len(tokens) - size.length, (size.batch, 1)) + window
        drawn = tokens[at]
        logits, _ = network(drawn[:, :-1])
        loss = functional.cross_entropy(logits.flatten(0, 1), drawn[:, 1:].flatten())
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
    return network


@torch.no_grad()
def score(network: Network, data: Tokens, length: int = 256) -> float:
    """Return the mean surprise of tokens (tokens,), in nats a token, in passages of a length."""
    rows = (len(data) - 1) // length
    tokens = torch.as_tensor(data[: rows * length + 1])
    given, wanted = tokens[:-1].view(rows, length), tokens[1:].view(rows, length)
    logits, _ = network(given)
    return float(functional.cross_entropy(logits.flatten(0, 1), wanted.flatten()))


@torch.no_grad()
def sample(
    network: Network, chains: int, steps: int, temperature: float, first: int, seed: int
) -> tuple[Tokens, float]:
    """Return texts (chains, steps), and the mean entropy of their next token in nats.

    Every text begins after the token ``first``.
    """
    random = torch.Generator().manual_seed(seed)
    token, state, found, entropy = torch.full((chains, 1), first), None, [], 0.0
    for _ in range(steps):
        logits, state = network(token, state)
        logs = functional.log_softmax(logits[:, -1] / temperature, -1)
        law = logs.exp()
        entropy -= float((law * logs).sum(-1).mean())
        token = torch.multinomial(law, 1, generator=random)
        found.append(token)
    return torch.cat(found, 1).numpy(), entropy / steps
