"""Five megabytes of anything are read or refused in two seconds of a processor that is free."""

import json
import time
from typing import Any

import pytest

from closedloop_core.settings.reading import Reading, read

SIZE = 5_000_000
REFERENCE = 0.4  # seconds in which such a processor adds up ten million numbers


def filled(piece: Any) -> Any:
    return (piece.encode() * (SIZE // len(piece.encode()) + 1))[:SIZE]


PIECES = {
    "one line": "a",
    "words": "word and ",
    "line ends": "\n",
    "returns": "\r",
    "quotation marks": '"',
    "a quotation mark a line": '"\n',
    "open quotation marks": '"a\nb,1\n',
    "quoted cells in one line": '"a",',
    "quoted numbers": '"a b";"5,5"\n',
    "commas": ",",
    "tabs": "\t",
    "spaces": " ",
    "colons": ":",
    "digits": "1",
    "digits and marks": "1,",
    "digits and spaces": "1 ",
    "one count": "a,1\n",
    "numbers": "1\n",
    "exponents": "1e",
    "apostrophes": "a'",
    "hashes": "#\n",
    "percent signs": "%",
    "brackets": "[",
    "braces": '{"a":',
    "combining marks": "a\u0301",
    "only marks": "\u0301",
    "joiners": "\u200d",
    "flags": "🇩",
    "families": "👨‍👩‍👧",
    "Chinese": "我们今天去公园看花天气很好",
    "Thai": "ภาษาไทย",
    "Hebrew quotes": 'א"',
    "Russian": "Мама мыла раму. ",
}
LISTS = {
    "labels": "\n".join(f"w{i},{i % 977}" for i in range(400_000)),
    "labels at spaces": "\n".join(f"w{i} {i % 977}" for i in range(400_000)),
    "decimals": "\n".join(f"é{i};{i},5" for i in range(250_000)),
    "words": "\n".join(f"w{i}" for i in range(600_000)),
    "json": json.dumps({f"w{i}": i for i in range(250_000)}),
}


def allowance() -> Any:
    """Return two seconds, longer where the processor is slower or shared."""
    start = time.process_time()
    total = 0
    for i in range(10_000_000):
        total += i
    return 2.0 * max(1.0, (time.process_time() - start) / REFERENCE)


def is_fast(data: Any, reading: Any) -> Any:
    """Say whether one reading of three is fast enough: a neighbour's load passes."""
    for _ in range(3):
        start = time.process_time()
        try:
            read(data, "file", reading)
        except ValueError as error:
            assert len(str(error)) < 500
        taken = time.process_time() - start
        if taken < 2.0 or taken < allowance():
            return True
    return False


@pytest.mark.parametrize("name", PIECES)
def test_the_same_piece_over_and_over(name: Any) -> None:
    data = filled(PIECES[name])
    assert is_fast(data, Reading())
    assert is_fast(data[: SIZE // 10], Reading(kind="list"))


@pytest.mark.parametrize("name", LISTS)
def test_long_lists_of_different_lines(name: Any) -> None:
    assert is_fast(LISTS[name].encode()[:SIZE], Reading())


def test_bytes_of_older_encodings() -> None:
    assert is_fast(bytes(range(128, 256)) * (SIZE // 128), Reading())
    assert is_fast("naïve\n".encode("cp1252") * (SIZE // 6), Reading())
