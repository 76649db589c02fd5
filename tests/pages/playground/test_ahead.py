"""What a class will ask for next: which settings are made ready, when, and that it is the same."""

import pytest

from closedloop_core import Change, Law, LoopParams
from pages.ui.cached import TEMPERATURE_RANGE
from pages.ui.playground.work import cached
from pages.ui.playground.work.ahead import CLASS, PLACES, Ahead, Dial
from pages.ui.playground.work.cached import computed_run, make_ready

START = LoopParams(initial=Law.zipf(6), temperature=0.7, external_fraction=0.1, generations=30)
ALIKE = START.replace(temperature=1.0)


def asked(params: LoopParams, times: int, ahead: Ahead | None = None) -> Ahead:
    ahead = ahead or Ahead()
    for seed in range(times):
        ahead.count(params.replace(seed=seed, temperature=1.0 + seed / 100), 0.1)
    return ahead


def test_it_begins_with_twenty_runs_that_differ_by_seed_and_temperature() -> None:
    assert not asked(START, CLASS - 1).dials
    (dial,) = asked(START, CLASS).dials
    assert (dial.alike, dial.tolerance) == (ALIKE, 0.1)
    order = dial.places[::-1]
    assert order[0] == 1.0 + (CLASS - 1) / 100 and sorted(order) == list(PLACES)
    # By ratio: half of a temperature is as near as its double.
    near = [max(t / order[0], order[0] / t) for t in order]
    assert near == pytest.approx(sorted(near))


def test_the_places_are_those_of_the_dial() -> None:
    assert (PLACES[0], PLACES[-1]) == TEMPERATURE_RANGE and len(PLACES) == 481


def test_it_begins_once_and_the_last_dial_is_worked_on() -> None:
    ahead = asked(START, CLASS)
    asked(START, 3 * CLASS, ahead)
    assert len(ahead.dials) == 1
    for tenths in range(2, 9):
        asked(START.replace(external_fraction=tenths / 10), CLASS, ahead)
    assert [dial.alike.external_fraction for dial in ahead.dials] == [0.5, 0.6, 0.7, 0.8]


@pytest.mark.parametrize(
    "params",
    [
        START.replace(schedule=(Change(10, "temperature", 1.2),)),
        START.replace(initial=Law.from_weights([3, 2, 1], ["a", "b", "c"])),  # a visitor's own
        START.replace(generations=2_000),  # twins of that size are not kept
    ],
)
def test_what_seeds_do_not_share_is_not_made_ready(params: LoopParams) -> None:
    assert not asked(params, 2 * CLASS).dials


def test_settings_that_are_counted_are_bounded() -> None:
    ahead = asked(START, CLASS - 1)
    for size in range(200):
        ahead.count(START.replace(sample_size=1_000 + size), 0.1)
    assert not asked(START, 1, ahead).dials  # it counts from the start again


@pytest.mark.parametrize("regime", ["accumulate", "replace", "subsample"])
def test_what_is_ready_is_not_computed_again(regime: str, monkeypatch: pytest.MonkeyPatch) -> None:
    params = START.replace(regime=regime, temperature=0.61, external_fraction=0.3)
    make_ready(params.replace(seed=0), 0.1)

    def never(*_: object) -> None:
        raise AssertionError("it was ready")

    with monkeypatch.context() as now:
        now.setattr(cached, "_made_twin", never)
        now.setattr("pages.ui.settled.cached.settled_from", never)
        now.setattr("pages.ui.settled.cached.needs_at", never)
        found = computed_run(params.replace(seed=3), 0.1)
    # Another tolerance is another key: all of it is computed anew, and the limit is the same.
    anew = computed_run(params.replace(seed=3), 0.1 + 1e-12)
    assert found.limit.distance == anew.limit.distance and found.limit.phase == anew.limit.phase


def test_one_after_the_other_until_none_is_left() -> None:
    ahead = Ahead()
    assert not ahead.do_one()
    ahead.dials = [Dial(ALIKE, 0.1, [0.9]), Dial(START.replace(noise=False), 0.1, [0.6, 1.3])]
    assert ahead.do_one() and [dial.places for dial in ahead.dials] == [[0.9], [0.6]]
    assert ahead.do_one() and ahead.do_one() and not ahead.do_one()
