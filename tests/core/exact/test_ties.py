"""At and around the share where tied leaders part, counts, lists and the diagram agree."""

import numpy as np
import pytest

from closedloop_core import Law, count_stable_states, phase_diagram, stable_states


@pytest.mark.parametrize(
    ("n", "temperature"), [(3, 0.5), (4, 0.9), (10, 0.5), (10, 0.9), (50, 0.3)]
)
@pytest.mark.parametrize("off", [-1e-3, -1e-6, 1e-6, 1e-4])
def test_an_even_law_has_n_states_below_and_one_more_above(
    n: int, temperature: float, off: float
) -> None:
    law, share = Law.uniform(n), 1 - temperature + off
    expected = n if off < 0 else n + 1
    assert count_stable_states(law, temperature, share) == expected
    assert len(stable_states(law, temperature, share)) == expected
    assert phase_diagram(law, [temperature], [share]).n_stable[0, 0] == expected


@pytest.mark.parametrize("temperature", [0.1, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("off", [-1e-3, -1e-6, 0.0, 1e-9, 1e-6, 1e-3])
def test_two_even_outcomes_part_gently(temperature: float, off: float) -> None:
    # A pitchfork: two states below, one at and above, never a crowd of rounding errors.
    law, share = Law.uniform(2), 1 - temperature + off
    expected = 2 if off < 0 else 1
    assert count_stable_states(law, temperature, share) == expected
    assert len(stable_states(law, temperature, share)) == expected
    assert phase_diagram(law, [temperature], [share]).n_stable[0, 0] == expected


def test_an_absent_outcome_beside_a_tie_is_counted_once() -> None:
    states = stable_states([0.5, 0.5, 0.0], 0.5, 0.5)
    assert len(states) == count_stable_states([0.5, 0.5, 0.0], 0.5, 0.5)
    gaps = np.abs(states[:, None] - states).sum(axis=-1)[np.triu_indices(len(states), 1)]
    assert np.all(gaps > 1e-6)
