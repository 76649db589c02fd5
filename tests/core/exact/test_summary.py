"""The summary says what the functions it gathers say; its thresholds are where the class turns."""

from typing import Any

import numpy as np
import pytest

from closedloop_core import (
    Change,
    Law,
    LoopParams,
    class_of,
    collapse_threshold,
    count_stable_states,
    entropy_shift,
    equilibrium,
    hill_number,
    leading_eigenvalue,
    minimum_external_fraction,
    settled_state,
    simulate,
    total_variation,
    uniform_thresholds,
)
from closedloop_core.exact.settled import settled_from
from closedloop_core.exact.summary import needs_at, settled_after, summarise

LAWS = [
    Law.zipf(6),
    Law.uniform(5),
    Law.uniform(2),
    Law.from_weights([4, 4, 2, 1]),
    Law.geometric(8, 0.5),
]


@pytest.mark.parametrize("law", LAWS, ids=Law.describe)
@pytest.mark.parametrize("temperature", [0.4, 0.85, 1.0, 1.6])
@pytest.mark.parametrize("share", [0.0, 0.2, 0.7, 1.0])
def test_a_summary_gathers_what_the_functions_say(
    law: Any, temperature: float, share: float
) -> None:
    state = settled_state(law, temperature, share)
    needs = needs_at(law, temperature, tolerance=0.2)
    found = summarise(state, law, temperature, share, needs)
    q = law.probabilities()
    assert found.phase == class_of(state, law, temperature, 0.2)
    assert found.shift == entropy_shift(state, law)
    assert found.distance == total_variation(state, q)
    assert found.effective == hill_number(state, 1)
    assert found.eigenvalue == leading_eigenvalue(state, law, temperature, share)
    if temperature == 1 and share == 0:
        assert found.n_stable == 0  # every state stays
    else:
        assert found.n_stable == count_stable_states(law, temperature, share)
    assert found.needs is needs
    assert (found.tolerance, found.least_external) == (0.2, needs.least_external)
    assert found.other_winner == needs.other_winner


@pytest.mark.parametrize("law", LAWS, ids=Law.describe)
@pytest.mark.parametrize("temperature", [0.4, 0.85, 1.6])
@pytest.mark.parametrize("tolerance", [0.05, 0.1, 0.3])
def test_the_least_share_is_where_the_class_turns_faithful(
    law: Any, temperature: float, tolerance: float
) -> None:
    least = needs_at(law, temperature, tolerance).least_external
    assert least == minimum_external_fraction(law, temperature, tolerance)

    def named(share: Any) -> Any:
        return class_of(settled_state(law, temperature, share), law, temperature, tolerance)

    assert named(least + 1e-6 * (1 - least)) == "faithful"
    if least > 0:
        assert named(least * (1 - 1e-6)) != "faithful"
    else:
        assert named(0.0) == "faithful"


@pytest.mark.parametrize("law", LAWS, ids=Law.describe)
@pytest.mark.parametrize("temperature", [0.4, 0.85])
def test_below_the_other_winners_share_another_outcome_can_win(
    law: Any, temperature: float
) -> None:
    found = needs_at(law, temperature).other_winner
    q = law.probabilities()
    if np.ptp(q) == 0:
        assert found == uniform_thresholds(law.n, temperature)[2]
    else:
        others = np.delete(np.arange(law.n), np.argmax(q))
        thresholds = [collapse_threshold(law, temperature, int(j)) for j in others]
        assert found == pytest.approx(max(thresholds), abs=1e-8)
    assert count_stable_states(law, temperature, found - 1e-6) > 1
    # From there a loop that begins with another outcome ahead keeps it; above, it comes back.
    second = int(np.argsort(-q, kind="stable")[1])
    ahead = 0.01 * q + 0.99 * np.eye(law.n)[second]
    assert equilibrium(law, temperature, found - 1e-3, start=ahead).argmax() == second
    above = equilibrium(law, temperature, found + 1e-3, start=ahead)
    assert q[above.argmax()] == q.max()
    assert np.ptp(q) > 0 or np.ptp(above) < 1e-6


def test_from_temperature_one_on_no_other_outcome_wins() -> None:
    assert needs_at(Law.zipf(5), 1.0) == needs_at(Law.zipf(5).probabilities(), 1.0)
    for temperature in (1.0, 2.0):
        assert needs_at(Law.zipf(5), temperature).other_winner is None
    assert needs_at(Law.zipf(5), 1.0).least_external == 0.0


@pytest.mark.parametrize("regime", ["replace", "accumulate"])
def test_a_run_settles_where_its_last_settings_lead(regime: str) -> None:
    plain = LoopParams(
        initial=Law.zipf(5),
        temperature=0.6,
        external_fraction=0.2,
        regime=regime,
        noise=False,
        generations=300,
    )
    run = simulate(plain)
    # From another start in the same basin: the same state, to the solver's accuracy.
    expected = settled_state(Law.zipf(5), 0.6, 0.2)
    np.testing.assert_allclose(settled_after(run), expected, rtol=0, atol=1e-12)
    changed = plain.replace(schedule=(Change(100, "temperature", 0.9),), growth=None)
    run = simulate(changed)
    start = run.probabilities[-1]
    expected = settled_from(start, Law.zipf(5), 0.9, 0.2, regime)
    assert np.array_equal(settled_after(run), expected)
    if regime == "replace":
        assert total_variation(run.probabilities[-1], expected) < 1e-6


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: needs_at(Law.zipf(3), 0.0), "temperature must be"),
        (lambda: needs_at(Law.zipf(3), 0.5, 1.0), "tolerance must lie between 0 and 1"),
        (lambda: needs_at([0.5, 0.6], 0.5), "reference must sum to 1"),
        (
            lambda: summarise([0.5, 0.5], Law.zipf(3), 0.5, 0.1, needs_at(Law.zipf(3), 0.5)),
            "same number of outcomes",
        ),
        (
            lambda: summarise([1, 0, 0], Law.zipf(3), 0.5, 1.1, needs_at(Law.zipf(3), 0.5)),
            "external_fraction must be",
        ),
    ],
)
def test_what_cannot_be_summarised_is_refused(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
