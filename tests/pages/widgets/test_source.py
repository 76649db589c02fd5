"""The source of a run: the list of laws, pasted text, uploads, and what a link cannot carry."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from closedloop_core import Law, LoopParams
from closedloop_core.settings.laws import KINDS, Kind
from pages.ui.session.settings import Settings
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
    at.number_input(key="outcomes").set_value(3).run()
    assert at.session_state["settings"].params.initial == stairs(3)


@pytest.mark.parametrize("kind", KINDS)
def test_every_law_can_be_chosen(kind: str) -> None:
    at = open_page(initial="uniform:300")
    at.selectbox(key="source_kind").select(kind).run()
    assert not at.exception and not at.warning
    law: Law = at.session_state["settings"].params.initial
    assert law == KINDS[kind].make(min(300, KINDS[kind].most))


def test_own_text_becomes_the_source_and_travels_in_the_link() -> None:
    at = open_page()
    at.selectbox(key="source_kind").select("data").run()
    at.text_area(key="pasted").input("the cat and the dog and the <b>bird</b>").run()
    law = settings_of(at).params.initial
    assert law.labels is not None and law.labels[0] == "the"
    again, complaints = Settings.from_query(dict(at.query_params))
    assert again.params.initial == law and not complaints


def test_text_without_words_keeps_the_previous_data() -> None:
    at = open_page()
    at.selectbox(key="source_kind").select("data").run()
    before = settings_of(at).params
    at.text_area(key="pasted").input("1234 !!!").run()
    assert settings_of(at).params == before
    assert "at least 2 different words" in notes(at)
    assert "previous data stay in use" in notes(at)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"\xff\xfe\x00", "UTF-8"),
        ("a.txt", b"   ", "empty"),
        ("a.csv", b"a,1\nb,-2", "count"),
        ("a.csv", b"a,1\nb,many", "count"),
        ("a.csv", b"\n".join(b"w%d,1" % i for i in range(10_001)), "10,000"),
        ("a.txt", b"word " * 1_000_001, "5 MB"),
        ("a.json", b"{", "JSON"),
        ("a.json", b'{"format": "closedloop", "version": 1, "temperature": "x"}', "temperature"),
        ("a.json", b"[1]", "format"),
    ],
)
def test_a_bad_upload_is_one_message_and_loses_nothing(name: str, data: bytes, words: str) -> None:
    at = open_page()
    at.selectbox(key="source_kind").select("data").run()
    before = settings_of(at).params
    at.file_uploader(key="upload").upload(name, data).run()
    assert not at.exception
    assert settings_of(at).params == before
    assert len(at.warning) == 1 and words in notes(at)


def upload_sixty_labels(at: AppTest) -> Law:
    """Load a law of more labels than a link carries."""
    csv = "\n".join(f"word{i},{100 - i}" for i in range(60)).encode()
    at.file_uploader(key="upload").upload("a.csv", csv).run()
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


def test_a_formula_in_a_csv_is_a_label() -> None:
    at = open_page()
    at.selectbox(key="source_kind").select("data").run()
    at.file_uploader(key="upload").upload("a.csv", b"=1+1,3\nb,2").run()
    assert settings_of(at).params.initial == Law.from_csv("=1+1,3\nb,2")
