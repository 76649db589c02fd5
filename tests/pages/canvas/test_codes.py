"""What goes over the wire is small, and the eye gets the truth."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop_core import Law, LoopParams, hill_number, simulate
from pages.ui.canvas import codes, pack
from pages.ui.playground import run as packed_run

RUNS = {
    "default": {},
    "lottery": {"temperature": 1.0, "regime": "replace", "sample_size": 20},
    "frozen": {"temperature": 0.2, "initial_size": 10},
    "hot": {"temperature": 5.0, "sample_size": 10_000},
    "rescued": {"regime": "replace", "external_fraction": 0.4},
    "models": {"regime": "subsample", "subsample_size": 30},
}


def moved(p: Any, q: Any) -> Any:
    """Total variation, also of what does not quite sum to 1."""
    return 0.5 * np.abs(p - q).sum(axis=-1)


def packed(params: Any) -> Any:
    run = simulate(params)
    twin = simulate(params.replace(noise=False)) if params.noise else None
    return run, twin, packed_run.pack_run(run, packed_run.picture_of(twin), None)


@settings(deadline=None)
@given(st.floats(codes.FLOOR, 1.0))
def test_a_code_is_true_to_a_fiftieth_of_a_per_cent(p: Any) -> None:
    value = codes.decoded(codes.encoded(np.array(p)))
    assert abs(value / p - 1) < 2.12e-4


def test_absent_certain_and_tiny_shares_keep_their_meaning() -> None:
    p = np.array([0.0, 1.0, 1e-300, codes.FLOOR, 5e-324, 1.0 - 1e-16])
    value = codes.decoded(codes.encoded(p))
    assert value[0] == 0.0 and value[1] == 1.0
    assert (value[2:5] == codes.FLOOR).all() and value[5] == 1.0
    assert codes.encoded(p).dtype == np.uint16


def test_codes_keep_the_order() -> None:
    p = np.sort(np.random.default_rng(1).random(10_000) ** 8)
    assert (np.diff(codes.encoded(p).astype(int)) >= 0).all()


@pytest.mark.parametrize(("n", "generations", "most"), [(64, 200, 40_000), (1_000, 500, 600_000)])
@pytest.mark.parametrize("name", RUNS)
def test_a_run_with_everything_it_needs_is_small(
    n: int, generations: int, most: int, name: Any
) -> None:
    weights = Law.zipf(n).probabilities()
    law = Law.from_weights(weights, labels=[f"outcome{i:05d}" for i in range(n)])
    params = LoopParams(**{"initial": law, "generations": generations} | RUNS[name])
    data = packed(params)[2]
    shown = {"mode": "desk", "class": "collapse", "alt": "x" * 500, "csv_name": "closed-loop-run"}
    assert len(pack.with_header(data, shown)) <= most


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize(("n", "generations"), [(10, 120), (64, 200), (400, 900)])
def test_what_is_drawn_is_the_run(name: Any, n: int, generations: int) -> None:
    params = LoopParams(**{"initial": Law.zipf(n), "generations": generations} | RUNS[name])
    run, twin, data = packed(params)
    _, arrays = pack.unpack(data)
    frames = arrays["frames"]
    points = arrays.get("generations", frames)
    assert frames[0] == 0 and frames[-1] == generations and np.isin(frames, points).all()
    drawn, true = codes.decoded(arrays["probabilities"]), run.learned[frames]
    assert ((drawn == 0) == (true == 0)).all(), "extinct is exactly 0, and only extinct"
    assert np.allclose(drawn, true, rtol=2.12e-4, atol=codes.FLOOR)
    assert moved(drawn, true).max() < 1.1e-4
    assert np.allclose(arrays["effective"], hill_number(run.learned[points], 1), rtol=1e-6)
    assert np.allclose(
        arrays["distance"],
        moved(run.learned[points], params.source.probabilities()),
        atol=1e-6,
    )
    glide = codes.decoded(codes.glided(arrays["twin"], arrays["twin_frames"], frames))
    smooth = twin.learned[frames]
    assert moved(glide, smooth).max() < 2e-3
    assert np.abs(glide - smooth).max() < 1.3e-3 * smooth.max()
    seen = smooth > 1e-7
    assert np.abs(np.log(glide[seen] / smooth[seen])).max() < 0.021


def test_a_twin_of_few_rows_would_be_seen() -> None:
    twin = simulate(LoopParams(initial=Law.zipf(64), noise=False, temperature=0.3)).learned
    at = np.arange(len(twin), dtype=np.uint32)
    ends = np.array([0, len(twin) - 1])
    glide = codes.decoded(codes.glided(codes.encoded(twin[ends]), at[ends], at))
    assert moved(glide, twin).max() > 0.02


def test_a_long_run_keeps_its_extremes() -> None:
    params = LoopParams(
        initial=Law.zipf(3), generations=20_000, regime="replace", temperature=1.0, seed=2,
        external_fraction=0.02, sample_size=50,
    )  # fmt: skip
    run, _, data = packed(params)
    _, arrays = pack.unpack(data)
    true = moved(run.learned, params.source.probabilities())
    points = arrays["generations"]
    assert len(points) < 4_000
    edges = codes.spread(20_000, codes.MOST_POINTS // 4)
    for start, stop in zip(edges[:-1], edges[1:], strict=True):
        seen = arrays["distance"][(points >= start) & (points < stop)]
        assert seen.max() == pytest.approx(true[start:stop].max(), abs=1e-6)
        assert seen.min() == pytest.approx(true[start:stop].min(), abs=1e-6)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(4, 5_000))
def test_a_spread_is_whole_numbers_from_the_first_to_the_last(last: Any, most: Any) -> None:
    chosen = codes.spread(last, most)
    assert chosen[0] == 0 and chosen[-1] == last
    assert (np.diff(chosen.astype(int)) > 0).all()
    assert len(chosen) <= most


def test_two_runs_travel_together() -> None:
    params = LoopParams(generations=60)
    other = params.replace(initial=Law.zipf(25), regime="replace")
    run, kept = (packed(p)[2] for p in (params, other))
    both = packed_run.with_kept(run, pack.with_header(kept, {"words": "replace"}))
    header, arrays = pack.unpack(both)
    for data, prefix in ((run, ""), (kept, "kept_")):
        for name, array in pack.unpack(data)[1].items():
            assert np.array_equal(arrays[prefix + name], array)
    alone, kept_alone = pack.unpack(run)[0], pack.unpack(kept)[0]
    told = header.pop("kept")
    assert told.pop("words") == "replace"
    drop = {"arrays"}
    assert {k: v for k, v in header.items() if k not in drop} == {
        k: v for k, v in alone.items() if k not in drop
    }
    assert told == {k: v for k, v in kept_alone.items() if k not in drop}
    assert len(both) < len(run) + len(kept) + 300
