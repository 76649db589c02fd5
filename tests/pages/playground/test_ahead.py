"""What a class will ask for next: which settings are made ready, when, and that it is the same."""

import pytest

from closedloop_core import Change, Law, LoopParams
from pages.ui.playground.work import cached
from pages.ui.playground.work.ahead import CLASS, PLACES, Ahead
from pages.ui.playground.work.cached import computed_run, make_ready

START = LoopParams(initial=Law.zipf(6), temperature=0.7, external_fraction=0.1, generations=30)


def asked(params: LoopParams, times: int, ahead: Ahead | None = None) -> Ahead:
    ahead = ahead or Ahead()
    for seed in range(times):
        ahead.count(params.replace(seed=seed, temperature=1.0 + seed / 100), 0.1)
    return ahead


def test_a_class_begins_with_twenty_runs_that_differ_by_seed_and_temperature() -> None:
    assert not asked(START, CLASS - 1).waiting
    ahead = asked(START, CLASS)
    assert len(ahead.waiting) == len(PLACES) == 481
    assert {params.replace(temperature=0.7) for params, _ in ahead.waiting} == {START}
    order = [params.temperature for params, _ in reversed(ahead.waiting)]
    assert order[0] == 1.0 + (CLASS - 1) / 100 and sorted(order) == list(PLACES)
    # By ratio: half of a temperature is as near as its double.
    near = [max(t / order[0], order[0] / t) for t in order]
    assert near == pytest.approx(sorted(near))


def test_it_begins_once_and_the_last_class_is_served() -> None:
    ahead = asked(START, CLASS)
    first, _ = ahead.waiting[-1]
    asked(START, 3 * CLASS, ahead)
    assert ahead.waiting[-1][0] == first
    asked(START.replace(external_fraction=0.2), CLASS, ahead)
    assert {params.external_fraction for params, _ in ahead.waiting} == {0.2}


@pytest.mark.parametrize(
    "params",
    [
        START.replace(schedule=(Change(10, "temperature", 1.2),)),
        START.replace(initial=Law.from_weights([3, 2, 1], ["a", "b", "c"])),  # a visitor's own
        START.replace(generations=2_000),  # twins of that size are not kept
    ],
)
def test_what_seeds_do_not_share_is_not_made_ready(params: LoopParams) -> None:
    assert not asked(params, 2 * CLASS).waiting


def test_settings_that_are_counted_are_bounded() -> None:
    ahead = asked(START, CLASS - 1)
    for size in range(200):
        ahead.count(START.replace(sample_size=1_000 + size), 0.1)
    assert not asked(START, 1, ahead).waiting  # it counts from the start again


@pytest.mark.parametrize("regime", ["accumulate", "replace", "subsample"])
@pytest.mark.parametrize("noise", [True, False])
def test_what_is_ready_is_not_computed_again(
    regime: str, noise: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = START.replace(regime=regime, noise=noise, temperature=0.61, seed=3)
    whole = computed_run(params.replace(generations=29), 0.1)
    make_ready(params.replace(seed=0), 0.1)

    def never(*_: object) -> None:
        raise AssertionError("it was ready")

    monkeypatch.setattr(cached, "_made_twin", never)
    monkeypatch.setattr("pages.ui.settled.cached.settled_from", never)
    monkeypatch.setattr("pages.ui.settled.cached.needs_at", never)
    found = computed_run(params, 0.1)
    assert found.limit == whole.limit  # the limit does not depend on the number of generations


def test_one_after_the_other_until_none_is_left() -> None:
    ahead = Ahead()
    assert not ahead.do_one()
    ahead.waiting = [(START, 0.1), (START.replace(temperature=1.3), 0.1)]
    assert ahead.do_one() and [params for params, _ in ahead.waiting] == [START]
    assert ahead.do_one() and not ahead.do_one()
