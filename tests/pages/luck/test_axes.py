"""The axes of the Luck page's figures."""

from pages.ui.luck.axes import powers
from pages.ui.luck.odds import times
from pages.ui.luck.theme import ticks


def test_decades_are_named_and_not_too_many() -> None:
    assert powers(-3, 0) == [(-3, "0.001"), (-2, "0.01"), (-1, "0.1"), (0, "1")]
    assert powers(0, 6)[-1] == (6, "1 million")
    assert len(powers(0, 100, most=5)) <= 5
    assert powers(7, 9)[0] == (7, "10⁷") and powers(-5, -4)[0] == (-5, "10⁻⁵")


def test_ticks_are_round_and_inside() -> None:
    assert ticks(1, 9, 5) == [1, 2, 4, 6, 8]
    assert ticks(0, 400.000001, 5) == [0, 100, 200, 300, 400]
    assert ticks(0, 0.11, 3) == [0, 0.05, 0.1]


def test_a_row_of_times_holds_its_sentence_clear_of_all_else_in_it() -> None:
    half = 0.6 * 14  # type of 14, with its descenders
    for tallest, middle in (times._BESIDE, times._ABOVE):
        assert middle * times._ROW + half <= times._ROW, "the row above has its own words there"
        assert tallest < 0.95, "the median's mark is higher"
    beside = times._BESIDE[1] * times._ROW - half
    assert beside >= 3 + 1.2 * 14, "3 px above the floor: how many take longer"
    tallest, middle = times._ABOVE
    assert tallest * times._ROW <= middle * times._ROW - half, "it stands above the bars"
