"""Reading takes a time in proportion to the length, whatever the bytes are: nothing makes it stall.

A reader that goes back over what it read takes 16 times as long for 4 times the bytes, one that
reads on takes 4 times. `python -m tests.bench reading` prints the time of 5 MB of each.
"""

import time

import pytest

from closedloop_core.settings.reading import Reading, read
from tests.bench.reading import LISTS, PIECES, filled

SIZE = 50_000
TIMES = 4
BETWEEN = 9.0  # well above the 4 of proportion, well below the 16 of a reader that goes back
SHORT = (
    0.05  # seconds: what is read faster than this, at the larger size, cannot stall five megabytes
)


def seconds(data: bytes, reading: Reading, tries: int) -> float:
    """Return the processor's time for reading ``data``, the best of so many tries."""
    found = []
    for _ in range(tries):
        start = time.process_time()
        try:
            read(data, "file", reading)
        except ValueError as error:
            assert len(str(error)) < 500
        found.append(time.process_time() - start)
    return min(found)


def is_in_proportion(data: bytes, reading: Reading) -> bool:
    """Say whether one comparison of three keeps the proportion: a neighbour's load passes."""
    for _ in range(3):
        long = seconds(data, reading, tries=2)
        # The short piece is cheap, and a slow moment would tell more of it.
        if long < SHORT or long < BETWEEN * seconds(data[: len(data) // TIMES], reading, tries=6):
            return True
    return False


@pytest.mark.no_cover  # the same lines over and over
@pytest.mark.parametrize("name", PIECES)
def test_the_same_piece_over_and_over(name: str) -> None:
    data = filled(PIECES[name], TIMES * SIZE)
    assert is_in_proportion(data, Reading())
    assert is_in_proportion(data, Reading(kind="list"))


@pytest.mark.parametrize("name", LISTS)
def test_long_lists_of_different_lines(name: str) -> None:
    assert is_in_proportion(LISTS[name].encode()[: TIMES * SIZE], Reading())


def test_bytes_of_older_encodings() -> None:
    assert is_in_proportion(bytes(range(128, 256)) * (TIMES * SIZE // 128), Reading())
    assert is_in_proportion("naïve\n".encode("cp1252") * (TIMES * SIZE // 6), Reading())


@pytest.mark.no_cover
def test_a_reader_that_goes_back_would_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def going_back(data: bytes, *_: object) -> None:
        steps = len(data) // 60  # far beyond SHORT on any machine
        sum(1 for i in range(steps) for _ in range(i))

    monkeypatch.setattr(f"{__name__}.read", going_back)
    assert not is_in_proportion(b"a" * TIMES * SIZE, Reading())
