"""Where theory gives a number, a run shows it: and where it gives none, none is claimed."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import (
    Change,
    Law,
    LoopParams,
    agreements,
    evidence,
    simulate,
    simulate_ensemble,
    total_variation,
)
from closedloop_core.comparisons import winning_odds
from closedloop_core.exact.settled import settled_from


@pytest.mark.parametrize(
    "params",
    [
        LoopParams(temperature=0.5, noise=False, regime="replace", generations=50),
        LoopParams(temperature=2.0, noise=False, regime="replace", generations=50),
        LoopParams(temperature=0.5, external_fraction=0.6, noise=False, regime="replace"),
        LoopParams(temperature=2.0, external_fraction=0.2, noise=False, regime="replace"),
    ],
)
def test_a_run_without_luck_agrees_with_theory(params: Any) -> None:
    found = agreements(simulate(params))
    assert found and not any(one.kind == "mean" for one in found)
    for one in found:
        assert one.simulated == pytest.approx(one.theory, abs=1e-9)


@pytest.mark.parametrize("regime", ["replace", "accumulate"])
@pytest.mark.parametrize("share", [0.0, 0.2])
def test_runs_at_temperature_one_agree_with_theory_on_average(regime: str, share: float) -> None:
    runs = 300
    params = LoopParams(
        temperature=1.0, external_fraction=share, regime=regime, sample_size=40, generations=60
    )
    found = [agreements(simulate(params.replace(seed=seed))) for seed in range(runs)]
    if regime == "accumulate" and share > 0:
        assert found[0] == []
        return
    simulated = np.array([one[0].simulated for one in found])
    # Five standard errors: a chance of 1 in 1.7 million for each of a few fixed seeds' means.
    error = 5 * simulated.std(ddof=1) / np.sqrt(runs)
    assert abs(simulated.mean() - found[0][0].theory) < error


def test_after_a_change_only_the_end_is_compared() -> None:
    changed = LoopParams(
        temperature=1.0,
        regime="replace",
        noise=False,
        generations=400,
        schedule=(Change(30, "temperature", 0.7), Change(30, "external_fraction", 0.3)),
    )
    run = simulate(changed)
    (found,) = agreements(run)
    assert found.kind == "limit"
    q = changed.source.probabilities()
    end = settled_from(run.probabilities[30], changed.source, 0.7, 0.3)
    assert found.theory == pytest.approx(float(total_variation(end, q)))
    assert found.simulated == pytest.approx(found.theory, abs=1e-6)


def test_where_no_closed_form_is_known_none_is_shown() -> None:
    urn = LoopParams(initial=Law.zipf(4), temperature=0.5, sample_size=1, generations=5)
    assert winning_odds(simulate_ensemble(urn, 20))[2] is not None
    # Too many original items for the sums, or another external share than 0.
    for change in ({"initial_size": 20_000}, {"external_fraction": 0.2}, {"sample_size": 2}):
        assert winning_odds(simulate_ensemble(urn.replace(**change), 20))[2] is None
    held = urn.replace(temperature=1.0, external_fraction=0.2)
    assert evidence(simulate_ensemble(held, 20)) == []
