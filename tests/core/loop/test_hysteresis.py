"""The share of external data lowered and raised again: where the state falls, where it returns."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import (
    Law,
    LoopParams,
    equilibrium,
    simulate,
    sweep_external,
    total_variation,
    uniform_thresholds,
)
from closedloop_core.exact.summary import needs_at
from closedloop_core.loop.hysteresis import run_sweep

AWAY, BACK = 0.2, 0.05  # distance to the source: far from the settled value on either side


def turns(sweep: Any) -> Any:
    """Return the share at which a sweep leaves its source, and the one at which it is back."""
    down, up = slice(0, sweep.turn), slice(sweep.turn, None)
    fell = sweep.external_fraction[down][np.argmax(sweep.distance[down] > AWAY)]
    returned = sweep.external_fraction[up][np.argmax(sweep.distance[up] < BACK)]
    return float(fell), float(returned)


@pytest.mark.parametrize("seed", range(3))
def test_an_even_source_falls_at_prevention_and_returns_at_cure(seed: int) -> None:
    stability, _, cure = uniform_thresholds(10, 0.5)
    assert (stability, cure) == pytest.approx((0.5, 0.625))
    fell, returned = turns(run_sweep(Law.uniform(10), 0.5, seed))
    # A step is 1 %. Noise lets go of the even state a step early, and where a state has just
    # vanished the loop lingers: it is back a step late.
    assert 0.49 <= fell <= 0.52
    assert 0.61 <= returned <= 0.64


def test_the_steps_go_down_and_up_again() -> None:
    sweep = run_sweep(Law.uniform(4), 0.5, 1)
    assert sweep.external_fraction.shape == sweep.distance.shape == (201,)
    assert sweep.turn == 101
    assert sweep.external_fraction[[0, 100, 200]].tolist() == [1.0, 0.0, 1.0]
    assert np.abs(np.diff(sweep.external_fraction)) == pytest.approx(0.01)
    up_again = sweep.external_fraction[:100:-1]
    assert sweep.external_fraction[:100] == pytest.approx(up_again)
    assert not sweep.accident  # of an even source the winner is luck already


def test_a_runner_up_put_ahead_stays_up_to_its_threshold() -> None:
    law = Law.zipf(10)
    sweep = run_sweep(law, 0.5, 0)
    assert sweep.accident
    q, edge = law.probabilities(), needs_at(law, 0.5).other_winner
    up = slice(sweep.turn, None)
    shares, distance = sweep.external_fraction[up], sweep.distance[up]
    ahead = 0.01 * q + 0.99 * np.eye(10)[1]
    states = [equilibrium(law, 0.5, share, start=ahead) for share in shares]
    expected = total_variation(np.array(states), q)
    # 100,000 items: noise of about sqrt(1/100,000) an outcome, more next to the edge.
    clear = np.abs(shares - edge) > 0.03
    assert np.abs(distance - expected)[clear].max() < 0.02
    # On the way down its own leader wins: nearer to the source all the way.
    down = sweep.distance[sweep.turn - 2 :: -1]
    assert np.all(down[shares < edge - 0.03] < distance[shares < edge - 0.03])


def test_above_temperature_one_there_is_no_hysteresis() -> None:
    sweep = run_sweep(Law.zipf(10), 2.0, 0)
    assert not sweep.accident
    down, up = sweep.distance[sweep.turn - 2 :: -1], sweep.distance[sweep.turn :]
    # Two draws of 100,000 items: a distance of theirs has a noise of about 0.002.
    assert np.abs(down - up).max() < 0.015


def test_each_step_starts_where_the_last_one_ended() -> None:
    shares = [0.6, 0.2, 0.4]
    params = LoopParams(initial=Law.zipf(6), temperature=0.6, regime="replace", noise=False)
    states = sweep_external(params, shares, 7)
    p = params.initial.probabilities()
    for share, state in zip(shares, states, strict=True):
        step = params.replace(
            initial=Law.from_weights(p),
            reference=params.initial,
            external_fraction=share,
            generations=7,
        )
        p = simulate(step).probabilities[-1]
        assert np.array_equal(state, p)


def test_a_sweep_needs_a_dataset_that_forgets() -> None:
    with pytest.raises(ValueError, match="regime must be replace for a sweep, got 'accumulate'"):
        sweep_external(LoopParams(), [0.1], 3)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sweep_external(LoopParams(regime="replace"), [1.5], 3), "external_fraction must"),
        (lambda: sweep_external(LoopParams(regime="replace"), [0.5], 0), "generations_per_step"),
        (lambda: run_sweep(Law.zipf(3), 0.0, 0), "temperature must"),
        (lambda: run_sweep(Law.zipf(3), 0.5, -1), "seed must"),
    ],
)
def test_what_cannot_be_swept_is_refused(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
