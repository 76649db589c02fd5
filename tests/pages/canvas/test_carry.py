"""Packed bytes that carry those of other components."""

import numpy as np

from pages.ui.canvas.pack import carried_as, carry, pack, unpack


def test_what_is_carried_comes_out_as_it_was_and_beside_it_all_that_was_there() -> None:
    run = pack(
        {"words": "Zipf"}, {"law": np.array([0.5, 0.25, 0.25]), "n": np.arange(3, dtype="u1")}
    )
    others = {
        "verdict": pack({"ends": [{"text": "naïve"}]}, {}),
        "map": pack({}, {"x": np.ones(7)}),
    }
    header, arrays = unpack(carry(run, others))
    assert header["words"] == "Zipf" and header["carries"] == ["verdict", "map"]
    np.testing.assert_array_equal(arrays["law"], [0.5, 0.25, 0.25])
    np.testing.assert_array_equal(arrays["n"], [0, 1, 2])
    assert {name: arrays[name].tobytes() for name in others} == others


def test_what_waits_to_be_carried_says_its_name_and_what_always_holds() -> None:
    header, arrays = unpack(carried_as("verdict", {"terms": {"ends": "where it ends"}}))
    assert header["carried_as"] == "verdict" and header["terms"]["ends"] and not arrays
