"""Every moral, set-up and answer of the built-in lessons, asserted against the core."""

import math
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import pytest

from closedloop_core import (
    Law,
    LearnerParams,
    LoopParams,
    class_of,
    count_stable_states,
    hill_number,
    run_learner,
    settled_state,
    simulate,
    simulate_ensemble,
    stable_states,
    total_variation,
)
from closedloop_core.closed_forms.drift import mean_time_to_one
from closedloop_core.closed_forms.even import uniform_thresholds
from closedloop_core.closed_forms.published import euclidean_bound
from closedloop_core.exact.summary import needs_at
from closedloop_core.loop.simulate import Trajectory
from pages.ui.images.run import image_loop, run_images
from pages.ui.lessons import course, odds
from pages.ui.lessons.model import Step
from pages.ui.lessons.odds import Outcome
from pages.ui.session.settings import Settings

LESSONS = {name: course.built_in(name) for name in course.BUILT_IN}
STEPS = {(name, step.title): step for name, lesson in LESSONS.items() for step in lesson.steps}
TOLERANCE = 0.1
RUNS = 100


def params_of(step: Step) -> LoopParams:
    return Settings.from_query(step.query)[0].params


def outcome_of(step: Step) -> Outcome:
    return odds.outcome(params_of(step), TOLERANCE, RUNS)


def acts_like(run: Trajectory, t: int = -1) -> float:
    return float(hill_number(run.learned[t], 1))


def far(run: Trajectory, t: int = -1) -> float:
    return float(total_variation(run.learned[t], run.params.source.probabilities()))


def nothing_pulls(step: Step) -> None:
    params = params_of(step)
    still = simulate(params.replace(noise=False))
    assert np.allclose(still.learned, still.learned[0]) and params.temperature == 1
    moves = np.abs(np.diff(simulate(params).learned, axis=0)).sum(axis=1)
    assert moves[:20].mean() > 3 * moves[-20:].mean()


def the_favourite_wins(step: Step) -> None:
    found = outcome_of(step)
    assert found.winner == 0 and found.winners[0] == RUNS
    assert params_of(step).external_fraction == 0.1


def half_is_gone_after_thirty(step: Step) -> None:
    run = simulate(params_of(step))
    start = acts_like(run, 0)
    assert f"{start:.1f}" == "8.2" and "8.2" in step.setup
    lost = [(start - acts_like(run, t)) / start for t in (15, 30, 120)]
    assert lost[0] < 0.5 <= lost[1] < 0.65 and lost[2] < 0.75
    assert run.dataset_size[-1] == 61 * run.dataset_size[0]


def thirty_become_one(step: Step) -> None:
    run = simulate(params_of(step))
    assert run.params.initial.n == 30 and run.params.external_fraction == 0
    assert f"{acts_like(run):.0f}" == "1" and far(run) > 0.7
    assert 10 <= math.log2(run.dataset_size[-1] / run.dataset_size[0]) < 11
    # Without noise a rare word loses about the same share of what is left with every doubling.
    twin = simulate(run.params.replace(noise=False))
    doubled = [int(1000 * (2**d - 1) / 1000) for d in (4, 5, 6, 7, 8, 9)]
    rare = np.log(twin.learned[doubled, -1])
    losses = -np.diff(rare)
    assert losses.min() > 0.2 and losses.max() < 1.3 * losses.min()


def seven_words_are_left(step: Step) -> None:
    assert Settings.from_query(step.query)[0].text is None  # the page's own default
    told = [found.measures.words for found in islice(run_learner(LearnerParams()), 11)]
    assert (told[0], told[10]) == (6_146, 7) and LearnerParams().temperature == 0.7
    assert LearnerParams().external_fraction == 0


def all_are_fours(step: Step) -> None:
    run = run_images(image_loop(params_of(step)))
    assert run.digits[20, 4] > 0.99 and run.digits[0].max() < 0.13


def heat_death(step: Step) -> None:
    found = outcome_of(step)
    assert found.hue == "heat death" and found.classes["heat death"] == RUNS


