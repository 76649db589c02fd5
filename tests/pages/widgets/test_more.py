"""The fold “More” and the drawer of dials."""

import pytest

from closedloop_core import LoopParams
from tests.pages.visit import open_page, open_shut, settings_of

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PHASE_PAGE = "pages/1_Phase_diagram.py"


def test_another_regime_drops_a_growth_it_cannot_have() -> None:
    at = open_page(growth="0.05")
    at.segmented_control(key="regime").set_value("replace").run()
    assert settings_of(at).params == LoopParams(regime="replace")
    assert not at.warning


def test_growth_can_be_switched_on_and_off() -> None:
    at = open_page()
    at.text_input(key="growth_percent").set_value("5.0").run()
    assert settings_of(at).params.growth == 0.05
    at.text_input(key="growth_percent").set_value("0.7").run()  # 0.7 / 100 is another number
    assert dict(at.query_params)["growth"] == "0.007"
    assert at.text_input(key="growth_percent").value == "0.7"
    at.text_input(key="growth_percent").set_value("").run()
    assert settings_of(at).params.growth is None
    assert not at.warning


def test_the_drawer_of_dials_is_the_same_on_every_page() -> None:
    # The audit in a browser opens it on the phase diagram only.
    def held(page: str) -> set[str]:
        kinds = ("button", "selectbox", "text_input", "toggle", "checkbox", "radio", "slider")
        seen = []
        for drawers in (("drawer_dials",), ()):
            at = open_shut(page, drawers)
            seen.append({w.key for kind in kinds for w in at.get(kind) if w.key})
        return seen[0] - seen[1]

    phase = held(PHASE_PAGE)
    assert len(phase) > 3
    for page in ("pages/2_Geometry.py", "pages/4_Theory.py"):
        assert held(page) and held(page) <= phase
