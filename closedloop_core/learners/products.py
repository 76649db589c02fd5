"""Matrix products in small blocks, and sums, for models that are fitted in milliseconds.

A library of linear algebra shares larger products out to all processors, whose threads wait for
each other: on a host that does other work this took ten times as long. Next: `mixture`.
"""

from collections.abc import Iterator

import numpy as np

from closedloop_core.measures import Array

_ALONE = 100_000  # multiplications that no library shares out


def row_blocks(rows: int, cost: int) -> Iterator[slice]:
    """Yield slices of so many rows as may be multiplied at once; ``cost`` is that of a row."""
    size = max(_ALONE // cost, 1)
    for start in range(0, rows, size):
        yield slice(start, start + size)


def inner(values: Array, weights: Array) -> float:
    """Return the sum of ``values * weights``, (m,) each."""
    return float(np.einsum("i,i->", values, weights))


def product(rows: Array, matrix: Array) -> Array:
    """Return ``rows @ matrix``: (m, d) times (d, k)."""
    found = np.empty((len(rows), matrix.shape[1]))
    for block in row_blocks(len(rows), matrix.size):
        np.matmul(rows[block], matrix, out=found[block])
    return found


def squares(rows: Array, weights: Array | None = None) -> Array:
    """Return the sum of ``w r r^T`` over rows (m, d), (d, d), or of each row of weights (K, m).

    With weights it is (K, d, d).
    """
    m, d = rows.shape
    lead = () if weights is None else (len(weights),)
    found = np.zeros((*lead, d, d))
    for block in row_blocks(m, d * d):
        part = rows[block]
        if weights is None:
            found += part.T @ part
        else:
            found += (weights[:, None, block] * part.T) @ part
    return found


def whitened(images: Array, inverses: Array, centres: Array) -> Array:
    """Return the squared length of ``L^-1 (x - c)``: (K, m).

    Parameters
    ----------
    images : (m, d) float, the x
    inverses : (K, d, d) float, the L^-1
    centres : (K, d) float, the c
    """
    shift = inverses @ centres[:, :, None]
    found = np.empty((len(inverses), len(images)))
    for block in row_blocks(len(images), inverses[0].size):
        rows = inverses @ images[block].T
        rows -= shift
        found[:, block] = np.einsum("kdm,kdm->km", rows, rows)
    return found