def a_pinch_does_not_rescue(step: Step) -> None:
    params = params_of(step)
    assert step.question is not None
    least = odds.least_share(step.question, params, TOLERANCE)
    assert f"{100 * odds.next_tenth(least):.1f} %" == "63.7 %" and "63.7 %" in step.moral
    assert [o for o in step.question.options if float(o) / 100 >= least] == ["65", "90"]
    assert far(simulate(params)) < TOLERANCE < far(simulate(params.replace(external_fraction=0.2)))
    slow, none = (simulate(params.replace(external_fraction=a, noise=False)) for a in (0.1, 0.0))
    assert acts_like(slow) > acts_like(none)


def the_past_decides(step: Step) -> None:
    settings = Settings.from_query(step.query)[0]
    stay, _, back = uniform_thresholds(10, settings.params.temperature)
    assert stay == 0.5 and back == pytest.approx(0.625)
    assert stay < settings.params.external_fraction == 0.56 < back
    assert settings.kept is not None
    a, b = simulate(settings.kept), simulate(settings.params)
    assert far(a) < TOLERANCE < far(b)
    assert settings.kept.replace(initial=settings.params.initial) == settings.params
    assert outcome_of(step).hue == "collapse" and far(b) < far(b, 0)
    assert acts_like(b, 0) == pytest.approx(1.6, abs=0.05) and round(acts_like(b)) == 7


def odds_are_the_share_at_the_start(step: Step) -> None:
    params = params_of(step)
    q = params.initial.probabilities()
    many = simulate_ensemble(params, 2_000)
    seen = np.bincount(many.winner, minlength=10) / 2_000
    # Almost all runs have ended; three standard errors of a share of 2,000 runs, and the rest.
    going = np.mean(many.survivors_runs[:, -1] > 1)
    assert going < 0.02
    assert np.all(np.abs(seen - q) < 3.5 * np.sqrt(q * (1 - q) / 2_000) + going)
    assert f"{100 * q[0]:.1f}" == "29.5" and round(mean_time_to_one(q, 20)) == 37


def the_green_line_is_exact(step: Step) -> None:
    source = params_of(step).source
    told = []
    for temperature in (0.7, 0.5):
        needs = needs_at(source, temperature, TOLERANCE)
        told.append(f"{100 * odds.next_tenth(needs.least_external):.1f} %")
        state = settled_state(source, temperature, needs.least_external)
        assert total_variation(state, source.probabilities()) == pytest.approx(0.1, abs=1e-6)
    assert told == ["63.7 %", "78.9 %"]
    assert all(number in step.moral for number in told)


def two_thresholds(step: Step) -> None:
    params = params_of(step)
    assert step.question is not None
    assert odds.least_share(step.question, params, TOLERANCE) == pytest.approx(0.625, abs=1e-6)
    assert needs_at(params.source, 0.5, TOLERANCE).least_external == pytest.approx(0.5, abs=1e-6)
    assert count_stable_states(params.source, 0.5, 0.56) == 11


def four_valleys(step: Step) -> None:
    params = params_of(step)
    states = stable_states(params.source, params.temperature, params.external_fraction)
    classes = [class_of(state, params.source, params.temperature) for state in states]
    assert len(states) == 4 and classes.count("faithful") == 1
    assert count_stable_states(params.source, 0.5, 0.515) == 1
    assert uniform_thresholds(3, 0.5)[2] < 0.515


def they_do_not_heal(step: Step) -> None:
    run = simulate(params_of(step))
    assert far(run, 40) < TOLERANCE < far(run) and acts_like(run) < acts_like(run, 40) - 1
    assert outcome_of(step).within == 0
    assert class_of(run.learned[-1], run.params.source, 0.7) == "sharpened"
    assert settled_state(run.params.source, 0.7, 0.0).max() == pytest.approx(1)


