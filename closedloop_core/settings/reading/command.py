"""The reader's options on a command line: one for each field of `Reading`.

A question that only a human can answer is refused there, and the refusal names the option.
"""

import argparse
from typing import Any

from closedloop_core.settings.reading.encodings import ENCODINGS
from closedloop_core.settings.reading.options import (
    COMMON_LANGUAGES,
    DECIMALS,
    KINDS,
    UNITS,
    Reading,
    ReadingError,
    Understood,
)
from closedloop_core.settings.reading.understanding import read

_MARKS = {"tab": "\t", "\\t": "\t", "space": " "}
_ABOUT = {
    "kind": f"what the file is: {', '.join(KINDS)}",
    "encoding": f"its encoding: {', '.join(['auto', *list(ENCODINGS)[:4]])}, ...",
    "separator": "where lines are cut: auto, tab, space, a sign such as ; or ',', or none",
    "decimal": f"the mark before a fraction: auto, {' or '.join(DECIMALS)}",
    "heading": "whether the first line names the columns: auto, yes, no",
    "label_column": "the column of labels: a number from 1, or its heading",
    "count_column": "the column of counts, or 0 where every line counts once",
    "unit": f"what is counted in a text: {', '.join(UNITS)}",
    "keep": "how many of the most frequent labels are kept (default: 30 of a text)",
    "drop_common": f"leave out a language's most common words: {', '.join(COMMON_LANGUAGES)}",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add an option for each field of `Reading`: ``--decimal``, ``--label-column`` and so on."""
    group = parser.add_argument_group("reading the file of --words")
    for field, about in _ABOUT.items():
        group.add_argument(_option(field), metavar="HOW", help=about.replace("%", "%%"))


def understood_by(options: argparse.Namespace, data: bytes, name: str) -> Understood:
    """Read a file as the options say.

    Parameters
    ----------
    options : with a text, or None, for each field of `Reading`
    data : the file
    name : its name, whose ending may settle the kind

    Raises
    ------
    ValueError
        If the file cannot be read, or can be read in two ways: the sentence names the option.
    """
    given = {field: getattr(options, field) for field in _ABOUT}
    chosen = {field: _value(field, text) for field, text in given.items() if text is not None}
    try:
        understood = read(data, name, Reading(**chosen))
    except ReadingError as error:
        rest = str(error).removeprefix(error.field)
        is_option = error.field in _ABOUT and rest != str(error)
        raise ValueError(_option(error.field) + rest if is_option else str(error)) from None
    for question in understood.questions:
        raise ValueError(question.refusal(_option(question.field)))
    return understood


def given(options: argparse.Namespace) -> list[str]:
    """Return which of the reader's options are given: ``["--decimal"]``."""
    return [_option(field) for field in _ABOUT if getattr(options, field) is not None]


def _option(field: str) -> str:
    return "--" + field.replace("_", "-")


def _value(field: str, text: str) -> Any:
    if field == "separator":
        return _MARKS.get(text, text)
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if field in ("keep", "label_column", "count_column") and is_number else text
