"""The verdict's three clauses: each is true of the run, and none contradicts another."""

import numpy as np
import pytest

from closedloop_core import (
    Change,
    Law,
    LoopParams,
    class_of,
    minimum_external_fraction,
    return_external_fraction,
    simulate,
)
from closedloop_core.exact.summary import settled_after
from pages.ui.canvas.pack import unpack
from pages.ui.playground.cached import player_run
from pages.ui.playground.run import phase_changes
from pages.ui.widgets import verdict
from tests.pages.visit import clause, ends, headers, notes, open_page

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.mark.parametrize(
    ("temperature", "external", "tolerance", "phase"),
    [
        ("0.5", "0", "0.1", "collapse"),
        ("0.5", "0.75", "0.1", "sharpened"),
        ("0.5", "0.82", "0.1", "faithful"),
        ("1.1", "0.2", "0.02", "flattened"),
        ("2", "0", "0.1", "heat death"),
    ],
)
def test_the_run_ends_where_its_link_leads(
    temperature: str, external: str, tolerance: str, phase: str
) -> None:
    at = open_page(temperature=temperature, external_fraction=external, tolerance=tolerance)
    assert ends(at) == phase


def test_the_tolerance_is_part_of_the_link_and_moves_the_verdict() -> None:
    at = open_page(temperature="0.5", external_fraction="0.7")
    assert ends(at) == "sharpened" and "within 10" in clause(at, "needs")
    at = open_page(temperature="0.5", external_fraction="0.7", tolerance="0.2")
    assert ends(at) == "faithful" and "within 20" in clause(at, "needs")
    assert dict(at.query_params)["tolerance"] == "0.2"
    assert "tolerance must be" in notes(open_page(tolerance="9"))


@pytest.mark.parametrize(
    ("query", "ends_says", "needs_says"),
    [
        # A share is printed to a tenth, rounded up, so that the printed one suffices.
        ({"temperature": "0.5", "external_fraction": "0.785"}, "faithful", "at least 78.3\xa0%"),
        ({"temperature": "1", "noise": "off"}, "nothing moves", "any share of external data"),
        ({"temperature": "1"}, "freezes at a random mix", "would lead it back"),
        ({"temperature": "1", "regime": "replace"}, "luck alone decides which", "would lead"),
        (
            {"temperature": "1", "reference": "uniform:10", "external_fraction": "0.5"},
            "faithful",
            "leads the loop to its source",
        ),
        (
            {"initial": "uniform:10", "temperature": "0.5", "external_fraction": "0.56"},
            "history decides",
            "but 62.5\xa0% to come back from any state; it gets 56\xa0%",
        ),
        ({"initial": "uniform:10", "temperature": "3"}, "faithful", "needs no external data"),
    ],
)
def test_ends_and_needs_are_true(query: dict[str, str], ends_says: str, needs_says: str) -> None:
    at = open_page(**query)
    assert ends_says in clause(at, "ends") and needs_says in clause(at, "needs")


def test_the_need_is_the_cores_threshold_rounded_up_and_by_no_more_than_a_tenth() -> None:
    for seed in range(6):
        rng = np.random.default_rng(seed)
        law = Law.dirichlet(int(rng.integers(3, 20)), 1.0, seed)
        temperature = float(rng.uniform(0.3, 0.95))
        params = LoopParams(initial=law, temperature=temperature, generations=20)
        told = verdict.plain_text(verdict.needs_clause(params, player_run(params, 0.1).ends.needs))
        stay = float(told.partition("at least ")[2].partition("\xa0")[0]) / 100
        least = minimum_external_fraction(law, temperature)
        assert least <= stay + 1e-12 < least + 0.001 + 1e-12
        back = return_external_fraction(law, temperature)
        assert ("to come back" in told) == (f"{1000 * back:.0f}" != f"{1000 * least:.0f}")


@pytest.mark.parametrize("noise", [True, False])
@pytest.mark.parametrize("regime", ["replace", "accumulate", "subsample"])
def test_the_class_of_every_generation_is_the_cores(regime: str, noise: bool) -> None:
    params = LoopParams(
        temperature=0.6, regime=regime, noise=noise, generations=60, seed=2,
        schedule=(Change(20, "temperature", 1.8), Change(40, "external_fraction", 0.9)),
    )  # fmt: skip
    run = simulate(params)
    changes = phase_changes(run, 0.1)
    for t in range(61):
        said = [phase for start, phase in changes if start <= t][-1]
        assert said == class_of(run.learned[t], params.source, params.at(t).temperature, 0.1)
    assert all(a != b for (_, a), (_, b) in zip(changes, changes[1:], strict=False))


def test_a_run_ends_where_its_own_last_state_leads_not_where_its_start_would() -> None:
    # Even source, T = 1/2, 56 % external: the even state and a collapse are both stable. Luck
    # decides, and the clause must speak of the run that is shown.
    params = LoopParams(
        initial=Law.uniform(10), temperature=0.5, external_fraction=0.3,
        regime="replace", sample_size=30, schedule=(Change(40, "external_fraction", 0.56),),
        generations=80,
    )  # fmt: skip
    for seed in range(4):
        run = simulate(params.replace(seed=seed))
        last = settled_after(run)
        phase = class_of(last, params.source, 0.5)
        assert player_run(params.replace(seed=seed), 0.1).ends.phase == phase


def test_a_flat_start_by_luck_alone_is_no_exact_tie() -> None:
    at = open_page(initial="uniform:10", temperature="0.5")
    assert ends(at) == "collapse" and "10 states are stable here" in clause(at, "ends")


def test_below_temperature_one_a_wrong_winner_is_collapse_not_heat_death() -> None:
    start = Law.from_weights([1, 98, 1])
    source = Law.from_weights([947, 45, 8])
    query = LoopParams(
        initial=start, reference=source, temperature=0.54, external_fraction=0.16
    ).to_query()
    assert ends(open_page(**query)) == "collapse"


def test_the_sentence_begins_with_where_the_run_starts() -> None:
    at = open_page(initial="zipf:3", reference="uniform:3", temperature="0.5")
    begins = headers(at)["verdict"]["begins"]
    assert begins["count"] == "Three outcomes" and not begins["at_source"]
    assert begins["distance"] == pytest.approx(6 / 11 - 1 / 3)
    packed = headers(at)["player"]["phases"]
    assert packed[0] == [0, "flattened"] or packed[0][0] == 0


def test_what_is_packed_is_what_the_verdict_reads() -> None:
    params = LoopParams(temperature=0.5, generations=40)
    data, settled, _ = player_run(params, 0.1)
    header = unpack(data)[0]
    assert [tuple(x) for x in header["phases"]] == phase_changes(simulate(params), 0.1)
    assert header["twin_phases"] is not None and settled.phase == "collapse"
