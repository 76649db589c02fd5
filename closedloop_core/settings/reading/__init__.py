"""The reader: data that people really have become labels and weights, and what was read is said.

`read` takes a file, `understand` a text that was pasted, both with the options of `Reading`; the
answer is an `Understood`: one sentence, labels, weights, every guess as an option, and the
questions that only a human can answer. `words_of` returns the sequence of words, for a language
model, and `read_typed` a number from a field. Nothing here touches the disk.

In reading order: `options`, `decoding` (`encodings`), `tokens`, `numerals`, `separators`, `records`
(`spaces`), `columns`, `choosing`, `counting`, `understanding` (`sentences`).
"""

from closedloop_core.quoting import clean_label
from closedloop_core.settings.reading.decoding import Decoded, decode
from closedloop_core.settings.reading.encodings import ENCODINGS
from closedloop_core.settings.reading.numerals import Number, read_number, read_typed, shifted
from closedloop_core.settings.reading.options import (
    COMMON_LANGUAGES,
    DECIMALS,
    SEPARATORS,
    UNITS,
    Choice,
    Question,
    Reading,
    ReadingError,
    Understood,
)
from closedloop_core.settings.reading.tokens import unspaced_scripts, words_of
from closedloop_core.settings.reading.understanding import read, understand

__all__ = [
    "COMMON_LANGUAGES",
    "DECIMALS",
    "ENCODINGS",
    "SEPARATORS",
    "UNITS",
    "Choice",
    "Decoded",
    "Number",
    "Question",
    "Reading",
    "ReadingError",
    "Understood",
    "clean_label",
    "decode",
    "read",
    "read_number",
    "read_typed",
    "shifted",
    "understand",
    "unspaced_scripts",
    "words_of",
]
