"""Where the lines of a list are cut: at tabs, semicolons, pipes, commas, colons or spaces.

The standard library's `csv.Sniffer` answers a comma for ``rot;50,5``: it counts signs. Here a cut
counts for what it gives: a cell that is a number, beside another. A comma between digits may be
part of a number; where both are possible, `guess_separator` asks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from closedloop_core.quoting import quoted
from closedloop_core.settings.reading.numerals import both_ways
from closedloop_core.settings.reading.options import MAX_COLUMNS, SEPARATORS, Choice, Question
from closedloop_core.settings.reading.records import cells_in_quotes
from closedloop_core.settings.reading.spaces import percent_joined
from closedloop_core.settings.reading.tokens import is_unspaced

_SAMPLE = 200  # lines, evenly spaced
_LONGEST = 2_000  # characters of a line that are looked at
_ENOUGH = {"\t": 0.5, ";": 0.5, "|": 0.5, ",": 0.5, "first comma": 0.5, ":": 0.8, " ": 0.8}
_FREE_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_FREE_COLON = re.compile(r"(?<!\d):|:(?!\d)")
_SENTENCE = re.compile(r"\s|[.,;:!?]$")
_LONGEST_WORD = 50
_FEW_WORDS = 3  # a line of more words before its number is a sentence rather than a label


@dataclass(frozen=True)
class Guess:
    """Where to cut (None: these lines are no list of label and count), or what to ask first."""

    separator: str | None
    question: Question | None = None


def sample_of(lines: Sequence[str]) -> list[str]:
    """Return up to 200 lines that are not blank, evenly spaced, each cut to a bounded length."""
    filled = [line for line in lines if line and not line.isspace()]
    step = max(1, len(filled) // _SAMPLE)
    return [line[:_LONGEST] for line in filled[::step]]


def guess_separator(lines: Sequence[str]) -> Guess:
    """Return where lines are cut so that most have a number beside a label.

    Comment lines may be among them. A first line without a number (a heading) does not count.
    """
    sample = sample_of(lines)
    data = [line for line in sample if not line.startswith("#")]
    # Labels may begin with # (hashtags): then there are too many to be comments.
    if 2 * len(data) < len(sample):
        data = sample
    has_heading = len(data) > 1 and not any(_has_number(_cells(data[0], way)) for way in _ENOUGH)
    scores = {way: _score(data, way, has_heading) for way in _ENOUGH}
    good = [way for way, score in scores.items() if score >= _ENOUGH[way]]
    best = max((scores[way] for way in good), default=0.0)
    good = [way for way in good if scores[way] >= 0.9 * best]
    if not good:
        return Guess(None)
    if good[0] != "\t" and all(both_ways(line).is_number for line in data):
        return Guess(None, _number_question(data[0], good[0]))
    if good[0] in ("\t", ";", "|"):
        return Guess(good[0])
    return _weigh_commas(data, good, has_heading)


def _weigh_commas(data: list[str], good: list[str], has_heading: bool) -> Guess:
    """Decide between commas that cut, commas within numbers, colons and spaces."""
    in_numbers = not any(_FREE_COMMA.search(line) for line in data)
    has_commas = any("," in line for line in data)
    if has_commas and in_numbers and ":" in good and any(map(_FREE_COLON.search, data)):
        return Guess(":")
    if "," in good and "first comma" in good:
        several = [line for line in data[has_heading:] if line.rstrip(", ").count(",") > 1]
        are_numbers = all(_has_number(_cells(line, "first comma")) for line in several)
        width = _most_common([len(_cells(line, ",")) for line in data])
        heading = len(_cells(data[0], ",")) if has_heading else None
        is_quoted = any('"' in line for line in data)
        if not several or not are_numbers or heading == width or is_quoted:
            good.remove("first comma")
        elif heading == 2:
            good.remove(",")
        else:
            return Guess(None, _comma_question(several[0]))
    if has_commas and in_numbers and " " in good and ("," in good or "first comma" in good):
        if "first comma" in good and "," not in good:
            return Guess(" ")
        return Guess(None, _space_question(next(line for line in data if "," in line)))
    return Guess(good[0])


def _number_question(line: str, way: str) -> Question:
    return Question(
        "separator",
        f"Lines such as {quoted(line)} could be a label and a count, or one number.",
        (
            Choice(way, f"{SEPARATORS[way]}: a label and a count"),
            Choice("none", "one number a line"),
        ),
    )


def _comma_question(line: str) -> Question:
    label, _, rest = line.partition(",")
    sentence = f"{quoted(line)} could be {line.count(',') + 1} cells, or a label and one number."
    return Question(
        "separator",
        sentence,
        (
            Choice(",", "commas: cut at every comma"),
            Choice("first comma", f"first comma: {quoted(label)} has {quoted(rest)}"),
        ),
    )


def _space_question(line: str) -> Question:
    label, _, rest = line.partition(",")
    before, _, behind = line.strip().rpartition(" ")
    return Question(
        "separator",
        f"{quoted(line)} could be cut at the comma or at the space.",
        (
            Choice(",", f"commas: {quoted(label)} has {quoted(rest)}"),
            Choice(" ", f"spaces: {quoted(before)} has {quoted(behind)}"),
        ),
    )


def _score(lines: list[str], way: str, has_heading: bool) -> float:
    """Return the share of lines that become a row with a number, a heading left aside."""
    cut = [_cells(line, way) for line in lines]
    good = [_has_number(cells) for cells in cut]
    if way == ":":  # 10:30 at the head of a line is no label and count
        good = [len(cells) == 2 and both_ways(cells[1]).is_number for cells in cut]
    if way == ",":
        width = _most_common([len(cells) for cells in cut if len(cells) > 1])
        good = [is_good and len(cells) == width for is_good, cells in zip(good, cut, strict=True)]
    if way in (",", "first comma"):
        bad = [line for line, is_good in zip(lines, good, strict=True) if not is_good]
        n_prose = sum(map(_is_prose, bad[not good[0] :]))  # a title may stand above a list
        if 5 * n_prose > len(lines):
            return 0.0
    if way == " " and _numbers_lines(cut):
        return 0.0
    if way == " " and any(good):
        lengths = [
            len(line.split()) - 1 for line, is_good in zip(lines, good, strict=True) if is_good
        ]
        if sum(lengths) > _FEW_WORDS * len(lengths):
            return 0.0
    return sum(good) / max(1, len(good) - has_heading)


def _is_prose(line: str) -> bool:
    return len(line.split()) > _FEW_WORDS or line.rstrip().endswith((".", "!", "?"))


def _numbers_lines(cut: list[list[str]]) -> bool:
    """Say whether lines begin with 1, 2, 3 (or 1., 2., 3.) and end in no number."""
    if any(both_ways(cells[-1]).is_number for cells in cut if len(cells) > 1):
        return False
    numbers = [both_ways(cells[0].rstrip(".")).point for cells in cut if cells]
    return len(numbers) > 1 and numbers == [float(i + 1) for i in range(len(numbers))]


def _cells(line: str, way: str) -> list[str]:
    if way == "first comma":
        return [part.strip() for part in line.rstrip(", ").split(",", 1)]
    if way == " ":
        parts = percent_joined(line).split()
        is_last = len(parts) > 1 and both_ways(parts[-1]).is_number
        return [" ".join(parts[:-1]), parts[-1]] if is_last else line.split(None, 1)
    cells = (cells_in_quotes(line, way) if '"' in line else None) or line.split(way, MAX_COLUMNS)
    while len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    return cells


def _has_number(cells: list[str]) -> bool:
    return len(cells) > 1 and any(both_ways(cell).is_number for cell in cells)


def _most_common(numbers: list[int]) -> int:
    return max(set(numbers), key=numbers.count, default=0)


def separator_of_texts(lines: Sequence[str]) -> str:
    """Return where a list without counts is cut: a sign that gives every line as many cells."""
    sample = sample_of(lines)
    for way in ("\t", ";", "|", ","):
        widths = {len(_cells(line, way)) for line in sample}
        if len(widths) == 1 and widths != {1}:
            return way
    return "none"


def is_word_list(lines: Sequence[str]) -> bool:
    """Say whether lines are single words, or single numbers: labels rather than a text.

    Lines in scripts without spaces are a text: a clause there looks like one word.
    """
    sample = [line.strip() for line in sample_of(lines)]
    if len(sample) > 1 and all(both_ways(line).is_number for line in sample):
        return True
    return len(sample) > 2 and not any(
        _SENTENCE.search(line) or is_unspaced(line) or len(line) > _LONGEST_WORD for line in sample
    )
