"""The Geometry page: three outcomes as a triangle, two as a well, and the starts dropped there."""

import numpy as np
import pytest

from closedloop_core import Law
from pages.ui.geometry.controls import few_outcomes  # type: ignore[attr-defined]
from pages.ui.geometry.figures import pack_triangle, pack_well
from tests.pages.visit import headers, open_page, unpack  # type: ignore[attr-defined]

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PAGE = "pages/2_Geometry.py"


def test_the_page_shows_the_likeliest_outcomes_of_the_source() -> None:
    at = open_page(PAGE, initial="zipf:10", temperature="0.8", external_fraction="0.3")
    parts = headers(at)
    assert {"verdict", "geometry", "well"} <= set(parts)
    kept = few_outcomes(Law.zipf(10), 3)
    np.testing.assert_allclose(parts["geometry"]["source"], kept.probabilities())
    assert parts["geometry"]["point"] == {"temperature": 0.8, "external_fraction": 0.3}
    said = " ".join(caption.value for caption in at.caption)
    assert "three likeliest" in said and "two likeliest" in said


def test_two_outcomes_make_no_triangle_of_their_own() -> None:
    at = open_page(PAGE, initial="uniform:2")
    assert headers(at)["geometry"]["source"] == pytest.approx([1 / 3] * 3)
    assert "fewer than three possible outcomes" in " ".join(caption.value for caption in at.caption)


def test_few_outcomes_are_the_likeliest_in_order_with_their_labels() -> None:
    law = few_outcomes(Law.from_weights([1, 5, 2, 5], ["a", "b", "c", "d"]), 3)
    assert law.labels == ("b", "d", "c")
    np.testing.assert_allclose(law.probabilities(), np.array([5, 5, 2]) / 12)
    assert few_outcomes(law, 3) is law


def test_a_dropped_start_is_followed_to_a_stable_state() -> None:
    source, start = Law.zipf(3), (0.1, 0.1, 0.8)
    header, arrays = unpack(pack_triangle(source, 0.6, 0.1, 0.1, [start], "desk"))
    stable = [f["p"] for f in header["fixed_points"] if f["kind"] == "stable"]
    end = arrays["paths"].reshape(2, -1, 3)[1, -1]
    assert min(np.abs(end - p).sum() for p in stable) < 1e-2
    shares = [f["share"] for f in header["fixed_points"] if f["kind"] == "stable"]
    assert sum(shares) == pytest.approx(1)
    assert f"{len(stable)} stable state" in header["alt"]


def test_the_wells_share_now_is_among_the_five() -> None:
    for share in (0.0, 0.123, 0.9):
        header, _ = unpack(pack_well(Law.zipf(2), 0.5, share, 0.1, 0.3, "desk"))
        drawn = [well["external_fraction"] for well in header["wells"]]
        assert len(drawn) == 5 and drawn == sorted(drawn)
        assert [well["is_now"] for well in header["wells"]].count(True) == 1 and share in drawn
