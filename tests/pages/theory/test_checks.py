"""Every check of the theory page holds, over laws, temperatures, shares and at the limits."""

import functools
from typing import Any

import pytest

from closedloop_core import Law, LoopParams
from pages.ui.theory import STATEMENTS, essence

LAWS = {
    "zipf": Law.zipf(10),
    "even": Law.uniform(10),
    "coin": Law.uniform(2),
    "text": Law.real_text(30),
    "a zero": Law.from_weights([5, 3, 2, 0]),
    "ties": Law.from_weights([4, 4, 2, 1, 1]),
}
TEMPERATURES = (0.3, 0.5, 0.8, 1.0, 1.5, 3.0)
SHARES = (0.0, 0.1, 0.35, 0.56, 0.9)
EXTREMES = [
    LoopParams(initial=Law.zipf(10_000), temperature=0.5, external_fraction=0.1),
    LoopParams(initial=Law.uniform(10_000), temperature=1.5),
    LoopParams(initial=Law.zipf(10, 20), temperature=0.02, external_fraction=0.5),
    LoopParams(initial=Law.from_weights([1, 0]), temperature=50.0, external_fraction=0.5),
    LoopParams(initial=Law.geometric(50, 0.01), temperature=0.02, external_fraction=1.0),
    LoopParams(initial=Law.dirichlet(300, 0.05), temperature=0.999, external_fraction=0.5),
    LoopParams(sample_size=10**9, initial_size=10**9, growth=0.5, generations=20),
    LoopParams(sample_size=1, initial_size=1, temperature=0.7),
    LoopParams(
        initial=Law.from_weights([91, 1, 1, 1, 1, 0]),
        reference=Law.from_weights([0, 1, 1, 1, 1, 1]),
        temperature=0.5,
        external_fraction=0.3,
        regime="subsample",
        subsample_size=7,
        noise=False,
    ),
]


@functools.cache
def check_at(statement: Any, params: Any) -> Any:
    """Check a statement where it applies; many settings share the nearest such place."""
    return statement.check(params)


def assert_all_hold(params: Any) -> None:
    wrong = []
    for statement in STATEMENTS:
        used = statement.nearest(params)
        check = check_at(statement, used)
        if not check.holds:
            wrong.append((statement.title, check, used))
    assert not wrong


# Each law at every third temperature, each temperature with every third law.
@pytest.mark.parametrize(
    ("temperature", "name"),
    [
        (temperature, name)
        for i, temperature in enumerate(TEMPERATURES)
        for j, name in enumerate(LAWS)
        if (i + j) % 3 == 0
    ],
)
def test_every_check_holds(temperature: Any, name: Any) -> None:
    # One share per temperature and law here, all of them over the table: each check costs time.
    share = SHARES[(TEMPERATURES.index(temperature) + list(LAWS).index(name)) % len(SHARES)]
    assert_all_hold(
        LoopParams(initial=LAWS[name], temperature=temperature, external_fraction=share)
    )


@pytest.mark.parametrize("share", SHARES)
def test_every_check_holds_over_the_shares(share: Any) -> None:
    assert_all_hold(LoopParams(temperature=0.5, external_fraction=share))


@pytest.mark.parametrize("params", EXTREMES, ids=range(len(EXTREMES)))
def test_every_check_holds_at_the_limits(params: Any) -> None:
    assert_all_hold(params)
    assert_all_hold(essence(params))
