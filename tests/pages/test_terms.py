"""The table of terms: what must be in it, and that the pages use it."""

import re

import pytest

from closedloop_core.settings.params import HELP
from pages.ui import terms, theory
from pages.ui.session.settings import CHOICES
from pages.ui.widgets import proof
from tests.pages.visit import headers, open_shut

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ASKED = (
    *("act like", "exp(entropy)", "multistable", "basin", "Zipf", "shift s", "TV", "mu"),
    *("eigenvalue", "Maxwell", "Fisher–Rao", "potential", "nats", "doublings"),
)


def test_every_term_has_a_short_sentence() -> None:
    assert set(ASKED) <= set(terms.TERMS)
    for name, words in terms.TERMS.items():
        assert words.endswith(".") and 25 < len(words) < 220, name


def test_what_is_explained_where_it_stands_comes_from_the_table() -> None:
    sent = headers(open_shut("app.py"))
    assert terms.TERMS["act like"] in sent["verdict"]["terms"]["middle"]
    assert terms.TERMS["multistable"] in sent["verdict"]["terms"]["ends"]
    assert terms.TERMS["exp(entropy)"] in sent["player"]["terms"]["effective"]
    assert terms.TERMS["nats"] in sent["player"]["terms"]["nats"]
    assert terms.TERMS["TV"] in sent["player"]["terms"]["distance"]
    assert terms.TERMS["doublings"] in sent["player"]["terms"]["doublings"]
    assert terms.TERMS["mu"] in sent["map"]["terms"]["map"]
    sent = headers(open_shut("pages/2_Geometry.py"))
    assert terms.TERMS["basin"] in sent["geometry"]["terms"]
    assert terms.TERMS["potential"] in sent["well"]["terms"]


def test_every_line_of_the_proof_has_its_term() -> None:
    at = open_shut("app.py", ("fold_proof",), temperature="0.5", external_fraction="0.2")
    lines = [element for element in at.markdown if element.value.startswith("**")]
    explained = {sign for sign, _ in proof._TERMS if any(sign in line.value for line in lines)}
    assert explained >= {"**Settled distance**", "**Shift**", "**Stable states**"}
    for line in lines:
        sign = next((sign for sign, _ in proof._TERMS if sign in line.value), None)
        assert bool(line.help) == (sign is not None)


def test_the_help_of_the_switch_reads_the_right_way_round() -> None:
    # The switch says "No sampling noise": on, every batch is the average one.
    assert "Without sampling noise every batch is the average one" in HELP["noise"]
    assert not re.search(r"\bOff:", " ".join(HELP.values()))


def test_the_section_of_the_theory_is_in_the_link() -> None:
    slugs = [re.sub(r"[^a-z]+", "-", section.title.lower()) for section in theory.SECTIONS]
    assert CHOICES["section"] == ("all", *slugs)
    at = open_shut("pages/4_Theory.py", section="small-noise")
    assert at.selectbox(key="theory_section").value == "Small noise"
    at.selectbox(key="theory_section").select("The loop").run()
    assert dict(at.query_params)["section"] == "the-loop"
