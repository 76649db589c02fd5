"""Lists cut at spaces: a number behind or before a label that may hold spaces itself."""

import re

from closedloop_core.quoting import quoted
from closedloop_core.settings.reading.numerals import both_ways
from closedloop_core.settings.reading.options import ReadingError

_SAMPLE = 200
_COLUMNS = re.compile(r"[ \t]{2,}|\t")
# Only where a space could group thousands is every line looked at as a whole.
_GROUPS = r"[1-9]\d{0,2}(?: \d{3})+"
_GROUPS_BEHIND = re.compile(rf"(?<!\S){_GROUPS}$")
_ANY_GROUPS = re.compile(r"\d \d{3}$", re.MULTILINE)
_GROUPS_BEFORE = re.compile(rf"{_GROUPS} ")
_PERCENT = re.compile(r"(?<=\d) %")
_ZERO_GROUP = re.compile(r" 0\d\d")


def cut_at_spaces(lines: list[str]) -> list[list[str]]:
    """Cut lines into the numbers before a label, the label, and the numbers behind it.

    Where the lines agree on columns two or more spaces apart, those are the cells. ``red 1 000``
    is label and number only where a group such as 000 shows that the space groups thousands.

    Raises
    ------
    ReadingError
        (A ValueError.) If a space could group thousands or part two numbers.
    """
    lines = [percent_joined(line.replace("\t", "  ").strip()) for line in lines]
    columns = _in_columns(lines)
    if columns:
        return columns
    lines = [" ".join(_words(line)) if "  " in line else line for line in lines]
    sample = [_words(line) for line in lines[:: max(1, len(lines) // _SAMPLE)]]
    before, behind = _numbers_around(sample)
    if before and not behind:
        open_line = next((line for line in lines if _GROUPS_BEFORE.match(line)), None)
        if open_line:
            raise _two_ways(open_line)
        return [_cut_before(line, before) for line in lines]
    tails = []
    if _ANY_GROUPS.search("\n".join(lines)):
        tails = [found[0] for line in lines if (found := _GROUPS_BEHIND.search(line))]
    if tails and not _is_table(sample, behind):
        if not any(_ZERO_GROUP.search(tail) for tail in tails):
            raise _two_ways(tails[0])
        return [_cut_groups(line) for line in lines]
    if not before and behind <= 1:
        return [_cut_behind(line) for line in lines]
    return [_cut_around(line, before, behind) for line in lines]


def percent_joined(line: str) -> str:
    """Return a line in which ``12 %`` is one word."""
    return _PERCENT.sub("%", line) if "%" in line else line


def _two_ways(text: str) -> ReadingError:
    return ReadingError(
        "list",
        f"a list cut at spaces must have no spaces in its numbers, and {quoted(text)} could be one"
        " number or two: write 1000, or put a semicolon or a tab behind each label",
    )


def _in_columns(lines: list[str]) -> list[list[str]] | None:
    if not lines or not all(_COLUMNS.search(line) for line in lines[:_SAMPLE]):
        return None
    rows = [_COLUMNS.split(line) for line in lines]
    return rows if all(len(row) == len(rows[0]) for row in rows) else None


def _words(line: str) -> list[str]:
    return [word for word in line.split(" ") if word]  # a no-break space may group thousands


def _numbers_around(sample: list[list[str]]) -> tuple[int, int]:
    """Return how many numbers stand before and behind the label, in every line that has any."""
    around = [(_leading(words), _leading(words[::-1])) for words in sample]
    around = [pair for pair in around if any(pair)]
    if not around:
        return 0, 1
    return min(before for before, _ in around), min(behind for _, behind in around)


def _leading(words: list[str]) -> int:
    n = 0
    while n < len(words) - 1 and both_ways(words[n]).is_number:
        n += 1
    return n


def _is_table(sample: list[list[str]], behind: int) -> bool:
    """Say whether every line ends in several numbers, some of which group no thousands."""
    tails = [" ".join(words[-behind:]) for words in sample[1:] or sample]
    return behind > 1 and not all(_GROUPS_BEHIND.fullmatch(tail) for tail in tails)


def _cut_before(line: str, before: int) -> list[str]:
    return [part.strip() for part in line.split(" ", before)]


def _cut_behind(line: str) -> list[str]:
    label, _, number = line.rpartition(" ")
    return [label, number] if label else [number]


def _cut_groups(line: str) -> list[str]:
    found = _GROUPS_BEHIND.search(line)
    if found:
        return [line[: found.start()].strip(), found[0]]
    return _cut_behind(line)


def _cut_around(line: str, before: int, behind: int) -> list[str]:
    words = _words(line)
    if len(words) <= before + behind:
        return words
    end = len(words) - behind
    return [*words[:before], " ".join(words[before:end]), *words[end:]]