def both_are_right(step: Step) -> None:
    params = params_of(step)
    replaced = simulate_ensemble(params.replace(regime="replace"), RUNS).effective[2, -1]
    joined = simulate_ensemble(params, RUNS).effective[2]
    assert replaced == pytest.approx(1, abs=0.01) and joined[-1] > 7
    assert abs(joined[-1] - joined[60]) < 0.1


def size_is_not_temperature(step: Step) -> None:
    params = params_of(step).replace(regime="replace")
    spread, middle = [], []
    for size in (50, 5_000):
        effective = simulate_ensemble(params.replace(sample_size=size), RUNS).effective[:, -1]
        spread.append(effective[-1] - effective[0])
        middle.append(effective[2])
    twin = acts_like(simulate(params.replace(noise=False)))
    assert spread[1] < spread[0] / 5 and abs(middle[1] - twin) < 0.05


def a_bound_is_no_threshold(step: Step) -> None:
    params = params_of(step)
    q = params.source.probabilities()
    assert f"{100 * float(euclidean_bound(q, params.temperature)):.1f} %" == "95.2 %"
    assert needs_at(params.source, 0.5, TOLERANCE).least_external == pytest.approx(0.5, abs=1e-6)


def prevention_is_cheaper(step: Step) -> None:
    params = params_of(step)
    assert far(simulate(params)) < TOLERANCE
    assert params.external_fraction > needs_at(params.source, 0.7, TOLERANCE).least_external
    even = needs_at(Law.uniform(10), 0.5, TOLERANCE)
    assert even.least_external < even.return_external


ASSERTED: dict[tuple[str, str], Callable[[Step], None]] = {
    ("ten", "Balance."): nothing_pulls,
    ("ten", "A little cold."): the_favourite_wins,
    ("ten", "A language model's own words."): seven_words_are_left,
    ("ten", "Too hot."): heat_death,
    ("ten", "Rescue."): a_pinch_does_not_rescue,
    ("ten", "Too late?"): the_past_decides,
    ("ten", "What luck adds."): odds_are_the_share_at_the_start,
    ("fifty", "The loop."): nothing_pulls,
    ("fifty", "Draw it first."): half_is_gone_after_thirty,
    ("fifty", "The clock that counts."): thirty_become_one,
    ("fifty", "A language model's own words."): seven_words_are_left,
    ("fifty", "Images too."): all_are_fours,
    ("fifty", "Too hot."): heat_death,
    ("fifty", "All settings at once."): the_green_line_is_exact,
    ("fifty", "Two thresholds."): two_thresholds,
    ("fifty", "Prevention against cure."): the_past_decides,
    ("fifty", "Why: a landscape."): four_valleys,
    ("fifty", "The well runs dry."): they_do_not_heal,
    ("fifty", "Luck alone."): odds_are_the_share_at_the_start,
    ("fifty", "Why results disagree."): both_are_right,
    ("fifty", "How much data?"): size_is_not_temperature,
    ("fifty", "What is proved."): a_bound_is_no_threshold,
    ("fifty", "What to take home."): prevention_is_cheaper,
}


@pytest.mark.parametrize("key", STEPS, ids=lambda key: f"{key[0]}: {key[1]}")
def test_what_a_lesson_says_is_what_the_core_finds(key: Any) -> None:
    ASSERTED[key](STEPS[key])


def test_the_lessons_take_as_long_as_they_are_called() -> None:
    assert LESSONS["ten"].minutes == 10 and LESSONS["fifty"].minutes == 50
    assert set(ASSERTED) == set(STEPS)


def test_a_moral_of_the_ten_minutes_is_one_line_on_a_projector() -> None:
    assert [s.moral for s in LESSONS["ten"].steps if len(s.moral) > 85] == []


def test_every_step_has_what_a_speaker_needs_and_every_kind_is_asked() -> None:
    kinds = set()
    for step in STEPS.values():
        assert step.setup and step.moral and step.notes
        kinds |= {step.question.kind} if step.question else set()
    assert kinds == {"winner", "class", "curve", "share", "return"}
