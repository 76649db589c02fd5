"""The counts of a novel of 1813: *Pride and Prejudice* by Jane Austen, in the public domain.

Frozen are the numbers of its n-grams of three words, and the last two words of each part, from
which those of one and two words follow. `COMMAND` counts them anew from a text of the novel, for
example that of Project Gutenberg (without its header and footer). Next: `source`.
"""

import io
import re
import sys
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from closedloop_core.learners.table import MAX_KINDS, Keys, NGramTable, keys_of
from closedloop_core.learners.tokens import numbered, words_of
from closedloop_core.measures import Array

MAX_ORDER = 3
HELD_OUT = 6  # chapters, from the end
_TABLE = "closedloop_core/learners/novel.npz"
COMMAND = f"python -m closedloop_core.learners.novel < TEXT > {_TABLE}"
_CHAPTER = re.compile(r"\n\s*chapter\s+[0-9ivxl]+\.?\s*\n", re.IGNORECASE)
_PARTS = ("learned", "held")

Counted = tuple[Keys, Array]


def counts(order: int) -> tuple[tuple[str, ...], tuple[Counted, Counted]]:
    """Return the kinds of words, and keys and counts of what is learned and of what is held out.

    Keys and counts are (ngrams,) each.
    """
    vocabulary, table = _frozen()
    learned, held = (_of_order(order, vocabulary, table, part) for part in _PARTS)
    return vocabulary, (learned, held)


@cache
def _frozen() -> tuple[tuple[str, ...], dict[str, NDArray[Any]]]:
    path = resources.files("closedloop_core.learners").joinpath("novel.npz")
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as table:
        arrays = {name: table[name] for name in table.files}
    return tuple(arrays["vocabulary"].tobytes().decode().split(" ")), arrays


def _of_order(
    order: int, vocabulary: tuple[str, ...], table: dict[str, NDArray[Any]], part: str
) -> Counted:
    """Return the n-grams that begin the frozen ones, and those that begin in the last words."""
    kinds = len(vocabulary)
    ngrams = np.cumsum(table[f"{part}_steps"].astype(np.int64), axis=1) % kinds
    keys = keys_of(ngrams.T, MAX_ORDER, kinds)[:, 0] // kinds ** (MAX_ORDER - order)
    last = table[f"{part}_last"].astype(np.int64)
    if order < MAX_ORDER:
        keys = np.append(keys, keys_of(last[None, :], order, kinds)[0])
    often = np.append(table[f"{part}_counts"], np.ones(len(keys) - ngrams.shape[1]))
    found = NGramTable.of(order, vocabulary, keys, often.astype(np.float64))
    return found.keys, found.counts


def count_novel(text: str) -> dict[str, NDArray[Any]]:
    """Count the words of the novel's text; return the arrays to be frozen, (ngrams,) each.

    Raises
    ------
    ValueError
        If the text has too few chapters.
    """
    chapters = _CHAPTER.split("\n" + text.replace("_", ""))[1:]
    if len(chapters) <= HELD_OUT:
        raise ValueError(f"the novel must have more than {HELD_OUT} chapters, got {len(chapters)}")
    texts = ["\n\n".join(part) for part in (chapters[:-HELD_OUT], chapters[-HELD_OUT:])]
    found_words = [words_of(text) for text in texts]
    vocabulary, *parts = numbered(found_words[0], found_words[1], MAX_KINDS[MAX_ORDER])
    joined = np.frombuffer(" ".join(vocabulary).encode(), dtype=np.uint8)
    found: dict[str, NDArray[Any]] = {"vocabulary": joined}
    for part, ids in zip(_PARTS, parts, strict=True):
        keys = keys_of(ids[None, :], MAX_ORDER, len(vocabulary))[0]
        table = NGramTable.of(MAX_ORDER, vocabulary, keys)
        steps = np.diff(table.ngrams, axis=0, prepend=0) % len(vocabulary)
        found[f"{part}_steps"] = steps.T.astype(np.uint16)
        found[f"{part}_counts"] = table.counts.astype(np.uint16)
        found[f"{part}_last"] = ids[-2:].astype(np.uint16)
    return found


def main() -> None:
    """Read the novel's text from standard input and write the table to standard output."""
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **count_novel(sys.stdin.read()))
    sys.stdout.buffer.write(packed.getvalue())


if __name__ == "__main__":
    main()
