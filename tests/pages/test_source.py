"""The source of a run: the list of laws that a visitor chooses from."""

import numpy as np
import pytest

from closedloop_core import Law
from closedloop_core.settings.laws import KINDS, Kind
from tests.pages.visit import open_page

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def stairs(n: int) -> Law:
    """Return a law that no table knows."""
    return Law("stairs", (n,), np.arange(n, 0, -1.0))


def test_a_law_that_is_added_to_the_table_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "stairs", Kind(stairs, "stairs", "Stairs", 5, "A law of steps."))
    at = open_page(initial="zipf:12")
    box = at.selectbox(key="source_kind")
    assert box.options[-2:] == ["Stairs", "Own data"]
    box.select("stairs").run()
    assert not at.exception
    assert at.session_state["settings"].params.initial == stairs(5)
    assert at.query_params["initial"] == "stairs:5"
    assert any(caption.value == "A law of steps." for caption in at.caption)
    at.number_input(key="outcomes").set_value(3).run()
    assert at.session_state["settings"].params.initial == stairs(3)


@pytest.mark.parametrize("kind", KINDS)
def test_every_law_can_be_chosen(kind: str) -> None:
    at = open_page(initial="uniform:300")
    at.selectbox(key="source_kind").select(kind).run()
    assert not at.exception and not at.warning
    law: Law = at.session_state["settings"].params.initial
    assert law == KINDS[kind].make(min(300, KINDS[kind].most))
