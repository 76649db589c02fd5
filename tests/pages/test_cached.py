"""What is shared between visitors, and what is not."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.testing.v1 import AppTest

from closedloop_core import Law, LoopParams
from pages.ui.images.run import image_loop
from pages.ui.luck.page import TEN
from pages.ui.remembered import is_private, remembered
from pages.ui.session.scenes import SCENES

OWN = Law.from_weights([3, 2, 1], ["a", "b", "c"])


def asks() -> None:
    """Ask a cached function for what is made of two laws; count how often it is computed."""
    import streamlit as st

    from closedloop_core import Law, LoopParams
    from pages.ui.cached import kept

    @st.cache_resource(max_entries=1)
    def made() -> list[str]:
        return []

    @kept(max_entries=4)
    def words(params: LoopParams, sign: str) -> str:
        made().append(sign)
        return sign

    for _ in range(2):
        words(LoopParams(initial=Law.zipf(3)), "shared")
        words(LoopParams(initial=Law.from_weights([3, 2, 1], ["a", "b", "c"])), "own")
    st.session_state["made"] = list(made())


@pytest.mark.parametrize("wrap", [lambda law: law, lambda law: LoopParams(initial=law)])
def test_own_labels_make_a_law_and_its_runs_private(wrap: Callable[[Law], Any]) -> None:
    assert is_private(wrap(OWN))
    assert is_private(wrap(Law.from_weights([3, 2, 1], private=True)))
    assert not is_private(wrap(Law.real_text(10))) and not is_private("a")
    # Numbers alone are nobody's, nor are the labels that pages give themselves.
    assert not is_private(wrap(Law.from_weights([3, 2, 1])))


def test_what_the_pages_begin_with_is_shared() -> None:
    """Else each of a class would have the server run Luck's many runs, and draw the digits."""
    assert not is_private(TEN) and TEN.labels is not None
    own = image_loop(
        LoopParams(initial=Law.from_weights(range(1, 11), [f"w{i}" for i in range(10)]))
    )
    assert not is_private(own) and own.initial.labels is not None
    assert not any(is_private(scene.settings(projector=False).params) for scene in SCENES)


def test_what_is_made_of_own_data_stays_in_its_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    first = AppTest.from_function(asks).run()
    begin: Any = ScriptRunner.__init__

    def begin_another(runner: ScriptRunner, **given: Any) -> None:
        begin(runner, **given | {"session_id": "another visit"})

    monkeypatch.setattr(ScriptRunner, "__init__", begin_another)
    second = AppTest.from_function(asks).run()
    assert not first.exception and not second.exception
    assert first.session_state["made"] == ["shared", "own"]
    assert second.session_state["made"] == ["shared", "own", "own"]


def test_who_asks_for_the_same_at_the_same_time_waits_for_one_computation() -> None:
    begun, go_on, computed = threading.Event(), threading.Event(), []

    @remembered(max_entries=2)
    def slow(number: int) -> int:
        computed.append(number)
        begun.set()
        go_on.wait(30)
        return 2 * number

    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(slow, 4)
        assert begun.wait(30)
        others = [threads.submit(slow, 4) for _ in range(2)]
        go_on.set()
        assert [found.result(30) for found in (first, *others)] == [8, 8, 8]
    assert computed == [4]
