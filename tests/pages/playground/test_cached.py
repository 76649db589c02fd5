"""What the playground keeps, and its short way to where a run ends, against the long one."""

import random

import pytest

from closedloop_core import Law, LoopParams, equilibrium, simulate
from closedloop_core.exact.summary import settled_after, summarise
from pages.ui.canvas import pack
from pages.ui.playground.work.cached import computed_run, ends_of
from pages.ui.remembered import remembered
from pages.ui.settled.cached import needs_of

LAWS = (Law.zipf(10), Law.real_text(10), Law.uniform(5), Law.geometric(6), Law.zipf(2))


def test_where_a_run_ends_is_found_the_short_way_too() -> None:
    chance, short = random.Random(1), 0
    for seed in range(120):
        law = chance.choice(LAWS)
        params = LoopParams(
            initial=law,
            temperature=round(chance.uniform(0.3, 3.0), 2),
            external_fraction=round(chance.uniform(0.0, 1.0), 2),
            regime=chance.choice(("accumulate", "replace", "subsample")),
            sample_size=chance.choice((10, 100)),
            generations=30,
            seed=seed,
        )
        run = simulate(params)
        setting = (law, params.temperature, params.external_fraction)
        needs = needs_of(law, params.temperature, 0.1)
        long = summarise(settled_after(run), *setting, needs)
        found, end = ends_of(run, 0.1)
        assert (found.phase, found.n_stable) == (long.phase, long.n_stable)
        assert found.needs == long.needs
        assert found.effective == pytest.approx(long.effective, abs=1e-6)
        assert found.distance == pytest.approx(long.distance, abs=1e-7)
        assert found.shift == pytest.approx(long.shift, abs=1e-6)
        if end is None:
            assert found.n_stable == 1
        else:
            away = 0.5 * abs(end - law.probabilities()).sum()
            assert found.distance == pytest.approx(away, abs=1e-12)
        short += end is None
    assert short > 60


def flag_of(params: LoopParams) -> str | None:
    flag: str | None = pack.unpack(computed_run(params, 0.1).packed)[0]["flag"]
    return flag


def test_luck_is_named_where_it_has_led_a_run_to_another_state() -> None:
    cold = LoopParams(
        initial=Law.from_weights([5, 4, 1]), temperature=0.5, sample_size=3, initial_size=3,
        generations=60,
    )  # fmt: skip
    found = {
        int(simulate(cold.replace(seed=seed)).probabilities[-1].argmax()): seed
        for seed in range(40)
    }
    assert flag_of(cold.replace(seed=found[0])) is None
    said = flag_of(cold.replace(seed=found[1]))
    assert said is not None and "luck made “outcome 2” lead, not “outcome 1”" in said


def test_a_run_that_is_tied_itself_has_had_no_luck_yet() -> None:
    even = LoopParams(
        initial=Law.uniform(2), temperature=0.36, regime="subsample", sample_size=2,
        initial_size=1_000, generations=20, seed=837_721,
    )  # fmt: skip
    assert simulate(even).probabilities[-1].tolist() == [0.5, 0.5]
    assert flag_of(even) is None
    (broken,) = {flag_of(even.replace(seed=seed, generations=100)) for seed in (1,)}
    assert broken is not None and broken.startswith("Luck broke a tie")


def test_run_and_twin_are_followed_by_the_steps_of_the_same_regime() -> None:
    # By whole steps the twin would go to outcome 3, by ever smaller ones to outcome 2.
    params = LoopParams(
        initial=Law.from_weights([0.44, 0.35, 0.2]),
        reference=Law.from_weights([0.16, 0.37, 0.47]),
        temperature=0.6, external_fraction=0.27, sample_size=10_000, generations=1, seed=0,
    )  # fmt: skip
    twin = simulate(params.replace(noise=False)).probabilities[-1]
    setting = (params.source, params.temperature, params.external_fraction)
    whole, small = (
        int(equilibrium(*setting, start=twin, regime=regime).argmax())
        for regime in ("replace", "accumulate")
    )
    assert (whole, small) == (2, 1)
    said = flag_of(params)  # the run itself goes to outcome 3
    assert said is not None and "luck made “outcome 3” lead, not “outcome 2”" in said


def test_the_last_results_are_kept_by_what_they_depend_on() -> None:
    asked: list[tuple[int, float]] = []

    @remembered(max_entries=2)
    def count(law: Law, number: float) -> float:
        asked.append((law.n, number))
        return law.n * number

    assert count(Law.zipf(10), 2.0) == count(Law.zipf(10), 2.0) == 20.0
    assert count(Law.zipf(9), 2.0) == 18.0
    assert asked == [(10, 2.0), (9, 2.0)]
    count(Law.zipf(10), 2.0)  # asked for again: the other one is now the oldest
    count(Law.zipf(8), 2.0)
    count(Law.zipf(10), 2.0)
    count(Law.zipf(9), 2.0)
    assert asked == [(10, 2.0), (9, 2.0), (8, 2.0), (9, 2.0)]


def test_every_field_of_the_settings_is_part_of_their_key() -> None:
    base = LoopParams()
    changes = (
        {"initial": Law.zipf(11)}, {"reference": Law.uniform(10)}, {"temperature": 0.7},
        {"external_fraction": 0.2}, {"sample_size": 7}, {"noise": False}, {"regime": "replace"},
        {"initial_size": 7}, {"growth": 0.1}, {"subsample_size": 7}, {"generations": 7},
        {"seed": 7},
    )  # fmt: skip
    keys = {base.key, *(base.replace(**change).key for change in changes)}
    assert len(keys) == len(changes) + 1
