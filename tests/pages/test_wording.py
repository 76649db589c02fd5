"""How numbers are said: each formatter by examples and by its law, and that there is no other."""

import ast
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core import Law
from pages.ui import wording
from pages.ui.wording import (
    average_count,
    count,
    percent,
    percent_down,
    percent_on_bar,
    percent_tenths,
    percent_up,
    short_count,
    times,
)

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]
unhurried = settings(deadline=None)
shares = st.floats(0, 1)


def plain(text: str) -> str:
    """Return a text with simple spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def number(text: str) -> float:
    return float(text.removesuffix(wording.PER_CENT))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (percent(0), "0 %"),
        (percent(1), "100 %"),
        (percent(0.12345), "12.3 %"),
        (percent(0.000123), "0.0123 %"),
        (percent(1e-12), "1e-10 %"),
        (percent(0.12345, significant=4), "12.35 %"),
        (percent(0.625, 1), "62.5 %"),
        (percent(0.5, 1), "50 %"),
        (percent(1 / 3, 2), "33.33 %"),
        (percent(0.996, 0), "100 %"),
        (percent(0.07, 0, unit="%"), "7%"),
        (percent(0.07, unit=" per cent"), "7 per cent"),
        (percent_tenths(0.1), "10.0 %"),
        (percent_tenths(0.1, unit=""), "10.0"),
        (percent_up(0.78201), "79 %"),
        (percent_up(0.78201, beside=0.785), "78.3 %"),
        (percent_up(0.78, digits=2), "78.00 %"),
        (percent_down(0.9999), "99.9 %"),
        (percent_down(1), "100 %"),
        (percent_on_bar(0), "0 %"),
        (percent_on_bar(0.0004), "<0.1 %"),
        (percent_on_bar(0.005), "0.5 %"),
        (percent_on_bar(0.365), "37 %"),
        (percent_on_bar(0.0945), "9.5 %"),
        (percent_on_bar(0.05), "5 %"),
        (percent_on_bar(0.995), "100 %"),
        (percent_on_bar(0.29549, 2), "29.55 %"),
        (count(0), "0"),
        (count(1_234_567), "1,234,567"),
        (count(1, "sample"), "1 sample"),
        (count(2_000, "sample"), "2,000 samples"),
        (short_count(0), "0"),
        (short_count(2.5), "2.5"),
        (short_count(1_500_000), "1.5 million"),
        (short_count(1, "item"), "1 item"),
        (short_count(2_000, "item"), "2,000 items"),
        (short_count(0.5, "item"), "0.5 items"),
        (short_count(12_345_678, "item"), "12.3 million items"),
        (average_count(0.123), "0.12"),
        (average_count(3.14), "3.1"),
        (times(0), "never"),
        (times(2), "twice"),
        (times(2.5), "2.5 times"),
    ],
)
def test_it_is_said_as_in_this_table(text: str, said: str) -> None:
    assert plain(text) == said


@unhurried
@given(shares)
def test_a_share_is_said_to_three_digits(share: float) -> None:
    assert math.isclose(number(percent(share)), 100 * share, rel_tol=5.1e-3, abs_tol=1e-300)


@unhurried
@given(shares, st.integers(0, 3))
def test_decimals_are_dropped_only_where_they_are_zeros(share: float, digits: int) -> None:
    assert number(percent(share, digits)) == float(f"{100 * share:.{digits}f}")


@unhurried
@given(shares, st.integers(0, 3))
def test_a_least_share_suffices_as_it_is_said(share: float, digits: int) -> None:
    # Rounding errors of a sixth decimal of a per cent are no reason to ask for a whole one more.
    assert number(percent_up(share, digits=digits)) >= 100 * share - 1e-6


@unhurried
@given(shares, shares)
def test_a_share_that_suffices_is_not_called_too_little(least: float, beside: float) -> None:
    said = number(percent_up(least, beside))
    # Three decimals tell a least share from a given one that lies above it by a thousandth.
    if beside >= least + 1e-5:
        assert said <= 100 * beside + 1e-9


@unhurried
@given(shares)
def test_a_part_is_never_said_to_be_the_whole(share: float) -> None:
    assert number(percent_down(share)) <= 100 * share + 1e-9


@pytest.mark.parametrize("eighths", [1, 3, 5, 7])
def test_halves_on_a_bar_are_rounded_up(eighths: int) -> None:
    # Eighths are exact in binary: halves of a per cent stay halves.
    assert number(percent_on_bar(eighths / 8, 0)) == 12.5 * eighths + 0.5


@unhurried
@given(shares, st.integers(0, 3))
def test_a_number_on_a_bar_is_the_nearest(share: float, digits: int) -> None:
    said = number(percent_on_bar(share, digits))
    assert abs(said - 100 * share) <= 0.5 * 10**-digits + 1e-9


@unhurried
@given(st.integers(0, 10**12), st.sampled_from(["", "run"]))
def test_a_count_can_be_read_back(number_of: int, noun: str) -> None:
    text = count(number_of, noun)
    assert int(text.split(" ")[0].replace(",", "")) == number_of
    assert text.endswith(noun if number_of == 1 or not noun else "runs")


def test_labels_are_cut_and_missing_ones_are_numbers() -> None:
    law = Law.from_weights([2, 1], ["a" * 30, "b"])
    assert wording.label(law, 0) == "a" * 15 + "…"
    assert wording.label(Law.zipf(3), 1) == "2"
    assert wording.outcome_name(Law.zipf(3), 1) == "outcome 2"


def own_formats(source: str) -> list[str]:
    """Complain about f-strings that write shares or counts themselves, past `wording`."""
    wrong = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FormattedValue):
            continue
        spec = "" if node.format_spec is None else ast.unparse(node.format_spec)
        hundred = any(
            isinstance(x, ast.BinOp)
            and isinstance(x.op, ast.Mult)
            and 100 in (getattr(x.left, "value", None), getattr(x.right, "value", None))
            for x in ast.walk(node.value)
        )
        if hundred or "%" in spec or spec in ("f','", "f',.0f'"):
            wrong.append(ast.unparse(node.value))
    return wrong


# The theory's numbers for the eye, which are no counts; and the formatters themselves.
EXEMPT = {"pages/ui/theory/show.py", "pages/ui/wording.py"}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_writes_shares_and_counts_by_itself(path: Path) -> None:
    if str(path.relative_to(ROOT)) not in EXEMPT:
        assert own_formats(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source", ['f"{100 * x:.3g} %"', 'f"{x * 100}"', 'f"{x:.0%}"', 'f"{n:,}"', 'f"{n:,.0f}"']
)
def test_the_rule_can_fail(source: str) -> None:
    assert own_formats(source)
    assert not own_formats('f"{percent(x)} of {count(n)}, T = {t:.3g}"')
