"""The source of a run: the list of laws, pasted text, uploads, and what a link cannot carry."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from closedloop_core import Law, LoopParams
from closedloop_core.settings.laws import KINDS, Kind
from tests.pages.visit import follow, notes, open_page, settings_of

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
    field = next(box for box in at.text_input if box.label == "Number of outcomes")
    field.set_value("3").run()
    assert at.session_state["settings"].params.initial == stairs(3)


@pytest.mark.parametrize("kind", KINDS)
def test_every_law_can_be_chosen(kind: str) -> None:
    at = open_page(initial="uniform:300")
    at.selectbox(key="source_kind").select(kind).run()
    assert not at.exception and not at.warning
    law: Law = at.session_state["settings"].params.initial
    assert law == KINDS[kind].make(min(300, KINDS[kind].most))


def upload_sixty_labels(at: AppTest) -> Law:
    """Load a law of more labels than a link carries."""
    csv = "\n".join(f"word{i},{100 - i}" for i in range(60)).encode()
    at.file_uploader(key="more_upload").upload("a.csv", csv).run()
    at.button(key="more_use").click().run()
    return settings_of(at).params.initial


def test_a_law_too_large_for_a_link_is_said_and_comes_back_from_its_file() -> None:
    at = open_page()
    at.selectbox(key="source_kind").select("data").run()
    law = upload_sixty_labels(at)
    assert law.n == 60
    assert "link does not carry your data" in at.info[0].value
    opened = open_page(**dict(at.query_params))
    assert "does not carry its data" in notes(opened)
    assert LoopParams.from_dict(settings_of(at).params.to_dict()).initial == law


def test_going_back_to_data_that_no_link_carries_brings_them_back() -> None:
    at = open_page()
    at.selectbox(key="source_kind").select("data").run()
    law, link = upload_sixty_labels(at), dict(at.query_params)
    follow(at, "Heat death")
    at.query_params.clear()
    for name, value in link.items():
        at.query_params[name] = value
    at.run()
    assert settings_of(at).params.initial == law
